// SPDX-License-Identifier: Apache-2.0
//
// Merged flash images whose apps lie in app partitions that the bootloader never looks in: the
// image fails for that, and the one beside it, in which it does look, boots.
#include "product.h"

#include "flash.h"

enum { FIRST = 0x10000, SECOND = 0x20000, ROOM = 0x10000 };

struct part {
    unsigned subtype;
    uint32_t at, size;
};

// A table with OTA data and these app partitions, two at most, and one app.
static void save(const struct part parts[2], uint32_t app_at)
{
    struct flash f = flash_new(0, 0xFF);
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xD000, 0x2000, "otadata");
    for (unsigned i = 0; i < 2 && parts[i].at != 0; i++) {
        pt_entry(&table, 0, parts[i].subtype, parts[i].at, parts[i].size, i == 0 ? "one" : "two");
    }
    pt_finish(&table);
    flash_put_file(&f, 0, H2_BOOTLOADER);
    flash_put(&f, 0x8000, &table);
    flash_put_file(&f, app_at, H2_APP);
    flash_save(&f, "flash.bin");
    image_free(&table);
}

TEST(where_the_bootloader_looks)
{
    static const struct {
        struct part parts[2];
        uint32_t app_at;
        const char *looks; // what is said of where it looks; NULL: the app boots
    } rows[] = {
        {{{0x10, FIRST, ROOM}}, FIRST, NULL},
        {{{0x20, FIRST, ROOM}}, FIRST, NULL}, // the test app, where there is no other
        {{{0x21, FIRST, ROOM}}, FIRST, "one in no partition of this table"},
        // Of two of a kind, the last.
        {{{0, FIRST, ROOM}, {0, SECOND, ROOM}}, SECOND, NULL},
        {{{0, FIRST, ROOM}, {0, SECOND, ROOM}}, FIRST, "one only at 0x20000 \\(two\\)"},
        // As many slots as there are OTA partitions, from ota_0 on.
        {{{0x11, FIRST, ROOM}}, FIRST, "one in no partition of this table"},
        {{{0x10, FIRST, ROOM}, {0x11, SECOND, ROOM}}, SECOND, NULL},
        {{{0x10, FIRST, ROOM}, {0x12, SECOND, ROOM}}, FIRST, NULL},
        {{{0x10, FIRST, ROOM}, {0x12, SECOND, ROOM}}, SECOND, "one only at 0x10000 \\(one\\)"},
        {{{0x10, FIRST, ROOM}, {0x21, SECOND, ROOM}}, SECOND, "one only at 0x10000 \\(one\\)"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        save(rows[i].parts, rows[i].app_at);
        const char *found = failing(tree("flash.bin"));
        want(strcmp(found, rows[i].looks == NULL ? "" : "flash-app-place") == 0, "row %zu: %s", i,
             found);
        if (rows[i].looks != NULL) {
            (void)expect(1, "verify flash.bin");
            want_err(rows[i].looks);
        }
    }
}

// A partition without a byte is none, and not said to be where the app belongs.
TEST(a_partition_without_a_byte)
{
    static const struct part parts[2] = {{0, FIRST, 0}};
    save(parts, FIRST);
    (void)expect(1, "verify flash.bin");
    want_err("misplaced\\[0\\]: .* the partition table has none; .*\\[flash-app-place\\]$");
    want_not_err("looks for apps at");
}

// Without a table, what has an app behind its bootloader is a flash image still; what has none is a
// bootloader, filled up.
TEST(an_app_without_a_table)
{
    struct flash f = flash_new(0, 0xFF);
    flash_put_file(&f, 0, H2_BOOTLOADER);
    flash_fill_to(&f, FIRST);
    image_save(&f.file, "boot.bin");
    (void)expect(0, "verify boot.bin");
    flash_put_file(&f, FIRST, H2_APP);
    flash_save(&f, "flash.bin");
    (void)expect(1, "verify flash.bin");
    want_one_line();
    want_err("^otapack: flash.bin: there is no partition table behind .*\\[flash-layout\\]$");
}

UNIT(flash_places)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_the_bootloader_looks),
        cmocka_unit_test(a_partition_without_a_byte),
        cmocka_unit_test(an_app_without_a_table),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
