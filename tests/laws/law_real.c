// SPDX-License-Identifier: Apache-2.0
//
// Real firmware: every ESP image that esptool looked at has the values esptool saw, field by field
// (expected.json; names repeat in it, so each record's file is found by its SHA-256); every
// unsigned image passes, warnings aside; other people's formats are named.
#include "run.h"

#include <ftw.h>
#include <glob.h>
#include <sys/stat.h>

#include "image.h"

enum { FILES_MOST = 2000, LARGE = 32 * 1024 * 1024, RECORDS_LEAST = 8, SIGNED_AT = 233472 };

static bool there_are_none(void)
{
    if (!run_has_vectors()) {
        puts("skipped: real firmware: OTAPACK_VECTORS is not set");
    }
    return !run_has_vectors();
}

// ---- Files by their SHA-256 ---------------------------------------------------------------------

static struct {
    char *name, sum[65];
} files[FILES_MOST];
static size_t file_count;

static int add_file(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    uint8_t sum[32];
    (void)ftw;
    if (type != FTW_F || st->st_size >= LARGE) {
        return 0;
    }
    assert_true(file_count < FILES_MOST);
    struct image im = image_load(name);
    sha256_of(im.p, im.n, sum);
    image_free(&im);
    (void)snprintf(files[file_count].sum, sizeof(files[0].sum), "%s", hex_of(sum, sizeof(sum)));
    files[file_count++].name = strdup(name);
    return 0;
}

static const char *file_of(const char *sum)
{
    for (size_t i = 0; i < file_count; i++) {
        if (strcmp(files[i].sum, sum) == 0) {
            return files[i].name;
        }
    }
    wrong("no file with the SHA-256 %s", sum);
}

// ---- What esptool saw ---------------------------------------------------------------------------

// A record, the tree of its file, and the file's name.
static const json_t *record, *root;
static const char *name;

static void same(const char *what, const json_t *found, const json_t *wanted)
{
    if (found == NULL || !json_equal(found, wanted)) {
        complain("%s: %s is not what esptool saw", name, what);
    }
}

static void same_number(const char *what, json_int_t found, json_int_t wanted)
{
    if (found != wanted) {
        complain("%s: %s is %" JSON_INTEGER_FORMAT ", not %" JSON_INTEGER_FORMAT, name, what, found,
                 wanted);
    }
}

static void same_text(const char *what, const char *found, const char *wanted)
{
    if (strcmp(found, wanted) != 0) {
        complain("%s: %s is '%s', not '%s'", name, what, found, wanted);
    }
}

static void same_field(const char *field_name, const char *key)
{
    same(field_name, at(root, "fields.%s.value", field_name), json_object_get(record, key));
}

// Case does not count in names, nor do - and _.
static char flattened(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return c == '-' || c == '_' ? (char)' ' : c;
}

// A number with a name: either may be the field's value, the name its text.
static void called(const char *field_name, json_int_t number, const char *text)
{
    const json_t *found = at(root, "fields.%s", field_name);
    const char *said = text_at(found, *text_at(found, "text") != '\0' ? "text" : "value");
    char flat[80] = "";
    for (size_t i = 0; said[i] != '\0' && i + 1 < sizeof(flat); i++) {
        flat[i] = flattened(said[i]);
    }
    if (number_at(found, "value") != number && strcmp(flat, text) != 0) {
        complain("%s: %s is not %" JSON_INTEGER_FORMAT " (%s)", name, field_name, number, text);
    }
}

static const char *speed_name(const char *chip, json_int_t speed)
{
    bool h2 = strcmp(chip, "esp32h2") == 0, c6 = strcmp(chip, "esp32c6") == 0;
    if (speed == 15 && !c6) {
        return h2 ? "48mhz" : "80mhz";
    }
    if (speed == 0) {
        return h2 ? "24mhz" : c6 ? "80mhz" : "40mhz";
    }
    return "";
}

static void compare_flash(void)
{
    static const char *const modes[] = {"qio", "qout", "dio", "dout", "fast read", "slow read"};
    static const char *const sizes[] = {"1mb",  "2mb",  "4mb",  "8mb",
                                        "16mb", "32mb", "64mb", "128mb"};
    json_int_t mode = number_at(record, "spi_mode"), both = number_at(record, "spi_size_freq");
    assert_true(mode >= 0 && mode < (json_int_t)COUNT(modes));
    assert_true(both >= 0 && both / 16 < (json_int_t)COUNT(sizes));
    called("spi_mode", mode, modes[mode]);
    called("spi_size", both / 16, sizes[both / 16]);
    called("spi_speed", both % 16, speed_name(text_at(record, "chip"), both % 16));
}

static void compare_header(void)
{
    static const char *const keys[][2] = {{"chip", "chip"},
                                          {"chip_id", "chip_id"},
                                          {"entry_addr", "entry"},
                                          {"wp_pin", "wp_pin"},
                                          {"min_chip_rev_full", "min_chip_rev_full"},
                                          {"max_chip_rev_full", "max_chip_rev_full"},
                                          {"checksum", "checksum"},
                                          {"hash", "hash"}};
    bool app = at(record, "app_desc") != NULL;
    for (size_t i = 0; i < COUNT(keys); i++) {
        same_field(keys[i][0], keys[i][1]);
    }
    same_text("format", text_at(root, "format"), "esp_image");
    same_text("type", field_text(root, "type"), app ? "app" : "bootloader");
    same_number("hash_appended", field(root, "hash_appended"),
                json_is_true(at(record, "hash_appended")));
    compare_flash();
}

// The verdicts that this check has in the image itself.
static void compare_verdict(const char *id, const char *key)
{
    const json_t *check;
    size_t i, seen = 0;
    json_array_foreach(json_object_get(root, "checks"), i, check)
    {
        if (strcmp(text_at(check, "id"), id) == 0) {
            same_text(id, text_at(check, "verdict"),
                      json_is_true(at(record, "%s", key)) ? "pass" : "fail");
            seen++;
        }
    }
    same_number(id, (json_int_t)seen, 1);
}

static void compare_segments(void)
{
    const json_t *wanted = at(record, "segments"), *one;
    size_t i;
    same_number("segment_count", field(root, "segment_count"), (json_int_t)json_array_size(wanted));
    same_number("segments", (json_int_t)json_array_size(at(root, "parts.segments")),
                (json_int_t)json_array_size(wanted));
    json_array_foreach(wanted, i, one)
    {
        const json_t *found = at(root, "parts.segments[%zu]", (size_t)number_at(one, "index"));
        same_number("load_addr", field(found, "load_addr"), number_at(one, "load_addr"));
        same_number("data_len", field(found, "data_len"), number_at(one, "length"));
        same_number("offset", number_at(found, "offset"), number_at(one, "file_offset"));
    }
}

static void compare_desc(void)
{
    const json_t *app = at(record, "app_desc"), *boot = at(record, "bootloader_desc");
    const json_t *desc = at(root, "parts.desc");
    const char *key;
    json_t *value;
    same_text("desc", text_at(desc, "format"),
              app != NULL    ? "app_desc"
              : boot != NULL ? "bootloader_desc"
                             : "");
    same_number("desc is there", desc != NULL, app != NULL || boot != NULL);
    json_object_foreach((json_t *)(uintptr_t)(app != NULL ? app : boot), key, value)
    {
        bool page = strcmp(key, "mmu_page_size_log2") == 0;
        same(key, at(desc, "fields.%s.value", page ? "mmu_page_size" : key), value);
    }
}

static void compare(void)
{
    name = file_of(text_at(record, "sha256"));
    (void)expect(0, "inspect --json %s", name);
    root = at(document(), "files[0].root");
    same("size", at(document(), "files[0].size"), at(record, "size"));
    root = at(document(), "files[0].root");
    compare_header();
    compare_verdict("esp-checksum", "checksum_valid");
    compare_verdict("esp-hash", "hash_valid");
    compare_segments();
    compare_desc();
}

TEST(what_esptool_saw)
{
    size_t i, count = 0;
    if (there_are_none()) {
        skip();
    }
    json_t *records = json_load_file("vectors/expected.json", 0, NULL);
    assert_non_null(records);
    assert_int_equal(nftw("vectors/", add_file, 16, 0), 0);
    json_array_foreach(records, i, record)
    {
        if (number_at(record, "size") > 0) {
            compare();
            count++;
        }
    }
    json_decref(records);
    while (file_count > 0) {
        free(files[--file_count].name);
    }
    want(count >= RECORDS_LEAST, "only %zu records", count);
    complaints_end();
}

// ---- What passes, and what is of other kinds ----------------------------------------------------

static void each_passes(const char *pattern)
{
    glob_t found;
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        (void)expect(0, "inspect --json %s", found.gl_pathv[i]);
        (void)expect(0, "inspect %s", found.gl_pathv[i]);
    }
    globfree(&found);
}

TEST(what_is_not_signed_passes)
{
    static const char *const patterns[] = {"vectors/esp8266/sketch.*",
                                           "vectors/esp-image/*.bin",
                                           "vectors/matter/*.bin",
                                           "vectors/thread-br/br/*.bin",
                                           "vectors/thread-br/rcp_build/*.bin",
                                           "vectors/thread-br/rcp_build/*/*.bin"};
    if (there_are_none()) {
        skip();
    }
    for (size_t i = 0; i < COUNT(patterns); i++) {
        each_passes(patterns[i]);
    }
    root = tree("vectors/thread-br/br/esp_ot_br.bin");
    want(strcmp(failing(root), "app-dirty") == 0 &&
             strcmp(text_at(document(), "files[0].verdict"), "warn") == 0,
         "the border router is a dirty build, and nothing else");
}

// Signed images are images: nothing but a signature follows.
TEST(what_is_signed)
{
    glob_t found;
    if (there_are_none()) {
        skip();
    }
    assert_int_equal(glob("vectors/secure-boot/signed_v2*.bin", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        (void)expect(0, "inspect --json %s", found.gl_pathv[i]);
        root = at(document(), "files[0].root");
        want(strcmp(verdict_of(root, "esp-trailing"), "pass") == 0 ||
                 !has_check(root, "esp-trailing"),
             "the signature sector is not trailing bytes");
        want(number_at(root, "parts.signatures[0].size") == 1216 &&
                 number_at(root, "parts.signatures[0].offset") == SIGNED_AT,
             "no signature");
    }
    globfree(&found);
}

TEST(what_is_no_firmware)
{
    if (there_are_none()) {
        skip();
    }
    (void)expect(1, "inspect --json vectors/esp8266/app.elf");
    root = at(document(), "files[0].root");
    want(strcmp(text_at(root, "format"), "raw") == 0 && says(field_text(root, "kind"), "ELF"),
         "it is said to be '%s', not ELF", field_text(root, "kind"));
}

UNIT(real)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_esptool_saw),
        cmocka_unit_test(what_is_not_signed_passes),
        cmocka_unit_test(what_is_signed),
        cmocka_unit_test(what_is_no_firmware),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
