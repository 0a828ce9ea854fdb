// SPDX-License-Identifier: Apache-2.0
//
// Merged flash images that cannot boot: of each reason the smallest image that has it and fails for
// this alone, and the one beside it that boots.
#include "product.h"

#include "flash.h"

enum { APP_AT = 0x10000, AT_MIN_REV = 15, AT_MAX_REV = 17, AT_BOOT_IDF = 40, IDF_SIZE = 32 };

// The parts of flash.bin; what a test does not change boots.
static struct image boot, table, app;

static void take_good(void)
{
    boot = image_load(H2_BOOTLOADER);
    table = flash_table(APP_AT);
    app = image_load(H2_APP);
}

static void drop(void)
{
    image_free(&boot);
    image_free(&table);
    image_free(&app);
}

static struct flash put_all(uint32_t app_at)
{
    struct flash f = flash_new(0, 0xFF);
    flash_put(&f, 0, &boot);
    flash_put(&f, 0x8000, &table);
    flash_put(&f, app_at, &app);
    return f;
}

static void save_all(uint32_t app_at)
{
    struct flash f = put_all(app_at);
    flash_save(&f, "flash.bin");
    drop();
}

// flash.bin fails these checks and no others ("": none); one word is what verify says of it.
static void fails(const char *ids, const char *regex)
{
    const char *found = failing(tree("flash.bin"));
    want(strcmp(found, ids) == 0, "%s instead of '%s'", found, ids);
    if (*ids != '\0') {
        (void)run("verify flash.bin");
        want_err(regex);
        want_not_err("encrypted|damaged|download");
    }
}

TEST(a_good_one)
{
    take_good();
    save_all(APP_AT);
    fails("", "");
}

// ---- Where the app is ---------------------------------------------------------------------------

static void set_table(uint32_t app_at)
{
    image_free(&table);
    table = flash_table(app_at);
}

TEST(apps_beside_their_partition)
{
    static const uint32_t places[][2] = {
        {0x20000, 0x10000}, {0x10000, 0x20000}, {0x10000, 0x11000}, {0x20000, 0x90000}};
    for (size_t i = 0; i < COUNT(places); i++) { // the table's, the app's
        char regex[200];
        take_good();
        set_table(places[i][0]);
        save_all(places[i][1]);
        (void)snprintf(regex, sizeof(regex),
                       "0x%" PRIx32 ".* 0x%" PRIx32 " \\(factory\\).*place\\]$", places[i][1],
                       places[i][0]);
        fails("flash-app-place", regex);
        take_good();
        set_table(places[i][0]);
        save_all(places[i][0]);
        fails("", "");
    }
}

// It reaches into the partition where it should be, whose bytes are then not looked at alone.
TEST(a_long_app_before_its_partition)
{
    take_good();
    esp_grow(&app, 0x18000);
    for (size_t i = 0x2000; i < 0x18000; i++) {
        poke8(&app, i, (unsigned)(i * 2654435761U >> 13) & 0xFF);
    }
    esp_resum(&app);
    set_table(0x20000);
    save_all(APP_AT);
    fails("flash-app-place", "misplaced\\[0\\]: .*0x10000.*0x20000");
    want(text_is(tree("flash.bin"), "parts.misplaced[0].fields.chip.value", "esp32h2"), "its chip");
}

// In a data partition, an app for this chip is a mistake; one for another chip is data.
TEST(apps_in_data_partitions)
{
    static const char *const names[] = {H2_APP, ESP32_APP};
    for (size_t i = 0; i < COUNT(names); i++) {
        take_good();
        image_free(&table);
        image_free(&app);
        app = image_load(names[i]);
        pt_begin(&table);
        pt_entry(&table, 1, 0x40, APP_AT, 0x10000, "second_fw");
        pt_entry(&table, 0, 0, 0x20000, 0x10000, "factory");
        pt_finish(&table);
        struct flash f = put_all(APP_AT);
        image_save(&f.file, "flash.bin");
        fails(i == 0 ? "flash-app-place" : "flash-no-app", i == 0 ? "place\\]$" : "no-app\\]$");
        flash_put_file(&f, 0x20000, H2_APP);
        flash_save(&f, "flash.bin"); // where the app is in its place, nothing else counts
        fails("", "");
        drop();
    }
}

// Beside an app that boots, another one outside of all partitions is lost, and data are data.
TEST(apps_beside_one_that_boots)
{
    static const struct {
        uint32_t place;
        const char *ids;
    } rows[] = {{0x20000, "flash-stray-app"},  // in the rest of its partition
                {0x120000, "flash-stray-app"}, // in none
                {APP_AT - 0x4000, ""}};        // in data
    for (size_t i = 0; i < COUNT(rows); i++) {
        take_good();
        struct flash f = put_all(APP_AT);
        flash_put_file(&f, rows[i].place, H2_APP);
        flash_save(&f, "flash.bin");
        drop();
        (void)expect(0, "verify flash.bin");
        fails(rows[i].ids, "misplaced\\[0\\]: .*\\[flash-stray-app\\]$");
    }
}

// ---- How long it is -----------------------------------------------------------------------------

static void set_small_table(void)
{
    image_free(&table);
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, "nvs");
    pt_entry(&table, 0, 0x10, APP_AT, 0x1000, "app0");
    pt_entry(&table, 1, 0x82, APP_AT + 0x1000, 0x1000, "spiffs");
    pt_finish(&table);
}

TEST(apps_as_long_as_their_partition)
{
    for (size_t more = 0; more <= 16; more += 16) {
        take_good();
        set_small_table();
        esp_grow(&app, 0x1000 + more - app.n);
        esp_resum(&app);
        want(app.n == 0x1000 + more, "the app has its size");
        save_all(APP_AT);
        fails(more == 0 ? "" : "flash-app-size", "app0: .*larger than .* 4,112 bytes, .* 4,096;");
    }
}

// What follows is written over its end, or the file ends there.
TEST(long_apps_that_are_not_whole)
{
    for (unsigned kind = 0; kind < 2; kind++) {
        take_good();
        set_small_table();
        esp_grow(&app, 0x2000);
        struct flash f = put_all(APP_AT);
        struct image other = image_fill(0x5A, 0x1000);
        if (kind == 0) {
            f.file.n = APP_AT + 0x1800;
        } else {
            flash_put(&f, APP_AT + 0x1000, &other);
        }
        flash_save(&f, "flash.bin");
        fails("flash-app-size", "app0: .*larger than its partition");
        image_free(&other);
        drop();
    }
}

// A file that is cut off inside of the partition is.
TEST(an_app_that_is_cut_off)
{
    take_good();
    struct flash f = put_all(APP_AT);
    f.file.n -= 64;
    flash_save(&f, "flash.bin");
    drop();
    want(has_failed(tree("flash.bin"), "esp-header") &&
             !has_failed(tree("flash.bin"), "flash-app-size"),
         "it is cut off");
}

// ---- Slots that do not boot ---------------------------------------------------------------------

TEST(what_the_other_slot_holds)
{
    static const uint8_t fills[] = {0xFF, 0, 0x5A};
    for (size_t i = 0; i < COUNT(fills); i++) {
        struct image other = image_fill(fills[i], 0x1000);
        take_good();
        image_free(&table);
        pt_begin(&table);
        pt_entry(&table, 1, 0, 0xE000, 0x2000, "otadata");
        pt_entry(&table, 0, 0x10, APP_AT, 0x10000, "one");
        pt_entry(&table, 0, 0x11, 0x20000, 0x10000, "two");
        pt_finish(&table);
        struct flash f = put_all(APP_AT);
        flash_put(&f, 0x20000, &other);
        flash_save(&f, "flash.bin");
        drop();
        image_free(&other);
        (void)expect(0, "verify flash.bin");
        fails(fills[i] == 0x5A ? "flash-slot" : "", "two: .*\\[flash-slot\\]$");
    }
}

TEST(an_only_slot_without_an_app)
{
    take_good();
    image_free(&app);
    app = image_load(H2_BOOTLOADER);
    save_all(APP_AT);
    want(has_failed(tree("flash.bin"), "slot-content"), "a bootloader is no app");
}

// ---- Two things in one place --------------------------------------------------------------------

static void over(unsigned type, unsigned subtype, uint32_t offset, uint32_t size, const char *ids,
                 const char *regex)
{
    take_good();
    image_free(&table);
    pt_begin(&table);
    pt_entry(&table, type, subtype, offset, size, "thing");
    pt_entry(&table, 0, 0, APP_AT, 0x10000, "factory");
    pt_finish(&table);
    save_all(APP_AT);
    fails(ids, regex);
}

TEST(partitions_over_bootloader_and_table)
{
    over(1, 0x82, 0x9000, 0x1000, "", "");
    over(1, 0x82, 0x8000, 0x1000, "flash-overlap", "thing, 0x8000 to 0x9000, .*table at 0x8000");
    over(1, 0x82, 0x7000, 0x1000, "", "");
    over(1, 0x82, 0x7000, 0x2000, "flash-overlap", "table at 0x8000");
    over(1, 0x82, 0x1000, 0x6000, "", ""); // behind what the bootloader has
    over(1, 0x82, 0, 0x1000, "flash-overlap", "thing, 0x0 to 0x1000, .*bootloader at 0x0");
}

// ESP-IDF 5.5 lists bootloader and table themselves.
TEST(partitions_that_are_bootloader_and_table)
{
    over(2, 0, 0, 0x8000, "", "");
    over(3, 0, 0x8000, 0x1000, "", "");
    over(2, 1, 0, 0x8000, "flash-overlap", "bootloader at 0x0");
}

TEST(a_bootloader_that_reaches_the_table)
{
    for (size_t more = 0; more <= 16; more += 16) {
        take_good();
        esp_grow(&boot, 0x8000 + more - boot.n);
        esp_resum(&boot);
        struct flash f = put_all(APP_AT);
        flash_put(&f, 0x8000, &table);
        flash_save(&f, "flash.bin");
        drop();
        fails(more == 0 ? "" : "flash-overlap", "bootloader ends at 0x8010, .*table at 0x8000");
    }
}

// Without a bootloader, or with one where no ROM looks, it is a flash image still.
TEST(bootloaders_that_no_rom_finds)
{
    static const uint8_t fills[] = {0xFF, 0, 0x5A};
    for (size_t i = 0; i < COUNT(fills) * 2; i++) {
        struct flash f = flash_new(0, fills[i / 2]);
        take_good();
        if (i % 2 == 1) {
            flash_put(&f, 0x3000, &boot);
        }
        flash_put(&f, 0x8000, &table);
        flash_put(&f, APP_AT, &app);
        flash_save(&f, "flash.bin");
        drop();
        fails(fills[i / 2] == 0x5A ? "known-format"
              : i % 2 == 1         ? "flash-bootloader-address"
                                   : "flash-layout",
              "known-format|lies at 0x3000|there is no bootloader");
    }
}

// ---- Bootloader and app -------------------------------------------------------------------------

struct revisions {
    unsigned min, max;
};

static void set_revisions(struct image *im, unsigned chip, struct revisions r)
{
    poke16(im, AT_CHIP_ID, chip);
    poke16(im, AT_MIN_REV, r.min);
    poke16(im, AT_MAX_REV, r.max);
    esp_resum(im);
}

TEST(revisions_in_common)
{
    static const struct {
        unsigned chip;
        struct revisions boot, app;
        int good;
    } rows[] = {{16, {0, 199}, {0, 199}, 1},       {16, {100, 199}, {0, 100}, 1},
                {16, {101, 199}, {0, 100}, 0},     {16, {101, 199}, {0, 0}, 1},
                {16, {101, 199}, {0, 65535}, 1},   {16, {0, 99}, {100, 199}, 1}, // no highest one
                {18, {0, 199}, {100, 199}, 1},     {18, {1, 199}, {300, 399}, 0},
                {18, {301, 399}, {100, 199}, 0},   {18, {301, 399}, {300, 399}, 1},
                {18, {0, 65535}, {300, 65535}, 0}, {18, {300, 65535}, {0, 65535}, 1},
                {18, {299, 299}, {299, 299}, 1},   {18, {300, 399}, {300, 399}, 1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        take_good();
        set_revisions(&boot, rows[i].chip, rows[i].boot);
        set_revisions(&app, rows[i].chip, rows[i].app);
        save_all(APP_AT);
        const json_t *root = tree("flash.bin");
        want(strcmp(verdict_of(root, "revision-match"), rows[i].good ? "pass" : "fail") == 0,
             "row %zu", i);
    }
}

TEST(releases_of_esp_idf)
{
    static const struct {
        const char *boot, *app;
        const char *verdict; // "": nothing to compare
    } rows[] = {{"v5.4.1", "v5.4.1", "pass"},
                {"v5.4.2", "v5.4.1", "fail"},
                {"v5.10", "v5.9", "fail"},
                {"v5.4.1-dirty", "v5.4.1", "pass"},
                {"v5.4.2-12-gabcdef0", "v5.4.1-dirty", "fail"},
                {"v5.4", "v5.4.0", "pass"},
                {"v5.4.0", "v5.4", "pass"},
                {"v5.4.1", "0.0.0", ""},
                {"v5.4.1", "v0.9", ""},
                {"v6.0-dev-1234-gabcdef0", "v5.4.1", ""},
                {"v6.0-rc1", "v5.4.1", ""},
                {"v5.1-beta1-378-gea5e0ff298-dirt", "v5.0", ""},
                {"v5.4.1", "HEAD-HASH-NOTFOUND", ""},
                {"release/v5.4", "v5.1", ""},
                {"v5.4.1", "5", ""},
                {"5.4.1", "", ""}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        take_good();
        esp_text(&boot, AT_BOOT_IDF, rows[i].boot, IDF_SIZE);
        esp_text(&app, AT_IDF, rows[i].app, IDF_SIZE);
        save_all(APP_AT);
        const char *found = verdict_of(tree("flash.bin"), "idf-order");
        want(strcmp(found, rows[i].verdict) == 0, "%s, %s: %s", rows[i].boot, rows[i].app, found);
    }
}

// A bootloader takes a size that it does not know for 2 MB.
TEST(sizes_of_the_flash)
{
    static const unsigned sizes[] = {0, 1, 2, 7, 8, 15}; // 1 MB, 2, 4, 128, and none
    for (size_t i = 0; i < COUNT(sizes) * 2; i++) {
        unsigned size = sizes[i / 2];
        uint32_t flash = UINT32_C(0x100000) << (size > 7 ? 1 : size);
        uint32_t end = flash + (i % 2 == 0 ? 0 : 0x1000);
        take_good();
        poke8(&boot, AT_FLASH_SIZE, size << 4);
        esp_resum(&boot);
        image_free(&table);
        pt_begin(&table);
        pt_entry(&table, 0, 0, APP_AT, 0x10000, "factory");
        pt_entry(&table, 1, 0x82, 0x20000, end - 0x20000, "spiffs");
        pt_finish(&table);
        save_all(APP_AT);
        want(has_failed(tree("flash.bin"), "pt-flash-size") == (i % 2 == 1),
             "size %u, end 0x%" PRIx32, size, end);
    }
}

// ---- What a recipe makes is a flash image -------------------------------------------------------

#define PARTS(text) "otapack: 1\noutput: out.bin\nflash:\n  parts:\n" text
#define BOOT_AT(at) "    - " at ": " H2_BOOTLOADER "\n"
#define TABLE_AT(at) "    - " at ": fixtures/partition_table/good-rcp.bin\n"
#define APP_TO(at) "    - " at ": " H2_APP "\n"

TEST(recipes_that_cannot_boot)
{
    static const struct {
        const char *parts, *id; // "": it boots
    } rows[] = {
        {BOOT_AT("0x0") TABLE_AT("0x8000") APP_TO("0x10000"), ""},
        {BOOT_AT("0x0") APP_TO("0x10000"), "flash-layout"},
        {BOOT_AT("0x0"), "flash-layout"},
        {APP_TO("0x0"), "flash-layout"},
        {APP_TO("0x10000"), "flash-layout"},
        {TABLE_AT("0x8000") APP_TO("0x10000"), "flash-layout"},
        {TABLE_AT("0x0"), "flash-layout"},
        {BOOT_AT("0x3000") TABLE_AT("0x8000") APP_TO("0x10000"), "flash-bootloader-address"},
        {BOOT_AT("0x1000") TABLE_AT("0x8000") APP_TO("0x10000"), "flash-bootloader-address"},
        {APP_TO("0x0") TABLE_AT("0x8000"), "slot-content"},
        {APP_TO("0x0") TABLE_AT("0x8000") BOOT_AT("0x10000"), "slot-content"},
        {BOOT_AT("0x0") TABLE_AT("0x8000") APP_TO("0x20000"), "flash-app-place"},
        {BOOT_AT("0x0") TABLE_AT("0x8000") BOOT_AT("0x10000"), "slot-content"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool good = *rows[i].id == '\0';
        char regex[80];
        text_file("recipe.yaml", "%s%s", PARTS(""), rows[i].parts);
        (void)expect(good ? 0 : 1, "build recipe.yaml");
        (void)snprintf(regex, sizeof(regex), "\\[%s\\]$", rows[i].id);
        if (!good) {
            want_err(regex);
            want_no_file("out.bin");
        }
        remove_all("out.bin");
    }
    (void)expect(0, "build recipe.yaml --allow slot-content --allow flash-no-app");
}

UNIT(flash_boot)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_one),
        cmocka_unit_test(apps_beside_their_partition),
        cmocka_unit_test(a_long_app_before_its_partition),
        cmocka_unit_test(apps_in_data_partitions),
        cmocka_unit_test(apps_beside_one_that_boots),
        cmocka_unit_test(apps_as_long_as_their_partition),
        cmocka_unit_test(long_apps_that_are_not_whole),
        cmocka_unit_test(an_app_that_is_cut_off),
        cmocka_unit_test(what_the_other_slot_holds),
        cmocka_unit_test(an_only_slot_without_an_app),
        cmocka_unit_test(partitions_over_bootloader_and_table),
        cmocka_unit_test(partitions_that_are_bootloader_and_table),
        cmocka_unit_test(a_bootloader_that_reaches_the_table),
        cmocka_unit_test(bootloaders_that_no_rom_finds),
        cmocka_unit_test(revisions_in_common),
        cmocka_unit_test(releases_of_esp_idf),
        cmocka_unit_test(sizes_of_the_flash),
        cmocka_unit_test(recipes_that_cannot_boot),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
