// SPDX-License-Identifier: Apache-2.0
//
// simulate: another bootloader, another partition table: where it is downloaded, what is verified
// there, what a power cut leaves at each step, and what is lost. Exact outputs are in simulate.txt.
#include "product.h"
#include "simulate.h"

#define BOOTLOADER "fixtures/esp_image/good-bootloader-esp32s3.bin"
#define DEVICE "-p fixtures/final/device.bin"
#define AS_BOOTLOADER DEVICE " --final bootloader"
#define AS_TABLE DEVICE " --final partition-table"

enum { IDF_OF_APP = 32 + 112 };

static int begin(void **group)
{
    if (simulate_begin(group) != 0) {
        return -1;
    }
    struct image im = image_load(BOOTLOADER);
    esp_grow(&im, 1024);
    esp_resum(&im);
    image_save(&im, "boot.bin");
    image_free(&im);
    return 0;
}

TEST(printed)
{
    simulate_prints("final");
}

// ---- What a power cut leaves --------------------------------------------------------------------

// So many steps after which an app boots, and after which none does.
static void cuts_are(const json_t *simulation, size_t safe, size_t lost)
{
    const json_t *step;
    size_t i, yes = 0, no = 0;
    json_array_foreach(at(simulation, "steps"), i, step)
    {
        const json_t *cut = json_object_get(step, "power_cut");
        bool boots = json_is_true(json_object_get(cut, "boots"));
        want(cut == NULL || *text_at(cut, "message") != '\0', "step %zu has no message", i);
        yes += cut != NULL && boots;
        no += cut != NULL && !boots;
    }
    want(yes == safe && no == lost, "%zu steps are safe, %zu not", yes, no);
}

TEST(power_cuts)
{
    const json_t *all = simulate_json(0, "boot.bin " AS_BOOTLOADER);
    cuts_are(all, 2, 2);
    want(number_at(last_step(all), "address") == 0 && number_at(last_step(all), "size") == 0x8000 &&
             json_is_false(at(last_step(all), "power_cut.boots")),
         "the copy is last");
    cuts_are(simulate_json(0, "fixtures/final/more.bin " AS_TABLE), 2, 2);
    // Refused before anything is erased.
    cuts_are(simulate_json(1, "fixtures/partition_table/bad-pt-md5.bin " AS_TABLE), 1, 0);
    // An app's update has no such moment.
    cuts_are(simulate_json(0, "app.bin -p table.bin"), 0, 0);
}

// Only where the ROM looks for another bootloader, and the table has a place for one.
TEST(recovery)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 2, 2, 0x3F0000, 0x8000, "RecoveryBTLDR");
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x20000, 0x100000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x120000, 0x100000, "ota_1");
    pt_finish(&table);
    image_save(&table, "recovery.bin");
    image_free(&table);
    const json_t *all = simulate_json(0, BOOTLOADER " -p recovery.bin --final bootloader");
    cuts_are(all, 2, 2);
    all = simulate_json(0, "fixtures/field/boot-esp32c5.bin -p recovery.bin --final bootloader");
    cuts_are(all, 5, 0);
    want(!says(text_at(all, "message"), "does not boot"), "it boots");
    all = simulate_json(0, "fixtures/field/boot-esp32c5.bin " AS_BOOTLOADER);
    want(says(text_at(all, "message"), "does not boot"), "no place for a recovery bootloader");
}

// ---- Straight to its place ----------------------------------------------------------------------

TEST(direct)
{
    struct image im = image_load("boot.bin");
    const json_t *all = simulate_json(0, "boot.bin " AS_BOOTLOADER " --staging PrimaryBTLDR");
    cuts_are(all, 1, 1);
    want(number_at(all, "written") == (json_int_t)im.n, "nothing is copied");
    // The same fault: refused where the old one is still there, broken where it is not.
    poke8(&im, im.n - 40, u8_at(&im, im.n - 40) ^ 1);
    im.n -= 16;
    image_save(&im, "cut.bin");
    image_free(&im);
    all = simulate_json(1, "cut.bin " AS_BOOTLOADER);
    want(text_is(all, "verdict", "refused") && text_is(all, "boots", "ota_0"), "refused");
    all = simulate_json(1, "cut.bin " AS_BOOTLOADER " --staging PrimaryBTLDR");
    want(text_is(all, "verdict", "broken") && json_object_get(all, "boots") == NULL, "broken");
    all = simulate_json(0, "boot.bin -p fixtures/final/listed.bin --final bootloader "
                           "--staging PrimaryBTLDR");
    cuts_are(all, 1, 1);
}

// ---- Where it is downloaded ---------------------------------------------------------------------

TEST(staging)
{
    expect(1, "simulate boot.bin " AS_BOOTLOADER " --staging ota_0");
    want_out("refused at 0x00000000: bootloader: ota_0: the app runs from it");
    expect(0, "simulate boot.bin " AS_BOOTLOADER " --staging ota_1");
    expect(0, "simulate boot.bin " AS_BOOTLOADER " --staging storage");
    // esp_partition_copy copies all of the final partition, and phy_init has less.
    expect(1, "simulate boot.bin " AS_BOOTLOADER " --staging phy_init");
    want_out("^refused at 0x00000550: bootloader: esp_partition_copy takes all 32,768 bytes of$");
    expect(0, "simulate fixtures/final/more.bin " AS_TABLE " --staging phy_init");
    expect(2, "simulate boot.bin " AS_BOOTLOADER " --staging ota_");
    want_err("--staging ota_: the partition table has no such partition; write nvs, otadata, .* or "
             "PrimaryBTLDR$");
    expect(2, "simulate app.bin -p table.bin --staging ota_1");
    want_err(
        "--staging ota_1: an app goes to the next OTA partition; .* --final what else is updated$");
    simulate_table("factory.bin", "of");
    expect(1, "simulate boot.bin -p factory.bin --final bootloader");
    want_out("refused at 0x00000000: bootloader: the partition table has no OTA partition");
    simulate_table("only.bin", "of0");
    expect(1, "simulate boot.bin -p only.bin --final bootloader --staging factory");
    want_out("^refused at 0x00000000: bootloader: factory: it is no OTA partition, and$");
}

// Not above what its staging partition has.
TEST(too_large)
{
    struct image table, im = image_load("boot.bin");
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x20000, 0x100000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x120000, 0x100000, "ota_1");
    pt_entry(&table, 1, 0x82, 0x300000, (uint32_t)im.n, "just");
    pt_entry(&table, 1, 0x82, 0x310000, (uint32_t)im.n - 1, "less");
    pt_entry(&table, 2, 0, 0, (uint32_t)im.n, "boot");
    pt_finish(&table);
    image_save(&table, "sizes.bin");
    image_free(&table);
    image_free(&im);
    expect(0, "simulate boot.bin -p sizes.bin --final bootloader --staging just");
    expect(1, "simulate boot.bin -p sizes.bin --final bootloader --staging less");
    want_out("^refused at 0x0000054f: bootloader: less is full: the file has 1,360 bytes, the$");
}

// ---- What boots then ----------------------------------------------------------------------------

TEST(tables)
{
    static const struct {
        const char *file;
        int status;
        const char *boots; // NULL: nothing
    } rows[] = {
        {"device", 0, "ota_0"},
        {"more", 0, "ota_0"},
        {"listed", 0, "ota_0"},
        {"bad-final-data", 0, "ota_0"},
        {"bad-final-encrypted", 0, "ota_0"},
        {"bad-final-otadata", 0, "ota_0"},
        {"bad-final-slots", 0, "ota_0"},
        {"bad-final-apps", 0, "ota_0"},
        {"bad-final-apps-first", 1, NULL},
        {"bad-final-apps-smaller", 0, "ota_0"},
        {"bad-final-over", 1, "ota_0"},
        {"bad-final-updates", 0, "ota_0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const json_t *all =
            simulate_json(rows[i].status, "fixtures/final/%s.bin " AS_TABLE, rows[i].file);
        const char *boots = json_string_value(json_object_get(all, "boots"));
        want(text_is(all, "final", "partition_table"), "final");
        want(boots == NULL ? rows[i].boots == NULL
                           : rows[i].boots != NULL && strcmp(boots, rows[i].boots) == 0,
             "%s: boots %s", rows[i].file, boots == NULL ? "nothing" : boots);
        want(text_is(all, "verdict", rows[i].status == 0 ? "taken" : "broken"), "verdict");
    }
}

// What nobody looks at when the device starts is no reason not to start.
TEST(wrong_later)
{
    static const struct {
        uint32_t first_size, more_type, more_subtype, more_at;
        const char *says;
    } rows[] = {
        {0x100000, 1, 0x82, 0x30000, "pt-overlap"},
        {0x110000, 1, 0x82, 0x300000, "pt-overlap"},
        {0x100000, 1, 0, 0x300000, "pt-otadata-twice"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image table;
        pt_begin(&table);
        pt_entry(&table, 1, 2, 0x9000, 0x6000, "nvs");
        pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
        pt_entry(&table, 0, 0x10, 0x20000, rows[i].first_size, "ota_0");
        pt_entry(&table, 0, 0x11, 0x120000, 0x100000, "ota_1");
        pt_entry(&table, rows[i].more_type, rows[i].more_subtype, rows[i].more_at, 0x2000, "more");
        pt_finish(&table);
        image_save(&table, "later.bin");
        image_free(&table);
        const json_t *all = simulate_json(1, "later.bin " AS_TABLE);
        want(text_is(all, "verdict", "broken") && text_is(all, "boots", "ota_0") &&
                 says(text_at(last_step(all), "message"), rows[i].says) &&
                 says(text_at(all, "message"), "shows later; ota_0 boots"),
             "row %zu: %s", i, text_at(all, "message"));
    }
}

// esp_partition_copy writes to no partition that is marked so.
TEST(read_only)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 2, 0, 0, 0x8000, "boot");
    poke32(&table, table.n - 32 + 28, 2);
    pt_entry(&table, 1, 0, 0xF000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x20000, 0x100000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x120000, 0x100000, "ota_1");
    pt_finish(&table);
    image_save(&table, "ro.bin");
    image_free(&table);
    const json_t *all = simulate_json(1, "boot.bin -p ro.bin --final bootloader");
    cuts_are(all, 2, 0);
    want(text_is(all, "verdict", "refused") && text_is(all, "boots", "ota_0") &&
             says(text_at(all, "message"), "boot: it is marked as read-only"),
         "%s", text_at(all, "message"));
}

// OTA data that says ota_1, where the new table has it elsewhere: the app that ran is lost.
TEST(second_slot_runs)
{
    simulate_ota_data("second.bin", (struct ota_entry){1, 2, 0x4743989A},
                      (struct ota_entry){2, 2, 0x55F63774});
    const json_t *all =
        simulate_json(0, "fixtures/final/more.bin " AS_TABLE " --ota-data second.bin");
    want(text_is(all, "runs", "ota_1") && text_is(all, "boots", "app1"), "by its place");
    // Its number says nothing where the OTA data lies elsewhere: ota_0 starts, if it has an app.
    all =
        simulate_json(0, "fixtures/final/bad-final-otadata.bin " AS_TABLE " --ota-data second.bin");
    want(text_is(all, "boots", "ota_1"), "the download lies in ota_0, and starts not");
    all = simulate_json(1, "fixtures/final/bad-final-otadata.bin " AS_TABLE
                           " --ota-data second.bin --staging storage");
    want(text_is(all, "verdict", "broken") && text_is(all, "boots", "ota_0"), "another app");
    all = simulate_json(1, "fixtures/final/bad-final-apps.bin " AS_TABLE " --ota-data second.bin");
    want(json_object_get(all, "boots") == NULL, "ota_0 holds the download");
}

// ---- Before it begins ---------------------------------------------------------------------------

TEST(running_app)
{
    struct image app = image_load("fixtures/esp_image/good-app-esp32s3.bin");
    image_save(&app, "old.bin");
    esp_text(&app, IDF_OF_APP, "v5.5", 32);
    image_save(&app, "new.bin");
    image_free(&app);
    expect(1, "simulate boot.bin " AS_BOOTLOADER " --running old.bin");
    want_out("^refused at 0x00000000: bootloader: the app that runs is built with ESP-IDF 5.4.1$");
    expect(0, "simulate boot.bin " AS_BOOTLOADER " --running new.bin");
    expect(1, "simulate boot.bin " AS_BOOTLOADER " --chip esp32c6");
    want_out("^refused at 0x0000000c: bootloader: esp_https_ota does not take it: the device$");
    expect(1, "simulate app.bin " AS_BOOTLOADER);
    want_out("\\[slot-content\\]");
    expect(1, "simulate fixtures/raw/html.bin " AS_TABLE);
    expect(2, "simulate boot.bin " AS_BOOTLOADER " --running-version 1");
    want_err("--running-version is about an app, and --final about another part");
    expect(2, "simulate boot.bin " AS_BOOTLOADER " --secure-version 1");
    want_err("--secure-version is about an app, and --final about another part");
    expect(2, "simulate app.bin -p table.bin --final app");
    want_err("--final 'app' is no part that an update replaces; write bootloader or "
             "partition-table$");
}

UNIT(simulate_final)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printed),     cmocka_unit_test(power_cuts),
        cmocka_unit_test(recovery),    cmocka_unit_test(direct),
        cmocka_unit_test(staging),     cmocka_unit_test(too_large),
        cmocka_unit_test(tables),      cmocka_unit_test(second_slot_runs),
        cmocka_unit_test(running_app), cmocka_unit_test(wrong_later),
        cmocka_unit_test(read_only),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
