// SPDX-License-Identifier: Apache-2.0
//
// Signed updates for an ESP8266 as attackers leave them: no byte of one may be another one, for all
// of it is signed, and where the signature begins only its last word says.
#include "tamper.h"

#include "esp8266_sign.h"

enum { GZIP_HEADER = 10, GZIP_END = 8, LENGTH = 4, KEY_2048 = 256, KEY_3072 = 384 };

static const char *const by_a[] = {"--key " A, "--require-signed --key " A, NULL};
static const char *const by_c[] = {"--key " C, NULL};

// An update, and another that the same key has signed.
static const struct row {
    const char *file, *donor;
    const char *const *modes;
    size_t signature;
} rows[] = {
    {GOOD "good-signed.bin", "other-signed.bin", by_a, KEY_2048},
    {GOOD "good-gzip-signed.bin", "other-gzip-signed.bin", by_a, KEY_2048},
    {GOOD "good-signed-v1.bin", "other-signed.bin", by_a, KEY_2048},
    {GOOD "good-signed-littlefs.bin", "other-signed.bin", by_a, KEY_2048},
    {GOOD "good-signed-rsa3072.bin", NULL, by_c, KEY_3072},
};

static void make_donor(const char *from, const char *to)
{
    struct image bytes = image_load(from), all = update_signed(&bytes, "rsa2048.pem", RSA_SHA256);
    image_save(&all, to);
    image_free(&bytes);
    image_free(&all);
}

static int begin_all(void **group)
{
    if (sign_begin(group) != 0) {
        return -1;
    }
    make_donor(GOOD "good-arduino-qio.bin", "other-signed.bin");
    make_donor(GOOD "good-gzip-qio.bin", "other-gzip-signed.bin");
    return 0;
}

static void begin(struct subject *s, const struct row *row)
{
    subject_begin(s, row->file, row->donor, row->modes);
    (void)subject_seal_whole(s, &s->im);
    (void)subject_seal_whole(s, &s->donor);
    size_t end = s->im.n - LENGTH - row->signature;
    const size_t edges[] = {1,
                            8,
                            GZIP_HEADER,
                            16,
                            0x1000,
                            end - GZIP_END,
                            end - 16,
                            end - 1,
                            end,
                            end + 1,
                            end + row->signature / 2,
                            s->im.n - LENGTH,
                            s->im.n - 1};
    for (size_t i = 0; i < COUNT(edges); i++) {
        edge_add(s, edges[i]);
    }
}

TEST(bytes)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        tamper_control(&s);
        tamper_all(&s);
        subject_end(&s);
    }
    tamper_count(300);
    complaints_end();
}

// Signature and signed bytes of two updates; one signed again; one in front of the other.
static void join(const struct subject *s, const char *what, const struct image *a, size_t a_n,
                 const struct image *b, size_t b_from)
{
    struct image t = image_fill(0, 0);
    image_append(&t, a->p, a_n);
    image_append(&t, b->p + b_from, b->n - b_from);
    tamper_try(s, &t, "%s", what);
    image_free(&t);
}

TEST(exchanged)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        for (size_t k = 0; k < COUNT(rows); k++) {
            struct image other = image_load(rows[k].file);
            size_t own_end = s.im.n - LENGTH - rows[i].signature;
            size_t end = other.n - LENGTH - rows[k].signature;
            if (k != i) {
                join(&s, "the signature of another update", &s.im, own_end, &other, end);
                join(&s, "its signature behind another update", &other, end, &s.im, own_end);
                join(&s, "its signature behind that of another", &other, other.n, &s.im, own_end);
                join(&s, "another signature behind it", &s.im, s.im.n, &other, end);
                join(&s, "another update before it", &other, end, &s.im, 0);
                join(&s, "another update behind it", &s.im, own_end, &other, 0);
            }
            image_free(&other);
        }
        join(&s, "its signature twice", &s.im, s.im.n, &s.im, s.im.n - LENGTH - rows[i].signature);
        join(&s, "not signed", &s.im, s.im.n - LENGTH - rows[i].signature, &s.im, s.im.n);
        join(&s, "without the length", &s.im, s.im.n - LENGTH, &s.im, s.im.n);
        subject_end(&s);
    }
    tamper_count(100);
    complaints_end();
}

// The length says where the signature begins, and so what is signed.
TEST(lengths)
{
    static const uint32_t lengths[] = {0,   1,   128,     255,        257,        260,
                                       384, 512, 0x10100, 0x80000100, 0xFFFFFFFF, 0xFFFFFEFC};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct subject s;
        begin(&s, &rows[i]);
        for (size_t k = 0; k < COUNT(lengths); k++) {
            struct image t = image_copy(&s.im);
            poke32(&t, t.n - LENGTH, lengths[k]);
            tamper_try(&s, &t, "a signature of 0x%x bytes", (unsigned)lengths[k]);
            image_append(&t, s.im.p + s.im.n - LENGTH, LENGTH);
            tamper_try(&s, &t, "a signature of 0x%x bytes, and the right length behind it",
                       (unsigned)lengths[k]);
            image_free(&t);
        }
        subject_end(&s);
    }
    tamper_count(60);
    complaints_end();
}

// The content of a packed update: another sketch, packed anew, or a second member behind the first.
TEST(content)
{
    struct subject s;
    begin(&s, &rows[1]);
    struct image signature = update_signature(&s.im, KEY_2048),
                 bytes = update_covered(&s.im, KEY_2048);
    struct image sketch = gz_unpack(&bytes);
    for (size_t k = 0; k < 6; k++) {
        struct image changed = image_copy(&sketch), t;
        if (k > 0) {
            changed.p[changed.n - k * 16] ^= 1;
        }
        t = gz_pack(&changed, 9, k % 2 == 0 ? NULL : "x");
        if (k >= 4) { // behind what is there
            image_splice(&t, 0, 0, bytes.p, bytes.n);
        }
        image_append(&t, signature.p, signature.n);
        image_append(&t, "\0\1\0\0", LENGTH);
        tamper_try(&s, &t, "its content packed anew (%zu)", k);
        image_free(&t);
        image_free(&changed);
    }
    image_free(&sketch);
    image_free(&bytes);
    image_free(&signature);
    subject_end(&s);
    tamper_count(5);
    complaints_end();
}

UNIT(tamper_esp8266)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes),
        cmocka_unit_test(exchanged),
        cmocka_unit_test(lengths),
        cmocka_unit_test(content),
    };
    return cmocka_run_group_tests(tests, begin_all, run_end);
}
