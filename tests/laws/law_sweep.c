// SPDX-License-Identifier: Apache-2.0
//
// Damaged copies of every good fixture, through inspect --json: its prefixes, and changes of single
// bytes in its first 512 and last 64 bytes and around the starts of what it holds. Of all these
// mutants an even sample is taken; with OTAPACK_LONG=1 in the environment, each one.
//
// Law, for every mutant: the run ends by itself with status 0, 1 or 2; what it prints at 0 or 1 is
// JSON. And where the damage must be noticed (a prefix that ends inside an image; a byte under a
// hash, an MD5, in the table of a combined image), the status is not 0. What must be noticed is
// worked out here, without otapack's parsers.
#include "run.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(SANITIZED)
enum { SAMPLE = 2000 };
#else
enum { SAMPLE = 6000 };
#endif
enum { RANGES_MOST = 64, HEAD = 512, TAIL = 64, SECTOR = 4096 };
enum { TABLE_AT = 0x8000, ENTRY = 32, RCP_MARK = 0xFF, RCP_ENTRY = 12, ESP8266_HEADER = 8 };
enum { IMAGE_MAGIC = 0xE9, MATTER_MAGIC = 0x1BEEF11E };

// ---- What must be noticed -----------------------------------------------------------------------

// Bytes [from, to): a prefix that ends inside (from < length < to) is noticed where `whole` is set,
// a changed byte is noticed where `guarded` is.
struct range {
    size_t from, to;
    bool whole, guarded;
};

struct ranges {
    struct range of[RANGES_MOST];
    size_t n;
};

static void add(struct ranges *r, size_t from, size_t to, bool whole, bool guarded)
{
    assert_true(r->n < RANGES_MOST && from < to); // otherwise the image is not as expected
    r->of[r->n++] = (struct range){from, to, whole, guarded};
}

static uint32_t word(const struct image *f, size_t at)
{
    return at > f->n || f->n - at < 4 ? 0 : u32_at(f, at);
}

static bool is_at(const struct image *f, size_t at, unsigned first, unsigned second)
{
    return at + 2 <= f->n && f->p[at] == first && f->p[at + 1] == second;
}

// An ESP image at `at`. All of it is under the hash, where it has one; only the byte that says so
// is not: without it the image is one without a hash, and that is a warning.
static void add_esp_image(struct ranges *r, const struct image *f, size_t at)
{
    size_t end = at + AT_FIRST_SEGMENT, flag = at + AT_HASH_APPENDED;
    for (unsigned left = f->p[at + AT_SEGMENT_COUNT]; left > 0; left--) {
        end += 8 + word(f, end + 4);
    }
    end = at + (end - at) / 16 * 16 + 16;
    bool hashed = f->p[flag] == 1;
    end += hashed ? 32 : 0;
    add(r, at, flag, false, hashed);
    add(r, flag + 1, end, false, hashed);
    add(r, at, end, true, false);
}

// A partition table: the entries are under the MD5. It may be cut off between entries (a table
// without an MD5 is a warning) and behind the MD5 (erased flash is cut off).
static void add_partition_table(struct ranges *r, const struct image *f, size_t at, bool alone)
{
    size_t end = at;
    for (; is_at(f, end, 0xAA, 0x50); end += ENTRY) {
        if (alone) {
            add(r, end, end + ENTRY, true, false);
        }
    }
    bool summed = is_at(f, end, 0xEB, 0xEB);
    add(r, at, end, false, summed);
    if (summed) {
        add(r, end + 16, end + ENTRY, false, true);
    }
    if (summed && alone) {
        add(r, end, end + ENTRY, true, false);
    }
}

// A combined image: nothing may be missing; the table, the version and the images are guarded.
static void add_rcp_image(struct ranges *r, const struct image *f)
{
    size_t table = word(f, 4);
    add(r, 0, f->n, true, false);
    add(r, 0, table, false, true);
    for (size_t entry = RCP_ENTRY; entry < table; entry += RCP_ENTRY) {
        uint32_t tag = word(f, entry), size = word(f, entry + 4), at = word(f, entry + 8);
        if (tag == 0) {
            add(r, at, at + size, false, true);
        } else if (tag == 3) {
            add_partition_table(r, f, at, false);
        } else if (tag != 1) {
            add_esp_image(r, f, at);
        }
    }
}

// A merged flash image: cut off before an image or between two, it is one that holds less.
static void add_flash(struct ranges *r, const struct image *f)
{
    size_t boot = 0;
    while (boot < TABLE_AT && f->p[boot] != IMAGE_MAGIC) {
        boot += SECTOR;
    }
    add_esp_image(r, f, boot);
    add_partition_table(r, f, TABLE_AT, false);
    for (size_t entry = TABLE_AT; is_at(f, entry, 0xAA, 0x50); entry += ENTRY) {
        size_t at = word(f, entry + 4);
        if (f->p[entry + 2] == 0 && at < f->n && f->p[at] == IMAGE_MAGIC) {
            add_esp_image(r, f, at);
        }
    }
}

// A Matter image: nothing may be missing; what the header's first bytes say, and the payload, which
// is under the digest, are guarded.
static void add_matter(struct ranges *r, const struct image *f)
{
    size_t structure = 16, payload = structure + word(f, 12);
    add(r, 0, f->n, true, false);
    add(r, 0, structure + 1, false, true);
    add(r, payload, f->n, false, true);
}

// An image of an ESP8266, the first one in its file: what it holds is under its checksum. Cut off
// at its end it is whole, whatever followed.
static void add_esp8266_image(struct ranges *r, const struct image *f)
{
    size_t end = ESP8266_HEADER;
    for (unsigned left = f->p[AT_SEGMENT_COUNT]; left > 0; left--) {
        size_t data = end + 8;
        end = data + word(f, end + 4);
        add(r, data, end, false, true);
    }
    add(r, 0, end / 16 * 16 + 16, true, false);
}

// By what kind of image it is, what must be noticed in it.
static void study(struct ranges *r, const struct image *f, bool esp8266)
{
    r->n = 0;
    if (esp8266 && f->p[0] == IMAGE_MAGIC) {
        add_esp8266_image(r, f);
    } else if (esp8266) {
        // of version 2, or compressed
    } else if (word(f, 0) == MATTER_MAGIC) {
        add_matter(r, f);
    } else if (is_at(f, TABLE_AT, 0xAA, 0x50) && word(f, 0) != RCP_MARK) {
        add_flash(r, f);
    } else if (word(f, 0) == RCP_MARK) {
        add_rcp_image(r, f);
    } else if (f->n > AT_FIRST_SEGMENT && f->p[0] == IMAGE_MAGIC) {
        add_esp_image(r, f, 0);
    } else if (is_at(f, 0, 0xAA, 0x50)) {
        add_partition_table(r, f, 0, true);
    } else if (f->n == (size_t)2 * SECTOR) {
        // OTA data: the second entry belongs to it, even when it is erased.
        add(r, 0, SECTOR + ENTRY, true, false);
    }
}

// ---- Mutants ------------------------------------------------------------------------------------

// A prefix of `at` bytes, or the whole with byte `at` set to `value`.
struct mutant {
    size_t at;
    bool is_prefix;
    uint8_t value;
};

struct mutants {
    struct mutant *of;
    size_t n, room;
};

static bool is_noticed(const struct ranges *r, const struct mutant *m)
{
    bool noticed = m->is_prefix && m->at == 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct range *one = &r->of[i];
        noticed = noticed || (m->is_prefix ? one->whole && one->from < m->at && m->at < one->to
                                           : one->guarded && one->from <= m->at && m->at < one->to);
    }
    return noticed;
}

static void add_mutant(struct mutants *m, struct mutant one)
{
    if (m->n == m->room) {
        m->room = m->room == 0 ? 4096 : m->room * 2;
        m->of = realloc(m->of, m->room * sizeof(*m->of));
        assert_non_null(m->of);
    }
    m->of[m->n++] = one;
}

static void add_prefixes(struct mutants *m, const struct image *f, const struct ranges *r)
{
    size_t step = f->n <= 4096 ? 1 : f->n / 1024;
    for (size_t length = 0; length < f->n; length += length < HEAD ? 1 : step) {
        add_mutant(m, (struct mutant){length, true, 0});
    }
    for (size_t i = 0; i < r->n; i++) { // the edges of what it holds
        const size_t to = r->of[i].to, edges[] = {r->of[i].from + 1, to - 1, to, to + 1};
        for (size_t k = 0; step > 1 && k < COUNT(edges); k++) {
            if (edges[k] < f->n) {
                add_mutant(m, (struct mutant){edges[k], true, 0});
            }
        }
    }
}

static void add_changes(struct mutants *m, const struct image *f, size_t at)
{
    uint8_t was = f->p[at];
    const uint8_t values[] = {was ^ 0x01, was ^ 0x80, was ^ 0xFF, 0x00, 0xFF};
    for (size_t i = 0; i < COUNT(values); i++) {
        bool again = i >= 3 && values[i] == values[2];
        if (values[i] != was && !again) {
            add_mutant(m, (struct mutant){at, false, values[i]});
        }
    }
}

static void add_all_changes(struct mutants *m, const struct image *f, const struct ranges *r)
{
    for (size_t at = 0; at < f->n && at < HEAD; at++) {
        add_changes(m, f, at);
    }
    for (size_t at = f->n > HEAD + TAIL ? f->n - TAIL : HEAD; at < f->n; at++) {
        add_changes(m, f, at);
    }
    for (size_t i = 0; i < r->n; i++) { // the headers of what lies deeper
        for (size_t k = 0; k < 32 && r->of[i].from + k < r->of[i].to; k++) {
            if (r->of[i].from + k >= HEAD) {
                add_changes(m, f, r->of[i].from + k);
            }
        }
    }
}

static struct mutants mutants_of(const struct image *f, const struct ranges *r)
{
    struct mutants m = {NULL, 0, 0};
    add_prefixes(&m, f, r);
    add_all_changes(&m, f, r);
    return m;
}

// ---- Runs ---------------------------------------------------------------------------------------

static size_t statuses[3];

// One file holds all mutants of an image, one by one, under names that say what was done to it: so
// whatever tells the command, tells the mutant.
struct subject {
    const char *name; // fixtures/esp_image/good-....bin
    struct image bytes;
    struct ranges ranges;
    int fd;
    char path[400];
};

static void call_it(struct subject *s, const struct mutant *m)
{
    char path[sizeof(s->path)];
    const char *name = strrchr(s->name, '/') + 1;
    if (m->is_prefix) {
        (void)snprintf(path, sizeof(path), "%s:the-first-%zu-of-%zu", name, m->at, s->bytes.n);
    } else {
        (void)snprintf(path, sizeof(path), "%s:byte-%zu-from-0x%02x-to-0x%02x", name, m->at,
                       s->bytes.p[m->at], m->value);
    }
    assert_int_equal(rename(s->path, path), 0);
    memcpy(s->path, path, sizeof(path));
}

static void judge(const struct subject *s, const struct mutant *m)
{
    const struct run *r = run("inspect --json %s", s->path);
    statuses[r->status]++;
    if (r->status < 2) {
        (void)document();
    }
    // A bootloader's hash is looked at only with Secure Boot: a warning.
    bool silent =
        r->status == 0 && strcmp(text_at(at(document(), "files[0]"), "verdict"), "warn") != 0;
    if (silent && is_noticed(&s->ranges, m)) {
        complain("%s was found good: %s", s->path,
                 m->is_prefix ? "something is missing" : "the change is not noticed");
    }
}

static void look_at_mutant(struct subject *s, const struct mutant *m)
{
    const uint8_t *from = s->bytes.p + m->at;
    size_t n = m->is_prefix ? s->bytes.n - m->at : 1;
    call_it(s, m);
    if (m->is_prefix) {
        assert_int_equal(ftruncate(s->fd, (off_t)m->at), 0);
    } else {
        assert_int_equal(pwrite(s->fd, &m->value, 1, (off_t)m->at), 1);
    }
    judge(s, m);
    assert_int_equal(pwrite(s->fd, from, n, (off_t)m->at), n); // all is as it was
}

static void subject_begin(struct subject *s, const char *name)
{
    *s = (struct subject){.name = name, .bytes = image_load(name)};
    want(s->bytes.n > 0, "%s is empty", name);
    study(&s->ranges, &s->bytes, strstr(name, "/esp8266/") != NULL);
}

static size_t count_mutants(const char *name)
{
    struct subject s;
    subject_begin(&s, name);
    struct mutants m = mutants_of(&s.bytes, &s.ranges);
    free(m.of);
    image_free(&s.bytes);
    return m.n;
}

// Runs `sample` of all the `total` mutants that there are of all files: of this one, its part.
static void sweep(const char *name, size_t sample, size_t total)
{
    struct subject s;
    subject_begin(&s, name);
    struct mutants m = mutants_of(&s.bytes, &s.ranges);
    (void)snprintf(s.path, sizeof(s.path), "mutant");
    image_save(&s.bytes, s.path);
    s.fd = open(s.path, O_WRONLY | O_CLOEXEC);
    assert_true(s.fd >= 0);
    size_t count = (size_t)((uint64_t)m.n * sample / total);
    for (size_t i = 0; i < count; i++) {
        look_at_mutant(&s, &m.of[(uint64_t)i * m.n / count]);
    }
    (void)close(s.fd);
    assert_int_equal(unlink(s.path), 0);
    free(m.of);
    image_free(&s.bytes);
}

TEST(every_good_fixture_damaged)
{
    glob_t found;
    size_t total = 0;
    run_watch();
    assert_int_equal(glob("fixtures/*/good-*.bin", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        total += count_mutants(found.gl_pathv[i]);
    }
    bool all = is_long() || total < SAMPLE;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        sweep(found.gl_pathv[i], all ? total : SAMPLE, total);
    }
    globfree(&found);
    printf("%zu of %zu mutants; status 0: %zu, 1: %zu, 2: %zu\n",
           statuses[0] + statuses[1] + statuses[2], total, statuses[0], statuses[1], statuses[2]);
    complaints_end();
}

UNIT(sweep)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_good_fixture_damaged),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
