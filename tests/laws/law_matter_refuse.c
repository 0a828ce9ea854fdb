// SPDX-License-Identifier: Apache-2.0
//
// build refuses a Matter header that a device, or the next tool, would not take: with the remedy,
// nothing written, an old target untouched; --allow builds it all the same.
#include "matter_image.h"
#include "product.h"

enum { LINES = 2000 };

#define RCP "fixtures/rcp_build"

// recipe.yaml with these keys (KEY: VALUE, which | divides), and what they leave of the three that
// must be.
static void keys_recipe(const char *app, const char *keys)
{
    char line[ITEM_ROOM], lines[LINES], key[ITEM_ROOM];
    size_t n = 0;
    lines[0] = '\0';
    EACH_ITEM(line, keys)
    {
        n += (size_t)snprintf(lines + n, sizeof(lines) - n, "%s%s\n", *line == '\0' ? "" : "  ",
                              line);
        assert_true(n < sizeof(lines));
    }
    EACH_ITEM(key, "vendor_id|product_id|software_version")
    {
        char start[ITEM_ROOM + 8];
        (void)snprintf(start, sizeof(start), "  %s: ", key);
        if (strstr(lines, start) == NULL) {
            n += (size_t)snprintf(lines + n, sizeof(lines) - n, "%s7\n", start);
            assert_true(n < sizeof(lines));
        }
    }
    text_file("recipe.yaml", "otapack: 1\napp: %s\nmatter:\n%s", app, lines);
}

static void expected_of(const char *settings)
{
    char all[LINES];
    (void)snprintf(all, sizeof(all), "vendor_id=7|product_id=7|software_version=7|%s", settings);
    matter_make("expected.bin", "app.bin", all);
}

// With the remedy, nothing written, an old target untouched; --allow builds it all the same.
TEST(refused)
{
    static const struct {
        const char *id, *keys, *settings;
    } rows[] = {
#define MIN "min_applicable_software_version: "
#define MAX "max_applicable_software_version: "
        {"matter-ids", "vendor_id: 0", "vendor_id=0"},
        {"matter-ids", "product_id: 0x0", "product_id=0"},
        {"matter-ids", "vendor_id: 0|product_id: 0", "vendor_id=0|product_id=0"},
        {"matter-range", MIN "7", "min=7"},
        {"matter-range", MAX "7", "max=7"},
        {"matter-range", MAX "4294967295", "max=0xffffffff"},
        {"matter-range", MIN "3|" MAX "2", "min=3|max=2"},
        {"matter-range", MIN "9|" MAX "8", "min=9|max=8"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        keys_recipe("app.bin", rows[i].keys);
        expected_of(rows[i].settings);
        refuse(rows[i].id, "", "recipe.yaml");
        want_only_check(rows[i].id);
        allow(rows[i].id, "expected.bin", "recipe.yaml");
        const json_t *root = tree("expected.bin");
        want(last_run()->status == 1 && has_failed(root, rows[i].id), "%s", failing(root));
    }
}

static void not_built(int status, const char *options, const char *regex)
{
    expect(status, "build recipe.yaml -o no.bin %s", options);
    want_err(regex);
    want_no_file("no.bin");
}

// "KEY: "TEXT...": a text of `n` letters, which begins so.
static const char *long_text(const char *start, char letter, size_t n)
{
    static char text[ITEM_ROOM];
    size_t begins = strlen(start), words = strcspn(start, "\"") + 1;
    size_t end = words + n;
    assert_true(begins <= end && end + 2 < sizeof(text));
    memset(text, letter, end);
    memcpy(text, start, begins);
    text[end] = '"';
    text[end + 1] = '\0';
    return text;
}

TEST(long_texts)
{
    static const char url[] = "release_notes_url: \"https://example.com/";
    static const char version[] = "software_version_string: \"";
    char settings[ITEM_ROOM];
    keys_recipe("app.bin", long_text(url, 'n', 257));
    not_built(1, "", "^otapack: .+; .+ \\[matter-(release-notes|header)\\]$");
    keys_recipe("app.bin", long_text(url, 'n', 256));
    expect(0, "build recipe.yaml -o ota.bin");
    want_no_findings();
    (void)snprintf(settings, sizeof(settings), "url=%.256s",
                   strchr(long_text(url, 'n', 256), '"') + 1);
    expected_of(settings);
    want_same("expected.bin", "ota.bin");
    keys_recipe("app.bin", long_text(version, 'v', 65));
    not_built(1, "-a matter-version-match",
              "^otapack: .+; .+ \\[matter-(version-string|header)\\]$");
    keys_recipe("app.bin", long_text(version, 'v', 64));
    expect(0, "build recipe.yaml -o ota.bin -a matter-version-match");
    (void)snprintf(settings, sizeof(settings), "software_version_string=%.64s",
                   strchr(long_text(version, 'v', 64), '"') + 1);
    expected_of(settings);
    want_same("expected.bin", "ota.bin");
    // 33 characters are more bytes.
    char letters[ITEM_ROOM];
    size_t n = (size_t)snprintf(letters, sizeof(letters), "%s", version);
    for (int i = 0; i < 33; i++) {
        n += (size_t)snprintf(letters + n, sizeof(letters) - n, "\303\274");
    }
    (void)snprintf(letters + n, sizeof(letters) - n, "\"");
    keys_recipe("app.bin", letters);
    not_built(1, "-a matter-version-match", "\\[matter-(version-string|header)\\]$");
}

// Without a text there is no element: a mistake of the recipe, at its place.
TEST(empty_texts)
{
    keys_recipe("app.bin", "software_version_string: \"\"");
    not_built(2, "", "^otapack: recipe\\.yaml:4:[0-9]+: .*software_version_string");
    keys_recipe("app.bin", "vendor_id: 7|release_notes_url: \"\"");
    not_built(2, "", "^otapack: recipe\\.yaml:5:[0-9]+: .*release_notes_url");
}

// An URL of another kind is a warning; so is a short digest. Both together build.
TEST(warnings)
{
    static const char https[] = "^otapack: .*warning: .+; .+ \\[matter-release-notes-https\\]$";
    char url[ITEM_ROOM], words[ITEM_ROOM + 40];
    EACH_ITEM(url,
              "http://example.com/|ftp://example.com/|https:example.com|HTTPS://example.com/|x")
    {
        (void)snprintf(words, sizeof(words), "release_notes_url: \"%s\"", url);
        keys_recipe("app.bin", words);
        expect(0, "build recipe.yaml -o ota.bin");
        want_err(https);
        (void)snprintf(words, sizeof(words), "url=%s", url);
        expected_of(words);
        want_same("expected.bin", "ota.bin");
        expect(0, "build recipe.yaml -o ota.bin -q");
    }
    keys_recipe("app.bin",
                "image_digest_type: sha256_32|release_notes_url: \"http://example.com/\"");
    expect(0, "build recipe.yaml -o ota.bin");
    want_err(https);
    want_err("warning: .*\\[matter-digest-short\\]$");
    expected_of("type=6|url=http://example.com/");
    want_same("expected.bin", "ota.bin");
}

// What is wrong with the app is wrong in the image, and is named as the payload's.
TEST(bad_apps)
{
    struct image im = image_load("app.bin");
    im.p[200] = 0xFF;
    image_save(&im, "bad-app.bin");
    image_free(&im);
    keys_recipe("bad-app.bin", "");
    not_built(1, "", "app.*\\[esp-(hash|checksum)\\]$");
    keys_recipe(RCP "/bootloader/bootloader.bin", "software_version_string: \"1\"");
    not_built(1, "", "\\[slot-content\\]$");
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_app("app.bin", "2.0");
    return 0;
}

UNIT(matter_refuse)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused),  cmocka_unit_test(long_texts), cmocka_unit_test(empty_texts),
        cmocka_unit_test(warnings), cmocka_unit_test(bad_apps),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
