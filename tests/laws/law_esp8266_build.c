// SPDX-License-Identifier: Apache-2.0
//
// Recipes with esp8266: an image as it is, with other settings, put together of eboot and sketch,
// compressed, signed; what is said of the device. law_esp8266_recipe.c has what is refused.
#include "esp8266.h"
#include "esp8266_recipe.h"

#include <sys/stat.h>
#include <utime.h>

#define GOOD "fixtures/esp8266/"
#define REAL "vectors/esp8266/"

// ---- As it is, put together ---------------------------------------------------------------------

static void want_depfile(const char *inputs)
{
    char name[ITEM_ROOM], regex[ITEM_ROOM + 8];
    struct image text = image_load("out.d");
    image_append(&text, "", 1);
    EACH_ITEM(name, inputs)
    {
        (void)snprintf(regex, sizeof(regex), "[ :]%s", name);
        want(says((const char *)text.p, regex), "the depfile does not name %s", name);
    }
    image_free(&text);
}

TEST(as_it_is)
{
    build("out.bin", "image: sketch.bin");
    want_same("sketch.bin", "out.bin");
}

// eboot and sketch, as they are linked: before anybody stamped them.
TEST(of_halves)
{
    copy_range("sketch.bin", 0, 4096, "padded-eboot.bin");
    build("out.bin", "eboot: eboot.bin|sketch: app.bin");
    want_same("sketch.bin", "out.bin");
    struct image app = image_load("app.bin");
    poke32(&app, 16, 0);
    poke32(&app, 20, 0);
    image_save(&app, "plain.bin");
    image_free(&app);
    build("out.bin", "eboot: eboot.bin|sketch: plain.bin");
    want_same("sketch.bin", "out.bin");
    build("out.bin", "eboot: padded-eboot.bin|sketch: plain.bin");
    want_same("sketch.bin", "out.bin");
    expect(0, "build recipe.yaml -o out.bin --depfile out.d");
    want_depfile("recipe.yaml|padded-eboot.bin|plain.bin");
}

// ---- Settings -----------------------------------------------------------------------------------

// These two bytes of sketch.bin are others, and the CRC of the stamp.
static void want_changed(size_t first, size_t second)
{
    struct image before = image_load("sketch.bin"), after = image_load("out.bin");
    assert_int_equal(before.n, after.n);
    for (size_t i = 0; i < before.n; i++) {
        bool may = i == first || i == second;
        want(may == (before.p[i] != after.p[i]) || (i >= 4116 && i < 4120), "changed: %zu", i);
    }
    image_free(&before);
    image_free(&after);
}

TEST(settings)
{
    build("out.bin", "image: sketch.bin|flash_mode: qio");
    want_changed(2, 4098);
    want_same(GOOD "good-arduino-qio.bin", "out.bin");
    build("out.bin", "image: sketch.bin|flash_size: 16MB|flash_freq: 20m");
    want_changed(3, 4099);
    want_same(GOOD "good-arduino-16mb.bin", "out.bin");
    build("out.bin", "image: sketch.bin|flash_mode: DOUT|flash_freq: 26m|flash_size: 1M");
    want_same(GOOD "good-arduino-dout-1mb.bin", "out.bin");
    build("out.bin", "eboot: eboot.bin|sketch: app.bin|flash_size: 512KB|flash_freq: 80m");
    want_same(GOOD "good-arduino-512kb.bin", "out.bin");
    build("out.bin", "image: sketch.bin|flash_mode: dio|flash_freq: 40m|flash_size: 4MB");
    want_same("sketch.bin", "out.bin");
}

TEST(settings_of_odd_images)
{
    // Whatever the checksum counts, it is right afterwards.
    copy_file(GOOD "good-arduino-stamped-first.bin", "first.bin", 0644);
    build("out.bin", "image: first.bin");
    want_same("first.bin", "out.bin");
    build("out.bin", "image: first.bin|flash_mode: qio");
    copy_file(GOOD "good-arduino-short-segment.bin", "short.bin", 0644);
    build("out.bin", "image: short.bin|flash_mode: qio");
    // Settings that differ are made the same.
    copy_file(GOOD "bad-esp8266-settings.bin", "differ.bin", 0644);
    build("out.bin", "image: differ.bin|flash_mode: dio");
    want_same("sketch.bin", "out.bin");
    expect(0, "build recipe.yaml -o out.bin --set esp8266.flash_mode=qio");
    want_same(GOOD "good-arduino-qio.bin", "out.bin");
}

// ---- Compressed ---------------------------------------------------------------------------------

static void want_inside(const char *packed, const char *file)
{
    struct image im = image_load(packed), inside = gz_unpack(&im);
    want_bytes(file, inside.p, inside.n);
    image_free(&inside);
    image_free(&im);
}

TEST(compressed)
{
    static const struct utimbuf long_ago = {978307200, 978307200};
    build("out.gz", "image: sketch.bin|compress: true");
    want_inside("out.gz", "sketch.bin");
    struct image gz = image_load("out.gz");
    want(u8_at(&gz, 3) == 0 && u32_at(&gz, 4) == 0, "a name or a time is in it");
    image_free(&gz);
    assert_int_equal(utime("sketch.bin", &long_ago), 0);
    expect(0, "build recipe.yaml -o later.gz");
    want_same("out.gz", "later.gz");
    build("out.bin", "image: sketch.bin|compress: false");
    want_same("sketch.bin", "out.bin");
    build("out.gz", "image: sketch.bin|compress: true|flash_mode: qio");
    want_inside("out.gz", GOOD "good-arduino-qio.bin");
}

// ---- Signed -------------------------------------------------------------------------------------

// Signed with this key, of 2048 bits, over what is saved as covered.bin.
static void want_signed(const char *name, const char *public_key)
{
    struct image im = image_load(name);
    struct image covered = update_covered(&im, 256), signature = update_signature(&im, 256);
    rsa_must_fit(public_key, &covered, &signature);
    image_save(&covered, "covered.bin");
    image_free(&covered);
    image_free(&signature);
    image_free(&im);
    expect(0, "verify %s --key %s", name, public_key);
}

TEST(signed_updates)
{
    build("out.signed", "image: sketch.bin|" SIGN);
    want_signed("out.signed", PUBLIC);
    want_same("sketch.bin", "covered.bin");
    want_same(GOOD "good-signed.bin", "out.signed");
    build("out.signed", "image: sketch.bin|top:sign: {scheme: esp8266-rsa, keys: [" KEY "]}");
    want_same(GOOD "good-signed.bin", "out.signed");
    build("out.signed", "image: sketch.bin|top:sign: {keys: [rsa3072-a.pem]}");
    want_same(GOOD "good-signed-rsa3072.bin", "out.signed");
    expect(0, "build recipe.yaml -o out.signed --depfile out.d");
    want_depfile("recipe.yaml|sketch.bin|rsa3072-a.pem");
    recipe("image: sketch.bin|top:sign: {scheme: esp8266-rsa-legacy, keys: [" KEY "]}");
    expect(0, "build recipe.yaml -o out.signed");
    want_same(GOOD "good-signed-legacy.bin", "out.signed");
}

// Compressed, then signed: the unpacked bytes are the image, and what is signed ends at a multiple
// of 4 whatever the size.
static void packed_and_signed(const char *image)
{
    char lines[ITEM_ROOM];
    (void)snprintf(lines, sizeof(lines), "image: %s|compress: true|" SIGN, image);
    build("out.signed", lines);
    want_signed("out.signed", PUBLIC);
    struct image covered = image_load("covered.bin");
    want(covered.n % 4 == 0, "no multiple of 4");
    image_free(&covered);
    want_inside("covered.bin", image);
    const json_t *root = tree("out.signed");
    want(last_run()->status == 0 && *failing(root) == '\0', "%s", failing(root));
}

TEST(compressed_and_signed)
{
    char size[ITEM_ROOM], lines[ITEM_ROOM + 64];
    packed_and_signed("sketch.bin");
    EACH_ITEM(size, "512KB|256KB|1MB|2MB|8MB|16MB|4MB-c1")
    {
        (void)snprintf(lines, sizeof(lines), "image: sketch.bin|flash_size: %s", size);
        build("this.bin", lines);
        packed_and_signed("this.bin");
    }
    // The same in steps.
    build("out.gz", "image: sketch.bin|compress: true");
    expect(0, "sign out.gz --scheme esp8266-rsa --key " KEY " -o steps.signed");
    expect(0, "verify steps.signed --key " PUBLIC);
}

// With -q, not even that others can read the key.
TEST(quietly)
{
    copy_file("fixtures/keys/rsa2048.pem", "open.pem", 0644);
    recipe("image: sketch.bin|top:sign: {keys: [open.pem]}");
    expect(0, "build recipe.yaml -o quiet.bin -q");
    want_no_err();
    expect(0, "build recipe.yaml -o quiet.bin");
    want_err("warning: others than its owner can read");
}

// ---- The device ---------------------------------------------------------------------------------

TEST(that_fits_a_device)
{
    build("out.bin", "image: sketch.bin|device: {flash_size: 4MB, flash_mode: qio, "
                     "free_space: 8192, layout: 4m2m, sketch_size: 300000}");
    want_same("sketch.bin", "out.bin");
    build("out.gz", "image: copy.bin|compress: true|device: {layout: \"4MB:0x8000\"}");
    build("out.gz", "image: sketch.bin|flash_size: 1MB|flash_mode: qio|compress: true|"
                    "device: {flash_size: 1MB, flash_mode: qio}");
}

TEST(that_fits_no_device)
{
    static const struct {
        const char *id, *lines;
    } rows[] = {
        {"esp8266-flash-size", "image: sketch.bin|device: {flash_size: 1MB}"},
        {"esp8266-flash-size", "image: sketch.bin|device: {layout: 1m64}"},
        {"esp8266-flash-mode", "image: sketch.bin|compress: true|device: {flash_mode: qio}"},
        {"esp8266-free-space", "image: sketch.bin|device: {free_space: 8191}"},
        {"esp8266-free-space",
         "image: sketch.bin|device: {layout: \"4MB:0x4000\", sketch_size: 8193}"},
        {"esp8266-copy", "image: copy.bin|compress: true|device: {layout: \"4MB:0x7000\"}"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        recipe(rows[i].lines);
        refuse(rows[i].id, "", "recipe.yaml");
        want_only_check(rows[i].id);
        expect(0, "build recipe.yaml -o allowed.bin -a %s", rows[i].id);
    }
}

// ---- Real files ---------------------------------------------------------------------------------

static void real_signed(void)
{
    build("out.signed", "image: real.bin|top:sign: {keys: [private.key]}");
    want_same(REAL "sketch.bin.signed", "out.signed");
    recipe("image: real.bin|top:sign: {scheme: esp8266-rsa-legacy, keys: [private.key]}");
    expect(0, "build recipe.yaml -o out.signed");
    want_same(REAL "sketch.bin.legacy_sig", "out.signed");
    build("out.signed", "eboot: real-eboot.bin|sketch: real-app.bin|compress: true|"
                        "top:sign: {keys: [private.key]}");
    want_signed("out.signed", REAL "arduino_public.key");
    struct image covered = image_load("covered.bin");
    want(covered.n % 4 == 0, "no multiple of 4");
    image_free(&covered);
    want_inside("covered.bin", "real.bin");
}

TEST(real_files)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    copy_file(REAL "sketch.bin", "real.bin", 0600);
    copy_file(REAL "arduino_private.key", "private.key", 0600);
    copy_range("real.bin", 0, 3488, "real-eboot.bin");
    copy_range("real.bin", 4096, 0, "real-app.bin");
    build("out.bin", "image: real.bin");
    want_same("real.bin", "out.bin");
    build("out.bin", "eboot: real-eboot.bin|sketch: real-app.bin");
    want_same("real.bin", "out.bin");
    build("out.gz", "image: real.bin|compress: true");
    want_inside("out.gz", "real.bin");
    real_signed();
}

UNIT(esp8266_build)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_it_is),
        cmocka_unit_test(of_halves),
        cmocka_unit_test(settings),
        cmocka_unit_test(settings_of_odd_images),
        cmocka_unit_test(compressed),
        cmocka_unit_test(signed_updates),
        cmocka_unit_test(compressed_and_signed),
        cmocka_unit_test(quietly),
        cmocka_unit_test(that_fits_a_device),
        cmocka_unit_test(that_fits_no_device),
        cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, recipe_begin, run_end);
}
