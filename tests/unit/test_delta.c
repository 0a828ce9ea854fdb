// SPDX-License-Identifier: Apache-2.0
//
// otapack/delta.h: headers and patches typed by hand; every fault of the applier, by its name;
// readers and writers that fail; what the real tool wrote, and what the component makes of it.
#include "unit.h"

#include <otapack/delta.h>

enum { MADE_MOST = 8192, BASE_SIZE = 16 };

static const uint8_t digest[32] = {1, 2, 3};

// A patch whose stream has literals only.
struct patch {
    uint8_t bytes[512];
    size_t n;
    unsigned left; // bits of the last byte
};

static void put_byte(struct patch *p, unsigned value)
{
    assert_true(p->n < sizeof(p->bytes));
    p->bytes[p->n++] = (uint8_t)value;
}

static void put_bits(struct patch *p, unsigned value, unsigned count)
{
    while (count-- > 0) {
        if (p->left == 0) {
            put_byte(p, 0);
            p->left = 8;
        }
        p->left--;
        p->bytes[p->n - 1] |= (uint8_t)((value >> count & 1) << p->left);
    }
}

static void begin(struct patch *p, unsigned size)
{
    static const uint8_t magic[] = {0x10, 0xDE, 0xCD, 0xFC};
    memset(p, 0, sizeof(*p));
    memcpy(p->bytes, magic, sizeof(magic));
    memcpy(p->bytes + 4, digest, sizeof(digest));
    p->n = 64;
    put_byte(p, 0x04);
    put_byte(p, size);
    put_byte(p, 0x44);
}

static void put_literals(struct patch *p, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_bits(p, 0x100U | bytes[i], 9);
    }
}

struct made {
    uint8_t bytes[MADE_MOST];
    size_t n, room;
};

static bool keep(void *ctx, const uint8_t *bytes, size_t n)
{
    struct made *m = ctx;
    if (n > m->room - m->n) {
        return false;
    }
    memcpy(m->bytes + m->n, bytes, n);
    m->n += n;
    return true;
}

static const uint8_t base[BASE_SIZE] = {10, 11, 12, 13, 14, 15, 16, 17,
                                        18, 19, 20, 21, 22, 23, 24, 25};

static enum otapack_code apply_pieces(const uint8_t *bytes, size_t n, size_t piece,
                                      const struct otapack_source *from, struct made *m,
                                      struct otapack_delta_applier *a)
{
    static struct otapack_delta_hooks hooks; // which outlives the applier
    hooks = (struct otapack_delta_hooks){m, keep, *from, digest};
    m->n = 0;
    otapack_delta_start(a, &hooks);
    for (size_t at = 0; at < n; at += piece) {
        (void)otapack_delta_push(a, bytes + at, n - at < piece ? n - at : piece);
    }
    return otapack_delta_finish(a);
}

static enum otapack_code apply(const struct patch *p, struct made *m,
                               struct otapack_delta_applier *a)
{
    struct otapack_source from = otapack_memory(base, sizeof(base));
    return apply_pieces(p->bytes, p->n, p->n, &from, m, a);
}

// 2 bytes of the base with 1 and 255 added, 1 literal, 4 bytes on, and 1 more of the base.
static const uint8_t stream[] = {0, 2, 1, 255, 1, 99, 4, 1, 0, 0, 0x41};

static void whole(struct patch *p)
{
    begin(p, 4);
    put_literals(p, stream, sizeof(stream));
}

TEST(by_hand)
{
    static const uint8_t wanted[] = {11, 10, 99, 16};
    struct otapack_source from = otapack_memory(base, sizeof(base));
    struct otapack_delta_applier a;
    struct made m = {.room = MADE_MOST};
    struct patch p;
    whole(&p);
    for (size_t piece = 1; piece <= p.n; piece++) {
        assert_int_equal(apply_pieces(p.bytes, p.n, piece, &from, &m, &a), OTAPACK_OK);
        assert_int_equal(m.n, sizeof(wanted));
        assert_memory_equal(m.bytes, wanted, sizeof(wanted));
        assert_true(a.at == p.n && a.size == 4 && a.written == 4);
    }
}

TEST(cut_and_longer)
{
    struct otapack_delta_applier a;
    struct made m = {.room = MADE_MOST};
    struct patch p;
    whole(&p);
    size_t n = p.n;
    for (p.n = 0; p.n < n; p.n++) {
        assert_int_equal(apply(&p, &m, &a), OTAPACK_TRUNCATED);
        assert_string_equal(a.status.field, "end");
        assert_int_equal(a.status.at, p.n);
    }
    p.n = n;
    put_byte(&p, 0xFF);
    assert_int_equal(apply(&p, &m, &a), OTAPACK_OK);
    assert_int_equal(a.at, n);
}

// A byte before the stream that is another one.
static const struct changed {
    size_t at;
    uint8_t value;
    enum otapack_code code;
    const char *field;
} changes[] = {
    {0, 0x11, OTAPACK_NOT_THIS, "magic"},
    {3, 0, OTAPACK_NOT_THIS, "magic"},
    {4, 0, OTAPACK_MISMATCH, "base_sha256"},
    {35, 1, OTAPACK_MISMATCH, "base_sha256"},
    {36, 1, OTAPACK_OK, ""},
    {63, 1, OTAPACK_OK, ""},
    {64, 0x84, OTAPACK_OK, ""},
    {64, 0x14, OTAPACK_FORBIDDEN, "kind"},
    {64, 0x00, OTAPACK_FORBIDDEN, "compression"},
    {64, 0x05, OTAPACK_FORBIDDEN, "compression"},
    {65, 0x44, OTAPACK_OK, ""},
    {66, 0x34, OTAPACK_FORBIDDEN, "window"},
    {66, 0x54, OTAPACK_FORBIDDEN, "window"},
    {66, 0x45, OTAPACK_FORBIDDEN, "lookahead"},
};

TEST(changed_headers)
{
    struct otapack_delta_applier a;
    struct made m = {.room = MADE_MOST};
    struct patch p;
    for (size_t i = 0; i < COUNT(changes); i++) {
        const struct changed *c = &changes[i];
        struct otapack_delta d;
        whole(&p);
        p.bytes[c->at] = c->value;
        assert_int_equal(apply(&p, &m, &a), c->code);
        assert_string_equal(a.status.field, c->field);
        struct otapack_source src = otapack_memory(p.bytes, p.n);
        struct otapack_status s = otapack_delta_open(&src, &d);
        s = s.code == OTAPACK_OK ? otapack_delta_check(&d) : s;
        assert_int_equal(s.code, c->code == OTAPACK_MISMATCH ? OTAPACK_OK : c->code);
    }
}

// Streams that a device refuses, of a new app of 4 bytes.
static const struct refused {
    const char *field;
    size_t n;
    uint8_t bytes[16];
} refuses[] = {
    {"zero", 1, {1}},
    {"diff_size", 2, {0, 5}},
    {"diff_size", 2, {0, 0x41}},
    {"extra_size", 4, {0, 1, 0, 4}},
    {"extra_size", 4, {0, 1, 0, 0x42}},
    {"number", 5, {0, 0x80, 0x80, 0x80, 0x80}},
    {"base", 6, {0, 0, 0, 0x41, 1, 7}},
    {"base", 6, {0, 0, 0, 15, 2, 7}},
};

TEST(refused_streams)
{
    struct otapack_delta_applier a;
    struct made m = {.room = MADE_MOST};
    struct patch p;
    for (size_t i = 0; i < COUNT(refuses); i++) {
        begin(&p, 4);
        put_literals(&p, refuses[i].bytes, refuses[i].n);
        put_literals(&p, refuses[i].bytes, 5);
        put_bits(&p, 0, 16);
        assert_int_equal(apply(&p, &m, &a), OTAPACK_FORBIDDEN);
        assert_string_equal(a.status.field, refuses[i].field);
        assert_int_equal(otapack_delta_push(&a, p.bytes, 1), OTAPACK_FORBIDDEN);
    }
}

// Zeros stand before the first byte; a distance of 256 goes round; a reference ends with the patch.
TEST(references)
{
    struct otapack_delta_applier a;
    struct made m = {.room = MADE_MOST};
    struct patch p;
    begin(&p, 4);
    put_bits(&p, 255U << 7 | 1, 16); // 0, 0: from 256 bytes back
    put_literals(&p, (const uint8_t[]){4, 7}, 2);
    put_bits(&p, 0 << 7 | 2, 16);              // 7, 7, 7
    put_literals(&p, (const uint8_t[]){0}, 1); // the seek
    assert_int_equal(apply(&p, &m, &a), OTAPACK_OK);
    assert_memory_equal(m.bytes, ((const uint8_t[]){7, 7, 7, 7}), 4);
    begin(&p, 4);
    put_literals(&p, (const uint8_t[]){0, 0, 4, 0, 0, 0}, 6);
    put_bits(&p, 0 << 7 | 1, 16); // the last literal, and the seek
    assert_int_equal(apply(&p, &m, &a), OTAPACK_OK);
    begin(&p, 4);
    put_literals(&p, (const uint8_t[]){0, 0, 4, 0, 0, 0}, 6);
    put_bits(&p, 0 << 7 | 2, 16); // and one more, which nobody takes
    assert_int_equal(apply(&p, &m, &a), OTAPACK_FORBIDDEN);
    assert_string_equal(a.status.field, "count");
}

TEST(an_empty_app)
{
    struct otapack_delta_applier a;
    struct made m = {.room = MADE_MOST};
    struct otapack_delta d;
    struct patch p;
    begin(&p, 0);
    p.n--;
    assert_int_equal(apply(&p, &m, &a), OTAPACK_OK);
    struct otapack_source src = otapack_memory(p.bytes, p.n);
    assert_good(otapack_delta_open(&src, &d));
    assert_good(otapack_delta_check(&d));
    assert_int_equal(d.stream_at, 66);
}

TEST(callers_that_say_no)
{
    struct reading r = {.size = BASE_SIZE, .fail_at = 1};
    struct otapack_source from = reading_source(&r);
    struct otapack_delta_applier a;
    struct made m = {.room = 1};
    struct patch p;
    whole(&p);
    assert_int_equal(apply(&p, &m, &a), OTAPACK_REFUSED);
    assert_string_equal(a.status.field, "write");
    assert_int_equal(apply_pieces(p.bytes, p.n, 7, &from, &m, &a), OTAPACK_READ_FAILED);
    assert_string_equal(a.status.field, "base");
}

TEST(numbers)
{
    static const uint32_t values[] = {
        0, 1, 63, 64, 8191, 8192, 1U << 20, (1U << 20) - 1, OTAPACK_DELTA_MAX_NUMBER};
    for (size_t i = 0; i < 2 * COUNT(values); i++) {
        struct otapack_delta_number number = {0, false, 0};
        uint8_t bytes[OTAPACK_DELTA_NUMBER_SIZE];
        bool negative = i % 2 != 0;
        size_t n = otapack_delta_put_number(values[i / 2], negative, bytes);
        for (size_t k = 0; k < n; k++) {
            assert_int_equal(otapack_delta_number_(&number, bytes[k]),
                             k + 1 < n ? OTAPACK_TRUNCATED : OTAPACK_OK);
        }
        assert_true(number.value == values[i / 2] && number.negative == negative);
    }
}

TEST(every_prefix)
{
    struct otapack_delta d;
    struct patch p;
    uint8_t written[OTAPACK_DELTA_HEADER_SIZE];
    whole(&p);
    for (size_t n = 0; n < 67; n++) {
        struct otapack_source src = otapack_memory(p.bytes, n);
        assert_int_equal(otapack_delta_open(&src, &d).code, OTAPACK_TRUNCATED);
    }
    struct otapack_source src = otapack_memory(p.bytes, 67);
    assert_good(otapack_delta_open(&src, &d));
    assert_true(d.size == 4 && d.stream_at == 67 && d.type == 4 && d.heatshrink == 0x44);
    assert_int_equal(otapack_delta_write(&d, written), 67);
    assert_memory_equal(written, p.bytes, 67);
    memset(p.bytes + 65, 0x80, 8);
    src = otapack_memory(p.bytes, p.n);
    assert_status(otapack_delta_open(&src, &d), OTAPACK_FORBIDDEN, "size", 65);
}

// ---- What the real tool wrote -------------------------------------------------------------------

static size_t load(const char *name, uint8_t *to, size_t most)
{
    char path[512];
    const char *vectors = getenv("OTAPACK_VECTORS");
    (void)snprintf(path, sizeof(path), "%s/delta/%s", vectors == NULL ? "" : vectors, name);
    FILE *f = vectors == NULL ? NULL : fopen(path, "rb");
    size_t n = f == NULL ? 0 : fread(to, 1, most, f);
    if (f != NULL) {
        (void)fclose(f);
    }
    return n;
}

// What detools, built as the component builds it, says of these.
static const struct real {
    const char *patch, *base, *made;
    bool taken;
} reals[] = {
    {"few-bytes-esp32c6", "base-esp32c6", "new-esp32c6", true},
    {"same-esp32c6", "base-esp32c6", "base-esp32c6", true},
    {"insertion-esp32s3", "base-esp32s3", "new-esp32s3", true},
    {"smaller-esp32s3", "base-esp32s3", "new-esp32s3-smaller", true},
    {"all-other-esp32h2", "base-esp32h2", "new-esp32h2-all-other", true},
    {"other-chip-esp32c6-to-esp32h2", "base-esp32c6", "base-esp32h2", true},
    {"good-literals-only", "base-esp32c6", "new-esp32c6", true},
    {"bad-digest", "base-esp32c6", "new-esp32c6", true},
    {"bad-reserved", "base-esp32c6", "new-esp32c6", true},
    {"bad-type-bit7", "base-esp32c6", "new-esp32c6", true},
    {"bad-size-negative", "base-esp32c6", "new-esp32c6", true},
    {"bad-trailing-ff", "base-esp32c6", "new-esp32c6", true},
    {"bad-compression-0", "base-esp32c6", NULL, false},
    {"bad-compression-2", "base-esp32c6", NULL, false},
    {"bad-compression-5", "base-esp32c6", NULL, false},
    {"bad-heatshrink-window-9", "base-esp32c6", NULL, false},
    {"bad-heatshrink-lookahead-8", "base-esp32c6", NULL, false},
    {"bad-size-larger", "base-esp32c6", NULL, false},
    {"bad-size-smaller", "base-esp32c6", NULL, false},
    {"bad-cut-last-10", "base-esp32c6", NULL, false},
    {"bad-cut-1", "base-esp32c6", NULL, false},
    {"bad-cut-in-header", "base-esp32c6", NULL, false},
    {"bad-bit-in-stream", "base-esp32c6", NULL, false},
    {"bad-no-last-adjustment", "base-esp32c6", NULL, false},
    {"bad-cut-last-literal", "base-esp32c6", NULL, false},
};

static void applies_as_the_device(const struct real *r)
{
    static uint8_t patch[8192], from[8192], wanted[8192];
    static struct made m = {.room = MADE_MOST};
    char name[128];
    struct otapack_delta_applier a;
    (void)snprintf(name, sizeof(name), "%s.patch", r->patch);
    size_t n = load(name, patch, sizeof(patch));
    (void)snprintf(name, sizeof(name), "%s.bin", r->base);
    size_t base_n = load(name, from, sizeof(from));
    m.n = 0;
    m.room = sizeof(m.bytes);
    struct otapack_delta_hooks hooks = {&m, keep, otapack_memory(from, base_n), NULL};
    otapack_delta_start(&a, &hooks);
    (void)otapack_delta_push(&a, patch, n);
    assert_int_equal(otapack_delta_finish(&a) == OTAPACK_OK, r->taken && n > 0);
    if (r->taken) {
        (void)snprintf(name, sizeof(name), "%s.bin", r->made);
        assert_int_equal(load(name, wanted, sizeof(wanted)), m.n);
        assert_memory_equal(m.bytes, wanted, m.n);
    }
}

TEST(what_the_tool_wrote)
{
    uint8_t byte;
    if (load("table.tsv", &byte, 1) == 0) {
        printf("skipped: no delta patches: OTAPACK_VECTORS has no delta\n");
        return;
    }
    for (size_t i = 0; i < COUNT(reals); i++) {
        applies_as_the_device(&reals[i]);
    }
}

UNIT(delta)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(cut_and_longer),
        cmocka_unit_test(changed_headers),
        cmocka_unit_test(refused_streams),
        cmocka_unit_test(references),
        cmocka_unit_test(an_empty_app),
        cmocka_unit_test(callers_that_say_no),
        cmocka_unit_test(numbers),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(what_the_tool_wrote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
