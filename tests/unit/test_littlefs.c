// SPDX-License-Identifier: Apache-2.0
//
// otapack/littlefs.h: what littlefs itself wrote, pairs of blocks of all ages, logs with several
// commits, every bit of a superblock, every prefix, reads that fail.
#include "littlefs_log.h"

#include <otapack/littlefs.h>

enum { BLOCK = 512, BLOCKS = 4, SIZE = BLOCK * BLOCKS, COMMIT = 64, CRC_AT = 48 };

// The first block of a file system of 8 blocks of 4096 bytes, as littlefs 2.5.1 formats it.
static const uint8_t golden_2_0[COMMIT] = {
    0x01, 0x00, 0x00, 0x00, 0xf0, 0x0f, 0xff, 0xf7, 'l',  'i',  't',  't',  'l',  'e',  'f',  's',
    0x2f, 0xe0, 0x00, 0x10, 0x00, 0x00, 0x02, 0x00, 0x00, 0x10, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
    0x20, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0x7f, 0xfe, 0x03, 0x00, 0x00, 0x70, 0x1f, 0xfc, 0x08,
    0xc7, 0x82, 0x10, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};
// And as littlefs 2.11.2 does.
static const uint8_t golden_2_1[COMMIT] = {
    0x01, 0x00, 0x00, 0x00, 0xf0, 0x0f, 0xff, 0xf7, 'l',  'i',  't',  't',  'l',  'e',  'f',  's',
    0x2f, 0xe0, 0x00, 0x10, 0x01, 0x00, 0x02, 0x00, 0x00, 0x10, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
    0x20, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0x7f, 0xfe, 0x03, 0x00, 0x00, 0x7f, 0xef, 0xfc, 0x10,
    0x40, 0x00, 0x00, 0x00, 0x45, 0x78, 0x9e, 0xf0, 0x0f, 0xf0, 0x00, 0x0c, 0xd3, 0xb4, 0x07, 0x71,
};

static struct otapack_status open_bytes(const uint8_t *bytes, size_t n, struct otapack_littlefs *fs)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_littlefs_open(&src, fs);
}

static void assert_golden(const uint8_t *bytes, uint32_t version)
{
    const struct otapack_littlefs expected = {0,    20, COMMIT, 1,          version,
                                              4096, 8,  32,     0x7FFFFFFF, 1022};
    struct otapack_littlefs fs;
    assert_good(open_bytes(bytes, COMMIT, &fs));
    assert_memory_equal(&fs, &expected, sizeof(fs)); // it has no padding
    assert_int_equal(otapack_littlefs_size(&fs), 32768);
}

TEST(golden)
{
    assert_golden(golden_2_0, 0x00020000);
    assert_golden(golden_2_1, 0x00020001);
}

// ---- Blocks that are made here ------------------------------------------------------------------

static void put_name(struct log *l, const char *name)
{
    put_bytes(l, 0x0FF, 0, name, 8);
}

static void put_struct(struct log *l, uint32_t block_size, uint32_t blocks)
{
    put_tag(l, 0x201, 0, 24);
    put_number(l, 0x00020000);
    put_number(l, block_size);
    put_number(l, blocks);
    put_number(l, 255);
    put_number(l, 0x7FFFFFFF);
    put_number(l, 1022);
}

// A block with one commit.
static void put_block(uint8_t *block, uint32_t revision, uint32_t blocks)
{
    struct log l = log_begin(block, revision);
    put_name(&l, "littlefs");
    put_struct(&l, BLOCK, blocks);
    put_crc(&l, 0, 0);
}

static uint8_t *erased(void)
{
    static uint8_t image[SIZE];
    memset(image, 0xFF, sizeof(image));
    return image;
}

// ---- Pairs --------------------------------------------------------------------------------------

// Revisions, 0 for a block that is erased, and which of the two counts.
TEST(the_later_one)
{
    static const struct {
        uint32_t first, second;
        unsigned counts;
    } rows[] = {
        {1, 0, 0}, {0, 1, 1},          {1, 2, 1},          {2, 1, 0},          {5, 5, 0},
        {1, 9, 1}, {0xFFFFFFFF, 1, 1}, {1, 0xFFFFFFFF, 0}, {1, 0x80000000, 1}, {1, 0x80000001, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t *image = erased();
        struct otapack_littlefs fs;
        if (rows[i].first != 0) {
            put_block(image, rows[i].first, 5);
        }
        if (rows[i].second != 0) {
            put_block(image + BLOCK, rows[i].second, 6);
        }
        assert_good(open_bytes(image, SIZE, &fs));
        assert_int_equal(fs.block_at, rows[i].counts * BLOCK);
        assert_int_equal(fs.superblock_at, rows[i].counts * BLOCK + 20);
        assert_int_equal(fs.block_count, 5 + rows[i].counts);
        assert_int_equal(otapack_littlefs_size(&fs), (5 + rows[i].counts) * BLOCK);
    }
}

// The second block alone, wherever the first one ends.
TEST(second_alone)
{
    for (uint32_t size = OTAPACK_LITTLEFS_MIN_BLOCK; size <= OTAPACK_LITTLEFS_MAX_BLOCK;
         size *= 2) {
        uint8_t *image = malloc(2 * (size_t)size);
        struct otapack_littlefs fs;
        assert_non_null(image);
        memset(image, 0xFF, 2 * (size_t)size);
        struct log l = log_begin(image + size, 3);
        put_name(&l, "littlefs");
        put_struct(&l, size, 77);
        put_crc(&l, 0, 0);
        assert_good(open_bytes(image, 2 * (size_t)size, &fs));
        assert_int_equal(fs.block_size, size);
        assert_int_equal(fs.block_at, size);
        // One that says that it begins elsewhere is a part of a file.
        image[size / 2] ^= 1;
        memmove(image + size / 2, image + size, size);
        memset(image + size, 0xFF, size);
        assert_int_equal(open_bytes(image, 2 * (size_t)size, &fs).code, OTAPACK_NOT_THIS);
        free(image);
    }
}

// ---- Logs ---------------------------------------------------------------------------------------

TEST(several_commits)
{
    uint8_t *image = erased();
    struct otapack_littlefs fs;
    struct log l = log_begin(image, 1);
    put_name(&l, "littlefs");
    put_struct(&l, BLOCK, 7);
    put_crc(&l, 1, 0);
    put_tag(&l, 0x4FF, 3, 0x3FF); // something is deleted
    put_struct(&l, BLOCK, 8);
    put_crc(&l, 1, 0);
    put_tag(&l, 0x201, 5, 24); // another's
    l.n += 24;
    put_name(&l, "anything");
    put_crc(&l, 0, 0);
    size_t good = l.n;
    put_struct(&l, BLOCK, 9);
    put_crc(&l, 0, 1); // was not whole when the power went
    assert_good(open_bytes(image, SIZE, &fs));
    assert_int_equal(fs.used, good);
    assert_int_equal(fs.block_count, 8);
}

// A commit without a superblock takes none away; a struct that is too short is none.
TEST(without_superblock)
{
    static const char *const fields[] = {"crc", "superblock", "superblock", "superblock"};
    for (unsigned i = 0; i < COUNT(fields); i++) {
        uint8_t *image = erased();
        struct otapack_littlefs fs;
        struct log l = log_begin(image, 1);
        put_name(&l, "littlefs");
        if (i == 2) { // as another name has it
            put_tag(&l, 0x201, 1, 24);
            l.n += 24;
        } else if (i == 3) {
            put_tag(&l, 0x201, 0, 20);
            l.n += 20;
        }
        put_crc(&l, 0, i == 0);
        struct otapack_status s = open_bytes(image, SIZE, &fs);
        assert_int_equal(s.code, OTAPACK_MISMATCH);
        assert_string_equal(s.field, fields[i]);
    }
}

// A name of another length, or another name, is no magic: what is no LittleFS says so.
TEST(without_magic)
{
    static const struct {
        uint32_t length;
        const char *name;
    } rows[] = {{8, "littlefz"}, {12, "littlefs"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t *image = erased();
        struct otapack_littlefs fs;
        struct log l = log_begin(image, 1);
        put_tag(&l, 0x0FF, 0, rows[i].length);
        memcpy(image + l.n, rows[i].name, 8);
        l.n += rows[i].length;
        put_struct(&l, BLOCK, BLOCKS);
        put_crc(&l, 0, 0);
        enum otapack_code code = i == 0 ? OTAPACK_NOT_THIS : OTAPACK_MISMATCH;
        assert_int_equal(open_bytes(image, SIZE, &fs).code, code);
    }
}

// Tags that leave the block, also where only its own superblock says how small that is.
TEST(beyond_the_block)
{
    uint8_t *image = erased();
    struct otapack_littlefs fs;
    struct log l = log_begin(image, 1);
    put_name(&l, "littlefs");
    put_struct(&l, 128, BLOCKS);
    put_crc(&l, 1, 0);
    size_t good = l.n;
    put_tag(&l, 0x300, 1, 100);
    l.n += 100;
    put_crc(&l, 0, 0);
    assert_good(open_bytes(image, SIZE, &fs));
    assert_int_equal(fs.used, good);

    image = erased();
    l = log_begin(image, 1);
    put_tag(&l, 0x300, 1, 100);
    l.n += 100;
    put_name(&l, "littlefs");
    put_struct(&l, 128, BLOCKS);
    put_crc(&l, 1, 0);
    struct otapack_status s = open_bytes(image, SIZE, &fs);
    assert_int_equal(s.code, OTAPACK_FORBIDDEN);
    assert_string_equal(s.field, "block_size");
}

// ---- Numbers ------------------------------------------------------------------------------------

// The last value that is taken and the first that is not, at their places in the struct.
TEST(limits)
{
    static const struct {
        const char *field;
        size_t at;
        uint32_t good, bad;
    } rows[] = {
        {"version", 20, 0x00020000, 0x0001FFFF},
        {"version", 20, 0x00020001, 0x00020002},
        {"block_size", 24, 128, 127},
        {"block_size", 24, 0x100000, 0x100001},
        {"block_count", 28, 2, 1},
        {"name_max", 32, 1022, 1023},
        {"file_max", 36, 0x7FFFFFFF, 0x80000000u},
        {"attr_max", 40, 1022, 1023},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t block[COMMIT];
        struct otapack_littlefs fs;
        memcpy(block, golden_2_0, COMMIT);
        otapack_put_le32(block + rows[i].at, rows[i].good);
        otapack_put_le32(block + CRC_AT, crc_of(block, CRC_AT));
        assert_good(open_bytes(block, COMMIT, &fs));
        otapack_put_le32(block + rows[i].at, rows[i].bad);
        otapack_put_le32(block + CRC_AT, crc_of(block, CRC_AT));
        struct otapack_status s = open_bytes(block, COMMIT, &fs);
        assert_int_equal(s.code, OTAPACK_FORBIDDEN);
        assert_string_equal(s.field, rows[i].field);
        assert_int_equal(s.at, rows[i].at);
        assert_int_equal(s.value, rows[i].bad);
    }
}

TEST(sizes)
{
    struct otapack_littlefs fs = {.block_size = UINT32_MAX, .block_count = UINT32_MAX};
    assert_true(otapack_littlefs_size(&fs) == (uint64_t)UINT32_MAX * UINT32_MAX);
    fs = (struct otapack_littlefs){.block_size = 12288, .block_count = 21};
    assert_int_equal(otapack_littlefs_size(&fs), 12288 * 21);
}

// ---- Damage -------------------------------------------------------------------------------------

TEST(every_bit)
{
    for (size_t bit = 0; bit < 8 * (CRC_AT + 4); bit++) {
        uint8_t block[COMMIT];
        struct otapack_littlefs fs;
        memcpy(block, golden_2_0, COMMIT);
        block[bit / 8] ^= (uint8_t)(1 << bit % 8);
        enum otapack_code code = open_bytes(block, COMMIT, &fs).code;
        assert_int_equal(code, bit / 64 == 1 ? OTAPACK_NOT_THIS : OTAPACK_MISMATCH);
    }
}

TEST(every_prefix)
{
    for (size_t n = 0; n <= COMMIT; n++) {
        struct otapack_littlefs fs;
        struct otapack_status s = open_bytes(golden_2_0, n, &fs);
        enum otapack_code cut = n < 16 ? OTAPACK_TRUNCATED : OTAPACK_MISMATCH;
        assert_int_equal(s.code, n < COMMIT ? cut : OTAPACK_OK);
    }
}

static void assert_fails_everywhere(const uint8_t *bytes, size_t n)
{
    struct otapack_littlefs fs;
    struct reading r = reading_of(bytes, n);
    struct otapack_source src = reading_source(&r);
    enum otapack_code whole = otapack_littlefs_open(&src, &fs).code;
    unsigned all = r.reads;
    assert_true(whole != OTAPACK_READ_FAILED && all > 0);
    for (unsigned i = 1; i <= all; i++) {
        r.reads = 0;
        r.fail_at = i;
        assert_int_equal(otapack_littlefs_open(&src, &fs).code, OTAPACK_READ_FAILED);
        assert_int_equal(r.reads, i);
    }
}

TEST(reads_that_fail)
{
    uint8_t *image = erased();
    assert_fails_everywhere(golden_2_0, COMMIT);
    assert_fails_everywhere(image, SIZE);
    put_block(image, 1, 4);
    put_block(image + BLOCK, 2, 4);
    assert_fails_everywhere(image, SIZE);
    image[CRC_AT] ^= 1;
    assert_fails_everywhere(image, SIZE);
    struct log l = log_begin(image, 1);
    put_tag(&l, 0x300, 1, 100); // longer than what is read at once
    l.n += 100;
    put_crc(&l, 0, 0);
    assert_fails_everywhere(image, SIZE);
    memcpy(image, "littlefs", 8);
    image[BLOCK + CRC_AT] ^= 1;
    assert_fails_everywhere(image, SIZE);
}

UNIT(littlefs)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden),        cmocka_unit_test(the_later_one),
        cmocka_unit_test(second_alone),  cmocka_unit_test(several_commits),
        cmocka_unit_test(without_magic), cmocka_unit_test(without_superblock),
        cmocka_unit_test(limits),        cmocka_unit_test(beyond_the_block),
        cmocka_unit_test(sizes),         cmocka_unit_test(every_bit),
        cmocka_unit_test(every_prefix),  cmocka_unit_test(reads_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
