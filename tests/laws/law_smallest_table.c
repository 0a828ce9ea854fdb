// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of partition tables, as bytes and as text, and of OTA data.
#include "run.h"

#include "smallest.h"

#define TABLE "fixtures/partition_table/good-rcp.bin"
#define OTA_DATA "fixtures/ota_data/good-one-entry.bin"

enum { ENTRY = 32, SECTOR = 0x1000, AT_FLAGS = 28, AT_STATE = 24, AT_CRC = 28, MD5 = 16 };

// ---- One partition behind two good ones ---------------------------------------------------------

enum field { OFFSET, SIZE, FLAGS };
enum type { APP, DATA };
enum subtype { OTA_0 = 0x10, OTA = 0, NVS = 2, COREDUMP = 3, TEE_OTA = 0x90, SPIFFS = 0x82 };

// What the partition is but for the field that has the value: a row's `at` is an index of these,
// its `width` the field.
enum { AN_APP, OTA_DATA_, AN_NVS, SMALL_NVS, A_COREDUMP, TEE, SOME, AT_THE_END, BEFORE };
static const struct partition {
    unsigned type, subtype;
    uint32_t offset, size, flags;
} partitions[] = {
    [AN_APP] = {APP, OTA_0, 0x20000, SECTOR, 0},
    [OTA_DATA_] = {DATA, OTA, 0x20000, 0x2000, 0},
    [AN_NVS] = {DATA, NVS, 0x20000, 0x3000, 0},
    [SMALL_NVS] = {DATA, NVS, 0x20000, 0x2FFF, 0},
    [A_COREDUMP] = {DATA, COREDUMP, 0x20000, SECTOR, 0},
    [TEE] = {DATA, TEE_OTA, 0x20000, 0x2000, 0},
    [SOME] = {DATA, SPIFFS, 0x20000, SECTOR, 0},
    [AT_THE_END] = {DATA, SPIFFS, UINT32_MAX - 0x1FFF, 0, 0},
    [BEFORE] = {DATA, SPIFFS, 0xF000, 0, 0},
};

static void begin(struct image *table)
{
    pt_begin(table);
    pt_entry(table, DATA, 1, 0x9000, 0x6000, "first");
    pt_entry(table, APP, 0, 0x10000, 0x10000, "factory");
}

static struct image with_partition(const struct border *b, uint32_t value)
{
    struct partition p = partitions[b->at];
    struct image table;
    uint32_t *fields[] = {&p.offset, &p.size, &p.flags};
    *fields[b->width] = value;
    begin(&table);
    pt_entry(&table, p.type, p.subtype, p.offset, p.size, "last");
    poke32(&table, table.n - ENTRY + AT_FLAGS, p.flags);
    pt_finish(&table);
    return table;
}

// OTA data, and another partition with such a subtype.
static struct image with_second(const struct border *b, uint32_t subtype)
{
    struct image table;
    (void)b;
    begin(&table);
    pt_entry(&table, DATA, OTA, 0x20000, 0x2000, "one");
    pt_entry(&table, DATA, subtype, 0x22000, 0x2000, "two");
    pt_finish(&table);
    return table;
}

// A label of so many letters, the last of which is this one.
static struct image with_label(const struct border *b, uint32_t letter)
{
    char label[] = "sixteen_letters_";
    struct image table;
    label[b->width - 1] = (char)letter;
    label[b->width] = '\0';
    begin(&table);
    pt_entry(&table, DATA, SPIFFS, 0x20000, SECTOR, b->width == 1 ? "1" : "sixteen_letters_");
    pt_entry(&table, DATA, SPIFFS, 0x21000, SECTOR, label);
    pt_finish(&table);
    return table;
}

static struct image with_md5_or_none(const struct border *b, uint32_t md5)
{
    struct image table = image_load(b->file);
    size_t at = 0;
    while (u16_at(&table, at) != 0xEBEB) {
        at += ENTRY;
    }
    if (!md5) {
        memset(table.p + at, 0xFF, ENTRY);
    }
    return table;
}

// A byte of the MD5, or behind it, with other bits.
static struct image behind_the_entries(const struct border *b, uint32_t bits)
{
    struct image table = image_load(b->file);
    size_t at = b->at;
    while (u16_at(&table, at - b->at) != 0xEBEB) {
        at += ENTRY;
    }
    poke8(&table, at, u8_at(&table, at) ^ bits);
    return table;
}

static struct image text_with_offset(const struct border *b, uint32_t offset)
{
    char text[100];
    (void)b;
    int n = snprintf(text, sizeof(text),
                     "# ESP-IDF Partition Table\nnvs,data,nvs,0x%" PRIx32 ",0x6000\n", offset);
    struct image csv = {(uint8_t *)text, (size_t)n};
    return image_copy(&csv);
}

static struct image with_flash(const struct border *b, uint32_t size)
{
    struct image table, flash = image_load(b->file);
    pt_begin(&table);
    pt_entry(&table, DATA, 1, 0x9000, 0x6000, "first");
    pt_entry(&table, APP, 0, 0x10000, size - 0x10000, "factory");
    pt_finish(&table);
    image_put(&flash, 0x8000, table.p, table.n);
    image_free(&table);
    return flash;
}

static struct image with_bits(const struct border *b, uint32_t bits)
{
    struct image im = image_load(b->file);
    poke8(&im, b->at, u8_at(&im, b->at) ^ bits);
    return im;
}

static const struct border rows[] = {
    {"pt-entries", BORDER_FAIL, 0, 1, .make = behind_the_entries, .file = TABLE, .at = ENTRY + 2},
    {"pt-entries", BORDER_FAIL, 0, 1, .make = with_bits, .file = TABLE, .at = ENTRY},
    {"pt-md5", BORDER_FAIL, 0, 1, .make = behind_the_entries, .file = TABLE, .at = MD5},
    {"pt-md5", BORDER_FAIL, 0, 0x80, .make = behind_the_entries, .file = TABLE, .at = ENTRY - 1},
    {"pt-no-md5", BORDER_WARN, 1, 0, .make = with_md5_or_none, .file = TABLE},
    {"pt-overlap", BORDER_FAIL, 0x20000, 0x1F000, .make = with_partition, .at = SOME,
     .width = OFFSET},
    {"pt-overlap", BORDER_FAIL, 0x1000, 0x1001, .make = with_partition, .at = BEFORE,
     .width = SIZE},
    {"pt-overlap", BORDER_FAIL, 0x1FFF, 0x2000, .make = with_partition, .at = AT_THE_END,
     .width = SIZE},
    {"pt-align", BORDER_FAIL, 0x30000, 0x2F000, .make = with_partition, .at = AN_APP,
     .width = OFFSET},
    {"pt-align", BORDER_FAIL, 0x30000, 0x31000, .make = with_partition, .at = AN_APP,
     .width = OFFSET},
    {"pt-align", BORDER_FAIL, 0x21000, 0x20FFF, .make = with_partition, .at = OTA_DATA_,
     .width = OFFSET},
    {"pt-data-align", BORDER_WARN, 0x21000, 0x21001, .make = with_partition, .at = SOME,
     .width = OFFSET},
    {"pt-data-align", BORDER_WARN, 0x21000, 0x20FFF, .make = with_partition, .at = SOME,
     .width = OFFSET},
    {"pt-app-size", BORDER_WARN, 0x1000, 0x1001, .make = with_partition, .at = AN_APP,
     .width = SIZE},
    {"pt-app-size", BORDER_WARN, 0x2000, 0x1FFF, .make = with_partition, .at = AN_APP,
     .width = SIZE},
    {"pt-nvs-size", BORDER_WARN, 0x3000, 0x2FFF, .make = with_partition, .at = AN_NVS,
     .width = SIZE},
    {"pt-nvs-size", BORDER_WARN, 2, 1, .make = with_partition, .at = SMALL_NVS, .width = FLAGS},
    {"pt-otadata-small", BORDER_FAIL, 0x2000, 0x1FFF, .make = with_partition, .at = OTA_DATA_,
     .width = SIZE},
    {"pt-otadata-size", BORDER_WARN, 0x2000, 0x2001, .make = with_partition, .at = OTA_DATA_,
     .width = SIZE},
    {"pt-otadata-size", BORDER_WARN, 0x2000, 0x1FFF, .make = with_partition, .at = TEE,
     .width = SIZE},
    {"pt-otadata-readonly", BORDER_FAIL, 1, 2, .make = with_partition, .at = OTA_DATA_,
     .width = FLAGS},
    {"pt-otadata-twice", BORDER_FAIL, TEE_OTA, OTA, .make = with_second},
    {"pt-coredump-readonly", BORDER_WARN, 1, 2, .make = with_partition, .at = A_COREDUMP,
     .width = FLAGS},
    {"pt-labels", BORDER_WARN, '-', '_', .make = with_label, .width = 16},
    {"pt-labels", BORDER_WARN, '2', '\0', .make = with_label, .width = 1},
    {"pt-csv", BORDER_FAIL, 0xA000, 0xA001, .make = text_with_offset},
    {"pt-flash-size", BORDER_FAIL, 0x400000, 0x401000, .make = with_flash,
     .file = "fixtures/flash/good-merged-esp32h2.bin"},

    {"ota-data-crc", BORDER_WARN, 0, 1, .make = with_bits, .file = OTA_DATA, .at = AT_CRC},
    {"ota-data-state", BORDER_WARN, 2, 3, .make = border_poked, .file = OTA_DATA, .at = AT_STATE,
     .width = 4},
    {"ota-data-state", BORDER_WARN, UINT32_MAX, 5, .make = border_poked, .file = OTA_DATA,
     .at = AT_STATE, .width = 4},
};

const struct border_table borders_of_table = {rows, COUNT(rows)};

TEST(table_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_table)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
