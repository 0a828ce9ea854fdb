// SPDX-License-Identifier: Apache-2.0
//
// Faults in `matter:` of a recipe: status 2, one line, FILE:LINE:COLUMN of the very key or value,
// and the key that was probably meant. Nothing is built.
#include "matter_image.h"
#include "product.h"

// What follows the first two lines is refused at this place (a regular expression).
static void bad(const char *place, const char *regex, const char *lines)
{
    text_file("recipe.yaml", "otapack: 1\napp: app.bin\n%s", lines);
    recipe_refused(place, regex);
}

struct mistake {
    const char *place, *regex, *lines;
};

static void all_bad(const struct mistake *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bad(rows[i].place, rows[i].regex, rows[i].lines);
    }
}

#define SEVEN(key) "  " key ": 7\n"
#define V SEVEN("vendor_id")
#define P SEVEN("product_id")
#define S SEVEN("software_version")

// A key that is missing; at the place of `matter` or its value.
TEST(missing)
{
    static const struct mistake rows[] = {
        {"[34]:[0-9]+", "\\bvendor_id\\b", "matter:\n" P S},
        {"[34]:[0-9]+", "\\bproduct_id\\b", "matter:\n" V S},
        {"[34]:[0-9]+", "\\bsoftware_version\\b", "matter:\n" V P},
        {"3:[0-9]+", "vendor_id", "matter: {}\n"},
        {"3:[0-9]+", "matter", "matter:\n"},
        {"3:9", "matter", "matter: 1\n"},
        {"3:9", "matter", "matter: [vendor_id]\n"},
    };
    all_bad(rows, COUNT(rows));
}

// A key nobody took; what is computed cannot be said; twice.
TEST(keys)
{
    static const struct mistake rows[] = {
        {"3:[0-9]+", "vendorid.*vendor_id",
         "matter: {vendor_id: 1, product_id: 1, software_version: 2, vendorid: 1}\n"},
        {"4:3", "(vendr_id.*)?vendor_id", "matter:\n  vendr_id: 1\n" P S},
        {"7:3", "min_version", "matter:\n" V P S "  min_version: 1\n"},
        {"7:3", "release_note_url.*release_notes_url", "matter:\n" V P S "  release_note_url: 1\n"},
        {"3:1", "mater.*matter", "mater:\n" V P S},
        {"7:3", "payload_size", "matter:\n" V P S "  payload_size: 1\n"},
        {"7:3", "image_digest", "matter:\n" V P S "  image_digest: 1\n"},
        {"7:3", "total_size", "matter:\n" V P S "  total_size: 1\n"},
        {"7:3", "header_size", "matter:\n" V P S "  header_size: 1\n"},
        {"6:3", "vendor_id", "matter:\n" V P V S},
        {"4:1", "matter", "matter: {vendor_id: 1}\nmatter: {vendor_id: 1}\n"},
    };
    all_bad(rows, COUNT(rows));
}

// This value of this key; the others are good.
static void value(const char *key, const char *text, const char *regex)
{
    static const char *const others[] = {"vendor_id", "product_id", "software_version"};
    char lines[1000], place[32];
    int n = snprintf(lines, sizeof(lines), "matter:\n  %s: %s\n", key, text);
    for (size_t i = 0; i < COUNT(others); i++) {
        if (strcmp(others[i], key) != 0) {
            n += snprintf(lines + n, sizeof(lines) - (size_t)n, SEVEN("%s"), others[i]);
        }
    }
    (void)snprintf(place, sizeof(place), "4:%zu", strlen(key) + 5);
    bad(place, regex, lines);
}

// Numbers: none, out of range.
TEST(values)
{
    static const struct {
        const char *keys, *text, *regex; // the key is good enough as well
    } rows[] = {
        {"vendor_id|product_id", "65536", "65535|0xffff|65536"},
        {"vendor_id|product_id", "0x10000", "65535|0xffff|0x10000"},
        {"vendor_id|product_id", "-1", "-1"},
        {"vendor_id|product_id", "one", "one"},
        {"vendor_id|product_id", "1.5", "1\\.5"},
        {"vendor_id|product_id", "[1]", NULL},
        {"vendor_id|product_id", "99999999999999999999999", "9999"},
#define VERSIONS "software_version|min_applicable_software_version|max_applicable_software_version"
        {VERSIONS, "4294967296", "429496729[56]"},
        {VERSIONS, "-1", "-1"},
        {VERSIONS, "\"1.0\"", "1\\.0"},
        {"image_digest_type", "0", "sha256|12"},
        {"image_digest_type", "13", "sha256|12"},
        {"image_digest_type", "300", "sha256|12"},
        {"release_notes_url", "{a: b}", NULL},
        {"software_version_string", "[1]", NULL},
    };
    char key[ITEM_ROOM], regex[ITEM_ROOM + 64];
    for (size_t i = 0; i < COUNT(rows); i++) {
        EACH_ITEM(key, rows[i].keys)
        {
            (void)snprintf(regex, sizeof(regex), "%s%s%s", key, rows[i].regex == NULL ? "" : "|",
                           rows[i].regex == NULL ? "" : rows[i].regex);
            value(key, rows[i].text, regex);
        }
    }
    value("image_digest_type", "sha265", "sha256");
    value("image_digest_type", "md5", "md5|sha256");
    value("image_digest_type", "SHA-256", "sha256");
    // A name that is not there.
    value("software_version_string", "${app.desc.versoin}", "app\\.desc\\.versoin.*version");
}

// --set: the same words, at its own place.
TEST(by_set)
{
    static const struct {
        const char *set, *other, *regex;
    } rows[] = {
        {"matter.vendor_id=65536", "matter.product_id=1", "vendor_id|sha256"},
        {"matter.vendorid=1", "matter.vendor_id=1", "vendorid|vendor_id|sha256"},
        {"matter.software_version=x", "matter.vendor_id=1", "software_version|vendor_id|sha256"},
        {"matter.image_digest_type=sha257", "matter.vendor_id=1",
         "image_digest_type|vendor_id|sha256"},
    };
    text_file("bare.yaml", "otapack: 1\napp: app.bin\n");
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect(2,
               "build bare.yaml -o ota.bin --set %s --set %s --set matter.product_id=1 "
               "--set matter.software_version=2 --set %s",
               rows[i].set, rows[i].other, rows[i].set);
        want_one_line();
        want_err(rows[i].regex);
        want_no_file("ota.bin");
    }
    expect(2, "build bare.yaml -o ota.bin --set matter.vendor_id=1");
    want_err("product_id|software_version");
    want_no_file("ota.bin");
}

// Without an app, there is no default for the version's text.
TEST(no_app)
{
    text_file("image.yaml", "otapack: 1\nimage: fixtures/raw/gzip.bin\n"
                            "matter: {vendor_id: 1, product_id: 1, software_version: 2}\n");
    expect(2, "build image.yaml -o ota.bin");
    want_one_line();
    want_err("^otapack: image\\.yaml:3:[0-9]+: .*software_version_string");
    want_no_file("ota.bin");
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_app("app.bin", "2.0");
    return 0;
}

UNIT(matter_recipe)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing), cmocka_unit_test(keys),   cmocka_unit_test(values),
        cmocka_unit_test(by_set),  cmocka_unit_test(no_app),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
