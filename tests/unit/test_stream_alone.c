// SPDX-License-Identifier: Apache-2.0
//
// otapack/stream_alone.h: a bootloader and a partition table that are expected, in pieces of any
// size, are what they are in a combined image; and a partition is inside of the flash to its last
// byte.
#include "container_build.h"
#include "stream_files.h"

enum { MIB = 1024 * 1024 };

static struct log told;

static const struct arrival bootloader = {.kind = BOOTLOADER};
static const struct arrival table = {.kind = TABLE, .flash_size = 2 * MIB};

// Announced or not, it is taken, and is told as this part alone.
static void assert_taken(const char *name, const struct made *m, const struct arrival *how)
{
    uint32_t part = how->kind == TABLE ? OTAPACK_RCP_PARTITION_TABLE : OTAPACK_RCP_BOOTLOADER;
    struct arrival way = *how;
    for (int turn = 0; turn < 4; turn++) {
        way.unannounced = (turn & 1) != 0;
        way.no_hashes = (turn & 2) != 0;
        arrive(&told, m->bytes, m->n, &way);
        if (told.code != OTAPACK_OK) {
            log_print(name, &told);
            fail();
        }
        assert_told(name, m, &way, &told);
        assert_int_equal(told.logged[0].type, OTAPACK_EVENT_BEGIN);
        assert_int_equal(told.logged[0].part, part);
        assert_int_equal(told.logged[told.n - 2].type, OTAPACK_EVENT_END);
        assert_int_equal(told.logged[told.n - 2].checked, !way.no_hashes);
        assert_int_equal(told.logged[told.n - 3].type, OTAPACK_EVENT_DATA);
        assert_int_equal(told.logged[told.n - 3].size, m->n);
    }
}

TEST(bootloaders)
{
    struct made m = made_new(MADE_ROOM);
    put_image(&m, &(struct image_parts){.bootloader = true, .chip = H2, .data_len = 64});
    assert_taken("a bootloader", &m, &bootloader);
    put_sector(&m, OTAPACK_SB_P256, 2);
    assert_taken("a signed bootloader", &m, &bootloader);
    m.bytes[40] ^= 1;
    assert_refused("a bit", &m, &bootloader, "checksum", 111);
    m.bytes[40] ^= 1;
    m.bytes[130] ^= 1;
    assert_refused("a bit of the hash", &m, &bootloader, "hash", 112);
    m.bytes[130] ^= 1;
    m.bytes[0] = 0xEA;
    assert_refused("no image", &m, &bootloader, "magic", 0);
    free(m.bytes);
}

TEST(bootloaders_of_fixtures)
{
    static const char *const names[] = {
        "esp_image/good-bootloader-esp32.bin", "esp_image/good-bootloader-esp32h2.bin",
        "esp_image/good-bootloader-esp32s3.bin", "esp_image/good-bootloader-old-esp32c3.bin"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct bytes b = load_fixture(names[i]);
        struct made m = {b.n, b.at, b.n};
        assert_taken(names[i], &m, &bootloader);
        free(b.at);
    }
}

static struct made a_table(uint32_t offset, uint32_t size)
{
    struct made m = made_new(4096);
    uint8_t entry[32] = {0xAA, 0x50, 0, 0, 0, 0, 1, 0, 0, 0, 0x10, 0, 'f'};
    struct otapack_hash md5 = kept_digest(DIGEST_MD5, 0);
    uint8_t digest[16];
    put(&m, entry, sizeof(entry));
    otapack_put_le32(entry + 4, offset);
    otapack_put_le32(entry + 8, size);
    put(&m, entry, sizeof(entry));
    md5.start(md5.ctx);
    md5.update(md5.ctx, m.bytes, m.n);
    md5.finish(md5.ctx, digest);
    put_fill(&m, 0xEB, 2);
    put_fill(&m, 0xFF, 14);
    put(&m, digest, sizeof(digest));
    put_fill(&m, 0xFF, 0xC00 - m.n);
    return m;
}

TEST(tables)
{
    struct made m = a_table(0x110000, 0xF0000);
    assert_taken("a table", &m, &table);
    put_fill(&m, 0xFF, 4096 - m.n);
    assert_taken("a table's sector", &m, &table);
    m.n = 96 + 32;
    assert_taken("a table without what follows", &m, &table);
    m.bytes[70] ^= 1; // in the MD5 entry, which is still one
    assert_taken("another entry", &m, &table);
    m.bytes[70] ^= 1;
    m.bytes[80] ^= 1;
    assert_refused("a bit of the MD5", &m, &table, "md5", 80);
    m.bytes[80] ^= 1;
    m.bytes[0] = 0;
    assert_refused("no table", &m, &table, "partition", 0);
    free(m.bytes);
}

// A partition may end where the flash does.
TEST(partitions_are_inside_of_the_flash)
{
    static const struct {
        uint32_t offset, size;
        bool good;
    } rows[] = {{0x110000, 0xF0000, true},    {0x110000, 0xF0001, false}, {0x200000, 0, true},
                {0x200001, 0, false},         {0, 0x200000, true},        {0, 0x200001, false},
                {0xFFFFFFFF, 0x10, false},    {0x10, 0xFFFFFFFF, false},  {0x1FFFFF, 1, true},
                {0x1FFFFF, 0x80000000, false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct made m = a_table(rows[i].offset, rows[i].size);
        if (rows[i].good) {
            assert_taken("inside", &m, &table);
        } else {
            assert_refused("outside", &m, &table, "offset", 32 + 4);
        }
        free(m.bytes);
    }
}

TEST(tables_without_an_end)
{
    struct made m = a_table(0x110000, 0xF0000);
    for (size_t n = 0; n < 128; n++) {
        struct arrival how = table;
        for (how.chunk = 1; how.chunk < 40; how.chunk += 12) {
            how.unannounced = n % 2 != 0;
            arrive(&told, m.bytes, n, &how);
            assert_null(told.broken);
            assert_int_equal(told.code, OTAPACK_TRUNCATED);
        }
    }
    for (size_t at = 32; at < 0xC00; at += 32) {
        memcpy(m.bytes + at, m.bytes, 32);
    }
    put_fill(&m, 0xFF, 32);
    assert_refused("96 partitions", &m, &table, "partition", 0xC00);
    memset(m.bytes + 0xBE0, 0xFF, 32);
    struct arrival plain = table;
    plain.no_hashes = true;
    arrive(&told, m.bytes, 0xC00, &plain);
    assert_int_equal(told.code, OTAPACK_OK);
    free(m.bytes);
}

// The parser of whole tables takes what the stream takes, but for the flash's size and the MD5.
static void like_the_parser(const char *name, const uint8_t *bytes, size_t n)
{
    struct otapack_source src = otapack_memory(bytes, n);
    struct otapack_partition_table t;
    struct arrival how = {.kind = TABLE, .flash_size = UINT32_MAX, .no_hashes = true, .chunk = 33};
    arrive(&told, bytes, n, &how);
    if ((otapack_partition_table_open(&src, &t).code == OTAPACK_OK) != (told.code == OTAPACK_OK) &&
        strcmp(told.field, "offset") != 0) {
        log_print(name, &told);
        fail();
    }
}

TEST(tables_of_fixtures)
{
    assert_true(each_file(FIXTURES "/partition_table", like_the_parser) > 10);
}

TEST(one_is_not_taken_for_the_other)
{
    struct made m = a_table(0, 4), b = made_new(MADE_ROOM);
    put_image(&b, &(struct image_parts){.bootloader = true, .chip = H2, .data_len = 64});
    assert_refused("a table for a bootloader", &m, &bootloader, "magic", 0);
    assert_refused("a bootloader for a table", &b, &table, "partition", 0);
    free(m.bytes);
    free(b.bytes);
}

TEST(whatever_is_refused_ends_it_there)
{
    struct made m = a_table(0, 4);
    struct arrival how = table;
    for (how.refuse = 1; how.refuse < 20; how.refuse++) {
        arrive(&told, m.bytes, m.n, &how);
        assert_null(told.broken);
        if (told.code == OTAPACK_OK) {
            break;
        }
        assert_int_equal(told.code, OTAPACK_REFUSED);
    }
    assert_int_equal(how.refuse, 9); // BEGIN, four entries, the rest, END, FINISHED
    free(m.bytes);
}

UNIT(stream_alone)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bootloaders),
        cmocka_unit_test(bootloaders_of_fixtures),
        cmocka_unit_test(tables),
        cmocka_unit_test(partitions_are_inside_of_the_flash),
        cmocka_unit_test(tables_without_an_end),
        cmocka_unit_test(tables_of_fixtures),
        cmocka_unit_test(one_is_not_taken_for_the_other),
        cmocka_unit_test(whatever_is_refused_ends_it_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
