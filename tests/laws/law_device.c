// SPDX-License-Identifier: Apache-2.0
//
// What is known of the device that takes an image: each option on both sides of where it decides;
// what no check of a file can use; the file that says all of it.
#include "product.h"

#include "image.h"

#include <sys/stat.h>

#define H2_APP "fixtures/esp_image/good-app-esp32h2.bin"
#define BOOTLOADER "fixtures/esp_image/good-bootloader-esp32.bin"
#define TABLE "fixtures/partition_table/good-rcp.bin"
#define RCP "fixtures/rcp_image/good-with-host.bin"

// What the rest of the options says, and that verify says this check of it; NULL: nothing.
static const struct row {
    const char *words, *id;
} rows[] = {
    {H2_APP " --chip esp32h2", NULL},
    {H2_APP " --chip ESP32-H2", NULL},
    {H2_APP " --chip esp32c6", "device-chip"},
    // The fixture is for v0.0 to v1.99.
    {H2_APP " --chip-revision v0.0", NULL},
    {H2_APP " --chip-revision 1.99", NULL},
    {H2_APP " --chip-revision v2.0", "device-revision"},
    // Bootloaders are not asked for a highest revision.
    {BOOTLOADER " --chip-revision v99.99", NULL},
    // It says 4 MB of flash; the last partition ends at 0x110000.
    {BOOTLOADER " --flash-size 4MB", NULL},
    {BOOTLOADER " --flash-size 32MB", NULL},
    {BOOTLOADER " --flash-size 2MB", "device-flash-size"},
    {TABLE " --flash-size 0x110000", NULL},
    {TABLE " --flash-size 0x10f000", "device-flash-size"},
    {"fixtures/esp_image/good-app-flash-mode.bin --flash-mode dio", NULL},
    {"fixtures/esp_image/good-app-flash-mode.bin --flash-mode DOUT", "device-flash-mode"},
    {H2_APP " --idf v5.4.1", NULL},
    {H2_APP " --idf 5.3", NULL},
    {H2_APP " --idf v5.4.2", "idf-order"},
    {H2_APP " --secure-boot none", NULL},
    {H2_APP " --secure-boot v2", "device-signature"},
    {"fixtures/secure_boot/good-rsa3072.bin --secure-boot v2", NULL},
    {"fixtures/secure_boot/good-rsa3072.bin --secure-boot v1", "device-signature"},
    // Of a kind that this chip does not verify.
    {"fixtures/secure_boot/bad-sig-chip.bin --secure-boot v2", "device-signature"},
    {"fixtures/secure_boot/bad-sig-chip-v1.bin --secure-boot v1", "device-signature"},
    {"fixtures/secure_boot/good-v1.bin --secure-boot v1", NULL},
    {"fixtures/secure_boot/good-v1.bin --secure-boot v2", "device-signature"},
    // The RCP is another chip, with a flash of its own.
    {RCP " --chip esp32s3 --chip-revision v0.1", NULL},
    {RCP " --chip esp32h2", "device-chip"},
};

TEST(each_option_decides)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        char regex[60];
        const struct run *r = run("verify %s", rows[i].words);
        (void)snprintf(regex, sizeof(regex), "^otapack: .*\\[%s\\]$",
                       rows[i].id == NULL ? "[a-z-]*" : rows[i].id);
        bool said = says(r->err, regex);
        if (r->status != (rows[i].id != NULL) || said != (rows[i].id != NULL)) {
            complain("verify %s: status %d, and %s", rows[i].words, r->status, r->err);
        }
    }
    complaints_end();
}

// A hash of a bootloader counts only with Secure Boot v2; a signature not without Secure Boot.
TEST(what_is_looked_at_depends)
{
    struct image im = image_load(BOOTLOADER);
    poke8(&im, AT_FLASH_SIZE, u8_at(&im, AT_FLASH_SIZE) ^ 0x10); // as esptool does when it flashes
    image_save(&im, "boot.bin");
    image_free(&im);
    (void)expect(0, "verify boot.bin");
    want_err(
        "warning: .*looked at only in apps, and in bootloaders with Secure Boot v2; .*esp-hash");
    (void)expect(1, "verify boot.bin --secure-boot v2");
    want_err("^otapack: boot.bin: the appended SHA-256 .*\\[esp-hash\\]$");
    (void)expect(1, "verify fixtures/secure_boot/bad-sig-digest.bin");
    want_err("^otapack: [^:]*: signatures[^:]*: the digest .*\\[sig-digest\\]$");
    (void)expect(0, "verify fixtures/secure_boot/bad-sig-digest.bin --secure-boot none");
    want_err("note: .*\\[sig-digest\\]$");
}

TEST(what_nobody_can_use_is_refused)
{
    static const struct {
        const char *file, *option, *with; // with which other option a check could
    } unused[] = {
        {H2_APP, "--flash-mode dio", NULL}, // the description does not say one
        {H2_APP, "--flash-size 4MB", "give --partition-table, or "}, // its bootloader's counts
        {TABLE, "--chip esp32h2", NULL},
        {TABLE, "--idf v5.4", NULL},
        {TABLE, "--partition-table " TABLE, "give --final, or "},
        {BOOTLOADER, "--partition-table " TABLE, "give --final, or "},
        {"fixtures/flash/good-merged-esp32.bin", "--partition-table " TABLE, NULL},
        {H2_APP, "--layout 4m2m", NULL},
        {"fixtures/esp8266/good-gzip.bin", "--chip esp32", NULL},
        {"fixtures/esp8266/good-gzip.bin", "--flash-size 32MB", NULL},
        {"fixtures/esp8266/good-gzip.bin", "--partition-table " TABLE, NULL},
    };
    for (size_t i = 0; i < COUNT(unused); i++) {
        char regex[96];
        expect(2, "verify %s %s", unused[i].file, unused[i].option);
        (void)snprintf(regex, sizeof(regex), "of which no check can use %.*s; %sleave it out$",
                       (int)strcspn(unused[i].option, " "), unused[i].option,
                       unused[i].with == NULL ? "" : unused[i].with);
        want_no_out();
        want_err(regex);
    }
}

TEST(what_is_no_value)
{
    static const char *const bad[] = {
        "--chip esp33",        "--chip-revision v3", "--chip-revision 3.x", "--chip-revision 100.0",
        "--chip-revision 3.",  "--flash-size 4XB",   "--flash-mode qqio",   "--idf master",
        "--secure-boot maybe", "--chip ''",          "--flash-size 3TB",    "--flash-size 2048MB"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        expect(2, "verify " H2_APP " %s", bad[i]);
        want_no_out();
        want_one_line();
    }
}

// Wherever a chip is named: an option, a device file, a policy, a co-processor's in a recipe.
TEST(an_esp8266_needs_no_chip)
{
#define NONE                                                                                       \
    ": this is about chips of the ESP32 family, and what is for an ESP8266 needs none; leave it "  \
    "out$"
    text_file("d8.yaml", "otapack: 1\nchip: esp8266\n");
    text_file("r8.yaml", "otapack: 1\noutput: x.bin\nhosted:\n  host: a.bin\n  chip: esp8285\n");
    static const struct {
        const char *words, *says;
    } named[] = {
        {"verify fixtures/esp8266/good-arduino.bin --chip esp8266", "^otapack: --chip 'esp8266'"},
        {"verify " H2_APP " --chip ESP8266EX", "^otapack: --chip 'ESP8266EX'"},
        {"inspect fixtures/esp8266/good-arduino.bin --chip esp8285", "^otapack: --chip 'esp8285'"},
        {"simulate " H2_APP " -p " TABLE " --chip esp8266", "^otapack: --chip 'esp8266'"},
        {"verify " H2_APP " --device d8.yaml", "^otapack: d8.yaml:2:7: chip 'esp8266'"},
        {"verify " H2_APP " --policy d8.yaml", "^otapack: d8.yaml:2:7: chip 'esp8266'"},
        {"build r8.yaml", "^otapack: r8.yaml:5:9: chip 'esp8285'"},
    };
    for (size_t i = 0; i < COUNT(named); i++) {
        char regex[256];
        (void)snprintf(regex, sizeof(regex), "%s%s", named[i].says, NONE);
        const struct run *r = run("%s", named[i].words);
        if (r->status != 2 || !says(r->err, regex)) {
            complain("%s: status %d, and %s", named[i].words, r->status, r->err);
        }
    }
    complaints_end();
}

// ---- The device file ----------------------------------------------------------------------------

static void device(const char *text)
{
    FILE *f = fopen("device.yaml", "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

TEST(a_device_file)
{
    device("otapack: 1\nchip: esp32h2\nchip_revision: v1.0\nflash_size: 4MB\nidf: v5.4.1\n"
           "secure_boot: none\n");
    expect(0, "verify " H2_APP " --device device.yaml");
    want_no_err();
    expect(1, "verify fixtures/esp_image/good-app-esp32.bin -d device.yaml");
    want_err("\\[device-chip\\]$");
    device("otapack: 1\nflash_size: 2MB\n");
    expect(1, "verify " BOOTLOADER " --device device.yaml");
    want_err("\\[device-flash-size\\]$");
    device("otapack: 1\nchip: esp32h2\nidf: v5.4.1\n");
    // An option is stronger, and must be of use itself.
    expect(1, "verify " H2_APP " --device device.yaml --idf v5.5");
    want_err("\\[idf-order\\]$");
    expect(2, "verify " H2_APP " --device device.yaml --flash-size 8MB");
    want_err("--flash-size; give --partition-table, or leave it out$");
    expect(2, "verify fixtures/raw/html.bin " H2_APP " --device device.yaml --layout 4m2m");
    expect(2, "verify fixtures/ota_data/good-initial.bin --device device.yaml");
    want_err("--device; leave it out$");
    // Nor is an ESP8266 the device with this chip.
    expect(2, "verify fixtures/esp8266/good-gzip.bin --device device.yaml");
    want_err("no check can use --device; leave it out$");
    device("otapack: 1\nchip: esp32h2\nflash_size: 4MB\n");
    expect(0, "verify fixtures/esp8266/good-gzip.bin --device device.yaml");
}

TEST(a_device_file_names_its_table)
{
    assert_true(mkdir("devices", 0777) == 0);
    device("otapack: 1\npartition_table: table.bin\n");
    assert_int_equal(rename("device.yaml", "devices/device.yaml"), 0);
    struct image table = image_load("fixtures/partition_table/bad-for-host-slot.bin");
    image_save(&table, "devices/table.bin");
    image_free(&table);
    expect(1, "verify fixtures/br/demo_br.bin --device devices/device.yaml");
    want_err("\\[host-slot\\]$");
    expect(0, "verify fixtures/br/demo_br.bin --device devices/device.yaml "
              "-p fixtures/br/partition-table.bin");
}

TEST(no_device_file)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"chip: esp32h2\n", "^otapack: device.yaml: is no device file; begin it with: otapack: 1$"},
        {"otapack: 2\n", "is no device file"},
        {"[1]\n", "is no device file"},
        {"otapack: 1\nchpi: esp32\n", "device.yaml:2:1: there is no key 'chpi' here; did you mean "
                                      "'chip'\\?$"},
        {"otapack: 1\nchip: [esp32]\n",
         "device.yaml:2:7: chip is a list or a map; write one value"},
        {"otapack: 1\nidf: newest\n", "device.yaml:2:6: idf 'newest' is no version of ESP-IDF"},
        {"otapack: 1\nlayout: 9m\n", "device.yaml:2:9: layout '9m' is no layout"},
        {"otapack: 1\npartition_table: none.bin\n",
         "^otapack: device.yaml:2:18: partition_table: none.bin: cannot open"},
        {"otapack: 1\npartition_table: fixtures\n", "device.yaml:2:18: .*fixtures: is a folder; "},
        {"otapack: 1\npartition_table: device.yaml\n",
         "device.yaml:2:18: partition_table: device.yaml: is no partition table "},
        {"otapack: 1\npartition_table: ''\n", "device.yaml:2:18: partition_table is empty; "},
        {"otapack: 1\nlayout: 4m2m\nflash_size: 1MB\n",
         "device.yaml:2:9: layout has its file system behind the end of the flash; "},
        {"otapack: 1\nsketch_size: 9\n", "device.yaml:2:1: layout is missing: "},
        {"otapack: 1\nchip: esp32\nchip: esp32s2\n", "device.yaml:3:1: "},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        device(bad[i].text);
        expect(2, "verify " H2_APP " --device device.yaml");
        want_no_out();
        want_one_line();
        want_err(bad[i].says);
    }
    expect(2, "verify " H2_APP " --device missing.yaml");
    want_one_line();
}

UNIT(device)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_decides),
        cmocka_unit_test(what_is_looked_at_depends),
        cmocka_unit_test(what_nobody_can_use_is_refused),
        cmocka_unit_test(what_is_no_value),
        cmocka_unit_test(an_esp8266_needs_no_chip),
        cmocka_unit_test(a_device_file),
        cmocka_unit_test(a_device_file_names_its_table),
        cmocka_unit_test(no_device_file),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
