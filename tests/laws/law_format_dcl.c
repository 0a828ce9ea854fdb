// SPDX-License-Identifier: Apache-2.0
//
// inspect --format dcl: what the ledger's entry of a software version needs, for one image and
// many, computed here once more.
#include "product.h"

#include "matter_digest.h"

#include <mbedtls/base64.h>
#include <sys/stat.h>

#include "matter_image.h"

#define NOTES "https://example.com/notes"

// ---- What is expected ---------------------------------------------------------------------------

// Headers, as settings of matter_image().
#define DEMO "product_id=0x8005|software_version=7"
#define WHOLE DEMO "|min=1|max=5|url=" NOTES

// The entry of this file, with the values of WHOLE and then these (JSON; null: none).
static json_t *entry(const char *name, unsigned type, const char *values)
{
    struct image im = image_load(name);
    uint8_t digest[DIGEST_MOST];
    char sum[2 * DIGEST_MOST];
    size_t n = digest_by_type(type, im.p, im.n, digest), said;
    assert_int_equal(mbedtls_base64_encode((uint8_t *)sum, sizeof(sum), &said, digest, n), 0);
    json_t *made =
        json_pack("{si, si, si, ss, sb, sI, ss, si, si, si, ss}", "vid", 65521, "pid", 32773,
                  "softwareVersion", 7, "softwareVersionString", "2.0", "softwareVersionValid", 1,
                  "otaFileSize", (json_int_t)im.n, "otaChecksum", sum, "otaChecksumType", (int)type,
                  "minApplicableSoftwareVersion", 1, "maxApplicableSoftwareVersion", 5,
                  "releaseNotesUrl", NOTES);
    json_t *other = json_loads(values, 0, NULL), *value;
    const char *key;
    void *next;
    assert_non_null(made);
    assert_non_null(other);
    json_object_update(made, other);
    json_object_foreach_safe(other, next, key, value)
    {
        if (json_is_null(value)) {
            (void)json_object_del(made, key);
        }
    }
    json_decref(other);
    image_free(&im);
    return made;
}

// What the last run printed: these entries, one behind the other, and nothing else. Frees them.
static void printed(const struct run *r, json_t *const *entries, size_t count)
{
    const char *rest = r->out;
    for (size_t i = 0; i < count; i++) {
        json_error_t error;
        json_t *found = json_loads(rest, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
        want(found != NULL, "entry %zu is no JSON: %s", i, error.text);
        want(json_equal(found, entries[i]), "entry %zu is another one", i);
        rest += error.position;
        json_decref(found);
        json_decref(entries[i]);
    }
    want(rest[strspn(rest, "\n ")] == '\0', "something follows: %s", rest);
}

// stderr has nothing, or where an image is not said to be anywhere, a word of that for each.
static void want_word_of_url(bool has_url)
{
    if (has_url) {
        want_no_err();
    } else {
        want_err("^otapack: .*warning: there is no otaUrl in this entry; give --url");
    }
}

// `inspect` with these words prints this entry.
static void prints(json_t *one, const char *command)
{
    const struct run *r = expect(0, "inspect %s", command);
    want_word_of_url(json_object_get(one, "otaUrl") != NULL);
    printed(r, &one, 1);
}

// ---- One image ----------------------------------------------------------------------------------

TEST(one_image)
{
    demo_matter("ota.bin", WHOLE);
    prints(entry("ota.bin", 1, "{}"), "ota.bin --format dcl");
    prints(entry("ota.bin", 1, "{}"), "-F dcl ota.bin");
    prints(entry("ota.bin", 1, "{}"), "--format=dcl ota.bin");
    static const char url[] = "{\"otaUrl\": \"https://example.com/ota.bin\"}";
    prints(entry("ota.bin", 1, url), "-F dcl ota.bin --url https://example.com/ota.bin");
    prints(entry("ota.bin", 1, url), "-F dcl ota.bin --url https://example.com/");
    static const char version[] = "{\"cdVersionNumber\": 3}";
    prints(entry("ota.bin", 1, version), "-F dcl ota.bin --cd-version-number 3");
    prints(entry("ota.bin", 1, version), "-F dcl ota.bin --cd-version-number 0x3");
}

// The header's limits are optional: from 0 to the version before.
TEST(without_limits)
{
    demo_matter("plain.bin", DEMO);
    prints(entry("plain.bin", 1,
                 "{\"minApplicableSoftwareVersion\": 0, \"maxApplicableSoftwareVersion\": 6,"
                 " \"releaseNotesUrl\": null}"),
           "-F dcl plain.bin");
}

// The checksum's type is the header's where the ledger takes it.
TEST(checksums)
{
    for (unsigned type = 1; type <= DIGEST_TYPES; type++) {
        char settings[100];
        if (run_lacks(matter_digest_name((uint8_t)type))) {
            continue;
        }
        bool taken = type == 1 || type == 7 || type == 8 || type >= 10;
        (void)snprintf(settings, sizeof(settings), WHOLE "|type=%u", type);
        demo_matter("type.bin", settings);
        json_t *one = entry("type.bin", taken ? type : 1, "{}");
        printed(expect(0, "inspect -F dcl type.bin"), &one, 1);
    }
}

// Text that JSON must escape; numbers at their ends; standard input.
TEST(odd_values)
{
    demo_matter("ota.bin", "product_id=0x8005|software_version=4294967295|max=4294967294"
                           "|software_version_string=a \"b\" \\ \303\274");
    static const char values[] =
        "{\"softwareVersion\": 4294967295, \"softwareVersionString\": \"a \\\"b\\\" \\\\ "
        "\303\274\","
        " \"minApplicableSoftwareVersion\": 0, \"maxApplicableSoftwareVersion\": 4294967294,"
        " \"releaseNotesUrl\": null}";
    json_t *one = entry("ota.bin", 1, values);
    printed(expect(0, "inspect -F dcl -a matter-version-match ota.bin"), &one, 1);
    struct image im = image_load("ota.bin");
    run_pipe(im.p, im.n, 0);
    one = entry("ota.bin", 1, values);
    printed(expect(0, "inspect -F dcl -a matter-version-match -"), &one, 1);
    image_free(&im);
    demo_matter("zero.bin", "software_version=1|max=0");
    (void)expect(0, "inspect -F dcl zero.bin");
    want(number_at(document(), "maxApplicableSoftwareVersion") == 0, "max of version 1");
}

// ---- Several: one entry behind the other, in order; a URL for each, or a folder for all ---------

static void print_three(const char *const urls[3], const char *command)
{
    static const char *const names[] = {"ota.bin", "second.bin", "sub/third.bin"};
    json_t *entries[3];
    for (size_t i = 0; i < 3; i++) {
        char values[400];
        (void)snprintf(values, sizeof(values),
                       i == 0 ? "{\"otaUrl\": \"%s\"}"
                              : "{\"otaUrl\": \"%s\", \"vid\": 1, \"pid\": 2,"
                                " \"softwareVersion\": 9, \"minApplicableSoftwareVersion\": 0,"
                                " \"maxApplicableSoftwareVersion\": 8, \"releaseNotesUrl\": null}",
                       urls[i]);
        entries[i] = entry(names[i], 1, values);
    }
    const struct run *r = expect(0, "inspect -F dcl ota.bin second.bin sub/third.bin %s", command);
    want_no_err();
    printed(r, entries, 3);
}

TEST(several_images)
{
    static const char other[] = "vendor_id=1|product_id=2|software_version=9";
    demo_matter("ota.bin", WHOLE);
    demo_matter("second.bin", other);
    assert_int_equal(mkdir("sub", 0700), 0);
    demo_matter("sub/third.bin", other);
    print_three((const char *const[]){"https://a/1", "https://b/2", "https://c/3"},
                "--url https://a/1 --url https://b/2 --url https://c/3");
    print_three(
        (const char *const[]){"https://d/ota.bin", "https://d/second.bin", "https://d/third.bin"},
        "--url https://d/");
}

// --format text and json are what there was before.
TEST(other_formats)
{
    static const char *const pairs[][2] = {
        {"inspect plain.bin", "inspect plain.bin --format text"},
        {"inspect plain.bin --json", "inspect plain.bin -F json"}};
    demo_matter("plain.bin", WHOLE);
    for (size_t i = 0; i < COUNT(pairs); i++) {
        char *out = strdup(expect(0, "%s", pairs[i][0])->out);
        want(strcmp(expect(0, "%s", pairs[i][1])->out, out) == 0, "not what %s says", pairs[i][0]);
        free(out);
    }
}

UNIT(format_dcl)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_image),      cmocka_unit_test(without_limits),
        cmocka_unit_test(checksums),      cmocka_unit_test(odd_values),
        cmocka_unit_test(several_images), cmocka_unit_test(other_formats),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
