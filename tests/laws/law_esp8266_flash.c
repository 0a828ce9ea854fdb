// SPDX-License-Identifier: Apache-2.0
//
// Flash images of the ESP8266 are taken apart at sectors: what begins as something else by chance
// is a part of the code, and each part has a name of its own.
#include "esp8266.h"
#include "product.h"

#define GOOD "fixtures/esp8266/"
#define FIELD "fixtures/field/"

enum { SECTOR = 4096 };

static void fill_to(struct image *im, size_t n, uint8_t value)
{
    struct image more = image_fill(value, n - im->n);
    image_append(im, more.p, more.n);
    image_free(&more);
}

static void append_file(struct image *im, const char *name)
{
    struct image more = image_load(name);
    image_append(im, more.p, more.n);
    image_free(&more);
}

static const json_t *parts_of(const struct image *im, int status)
{
    image_save(im, "flash.bin");
    const json_t *root = tree("flash.bin");
    want(last_run()->status == status && text_is(root, "format", "esp8266_flash"), "%s",
         failing(root));
    return root;
}

// The first bytes of an image of version 2, of version 1, of rBoot's configuration.
TEST(code_that_begins_as_something_else)
{
    static const struct {
        uint8_t bytes[12];
        size_t n;
    } rows[] = {{{0xEA, 4}, 2},
                {{0xEA, 4, 0, 0, 4, 0, 0x10, 0x40, 1}, 12},
                {{0xEA, 4, 0, 0, 4, 0, 0x20, 0x40, 0, 0, 0, 0}, 12},
                {{0xE9, 3}, 2},
                {{0xE9, 0x41, 0xF9, 0x31}, 4},
                {{0xE1, 1, 0, 0, 0, 2}, 6},
                {{0xAA, 0x50, 1, 2}, 4}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct image im = image_load(GOOD "good-code.bin");
        fill_to(&im, 2 * SECTOR, 0x11);
        image_append(&im, rows[i].bytes, rows[i].n);
        fill_to(&im, 3 * SECTOR, 0x11);
        const json_t *root = parts_of(&im, 0);
        want(number_at(root, "parts.irom.size") == 2 * SECTOR, "row %zu: code is split", i);
        image_free(&im);
    }
}

// Eboot is followed by 0xAA, and by a sketch that runs from where it lies.
TEST(two_images_are_not_always_a_sketch)
{
    struct image im = image_load(FIELD "esp8266-boot.bin");
    fill_to(&im, SECTOR, 0xFF);
    append_file(&im, FIELD "esp8266-boot.bin");
    const json_t *root = parts_of(&im, 0);
    want(number_at(root, "parts.apps.0.offset") == SECTOR, "no second image");
    image_free(&im);
}

// A SHA-256 that reaches into the next sector.
TEST(hash_behind_any_bootloader)
{
    enum { HASH = 32, TABLE_AT = 0x8000, APP_AT = 0x10000 };
    for (size_t end = SECTOR - 2 * HASH; end <= SECTOR + HASH; end += 16) {
        struct image im = image_fill(0, end + HASH);
        poke32(&im, 0, 0x400201E9);
        poke32(&im, 4, 0x40100004);
        poke32(&im, 8, 0x40100000);
        poke32(&im, 12, (uint32_t)end - 32);
        poke8(&im, end - 1, 0xEF);
        poke32(&im, end, 0x12345678);
        fill_to(&im, TABLE_AT, 0xFF);
        append_file(&im, FIELD "table-esp8266.bin");
        fill_to(&im, APP_AT, 0xFF);
        append_file(&im, FIELD "esp8266-rtos-app.bin");
        const json_t *root = parts_of(&im, 0);
        want(number_at(root, "parts.apps.0.offset") == APP_AT &&
                 number_at(root, "parts.boot.size") == (json_int_t)end + HASH,
             "%zu: no app, or no hash", end);
        image_free(&im);
    }
}

TEST(names_are_unique)
{
    struct image im = image_load(FIELD "esp8266-boot.bin");
    for (size_t sector = 1; sector < 4; sector++) {
        fill_to(&im, sector * SECTOR, 0xFF);
        append_file(&im, FIELD "esp8266-user1.bin");
    }
    for (size_t sector = 4; sector < 7; sector++) {
        fill_to(&im, sector * SECTOR, 0xFF);
        append_file(&im, FIELD "table-esp8266.bin");
    }
    image_save(&im, "flash.bin");
    const json_t *root = tree("flash.bin");
    want(number_at(root, "parts.user1.offset") == SECTOR &&
             number_at(root, "parts.roms.1.offset") == 3 * SECTOR &&
             number_at(root, "parts.partition_table.offset") == 4 * SECTOR &&
             number_at(root, "parts.tables.1.offset") == 6 * SECTOR,
         "parts are missing");
    image_free(&im);
}

// Its last word is what would be the length of a signature of 1024 to 4096 bits.
TEST(code_that_ends_as_a_signature_does)
{
    for (uint32_t size = 128; size <= 512; size += 4) {
        struct image im = image_load(GOOD "good-code.bin");
        poke32(&im, im.n - 4, size);
        (void)parts_of(&im, 0);
        image_free(&im);
    }
}

// Eboot unpacks what it is sent to address 0, where the ROM then finds it.
TEST(packed)
{
    struct image im = image_load(GOOD "good-code.bin"), gz = gz_pack(&im, 9, NULL);
    image_save(&gz, "flash.bin.gz");
    expect(0, "verify flash.bin.gz");
    image_free(&gz);
    image_free(&im);
}

// A whole flash takes no room of an update; its header says what flash it is for.
TEST(options)
{
    expect(0, "verify " GOOD "good-code.bin --flash-size 4MB");
    expect(0, "verify " GOOD "good-code.bin --layout 4m2m");
    char option[ITEM_ROOM];
    EACH_ITEM(option, "--free-space 8192|--layout 4m2m --sketch-size 8192")
    {
        expect(2, "verify " GOOD "good-code.bin %s", option);
        want_err("no check can use --(free-space|sketch-size); leave it out$");
    }
}

// A fork of rBoot has other fields where these addresses are: what is no sector is none.
TEST(roms_begin_at_sectors)
{
    enum { ROM_0 = 0x1008 };
    struct image im = image_load(GOOD "good-rboot.bin");
    want(number_at(parts_of(&im, 0), "parts.config.offset") == SECTOR, "no configuration");
    poke32(&im, ROM_0, 0x2001);
    image_save(&im, "flash.bin");
    want(json_object_get(json_object_get(tree("flash.bin"), "parts"), "config") == NULL,
         "that is a configuration");
    image_free(&im);
}

UNIT(esp8266_flash)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_that_begins_as_something_else),
        cmocka_unit_test(two_images_are_not_always_a_sketch),
        cmocka_unit_test(hash_behind_any_bootloader),
        cmocka_unit_test(names_are_unique),
        cmocka_unit_test(roms_begin_at_sectors),
        cmocka_unit_test(code_that_ends_as_a_signature_does),
        cmocka_unit_test(packed),
        cmocka_unit_test(options),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
