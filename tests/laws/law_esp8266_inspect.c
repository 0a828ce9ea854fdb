// SPDX-License-Identifier: Apache-2.0
//
// Updates for an ESP8266: what each is and holds, digests as the bytes have them, the settings in
// words; cut off anywhere, none passes without a word. law_images.c has what holds of all files.
#include "product.h"

#include <glob.h>

#define GOOD "fixtures/esp8266/"
#define REAL "vectors/esp8266/"

// Of `n` bytes at the beginning of a file (0: all), as the tool has them of that part ("image.").
static void digests(const char *bytes, size_t n, const char *file, const char *part)
{
    uint8_t digest[32];
    char path[100];
    struct image im = image_load(bytes);
    n = n == 0 ? im.n : n;
    assert_true(n <= im.n);
    md5_of(im.p, n, digest);
    (void)snprintf(path, sizeof(path), "%smd5", part);
    want_get(file, path, hex_of(digest, 16));
    sha256_of(im.p, n, digest);
    (void)snprintf(path, sizeof(path), "%ssha256", part);
    want_get(file, path, hex_of(digest, 32));
    image_free(&im);
}

static bool has(const json_t *root, const char *path)
{
    return at(root, "%s", path) != NULL;
}

static void want_number(const json_t *root, const char *path, json_int_t number)
{
    want(number_at(root, path) == number, "%s is not %" JSON_INTEGER_FORMAT, path, number);
}

static void want_text(const json_t *root, const char *path, const char *text)
{
    want(text_is(root, path, text), "%s is not %s", path, text);
}

// All checks were made and passed, or these did not; the exit status says it.
static const json_t *good_tree(const char *words, const char *format, const char *but)
{
    const json_t *root = tree("%s", words);
    want(last_run()->status == 0 && strcmp(failing(root), but) == 0, "%s: %s", words,
         failing(root));
    want_text(root, "format", format);
    return root;
}

// ---- Every good fixture -------------------------------------------------------------------------

static const char *format_of(const char *name)
{
    static const struct {
        const char *start, *format;
    } formats[] = {{"arduino", "esp8266_arduino"}, {"v1", "esp8266_image"},
                   {"v2", "esp8266_v2"},           {"gzip-signed", "esp8266_signed"},
                   {"signed", "esp8266_signed"},   {"gzip", "gzip"},
                   {"user", "esp8266_v2"},         {"rtos", "esp8266_image"},
                   {"rboot", "esp8266_flash"},     {"code", "esp8266_flash"},
                   {"slots", "esp8266_flash"},     {"micropython", "esp8266_flash"}};
    for (size_t i = 0; i < COUNT(formats); i++) {
        if (strncmp(name, formats[i].start, strlen(formats[i].start)) == 0) {
            return formats[i].format;
        }
    }
    wrong("what is %s?", name);
}

TEST(good_fixtures)
{
    glob_t found;
    assert_int_equal(glob(GOOD "good-*.bin", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *file = found.gl_pathv[i];
        (void)good_tree(file, format_of(strstr(file, "good-") + 5), "");
        digests(file, 0, file, "");
        expect(0, "inspect %s", file);
        want_no_err();
    }
    want(found.gl_pathc >= 20, "only %zu good fixtures", found.gl_pathc);
    globfree(&found);
}

// ---- Fields and parts ---------------------------------------------------------------------------

struct value {
    const char *path, *text;
};

static void want_values(const char *file, const struct value *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        want_get(file, values[i].path, values[i].text);
    }
}

TEST(arduino)
{
    static const char file[] = GOOD "good-arduino.bin";
    static const struct value values[] = {
        {"flash_mode", "dio"},
        {"flash_freq", "40m"},
        {"flash_size", "4MB"},
        {"eboot.flash_size", "4MB"},
        {"sketch.flash_mode", "dio"},
        {"eboot.segment_count", "2"},
        {"sketch.segment_count", "3"},
        {"stamp.length", "4368"},
        {"eboot.segments[0].memory", "IRAM"},
        {"sketch.segments[0].memory", "IROM"},
        {"sketch.segments[2].memory", "DRAM"},
        {"sketch.segments[0].data_len", "112"},
    };
    const json_t *root = tree("%s", file), *parts = at(root, "parts");
    want(field(root, "flash_mode") == 2 || text_is(root, "fields.flash_mode.name", "dio"), "mode");
    want(strcmp(keys_of(parts), "eboot eboot_padding sketch stamp") == 0, "other parts");
    want_text(parts, "eboot.format", "esp8266_image");
    want_text(parts, "sketch.format", "esp8266_image");
    want_text(parts, "eboot_padding.format", "raw");
    want_number(parts, "eboot_padding.offset", 112);
    want_number(parts, "eboot_padding.size", 3984);
    want_number(parts, "eboot.offset", 0);
    want_number(parts, "eboot.size", 112);
    want(json_array_size(at(parts, "eboot.parts.segments")) == 2, "segments of eboot");
    want_number(parts, "sketch.offset", 4096);
    want(json_array_size(at(parts, "sketch.parts.segments")) == 3, "segments of the sketch");
    want(json_is_true(at(parts, "stamp.overlay")), "the stamp is no overlay");
    want_number(parts, "stamp.offset", 4112);
    want_number(parts, "stamp.size", 8);
    want_number(parts, "stamp.fields.length.value", 4368);
    want_number(parts, "stamp.fields.crc.offset", 4116);
    want(!has(parts, "eboot.fields.md5"), "eboot has a digest of its own");
    want_values(file, values, COUNT(values));
    char word[ITEM_ROOM];
    expect(0, "inspect %s", file);
    EACH_ITEM(word, "eboot|sketch|4MB|dio|40m|Arduino")
    {
        want_out(word);
    }
}

TEST(versions_1_and_2)
{
    char name[ITEM_ROOM];
    const json_t *root = tree(GOOD "good-v1.bin");
    EACH_ITEM(name, "magic|segment_count|entry_addr|checksum|padding|md5")
    {
        want(at(root, "fields.%s", name) != NULL, "no %s", name);
    }
    want(json_array_size(at(root, "parts.segments")) == 2, "segments");
    root = tree(GOOD "good-v2.bin");
    want(has(root, "parts.irom"), "no irom");
    want_text(root, "parts.image.format", "esp8266_image");
    want_number(root, "parts.image.offset", 192);
    want_number(root, "fields.crc.offset", 352);
}

TEST(settings_of_all_kinds)
{
    static const struct {
        const char *file, *mode, *freq, *size;
    } rows[] = {
        {GOOD "good-arduino-qio.bin", "qio", "40m", "4MB"},
        {GOOD "good-arduino-dout-1mb.bin", "dout", "26m", "1MB"},
        {GOOD "good-arduino-512kb.bin", "dio", "80m", "512KB"},
        {GOOD "good-arduino-16mb.bin", "dio", "20m", "16MB"},
        {GOOD "good-v2-qio.bin", "qio", "40m", "4MB"},
        {GOOD "good-v1.bin", "dio", "40m", "4MB"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        want_get(rows[i].file, "flash_mode", rows[i].mode);
        want_get(rows[i].file, "flash_freq", rows[i].freq);
        want_get(rows[i].file, "flash_size", rows[i].size);
    }
}

// Each of the three settings counts where the headers of eboot and sketch differ.
TEST(settings_that_differ)
{
    static const struct {
        size_t place;
        unsigned bits;
    } rows[] = {{2, 1}, {3, 0x01}, {3, 0x70}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct image im = image_load(GOOD "good-arduino.bin");
        im.p[4096 + rows[i].place] ^= (uint8_t)rows[i].bits;
        image_save(&im, "differs.bin");
        want(strcmp(verdict_of(tree("differs.bin"), "esp8266-settings"), "warn") == 0, "row %zu",
             i);
        image_free(&im);
    }
}

// What follows has the size of a signature of each kind of key, but another length behind it; bytes
// of another size are none.
TEST(lengths_of_signatures)
{
    for (size_t size = 64; size <= 576; size += 64) {
        bool is_one = size == 128 || size == 256 || size == 384 || size == 512;
        struct image im = image_load(GOOD "good-arduino.bin"), more = image_fill(0xA5, size + 4);
        image_append(&im, more.p, more.n);
        image_save(&im, "more.bin");
        const json_t *root = tree("more.bin");
        want(is_one ? has_failed(root, "esp8266-sig-length")
                    : strcmp(failing(root), "esp8266-trailing") == 0,
             "%zu bytes", size);
        image_free(&im);
        image_free(&more);
    }
}

TEST(gzip)
{
    static const char file[] = GOOD "good-gzip-all-fields.bin";
    static const struct value values[] = {
        {"name", "sketch.ino.bin"},
        {"comment", "built in July"},
        {"mtime", "1700000000"},
        {"length", "4368"},
        {"method", "8"},
        {"os", "3"},
    };
    char name[ITEM_ROOM];
    const json_t *root = tree("%s", file);
    EACH_ITEM(name, "method|flags|mtime|extra_flags|os|name|comment|crc32|length|md5|sha256")
    {
        want(at(root, "fields.%s", name) != NULL, "no %s", name);
    }
    want_values(file, values, COUNT(values));
    root = tree(GOOD "good-gzip.bin");
    want(!has(root, "fields.name") && !has(root, "fields.comment"), "fields that are not there");
    want_number(root, "parts.compressed.offset", 10);
    want(json_is_true(at(root, "parts.content.overlay")) && has(root, "parts.content.unpacked"),
         "the content");
}

// What covers what.
TEST(signed_updates)
{
    static const char file[] = GOOD "good-signed.bin", key[] = "fixtures/keys/rsa2048.pub.pem";
    const json_t *root = tree("%s", file);
    want_text(root, "parts.image.format", "esp8266_arduino");
    want_number(root, "parts.image.size", 4368);
    want_text(root, "parts.signature.format", "esp8266_signature");
    want_number(root, "parts.signature.offset", 4368);
    want_number(root, "parts.signature.size", 260);
    want_number(root, "parts.signature.fields.length.value", 256);
    want_number(root, "parts.signature.fields.signature.size", 256);
    want(!has(root, "parts.signature.fields.scheme") && !has(root, "parts.signature.fields.key"),
         "it says whose signature it is, and cannot know");
    digests(file, 4368, file, "image.");
    want_get(GOOD "good-signed-rsa3072.bin", "signature.length", "384");
    for (int i = 0; i < 2; i++) {
        root = tree("%s --key %s", i == 0 ? file : GOOD "good-gzip-signed.bin", key);
        want_text(root, "parts.signature.fields.scheme.value", "esp8266-rsa");
        want_text(root, "parts.signature.fields.key.value", key);
    }
    expect(0, "inspect " GOOD "good-signed-legacy.bin --key %s --get signature.scheme", key);
    want_out_is("esp8266-rsa-legacy");
}

// What is no image at all stays what it was; an ESP32's stays one.
TEST(other_files)
{
    want_text(tree("fixtures/raw/esp8266.bin"), "format", "esp8266_image");
    want_text(tree("fixtures/esp_image/good-app-esp32.bin"), "format", "esp_image");
}

// ---- Cut off ------------------------------------------------------------------------------------

// It is no update that passes without a word; but eboot by itself is an image.
static void cut_to(const struct image *im, size_t n)
{
    struct image cut = {im->p, n};
    image_save(&cut, "cut.bin");
    const json_t *root = tree("cut.bin");
    int status = last_run()->status;
    const char *says = failing(root);
    want(status == 1 || strcmp(says, "esp8266-trailing") == 0 ||
             strcmp(says, "esp8266-no-crc") == 0,
         "passes, cut to %zu", n);
    expect(status, "verify cut.bin");
    want_err("^otapack: cut\\.bin: .*\\[[a-z0-9-]+\\]$");
}

TEST(cut_anywhere)
{
    static const char *const files[] = {GOOD "good-arduino.bin",     GOOD "good-v1.bin",
                                        GOOD "good-v2.bin",          GOOD "good-gzip.bin",
                                        GOOD "good-gzip-signed.bin", GOOD "good-signed.bin"};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct image im = image_load(files[i]);
        const size_t sizes[] = {1,   2,   4,   8,        12,         24,       100,
                                111, 113, 120, im.n / 2, im.n - 261, im.n - 5, im.n - 1};
        for (size_t k = 0; k < COUNT(sizes); k++) {
            if (sizes[k] > 0 && sizes[k] < im.n) { // 261 may be more than there is
                cut_to(&im, sizes[k]);
            }
        }
        image_free(&im);
    }
    // Where the sketch should begin there is nothing, though eboot is whole.
    copy_range(GOOD "good-arduino.bin", 0, 4096, "cut.bin");
    expect(1, "verify cut.bin");
    want_err("eboot is all there is.*\\[esp8266-cut\\]$");
    // A byte less than a whole image is no signature.
    copy_range(GOOD "good-arduino.bin", 0, 4367, "cut.bin");
    const json_t *root = tree("cut.bin");
    want(last_run()->status == 1 && strcmp(failing(root), "esp8266-header") == 0, "%s",
         failing(root));
    want_text(root, "format", "esp8266_arduino");
}

// ---- Real files ---------------------------------------------------------------------------------

static void real_trees(void)
{
    const json_t *root = good_tree(REAL "sketch.bin", "esp8266_arduino", "");
    want_number(root, "parts.eboot.size", 3488);
    want_number(root, "parts.sketch.offset", 4096);
    want_number(root, "parts.sketch.size", 16864);
    want(json_array_size(at(root, "parts.sketch.parts.segments")) == 5, "segments");
    want_number(root, "parts.stamp.fields.length.value", 20960);
    for (int i = 0; i < 2; i++) {
        root = good_tree(i == 0 ? REAL "sketch.bin.signed" : REAL "sketch.bin.legacy_sig",
                         "esp8266_signed", "");
        want_text(root, "parts.image.format", "esp8266_arduino");
    }
    root = good_tree(REAL "sketch.bin.gz", "gzip", "");
    want_text(root, "parts.content.format", "esp8266_arduino");
    want_get(REAL "sketch.bin.gz", "name", "sketch.bin");
    // Its 3047 bytes are no multiple of 4, which gzip could not know.
    root = good_tree(REAL "sketch.bin.gz.signed", "esp8266_signed", "esp8266-sig-align");
    want_text(root, "parts.image.format", "gzip");
    want_text(root, "parts.image.parts.content.format", "esp8266_arduino");
}

static void real_digests(void)
{
    char name[ITEM_ROOM], file[ITEM_ROOM + 32];
    EACH_ITEM(name, "|.gz|.signed|.legacy_sig|.gz.signed")
    {
        (void)snprintf(file, sizeof(file), REAL "sketch.bin%s", name);
        digests(file, 0, file, "");
    }
    digests(REAL "sketch.bin", 0, REAL "sketch.bin.gz", "content.");
    digests(REAL "sketch.bin", 0, REAL "sketch.bin.signed", "image.");
    digests(REAL "sketch.bin", 0, REAL "sketch.bin.gz.signed", "image.content.");
    digests(REAL "sketch.bin.gz", 0, REAL "sketch.bin.gz.signed", "image.");
}

TEST(real_files)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
        skip();
    }
    real_trees();
    real_digests();
    char word[ITEM_ROOM];
    expect(0, "inspect " REAL "sketch.bin");
    EACH_ITEM(word, "eboot|sketch|4MB|dio")
    {
        want_out(word);
    }
    EACH_ITEM(word, REAL "arduino_public.key|" REAL "arduino_private.key")
    {
        expect(0, "inspect " REAL "sketch.bin.signed --key %s --get signature.scheme", word);
        want_out_is("esp8266-rsa");
        expect(0, "inspect " REAL "sketch.bin.gz.signed --key %s --get signature.scheme", word);
        want_out_is("esp8266-rsa");
        expect(0, "inspect " REAL "sketch.bin.legacy_sig --key %s --get signature.scheme", word);
        want_out_is("esp8266-rsa-legacy");
    }
}

UNIT(esp8266_inspect)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_fixtures),
        cmocka_unit_test(arduino),
        cmocka_unit_test(versions_1_and_2),
        cmocka_unit_test(settings_of_all_kinds),
        cmocka_unit_test(settings_that_differ),
        cmocka_unit_test(lengths_of_signatures),
        cmocka_unit_test(gzip),
        cmocka_unit_test(signed_updates),
        cmocka_unit_test(other_files),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(real_files),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
