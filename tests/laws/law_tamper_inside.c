// SPDX-License-Identifier: Apache-2.0
//
// Signed images inside combined and Matter images, as attackers leave them. What is around the
// signed part nobody signs, by the nature of those formats; so a yes is right whenever the part is
// there, whole, where a device would take it from, and the answer says what it does not cover.
#include "tamper.h"

#include "matter_image.h"
#include "product.h"

#define KEYS "fixtures/keys/"
#define SETTINGS                                                                                   \
    "vendor_id=0xFFF1|product_id=0x8000|software_version=3|software_version_string=1.4.2"
enum { PARTS = 6, HOST = 5, SECTOR = 4096 };

static const char *const rsa_a[] = {
    "--key " KEYS "rsa3072-a.pub.pem", "--require-signed",
    "--key-digest 0b6c9e26aa2e2e16bfb8777019bca17c9a5ff2841d1f5a47f7e5b64a04464023",
    "--trust first-block --key " KEYS "rsa3072-a.pub.pem", NULL};
static const char *const p256_a[] = {
    "--key " KEYS "ecdsa-p256-a.pub.pem", "--require-signed",
    "--key-digest 5f267ac8ea1c0a60578aefae1b5c811772e1f0d702a5c3def729a615a282a3c2", NULL};

// ---- Containers ---------------------------------------------------------------------------------

static void put_word(struct image *to, size_t value)
{
    image_append(to, "\0\0\0", 4);
    poke32(to, to->n - 4, (uint32_t)value);
}

// Of these parts, by their tags; parts without bytes are left out.
static struct image combine(const struct image parts[PARTS])
{
    struct image im = image_fill(0, 0);
    size_t count = 0, at;
    for (size_t i = 0; i < PARTS; i++) {
        count += parts[i].n > 0;
    }
    at = 12 * (count + 1);
    put_word(&im, 255);
    put_word(&im, at);
    put_word(&im, 0);
    for (size_t i = 0; i < PARTS; i++) {
        if (parts[i].n > 0) {
            put_word(&im, i);
            put_word(&im, parts[i].n);
            put_word(&im, at);
            at += parts[i].n;
        }
    }
    for (size_t i = 0; i < PARTS; i++) {
        image_append(&im, parts[i].p, parts[i].n);
    }
    return im;
}

static void take_apart(const struct image *im, struct image parts[PARTS])
{
    for (unsigned i = 0; i < PARTS; i++) {
        parts[i] = rcp_part(im, i);
    }
}

static void free_parts(struct image parts[PARTS])
{
    for (size_t i = 0; i < PARTS; i++) {
        image_free(&parts[i]);
    }
}

// Puts a host into the combined image of the fixtures, and a payload into a Matter image.
static struct image into_combined(const struct subject *s, const struct image *host)
{
    struct image all = image_load("combined.bin"), parts[PARTS];
    (void)s;
    take_apart(&all, parts);
    image_free(&parts[HOST]);
    parts[HOST] = image_copy(host);
    image_free(&all);
    all = combine(parts);
    free_parts(parts);
    return all;
}

static struct image into_matter(const struct subject *s, const struct image *payload)
{
    (void)s;
    return matter_image(payload, SETTINGS);
}

static struct image into_both(const struct subject *s, const struct image *host)
{
    struct image inner = into_combined(s, host), all = into_matter(s, &inner);
    image_free(&inner);
    return all;
}

// ---- The files ----------------------------------------------------------------------------------

// The host of the fixtures with another version, signed by this key, and as it is.
static void make_host(const char *to, const char *version, const char *key)
{
    struct image im = image_load("fixtures/br/demo_br.bin");
    esp_text(&im, AT_VERSION, version, 32);
    image_save(&im, to);
    image_free(&im);
    if (key != NULL) {
        expect(0, "sign -q %s --key " KEYS "%s.pem", to, key);
    }
}

static void make_combined(const char *to, const char *host)
{
    struct image im = image_load(host), all = into_combined(NULL, &im);
    image_save(&all, to);
    image_free(&im);
    image_free(&all);
}

static int begin_all(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    copy_file("fixtures/rcp_image/good-with-signed-host.bin", "combined.bin", 0644);
    struct image all = image_load("combined.bin"), host = rcp_part(&all, HOST);
    image_save(&host, "host.bin");
    struct image matter = into_matter(NULL, &all);
    image_save(&matter, "matter.bin");
    make_host("host-a.bin", "9.9.9", "rsa3072-a");
    make_host("host-b.bin", "9.9.9", "rsa3072-b");
    make_host("host-none.bin", "1.4.2", NULL);
    make_combined("combined-a.bin", "host-a.bin");
    make_combined("combined-b.bin", "host-b.bin");
    image_free(&matter);
    image_free(&host);
    image_free(&all);
    return 0;
}

static void seal_file(struct subject *s, const char *file)
{
    struct image im = image_load(file);
    (void)subject_seal(s, &im, 0);
    image_free(&im);
}

// ---- Bytes --------------------------------------------------------------------------------------

// At the edges of the container, where tables and sizes stay as they were.
static void begin_outer(struct subject *s, const char *file, unsigned inside)
{
    subject_begin(s, file, (inside & IN_MATTER) != 0 ? NULL : "combined-a.bin", rsa_a);
    s->inside = inside;
    s->step = 13;
    seal_file(s, "host.bin");
    seal_file(s, "host-a.bin");
    size_t base = 0;
    if ((inside & IN_MATTER) != 0) {
        base = 16 + (size_t)u32_at(&s->im, 12);
        edge_add(s, 4);
        edge_add(s, 12);
        edge_add(s, 16);
        edge_add(s, base - 1);
    }
    struct image inner = {s->im.p + base, s->im.n - base};
    edges_of_combined(s, &inner, base);
    tamper_control(s);
}

TEST(bytes_of_a_combined_image)
{
    struct subject s;
    begin_outer(&s, "combined.bin", IN_COMBINED);
    tamper_all(&s);
    subject_end(&s);
    begin_outer(&s, "matter.bin", IN_MATTER | IN_COMBINED);
    tamper_all(&s);
    subject_end(&s);
    tamper_count(100);
    complaints_end();
}

TEST(bytes_of_a_matter_image)
{
    struct subject s;
    subject_begin(&s, "fixtures/matter/good-signed.bin", NULL, p256_a);
    size_t base = 16 + (size_t)u32_at(&s.im, 12);
    struct image payload = {s.im.p + base, s.im.n - base};
    s.inside = IN_MATTER;
    (void)subject_seal(&s, &payload, 0);
    edge_add(&s, 4);
    edge_add(&s, 12);
    edge_add(&s, 16);
    edge_add(&s, base);
    edges_of_app(&s, &payload, base);
    tamper_control(&s);
    tamper_all(&s);
    subject_end(&s);
    tamper_count(50);
    complaints_end();
}

// The signed part is what is changed, and all around it is made right again: sizes, offsets,
// digest.
static const struct inner {
    const char *file, *donor;
    const char *const *modes;
    unsigned inside;
    wrap_fn *wrap;
} inners[] = {
    {"host.bin", "host-a.bin", rsa_a, IN_COMBINED, into_combined},
    {"host.bin", "host-a.bin", rsa_a, IN_MATTER | IN_COMBINED, into_both},
    {"fixtures/secure_boot/good-ecdsa-p256.bin", NULL, p256_a, IN_MATTER, into_matter},
};

TEST(bytes_of_the_signed_part)
{
    for (size_t i = 0; i < COUNT(inners); i++) {
        const struct inner *row = &inners[i];
        struct subject s;
        subject_begin(&s, row->file, row->donor, row->modes);
        s.inside = row->inside;
        s.wrap = row->wrap;
        s.step = 13;
        (void)subject_seal(&s, &s.im, 0);
        (void)subject_seal(&s, &s.donor, 0);
        edges_of_app(&s, &s.im, 0);
        tamper_control(&s);
        tamper_all(&s);
        subject_end(&s);
    }
    tamper_count(150);
    complaints_end();
}

// ---- Parts of another container -----------------------------------------------------------------

// Every choice of parts out of two good containers. With the host by another key, or unsigned, it
// is a yes only if the host is the signed one.
TEST(parts_exchanged)
{
    static const char *const others[] = {"combined-a.bin", "combined-b.bin",
                                         "fixtures/rcp_image/good-with-host.bin"};
    for (size_t k = 0; k < COUNT(others); k++) {
        struct image other = image_load(others[k]), one[PARTS], two[PARTS];
        struct subject s;
        subject_begin(&s, "combined.bin", NULL, rsa_a);
        s.inside = IN_COMBINED;
        seal_file(&s, "host.bin");
        seal_file(&s, "host-a.bin");
        take_apart(&s.im, one);
        take_apart(&other, two);
        two[0].p[0] ^= 1; // the text of the version, and a byte of each other part of the RCP
        two[1].p[4] ^= 1;
        two[2].p[two[2].n - 40] ^= 1;
        two[4].p[two[4].n - 40] ^= 1;
        for (size_t choice = 1; choice < 64; choice++) {
            struct image parts[PARTS];
            for (size_t i = 0; i < PARTS; i++) {
                parts[i] = (choice >> i & 1) != 0 ? two[i] : one[i];
            }
            struct image t = combine(parts);
            tamper_try(&s, &t, "parts 0x%zx of %s", choice, others[k]);
            image_free(&t);
        }
        free_parts(one);
        free_parts(two);
        image_free(&other);
        subject_end(&s);
    }
    tamper_count(150);
    complaints_end();
}

// Entries of the table: two hosts, the signed one not the one that counts, one inside the other.
TEST(two_hosts)
{
    struct subject s;
    subject_begin(&s, "combined.bin", NULL, rsa_a);
    s.inside = IN_COMBINED;
    seal_file(&s, "host.bin");
    struct image bad = image_load("host-none.bin");
    size_t host = rcp_entry(&s.im, HOST), others[] = {rcp_entry(&s.im, 0), rcp_entry(&s.im, 4)};
    for (size_t tag = 0; tag < 8; tag++) {
        struct image t = image_copy(&s.im);
        poke32(&t, host, (uint32_t)tag);
        tamper_try(&s, &t, "the host as part %zu", tag);
        poke32(&t, others[tag % 2], HOST);
        tamper_try(&s, &t, "the host as part %zu, and another as the host", tag);
        image_free(&t);
        // One more entry, of an unsigned host at the end, before or behind the signed one's.
        t = image_copy(&s.im);
        uint8_t entry[12] = {(uint8_t)tag};
        size_t table = u32_at(&t, 4), at = tag % 2 == 0 ? host : table;
        image_splice(&t, at, 0, entry, sizeof(entry));
        poke32(&t, 4, (uint32_t)(table + 12));
        for (size_t e = 12; e < table + 12; e += 12) {
            poke32(&t, e + 8, u32_at(&t, e + 8) + 12);
        }
        poke32(&t, at, HOST);
        poke32(&t, at + 4, (uint32_t)bad.n);
        poke32(&t, at + 8, (uint32_t)t.n);
        image_append(&t, bad.p, bad.n);
        tamper_try(&s, &t, "one host more, at 0x%zx", at);
        image_free(&t);
    }
    image_free(&bad);
    subject_end(&s);
    tamper_count(20);
    complaints_end();
}

// Matter: the header of one image around what another has; the signed one behind, or in front of,
// one that is not.
TEST(payloads_exchanged)
{
    static const char *const payloads[] = {"host-none.bin",  "host-a.bin",     "host-b.bin",
                                           "combined-b.bin", "combined-a.bin", "matter.bin"};
    struct subject s;
    subject_begin(&s, "matter.bin", NULL, rsa_a);
    s.inside = IN_MATTER | IN_COMBINED;
    seal_file(&s, "host.bin");
    seal_file(&s, "host-a.bin");
    size_t base = 16 + (size_t)u32_at(&s.im, 12);
    for (size_t i = 0; i < COUNT(payloads) * 4; i++) {
        struct image other = image_load(payloads[i / 4]), payload = image_fill(0, 0);
        if (i % 4 == 3) {
            image_append(&payload, s.im.p + base, s.im.n - base);
        }
        image_append(&payload, other.p, other.n);
        if (i % 4 == 2) {
            image_append(&payload, s.im.p + base, s.im.n - base);
        }
        struct image t = i % 4 == 0 ? image_copy(&s.im) : into_matter(NULL, &payload);
        if (i % 4 == 0) { // with the header of the first one
            image_splice(&t, base, t.n - base, payload.p, payload.n);
            poke32(&t, 4, (uint32_t)t.n);
        }
        struct image part = {payload.p, payload.n};
        s.inside = i / 4 < 3 && i % 4 < 2 ? IN_MATTER : IN_MATTER | IN_COMBINED;
        tamper_try(&s, &t, "payload %s (%zu, %zu bytes)", payloads[i / 4], i % 4, part.n);
        image_free(&t);
        image_free(&payload);
        image_free(&other);
    }
    subject_end(&s);
    tamper_count(15);
    complaints_end();
}

UNIT(tamper_inside)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_a_combined_image),
        cmocka_unit_test(bytes_of_a_matter_image),
        cmocka_unit_test(bytes_of_the_signed_part),
        cmocka_unit_test(parts_exchanged),
        cmocka_unit_test(two_hosts),
        cmocka_unit_test(payloads_exchanged),
    };
    return cmocka_run_group_tests(tests, begin_all, run_end);
}
