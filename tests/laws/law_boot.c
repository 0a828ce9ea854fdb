// SPDX-License-Identifier: Apache-2.0
//
// OTA data in a merged flash image: it is read as such wherever the partition table says that it is
// there, and not only when it is tidy; and which partition it boots goes by the slots' subtypes.
#include "product.h"

#include "image.h"

enum { SECTOR = 4096, FLASH_SIZE = 0x40000, TABLE_AT = 0x8000, DATA_AT = 0xE000 };
enum { AT_CRC = 28, SECOND = SECTOR };

// ---- Images -------------------------------------------------------------------------------------

struct slot {
    unsigned subtype;
    const char *label; // NULL: no more of them
};

static const struct slot tidy[] = {{0x10, "one"}, {0x11, "two"}, {0, NULL}};
static const struct slot turned[] = {{0x11, "two"}, {0x10, "one"}, {0, NULL}}; // the second first
static const struct slot with_factory[] = {{0x11, "two"}, {0x10, "one"}, {0, "plant"}, {0, NULL}};

static void put_file(struct image *flash, size_t place, const char *name)
{
    struct image im = image_load(name);
    image_put(flash, place, im.p, im.n);
    image_free(&im);
}

// flash.bin, with an app in each slot.
static void save_flash(const struct image *data, const struct slot *slots)
{
    struct image table, flash = image_fill(0xFF, FLASH_SIZE);
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x4000, "nvs");
    pt_entry(&table, 1, 0, DATA_AT, 0x2000, "otadata");
    uint32_t place = 0x10000;
    for (; slots->label != NULL; slots++, place += 0x10000) {
        pt_entry(&table, 0, slots->subtype, place, 0x10000, slots->label);
    }
    pt_finish(&table);
    put_file(&flash, 0, "fixtures/rcp_build/bootloader/bootloader.bin");
    image_put(&flash, TABLE_AT, table.p, table.n);
    image_put(&flash, DATA_AT, data->p, data->n);
    while ((place -= 0x10000) >= 0x10000) {
        put_file(&flash, place, "fixtures/rcp_build/esp_ot_rcp.bin");
    }
    image_save(&flash, "flash.bin");
    image_free(&flash);
    image_free(&table);
}

// OTA data of two sectors: the fixture's with sequence 1, with sequence 2, or erased ones.
enum sector { SEQ1, SEQ2, ERASED };

static struct image data_of(enum sector first, enum sector second)
{
    struct image from = image_load("fixtures/ota_data/good-slot-1.bin");
    struct image to = image_fill(0xFF, (size_t)2 * SECTOR);
    want(u32_at(&from, 0) == 1 && u32_at(&from, SECTOR) == 2, "the sequences of the fixture");
    if (first != ERASED) {
        image_put(&to, 0, from.p + (size_t)first * SECTOR, SECTOR);
    }
    if (second != ERASED) {
        image_put(&to, SECOND, from.p + (size_t)second * SECTOR, SECTOR);
    }
    image_free(&from);
    return to;
}

// ---- What is said of them -----------------------------------------------------------------------

static void boots(const char *label)
{
    char line[40];
    (void)snprintf(line, sizeof(line), "%s\n", label);
    const struct run *r = expect(0, "inspect flash.bin --get boot_partition");
    want(strcmp(r->out, line) == 0, "it should boot %s", label);
}

static void passes(void)
{
    expect(0, "verify flash.bin");
    want_no_err();
}

static void is_opened(void)
{
    (void)expect(0, "inspect --json flash.bin");
    want(strcmp(text_at(document(), "files[0].root.parts.otadata.format"), "ota_data") == 0,
         "the OTA data is not opened");
}

static void warns_of_crc(const char *regex)
{
    want(says(expect(0, "verify flash.bin")->err, regex), "verify does not say ota-data-crc");
}

#define CRC_WARNING "warning: .*\\[ota-data-crc\\]$"

// ---- Tidy ones ----------------------------------------------------------------------------------

TEST(slots_by_their_subtypes)
{
    static const struct slot *const slots[] = {tidy, turned, with_factory};
    static const struct {
        enum sector first, second;
        const char *boots;
    } rows[] = {{SEQ1, ERASED, "one"}, {ERASED, SEQ2, "two"}, {SEQ2, SEQ1, "two"}};
    for (size_t i = 0; i < COUNT(slots) * COUNT(rows); i++) {
        struct image data = data_of(rows[i % 3].first, rows[i % 3].second);
        save_flash(&data, slots[i / 3]);
        image_free(&data);
        passes();
        boots(rows[i % 3].boots);
        (void)expect(0, "inspect flash.bin --get otadata.entries");
    }
}

TEST(erased)
{
    struct image none = data_of(ERASED, ERASED);
    save_flash(&none, tidy);
    boots("one");
    save_flash(&none, turned);
    boots("one");
    save_flash(&none, with_factory);
    boots("plant");
    passes(); // erased as a whole: there is nothing to warn of
    image_free(&none);
}

// ---- Untidy ones --------------------------------------------------------------------------------

TEST(a_stray_byte)
{
    static const struct {
        enum sector first, second;
        size_t place;
        const char *boots;
    } rows[] = {{SEQ2, SEQ1, 64, "two"},
                {SEQ2, SEQ1, 4095, "two"},
                {SEQ2, SEQ1, 4200, "two"},
                {SEQ1, ERASED, 8191, "one"},
                {ERASED, ERASED, 4000, "one"}}; // nothing else: neither entry is used
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image data = data_of(rows[i].first, rows[i].second);
        poke8(&data, rows[i].place, 0);
        save_flash(&data, tidy);
        image_free(&data);
        is_opened();
        boots(rows[i].boots);
    }
}

// A wrong CRC is said, stray bytes or not; the bootloader passes over that entry.
TEST(a_wrong_crc)
{
    struct image data = data_of(ERASED, SEQ2);
    poke32(&data, SECOND + AT_CRC, 0);
    save_flash(&data, tidy);
    warns_of_crc(CRC_WARNING);
    boots("one");
    poke8(&data, 5000, 1);
    save_flash(&data, tidy);
    warns_of_crc(CRC_WARNING);
    is_opened();
    image_free(&data);
}

TEST(noise)
{
    struct image data = image_fill('Z', (size_t)2 * SECTOR);
    save_flash(&data, tidy);
    image_free(&data);
    is_opened();
    warns_of_crc("\\[ota-data-crc\\]$");
}

// A merged image begins where flash does, and its bootloader where the chip's ROM looks.
TEST(a_bootloader_where_each_chip_has_it)
{
    static const struct {
        unsigned chip;
        const char *name;
        size_t place;
    } rows[] = {{0, "esp32", 0x1000}, {2, "esp32s2", 0x1000},  {9, "esp32s3", 0},
                {16, "esp32h2", 0},   {18, "esp32p4", 0x2000}, {23, "esp32c5", 0x2000}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image flash = image_load("fixtures/flash/good-merged-esp32h2.bin");
        struct image boot = image_load("fixtures/rcp_build/bootloader/bootloader.bin");
        memset(flash.p, 0xFF, TABLE_AT);
        poke16(&boot, AT_CHIP_ID, rows[i].chip);
        esp_rehash(&boot);
        image_put(&flash, rows[i].place, boot.p, boot.n);
        image_save(&flash, "flash.bin");
        const json_t *root = tree("flash.bin");
        want(text_is(root, "format", "flash"), "%s: not merged", rows[i].name);
        want(number_at(root, "parts.bootloader.offset") == (json_int_t)rows[i].place &&
                 strcmp(field_text(at(root, "parts.bootloader"), "chip"), rows[i].name) == 0,
             "%s: where its bootloader is", rows[i].name);
        want(!has_failed(root, "flash-bootloader-address"), "%s: its place", rows[i].name);
        image_free(&flash);
        image_free(&boot);
    }
}

UNIT(boot)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_by_their_subtypes),
        cmocka_unit_test(erased),
        cmocka_unit_test(a_stray_byte),
        cmocka_unit_test(a_wrong_crc),
        cmocka_unit_test(noise),
        cmocka_unit_test(a_bootloader_where_each_chip_has_it),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
