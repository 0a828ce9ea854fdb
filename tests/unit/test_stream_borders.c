// SPDX-License-Identifier: Apache-2.0
//
// Files that end around 4 GiB, where a size has no bit left: whole and cut, announced rightly,
// wrongly and not at all. What fills them up is a hole. FINISHED means whole, as stream_run.h has
// it; the parsers of whole files agree each time.
#include "stream_build.h"
#include "stream_files.h"

static const uint64_t ends[] = {0x80000001, 0xFFFFFFFE, 0xFFFFFFFF, 0x100000000, 0x100000001};

static uint8_t kept[2 * MADE_ROOM];

// What was put together, with zeros at `at` of it until it has `size` bytes.
static struct sparse with_hole(struct made *m, size_t at, uint64_t size)
{
    struct sparse f = {kept, m->n, at, size - m->n};
    assert_true(m->n <= sizeof(kept));
    memcpy(kept, m->bytes, m->n);
    free(m->bytes);
    return f;
}

// ---- Apps ---------------------------------------------------------------------------------------

static struct sparse app_with_more_behind(uint64_t size)
{
    struct made m = make_app(&(struct image_parts){.chip = H2});
    return with_hole(&m, m.n, size);
}

// A segment that is as long as that, and its checksum, which zeros do not change. Its size is a
// multiple of 16.
static struct made long_app(uint64_t size)
{
    struct made m = make_app(&(struct image_parts){.chip = H2, .no_hash = true, .data_len = 272});
    otapack_put_le32(m.bytes + 28, (uint32_t)(size - m.n + 272));
    return m;
}

static struct sparse app_of_a_long_segment(uint64_t size)
{
    struct made m = long_app(size & ~UINT64_C(15));
    put_fill(&m, 0xFF, size % 16);
    return with_hole(&m, 32 + 272, size);
}

// The sector of signatures is the last one.
static struct sparse app_with_signatures(uint64_t size)
{
    uint64_t sector = (size & ~UINT64_C(4095)) - OTAPACK_SB_SECTOR_SIZE;
    struct made m = long_app(sector);
    static uint8_t block[OTAPACK_SB_BLOCK_SIZE] = {OTAPACK_SB_MAGIC, 3, 0, 0};
    block[36] = 2;
    put(&m, block, sizeof(block));
    put_fill(&m, 0xFF, OTAPACK_SB_SECTOR_SIZE - sizeof(block) + (size & 4095));
    return with_hole(&m, 32 + 272, size);
}

// ---- Combined images ----------------------------------------------------------------------------

// The first `count` parts of a kit; the last is as long as that, with zeros behind what it is.
static struct made combined_until(uint64_t size, size_t count)
{
    struct kit k = kit_new();
    if (count < PARTS) { // beside the last, nothing has room in 4 GiB of flash
        k.parts[1].n = 8;
    }
    struct made m = make_combined(k.parts, count);
    uint8_t *entry = m.bytes + count * OTAPACK_RCP_ENTRY_SIZE;
    otapack_put_le32(entry + 4, (uint32_t)(size - otapack_le32(entry + 8)));
    kit_free(&k);
    return m;
}

static struct sparse combined(uint64_t size, size_t count)
{
    struct made m = combined_until(size, count);
    return with_hole(&m, m.n, size);
}

static struct sparse that_ends_with_a_bootloader(uint64_t size)
{
    return combined(size, 3);
}

static struct sparse that_ends_with_a_table(uint64_t size)
{
    return combined(size, 4);
}

static struct sparse that_ends_with_firmware(uint64_t size)
{
    return combined(size, 5);
}

static struct sparse that_ends_with_a_host(uint64_t size)
{
    return combined(size, 6);
}

// ---- Matter images ------------------------------------------------------------------------------

// A header that says that there are `size` bytes in all.
static struct made matter_header(uint64_t size)
{
    static const uint8_t digest[32] = {0};
    struct header_parts h = header_parts();
    struct made m = made_new(MADE_ROOM);
    h.texts.image_digest = digest;
    h.m.payload_size = size - 128;
    m.n = otapack_matter_write(&h.m, &h.texts, m.bytes, m.room);
    h.m.payload_size = size - m.n;
    assert_int_equal(otapack_matter_write(&h.m, &h.texts, m.bytes, m.room), m.n);
    return m;
}

static struct sparse matter_around(uint64_t size, size_t parts)
{
    struct made m = matter_header(size);
    struct made payload = parts == 0 ? make_app(&(struct image_parts){.chip = H2})
                                     : combined_until(size - m.n, parts);
    put(&m, payload.bytes, payload.n);
    free(payload.bytes);
    return with_hole(&m, m.n, size);
}

static struct sparse matter_around_an_app(uint64_t size)
{
    return matter_around(size, 0);
}

static struct sparse matter_around_an_rcp(uint64_t size)
{
    return matter_around(size, 5);
}

static struct sparse matter_around_both(uint64_t size)
{
    return matter_around(size, 6);
}

// ---- What they are told -------------------------------------------------------------------------

static const struct shape {
    const char *name;
    struct sparse (*make)(uint64_t size);
    bool says_size; // itself: it is not whole without its last byte
} shapes[] = {
    {"app with more behind", app_with_more_behind, false},
    {"app of a long segment", app_of_a_long_segment, false},
    {"app with signatures", app_with_signatures, false},
    {"bootloader last", that_ends_with_a_bootloader, true},
    {"table last", that_ends_with_a_table, true},
    {"firmware last", that_ends_with_firmware, true},
    {"host last", that_ends_with_a_host, true},
    {"matter, app", matter_around_an_app, true},
    {"matter, rcp", matter_around_an_rcp, true},
    {"matter, both", matter_around_both, true},
};

static struct run run;

static enum otapack_code outcome_of(const char *name, const struct sparse *f, const struct how *how)
{
    run_sparse(&run, f, how);
    if (run.broken != NULL) {
        complain(name, how, run.broken);
        told_print("the stream", &run.list, run.outcome);
        fail();
    }
    return run.outcome.code;
}

// Not announced, or as what it is: like the parsers. Else never.
static void try_sizes(const char *name, struct sparse *f)
{
    static struct oracle o;
    uint64_t size = sparse_size(f);
    const uint64_t said[] = {0, 1, size - 1, size + 1, 0xFFFFFFFE, 0xFFFFFFFF, 0x100000000};
    for (int announced = 0; announced < 2; announced++) {
        struct how how = {.announced = size, .unannounced = announced == 0};
        enum otapack_code code = outcome_of(name, f, &how);
        run_oracle_sparse(&o, f, announced != 0, 0);
        const char *wrong = differs(&o, &run.list, run.outcome);
        if (wrong != NULL) {
            complain(name, &how, wrong);
            told_print("the stream", &run.list, run.outcome);
            told_print("the parsers", &o.list, o.outcome);
            fail();
        }
        assert_true(code != OTAPACK_OK || size <= UINT32_MAX);
    }
    for (size_t i = 0; i < COUNT(said); i++) {
        struct how how = {.announced = said[i]};
        enum otapack_code code = outcome_of(name, f, &how);
        assert_true(said[i] == size || code != OTAPACK_OK);
    }
}

static enum otapack_code unannounced(const char *name, const struct sparse *f)
{
    static const struct how how = {.unannounced = true};
    return outcome_of(name, f, &how);
}

TEST(around_4_gib)
{
    for (size_t i = 0; i < COUNT(shapes) * COUNT(ends); i++) {
        const struct shape *shape = &shapes[i / COUNT(ends)];
        uint64_t end = ends[i % COUNT(ends)];
        struct sparse f = shape->make(end);
        try_sizes(shape->name, &f);
        if ((unannounced(shape->name, &f) == OTAPACK_OK) != (end <= UINT32_MAX)) {
            fail_msg("%s, %" PRIu64 " bytes: %s", shape->name, end, run.outcome.field);
        }
    }
}

// The last byte is missing, a sector, most of the hole, all of it; and the same with a byte more.
TEST(around_4_gib_and_cut)
{
    for (size_t i = 0; i < COUNT(shapes) * COUNT(ends); i++) {
        const struct shape *shape = &shapes[i / COUNT(ends)];
        struct sparse f = shape->make(ends[i % COUNT(ends)]);
        const uint64_t hole = f.hole;
        const uint64_t missing[] = {1, 2, 4096, hole - 1, hole, 0x7FFFFFFF};
        for (size_t k = 0; k < COUNT(missing) && missing[k] <= hole; k++) {
            f.hole = hole - missing[k];
            try_sizes(shape->name, &f);
            if (shape->says_size) {
                assert_int_not_equal(unannounced(shape->name, &f), OTAPACK_OK);
            }
        }
        f.hole = hole + 1;
        try_sizes(shape->name, &f);
        if (shape->says_size) {
            assert_int_not_equal(unannounced(shape->name, &f), OTAPACK_OK);
        }
    }
}

// Behind the hole, every byte of what is there may be the last.
TEST(around_4_gib_and_cut_behind_the_hole)
{
    static const size_t step = 7;
    for (size_t i = 0; i < 3 * COUNT(ends); i++) {
        const struct shape *shape = &shapes[i / COUNT(ends)];
        struct sparse f = shape->make(ends[i % COUNT(ends)]);
        for (; f.n > f.hole_at; f.n -= f.n - f.hole_at < step ? 1 : step) {
            try_sizes(shape->name, &f);
        }
    }
}

// How zeros pass that nobody holds is how those pass that are there.
TEST(a_hole_is_zeros)
{
    static struct run whole;
    static uint8_t bytes[2 * MADE_ROOM];
    for (size_t i = 0; i < COUNT(shapes); i++) {
        struct sparse f = shapes[i].make(60 * 1024 + 5);
        struct how how = {.unannounced = true};
        for (uint64_t at = 0; at < sparse_size(&f); at++) {
            bytes[at] = sparse_at(&f, at);
        }
        assert_int_equal(outcome_of(shapes[i].name, &f, &how), OTAPACK_OK);
        run_stream(&whole, bytes, (size_t)sparse_size(&f), &how);
        assert_null(whole.broken);
        assert_true(told_all_same(&run.list, &whole.list));
    }
}

// ---- What is announced --------------------------------------------------------------------------

// Neither do 4 GiB too many mean none, nor a size that comes too late.
TEST(a_size_that_no_file_has)
{
    struct made m = make_app(&(struct image_parts){.chip = H2});
    struct sparse f = sparse_plain(m.bytes, m.n);
    const uint64_t sizes[] = {m.n + 0x100000000, 0x100000000, UINT64_MAX};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct how how = {.announced = sizes[i]};
        assert_int_equal(outcome_of("app", &f, &how), OTAPACK_FORBIDDEN);
        assert_string_equal(run.outcome.field, "file_size");
        assert_int_equal(run.calls, 1); // ERROR
    }
    free(m.bytes);
}

TEST(a_size_that_comes_too_late)
{
    struct made m = make_app(&(struct image_parts){.chip = H2});
    const struct how how = {.unannounced = true};
    run_stream(&run, m.bytes, 0, &how);
    otapack_stream_start(&run.stream, &run.hooks);
    run.over = false;
    run.file = sparse_plain(m.bytes, m.n);
    assert_int_equal(otapack_stream_push(&run.stream, m.bytes, m.n), OTAPACK_OK);
    assert_int_equal(otapack_stream_announce(&run.stream, m.n), OTAPACK_FORBIDDEN);
    assert_int_equal(otapack_stream_finish(&run.stream), OTAPACK_FORBIDDEN);
    free(m.bytes);
}

UNIT(stream_borders)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(around_4_gib),
        cmocka_unit_test(around_4_gib_and_cut),
        cmocka_unit_test(around_4_gib_and_cut_behind_the_hole),
        cmocka_unit_test(a_hole_is_zeros),
        cmocka_unit_test(a_size_that_no_file_has),
        cmocka_unit_test(a_size_that_comes_too_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
