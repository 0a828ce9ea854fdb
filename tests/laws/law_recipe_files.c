// SPDX-License-Identifier: Apache-2.0
//
// Where a recipe names a file: each fixture is given as the value of each such key, whatever layers
// are around it, and what is taken is what the manual says that the key takes. What is no app is
// refused as an app in the same words everywhere.
#include "delta_make.h"
#include "product.h"

#include <glob.h>
#include <string.h>

enum { FILES_MOST = 4000, KIND_ROOM = 64, LIST_ROOM = 1000 };

#define MATTER "matter: {vendor_id: 1, product_id: 2, software_version: 3, "
#define HEADER MATTER "min_applicable_software_version: 1}\n"
#define TEXT_HEADER MATTER "software_version_string: 1.4.2}\n"
#define ZIGBEE "zigbee: {manufacturer: 1, image_type: 2, file_version: 3}\n"
#define VERSION_FROM "zigbee: {manufacturer: 1, image_type: 2, version_from: major.minor.patch.0}\n"
#define ELEMENTS "zigbee: {manufacturer: 1, image_type: 2, file_version: 3, elements: "
#define SIGN "sign: {keys: [rsa3072-a.pem]}\n"
#define ENCRYPT "encrypt: {key: fixtures/keys/rsa3072-a.pub.pem}\n"
#define GZIP "compress: {type: gzip}\n"
#define DELTA "delta: {base: fixtures/esp_image/good-app-esp32h2.bin}\n"
#define RCP "rcp: {build_dir: fixtures/rcp_build}\n"
#define SEALED "rcp: {build_dir: fixtures/rcp_build, seal: true}\n"
#define RCP_BUT "rcp: {build_dir: fixtures/rcp_build, "
#define FIRMWARE "firmware: fixtures/hosted/firmware.bin"
#define LOADER "0x0: fixtures/esp_image/good-bootloader-esp32h2.bin"
#define TABLE "0x8000: fixtures/partition_table/good-rcp.bin"
#define APPLICATION "{id: application, file: fixtures/br/demo_br.bin}"
#define ALLOW_PROJECT "allow: [hosted-project]\n"

// The kinds that keys take, as kind_of() says them.
#define APP "esp_image/app "
#define TABLES "partition_table partition_csv "
// What else wrappers take of an image, some of it with a warning: what can be data for a device.
#define PACKED "compressed_image delta littlefs signed_data spiffs zlib "
#define UNKNOWN                                                                                    \
    "raw/text raw/encrypted raw/erased raw/unknown raw/zeros raw/ZIP raw/ESP8266_code "            \
    "raw/MCUboot_image "
#define UPDATE                                                                                     \
    APP PACKED UNKNOWN                                                                             \
        "rcp_image esp8266_flash gzip esp8266_signed esp8266_v2 esp8266_image esp_encrypted_img "  \
        "manifest "

static const struct row {
    const char *before, *after; // the recipe around the file's name
    const char *takes;          // a fixture of any other kind never is
    bool is_app;                // all others are refused in the words for apps
} rows[] = {
    {"app: ", "\n", APP, true},
    {"app: ", "\n" SIGN, APP, true},
    {"app: ", "\n" ENCRYPT, APP, true},
    {"app: ", "\n" GZIP, APP, true},
    {"app: ", "\n" DELTA, APP, true},
    {"app: ", "\n" HEADER, APP, true},
    {"app: ", "\n" ZIGBEE, APP, true},
    {"app: ", "\n" ENCRYPT HEADER, APP, true},
    {"app: ", "\n" VERSION_FROM, APP, true},
    {"app: ", "\n" RCP, APP, true},
    {"app: ", "\n" SEALED, APP, true},
    {"image: {app: ", "}\n", APP, true},
    {"hosted: {host: ", ", " FIRMWARE "}\n", APP, true},
    {"hosted: {host: ", ", " FIRMWARE "}\n" SIGN, APP, true},
    {"hosted: {host: ", ", " FIRMWARE "}\n" ENCRYPT, APP, true},
    {"hosted: {host: ", ", " FIRMWARE "}\n" ZIGBEE, APP, true},
    {"hosted: {host: ", ", " FIRMWARE ", seal: true}\n", APP, true},
    {"hosted: {host: fixtures/br/demo_br.bin, firmware: ", "}\n", APP, true},
    {"hosted: {host: fixtures/br/demo_br.bin, firmware: ", "}\n" ALLOW_PROJECT, APP, true},
    {"hosted: {partition: slave_fw, " FIRMWARE ", host: ", "}\n", "flash ", false},
    {"hosted: {partition: slave_fw, " FIRMWARE ", host: ", "}\n" SIGN, "", false},
    {RCP_BUT "firmware: ", "}\n", APP, false},
    {RCP_BUT "bootloader: ", "}\n", "esp_image/bootloader ", false},
    {RCP_BUT "partition_table: ", "}\n", TABLES, false},
    {RCP_BUT "version: ", "}\n", "raw/text ", false},
    {MATTER "images: [{id: application, file: ", "}]}\n", APP, false},
    {MATTER "images: [" APPLICATION ", {id: rcp, version: 1, file: ", "}]}\n", "rcp_image ", false},
    {ELEMENTS "[{tag: image, data: ", "}]}\n", UPDATE, false},
    {"flash: {parts: [" LOADER ", " TABLE ", 0x10000: ", "]}\n",
     APP "raw/empty raw/erased raw/zeros ", false},
    {"flash: {parts: [" TABLE ", 0x0: ", "]}\n",
     "esp_image/bootloader esp8266_arduino esp8266_flash esp8266_v2 esp8266_signed esp8266_image ",
     false},
    {"flash: {parts: [" LOADER ", 0x8000: ", "]}\n", TABLES, false},
    {"esp8266: {image: ", "}\n", "esp8266_arduino littlefs spiffs ", false},
    {"esp8266: {eboot: ", ", sketch: fixtures/esp8266/good-v1.bin}\n", "esp8266_image ", false},
    {"image: ", "\n" ENCRYPT,
     APP PACKED
     "gzip esp_image/bootloader partition_table flash matter_bundle ota_data partition_csv "
     "intel_hex rcp_image uf2 ",
     false},
    {"image: ", "\n" TEXT_HEADER, UPDATE "matter_bundle ", false},
    {"image: ", "\n" ZIGBEE, UPDATE, false},
    {"image: ", "\n" DELTA, APP, false},
    {"app: fixtures/br/demo_br.bin\ndelta: {base: ", "}\n",
     APP "flash matter matter_bundle rcp_image zigbee ", false},
    {"app: fixtures/br/demo_br.bin\npartition_table: ", "\n", TABLES, false},
};

// ---- Kinds --------------------------------------------------------------------------------------

struct file {
    char *name, kind[KIND_ROOM];
};

static struct file files[FILES_MOST];
static size_t file_count;

// "esp_image/app", "raw/HTML", "zigbee"
static void note_kind(struct file *f)
{
    const json_t *root = tree("%s", f->name);
    const char *format = text_at(root, "format");
    const char *more = strcmp(format, "esp_image") == 0 ? field_text(root, "type")
                       : strcmp(format, "raw") == 0     ? field_text(root, "kind")
                                                        : "";
    (void)snprintf(f->kind, sizeof(f->kind), "%s%s%s", format, *more == '\0' ? "" : "/", more);
    for (char *c = f->kind; *c != '\0'; c++) {
        *c = *c == ' ' ? '_' : *c;
    }
}

static bool is_new(const struct file *f)
{
    for (size_t i = 0; i < file_count; i++) {
        if (strcmp(files[i].kind, f->kind) == 0) {
            return false;
        }
    }
    return true;
}

// Of many files the first of each kind, or with OTAPACK_LONG=1 all of them.
static void add_files(const char *pattern, bool all)
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc && file_count < FILES_MOST; i++) {
        struct file f = {.name = found.gl_pathv[i]};
        note_kind(&f);
        if (all || getenv("OTAPACK_LONG") != NULL || is_new(&f)) {
            f.name = strdup(f.name);
            files[file_count++] = f;
        }
    }
    globfree(&found);
}

// ---- The law ------------------------------------------------------------------------------------

static bool has(const char *list, const char *kind)
{
    char word[KIND_ROOM + 3], all[LIST_ROOM + 2];
    (void)snprintf(word, sizeof(word), " %s ", kind);
    (void)snprintf(all, sizeof(all), " %s", list);
    return strstr(all, word) != NULL;
}

static void note(char *list, const char *kind)
{
    size_t n = strlen(list);
    if (!has(list, kind)) {
        assert_true(snprintf(list + n, LIST_ROOM - n, "%s ", kind) < (int)(LIST_ROOM - n));
    }
}

// What the row names is taken, but for what this otapack was built without.
static bool takes_all(const struct row *row, const char *taken)
{
    char kind[KIND_ROOM];
    const char *rest = row->takes;
    for (int n = 0; sscanf(rest, "%63s %n", kind, &n) == 1; rest += n) {
        if (!has(taken, kind) && !run_lacks(kind)) {
            return false;
        }
    }
    return true;
}

// What is said of it where an app should be. A list of files is a text where its folder is not
// known, as in an image.
static const char *words_for(const struct file *f)
{
    return strncmp(f->kind, "raw", 3) == 0 || strcmp(f->kind, "manifest") == 0
               ? "^otapack: [^ ]*: .*; .*\\[known-format\\]$"
               : "^otapack: [^ ]*: this slot is for app images, and this is none: .*; give the app "
                 "itself.*\\[slot-content\\]$";
}

static void law_of_row(const struct row *row)
{
    char taken[LIST_ROOM] = "", never[LIST_ROOM] = "";
    for (size_t i = 0; i < file_count; i++) {
        const struct file *f = &files[i];
        text_file("recipe.yaml", "otapack: 1\n%s%s%s", row->before, f->name, row->after);
        const struct run *r = run("build recipe.yaml -q -o o.bin");
        if (r->status == 0) {
            note(has(row->takes, f->kind) ? taken : never, f->kind);
        } else if (row->is_app && strncmp(f->kind, "esp_image", 9) != 0 &&
                   (r->status != 1 || !says(r->err, words_for(f)))) {
            complain("%s%s%s: %s", row->before, f->name, row->after, r->err);
        }
    }
    if (*never != '\0' || !takes_all(row, taken)) {
        complain("%sFILE%s should take: %s\nit takes of these: %s\nand of others: %s", row->before,
                 row->after, row->takes, taken, never);
    }
}

// Those that go with the other files of the rows, and what is damaged.
static const char *const fitting[] = {
    "fixtures/br/demo_br.bin",
    "fixtures/esp_image/good-app-esp32h2.bin",
    "fixtures/hosted/firmware.bin",
    "fixtures/rcp_build/esp_ot_rcp.bin",
    "fixtures/rcp_build/bootloader/bootloader.bin",
    "fixtures/rcp_build/partition_table/partition-table.bin",
    "fixtures/rcp_build/rcp_version",
    "fixtures/rcp_seal/host.bin",
    "fixtures/br/partition-table.bin",
    "fixtures/partition_csv/good-rcp.csv",
    "fixtures/partition_csv/good-host.csv",
    "fixtures/field/app-arduino-esp32.bin.gz",
    "fixtures/esp8266/good-v1.bin",
    "fixtures/esp8266/good-signed.bin",
    "fixtures/rcp_seal/good-bundle.bin",
    "fixtures/zigbee/good-rcp.bin",
    "fixtures/rcp_image/good-with-host.bin",
    "fixtures/zigbee/bad-zigbee-header.bin",
    "fixtures/matter/good-all-fields.bin",
    "fixtures/matter/bad-matter-header.bin",
    "host-flash.bin",
};

// A host's flash, with a partition for the firmware in which nothing is yet.
static void make_flash(void)
{
    expect(0, "extract fixtures/hosted/flash.bin bootloader -o loader.bin");
    expect(0, "extract fixtures/hosted/flash.bin factory -o host.bin");
    text_file("recipe.yaml", "otapack: 1\nflash: {parts: [0x0: loader.bin, 0x8000: "
                             "fixtures/hosted/table.bin, 0x10000: host.bin]}\n");
    expect(0, "build recipe.yaml -q -o host-flash.bin");
}

static bool is_delta(const struct row *row)
{
    return strstr(row->before, "delta:") != NULL || strstr(row->after, "delta:") != NULL;
}

TEST(what_keys_take)
{
    take_key("rsa3072-a");
    make_flash();
    for (size_t i = 0; i < COUNT(fitting); i++) {
        add_files(fitting[i], true);
    }
    add_files("fixtures/*/good-*", false);
    add_files("fixtures/raw/*", false);
    add_files("fixtures/hosted/*.bin", false);
    add_files("fixtures/field/*", false);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = ERR_NONE;
        if (!is_delta(&rows[i]) || delta_can(&e)) {
            law_of_row(&rows[i]);
        }
    }
    for (; file_count > 0; file_count--) {
        free(files[file_count - 1].name);
    }
    complaints_end();
}

// "extract FILE PART" of what a message advises; NULL: nothing is advised.
static char *advised(const char *said)
{
    const char *words = strstr(said, "; give the app itself, which otapack ");
    const char *begin = words == NULL ? NULL : strstr(words, "extract ");
    const char *end = begin == NULL ? NULL : strstr(begin, " writes [slot-content]");
    return end == NULL ? NULL : strndup(begin, (size_t)(end - begin));
}

// What the message says that writes the app does so, and that is taken.
TEST(advice)
{
    static const char *const given[] = {
        "matter/good-app.bin",
        "matter/good-signed.bin",
        "zigbee/good-app.bin",
        "rcp_image/good-with-host.bin",
        "uf2/good-app.bin",
        "intel_hex/good-app.bin",
        "matter_bundle/in-matter-signed.bin",
        "zigbee/good-hardware.bin",
    };
    for (size_t i = 0; i < COUNT(given); i++) {
        text_file("recipe.yaml", "otapack: 1\napp: fixtures/%s\n", given[i]);
        char *command = advised(expect(1, "build recipe.yaml -q -o o.bin")->err);
        want(command != NULL, "%s: no advice", given[i]);
        expect(0, "%s -o app.bin", command);
        free(command);
        text_file("recipe.yaml", "otapack: 1\napp: app.bin\n");
        expect(0, "build recipe.yaml -q -o o.bin");
    }
    text_file("recipe.yaml", "otapack: 1\napp: fixtures/hosted/flash.bin\n"); // which has two
    expect(1, "build recipe.yaml -o o.bin");
    want_err("which otapack extract fixtures/hosted/flash.bin PART writes ");
}

// What is allowed is built, and warns; signed it is not, for nobody would look at the signature.
TEST(allowed)
{
    static const char *const given[] = {"zigbee/good-app.bin", "matter/good-app.bin",
                                        "hosted/flash.bin", "rcp_image/good-with-host.bin"};
    take_key("rsa3072-a");
    for (size_t i = 0; i < COUNT(given); i++) {
        text_file("recipe.yaml", "otapack: 1\napp: fixtures/%s\nallow: [slot-content]\n", given[i]);
        expect(0, "build recipe.yaml -o o.bin");
        want_err("warning: .*\\[slot-content\\]$");
        text_file("recipe.yaml", "otapack: 1\napp: fixtures/%s\n" SIGN, given[i]);
        expect(2, "build recipe.yaml --allow slot-content -o none.bin");
        want_err("recipe.yaml:3:7: sign: .*, which is no app; ");
        want_no_file("none.bin");
    }
}

// A flash image is signed in its parts, also where a recipe puts firmware into it.
TEST(flash_is_not_signed)
{
    take_key("rsa3072-a");
    make_flash();
    text_file("recipe.yaml", "otapack: 1\nhosted: {host: host-flash.bin, " FIRMWARE
                             ", partition: slave_fw}\n" SIGN);
    expect(2, "build recipe.yaml -o none.bin");
    want_err("recipe.yaml:3:7: sign: merged flash image, .*signed by themselves: put sign beside");
}

UNIT(recipe_files)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_keys_take),
        cmocka_unit_test(advice),
        cmocka_unit_test(allowed),
        cmocka_unit_test(flash_is_not_signed),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
