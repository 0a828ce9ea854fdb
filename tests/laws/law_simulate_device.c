// SPDX-License-Identifier: Apache-2.0
//
// simulate: what the device decides by what it is: what only its bootloader refuses, and what it
// starts instead; apps without a description; the width of secure_version; the app that runs; files
// that are too short for esp_https_ota.
#include "product.h"
#include "simulate.h"

#define LOAD "fixtures/esp_image/bad-esp-load.bin"

enum { AT_SPI_FLASH_MODE = AT_DESC + 181, AT_SEGMENT_LENGTH = AT_FIRST_SEGMENT + 4 };

// ---- What only the bootloader refuses -----------------------------------------------------------

static void started_instead(const char *options, const char *what)
{
    const json_t *all = simulate_json(1, LOAD " -p %s", options), *step = last_step(all);
    want(text_is(all, "verdict", "broken") && text_is(all, "boots", what), "%s: boots %s", options,
         text_at(all, "boots"));
    want(text_is(step, "verdict", "broken") && text_is(step, "what", "bootloader") &&
             says(text_at(step, "message"), "\\[esp-load\\]$"),
         "%s: another last step", options);
}

// It is written, and chosen; then the bootloader goes on: down to the factory app, then up.
TEST(bootloader_refuses)
{
    simulate_table("factory.bin", "of01");
    simulate_table("three.bin", "o012");
    simulate_ota_data("second.bin", (struct ota_entry){1, 2, 0x4743989A},
                      (struct ota_entry){2, 2, 0x55F63774});
    started_instead("table.bin", "ota_0");
    started_instead("table.bin --rollback", "ota_0");
    started_instead("table.bin --ota-data second.bin", "ota_1");
    started_instead("factory.bin", "factory");
    started_instead("factory.bin --ota-data second.bin", "factory");
    started_instead("three.bin --ota-data second.bin", "ota_1");
    expect(1, "simulate fixtures/esp_image/bad-esp-mapped.bin -p table.bin");
    want_out("bootloader: BROKEN: it does not start ota_1, but ota_0: 1 segment");
    want_out("^broken: boots ota_0 again, but the device does not start the update$");
}

// ---- Descriptions -------------------------------------------------------------------------------

// An app of this chip whose description is none.
static void without_description(const char *chip)
{
    char name[100];
    (void)snprintf(name, sizeof(name), "fixtures/esp_image/good-app-%s.bin", chip);
    struct image im = image_load(name);
    poke32(&im, AT_DESC, 0);
    esp_resum(&im);
    image_save(&im, "plain.bin");
    image_free(&im);
}

TEST(no_description)
{
    without_description("esp32");
    expect(0, "verify plain.bin -p table.bin");
    expect(0, "simulate plain.bin -p table.bin");
    want_out("app: an app without a description for ESP32, goes to ota_1");
    expect(1, "simulate plain.bin -p table.bin --secure-version 0");
    want_out("refused at 0x00000020: app: it has no description, of which a device with$");
    expect(1, "simulate plain.bin -p table.bin --chip esp32s3");
    without_description("esp32c6");
    expect(1, "simulate plain.bin -p table.bin");
    want_out("refused at 0x00000020: app: it does not begin with the description that an app");
    without_description("esp32s3");
    expect(0, "simulate plain.bin -p table.bin");
}

// The first segment is an alignment's worth of bytes; the next one maps code.
TEST(short_first_segment)
{
    struct image im = image_load("fixtures/esp_image/good-app-esp32.bin");
    uint32_t length = u32_at(&im, AT_SEGMENT_LENGTH);
    static const uint8_t none[8] = {0};
    assert_true(length > 80);
    image_splice(&im, AT_DESC + 32, 8, none, 8); // becomes the head of a second segment
    poke32(&im, AT_DESC + 32, 0x3FFB0000);       // in RAM
    poke32(&im, AT_DESC + 36, length - 40);
    poke32(&im, AT_SEGMENT_LENGTH, 32);
    poke8(&im, AT_SEGMENT_COUNT, u8_at(&im, AT_SEGMENT_COUNT) + 1);
    esp_resum(&im);
    image_save(&im, "short.bin");
    image_free(&im);
    int verified = run("verify -q short.bin -p table.bin")->status;
    expect(verified, "simulate short.bin -p table.bin");
    want(!says(last_run()->out, "impossible length|description that an app has"),
         "the first segment is refused");
}

// ---- secure_version -----------------------------------------------------------------------------

TEST(secure_version_width)
{
    struct image im = image_load("app.bin"); // for an ESP32-S3: 16 bits
    poke32(&im, AT_SECURE_VERSION, 16);
    esp_resum(&im);
    image_save(&im, "16.bin");
    poke32(&im, AT_SECURE_VERSION, 17);
    esp_resum(&im);
    image_save(&im, "17.bin");
    image_free(&im);
    expect(0, "simulate 16.bin -p table.bin -s 16");
    want(!says(last_run()->out, "warning"), "it fits");
    expect(0, "simulate 17.bin -p table.bin -s 3");
    want_out("0x00000024  app: warning: secure_version 17 is above the 16 that the eFuses");
    want_out("taken: boots ota_1 next");
    expect(0, "simulate 17.bin -p table.bin");
    want(!says(last_run()->out, "secure_version"), "there is no anti-rollback");
    expect(2, "simulate 17.bin -p table.bin -s 17");
    want_err("--secure-version 17: the eFuses of the ESP32-S3 hold 16 at most");
}

// ---- What runs ----------------------------------------------------------------------------------

static void save_mode(const char *name, unsigned mode)
{
    struct image im = image_load("app.bin");
    esp_text(&im, AT_IDF, "v6.1", 32);
    poke8(&im, AT_SPI_FLASH_MODE, mode);
    esp_resum(&im);
    image_save(&im, name);
    image_free(&im);
}

// esp_https_ota of ESP-IDF 6.1 compares modes that both say; what takes a Matter image does not.
TEST(flash_mode_of_what_runs)
{
    save_mode("dio.bin", 3);
    save_mode("qio.bin", 1);
    expect(1, "simulate qio.bin -p table.bin --running dio.bin");
    want_out("app: esp_https_ota does not take it: the app is built for");
    expect(1, "verify qio.bin -p table.bin --running dio.bin");
    want_err("the app is built for flash mode qio, the one that runs for dio; .*flash-mode\\]$");
    expect(0, "simulate qio.bin -p table.bin --running qio.bin");
    expect(0, "simulate qio.bin -p table.bin --running app.bin");
    expect(0, "simulate app.bin -p table.bin --running dio.bin");
    expect(0, "verify qio.bin -p table.bin --running dio.bin --idf v6.0");
    want_err("warning: .*\\[device-flash-mode\\]$");
    expect(0, "simulate qio.bin -p table.bin --running dio.bin --idf v6.0");
    expect(1, "simulate qio.bin -p table.bin --running dio.bin --idf v6.1");
}

TEST(what_follows_from_what_runs)
{
    expect(0, "simulate app.bin -p table.bin --running br.bin");
    want_out("warning: version '1.4.2' runs already");
    expect(1, "simulate app.bin -p table.bin --running fixtures/esp_image/good-app-esp32c6.bin");
    want_out("refused at 0x0000000c: app: it is for ESP32-S3, and the device is an ESP32-C6");
    expect(0, "verify app.bin --running br.bin");
    want_err("note: version \"1.4.2\" runs already; .* \\[running-version\\]$");
    expect(2, "verify app.bin --running table.bin");
    want_err("--running table.bin: partition table, .*; give the app's image");
    expect(2, "verify app.bin --running none.bin");
    expect(2, "verify table.bin --running app.bin");
    want_err("of which no check can use --running; give --final, or leave it out$");
    // What runs on the border router, not on its RCP.
    expect(0, "verify rcp.bin");
    expect(2, "verify app.bin --running rcp.bin");
}

// The RCP is another device, and its chip another one.
TEST(rcp_is_another_device)
{
    expect(0, "verify br.bin --chip esp32s3 --flash-size 8MB -p table.bin");
    expect(1, "verify br.bin --chip esp32h2");
    want(err_lines("device-chip") == 1, "only the host is for the device");
}

// ---- Sizes --------------------------------------------------------------------------------------

// All of the table must be in the flash.
TEST(flash_size)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0xD000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x10000, 0x1F0000, "ota_0");
    pt_entry(&table, 0, 0x11, 0x200000, 0x200000, "ota_1");
    pt_finish(&table);
    image_save(&table, "4mb.bin");
    image_free(&table);
    expect(0, "simulate app.bin -p 4mb.bin --flash-size 4MB");
    expect(0, "verify app.bin -p 4mb.bin --flash-size 4MB");
    expect(1, "simulate app.bin -p 4mb.bin --flash-size 2MB");
    want_out("refused at 0x00000000: device: ");
    expect(1, "verify app.bin -p 4mb.bin --flash-size 2MB");
    want_err("the partition table goes up to 0x400000, the device has 2 MiB; .*flash-size\\]$");
}

TEST(short_files)
{
    struct image im = image_load("fixtures/esp_image/good-app-esp32c6.bin");
    esp_grow(&im, 1008 - im.n);
    image_save(&im, "1008.bin");
    esp_grow(&im, 16);
    image_save(&im, "1024.bin");
    image_free(&im);
    expect(0, "simulate 1024.bin -p table.bin --idf v5.0");
    want(!says(last_run()->out, "1,024 bytes, and"), "it is not too short");
    expect(1, "simulate 1008.bin -p table.bin --idf v5.0");
    want_out("refused at 0x000003f0: app: esp_https_ota of ESP-IDF 5.0 and later takes no file");
    expect(0, "simulate 1008.bin -p table.bin --idf v4.4.7");
    want(!says(last_run()->out, "warning"), "it was not too short then");
    expect(0, "simulate 1008.bin -p table.bin");
    want_out("warning: esp_https_ota of ESP-IDF 5.0 and later takes no file");
    expect(0, "verify 1008.bin -p table.bin --idf v5.0");
}

TEST(options)
{
    expect(0, "simulate app.bin -p table.bin --chip esp32s3 --chip-revision v0.2 --flash-size 8MB "
              "--secure-boot none --idf v5.0");
    expect(1, "simulate app.bin -p table.bin --secure-boot v2");
    want_out("esp_ota_end does not take it: the device wants a$");
    expect(1, "simulate app.bin -p table.bin --idf v5.5");
    want_out("\\[idf-order\\]$");
    expect(2, "simulate app.bin -p table.bin --flash-mode qio");
    want_err("of which no check can use --flash-mode; leave it out$");
    // No size at all, and one that only an ESP8266 has.
    expect(2, "simulate app.bin -p table.bin --flash-size rubbish");
    want_err("--flash-size 'rubbish' is no flash size; write 256KB to 1024MB$");
    expect(2, "simulate app.bin -p table.bin --flash-size 2MB-c1");
}

UNIT(simulate_device)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bootloader_refuses),
        cmocka_unit_test(no_description),
        cmocka_unit_test(short_first_segment),
        cmocka_unit_test(secure_version_width),
        cmocka_unit_test(flash_mode_of_what_runs),
        cmocka_unit_test(what_follows_from_what_runs),
        cmocka_unit_test(rcp_is_another_device),
        cmocka_unit_test(flash_size),
        cmocka_unit_test(short_files),
        cmocka_unit_test(options),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
