// SPDX-License-Identifier: Apache-2.0
//
// Combined images whose table lies: sizes near 2^32, parts outside the file, overlapping, gaps, a
// table of 0 bytes or more than 84, tags twice or unknown; and the same of ESP images and partition
// tables. Status 1, the right check, soon; and what can be read still is.
#include "run.h"

#include "image.h"

enum { ENTRY_SIZE = 4, ENTRY_OFFSET = 8, PT_ENTRY = 32, PT_AT = 0x8000 };
#define GOOD "fixtures/rcp_image/good-with-host.bin"
#define NEAR_END UINT32_C(0xFFFFFFFF)

static struct image good, app;

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    good = image_load(GOOD);
    app = rcp_part(&good, 5);
    return 0;
}

static int end(void **group)
{
    image_free(&good);
    image_free(&app);
    return run_end(group);
}

// ---- What is said -------------------------------------------------------------------------------

static const json_t *bad_tree(void)
{
    (void)expect(1, "inspect --json bad.bin");
    return at(document(), "files[0].root");
}

static void extract_ends(void)
{
    (void)run("extract bad.bin -o parts"); // with any of the three statuses
    run_remove("parts");
}

// bad.bin fails this check, and others perhaps.
static void refused(const char *id)
{
    char regex[100];
    want(has_failed(bad_tree(), id), "%s did not fail", id);
    (void)snprintf(regex, sizeof(regex), "\\[%s\\]$", id);
    want(says(expect(1, "verify bad.bin")->err, regex), "verify does not say %s", id);
    (void)expect(1, "inspect bad.bin");
    extract_ends();
}

// The good image with this word at that place.
static void change(size_t place, uint32_t value)
{
    struct image im = image_copy(&good);
    poke32(&im, place, value);
    image_save(&im, "bad.bin");
    image_free(&im);
}

static void change_refused(size_t place, uint32_t value, const char *id)
{
    change(place, value);
    refused(id);
}

// ---- The table of a combined image --------------------------------------------------------------

TEST(size_of_the_table)
{
    static const struct {
        uint32_t size;
        const char *id; // "": any
    } rows[] = {{0, "rcp-table"},
                {1, ""},
                {12, "rcp-table"},
                {23, ""},
                {25, ""},
                {83, ""},
                {85, ""},
                {96, "rcp-table"},
                {108, "rcp-table"},
                {255, ""},
                {65535, ""},
                {UINT32_C(0x80000000), ""},
                {UINT32_C(0xFFFFFFF0), ""},
                {NEAR_END, ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        change(4, rows[i].size);
        const json_t *root = bad_tree();
        want(*failing(root) != '\0', "a table of %" PRIu32 " bytes", rows[i].size);
        want(*rows[i].id == '\0' || has_failed(root, rows[i].id),
             "a table of %" PRIu32 " bytes is not %s", rows[i].size, rows[i].id);
    }
    change_refused(4, 0, "rcp-table");
    change_refused(4, 96, "rcp-table");
    change_refused(8, 12, "rcp-table");
}

TEST(bounds_of_parts)
{
    for (uint32_t tag = 0; tag <= 5; tag++) {
        size_t entry = rcp_entry(&good, tag);
        uint32_t offset = u32_at(&good, entry + ENTRY_OFFSET);
        const uint32_t values[] = {NEAR_END, UINT32_C(0xFFFFFFF0), 0U - offset,
                                   UINT32_C(0x80000000), (uint32_t)good.n + 1};
        for (size_t i = 0; i < COUNT(values); i++) {
            change_refused(entry + ENTRY_SIZE, values[i], "rcp-bounds");
            change_refused(entry + ENTRY_OFFSET, values[i], "rcp-bounds");
        }
        change_refused(entry + ENTRY_OFFSET, offset + 4, "rcp-contiguous");
        change_refused(entry + ENTRY_OFFSET, 0, "rcp-contiguous");
        want(u32_at(&good, entry + ENTRY_SIZE) > 4, "a tiny part");
    }
    // Just outside: the last part one byte too long.
    size_t last = rcp_entry(&good, 5) + ENTRY_SIZE;
    change_refused(last, u32_at(&good, last) + 1, "rcp-bounds");
    change_refused(last, u32_at(&good, last) - 1, "rcp-trailing");
}

TEST(tags_of_parts)
{
    change_refused(rcp_entry(&good, 3), 2, "rcp-duplicate");
    change_refused(rcp_entry(&good, 5), 6, "rcp-tags");
    change(rcp_entry(&good, 5), 0xFF);
    (void)expect(1, "inspect bad.bin");
    change(rcp_entry(&good, 0), NEAR_END);
    refused("rcp-tags");
    refused("rcp-parts");
    change(rcp_entry(&good, 5) + ENTRY_SIZE, 0); // a part of no bytes
    (void)expect(1, "inspect bad.bin");
}

TEST(a_broken_part_does_not_hide_its_neighbours)
{
    change(u32_at(&good, rcp_entry(&good, 4) + ENTRY_OFFSET), 0);
    const json_t *root = bad_tree();
    want(*text_at(root, "parts.host.parts.desc.fields.version.value") != '\0' &&
             strcmp(text_at(root, "parts.bootloader.fields.chip.value"), "esp32h2") == 0,
         "the neighbours are gone");
}

// ---- ESP images, partition tables ---------------------------------------------------------------

TEST(segments)
{
    static const uint32_t lengths[] = {NEAR_END, UINT32_C(0xFFFFFFFC), UINT32_C(0x80000000),
                                       UINT32_C(0x1000000), 3};
    static const unsigned counts[] = {0, 17, 255};
    for (size_t i = 0; i < COUNT(lengths) + COUNT(counts); i++) {
        struct image im = image_copy(&app);
        if (i < COUNT(lengths)) {
            poke32(&im, AT_FIRST_SEGMENT + 4, lengths[i]);
        } else {
            poke8(&im, AT_SEGMENT_COUNT, counts[i - COUNT(lengths)]);
        }
        image_save(&im, "bad.bin");
        image_free(&im);
        refused("esp-header");
    }
}

TEST(partitions)
{
    struct image table; // one that wraps around 2^32, one that fills it all
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, "nvs");
    pt_entry(&table, 0, 0, UINT32_C(0xFFFF0000), 0x20000, "factory");
    pt_finish(&table);
    image_save(&table, "bad.bin");
    image_free(&table);
    (void)expect(1, "inspect bad.bin");
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, UINT32_C(0xFFFFF000), "nvs");
    pt_entry(&table, 0, 0, 0x10000, 0x100000, "factory");
    pt_finish(&table);
    image_save(&table, "bad.bin");
    image_free(&table);
    refused("pt-overlap");
}

// The table of a merged image for a flash of 4 MB, with an app that ends there.
static const char *failing_at_the_end(uint32_t end, const char *first, const char *second)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, first);
    pt_entry(&table, 0, 0, 0x10000, end - 0x10000, second);
    pt_finish(&table);
    merged_save(&table, "flash.bin");
    image_free(&table);
    return failing(tree("flash.bin"));
}

TEST(a_partition_that_ends_with_the_flash)
{
    static const uint32_t flash = 0x400000;
    want(*failing_at_the_end(flash, "nvs", "factory") == '\0', "it fits to the byte");
    want(strcmp(failing_at_the_end(flash + 0x1000, "nvs", "factory"), "pt-flash-size") == 0,
         "a sector too many");
}

// All 16 characters of a label count.
TEST(labels_that_differ_at_their_end)
{
    static const uint32_t end = 0x110000;
    want(*failing_at_the_end(end, "sixteen_letters1", "sixteen_letters2") == '\0', "they differ");
    want(strcmp(failing_at_the_end(end, "sixteen_letters1", "sixteen_letters1"), "pt-labels") == 0,
         "they are the same");
}

// A partition table ends with FF FF FF FF: a device takes an entry with an erased magic number but
// another type for damage, and so for no table at all.
static void ends_badly(const struct image *table, size_t place, unsigned value)
{
    struct image im = image_copy(table);
    poke8(&im, place, value);
    image_save(&im, "bad.bin");
    image_free(&im);
    want(strcmp(failing(bad_tree()), "pt-entries") == 0, "not pt-entries alone");
    want(says(expect(1, "verify bad.bin")->err, "\\[pt-entries\\]$"), "verify does not say it");
    (void)expect(2, "verify bad.bin --allow pt-entries");
}

TEST(the_end_of_a_partition_table)
{
    static const char *const names[] = {"fixtures/partition_table/good-rcp.bin",
                                        "fixtures/partition_table/good-host.bin"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct image table = image_load(names[i]);
        size_t place = 0;
        while (u16_at(&table, place) != 0xFFFF) {
            place += PT_ENTRY;
        }
        for (const unsigned *value = (const unsigned[]){0, 1, 254, 0xFF}; *value != 0xFF; value++) {
            ends_badly(&table, place + 2, *value);
            ends_badly(&table, place + 3, *value);
        }
        poke8(&table, place + 4, 0); // what stands behind these four bytes is not read by anybody
        image_save(&table, "table.bin");
        (void)expect(0, "verify table.bin");
        image_free(&table);
    }
}

// The same in a merged image, which is still known for one.
TEST(the_end_of_a_table_in_flash)
{
    struct image flash = image_load("fixtures/flash/good-merged-esp32h2.bin");
    poke16(&flash, PT_AT + 130, 0x201);
    image_save(&flash, "bad.bin");
    image_free(&flash);
    want(says(expect(1, "verify bad.bin")->err, "\\[pt-entries\\]$"), "verify does not say it");
}

UNIT(tables)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_of_the_table),
        cmocka_unit_test(bounds_of_parts),
        cmocka_unit_test(tags_of_parts),
        cmocka_unit_test(a_broken_part_does_not_hide_its_neighbours),
        cmocka_unit_test(segments),
        cmocka_unit_test(partitions),
        cmocka_unit_test(a_partition_that_ends_with_the_flash),
        cmocka_unit_test(labels_that_differ_at_their_end),
        cmocka_unit_test(the_end_of_a_partition_table),
        cmocka_unit_test(the_end_of_a_table_in_flash),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
