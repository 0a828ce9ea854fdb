// SPDX-License-Identifier: Apache-2.0
//
// Merged flash images: where they begin, whatever lies before the bootloader and wherever the table
// is; that they are taken apart and put together again; and what is none.
#include "product.h"

#include "flash.h"

enum { SECTOR = 0x1000, DIGEST_SIZE = 192 };

struct chip_files {
    const char *bootloader, *app;
    uint32_t bootloader_at;
};

static const struct chip_files esp32 = {ESP32_BOOTLOADER, ESP32_APP, 0x1000};
static const struct chip_files h2 = {H2_BOOTLOADER, H2_APP, 0};

// flash.bin: all three at their flash addresses.
static struct flash make(const struct chip_files *chip, uint32_t from, uint8_t fill, uint32_t table,
                         uint32_t app)
{
    struct flash f = flash_new(from, fill);
    struct image pt = flash_table(app);
    flash_put_file(&f, chip->bootloader_at, chip->bootloader);
    flash_put(&f, table, &pt);
    flash_put_file(&f, app, chip->app);
    image_free(&pt);
    return f;
}

static void begins_at(uint32_t from)
{
    char line[80];
    (void)snprintf(line, sizeof(line), "0x%" PRIx32, from);
    want_get("flash.bin", "flash_offset", line);
    want_get("flash.bin", "boot_partition", "factory");
    (void)expect(0, "verify flash.bin");
    (void)expect(0, "inspect flash.bin");
    if (from > 0) {
        want(says(last_run()->out, "merged flash") && says(last_run()->out, line),
             "where to write");
    } else {
        want(!says(last_run()->out, "write it to"), "it begins at 0");
    }
}

// ---- Where it begins ----------------------------------------------------------------------------

TEST(where_the_file_begins)
{
    static const struct {
        const struct chip_files *chip;
        uint32_t from, table, app;
    } rows[] = {{&esp32, 0, 0x8000, 0x10000},       {&esp32, 0x1000, 0x8000, 0x10000},
                {&esp32, 0, 0x9000, 0x10000},       {&esp32, 0x1000, 0x9000, 0x10000},
                {&esp32, 0x1000, 0x10000, 0x20000}, {&esp32, 0, 0x7000, 0x10000},
                {&h2, 0, 0x8000, 0x10000},          {&h2, 0, 0xA000, 0x10000},
                {&h2, 0, 0x10000, 0x20000},         {&esp32, 0x1000, 0x8000, 0x110000}};
    for (size_t i = 0; i < COUNT(rows) * 2; i++) {
        struct flash f = make(rows[i / 2].chip, rows[i / 2].from, i % 2 == 0 ? 0xFF : 0,
                              rows[i / 2].table, rows[i / 2].app);
        flash_save(&f, "flash.bin");
        begins_at(rows[i / 2].from);
    }
}

// Whatever chip it is for, by where its ROM looks.
TEST(other_chips)
{
    static const struct {
        unsigned chip;
        uint32_t bootloader_at;
    } rows[] = {{2, 0x1000}, {5, 0}, {9, 0}, {18, 0x2000}, {23, 0x2000}};
    for (size_t i = 0; i < COUNT(rows) * 3; i++) {
        uint32_t at = rows[i / 3].bootloader_at, from = (uint32_t)(i % 3) * SECTOR;
        struct chip_files chip = {ESP32_BOOTLOADER, ESP32_APP, at};
        if (from > at) {
            continue;
        }
        struct flash f = make(&chip, from, 0xFF, 0x8000 + (uint32_t)(i % 2) * SECTOR, 0x10000);
        poke16(&f.file, at - from + AT_CHIP_ID, rows[i / 3].chip);
        poke16(&f.file, 0x10000 - from + AT_CHIP_ID, rows[i / 3].chip);
        flash_save(&f, "flash.bin");
        const json_t *root = tree("flash.bin");
        want(field(root, "flash_offset") == from, "chip %u from 0x%" PRIx32, rows[i / 3].chip,
             from);
        want(strcmp(verdict_of(root, "flash-bootloader-address"), "pass") == 0 &&
                 strcmp(verdict_of(root, "flash-no-app"), "pass") == 0,
             "chip %u boots", rows[i / 3].chip);
    }
}

// The app may come later: what is there says enough.
TEST(without_an_app)
{
    struct flash f = make(&esp32, 0x1000, 0xFF, 0x8000, 0x10000);
    f.file.n = 0x7C00;
    flash_save(&f, "flash.bin");
    begins_at(0x1000);
    want(says(expect(0, "verify flash.bin")->err, "\\[flash-no-app\\]$"), "no app");
}

TEST(what_lies_before_the_bootloader)
{
    struct flash f = make(&esp32, 0, 0xFF, 0x8000, 0x10000);
    for (size_t i = 0; i < DIGEST_SIZE; i++) { // of Secure Boot v1
        poke8(&f.file, i, (unsigned)(i * 37 + 11) & 0xFF);
    }
    flash_save(&f, "flash.bin");
    begins_at(0);
    (void)expect(0, "extract flash.bin --recipe parts");
    (void)expect(0, "build parts/recipe.yaml");
    want_same("parts/rebuilt.bin", "flash.bin");
    run_remove("parts");
}

// A bootloader where no ROM looks stays wrong, however it is turned.
TEST(bootloaders_in_the_wrong_place)
{
    static const struct chip_files moved[] = {{ESP32_BOOTLOADER, ESP32_APP, 0},
                                              {ESP32_BOOTLOADER, ESP32_APP, 0x2000},
                                              {H2_BOOTLOADER, H2_APP, 0x1000},
                                              {H2_BOOTLOADER, H2_APP, 0x2000}};
    for (size_t i = 0; i < COUNT(moved) * 2; i++) {
        struct flash f = make(&moved[i / 2], 0, i % 2 == 0 ? 0xFF : 0, 0x8000, 0x10000);
        flash_save(&f, "flash.bin");
        const json_t *root = tree("flash.bin");
        want(strcmp(failing(root), "flash-bootloader-address") == 0, "row %zu", i);
        want(field(root, "flash_offset") == 0, "row %zu begins elsewhere", i);
    }
}

// ---- The option ---------------------------------------------------------------------------------

TEST(an_offset_that_is_given)
{
    struct flash f = make(&esp32, 0x1000, 0xFF, 0x8000, 0x10000);
    flash_save(&f, "flash.bin");
    (void)expect(0, "verify flash.bin --flash-offset 0x1000");
    want(strcmp(failing(tree("flash.bin --flash-offset 0")),
                "flash-app-place flash-bootloader-address") == 0,
         "at 0 it cannot boot");
    (void)expect(0, "inspect flash.bin --flash-offset 4096 --get flash_offset");
    want_out_is("0x1000");
    (void)expect(0, "extract flash.bin factory --flash-offset 0x1000 -o app.bin");
    want_same("app.bin", ESP32_APP);
}

TEST(offsets_that_are_none)
{
    static const char *const values[] = {"0x1001", "abc", "-4096", "0x100000000", "''"};
    for (size_t i = 0; i < COUNT(values); i++) {
        (void)expect(2, "verify fixtures/flash/good-merged-esp32.bin --flash-offset %s", values[i]);
        want_one_line();
    }
    (void)expect(2, "verify " ESP32_APP " --flash-offset 0x10000");
    want_err("--flash-offset is about merged flash images");
    (void)expect(2, "verify fixtures/rcp_image/good-with-host.bin --flash-offset 0");
}

// A piece of flash, of which it is said that it is one: no bootloader, but an app and its table.
TEST(a_piece_of_flash)
{
    struct flash f = flash_new(0x7000, 0xFF);
    struct image pt = flash_table(0x10000);
    flash_put(&f, 0x8000, &pt);
    flash_put_file(&f, 0x10000, ESP32_APP);
    flash_save(&f, "flash.bin");
    image_free(&pt);
    (void)expect(1, "verify flash.bin");
    want_only_check("known-format");
    (void)expect(1, "verify flash.bin --flash-offset 0x7000");
    want_only_check("flash-layout");
    (void)expect(1, "extract flash.bin factory --flash-offset 0x7000 -o app.bin");
    want_same("app.bin", ESP32_APP);
}

// ---- Apart and together -------------------------------------------------------------------------

static void rebuilds(void)
{
    (void)expect(0, "extract flash.bin --recipe parts");
    (void)expect(0, "build parts/recipe.yaml");
    want_same("parts/rebuilt.bin", "flash.bin");
    run_remove("parts");
}

TEST(recipes_build_the_same_again)
{
    static const uint8_t fills[] = {0xFF, 0, 0xA5};
    for (size_t i = 0; i < COUNT(fills) * 4; i++) {
        uint32_t from = i % 2 == 0 ? 0x1000 : 0;
        struct flash f =
            make(&esp32, from, fills[i / 4], 0x8000 + (uint32_t)(i / 2 % 2) * SECTOR, 0x10000);
        flash_fill_to(&f, 0x10000 + (uint32_t)(i + 1) * SECTOR);
        if (from == 0) { // nothing but the ROM's own data lies before a bootloader
            memset(f.file.p, 0xFF, SECTOR);
        }
        flash_save(&f, "flash.bin");
        rebuilds();
    }
}

TEST(a_recipe_with_an_offset)
{
    static const char head[] = "otapack: 1\noutput: flash.bin\nflash:\n";
    text_file("recipe.yaml",
              "%s  offset: 0x1000\n  parts:\n    - 0x8000: fixtures/partition_table/good-rcp.bin\n"
              "    - 0x1000: " ESP32_BOOTLOADER "\n    - 0x10000: " ESP32_APP "\n",
              head);
    (void)expect(0, "build recipe.yaml");
    want_same("flash.bin", "fixtures/flash/good-merged-esp32-from-0x1000.bin");
    (void)expect(0, "build recipe.yaml --set flash.size=0x20000");
    struct image im = image_load("flash.bin");
    want(im.n == 0x1F000, "size is a flash address");
    image_free(&im);
    (void)expect(0, "build recipe.yaml --set flash.offset=0");
    want_same("flash.bin", "fixtures/flash/good-merged-esp32.bin");
    remove_all("flash.bin");
    (void)expect(2, "build recipe.yaml --set flash.offset=0x2000");
    want_err("recipe.yaml:.* 0x1000 lies before the offset 0x2000");
    (void)expect(2, "build recipe.yaml --set flash.offset=0x1800");
    (void)expect(2, "build recipe.yaml --set flash.size=0x10000");
    want_no_file("flash.bin");
}

// ---- What is none -------------------------------------------------------------------------------

// An app whose data have bootloader and table where a merged image would have them.
TEST(an_app_that_holds_a_flash_image)
{
    static const uint32_t places[] = {0x7000, 0x8000, 0x9000, 0x10000};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct image app = image_load(ESP32_APP);
        struct image boot = image_load(ESP32_BOOTLOADER);
        struct image table = flash_table(0x20000);
        esp_grow(&app, 0x20000);
        image_put(&app, 0x1000, boot.p, boot.n);
        image_put(&app, 0x2000, boot.p, boot.n);
        image_put(&app, places[i], table.p, table.n);
        esp_resum(&app);
        image_save(&app, "app.bin");
        want(text_is(tree("app.bin"), "format", "esp_image"), "a table at 0x%" PRIx32, places[i]);
        app.n = 0x18000; // cut off
        image_save(&app, "app.bin");
        want(text_is(tree("app.bin"), "format", "esp_image"), "cut, at 0x%" PRIx32, places[i]);
        image_free(&app);
        image_free(&boot);
        image_free(&table);
    }
}

// An ESP8266 has no table: what a recipe makes for it is what it looks like.
TEST(flash_of_an_esp8266)
{
    text_file("recipe.yaml", "otapack: 1\noutput: out.bin\nflash:\n  parts:\n"
                             "    - 0x0: fixtures/esp8266/good-arduino.bin\n");
    (void)expect(0, "build recipe.yaml");
    want_same("out.bin", "fixtures/esp8266/good-arduino.bin");
}

// In a flash image without its table, one inside the app does not stand in.
TEST(a_table_inside_the_app)
{
    struct image app = image_load(H2_APP), table = flash_table(0x10000);
    struct flash f = flash_new(0, 0xFF);
    esp_grow(&app, 0x8000);
    image_put(&app, 0x2000, table.p, table.n);
    esp_resum(&app);
    flash_put_file(&f, 0, H2_BOOTLOADER);
    flash_put(&f, 0x10000, &app);
    flash_save(&f, "flash.bin");
    want(strcmp(failing(tree("flash.bin")), "flash-layout") == 0, "the table is the app's");
    want(strcmp(failing(tree("flash.bin --flash-offset 0")), "flash-layout") == 0, "no table");
    image_free(&app);
    image_free(&table);
}

TEST(real_ones)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    copy_file("vectors/field/micropython-esp32s2-from-0x1000.bin", "flash.bin", 0600);
    (void)expect(0, "verify flash.bin");
    want_get("flash.bin", "flash_offset", "0x1000");
    rebuilds();
}

UNIT(flash)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_the_file_begins),
        cmocka_unit_test(other_chips),
        cmocka_unit_test(without_an_app),
        cmocka_unit_test(what_lies_before_the_bootloader),
        cmocka_unit_test(bootloaders_in_the_wrong_place),
        cmocka_unit_test(an_offset_that_is_given),
        cmocka_unit_test(offsets_that_are_none),
        cmocka_unit_test(a_piece_of_flash),
        cmocka_unit_test(recipes_build_the_same_again),
        cmocka_unit_test(a_recipe_with_an_offset),
        cmocka_unit_test(an_app_that_holds_a_flash_image),
        cmocka_unit_test(flash_of_an_esp8266),
        cmocka_unit_test(a_table_inside_the_app),
        cmocka_unit_test(real_ones),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
