// SPDX-License-Identifier: Apache-2.0
//
// simulate: a plain app to a device with esp_https_ota: what is asked of its version, chip and
// secure_version, its size, and what of it is damaged. Exact outputs are in simulate.txt.
#include "product.h"
#include "simulate.h"

enum { SLOT = 0x2000, WORDS = 1024 };

static void with_version(int status, const char *file, const char *version)
{
    const char *words[] = {"simulate", file, "-p", "table.bin", "--running-version", version, NULL};
    want(run_words(words)->status == status, "exit status %d", last_run()->status);
}

// esp_https_ota takes any version. The one that runs already is told of, as some apps refuse it;
// equality only, so not one that only begins like it.
TEST(versions)
{
    static const char runs_already[] = "^  0x00000030  app: warning: version '.* runs";
    char version[ITEM_ROOM];
    EACH_ITEM(version,
              "1.4.3|2|1.4|1.4.20|1.4.2 |xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
    {
        with_version(0, "app.bin", version);
        want(!says(last_run()->out, runs_already), "%s does not run", version);
    }
    // A version that fills its field has no NUL.
    struct image im = image_load("app.bin");
    esp_text(&im, AT_VERSION, "01234567890123456789012345678901", 32);
    image_save(&im, "full.bin");
    image_free(&im);
    with_version(0, "full.bin", "01234567890123456789012345678901");
    want_out(runs_already);
    with_version(0, "full.bin", "0123456789012345678901234567890");
    want(!says(last_run()->out, runs_already), "it does not run");
    with_version(0, "full.bin", "012345678901234567890123456789012");
    want(!says(last_run()->out, runs_already), "nor does this");
    with_version(0, "app.bin", "1.4.2");
    want_out(runs_already);
    want_out("^taken: boots ota_1 next$");
}

// The secure version that the eFuses have is enough.
TEST(secure_version)
{
    struct image im = image_load("app.bin");
    poke32(&im, AT_SECURE_VERSION, 3);
    esp_resum(&im);
    image_save(&im, "secure.bin");
    image_free(&im);
    expect(0, "simulate secure.bin -p table.bin -s 0");
    expect(0, "simulate secure.bin -p table.bin -s 2");
    expect(0, "simulate secure.bin -p table.bin -s 3");
    expect(1, "simulate secure.bin -p table.bin -s 4");
    want_out("^refused at 0x00000024: app: secure_version 3 is below 4,");
}

// In a combined image the same is asked of the host, but for the version, which is the RCP's.
TEST(combined)
{
    expect(1, "simulate br.bin -p table.bin --chip esp32h2");
    want_out("^refused at 0x00001411: host: it is for ESP32-S3, and the device is an");
    expect(1, "simulate br.bin -p table.bin --secure-version 1");
    want_out("^refused at 0x00001429: host: secure_version 0 is below 1,");
    expect(0, "simulate br.bin -p table.bin --chip esp32s3 --running-version 1.4.2");
}

// The slot is full; in the other direction it fits, and the next time it will not.
TEST(size)
{
    struct image im = image_load("app.bin");
    simulate_slots("slots.bin", SLOT);
    simulate_ota_data("second.bin", (struct ota_entry){1, 2, 0x4743989A},
                      (struct ota_entry){2, 2, 0x55F63774});
    expect(0, "simulate app.bin -p slots.bin");
    esp_grow(&im, SLOT - im.n);
    image_save(&im, "large.bin");
    expect(0, "simulate large.bin -p slots.bin");
    want_out("\\(8,192 of 8,192$|of 8,192 bytes\\)$");
    esp_grow(&im, 16);
    image_save(&im, "large.bin"); // for the section of simulate.txt
    image_free(&im);
}

// A bit that flips late: it is nearly all in the flash by then, and not booted.
TEST(printed)
{
    struct image im = image_load("app.bin");
    im.p[4400] ^= 1;
    image_save(&im, "late.bin");
    image_free(&im);
    simulate_prints("app");
}

// ---- What is damaged ----------------------------------------------------------------------------

struct damage {
    unsigned at;
    const char *message, *file;
};

static void refused(const struct damage *d)
{
    char start[WORDS];
    const json_t *all = simulate_json(1, "fixtures/%s.bin -p table.bin", d->file);
    const json_t *step = last_step(all);
    want(strcmp(text_at(all, "verdict"), "refused") == 0 &&
             strcmp(text_at(all, "boots"), "ota_0") == 0 &&
             strcmp(text_at(all, "device"), "https_ota") == 0,
         "%s: another verdict", d->file);
    want(number_at(step, "at") == d->at && strcmp(text_at(step, "what"), "app") == 0 &&
             strcmp(text_at(step, "message"), d->message) == 0,
         "%s: another last step", d->file);
    const char *message = text_at(all, "message"), *end = " written; ota_0 goes on running";
    (void)snprintf(start, sizeof(start), "refused at 0x%08x: app: %s; ", d->at, d->message);
    want(strncmp(message, start, strlen(start)) == 0 && strlen(message) > strlen(end) &&
             strcmp(message + strlen(message) - strlen(end), end) == 0,
         "%s: %s", d->file, message);
}

TEST(damaged)
{
    static const char cut[] = "it is cut off: it must have more than is there";
    static const struct damage rows[] = {
        {479, "its checksum does not fit its segments: it is damaged",
         "esp_image/bad-esp-checksum"},
        {480, "the SHA-256 at its end does not fit: it is damaged, or was changed",
         "esp_image/bad-esp-hash"},
        {32, "it does not begin with the description that an app has", "esp_image/bad-app-desc"},
        {1, "it has an impossible number of segments", "esp_image/bad-esp-header-segment-count"},
        {384, cut, "esp_image/bad-esp-header-cut-segment"},
        {512, cut, "esp_image/bad-esp-header-huge-length"},
        {496, cut, "esp_image/bad-esp-header-cut-hash"},
        {512,
         "esp_ota_end does not take it: segment 2 lies at 0x160 of the image and loads to "
         "0x42000260, which differ within a page of 0x10000 [esp-page-align]",
         "esp_image/bad-esp-page-align"},
        {512,
         "esp_ota_end does not take it: the lowest chip revision is v2.0, the highest v1.99 "
         "[esp-revision]",
         "esp_image/bad-esp-revision"},
        {5292, "the CRC of a signature block does not fit: the block is damaged",
         "secure_boot/bad-sig-crc"},
        {4100, "a signature block was made for other bytes: it was changed after it was signed",
         "secure_boot/bad-sig-digest"},
        {8192,
         "a device with Secure Boot does not take its signature: the signature does not fit the "
         "block's own key and digest [sig-signature]",
         "secure_boot/bad-sig-signature"},
        {5312, "a signature block behind it is none, or one is missing before it",
         "secure_boot/bad-sig-block-magic"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        refused(&rows[i]);
    }
}

TEST(cut_off)
{
    static const size_t sizes[] = {1, 3, 4, 31, 287, 288, 500, 4511, 4543};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        copy_range("app.bin", 0, sizes[i], "cut.bin");
        expect(1, "simulate cut.bin -p table.bin");
        want_out("^refused at 0x");
    }
    expect(1, "simulate cut.bin -p table.bin --chunk 7");
    want_out("^refused at 0x000011[0-9a-f]{2}: app: it is cut off: it must have more than is");
}

TEST(no_image)
{
    char file[ITEM_ROOM];
    EACH_ITEM(file, "raw/html|raw/gzip|raw/elf|raw/zeros|raw/erased|raw/one-byte|raw/empty|"
                    "partition_table/good-host|esp_image/good-bootloader-esp32s3|"
                    "ota_data/good-initial")
    {
        expect(1, "simulate fixtures/%s.bin -p table.bin", file);
        want_out("^refused at 0x");
        want_no_err();
    }
    expect(1, "simulate fixtures/raw/html.bin -p table.bin");
    want_out("^refused at 0x00000000: file: this is neither an app, nor a border router's$");
}

TEST(for_an_esp8266)
{
    char file[ITEM_ROOM], regex[ITEM_ROOM + 100];
    EACH_ITEM(file, "good-arduino|good-v1|good-v2|good-gzip|good-signed|good-gzip-signed")
    {
        expect(2, "simulate fixtures/esp8266/%s.bin -p table.bin", file);
        want_no_out();
        want_one_line();
        (void)snprintf(regex, sizeof(regex),
                       "%s\\.bin: is for an ESP8266, .*; otapack verify --layout", file);
        want_err(regex);
    }
}

UNIT(simulate_app)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions),       cmocka_unit_test(secure_version),
        cmocka_unit_test(combined),       cmocka_unit_test(size),
        cmocka_unit_test(printed),        cmocka_unit_test(damaged),
        cmocka_unit_test(cut_off),        cmocka_unit_test(no_image),
        cmocka_unit_test(for_an_esp8266),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
