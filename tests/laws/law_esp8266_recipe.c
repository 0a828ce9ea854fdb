// SPDX-License-Identifier: Apache-2.0
//
// Recipes with esp8266 that are not what they should be, and inputs that are not: it is told at the
// very place, with what to do, and nothing is written.
#include "esp8266.h"
#include "esp8266_recipe.h"

#define GOOD "fixtures/esp8266/"

// ---- Inputs -------------------------------------------------------------------------------------

// Refused for what an input is.
static void not(const char *regex, const char *lines)
{
    char start[ITEM_ROOM + 32];
    recipe(lines);
    fresh_folder("made");
    expect(1, "build recipe.yaml -o made/out.bin");
    want_no_out();
    want_one_line();
    (void)snprintf(start, sizeof(start), "^otapack: .*%s", regex);
    want_err(start);
    want_err("; .");
    want_folder("made", 0);
}

TEST(damaged_images)
{
    static const struct {
        const char *file, *regex;
    } rows[] = {
        {GOOD "bad-esp8266-checksum.bin", "bad\\.bin.*\\[esp8266-checksum\\]$"},
        {GOOD "bad-esp8266-cut.bin", "bad\\.bin.*\\[esp8266-cut\\]$"},
        {GOOD "bad-esp8266-header-sketch.bin", "bad\\.bin.*\\[esp8266-header\\]$"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        copy_file(rows[i].file, "bad.bin", 0644);
        not(rows[i].regex, "image: bad.bin");
        not(rows[i].regex, "image: bad.bin|flash_mode: qio");
    }
}

// Nothing on the device looks at the length, the CRC and the sketch's checksum: such an image can
// be used. But that something in it was changed is not hidden by new sums: they stay what they are.
TEST(changed_images)
{
    static const char *const checks[] = {"esp8266-length", "esp8266-crc"};
    for (size_t i = 0; i < COUNT(checks); i++) {
        char path[ITEM_ROOM], regex[ITEM_ROOM];
        (void)snprintf(path, sizeof(path), GOOD "bad-%s.bin", checks[i]);
        (void)snprintf(regex, sizeof(regex), "note: .*\\[%s\\]$", checks[i]);
        copy_file(path, "changed.bin", 0644);
        recipe("image: changed.bin");
        expect(0, "build recipe.yaml -o same.bin");
        want_same("changed.bin", "same.bin");
        recipe("image: changed.bin|flash_mode: qio");
        expect(0, "build recipe.yaml -o other.bin");
        want_err(regex);
        struct image was = image_load("changed.bin"), is = image_load("other.bin");
        want(was.n == is.n && memcmp(was.p + 8, is.p + 8, 4088) == 0 &&
                 memcmp(was.p + 4104, is.p + 4104, was.n - 4104) == 0,
             "%s: more than the headers is other", checks[i]);
        image_free(&was);
        image_free(&is);
    }
}

// What the command line allows, it allows of the inputs as well.
TEST(allowed_by_the_command_line)
{
    copy_file(GOOD "bad-esp8266-checksum.bin", "bad.bin", 0644);
    not("bad\\.bin.*\\[esp8266-checksum\\]$", "image: bad.bin");
    expect(0, "build recipe.yaml -o out.bin --allow esp8266-checksum");
    want_same("bad.bin", "out.bin");
}

// Some firmware looks for a configuration behind its image: it stays there, and no sum counts it.
TEST(configured_images)
{
    struct image im = image_load("sketch.bin");
    image_append(&im, "a configuration", 15);
    image_save(&im, "configured.bin");
    recipe("image: configured.bin|flash_mode: qio");
    expect(0, "build recipe.yaml -o out.bin");
    want_err("warning: .*\\[esp8266-trailing\\]$");
    want_not_err("esp8266-(length|crc)");
    struct image out = image_load("out.bin");
    want(out.n == im.n && memcmp(out.p + im.n - 15, "a configuration", 15) == 0, "it is not there");
    image_free(&out);
    image_free(&im);
}

TEST(other_images)
{
    static const char *const files[] = {
        GOOD "good-gzip.bin",   GOOD "good-signed.bin", GOOD "good-gzip-signed.bin",
        GOOD "good-v1.bin",     GOOD "good-v2.bin",     "fixtures/esp_image/good-app-esp32.bin",
        "fixtures/raw/html.bin"};
    char regex[ITEM_ROOM], lines[ITEM_ROOM];
    for (size_t i = 0; i < COUNT(files); i++) {
        const char *name = strrchr(files[i], '/') + 1;
        copy_file(files[i], name, 0644);
        (void)snprintf(regex, sizeof(regex), "%.*s\\.bin", (int)strlen(name) - 4, name);
        (void)snprintf(lines, sizeof(lines), "image: %s", name);
        not(regex, lines);
    }
    not("good-gzip\\.bin.*compress", "image: good-gzip.bin|compress: true");
    not("good-signed\\.bin.*sign", "image: good-signed.bin|" SIGN);
    not("sketch\\.bin", "eboot: eboot.bin|sketch: sketch.bin");
    not("sketch\\.bin", "eboot: sketch.bin|sketch: app.bin");
    not("html\\.bin", "eboot: html.bin|sketch: app.bin");
}

TEST(too_large)
{
    struct image im = image_load(GOOD "bad-esp8266-free-space.bin");
    image_splice(&im, 0, 4096, NULL, 0);
    poke32(&im, 16, 0);
    poke32(&im, 20, 0);
    image_save(&im, "large-app.bin");
    image_free(&im);
    not("large-app\\.bin", "eboot: large-app.bin|sketch: app.bin");
}

// Sketches of cores before 2.7 have code where length and CRC would be written. Such an image is
// made with other settings all the same, and its code stays.
TEST(old_cores)
{
    static const uint8_t code[8] = {0x78, 0x56, 0x34, 0x12, 0xF1, 0xDE, 0xBC, 0x9A};
    struct image im = image_load("sketch.bin");
    image_put(&im, 4112, code, sizeof(code));
    for (size_t i = 0; i < sizeof(code); i++) {
        im.p[4367] ^= code[i];
    }
    image_save(&im, "old.bin");
    image_free(&im);
    recipe("image: old.bin|compress: true");
    expect(0, "build recipe.yaml -o old.gz");
    im = image_load("old.gz");
    struct image inside = gz_unpack(&im);
    want_bytes("old.bin", inside.p, inside.n);
    image_free(&inside);
    image_free(&im);
    recipe("image: old.bin|flash_mode: qio");
    expect(0, "build recipe.yaml -o qio.bin");
    want_err("note: .*2\\.7.*\\[esp8266-length\\]$");
    im = image_load("qio.bin");
    want(memcmp(im.p + 4112, code, sizeof(code)) == 0 && im.p[2] == 0 && im.p[4098] == 0,
         "its code or its mode is other");
    image_free(&im);
    copy_range("old.bin", 4096, 0, "old-app.bin");
    recipe("eboot: eboot.bin|sketch: old-app.bin");
    expect(0, "build recipe.yaml -o joined.bin");
    im = image_load("joined.bin");
    want(memcmp(im.p + 4112, code, sizeof(code)) == 0, "its code is other");
    image_free(&im);
}

// What core 2.7 writes to the end of eboot's sector is made anew there.
TEST(core_2_7)
{
    struct image im = image_load("sketch.bin"), out;
    static const uint8_t code[8] = {0x78, 0x56, 0x34, 0x12, 0xF1, 0xDE, 0xBC, 0x9A};
    image_put(&im, 4112, code, sizeof(code));
    for (size_t i = 0; i < sizeof(code); i++) {
        im.p[4367] ^= code[i];
    }
    poke32(&im, 4088, 0);
    poke32(&im, 4092, 0);
    uint32_t crc = esp8266_crc_of(&im);
    poke32(&im, 4088, (uint32_t)im.n);
    poke32(&im, 4092, crc);
    image_save(&im, "core27.bin");
    recipe("image: core27.bin|flash_mode: qio");
    expect(0, "build recipe.yaml -o out.bin");
    want_err("note: .*0xff8.*2\\.7.*\\[esp8266-length\\]$");
    want_not_err("esp8266-crc");
    out = image_load("out.bin");
    want(memcmp(out.p + 4112, code, sizeof(code)) == 0, "its code is other");
    image_free(&out);
    image_free(&im);
}

// ---- Recipes ------------------------------------------------------------------------------------

TEST(mistakes)
{
    static const struct {
        const char *place, *regex, *lines;
    } rows[] = {
        {NULL, "image", "compress: true"},
        {NULL, "eboot", "image: sketch.bin|eboot: eboot.bin"},
        {NULL, "sketch", "image: sketch.bin|sketch: app.bin"},
        {NULL, "eboot", "sketch: app.bin"},
        {NULL, "sketch", "eboot: eboot.bin"},
        {"4:15", "flash_mode 'dual'.*qio, qout, dio, dout", "image: sketch.bin|flash_mode: dual"},
        {"4:15", "flash_freq '80mhz'.*80m", "image: sketch.bin|flash_freq: 80mhz"},
        {"4:15", "flash_size '3MB'.*4MB", "image: sketch.bin|flash_size: 3MB"},
        {"4:13", "compress is 'maybe'.*true or false", "image: sketch.bin|compress: maybe"},
        {"4:3", "mode.*flash_mode", "image: sketch.bin|mode: qio"},
        {"4:20", "layout '4m9m'", "image: sketch.bin|device: {layout: 4m9m}"},
        {"4:24", "flash_size 'big'", "image: sketch.bin|device: {flash_size: big}"},
        {"4:12", "key 'flashsize'", "image: sketch.bin|device: {flashsize: 4MB}"},
        {"4:15", "ecdsa-p256-a\\.pem.*RSA",
         "image: sketch.bin|top:sign: {keys: [ecdsa-p256-a.pem]}"},
        {"4:16", "secure-boot-v2.*esp8266-rsa",
         "image: sketch.bin|top:sign: {scheme: secure-boot-v2, keys: [" KEY "]}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        recipe(rows[i].lines);
        recipe_refused(rows[i].place, rows[i].regex);
        want_err("; .|did you mean");
    }
    // Two keys, of which an ESP8266 can know one.
    recipe("image: sketch.bin|top:sign: {keys: [" KEY ", rsa3072-a.pem]}");
    recipe_refused(NULL, "one");
}

TEST(other_maps)
{
#define APP "otapack: 1\napp: fixtures/esp_image/good-app-esp32.bin\n"
    text_file("recipe.yaml", APP "esp8266: {image: sketch.bin}\n");
    recipe_refused(NULL, "esp8266");
    text_file("recipe.yaml", "otapack: 1\nesp8266: {image: sketch.bin}\n"
                             "matter: {vendor_id: 1, product_id: 2, software_version: 3}\n");
    recipe_refused(NULL, "esp8266|matter");
    text_file("recipe.yaml", APP "sign: {scheme: esp8266-rsa, keys: [" KEY "]}\n");
    recipe_refused(NULL, "esp8266-rsa");
    text_file("recipe.yaml", "otapack: 1\nesp8266: sketch.bin\n");
    recipe_refused("2:10", "esp8266 must be a map");
}

// The old format and compression do not go together: no core knows both.
TEST(legacy_and_compressed)
{
    recipe("image: sketch.bin|compress: true|"
           "top:sign: {scheme: esp8266-rsa-legacy, keys: [" KEY "]}");
    want(run("build recipe.yaml -o none.bin")->status != 0, "legacy and compressed");
    want_no_file("none.bin");
    want_err("^otapack: .+; .+ \\[esp8266-sig-legacy-gzip\\]$");
}

// A key as the target stays what it is.
TEST(key_as_target)
{
    recipe("image: sketch.bin|" SIGN);
    expect(2, "build recipe.yaml -o " KEY);
    want_err("also an input");
    want_same("fixtures/keys/rsa2048.pem", KEY);
}

UNIT(esp8266_recipe)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_images),
        cmocka_unit_test(changed_images),
        cmocka_unit_test(allowed_by_the_command_line),
        cmocka_unit_test(configured_images),
        cmocka_unit_test(core_2_7),
        cmocka_unit_test(other_images),
        cmocka_unit_test(too_large),
        cmocka_unit_test(old_cores),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(other_maps),
        cmocka_unit_test(key_as_target),
        cmocka_unit_test(legacy_and_compressed),
    };
    return cmocka_run_group_tests(tests, recipe_begin, run_end);
}
