// SPDX-License-Identifier: Apache-2.0
//
// manifest.h: which texts are lists of files, what is said of each file, and what is wrong with the
// text. beside.h: nothing outside of the folder is opened.
#include "unit.h"

#include "manifest.h"

#define MD5 "0123456789abcdef0123456789ABCDEF"
#define SHA256 MD5 MD5
#define BASE64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define DCL(more)                                                                                  \
    "{\"vid\":1,\"pid\":2,\"softwareVersion\":3,\"softwareVersionString\":\"4\",\"otaFileSize\":"  \
    "5,"                                                                                           \
    "\"otaUrl\":\"https://x/y/z.ota\"," more "}"
#define BUILD(more) "{\"version\":\"1\",\"builds\":[{\"chipFamily\":\"ESP32-C61\"," more "}]}"

static const struct row {
    const char *text;
    const char *title; // NULL: it is no list
    size_t files;
    const char *path;  // of the first file
    const char *fault; // the beginning of the first one; NULL: none
} rows[] = {
    {"{}", NULL, 0, NULL, NULL},
    {"", NULL, 0, NULL, NULL},
    {"{\"builds\":[]}", NULL, 0, NULL, NULL},
    {"{\"builds\":[{}]}", NULL, 0, NULL, NULL},
    {"{\"builds\":[{\"parts\":[]}]", NULL, 0, NULL, NULL}, // cut off
    {BUILD("\"parts\":[{\"path\":\"a\",\"offset\":0}]"), "ESP Web Tools manifest", 1, "a", NULL},
    {"\xEF\xBB\xBF " BUILD("\"parts\":[{\"path\":\"a\",\"offset\":0}]"), "ESP Web Tools manifest",
     1, "a", NULL},
    {BUILD("\"parts\":[{\"path\":\"a%20b%2.bin?v=1#c\",\"offset\":0}]"), "ESP Web Tools manifest",
     1, "a b%2.bin", NULL},
    {BUILD("\"parts\":[{\"path\":\"https://a/b?c\",\"offset\":0}]"), "ESP Web Tools manifest", 1,
     "https://a/b?c", NULL},
    {BUILD("\"parts\":[{\"path\":\"a\"}]"), "ESP Web Tools manifest", 1, "a",
     "builds[0]: the offset of a is missing"},
    {BUILD("\"parts\":[{\"path\":\"a\",\"offset\":-1}]"), "ESP Web Tools manifest", 1, "a",
     "builds[0]: the offset of a is no number"},
    {BUILD("\"parts\":[{\"path\":\"a\",\"offset\":\"0\"}]"), "ESP Web Tools manifest", 1, "a",
     "builds[0]: the offset of a is text"},
    {BUILD("\"parts\":[{\"offset\":0}]"), "ESP Web Tools manifest", 0, NULL,
     "builds[0]: parts[0] has no path"},
    {BUILD("\"parts\":[]"), "ESP Web Tools manifest", 0, NULL, "builds[0] names no file"},
    {"{\"builds\":[{\"parts\":[{\"path\":\"a\",\"offset\":0}]}]}", "ESP Web Tools manifest", 1, "a",
     "it has no version"},
    {"{\"version\":\"1\",\"builds\":[{\"chipFamily\":\"ESP32S3\",\"parts\":[{\"path\":\"a\","
     "\"offset\":0}]}]}",
     "ESP Web Tools manifest", 1, "a",
     "builds[0]: chipFamily 'ESP32S3' is none that ESP Web Tools knows; it has 'ESP32-S3'"},
    {BUILD("\"ota\":{\"path\":\"a\",\"md5\":\"" MD5 "\"}"), "ESPHome manifest", 1, "a", NULL},
    {BUILD("\"ota\":{\"path\":\"a\",\"sha256\":\"" SHA256 "\"}"), "ESPHome manifest", 1, "a", NULL},
    {BUILD("\"ota\":{\"path\":\"a\",\"md5\":\"" SHA256 "\"}"), "ESPHome manifest", 1, "a",
     "builds[0]: the md5 of ota is not 32"},
    {BUILD("\"ota\":{\"path\":\"a\"}"), "ESPHome manifest", 1, "a", "builds[0]: ota has no md5"},
    {"{\"flash_files\":{\"0x0\":\"a\",\"4096\":\"b\"}}", "flasher_args.json", 2, "a", NULL},
    {"{\"flash_files\":{\"x\":\"a\"}}", "flasher_args.json", 1, "a", "'x' is no flash address"},
    {"{\"flash_files\":{\"0x0\":1}}", "flasher_args.json", 0, NULL, "what is to be flashed to 0x0"},
    {"{\"flash_files\":{\"0x0\":\"a\"},\"flash_files\":{\"0x0\":\"b\"}}", "flasher_args.json", 1,
     "b", "a key stands twice"},
    {"{\"flash_files\":{\"0x0\":\"a\"},\"extra_esptool_args\":{\"chip\":\"esp33\"}}",
     "flasher_args.json", 1, "a", "chip 'esp33'"},
    {"--flash_mode dio\r\n0x0 a b\r\n\n0x1000\tc", "flash_args", 2, "a b", NULL},
    {"--flash_mode dio\n", NULL, 0, NULL, NULL},
    {"0x0 a\nnothing\n", NULL, 0, NULL, NULL},
    {"0x0\n", NULL, 0, NULL, NULL},
    {SHA256 "  a b\n", "list of digests", 1, "a b", NULL},
    {SHA256 " *a\r\n" MD5 "  b", "list of digests", 2, "a", NULL},
    {"SHA256 (a) = b) = " SHA256 "\n", "list of digests", 1, "a) = b", NULL},
    {"MD5 (a) = " MD5 "\n", "list of digests", 1, "a", NULL},
    {SHA256 "  a\nnothing\n", "list of digests", 1, "a", "line 2 is not a digest and a name"},
    {SHA256 " a\n", NULL, 0, NULL, NULL},
    {SHA256 "0  a\n", NULL, 0, NULL, NULL},
    {"SHA256 () = " SHA256 "\n", NULL, 0, NULL, NULL},
    {DCL("\"otaChecksum\":\"" BASE64 "\",\"otaChecksumType\":1"), "DCL entry", 1, "z.ota", NULL},
    {"{\"modelVersion\":" DCL("\"otaChecksum\":\"" BASE64 "\",\"otaChecksumType\":\"1\"") "}",
     "DCL entry", 1, "z.ota", NULL},
    {DCL("\"otaChecksum\":\" " BASE64 "\",\"otaChecksumType\":1"), "DCL entry", 1, "z.ota",
     "otaChecksum is not a SHA-256"},
    {DCL("\"otaChecksum\":\"" BASE64 " \",\"otaChecksumType\":1"), "DCL entry", 1, "z.ota",
     "otaChecksum is not a SHA-256"},
    {DCL("\"otaChecksum\":\"" BASE64 "\",\"otaChecksumType\":7"), "DCL entry", 1, "z.ota",
     "otaChecksum is not a SHA-384"},
    {DCL("\"otaChecksum\":\"" BASE64 "\",\"otaChecksumType\":2"), "DCL entry", 1, "z.ota",
     "otaChecksumType is 2"},
    {DCL("\"a\":1"), "DCL entry", 1, "z.ota", "it has no otaChecksum"},
};

static void check_row(const struct row *row)
{
    struct arena a = ARENA_EMPTY;
    struct otapack_source src = otapack_memory((const uint8_t *)row->text, strlen(row->text));
    struct manifest m;
    bool is = manifest_read(&a, &src, &m);
    const struct manifest_file *first = is ? m.builds->files : NULL;
    const char *path = first == NULL ? NULL : first->path;
    bool good =
        is == (row->title != NULL) &&
        (!is ||
         (strcmp(m.title, row->title) == 0 && m.file_count == row->files &&
          (path == NULL) == (row->path == NULL) && (path == NULL || strcmp(path, row->path) == 0) &&
          (m.fault_count > 0) == (row->fault != NULL) &&
          (row->fault == NULL || strncmp(m.faults[0], row->fault, strlen(row->fault)) == 0)));
    if (!good) {
        print_error("%s: %s, %zu files, %s\n", row->text, is ? m.title : "no list",
                    is ? m.file_count : 0, is && m.fault_count > 0 ? m.faults[0] : "no fault");
        fail();
    }
    arena_free(&a);
}

TEST(what_is_a_list)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_row(&rows[i]);
    }
}

// As many as may be; more is said, and not kept.
TEST(how_many_files)
{
    static const char line[] = MD5 "  a\n";
    size_t n = sizeof(line) - 1;
    char *text = malloc((MANIFEST_FILES_MOST + 1) * n);
    assert_non_null(text);
    for (size_t i = 0; i <= MANIFEST_FILES_MOST; i++) {
        memcpy(text + i * n, line, n);
    }
    for (size_t count = MANIFEST_FILES_MOST; count <= MANIFEST_FILES_MOST + 1; count++) {
        struct arena a = ARENA_EMPTY;
        struct otapack_source src = otapack_memory((const uint8_t *)text, count * n);
        struct manifest m;
        assert_true(manifest_read(&a, &src, &m));
        assert_int_equal(m.file_count, MANIFEST_FILES_MOST);
        assert_int_equal(m.fault_count, count > MANIFEST_FILES_MOST);
        arena_free(&a);
    }
    free(text);
}

TEST(nothing_outside)
{
    static const struct {
        const char *name;
        enum beside_answer answer;
    } names[] = {
        {"app.bin", BESIDE_IS_THERE},
        {"./app.bin", BESIDE_IS_THERE},
        {"stale/app.bin", BESIDE_IS_THERE},
        {"stale", BESIDE_IS_NO_FILE},
        {"nothing", BESIDE_IS_MISSING},
        {"app.bin/x", BESIDE_IS_MISSING},
        {"", BESIDE_IS_MISSING},
        {"../manifest/app.bin", BESIDE_IS_OUTSIDE},
        {"stale/../app.bin", BESIDE_IS_OUTSIDE},
        {"..", BESIDE_IS_OUTSIDE},
        {"/etc/passwd", BESIDE_IS_OUTSIDE},
        {"https://a.example/app.bin", BESIDE_IS_OUTSIDE},
        {"..app", BESIDE_IS_MISSING},
    };
    struct arena a = ARENA_EMPTY;
    struct beside *b = beside_new(&a, FIXTURES "/manifest/good-web.json");
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *path;
        enum beside_answer answer = beside_find(b, names[i].name, &path);
        if (answer != names[i].answer) {
            print_error("%s: %d\n", names[i].name, (int)answer);
            fail();
        }
    }
    beside_close(b);
    arena_free(&a);
}

UNIT(manifest)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_list),
        cmocka_unit_test(how_many_files),
        cmocka_unit_test(nothing_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
