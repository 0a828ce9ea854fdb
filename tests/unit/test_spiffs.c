// SPDX-License-Identifier: Apache-2.0
//
// otapack/spiffs.h: every size of blocks and pages with both kinds of magic numbers, blocks without
// one, files that are cut off or longer, what looks like one and is not, reads that fail.
#include "unit.h"

#include <otapack/spiffs.h>

enum { MOST_BLOCKS = 6, MOST = MOST_BLOCKS << OTAPACK_SPIFFS_MAX_BLOCK_BITS };

static uint8_t image[MOST];

// A file system to write down.
struct spiffs {
    uint32_t page, block, blocks;
    bool counted;
    unsigned without; // bit for each block that has no magic number
};

static uint32_t lookup_pages(const struct spiffs *s)
{
    uint32_t bytes = s->block / s->page * 2;
    return bytes < s->page ? 1 : bytes / s->page;
}

static uint32_t magic_at(const struct spiffs *s)
{
    return lookup_pages(s) * s->page - 4;
}

static uint32_t entries(const struct spiffs *s)
{
    return s->block / s->page - lookup_pages(s);
}

static void put16(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

// All pages free; returns the bytes.
static size_t build(const struct spiffs *s)
{
    size_t n = (size_t)s->block * s->blocks;
    memset(image, 0xFF, sizeof(image));
    for (uint32_t i = 0; i < s->blocks; i++) {
        uint32_t magic = 0x0529 ^ s->page ^ (s->counted ? s->blocks - i : 0);
        if ((s->without >> i & 1) == 0) {
            put16(image + (size_t)i * s->block + magic_at(s), magic);
        }
    }
    return n;
}

static struct otapack_status open_bytes(size_t n, struct otapack_spiffs *fs)
{
    struct otapack_source src = otapack_memory(image, n);
    return otapack_spiffs_open(&src, fs);
}

static void assert_none(size_t n)
{
    struct otapack_spiffs fs;
    assert_int_equal(open_bytes(n, &fs).code, OTAPACK_NOT_THIS);
}

static void assert_is(const struct spiffs *s, size_t n)
{
    struct otapack_spiffs fs;
    assert_good(open_bytes(n, &fs));
    assert_int_equal(fs.page_size, s->page);
    assert_int_equal(fs.block_size, s->block);
    assert_int_equal(fs.block_count, s->blocks);
    assert_int_equal(fs.counted, s->counted);
    assert_int_equal(fs.magic_at, magic_at(s));
    assert_int_equal(fs.unerased, s->without != 0);
    assert_int_equal(otapack_spiffs_size(&fs), (uint64_t)s->block * s->blocks);
}

// ---- Sizes --------------------------------------------------------------------------------------

// Is there a place for the magic number? Not where the entries fill the lookup page.
static bool has_room(const struct spiffs *s)
{
    return entries(s) * 2 <= magic_at(s);
}

// True where there is room for it.
static bool is_found(const struct spiffs *s)
{
    size_t n = build(s);
    if (has_room(s)) {
        assert_is(s, n);
        return true;
    }
    assert_none(n);
    return false;
}

TEST(every_size)
{
    unsigned with = 0;
    for (uint32_t block = 4096; block <= 65536; block *= 2) {
        for (uint32_t page = 128; page <= 2048; page *= 2) {
            const struct spiffs plain = {page, block, 3, false, 0};
            const struct spiffs counted = {page, block, 3, true, 0};
            with += is_found(&plain);
            with += is_found(&counted);
        }
    }
    assert_int_equal(with, 46); // of 50
}

TEST(sizes_next_to_these)
{
    static const struct spiffs others[] = {
        {4096, 65536, 5, true, 0}, {256, 2048, 5, true, 0}, {256, 131072, 3, true, 0}};
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_none(build(&others[i]));
    }
}

TEST(too_few_blocks)
{
    struct otapack_spiffs fs;
    for (int counted = 0; counted < 2; counted++) {
        struct spiffs s = {256, 4096, 2, counted != 0, 0};
        assert_none(build(&s));
        s.blocks = 1;
        struct otapack_status status = open_bytes(build(&s), &fs);
        assert_status(status, OTAPACK_TRUNCATED, "magic", 0);
        assert_int_equal(status.value, 8192);
        assert_int_equal(status.limit, 4096);
    }
}

// ---- Blocks without -----------------------------------------------------------------------------

TEST(one_without)
{
    for (uint32_t blocks = 3; blocks <= MOST_BLOCKS; blocks++) {
        for (uint32_t i = 0; i < blocks; i++) {
            struct spiffs s = {256, 4096, blocks, true, 1u << i};
            assert_is(&s, build(&s));
            s.counted = false;
            size_t n = build(&s);
            if (i + 1 < blocks) {
                assert_is(&s, n);
            } else if (blocks > 3) { // nothing tells the last one from what follows
                s.blocks--;
                s.without = 0;
                assert_is(&s, n);
            } else {
                assert_none(n);
            }
        }
    }
}

TEST(two_without)
{
    for (uint32_t i = 0; i < 5; i++) {
        for (uint32_t k = i + 1; k < 5; k++) {
            struct spiffs s = {256, 4096, 5, true, 1u << i | 1u << k};
            assert_none(build(&s));
        }
    }
    struct spiffs first_two = {256, 4096, 5, false, 3}, apart = {256, 4096, 6, false, 9};
    assert_none(build(&first_two));
    assert_is(&(struct spiffs){256, 4096, 3, false, 1}, build(&apart));
}

// Every second block is what blocks of twice the size look like.
TEST(blocks_of_twice_the_size)
{
    struct spiffs s = {256, 8192, 5, false, 0};
    assert_is(&s, build(&s));
    s.without = 1u << 2;
    assert_is(&s, build(&s));
}

// ---- Shorter and longer -------------------------------------------------------------------------

TEST(cut_off)
{
    struct spiffs s = {256, 4096, 6, true, 0};
    struct otapack_spiffs fs;
    for (uint32_t there = 2; there <= 6; there++) {
        size_t n = build(&s) - (size_t)(6 - there) * 4096;
        if (there < 4) { // too few to know it by
            assert_none(n);
            continue;
        }
        assert_is(&s, n);
        assert_good(open_bytes(n, &fs));
        assert_int_equal(fs.present, there);
        assert_int_equal(fs.pages, there * 15);
    }
    s.without = 2;
    assert_none(build(&s) - 8192);
    (void)build(&s);
    assert_is(&s, 5 * 4096);
    s.without = 0;
    s.counted = false;
    (void)build(&s);
    assert_good(open_bytes(5 * 4096 - 1, &fs));
    assert_int_equal(fs.block_count, 4);
}

TEST(followed)
{
    for (int counted = 0; counted < 2; counted++) {
        struct spiffs s = {256, 4096, 3, counted != 0, 0};
        size_t n = build(&s);
        assert_is(&s, n + 1);
        assert_is(&s, n + 4096);
        assert_is(&s, n + 20000);
    }
}

// ---- Entries ------------------------------------------------------------------------------------

TEST(counted_pages)
{
    for (int counted = 0; counted < 2; counted++) {
        struct spiffs s = {256, 8192, 4, counted != 0, 2};
        struct otapack_spiffs fs;
        size_t n = build(&s);
        put16(image, 0x8001);
        put16(image + 2, 0x0001);
        put16(image + 4, 0x0000);
        put16(image + 2 * 30, 0x0001);
        put16(image + 2 * 31, 0x0001); // behind the last entry
        put16(image + 8192, 0x0001);   // of the block that is being erased
        put16(image + 3 * 8192, 0x7FFF);
        assert_good(open_bytes(n, &fs));
        assert_int_equal(fs.pages, 3 * 31);
        assert_int_equal(fs.used_pages, 4);
        assert_int_equal(fs.deleted_pages, 1);
        assert_int_equal(fs.present, 4);
    }
}

// ---- What is none -------------------------------------------------------------------------------

TEST(patterns)
{
    static const uint32_t values[] = {0, 0xFFFF, 0x0429, 0x0428, 0x0529};
    for (size_t i = 0; i < COUNT(values); i++) {
        for (size_t at = 0; at < MOST; at += 2) {
            put16(image + at, values[i]);
        }
        assert_none(MOST);
    }
}

TEST(noise)
{
    uint64_t x = random_seed("noise");
    for (unsigned i = 0; i < 20; i++) {
        random_bytes(&x, image, sizeof(image));
        assert_none(sizeof(image));
    }
}

TEST(reads_that_fail)
{
    static const struct spiffs rows[] = {{256, 4096, 3, true, 0},
                                         {256, 4096, 4, true, 1},
                                         {256, 4096, 4, false, 2},
                                         {512, 8192, 3, false, 0}};
    for (size_t k = 0; k < COUNT(rows); k++) {
        struct otapack_spiffs fs;
        struct reading r = reading_of(image, build(&rows[k]));
        struct otapack_source src = reading_source(&r);
        assert_good(otapack_spiffs_open(&src, &fs));
        unsigned all = r.reads;
        for (unsigned i = 1; i <= all; i++) {
            r.reads = 0;
            r.fail_at = i;
            assert_int_equal(otapack_spiffs_open(&src, &fs).code, OTAPACK_READ_FAILED);
            assert_int_equal(r.reads, i);
        }
    }
}

// ---- Pages of files -----------------------------------------------------------------------------

// A page in the first block: what the lookup says of it, and its header.
struct header {
    uint32_t entry, id, span, flags;
};

static void put_page(const struct spiffs *s, uint32_t i, const struct header *h)
{
    uint8_t *page = image + (size_t)(lookup_pages(s) + i) * s->page;
    put16(image + 2 * (size_t)i, h->entry);
    put16(page, h->id);
    put16(page + 2, h->span);
    page[4] = (uint8_t)h->flags;
}

// What a device takes for a page, in blocks and pages of every size.
TEST(pages_of_files)
{
    static const struct {
        struct header header;
        bool used, index;
    } rows[] = {
        {{0x0007, 0x0007, 3, 0xFC}, true, false},  // whole
        {{0x8007, 0x8007, 0, 0xF8}, true, true},   // likewise, of an index
        {{0x8007, 0x8007, 1, 0xB8}, true, true},   // only the first one has that flag
        {{0x8007, 0x8007, 0, 0xB8}, false, true},  // the file is being deleted
        {{0x0007, 0x0007, 3, 0x7C}, false, false}, // deleted
        {{0x0007, 0x0007, 3, 0xFE}, false, false}, // being written
        {{0x0007, 0x0007, 3, 0xFD}, false, false}, // not used
        {{0x0007, 0x0008, 3, 0xFC}, false, false}, // another's
        {{0xFFFF, 0xFFFF, 3, 0xFC}, false, false}, // free
        {{0x0000, 0x0000, 3, 0xFC}, false, false}, // deleted
    };
    for (uint32_t page = 7; page <= 11; page++) {
        struct spiffs s = {1u << page, page == 7 ? 4096 : 8192, 4, true, 0};
        size_t n = build(&s);
        uint32_t i = entries(&s) > 1 ? entries(&s) - 2 : 0;
        struct otapack_source src = otapack_memory(image, n);
        struct otapack_spiffs fs;
        struct otapack_spiffs_page got;
        assert_good(otapack_spiffs_open(&src, &fs));
        assert_int_equal(otapack_spiffs_entries(&fs), entries(&s));
        for (size_t k = 0; k < COUNT(rows); k++) {
            const struct header *h = &rows[k].header;
            put_page(&s, i, h);
            assert_good(otapack_spiffs_read_page(&src, &fs, 0, i, &got));
            assert_int_equal(got.used, rows[k].used);
            if (got.used) {
                assert_int_equal(got.index, rows[k].index);
                assert_int_equal(got.id, h->id & 0x7FFF);
                assert_int_equal(got.span, h->span);
                assert_int_equal(got.at, (lookup_pages(&s) + i) * s.page);
            }
        }
    }
}

// A block that a device will erase has no pages; where a read fails, that is said.
TEST(pages_that_cannot_be_read)
{
    static const struct header whole = {0x8001, 0x8001, 0, 0xF8};
    struct spiffs s = {256, 4096, 6, true, 1};
    size_t n = build(&s);
    struct otapack_source src = otapack_memory(image, n);
    struct otapack_spiffs fs;
    struct otapack_spiffs_page page;
    struct otapack_spiffs_file file;
    put_page(&s, 0, &whole);
    assert_good(otapack_spiffs_open(&src, &fs));
    assert_good(otapack_spiffs_read_page(&src, &fs, 0, 0, &page));
    assert_false(page.used);
    s.without = 0;
    n = build(&s);
    put_page(&s, 0, &whole);
    memcpy(image + 256 + 8, "\x05\x01\x00\x00\x01/name", 10);
    assert_good(otapack_spiffs_read_page(&src, &fs, 0, 0, &page));
    assert_true(page.used);
    assert_good(otapack_spiffs_read_file(&src, &page, &file));
    assert_int_equal(file.size, 0x105);
    assert_int_equal(file.type, 1);
    assert_memory_equal(file.name, "/name", 5);
    for (unsigned i = 1; i <= 3; i++) {
        struct reading from = reading_of(image, n);
        struct otapack_source failing = reading_source(&from);
        from.fail_at = i;
        assert_int_equal(otapack_spiffs_read_page(&failing, &fs, 0, 0, &page).code,
                         OTAPACK_READ_FAILED);
        assert_false(page.used);
        from.reads = i - 1;
        assert_int_equal(otapack_spiffs_read_file(&failing, &page, &file).code,
                         OTAPACK_READ_FAILED);
        assert_int_equal(file.size, 0);
    }
}

UNIT(spiffs)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size),
        cmocka_unit_test(sizes_next_to_these),
        cmocka_unit_test(too_few_blocks),
        cmocka_unit_test(one_without),
        cmocka_unit_test(two_without),
        cmocka_unit_test(cut_off),
        cmocka_unit_test(blocks_of_twice_the_size),
        cmocka_unit_test(followed),
        cmocka_unit_test(counted_pages),
        cmocka_unit_test(patterns),
        cmocka_unit_test(noise),
        cmocka_unit_test(reads_that_fail),
        cmocka_unit_test(pages_of_files),
        cmocka_unit_test(pages_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
