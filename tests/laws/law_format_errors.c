// SPDX-License-Identifier: Apache-2.0
//
// inspect --format dcl and ota-provider print nothing for anyone when one file is no Matter image
// or fails a check; a URL that fits nothing, or an option without its format, is a mistake.
#include "product.h"

#include "matter_image.h"

static const char *const formats[] = {"dcl", "ota-provider"};

// ---- Files --------------------------------------------------------------------------------------

static void save_damaged(void)
{
    struct image im = image_load("good.bin");
    poke8(&im, 900, u8_at(&im, 900) ^ 1);
    image_save(&im, "payload.bin");
    im.n = 900;
    image_save(&im, "cut.bin");
    image_free(&im);
}

static int begin(void **group)
{
    if (run_begin(group) != 0) {
        return -1;
    }
    demo_matter("good.bin", "software_version=7"); // and app.bin
    demo_matter("bad.bin", "vendor_id=0");
    demo_matter("zero.bin", "software_version=0");
    demo_matter("other.bin", "software_version_string=other");
    demo_matter("warned.bin", "url=http://example.com/|type=6");
    demo_matter("type.bin", "8=2408ff"); // 255, with the digest of type 1
    demo_matter("header.bin", "vendor_id=-");
    save_damaged();
    return 0;
}

// ---- What is refused in both formats ------------------------------------------------------------

static void refused(int status, const char *regex, const char *words)
{
    char line[200];
    (void)snprintf(line, sizeof(line), "^otapack: .*%s", regex);
    for (size_t i = 0; i < COUNT(formats); i++) {
        expect(status, "inspect --format %s %s", formats[i], words);
        want_no_out();
        want_err(line);
    }
}

TEST(files)
{
    refused(1, "bad\\.bin.*; .+ \\[matter-ids\\]$", "bad.bin");
    refused(1, "bad\\.bin.*\\[matter-ids\\]$", "good.bin bad.bin");
    refused(1, "bad\\.bin.*\\[matter-ids\\]$", "bad.bin good.bin");
    refused(1, "app\\.bin", "app.bin");
    refused(1, "app\\.bin", "good.bin app.bin good.bin");
    refused(1, "gzip\\.bin", "fixtures/raw/gzip.bin");
    refused(1, "empty\\.bin", "fixtures/raw/empty.bin");
    refused(2, "nofile\\.bin", "nofile.bin");
    refused(2, "nofile\\.bin", "good.bin nofile.bin");
    refused(1, "\\[matter-digest\\]$", "payload.bin");
    refused(1, "\\[matter-bounds\\]$", "cut.bin");
    refused(1, "\\[matter-digest-type\\]$", "type.bin");
    refused(1, "\\[matter-header\\]$", "header.bin");
    refused(1, "\\[matter-version-match\\]$", "other.bin");
    refused(1, "zero\\.bin", "zero.bin"); // no version is below 0
}

// URLs: as many as files, or a single one that ends in /; not for standard input, which has no
// name.
TEST(options)
{
    refused(2, "url", "good.bin warned.bin --url https://a/1");
    refused(2, "url", "good.bin --url https://a/1 --url https://a/2");
    refused(2, "url", "good.bin warned.bin zero.bin --url https://a/1 --url https://a/2");
    refused(2, "cd-version-number", "good.bin --cd-version-number x");
    refused(2, "cd-version-number", "good.bin --cd-version-number -1");
    refused(2, "cd-version-number", "good.bin --cd-version-number 99999999999999");
    refused(2, "(get|format)", "good.bin --get vendor_id");
    refused(2, "(json|format)", "good.bin --json");
    refused(2, "no file|FILE|file", "");
}

TEST(an_empty_url)
{
    for (size_t i = 0; i < COUNT(formats); i++) {
        const char *const words[] = {"inspect", "--format", formats[i], "good.bin",
                                     "--url",   "",         NULL};
        const struct run *r = run_words(words);
        want(r->status == 2 && r->out_size == 0 && says(r->err, "^otapack: .*url"),
             "an empty URL is taken");
    }
}

// ---- What is allowed, and what is a warning -----------------------------------------------------

static void prints_json(const char *format, const char *words)
{
    (void)expect(0, "inspect -F %s %s", format, words);
    (void)document();
}

TEST(allowed)
{
    for (size_t i = 0; i < COUNT(formats); i++) {
        const char *format = formats[i];
        prints_json(format, "other.bin --allow matter-version-match");
        (void)expect(0, "inspect -F %s good.bin other.bin -a matter-version-match", format);
        (void)expect(1, "inspect -F %s bad.bin other.bin -a matter-version-match", format);
        want_no_out();
        prints_json(format, "warned.bin"); // warnings do not stand in the way
    }
}

// The ledger takes no http://, and is not told.
TEST(urls_of_the_ledger)
{
    char long_url[300] = "https://a/";
    memset(long_url + 10, '0', 260);
    const struct run *r = expect(0, "inspect -F dcl warned.bin");
    want(says(r->err, "release_notes_url is left out"), "nothing is said of the URL");
    want(json_object_get(document(), "releaseNotesUrl") == NULL, "a URL that the ledger refuses");
    const char *const urls[] = {"http://a/", "example.com/", "https://a/b c", long_url};
    for (size_t i = 0; i < COUNT(urls); i++) {
        const char *const words[] = {"inspect", "-F", "dcl", "good.bin", "--url", urls[i], NULL};
        r = run_words(words);
        want(r->status == 2 && r->out_size == 0 && says(r->err, "the ledger takes only https://"),
             "%s is taken", urls[i]);
    }
}

TEST(options_of_other_formats)
{
    static const struct {
        const char *words, *regex;
    } rows[] = {{"good.bin --url https://a/1", "url"},
                {"good.bin --json --url https://a/1", "."},
                {"good.bin --cd-version-number 1", "cd-version-number"},
                {"good.bin --format xml", "xml.*(dcl|ota-provider)|(dcl|ota-provider)"},
                {"good.bin --format dlc", "dlc.*dcl"},
                {"good.bin --format", "."}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect(2, "inspect %s", rows[i].words);
        want_err(rows[i].regex);
        want_no_out();
    }
}

UNIT(format_errors)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files),
        cmocka_unit_test(options),
        cmocka_unit_test(an_empty_url),
        cmocka_unit_test(allowed),
        cmocka_unit_test(urls_of_the_ledger),
        cmocka_unit_test(options_of_other_formats),
    };
    return cmocka_run_group_tests(tests, begin, run_end);
}
