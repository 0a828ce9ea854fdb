// SPDX-License-Identifier: Apache-2.0
//
// verify --key of a part of a merged flash image: its place in flash is written as a whole, and
// what nobody has signed in it is a no; what was not verified counts for nobody.
#include "flash.h"
#include "product.h"

#define RSA "fixtures/keys/rsa3072-a.pub.pem"
#define SIGNED "fixtures/secure_boot/"

enum { SECTOR = 4096, FACTORY = 0x10000 };

// Behind a part of a flash image, up to the end of its place: of an app its partition, of a
// bootloader what is left to the table, wherever in flash the file begins.
TEST(the_place_in_flash)
{
    static const struct {
        const char *part;
        size_t at; // in the file, which begins at 0x1000
        int status;
    } rows[] = {{"bootloader", 2 * SECTOR, 1},
                {"bootloader", 0x8000 - 0x1001, 1},
                {"bootloader", 0x9000 - 0x1000, 0}, // NVS
                {"factory", 0x10000 - 0x1001, 0},
                {"factory", 0x12000 - 0x1000, 1},
                {"factory", 0x1FFFF - 0x1000, 1},
                {"factory", 0x20000 - 0x1000, 0}}; // of the partition behind it
    take_key("rsa3072-a");
    (void)expect(0, "sign -q -a sig-chip " ESP32_BOOTLOADER " --key rsa3072-a.pem -o loader.bin");
    struct image table = {NULL, 0};
    struct flash f = flash_new(0x1000, 0xFF);
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, "nvs");
    pt_entry(&table, 0, 0, 0x10000, 0x10000, "factory");
    pt_entry(&table, 1, 0x82, 0x20000, 0x10000, "files");
    pt_finish(&table);
    flash_put_file(&f, 0x1000, "loader.bin");
    flash_put(&f, 0x8000, &table);
    flash_put_file(&f, 0x10000, SIGNED "good-esp32-rsa3072.bin");
    flash_fill_to(&f, 0x30000);
    flash_save(&f, "from.bin");
    struct image im = image_load("from.bin");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image changed = image_copy(&im);
        poke8(&changed, rows[i].at, 0);
        image_save(&changed, "a.bin");
        int status = run("verify a.bin --part %s -a sig-chip --key " RSA, rows[i].part)->status;
        want(status == rows[i].status, "%s, 0x%zx: %d", rows[i].part, rows[i].at, status);
        image_free(&changed);
    }
    image_free(&im);
    image_free(&table);
}

// The same where other parts are near: an app between bootloader and table, and a partition that
// its app fills, with another one behind it.
TEST(the_place_in_flash_and_others)
{
    struct image table = {NULL, 0};
    struct flash f = flash_new(0x1000, 0xFF);
    take_key("rsa3072-a");
    (void)expect(0, "sign -q -a sig-chip " ESP32_BOOTLOADER " --key rsa3072-a.pem -o loader.bin");
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, "nvs");
    pt_entry(&table, 0, 0, 0x10000, 2 * SECTOR, "factory");
    pt_entry(&table, 1, 0x82, 0x10000 + 2 * SECTOR, 0x10000, "files");
    pt_finish(&table);
    flash_put_file(&f, 0x1000, "loader.bin");
    flash_put(&f, 0x8000, &table);
    flash_put_file(&f, 0x10000, SIGNED "good-esp32-rsa3072.bin");
    flash_put_file(&f, 0x10000 + 2 * SECTOR, "fixtures/raw/html.bin");
    flash_put_file(&f, 0x5000, ESP32_APP);
    flash_save(&f, "a.bin");
#define ALLOWED "-a sig-chip -a flash-app-place -a flash-stray-app --key " RSA
    (void)expect(0, "verify a.bin --part factory " ALLOWED);
    (void)expect(1, "verify a.bin --part bootloader " ALLOWED);
    want_err("its place in flash; .*--allow esp-trailing$");
    (void)expect(0, "verify a.bin --part bootloader -a esp-trailing " ALLOWED);
    image_free(&table);
}

// An app that is longer than its partition is shown, and its bytes are not judged: then a signature
// that names a key is nobody's, also where its length is allowed.
TEST(what_is_not_judged_does_not_count)
{
    struct flash f = flash_new(0, 0xFF);
    struct image table = {NULL, 0};
    struct image app = image_load(SIGNED "good-rsa3072.bin");
    poke8(&app, AT_PROJECT, 'X');
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x4000, "nvs");
    pt_entry(&table, 0, 0, FACTORY, SECTOR, "factory");
    pt_finish(&table);
    flash_put_file(&f, 0, H2_BOOTLOADER);
    flash_put(&f, 0x8000, &table);
    flash_put(&f, FACTORY, &app);
    flash_save(&f, "long.bin");
    (void)expect(0, "verify long.bin -a flash-app-size");
    char options[ITEM_ROOM];
    EACH_ITEM(options, "--require-signed|--key " RSA "|--require 1 --key " RSA
                       "|--trust first-block --key " RSA)
    {
        (void)expect(1, "verify long.bin --part factory -a flash-app-size %s", options);
        want_err(
            "does not count, for sig-|no signature counts, for sig-|by 0 of the keys|is by none");
    }
    image_free(&table);
    image_free(&app);
}

UNIT(coverage_flash)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_place_in_flash),
                                       cmocka_unit_test(the_place_in_flash_and_others),
                                       cmocka_unit_test(what_is_not_judged_does_not_count)};
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
