// SPDX-License-Identifier: Apache-2.0
//
// What chips, their revisions and the releases of ESP-IDF for them take, on both sides of each
// border: schemes of signatures, bootloader's secure_version, partitions of more than 16 MiB, the
// memory of the bootloader of ESP32-P4 below v3.0 and from v3.0 on.
#include "run.h"

#include "image.h"

#define SIGNED "fixtures/secure_boot/"

enum {
    AT_LOWEST = 15, // chip revision
    AT_LOADER_SECURE_VERSION = 32 + 3,
    AT_DATA_LOAD = 304,
    AT_IRAM_LOAD = 416,
    TYPE_APP = 0,
    TYPE_DATA = 1,
    MIB_16 = 0x1000000
};

// Does verify say it of image.bin? Whatever else there is, and the status, is no matter here.
static void says_it(const char *options, const char *check, bool wanted)
{
    char command[200], line[60];
    (void)snprintf(command, sizeof(command), "verify image.bin %s", options);
    (void)snprintf(line, sizeof(line), "\\[%s\\]$", check);
    const struct run *r = run("%s", command);
    want(says(r->err, line) == wanted, "%s: %s is%s said", command, check, wanted ? " not" : "");
}

// ---- Signatures ---------------------------------------------------------------------------------

TEST(schemes_by_revision)
{
    static const struct {
        const char *file;
        unsigned chip, lowest;
        const char *options;
        bool said;
    } rows[] = {
        {"good-esp32-rsa3072.bin", 0, 300, "", false},
        {"good-esp32-rsa3072.bin", 0, 300, "--chip-revision v2.99", true},
        {"bad-sig-chip-revision.bin", 0, 0, "", true},
        {"bad-sig-chip-revision.bin", 0, 299, "", true},
        {"bad-sig-chip-revision.bin", 0, 300, "", false},
        {"bad-sig-chip-revision.bin", 0, 0, "--chip-revision v3.0", false},
        {"good-ecdsa-p384.bin", 18, 299, "", true},
        {"good-ecdsa-p384.bin", 18, 300, "", false},
        {"good-ecdsa-p384.bin", 18, 0, "--chip-revision v3.1", false},
        {"good-ecdsa-p384.bin", 18, 300, "--chip-revision v1.3", true},
        {"good-ecdsa-p384.bin", 23, 0, "", false},
        {"good-ecdsa-p384.bin", 20, 0, "", true},
        {"good-rsa3072.bin", 23, 0, "", true},
        {"good-rsa3072.bin", 23, 1, "", false},
        {"good-rsa3072.bin", 18, 0, "", false},
        {"good-rsa3072.bin", 20, 0, "", true},
        {"good-rsa3072.bin", 25, 0, "", false},
        {"good-rsa3072.bin", 32, 0, "", false},
        {"good-rsa3072.bin", 28, 0, "", true},
        {"good-ecdsa-p256.bin", 25, 0, "", true},
        {"good-ecdsa-p256.bin", 32, 0, "", true},
        {"good-ecdsa-p256.bin", 12, 0, "", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char name[100];
        (void)snprintf(name, sizeof(name), SIGNED "%s", rows[i].file);
        struct image im = image_load(name);
        poke16(&im, AT_CHIP_ID, rows[i].chip);
        poke16(&im, AT_LOWEST, rows[i].lowest);
        image_save(&im, "image.bin");
        image_free(&im);
        says_it(rows[i].options, "sig-chip", rows[i].said);
    }
}

TEST(schemes_by_release)
{
    static const struct {
        const char *file, *options, *check;
        bool said;
    } rows[] = {
        {"bad-sig-insecure.bin", "", "sig-insecure", true},
        {"bad-sig-insecure.bin", "--idf v5.5.4", "sig-insecure", false},
        {"bad-sig-insecure.bin", "--idf v5.5.5", "sig-insecure", true},
        {"bad-sig-insecure.bin", "--idf v6.0.1", "sig-insecure", false},
        {"bad-sig-insecure.bin", "--idf v6.0.2", "sig-insecure", true},
        {"bad-sig-insecure.bin", "--idf v6.1", "sig-insecure", true},
        {"bad-sig-insecure.bin", "--secure-boot none", "sig-insecure", false},
        {"good-ecdsa-p256.bin", "", "sig-insecure", false}, // an ESP32-C6
        {"good-rsa3072.bin", "", "sig-insecure", false},
        {"good-ecdsa-p192.bin", "", "sig-dropped", true},
        {"good-ecdsa-p192.bin", "--idf v5.5.5", "sig-dropped", false},
        {"good-ecdsa-p192.bin", "--idf v6.0", "sig-dropped", true},
        {"good-ecdsa-p192.bin", "--secure-boot none", "sig-dropped", false},
        {"good-ecdsa-p256.bin", "--idf v6.0", "sig-dropped", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char name[100];
        (void)snprintf(name, sizeof(name), SIGNED "%s", rows[i].file);
        struct image im = image_load(name);
        image_save(&im, "image.bin");
        image_free(&im);
        says_it(rows[i].options, rows[i].check, rows[i].said);
    }
    (void)expect(0, "verify " SIGNED "good-ecdsa-p192.bin");
    (void)expect(1, "verify " SIGNED "good-ecdsa-p192.bin --idf v6.0 --allow idf-order");
    (void)expect(0, "verify " SIGNED "bad-sig-insecure.bin");
}

// ---- Versions -----------------------------------------------------------------------------------

TEST(secure_version_of_a_bootloader)
{
    static const struct {
        unsigned chip, version;
        bool said;
    } rows[] = {{16, 0, false}, {16, 1, true}, {23, 4, false}, {23, 5, true},
                {20, 4, false}, {32, 5, true}, {13, 1, true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = image_load("fixtures/esp_image/good-bootloader-esp32h2.bin");
        poke16(&im, AT_CHIP_ID, rows[i].chip);
        poke8(&im, AT_LOADER_SECURE_VERSION, rows[i].version);
        esp_resum(&im);
        image_save(&im, "image.bin");
        image_free(&im);
        says_it("", "bootloader-secure-version", rows[i].said);
    }
}

// v6.0 and v6.0.0 are one release, of the app and of the device.
TEST(releases_are_compared_by_their_numbers)
{
    static const struct {
        const char *app, *device;
        bool older;
    } rows[] = {{"v6.0", "v6.0", false},   {"v6.0", "v6.0.0", false}, {"v6.0.0", "v6.0", false},
                {"v5.4.0", "v5.4", false}, {"v6.0", "v6.0.1", true},  {"v6.0.1", "v6.0", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char options[40];
        struct image im = image_load("fixtures/esp_image/good-app-esp32h2.bin");
        esp_text(&im, AT_IDF, rows[i].app, 32);
        image_save(&im, "image.bin");
        image_free(&im);
        (void)snprintf(options, sizeof(options), "--idf %s", rows[i].device);
        says_it(options, "idf-order", rows[i].older);
    }
}

// ---- Partitions of more than 16 MiB -------------------------------------------------------------

static void one_app(struct image *table, uint32_t size)
{
    pt_begin(table);
    pt_entry(table, TYPE_DATA, 2, 0x9000, 0x6000, "nvs");
    pt_entry(table, TYPE_APP, 0, 0x10000, size, "factory");
    pt_finish(table);
}

TEST(partitions_of_16_mib)
{
    static const uint32_t sizes[] = {MIB_16, MIB_16 + 0x1000};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct image table = {0};
        one_app(&table, sizes[i]);
        merged_save(&table, "image.bin"); // of an ESP32-H2 or another chip that maps less
        image_free(&table);
        says_it("", "pt-large", i == 1);
    }
}

TEST(ota_partitions_of_16_mib)
{
    static const struct {
        const char *app;
        uint32_t size;
        const char *idf;
        bool said;
    } rows[] = {{"esp32h2", MIB_16, "v5.4", false},
                {"esp32h2", MIB_16 + 0x1000, "v5.4", true},
                {"esp32s3", MIB_16 + 0x1000, "v5.3", false},
                {"esp32s3", MIB_16 + 0x1000, "v5.2", true}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char options[100], name[100];
        struct image table = {0};
        pt_begin(&table);
        pt_entry(&table, TYPE_DATA, 0, 0xe000, 0x2000, "otadata");
        pt_entry(&table, TYPE_APP, 0x10, 0x10000, rows[i].size, "ota_0");
        pt_entry(&table, TYPE_APP, 0x11, 0x2000000, 0x100000, "ota_1");
        pt_finish(&table);
        image_save(&table, "table.bin");
        image_free(&table);
        (void)snprintf(name, sizeof(name), "fixtures/esp_image/good-app-%s.bin", rows[i].app);
        struct image im = image_load(name);
        image_save(&im, "image.bin");
        image_free(&im);
        (void)snprintf(options, sizeof(options), "-p table.bin --idf %s", rows[i].idf);
        says_it(options, "pt-large", rows[i].said);
    }
}

// ---- The two families of the ESP32-P4 -----------------------------------------------------------

TEST(memory_of_the_p4)
{
    static const struct {
        uint32_t load;
        unsigned lowest;
        const char *options;
        bool said;
    } rows[] = {
        {0x4FF40000, 0, "", false}, // where apps for revisions below v3.0 have their data
        {0x4FF33BD0 - 32, 0, "", false},   {0x4FF33BD0 - 28, 0, "", true},
        {0x4FF3CFC0 - 4, 299, "", true},   {0x4FF3CFC0, 299, "", false},
        {0x4FF3CFC0 - 4, 300, "", false},  {0x4FFBCFC0 - 4, 300, "", true},
        {0x4FFBCFC0 - 4, 0, "", false},    {0x4FFBCFC0 - 4, 0, "--chip-revision v3.0", true},
        {0x4FFB4FC0 - 32, 300, "", false}, {0x4FFB4FC0 - 28, 300, "", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = image_load("fixtures/esp_image/good-app-esp32c6.bin");
        poke16(&im, AT_CHIP_ID, 18);
        poke16(&im, AT_LOWEST, rows[i].lowest);
        poke32(&im, AT_DATA_LOAD, rows[i].load);
        poke32(&im, AT_IRAM_LOAD, 0x4FF00000);
        esp_resum(&im);
        image_save(&im, "image.bin");
        image_free(&im);
        says_it(rows[i].options, "esp-load", rows[i].said);
    }
}

UNIT(chip_facts)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemes_by_revision),
        cmocka_unit_test(schemes_by_release),
        cmocka_unit_test(secure_version_of_a_bootloader),
        cmocka_unit_test(releases_are_compared_by_their_numbers),
        cmocka_unit_test(partitions_of_16_mib),
        cmocka_unit_test(ota_partitions_of_16_mib),
        cmocka_unit_test(memory_of_the_p4),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
