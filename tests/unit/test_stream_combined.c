// SPDX-License-Identifier: Apache-2.0
//
// The borders of a combined image: its table, what parts may be, where they are flashed, the RCP's
// partition table. The parsers of whole files agree each time.
#include "stream_build.h"
#include "stream_files.h"

static void expect(const struct made *m, enum otapack_code code, const char *field)
{
    static struct oracle o;
    for (unsigned i = 0; i < 6; i++) {
        static const size_t chunks[] = {0, 1, 11};
        struct how how = {.chunk = chunks[i / 2],
                          .announced = m->n,
                          .unannounced = i % 2 == 0,
                          .hashes = ALL_HASHES};
        run_oracle(&o, m->bytes, m->n, i % 2 != 0, ALL_HASHES);
        assert_like_oracle(field, m->bytes, m->n, &how, &o);
        if (o.outcome.code != code || (code != OTAPACK_OK && strcmp(o.outcome.field, field) != 0)) {
            fail_msg("code %d, field %s, but not %d, %s", (int)o.outcome.code, o.outcome.field,
                     (int)code, field);
        }
    }
}

static void expect_parts(const struct combined_part *parts, size_t count, enum otapack_code code,
                         const char *field)
{
    struct made m = make_combined(parts, count);
    expect(&m, code, field);
    free(m.bytes);
}

// A combined image of everything with one number of its table changed.
static void expect_patched(size_t entry, size_t at, uint32_t value, enum otapack_code code,
                           const char *field)
{
    struct kit k = kit_new();
    struct made m = make_combined(k.parts, PARTS);
    otapack_put_le32(m.bytes + entry * OTAPACK_RCP_ENTRY_SIZE + at, value);
    expect(&m, code, field);
    free(m.bytes);
    kit_free(&k);
}

// ---- The table ----------------------------------------------------------------------------------

TEST(how_large_a_table_may_be)
{
    struct kit k = kit_new();
    for (uint32_t size = 0; size < 200; size++) {
        bool allowed = size >= 24 && size <= 84 && size % 12 == 0;
        if (!allowed) {
            expect_patched(0, 4, size, OTAPACK_FORBIDDEN, "size");
        }
    }
    expect_patched(0, 4, UINT32_MAX, OTAPACK_FORBIDDEN, "size");
    expect_patched(0, 4, 84 + (1U << 31), OTAPACK_FORBIDDEN, "size");
    expect_patched(0, 8, 1, OTAPACK_FORBIDDEN, "offset");
    expect_patched(0, 8, 0x01000000, OTAPACK_FORBIDDEN, "offset");
    // Of one part to all: enough are two, the version and arguments that name no missing part.
    expect_parts(k.parts, 0, OTAPACK_FORBIDDEN, "size");
    expect_parts(k.parts, 1, OTAPACK_UNEXPECTED, "table");
    for (size_t count = 2; count < 5; count++) {
        expect_parts(k.parts, count, OTAPACK_FORBIDDEN, "flash_args");
    }
    expect_parts(k.parts, 5, OTAPACK_OK, "");
    expect_parts(k.parts, 6, OTAPACK_OK, "");
    kit_free(&k);
}

static void swap(struct combined_part *a, struct combined_part *b)
{
    struct combined_part was = *a;
    *a = *b;
    *b = was;
}

// All orders of the parts before `count` are as good as one another.
static void permute(struct combined_part *parts, size_t count, size_t from, unsigned *tried)
{
    if (from == count) {
        expect_parts(parts, PARTS, OTAPACK_OK, "");
        ++*tried;
        return;
    }
    for (size_t i = from; i < count; i++) {
        swap(&parts[from], &parts[i]);
        permute(parts, count, from + 1, tried);
        swap(&parts[from], &parts[i]);
    }
}

TEST(parts_in_any_order_but_the_host_last)
{
    struct kit k = kit_new();
    unsigned tried = 0;
    permute(k.parts, PARTS - 1, 0, &tried);
    assert_int_equal(tried, 120);
    for (size_t i = 0; i < PARTS - 1; i++) {
        swap(&k.parts[i], &k.parts[PARTS - 1]);
        expect_parts(k.parts, PARTS, OTAPACK_UNEXPECTED, "tag");
        swap(&k.parts[i], &k.parts[PARTS - 1]);
    }
    kit_free(&k);
}

TEST(tags)
{
    for (size_t entry = 1; entry <= PARTS; entry++) {
        static const uint32_t unknown[] = {6, 7, 0xFF, 0x100, 0x10000, UINT32_MAX};
        for (size_t i = 0; i < COUNT(unknown); i++) {
            expect_patched(entry, 0, unknown[i], OTAPACK_UNEXPECTED, "tag");
        }
        for (uint32_t tag = 0; tag + 1 < entry; tag++) { // each of those before it once more
            expect_patched(entry, 0, tag, OTAPACK_UNEXPECTED, "tag");
        }
    }
}

TEST(sizes_and_offsets)
{
    struct kit k = kit_new();
    for (size_t entry = 1; entry <= PARTS; entry++) {
        uint32_t n = (uint32_t)k.parts[entry - 1].n;
        expect_patched(entry, 4, 0, OTAPACK_FORBIDDEN, "size");
        bool small = entry <= 2;
        static const uint32_t huge[] = {UINT32_MAX, UINT32_MAX - 83, 0x80000000, 0xFFFFF000};
        for (size_t i = 0; i < COUNT(huge); i++) {
            // Of a file whose size nobody told all that is below 4 GiB may follow.
            struct made m = make_combined(k.parts, PARTS);
            static struct oracle o;
            struct how how = {.announced = (uint32_t)m.n, .hashes = ALL_HASHES};
            otapack_put_le32(m.bytes + entry * OTAPACK_RCP_ENTRY_SIZE + 4, huge[i]);
            run_oracle(&o, m.bytes, m.n, true, ALL_HASHES);
            assert_like_oracle("huge", m.bytes, m.n, &how, &o);
            assert_int_equal(o.outcome.code, small ? OTAPACK_FORBIDDEN : OTAPACK_TRUNCATED);
            how.unannounced = true;
            run_oracle(&o, m.bytes, m.n, false, ALL_HASHES);
            assert_like_oracle("huge", m.bytes, m.n, &how, &o);
            assert_true(o.outcome.code != OTAPACK_OK);
            free(m.bytes);
        }
        uint32_t offset = 84;
        for (size_t i = 0; i + 1 < entry; i++) {
            offset += (uint32_t)k.parts[i].n;
        }
        expect_patched(entry, 8, offset - 1, OTAPACK_FORBIDDEN, "offset");
        expect_patched(entry, 8, offset + 1, OTAPACK_FORBIDDEN, "offset");
        expect_patched(entry, 8, 0, OTAPACK_FORBIDDEN, "offset");
        expect_patched(entry, 8, offset + n, OTAPACK_FORBIDDEN, "offset");
    }
    kit_free(&k);
}

// ---- Parts --------------------------------------------------------------------------------------

TEST(the_version_has_1_to_99_bytes)
{
    static const uint8_t text[120] = "openthread";
    struct kit k = kit_new();
    for (size_t n = 1; n < sizeof(text); n += n == 1 || n >= 97 ? 1 : 96) {
        k.parts[0] = (struct combined_part){0, text, n};
        expect_parts(k.parts, PARTS, n <= 99 ? OTAPACK_OK : OTAPACK_FORBIDDEN, "size");
    }
    kit_free(&k);
}

TEST(bootloader_and_firmware_are_for_one_chip)
{
    struct kit k = kit_new();
    struct made other = make_app(&(struct image_parts){.chip = S3});
    k.parts[4] = (struct combined_part){4, other.bytes, other.n};
    expect_parts(k.parts, PARTS, OTAPACK_FORBIDDEN, "chip_id");
    swap(&k.parts[2], &k.parts[4]);
    expect_parts(k.parts, PARTS, OTAPACK_FORBIDDEN, "chip_id");
    swap(&k.parts[2], &k.parts[4]);
    k.parts[5] = k.parts[4]; // the host's chip is its own
    k.parts[5].tag = OTAPACK_RCP_HOST;
    k.parts[4] = (struct combined_part){4, k.firmware.bytes, k.firmware.n};
    expect_parts(k.parts, PARTS, OTAPACK_OK, "");
    free(other.bytes);
    kit_free(&k);
}

// An app without its description, in each slot that is for an app, and one of 8 bytes too few.
TEST(apps_have_a_description)
{
    for (size_t part = 4; part < PARTS; part++) {
        struct kit k = kit_new();
        struct made plain =
            make_app(&(struct image_parts){.bootloader = true, .chip = H2, .data_len = DATA_LEN});
        struct made small = make_app(&(struct image_parts){.chip = H2, .data_len = 248});
        struct made least = make_app(&(struct image_parts){.chip = H2, .data_len = 256});
        k.parts[part] = (struct combined_part){(uint32_t)part, plain.bytes, plain.n};
        expect_parts(k.parts, PARTS, OTAPACK_NOT_THIS, "magic_word");
        k.parts[part] = (struct combined_part){(uint32_t)part, small.bytes, small.n};
        expect_parts(k.parts, PARTS, OTAPACK_FORBIDDEN, "data_len");
        k.parts[part] = (struct combined_part){(uint32_t)part, least.bytes, least.n};
        expect_parts(k.parts, PARTS, OTAPACK_OK, "");
        free(plain.bytes);
        free(small.bytes);
        free(least.bytes);
        kit_free(&k);
    }
}

// A firmware's signatures say nothing of the host: bytes behind that one are no broken block.
TEST(each_image_has_signatures_of_its_own)
{
    struct kit k = kit_new();
    put_sector(&k.firmware, OTAPACK_SB_P256, 3);
    put_fill(&k.host, 0, (size_t)2 * OTAPACK_SB_SECTOR_SIZE);
    k.parts[4].n = k.firmware.n;
    k.parts[5].n = k.host.n;
    expect_parts(k.parts, PARTS, OTAPACK_OK, "");
    kit_free(&k);
}

// ---- Flash arguments ----------------------------------------------------------------------------

static void try_records(const uint32_t *numbers, size_t count, bool good)
{
    struct kit k = kit_new();
    k.flash_args.n = 0;
    for (size_t i = 0; i < count; i++) {
        put_le32(&k.flash_args, numbers[i]);
    }
    k.parts[1].n = k.flash_args.n;
    expect_parts(k.parts, PARTS, good ? OTAPACK_OK : OTAPACK_FORBIDDEN, "flash_args");
    kit_free(&k);
}
#define RECORDS(good, ...)                                                                         \
    try_records((const uint32_t[]){__VA_ARGS__},                                                   \
                sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t), (good))

TEST(flash_args_of_one_to_three_records)
{
    RECORDS(true, 2, 0);
    RECORDS(true, 4, 0x10000, 2, 0);
    RECORDS(true, 4, 0x10000, 2, 0, 3, 0x8000);
    RECORDS(false, 2, 0, 2, 0x10000);
    RECORDS(false, 2, 0, 3, 0x8000, 2, 0x10000);
    RECORDS(false, 0, 0);    // the version
    RECORDS(false, 1, 0);    // these
    RECORDS(false, 5, 0);    // the host
    RECORDS(false, 0xFF, 0); // the table
    RECORDS(false, 0x102, 0);
    RECORDS(false, UINT32_MAX, 0);
    RECORDS(false, 2, 1);
    RECORDS(false, 2, 4095);
    RECORDS(true, 2, 4096);
    RECORDS(true, 2, 0xFFFFF000);
    RECORDS(false, 2, 0xFFFFF001);
}

TEST(sizes_of_flash_args)
{
    static const uint8_t zeros[64];
    struct kit k = kit_new();
    for (size_t n = 1; n < 40; n++) {
        if (n % 8 != 0 || n > 24) {
            k.parts[1] = (struct combined_part){1, zeros, n};
            expect_parts(k.parts, PARTS, OTAPACK_FORBIDDEN, "size");
        }
    }
    kit_free(&k);
}

// The firmware of this many bytes and the bootloader at these addresses, either one first.
static void try_overlap(uint32_t size, uint32_t firmware, uint32_t bootloader, bool good)
{
    struct made large = make_app(&(struct image_parts){.chip = H2, .data_len = size - 64 - 32});
    const uint32_t records[] = {4, firmware, 2, bootloader, 4, firmware};
    assert_in_range(large.n, size - 32, size);
    put_fill(&large, 0xFF, size - large.n);
    for (size_t first = 0; first < 2; first++) {
        struct kit k = kit_new();
        k.parts[4] = (struct combined_part){4, large.bytes, large.n};
        k.flash_args.n = 0;
        for (size_t i = 0; i < 4; i++) {
            put_le32(&k.flash_args, records[2 * first + i]);
        }
        k.parts[1].n = k.flash_args.n;
        expect_parts(k.parts, PARTS, good ? OTAPACK_OK : OTAPACK_FORBIDDEN, "flash_args");
        kit_free(&k);
    }
    free(large.bytes);
}

TEST(what_is_flashed_does_not_overlap)
{
    try_overlap(4096, 0x10000, 0x11000, true);
    try_overlap(4100, 0x10000, 0x11000, false); // by 4 bytes
    try_overlap(4100, 0x10000, 0x12000, true);
    try_overlap(4096, 0x10000, 0x10000, false);
    try_overlap(4096, 0x10000, 0xF000, true); // the bootloader's 144 bytes in front of it
    try_overlap(4096, 0x10000, 0, true);
    try_overlap(4096, 0xFFFFF000, 0, true);
    try_overlap(8192, 0xFFFFF000, 0, false); // around the end of 4 GiB
    try_overlap(8192, 0xFFFFF000, 0x1000, true);
    try_overlap(4096, 0, 0xFFFFF000, true);
}

// ---- The RCP's partition table ------------------------------------------------------------------

// The table of `kit_new` with `n` bytes at `at` made `byte`, and cut to `size` bytes.
static void try_table(size_t at, size_t n, uint8_t byte, size_t size, enum otapack_code code,
                      const char *field)
{
    struct kit k = kit_new();
    memset(k.table.bytes + at, byte, n);
    k.parts[3].n = size;
    expect_parts(k.parts, PARTS, code, field);
    kit_free(&k);
}

TEST(partition_tables)
{
    try_table(0, 0, 0, 128, OTAPACK_OK, "");
    try_table(0, 0, 0, 96, OTAPACK_OK, "");
    try_table(0, 0, 0, 95, OTAPACK_TRUNCATED, "end");
    try_table(0, 0, 0, 64, OTAPACK_TRUNCATED, "end");
    try_table(0, 0, 0, 31, OTAPACK_TRUNCATED, "end");
    try_table(96, 32, 0x00, 128, OTAPACK_OK, ""); // behind the end
    try_table(40, 1, 0x00, 128, OTAPACK_OK, "");  // the MD5's own filling
    try_table(48, 1, 0x00, 128, OTAPACK_MISMATCH, "md5");
    try_table(63, 1, 0x00, 128, OTAPACK_MISMATCH, "md5");
    try_table(12, 1, 'g', 128, OTAPACK_MISMATCH, "md5");
    try_table(31, 1, 1, 128, OTAPACK_MISMATCH, "md5");
    try_table(0, 1, 0, 128, OTAPACK_FORBIDDEN, "partition");
    try_table(0, 32, 0xFF, 128, OTAPACK_FORBIDDEN, "partition");  // nothing before the end
    try_table(32, 32, 0xFF, 128, OTAPACK_OK, "");                 // no MD5
    try_table(64, 1, 0, 128, OTAPACK_FORBIDDEN, "partition");     // something behind the MD5
    try_table(64, 32, 0xEB, 128, OTAPACK_FORBIDDEN, "partition"); // a second MD5
}

// 95 partitions and the end fill a table's 0xC00 bytes; 96 leave no room for the end.
TEST(the_largest_partition_table)
{
    for (size_t count = 94; count < 98; count++) {
        struct kit k = kit_new();
        uint8_t entry[OTAPACK_PARTITION_ENTRY_SIZE];
        memcpy(entry, k.table.bytes, sizeof(entry));
        k.table.n = 0;
        for (size_t i = 0; i < count; i++) {
            put(&k.table, entry, sizeof(entry));
        }
        put_fill(&k.table, 0xFF, 64);
        k.parts[3].n = k.table.n;
        expect_parts(k.parts, PARTS, count < 96 ? OTAPACK_OK : OTAPACK_FORBIDDEN, "partition");
        k.parts[3].n = count * sizeof(entry);
        expect_parts(k.parts, PARTS, count <= 96 ? OTAPACK_TRUNCATED : OTAPACK_FORBIDDEN,
                     count <= 96 ? "end" : "partition");
        kit_free(&k);
    }
}

UNIT(stream_combined)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_large_a_table_may_be),
        cmocka_unit_test(parts_in_any_order_but_the_host_last),
        cmocka_unit_test(tags),
        cmocka_unit_test(sizes_and_offsets),
        cmocka_unit_test(the_version_has_1_to_99_bytes),
        cmocka_unit_test(bootloader_and_firmware_are_for_one_chip),
        cmocka_unit_test(apps_have_a_description),
        cmocka_unit_test(each_image_has_signatures_of_its_own),
        cmocka_unit_test(flash_args_of_one_to_three_records),
        cmocka_unit_test(sizes_of_flash_args),
        cmocka_unit_test(what_is_flashed_does_not_overlap),
        cmocka_unit_test(partition_tables),
        cmocka_unit_test(the_largest_partition_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
