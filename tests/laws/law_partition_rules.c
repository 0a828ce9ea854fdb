// SPDX-License-Identifier: Apache-2.0
//
// For each rule of a partition table: the partition that just passes, and the one that just does
// not, in a table whose MD5 fits, and where it can be written also in a partitions.csv, which is
// then refused, as gen_esp32part.py refuses it.
#include "product.h"

enum { FLAGS = 28, SECTOR = 0x1000 };

// What is left of the name "" is there alone; else it follows a good NVS and factory app.
struct row {
    const char *id; // "": nothing fails
    unsigned type, subtype;
    uint32_t offset, size, flags;
};

static const struct row rows[] = {
    {"", 0, 0x10, 0x20000, 0x1000, 0},
    {"pt-app-size", 0, 0x10, 0x20000, 0x1001, 0},
    {"pt-app-size", 0, 0x10, 0x20000, 0x1FFF, 0},
    {"pt-align", 0, 0x10, 0x21000, 0x1000, 0},
    {"pt-align", 0, 0x10, 0x2F000, 0x1000, 0},
    {"", 0, 0x10, 0x30000, 0x1000, 2}, // a device takes it
    {"", 1, 0x81, 0x20000, 1, 0},
    {"pt-data-align", 1, 0x81, 0x20001, SECTOR, 0},
    {"pt-data-align", 1, 0x81, 0x20FFF, SECTOR, 0},
    {"", 1, 0x02, 0x20000, 0x3000, 0},
    {"pt-nvs-size", 1, 0x02, 0x20000, 0x2FFF, 0},
    {"", 1, 0x02, 0x20000, 0x2FFF, 2},
    {"pt-nvs-size", 1, 0x02, 0x20000, 0x1000, 1}, // encrypted is not read-only
    {"", 1, 0x00, 0x20000, 0x2000, 0},
    {"pt-otadata-small", 1, 0x00, 0x20000, 0x1FFF, 0},
    {"pt-otadata-small", 1, 0x00, 0x20000, 0, 0},
    {"pt-otadata-size", 1, 0x00, 0x20000, 0x2001, 0},
    {"pt-otadata-size", 1, 0x00, 0x20000, 0x3000, 0},
    {"pt-align", 1, 0x00, 0x20100, 0x2000, 0},
    {"pt-otadata-readonly", 1, 0x00, 0x20000, 0x2000, 2},
    {"", 1, 0x00, 0x20000, 0x2000, 1},
    {"", 1, 0x90, 0x20000, 0x2000, 2}, // nobody says what becomes of a read-only one of the TEE
    {"pt-otadata-size", 1, 0x90, 0x20000, 0x1FFF, 0},
    {"pt-otadata-size", 1, 0x90, 0x20000, 0x2001, 0},
    {"", 1, 0x03, 0x20000, 0x1000, 0},
    {"pt-coredump-readonly", 1, 0x03, 0x20000, 0x1000, 2},
    {"pt-overlap", 1, 0x81, 0x1F000, 0x1000, 0},
    {"", 1, 0x81, 0x1F000, 0, 0}, // of no bytes
    {"", 1, 0x81, 0x1E000, 0, 0},
};

static void table_with(const struct row *row)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 1, 0x9000, 0x6000, "first");
    pt_entry(&table, 0, 0, 0x10000, 0x10000, "factory");
    pt_entry(&table, row->type, row->subtype, row->offset, row->size, "last");
    poke32(&table, table.n - 32 + FLAGS, row->flags);
    pt_finish(&table);
    image_save(&table, "table.bin");
    image_free(&table);
}

static void csv_with(const struct row *row)
{
    text_file("table.csv",
              "first,data,phy,0x9000,24K\nfactory,app,factory,0x10000,64K\n"
              "last,%u,%u,0x%" PRIx32 ",%" PRIu32 ",%s:%s\n",
              row->type, row->subtype, row->offset, row->size,
              (row->flags & 1) != 0 ? "encrypted" : "", (row->flags & 2) != 0 ? "readonly" : "");
}

TEST(just_good_and_just_not)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        table_with(row);
        const char *failed = failing(tree("table.bin"));
        if (strcmp(failed, row->id) != 0) {
            complain("row %zu: '%s' instead of '%s'", i, failed, row->id);
        }
    }
    complaints_end();
}

// What the tool takes, becomes the same bytes; what is wrong with a table, no text says. Between
// what is refused for lying below what is above it, and what has no bytes, the tool sees a
// difference that a table has not.
TEST(as_text)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct row *row = &rows[i];
        if (row->offset < 0x20000) {
            continue;
        }
        table_with(row);
        csv_with(row);
        const json_t *root = tree("table.csv");
        if (*row->id != '\0') {
            if (strcmp(failing(root), "pt-csv") != 0 ||
                !says(text_at(root, "error"), "^line 3: partition last ")) {
                complain("row %zu: '%s', %s", i, failing(root), text_at(root, "error"));
            }
        } else {
            want(*failing(root) == '\0', "row %zu: %s", i, failing(root));
            expect(0, "extract table.csv table -o made.bin");
            want_same("made.bin", "table.bin");
        }
    }
    complaints_end();
}

// Where it is known where they lie.
static void placed(uint32_t offset, uint32_t size, unsigned type, unsigned subtype, const char *id)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 1, 0x9000, 0x6000, "phy");
    pt_entry(&table, 0, 0, 0x10000, 0x100000, "factory");
    pt_entry(&table, type, subtype, offset, size, "other");
    pt_finish(&table);
    merged_save(&table, "flash.bin");
    image_save(&table, "table.bin");
    image_free(&table);
    want(strcmp(failing(tree("flash.bin")), id) == 0, "0x%" PRIx32 ": %s", offset,
         failing(document()));
    want(*failing(tree("table.bin")) == '\0', "a table alone does not know where it lies");
}

TEST(over_the_bootloader_and_the_table)
{
    static struct image bootloader;
    bootloader = image_load("fixtures/esp_image/good-bootloader-esp32h2.bin");
    uint32_t end = (uint32_t)bootloader.n;
    image_free(&bootloader);
    want(end <= SECTOR, "the bootloader has more than a sector");
    placed(0, 0x1000, 1, 0x06, "flash-overlap");
    placed(SECTOR, 0x7000, 1, 0x06, "");
    placed(SECTOR, 0x7001, 1, 0x06, "flash-overlap");
    placed(0x8000, 0x1000, 1, 0x06, "flash-overlap");
    placed(0x8000, 0, 1, 0x06, "");
    placed(0, 0x8000, 2, 0, ""); // they are what lies there
    placed(0x8000, 0x1000, 3, 0, "");
    placed(0x8000, 0x1000, 3, 1, "flash-overlap");
}

static void twice(unsigned subtype, const char *id)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0x9000, 0x2000, "one");
    pt_entry(&table, 1, subtype, 0xb000, 0x2000, "two");
    pt_finish(&table);
    image_save(&table, "table.bin");
    image_free(&table);
    want(strcmp(failing(tree("table.bin")), id) == 0, "%s", failing(document()));
}

TEST(ota_data_once)
{
    twice(0, "pt-otadata-twice");
    twice(0x90, ""); // of another kind
}

// A table is one, even if no update can take effect with it; what is no table is named.
TEST(as_an_option)
{
    static const struct row small = {"", 1, 0x00, 0x20000, 0x1000, 0};
    static const struct row misaligned = {"", 0, 0x10, 0x21000, 0x1000, 0};
#define APP "fixtures/br/demo_br.bin"
    table_with(&small);
    want(run("verify " APP " -p table.bin")->status != 2, "it is a table");
    table_with(&misaligned);
    expect(1, "verify " APP " -p table.bin");
    want_err("the partition table: partition last begins at 0x21000, no multiple of 0x10000 "
             "\\[pt-align\\]; .* \\[host-table\\]$");
    expect(2, "verify " APP " -p " APP);
    want_one_line();
    want_err("^otapack: " APP ": is no partition table \\(ESP32-S3 app .*\\); give the "
             "partition-table.bin or the partitions.csv ");
    expect(2, "verify " APP " -p fixtures/flash/good-merged-esp32.bin");
    want_err("is no partition table \\(merged flash image\\); .* partition_table$");
    expect(2, "verify " APP " -p fixtures/raw/html.bin");
    want_err("is no partition table \\(looks like HTML ");
}

UNIT(partition_rules)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(just_good_and_just_not),
        cmocka_unit_test(as_text),
        cmocka_unit_test(over_the_bootloader_and_the_table),
        cmocka_unit_test(ota_data_once),
        cmocka_unit_test(as_an_option),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
