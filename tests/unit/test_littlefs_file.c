// SPDX-License-Identifier: Apache-2.0
//
// otapack/littlefs_file.h: folders whose entries come, move and go, in one pair of blocks and in
// several; files in the log and in blocks of their own, at every byte; what leads nowhere or in a
// circle; every bit of a folder, reads that fail.
#include "littlefs_log.h"

#include <otapack/littlefs_file.h>

enum { BLOCK = 256, BLOCKS = 64, SIZE = BLOCK * BLOCKS, NAME_ROOM = 64, MOST = 12 };

static uint8_t image[SIZE];

static uint8_t *block_of(uint32_t i)
{
    return image + (size_t)i * BLOCK;
}

static struct log begin_root(void)
{
    memset(image, 0xFF, sizeof(image));
    struct log l = log_begin(image, 1);
    put_text(&l, 0x0FF, 0, "littlefs");
    put_tag(&l, 0x201, 0, 24);
    put_number(&l, 0x00020001);
    put_number(&l, BLOCK);
    put_number(&l, BLOCKS);
    put_number(&l, 255);
    put_number(&l, 0x7FFFFFFF);
    put_number(&l, 1022);
    return l;
}

static void put_file(struct log *l, uint32_t id, const char *name, const char *text)
{
    put_text(l, 0x001, id, name);
    put_text(l, 0x201, id, text);
}

static struct otapack_source source(void)
{
    return otapack_memory(image, sizeof(image));
}

static struct otapack_littlefs opened(const struct otapack_source *src)
{
    struct otapack_littlefs fs;
    assert_good(otapack_littlefs_open(src, &fs));
    return fs;
}

// All that is found, up to what is wrong.
static struct otapack_status walk_over(const struct otapack_source *src,
                                       struct otapack_littlefs_file *files, unsigned *count)
{
    struct otapack_littlefs fs = opened(src);
    struct otapack_littlefs_walk walk;
    struct otapack_status s = otapack_littlefs_root(src, &fs, &walk);
    bool more = true;
    *count = 0;
    while (s.code == OTAPACK_OK && more) {
        struct otapack_littlefs_file file;
        s = otapack_littlefs_next(src, &fs, &walk, &file, &more);
        if (more) {
            assert_true(*count < MOST && s.code == OTAPACK_OK);
            files[(*count)++] = file;
        }
    }
    return s;
}

// "name=its bytes" of files in the log, "name/" of folders, each with a blank behind it.
static void assert_lists(const char *expected)
{
    struct otapack_littlefs_file files[MOST];
    struct otapack_source src = source();
    char text[MOST * NAME_ROOM] = "";
    unsigned count;
    assert_good(walk_over(&src, files, &count));
    for (unsigned i = 0; i < count; i++) {
        const struct otapack_littlefs_file *f = &files[i];
        assert_true(f->name_size < NAME_ROOM && (f->is_folder || f->in_log));
        size_t n = strlen(text);
        (void)snprintf(text + n, sizeof(text) - n, "%.*s%s%.*s ", (int)f->name_size,
                       (const char *)image + f->name_at, f->is_folder ? "/" : "=",
                       f->is_folder ? 0 : (int)f->size, (const char *)image + f->data_at);
    }
    assert_string_equal(text, expected);
}

static void assert_fails(enum otapack_code code, const char *field)
{
    struct otapack_littlefs_file files[MOST];
    struct otapack_source src = source();
    unsigned count;
    struct otapack_status s = walk_over(&src, files, &count);
    assert_int_equal(s.code, code);
    assert_string_equal(s.field, field);
}

// ---- Entries ------------------------------------------------------------------------------------

TEST(nothing)
{
    struct log l = begin_root();
    put_text(&l, 0x601, 0x3FF, "no pair");
    put_crc(&l, 0, 0);
    assert_lists("");
}

TEST(as_they_stand)
{
    struct log l = begin_root();
    put_file(&l, 1, "a", "one");
    put_text(&l, 0x002, 2, "folder");
    put_two(&l, 0x200, 2, 8, 9);
    put_file(&l, 3, "z", "");
    put_two(&l, 0x600, 0x3FF, 8, 9); // the pair that follows is not of this folder
    put_crc(&l, 0, 0);
    assert_lists("a=one folder/ z= ");
}

// What comes moves what is behind it up, what goes moves it down, also within one commit.
TEST(coming_and_going)
{
    struct log l = begin_root();
    put_tag(&l, 0x401, 1, 0);
    put_file(&l, 1, "m", "1");
    put_crc(&l, 1, 0);
    assert_lists("m=1 ");
    put_tag(&l, 0x401, 1, 0);
    put_file(&l, 1, "c", "2");
    put_crc(&l, 1, 0);
    assert_lists("c=2 m=1 ");
    put_tag(&l, 0x401, 3, 0);
    put_file(&l, 3, "x", "3");
    put_crc(&l, 1, 0);
    assert_lists("c=2 m=1 x=3 ");
    put_text(&l, 0x201, 2, "changed");
    put_tag(&l, 0x4FF, 1, 0);
    put_crc(&l, 1, 0);
    assert_lists("m=changed x=3 ");
    put_tag(&l, 0x401, 1, 0); // at the place of one that went, with a name that says nothing more
    put_text(&l, 0x001, 1, "b");
    put_crc(&l, 1, 0);
    assert_lists("m=changed x=3 ");
    put_tag(&l, 0x4FF, 3, 0);
    put_tag(&l, 0x4FF, 2, 0);
    put_crc(&l, 0, 0);
    assert_lists("");
}

// What was no whole commit does not count, nor what is said of it as being deleted.
TEST(said_otherwise)
{
    struct log l = begin_root();
    put_file(&l, 1, "a", "1");
    put_file(&l, 2, "b", "2");
    put_tag(&l, 0x201, 2, 0x3FF);
    put_file(&l, 3, "", "no name");
    put_text(&l, 0x003, 4, "no such type");
    put_text(&l, 0x201, 4, "4");
    put_text(&l, 0x001, 5, "no such struct");
    put_text(&l, 0x203, 5, "5");
    put_text(&l, 0x001, 6, "named");
    put_text(&l, 0x001, 6, "again");
    put_crc(&l, 1, 0);
    put_file(&l, 7, "c", "7");
    put_crc(&l, 0, 1);
    assert_lists("a=1 ");
}

// ---- Pairs of blocks ----------------------------------------------------------------------------

TEST(several_pairs)
{
    struct log l = begin_root(), next;
    put_file(&l, 1, "a", "1");
    put_two(&l, 0x600, 0x3FF, 50, 51);
    put_two(&l, 0x601, 0x3FF, 9, 4); // the last one counts
    put_crc(&l, 0, 0);
    next = log_begin(block_of(9), 0xFFFFFFFF);
    put_file(&next, 0, "b", "old");
    put_crc(&next, 0, 0);
    next = log_begin(block_of(4), 0);
    put_file(&next, 0, "b", "2");
    put_two(&next, 0x601, 0x3FF, 20, 21);
    put_crc(&next, 0, 0);
    next = log_begin(block_of(20), 0xFFFFFFFF);
    put_file(&next, 0, "c", "3");
    put_two(&next, 0x601, 0x3FF, 0xFFFFFFFF, 0xFFFFFFFF);
    put_crc(&next, 0, 0);
    next = log_begin(block_of(21), 0xFFFFFFFE);
    put_file(&next, 0, "c", "old");
    put_crc(&next, 0, 0);
    assert_lists("a=1 b=2 c=3 ");
    block_of(4)[4] ^= 1; // then the older one has to do
    assert_lists("a=1 b=old ");
    block_of(4)[4] ^= 1;
    block_of(9)[4] ^= 1;
    assert_lists("a=1 b=2 c=3 "); // and the first of the two
    block_of(4)[4] ^= 1;
    assert_fails(OTAPACK_MISMATCH, "crc");
}

TEST(leads_nowhere)
{
    static const struct {
        uint32_t tail[2];
        enum otapack_code code;
        const char *field;
    } rows[] = {
        {{0, 1}, OTAPACK_FORBIDDEN, "tail"},      // a circle
        {{0, 5}, OTAPACK_FORBIDDEN, "tail"},      // the same, of another pair
        {{BLOCKS, 5}, OTAPACK_FORBIDDEN, "tail"}, // outside
        {{5, BLOCKS}, OTAPACK_FORBIDDEN, "tail"}, {{5, BLOCKS - 1}, OTAPACK_MISMATCH, "crc"},
        {{5, 0xFFFFFFFF}, OTAPACK_OK, ""}, // none
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct log l = begin_root();
        put_two(&l, 0x601, 0x3FF, rows[i].tail[0], rows[i].tail[1]);
        put_crc(&l, 0, 0);
        assert_fails(rows[i].code, rows[i].field);
    }
}

enum { LARGE = 0x10000 };

// A root folder with as many of these tags as there can be in a block of 64 KiB.
static struct otapack_status walk_over_many(uint32_t type, uint32_t ids, unsigned *count)
{
    static uint8_t large[4 * LARGE];
    struct otapack_littlefs_file files[MOST];
    struct log l = begin_root();
    put_crc(&l, 0, 0);
    memset(large, 0xFF, sizeof(large));
    l = log_begin(large, 1);
    put_text(&l, 0x0FF, 0, "littlefs");
    put_bytes(&l, 0x201, 0, image + 20, 24);
    otapack_put_le32(large + 24, LARGE);
    otapack_put_le32(large + 28, 4);
    for (uint32_t i = 0; l.n + 100 < LARGE; i++) {
        put_tag(&l, type, i % ids + 1, 0);
    }
    put_tag(&l, 0x001, 0x3FE, 0);
    put_crc(&l, 0, 0);
    struct otapack_source src = otapack_memory(large, sizeof(large));
    return walk_over(&src, files, count);
}

TEST(many_tags)
{
    unsigned count;
    struct otapack_status s = walk_over_many(0x300, 0x3FE, &count);
    assert_int_equal(s.code, OTAPACK_FORBIDDEN);
    assert_string_equal(s.field, "entries");
    assert_good(walk_over_many(0x401, 1, &count)); // more entries than there are numbers for
    assert_int_equal(count, 0);
}

// ---- Files in blocks ----------------------------------------------------------------------------

// How many pointers a block has.
static uint32_t pointers(uint32_t i)
{
    uint32_t n = 0;
    for (; i != 0 && i % (1u << n) == 0; n++) {
    }
    return n;
}

// From the first byte on, block by block, for blocks of all kinds of sizes.
TEST(every_index)
{
    static const uint32_t sizes[] = {128, 132, 256, 512, 4096, 65536};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct otapack_littlefs fs = {.block_size = sizes[i]};
        uint32_t begin = 0, off;
        for (uint32_t n = 0; n < 5000 && begin < 0x7FFFFFFF - sizes[i]; n++) {
            uint32_t at = 4 * pointers(n), room = sizes[i] - at;
            assert_int_equal(otapack_littlefs_index_(&fs, begin, &off), n);
            assert_int_equal(off, at);
            assert_int_equal(otapack_littlefs_index_(&fs, begin + room - 1, &off), n);
            assert_int_equal(off, sizes[i] - 1);
            begin += room;
        }
    }
    struct otapack_littlefs fs = {.block_size = 128};
    uint32_t off;
    assert_true(otapack_littlefs_index_(&fs, 0x7FFFFFFF, &off) < 0x7FFFFFFF / 120 && off < 128);
}

enum { LENGTH = 7000 };

static uint8_t byte_at(uint32_t i)
{
    return (uint8_t)(i * 7 + i / 251);
}

// A file of LENGTH bytes, whose blocks lie from the last one of all down.
static struct otapack_littlefs_file put_blocks(void)
{
    struct log l = begin_root();
    uint32_t n = 0, done = 0;
    for (; done < LENGTH; n++) {
        uint8_t *p = block_of(BLOCKS - 1 - n);
        uint32_t at = 4 * pointers(n);
        for (uint32_t x = 0; x < pointers(n); x++) {
            otapack_put_le32(p + (size_t)4 * x, BLOCKS - 1 - (n - (1u << x)));
        }
        for (; at < BLOCK && done < LENGTH; at++) {
            p[at] = byte_at(done++);
        }
    }
    put_text(&l, 0x001, 1, "file");
    put_two(&l, 0x202, 1, BLOCKS - n, LENGTH);
    put_crc(&l, 0, 0);
    struct otapack_littlefs_file files[MOST];
    struct otapack_source src = source();
    unsigned count;
    assert_good(walk_over(&src, files, &count));
    assert_int_equal(count, 1);
    assert_true(!files[0].in_log && files[0].size == LENGTH && files[0].head == BLOCKS - n);
    return files[0];
}

TEST(every_byte)
{
    static const uint32_t most[] = {1, 7, 300, LENGTH};
    struct otapack_littlefs_file f = put_blocks();
    struct otapack_source src = source();
    struct otapack_littlefs fs = opened(&src);
    uint8_t to[LENGTH];
    uint32_t n;
    assert_good(otapack_littlefs_check(&src, &fs, &f));
    for (size_t i = 0; i < COUNT(most); i++) {
        for (uint32_t at = 0; at < LENGTH; at += n) {
            assert_good(otapack_littlefs_read(&src, &fs, &f, at, to, most[i], &n));
            assert_true(n > 0 && n <= most[i] && n <= BLOCK && at + n <= LENGTH);
            for (uint32_t k = 0; k < n; k++) {
                assert_int_equal(to[k], byte_at(at + k));
            }
        }
    }
    assert_good(otapack_littlefs_read(&src, &fs, &f, 0, to, 0, &n));
    assert_int_equal(n, 0);
    assert_good(otapack_littlefs_read(&src, &fs, &f, LENGTH, to, 1, &n));
    assert_int_equal(n, 0);
    f.head = BLOCKS;
    f.size = 0;
    assert_good(otapack_littlefs_check(&src, &fs, &f)); // it has no blocks
    f.is_folder = true;
    f.size = 1;
    assert_good(otapack_littlefs_check(&src, &fs, &f));
    assert_good(otapack_littlefs_read(&src, &fs, &f, 0, to, 1, &n));
    assert_int_equal(n, 0);
}

TEST(bytes_in_the_log)
{
    struct log l = begin_root();
    put_file(&l, 1, "a", "seven b");
    put_crc(&l, 0, 0);
    struct otapack_littlefs_file files[MOST];
    struct otapack_source src = source();
    struct otapack_littlefs fs = opened(&src);
    uint8_t to[8];
    unsigned count;
    uint32_t n;
    assert_good(walk_over(&src, files, &count));
    assert_good(otapack_littlefs_check(&src, &fs, files));
    assert_good(otapack_littlefs_read(&src, &fs, files, 2, to, sizeof(to), &n));
    assert_int_equal(n, 5);
    assert_memory_equal(to, "ven b", 5);
}

// Of all pointers, one that leads outside, or to where the file has no bytes any more.
TEST(pointers_outside)
{
    struct otapack_littlefs_file f = put_blocks();
    struct otapack_source src = source();
    struct otapack_littlefs fs = opened(&src);
    uint8_t to[1];
    uint32_t n;
    otapack_put_le32(block_of(BLOCKS - 1 - 12), BLOCKS);
    struct otapack_status s = otapack_littlefs_check(&src, &fs, &f);
    assert_status(s, OTAPACK_FORBIDDEN, "pointer", (BLOCKS - 1 - 12) * BLOCK);
    assert_int_equal(s.value, BLOCKS);
    assert_good(otapack_littlefs_read(&src, &fs, &f, 0, to, 1, &n)); // past that one
    f.head = BLOCKS;
    assert_status(otapack_littlefs_check(&src, &fs, &f), OTAPACK_FORBIDDEN, "pointer", f.data_at);
    f = put_blocks();
    src.size -= BLOCK; // of its first block
    assert_int_equal(otapack_littlefs_check(&src, &fs, &f).code, OTAPACK_TRUNCATED);
    src.size = 30 * BLOCK; // and of what its pointers stand in
    assert_int_equal(otapack_littlefs_check(&src, &fs, &f).code, OTAPACK_TRUNCATED);
}

TEST(sizes)
{
    static const uint32_t rows[] = {SIZE, SIZE + 1, UINT32_MAX};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct log l = begin_root();
        put_text(&l, 0x001, 1, "file");
        put_two(&l, 0x202, 1, 5, rows[i]);
        put_crc(&l, 0, 0);
        assert_fails(i == 0 ? OTAPACK_OK : OTAPACK_FORBIDDEN, i == 0 ? "" : "size");
    }
    struct log l = begin_root(); // each of them may have so many, both not
    put_text(&l, 0x001, 1, "file");
    put_two(&l, 0x202, 1, 5, SIZE);
    put_file(&l, 2, "more", "!");
    put_crc(&l, 0, 0);
    assert_fails(OTAPACK_FORBIDDEN, "size");
}

// ---- Damage -------------------------------------------------------------------------------------

// In the commit it is none any more; behind it, nothing changes.
TEST(every_bit)
{
    (void)put_blocks();
    struct otapack_source src = source();
    uint32_t used = opened(&src).used;
    for (size_t bit = 0; bit < (size_t)8 * BLOCK; bit++) {
        struct otapack_littlefs_file files[MOST];
        struct otapack_littlefs fs;
        unsigned count = 0;
        image[bit / 8] ^= (uint8_t)(1 << bit % 8);
        bool opens = otapack_littlefs_open(&src, &fs).code == OTAPACK_OK;
        assert_true(opens == (bit / 8 >= used));
        if (opens) {
            assert_good(walk_over(&src, files, &count));
            assert_int_equal(count, 1);
        }
        image[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

// All that is read of a file system: what is found, and every block of the file.
static struct otapack_status read_all(const struct otapack_source *src,
                                      const struct otapack_littlefs *fs)
{
    struct otapack_littlefs_walk walk;
    struct otapack_littlefs_file file;
    uint8_t to[BLOCK];
    uint32_t n;
    bool more = true;
    struct otapack_status s = otapack_littlefs_root(src, fs, &walk);
    while (s.code == OTAPACK_OK && more) {
        s = otapack_littlefs_next(src, fs, &walk, &file, &more);
        if (more) {
            s = otapack_littlefs_check(src, fs, &file);
        }
        if (more && s.code == OTAPACK_OK) {
            s = otapack_littlefs_read(src, fs, &file, 1000, to, sizeof(to), &n);
        }
    }
    return s;
}

TEST(reads_that_fail)
{
    (void)put_blocks();
    struct otapack_source memory = source();
    struct otapack_littlefs fs = opened(&memory);
    struct reading r = reading_of(image, sizeof(image));
    struct otapack_source src = reading_source(&r);
    assert_good(read_all(&src, &fs));
    unsigned all = r.reads;
    for (unsigned i = 1; i <= all; i++) {
        r.reads = 0;
        r.fail_at = i;
        assert_int_equal(read_all(&src, &fs).code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, i);
    }
}

UNIT(littlefs_file)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing),          cmocka_unit_test(as_they_stand),
        cmocka_unit_test(coming_and_going), cmocka_unit_test(said_otherwise),
        cmocka_unit_test(several_pairs),    cmocka_unit_test(leads_nowhere),
        cmocka_unit_test(many_tags),        cmocka_unit_test(every_index),
        cmocka_unit_test(every_byte),       cmocka_unit_test(bytes_in_the_log),
        cmocka_unit_test(pointers_outside), cmocka_unit_test(sizes),
        cmocka_unit_test(every_bit),        cmocka_unit_test(reads_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
