// SPDX-License-Identifier: Apache-2.0
//
// What is said of an app and a device is said of the same app in whatever wrapping otapack opens:
// the device gets what is inside. Each wrapping with each option, on both sides of where it
// decides; and the borders of the partition that the app goes to.
#include "product.h"

#include "image.h"

#include "../unit/scratch.h"

#define KEYS "fixtures/keys/"
#define DECRYPT " --decrypt-key " KEYS "rsa3072-a.pem"
#define BASE " --base base.bin"
#define MATTER "vendor_id: 1, product_id: 2, software_version: 3, software_version_string: 1.4.2"

enum { SLOT = 0x2000, SMALL = 0x1000 };

// What is around the app, as a recipe says it, and what opens it.
static const struct wrapping {
    const char *name, *layers, *words;
    bool by_bootloader; // which is what unpacks it
    bool no_mode;       // nobody compares flash modes there
} wrappings[] = {
    {"encrypted", "encrypt: {key: " KEYS "rsa3072-a.pub.pem}", DECRYPT, false, false},
    {"delta", "delta: {base: base.bin}", BASE, false, false},
    {"encrypted delta", "encrypt: {key: " KEYS "rsa3072-a.pub.pem}\ndelta: {base: base.bin}",
     BASE DECRYPT, false, false},
    {"gzip", "compress: {type: gzip}", "", false, false},
    {"zlib", "compress: {type: zlib}", "", false, false},
    {"compressed", "compress: {type: esp-xz}", "", true, false},
    {"compressed, behind a header", "compress: {type: esp-xz, app_header: true}", "", true, false},
    {"Matter", "matter: {" MATTER "}", "", false, true},
    {"Matter, encrypted", "encrypt: {key: " KEYS "rsa3072-a.pub.pem}\nmatter: {" MATTER "}",
     DECRYPT, false, true},
    {"Matter, delta", "delta: {base: base.bin}\nmatter: {" MATTER "}", BASE, false, true},
    {"Matter, encrypted delta",
     "delta: {base: base.bin}\nencrypt: {key: " KEYS "rsa3072-a.pub.pem}\nmatter: {" MATTER "}",
     BASE DECRYPT, false, true},
    {"Zigbee", "zigbee: {manufacturer: 1, image_type: 2, file_version: 3}", "", false, true},
    {"Zigbee, delta",
     "delta: {base: base.bin}\nzigbee: {manufacturer: 1, image_type: 2, file_version: 3}", BASE,
     false, true},
};

// What is said of the device, and the check that fails for it; NULL: all is well.
static const struct said {
    const char *words, *id;
    bool mode;
} options[] = {
    {"--chip esp32h2", NULL, false},
    {"--chip esp32c6", "device-chip", false},
    {"--chip-revision v1.0", NULL, false},
    {"--chip-revision v2.0", "device-revision", false},
    {"--idf v5.4.1", NULL, false},
    {"--idf v5.5", "idf-order", false},
    {"--secure-boot none", NULL, false},
    {"--secure-boot v2", "device-signature", false},
    {"--flash-mode dio", NULL, true},
    {"--flash-mode dout", "device-flash-mode", true},
    {"--running base.bin", "running-secure-version", false},
    {"-p table.bin", NULL, false},
    {"-p small.bin", "host-slot", false},
    {"-p alone.bin", "host-update", false},
    {"-p table.bin --flash-size 4MB", NULL, false},
    {"-p small.bin --flash-size 4MB", "host-slot", false},
    {"-p table.bin --flash-size 1MB", "device-flash-size", false},
};

static void put_table(const char *name, uint32_t first, uint32_t second)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0x9000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x10000, first, "ota_0");
    if (second > 0) {
        pt_entry(&table, 0, 0x11, 0x100000, second, "ota_1");
    }
    pt_finish(&table);
    image_save(&table, name);
    image_free(&table);
}

// An app of this many bytes, and the one that runs, which burned an eFuse more.
static void put_app(size_t size)
{
    struct image app = image_load("fixtures/esp_image/good-app-flash-mode.bin");
    esp_grow(&app, size - app.n);
    esp_resum(&app);
    want(app.n == size, "the app has %zu bytes", app.n);
    image_save(&app, "app.bin");
    poke32(&app, AT_SECURE_VERSION, 1);
    esp_text(&app, AT_VERSION, "1.3.0", 32);
    image_save(&app, "base.bin");
    image_free(&app);
}

static void wrap(const struct wrapping *w)
{
    char recipe[600];
    int n = snprintf(recipe, sizeof(recipe), "otapack: 1\noutput: wrapped.bin\napp: app.bin\n%s\n",
                     w->layers);
    file_write("recipe.yaml", recipe, (size_t)n);
    (void)expect(0, "build -q recipe.yaml");
}

// The worst that is said with this check's ID: 1 it fails, 0 it is told, -1 nothing.
static int said_of(const char *id)
{
    char failed[80], told[80];
    (void)snprintf(failed, sizeof(failed), "^otapack: .*[^:]*\\[%s\\]$", id);
    (void)snprintf(told, sizeof(told), "(warning|note): .*\\[%s\\]$", id);
    const char *err = last_run()->err;
    return says(err, told) ? 0 : says(err, failed) ? 1 : -1;
}

// The same as of the bare app, of which it is said that it fails, or no more than told.
static void try_option(const struct wrapping *w, const struct said *o, int bare)
{
    int wanted = o->mode && w->no_mode && bare == 1 ? 0 : bare;
    (void)run("verify wrapped.bin %s%s", o->words, w->words);
    const struct run *r = last_run();
    if (r->status != (wanted == 1) || (o->id != NULL && said_of(o->id) != wanted)) {
        complain("%s: %s: status %d, and %s", w->name, o->words, r->status, r->err);
    }
}

static void try_all(bool by_bootloader)
{
    int bare[COUNT(options)];
    put_app(SLOT - 16);
    put_table("table.bin", SLOT, SLOT);
    put_table("small.bin", SMALL, SMALL);
    put_table("alone.bin", SLOT, 0);
    for (size_t k = 0; k < COUNT(options); k++) {
        (void)run("verify app.bin %s", options[k].words);
        bare[k] = options[k].id == NULL ? last_run()->status - 1 : said_of(options[k].id);
        want((options[k].id == NULL) == (bare[k] < 0), "the bare app: %s", options[k].words);
    }
    for (size_t i = 0; i < COUNT(wrappings); i++) {
        if (wrappings[i].by_bootloader == by_bootloader) {
            wrap(&wrappings[i]);
            for (size_t k = 0; k < COUNT(options); k++) {
                try_option(&wrappings[i], &options[k], bare[k]);
            }
        }
    }
    complaints_end();
}

TEST(what_an_app_unpacks)
{
    try_all(false);
}

TEST(what_a_bootloader_unpacks)
{
    run_needs("fixtures/compressed_image/good-app.bin");
    try_all(true);
}

// ---- Where it goes ------------------------------------------------------------------------------

// A table with the partition in which the bootloader finds what is compressed.
static void put_storage(const char *name, uint32_t slot, uint32_t storage)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 1, 0, 0x9000, 0x2000, "otadata");
    pt_entry(&table, 0, 0x10, 0x10000, slot, "ota_0");
    pt_entry(&table, 1, 0x22, 0x80000, storage, "storage");
    pt_finish(&table);
    image_save(&table, name);
    image_free(&table);
}

// An app of as many bytes that do not compress.
static void put_noise(size_t size)
{
    struct image app = image_load("fixtures/esp_image/good-app-flash-mode.bin");
    size_t more = size - app.n;
    uint32_t x = 1;
    esp_grow(&app, more);
    size_t end = esp_walk(&app).last;
    for (size_t at = end - more; at < end; at++) {
        x = x * 1664525 + 1013904223;
        poke8(&app, at, x >> 24);
    }
    esp_resum(&app);
    image_save(&app, "app.bin");
    image_free(&app);
}

// Bare, it is held against the smaller partition; compressed, it waits in one and goes to another.
TEST(room_for_what_is_compressed)
{
    static const struct wrapping w = {"", "compress: {type: esp-xz, app_header: true}", "", true,
                                      false};
    run_needs("fixtures/compressed_image/good-app.bin");
    put_app(SLOT - 16);
    wrap(&w);
    put_table("table.bin", SLOT, SMALL);
    (void)expect(1, "verify app.bin -p table.bin");
    (void)expect(0, "verify wrapped.bin -p table.bin");
    put_table("table.bin", SMALL, SLOT);
    (void)expect(1, "verify wrapped.bin -p table.bin");
    want(said_of("host-slot") == 1, "it is unpacked into ota_0");
    put_storage("table.bin", SLOT, SMALL);
    (void)expect(0, "verify wrapped.bin -p table.bin");
    put_storage("table.bin", SLOT, 512);
    (void)expect(1, "verify wrapped.bin -p table.bin");
    want(says(last_run()->err, "partition storage, in which it waits.*\\[host-slot\\]$"),
         "it does not fit storage");
    put_app(SLOT); // the last piece of which is left out
    wrap(&w);
    put_table("table.bin", SLOT, SLOT);
    (void)expect(0, "verify app.bin -p table.bin");
    (void)expect(1, "verify wrapped.bin -p table.bin");
    want(said_of("host-slot") == 1, "it fills its partition");
    put_noise(SLOT - 1024);
    wrap(&w);
    (void)expect(0, "verify wrapped.bin -p table.bin");
    put_table("table.bin", SLOT, SMALL);
    (void)expect(1, "verify wrapped.bin -p table.bin");
    want(says(last_run()->err, "partition ota_1, in which it waits.*\\[host-slot\\]$"),
         "it does not fit ota_1");
}

#define MERGE "compat esptool --chip esp32h2 merge-bin --format uf2 -o app.uf2 "

// By a cable, to the partition that begins there: whether updates can take effect is another
// matter.
TEST(room_for_what_is_flashed)
{
    static const struct {
        const char *address;
        uint32_t first, second;
        bool good;
    } rows[] = {{"0x10000", SLOT, SMALL, true},  {"0x10000", SMALL, SLOT, false},
                {"0x100000", SMALL, SLOT, true}, {"0x100000", SLOT, SMALL, false},
                {"0x10000", SLOT, 0, true},      {"0x0", SLOT, SMALL, true},
                {"0x0", SMALL, SLOT, false},     {"0x20000", SLOT, SLOT, false}};
    put_app(SLOT - 16);
    for (size_t i = 0; i < COUNT(rows); i++) {
        put_table("table.bin", rows[i].first, rows[i].second);
        (void)expect(0, MERGE "%s app.bin", rows[i].address);
        (void)expect(!rows[i].good, "verify app.uf2 -p table.bin");
        want(rows[i].good || said_of("host-slot") == 1, "row %zu", i);
    }
    // In a data partition it is for whoever looks there.
    text_file("data.csv", "nvs,data,nvs,0x9000,0x4000\nnode_fw,data,0x40,0x10000,1M\n"
                          "factory,app,factory,,1M\n");
    (void)expect(0, MERGE "0x10000 app.bin");
    (void)expect(0, "verify app.uf2 -p data.csv");
}

// So it is of a list, whose other files are not all there.
TEST(room_in_a_data_partition_of_a_list)
{
    struct image table;
    put_app(SLOT - 16);
    pt_begin(&table);
    pt_entry(&table, 0, 0, 0x10000, 0x100000, "factory");
    pt_entry(&table, 1, 0x40, 0x110000, 0x100000, "node_fw");
    pt_finish(&table);
    image_save(&table, "own.bin");
    image_free(&table);
    for (int data = 0; data < 2; data++) {
        text_file(
            "list.json",
            "{\"name\": \"d\", \"version\": \"1.4.2\", \"builds\": [{\"chipFamily\": \"ESP32-H2\","
            "\"parts\": [{\"path\": \"https://x.example/b.bin\", \"offset\": 0},"
            "{\"path\": \"own.bin\", \"offset\": 32768},"
            "{\"path\": \"app.bin\", \"offset\": %d}]}]}",
            data ? 0x110000 : 0x20000);
        (void)expect(!data, "verify list.json --allow manifest-version");
        want(data || said_of("manifest-place") == 1, "it may lie anywhere");
    }
}

// What a list names as an update is one.
TEST(room_for_what_is_listed)
{
    put_app(SLOT - 16);
    put_table("table.bin", SLOT, SLOT);
    put_table("small.bin", SMALL, SLOT);
    (void)expect(1, "publish app.bin --to esphome --name n -o refused -p small.bin");
    want(said_of("host-slot") == 1, "it is published");
    (void)expect(0, "publish app.bin --to esphome --name n -o list -p table.bin");
    (void)expect(0, "verify list/manifest.json -p table.bin");
    (void)expect(1, "verify list/manifest.json -p small.bin");
    want(said_of("host-slot") == 1, "the list verifies");
}

// Those who make one look, too.
TEST(room_for_what_is_made)
{
    put_app(SLOT - 16);
    put_table("table.bin", SLOT, SLOT);
    put_table("small.bin", SMALL, SLOT);
    for (size_t i = 0; i < COUNT(wrappings); i++) {
        if (!wrappings[i].by_bootloader) {
            wrap(&wrappings[i]);
            (void)run("build -q recipe.yaml -p table.bin");
            bool good = last_run()->status == 0;
            (void)run("build -q recipe.yaml -p small.bin");
            if (!good || last_run()->status != 1 || said_of("host-slot") != 1) {
                complain("%s: status %d, and %s", wrappings[i].name, last_run()->status,
                         last_run()->err);
            }
        }
    }
    (void)expect(0, "delta base.bin app.bin -o patch.bin -p table.bin");
    (void)expect(1, "delta base.bin app.bin -o refused.bin -p small.bin");
    want(said_of("host-slot") == 1, "the patch is made");
    complaints_end();
}

UNIT(wrapped)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_for_what_is_compressed),
        cmocka_unit_test(room_for_what_is_flashed),
        cmocka_unit_test(room_in_a_data_partition_of_a_list),
        cmocka_unit_test(room_for_what_is_listed),
        cmocka_unit_test(room_for_what_is_made),
        cmocka_unit_test(what_an_app_unpacks),
        cmocka_unit_test(what_a_bootloader_unpacks),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
