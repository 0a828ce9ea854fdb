// SPDX-License-Identifier: Apache-2.0
//
// `matter:` of a recipe: all digest types; what it wraps, whatever the rest of the recipe gives;
// the version's text, which is the application's; what build refuses because a device, or the next
// tool, would not take it.
#include "combined.h"
#include "matter_image.h"
#include "product.h"

#include <unistd.h>

#include "matter_digest.h"

#define RCP "fixtures/rcp_build"
#define START "otapack: 1\napp: app.bin\n"
#define IDS "  vendor_id: 0xFFF1\n  product_id: 0x8000\n  software_version: 2\n"

static void want_file(const char *name, const char *of, const char *settings)
{
    matter_make("expected.bin", of, settings);
    want_same("expected.bin", name);
}

// ---- Digests ------------------------------------------------------------------------------------

static void want_digest(const char *file, unsigned type)
{
    uint8_t digest[DIGEST_MOST];
    struct image app = image_load("app.bin");
    size_t n = digest_by_type(type, app.p, app.n, digest);
    image_free(&app);
    want_get(file, "image_digest", hex_of(digest, n));
}

// By name and by number, in a recipe and by --set: the header that another program writes, and
// inspect finds the digest right; a changed payload is noticed.
static void digest_type(unsigned number)
{
    const char *name = digest_types[number - 1];
    char settings[40];
    (void)snprintf(settings, sizeof(settings), "type=%u", number);
    expect(0, "build recipe.yaml --set matter.image_digest_type=%s -o ota.bin", name);
    want_no_out();
    want_file("ota.bin", "app.bin", settings);
    if (strchr("\2\3\4\5\6\11", (int)number) != NULL) {
        want_err("warning: .*\\[matter-digest-short\\]$"); // less than 256 bits, no more
    } else {
        want_no_findings();
    }
    expect(0, "build recipe.yaml --set matter.image_digest_type=%u -o number.bin -q", number);
    want_same("expected.bin", "number.bin");
    text_file("typed.yaml", START "matter:\n" IDS "  image_digest_type: %s\n", name);
    expect(0, "build typed.yaml -o typed.bin");
    want_same("expected.bin", "typed.bin");
    const json_t *root = tree("ota.bin");
    want(last_run()->status == 0 && strcmp(verdict_of(root, "matter-digest"), "pass") == 0, "%s",
         name);
    want_get("ota.bin", "image_digest_type", name);
    want_digest("ota.bin", number);
    struct image changed = image_load("ota.bin");
    changed.p[changed.n - 1] ^= 1;
    image_save(&changed, "changed.bin");
    image_free(&changed);
    expect(1, "inspect changed.bin");
    want_out("matter-digest\\]?");
}

TEST(digests)
{
    text_file("recipe.yaml", START "output: default.bin\nmatter:\n" IDS);
    for (unsigned number = 1; number <= DIGEST_TYPES; number++) {
        if (!run_lacks(matter_digest_name((uint8_t)number))) {
            digest_type(number);
        }
    }
    expect(0, "build recipe.yaml");
    want_file("default.bin", "app.bin", "");
}

// ---- What it wraps ------------------------------------------------------------------------------

static void wrapped(const char *payload, const char *recipe)
{
    text_file("recipe.yaml",
              "%soutput: ota.bin\nmatter:\n" IDS "  software_version_string: \"2.0\"\n", recipe);
    remove_all("ota.bin");
    expect(0, "build recipe.yaml");
    want_no_out();
    want_file("ota.bin", payload, "");
}

TEST(wraps)
{
    static const struct {
        const char *payload, *recipe;
    } rows[] = {
        {"app.bin", START},
        {"app.bin", "otapack: 1\nimage: app.bin\n"},
        {"br.bin", START "rcp: {build_dir: " RCP "}\n"},
        {"br.bin", "otapack: 1\nimage: br.bin\n"},
        {"fixtures/delta/good-update.bin", "otapack: 1\nimage: fixtures/delta/good-update.bin\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        wrapped(rows[i].payload, rows[i].recipe);
        want_no_findings();
    }
}

// What otapack does not know, or a device does not take as an update, it wraps with a warning.
TEST(wraps_with_a_warning)
{
    char file[ITEM_ROOM], recipe[ITEM_ROOM + 40];
    text_file("text.txt", "a text\n");
    EACH_ITEM(file, "text.txt|fixtures/raw/gzip.bin|fixtures/raw/one-byte.bin")
    {
        (void)snprintf(recipe, sizeof(recipe), "otapack: 1\nimage: %s\n", file);
        wrapped(file, recipe);
        want_err("warning: .*\\[matter-payload\\]$");
    }
}

// esp_ota_end takes the bootloader at its beginning for an app.
TEST(wraps_no_flash)
{
    text_file("recipe.yaml", "otapack: 1\noutput: ota.bin\nflash:\n  parts:\n"
                             "    - 0x0: " RCP "/bootloader/bootloader.bin\n"
                             "    - 0x8000: " RCP "/partition_table/partition-table.bin\n"
                             "    - 0x10000: " RCP "/esp_ot_rcp.bin\n"
                             "matter:\n" IDS "  software_version_string: \"2.0\"\n");
    remove_all("ota.bin");
    (void)expect(1, "build recipe.yaml");
    want_err("merged flash image: .*\\[slot-content\\]$");
    want(access("ota.bin", F_OK) != 0, "it is written");
}

// All fields; in another order, in flow style. --set: for a recipe without `matter`, and over the
// values of one.
TEST(all_fields)
{
    run_needs("sha3_512");
    text_file(
        "all.yaml",
        "matter: {release_notes_url: \"https://example.com/2.0\", image_digest_type: sha3_512,\n"
        "  max_applicable_software_version: 0x11, min_applicable_software_version: 1,\n"
        "  product_id: 1, software_version_string: \"2.0\", software_version: 1000000,\n"
        "  vendor_id: 65535}\n" START "output: all.bin\n");
    expect(0, "build all.yaml");
    want_no_findings();
    want_file("all.bin", "app.bin",
              "vendor_id=65535|product_id=1|software_version=1000000|min=1|max=17|"
              "url=https://example.com/2.0|type=sha3_512");
    text_file("bare.yaml", START "output: set.bin\n");
    expect(0, "build bare.yaml --set matter.vendor_id=0x1234 --set matter.product_id=0x5678 "
              "--set matter.software_version=9");
    want_file("set.bin", "app.bin", "vendor_id=0x1234|product_id=0x5678|software_version=9");
    expect(0, "build all.yaml --set matter.software_version=2000000 "
              "--set matter.image_digest_type=1 "
              "--set matter.release_notes_url=https://example.com/x -o set.bin");
    want_file("set.bin", "app.bin",
              "vendor_id=65535|product_id=1|software_version=2000000|min=1|max=17|"
              "url=https://example.com/x");
}

// Paths: the app's version names the output and is in the URL; `expect` begins with payload.
#define NAMES(chip)                                                                                \
    START "output: light-${app.desc.version}.ota\nmatter:\n" IDS                                   \
          "  software_version_string: ${app.desc.version}\n"                                       \
          "  release_notes_url: https://example.com/${app.desc.version}\n"                         \
          "expect:\n  - payload.desc.version = 2.0\n  - payload.chip = " chip                      \
          "\n  - software_version = 2\n"

TEST(names)
{
    text_file("names.yaml", "%s", NAMES("esp32s3"));
    expect(0, "build names.yaml");
    want_file("light-2.0.ota", "app.bin", "url=https://example.com/2.0");
    remove_all("light-2.0.ota");
    text_file("not.yaml", "%s", NAMES("esp32"));
    expect(1, "build not.yaml");
    want_err("payload\\.chip");
    want_no_file("light-2.0.ota");
    // The inputs are in the depfile, and are never written over.
    expect(0, "build names.yaml --depfile deps.d");
    struct image deps = image_load("deps.d");
    image_append(&deps, "", 1);
    want(says((const char *)deps.p, "app\\.bin"), "the depfile does not name the app");
    image_free(&deps);
    struct image before = image_load("app.bin");
    expect(2, "build names.yaml -o app.bin");
    want_bytes("app.bin", before.p, before.n);
    image_free(&before);
}

// ---- The version's text -------------------------------------------------------------------------

static void version_recipe(const char *app, const char *version)
{
    text_file("recipe.yaml", "otapack: 1\napp: %s\nmatter:\n" IDS "%s%s%s", app,
              version == NULL ? "" : "  software_version_string: \"",
              version == NULL ? "" : version, version == NULL ? "" : "\"\n");
}

// By default it is the application's, for an app and for a border router's combined image.
TEST(version)
{
    version_recipe("pi.bin", NULL);
    expect(0, "build recipe.yaml -o ota.bin");
    want_no_findings();
    want_file("ota.bin", "pi.bin", "software_version_string=3.1.4");
    expect(0, "build recipe.yaml -o ota.bin --set rcp.build_dir=" RCP);
    want_no_findings();
    want_file("ota.bin", "pi-br.bin", "software_version_string=3.1.4");
}

// When it is not, build refuses.
TEST(another_version)
{
    static const char id[] = "matter-version-match", with_rcp[] = "recipe.yaml --set "
                                                                  "rcp.build_dir=" RCP;
    char version[ITEM_ROOM], settings[ITEM_ROOM + 40];
    EACH_ITEM(version, "3.1|3.1.40|v3.1.4|3.1.4 ")
    {
        (void)snprintf(settings, sizeof(settings), "software_version_string=%s", version);
        version_recipe("pi.bin", version);
        matter_make("expected.bin", "pi.bin", settings);
        refuse(id, "3\\.1\\.4", "recipe.yaml");
        want_only_check(id);
        allow(id, "expected.bin", "recipe.yaml");
        matter_make("expected.bin", "pi-br.bin", settings);
        refuse(id, "3\\.1\\.4", with_rcp);
        allow(id, "expected.bin", with_rcp);
        const json_t *root = tree("expected.bin");
        want(last_run()->status == 1 && strcmp(failing(root), id) == 0, "%s", failing(root));
        expect(0, "inspect expected.bin --allow %s", id);
        want_out(id);
        expect(1, "verify expected.bin");
        expect(0, "verify expected.bin --allow %s", id);
    }
}

// A version that fills its 32 bytes, and one that is longer in the header than it can be in the
// app.
TEST(long_versions)
{
    demo_app("long.bin", "0123456789012345678901234567890");
    version_recipe("long.bin", NULL);
    expect(0, "build recipe.yaml -o ota.bin");
    want_file("ota.bin", "long.bin", "software_version_string=0123456789012345678901234567890");
    version_recipe("long.bin", "01234567890123456789012345678901");
    expect(1, "build recipe.yaml -o no.bin");
    want_err("\\[matter-version-match\\]$");
    want_no_file("no.bin");
}

// What has no application has nothing to be compared with.
TEST(version_of_nothing)
{
    text_file("text.bin", "no application\n");
    matter_make("text.ota", "text.bin", "software_version_string=whatever");
    const json_t *root = tree("text.ota");
    want(last_run()->status == 0 && !has_check(root, "matter-version-match"),
         "a version of nothing was compared");
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_app("app.bin", "2.0");
    demo_app("pi.bin", "3.1.4");
    combined_make("rcp.bin", NULL);
    combined_make("br.bin", "app.bin");
    combined_make("pi-br.bin", "pi.bin");
    return 0;
}

UNIT(matter_build)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests),        cmocka_unit_test(wraps),
        cmocka_unit_test(all_fields),     cmocka_unit_test(wraps_with_a_warning),
        cmocka_unit_test(wraps_no_flash), cmocka_unit_test(names),
        cmocka_unit_test(version),        cmocka_unit_test(another_version),
        cmocka_unit_test(long_versions),  cmocka_unit_test(version_of_nothing),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
