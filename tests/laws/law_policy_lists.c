// SPDX-License-Identifier: Apache-2.0
//
// verify --policy and --baseline of lists of files (manifest.json, sums): each app beside the one
// for the same chips.
#include "policy_case.h"

#include "image.h"

#define H2 "fixtures/esp_image/good-app-esp32h2.bin"
#define SIGNED "fixtures/secure_boot/"
#define ENCRYPTED "fixtures/esp_encrypted_img/good-rsa.bin"

// A manifest of builds: "C6 new.bin, H2 h2-new.bin"; a word "ota=FILE" is its update.
static void make_list(const char *name, const char *version, const char *builds)
{
    char words[200], family[8], file[32];
    const char *sign = "";
    FILE *out = fopen(name, "w");
    assert_non_null(out);
    (void)snprintf(words, sizeof(words), "%s", builds);
    (void)fprintf(out, "{\"name\": \"lamp\", \"version\": \"%s\", \"builds\": [", version);
    for (char *word = strtok(words, ","); word != NULL; word = strtok(NULL, ",")) {
        char ota[32] = "";
        assert_true(sscanf(word, " %7s %31s ota=%31s", family, file, ota) >= 2);
        (void)fprintf(out,
                      "%s{\"chipFamily\": \"ESP32-%s\", \"parts\": [{\"path\": \"%s\", "
                      "\"offset\": 65536}]",
                      sign, family, file);
        if (*ota != '\0') {
            (void)fprintf(out, ", \"ota\": {\"path\": \"%s\"}", ota);
        }
        (void)fprintf(out, "}");
        sign = ", ";
    }
    (void)fprintf(out, "]}\n");
    assert_int_equal(fclose(out), 0);
}

#define FLASHED(app)                                                                               \
    "{\"name\": \"lamp\", \"version\": \"1.4\", \"builds\": [{\"chipFamily\": \"ESP32-H2\", "      \
    "\"parts\": ["                                                                                 \
    "{\"path\": \"boot.bin\", \"offset\": 0}, {\"path\": \"pt.bin\", \"offset\": 32768}, "         \
    "{\"path\": \"" app "\", \"offset\": 65536}]}]}"

static int make_lists(void **group)
{
    static const char *const flashed[][2] = {{"fixtures/manifest/bootloader.bin", "boot.bin"},
                                             {"fixtures/manifest/table.bin", "pt.bin"}};
    int failed = run_begin(group);
    policy_app("old.bin", "1.4.0", "lamp", 2, 0);
    policy_app("new.bin", "1.4.1", "lamp", 2, 0);
    policy_app("high.bin", "1.4.1", "lamp", 3, 0);
    policy_table("table", 0x1000, 0x9000, NVS, "nvs");
    policy_table("table-least", 0x200, 0x9000, NVS, "nvs");
    policy_app_of(H2, "h2-old.bin", "1.4.0", "lamp", 2, 0);
    policy_app_of(H2, "h2-new.bin", "1.4.1", "lamp", 2, 0);
    policy_app_of(H2, "h2-high.bin", "1.4.1", "lamp", 3, 0);
    make_list("l-old.json", "1.4.0", "C6 old.bin, H2 h2-old.bin");
    make_list("l-new.json", "1.4.1", "C6 new.bin, H2 h2-new.bin");
    make_list("l-turned.json", "1.4.1", "H2 h2-new.bin, C6 new.bin");
    make_list("l-high.json", "1.4.1", "C6 new.bin, H2 h2-high.bin");
    make_list("l-c6.json", "1.4.1", "C6 new.bin");
    make_list("l-c6-old.json", "1.4.0", "C6 old.bin");
    make_list("l-ota.json", "1.4.1", "C6 new.bin ota=high.bin");
    policy_app("high-old.bin", "1.4.0", "lamp", 3, 0);
    make_list("l-ota-old.json", "1.4.0", "C6 old.bin ota=high-old.bin");
    make_list("l-none.json", "1.4.1", "C6 new.bin, H2 table");
    make_list("l-twins.json", "1.4.1", "C6 new.bin, C6 high.bin");
    make_list("l-keys-old.json", "1.4.0", "C6 old.bin, H2 signed.bin");
    make_list("l-keys-new.json", "1.4.1", "C6 new.bin, H2 h2-new.bin");
    struct image im = image_load(SIGNED "good-rsa3072.bin");
    image_save(&im, "signed.bin");
    image_free(&im);
    for (size_t i = 0; i < COUNT(flashed); i++) {
        im = image_load(flashed[i][0]);
        image_save(&im, flashed[i][1]);
        image_free(&im);
    }
    policy_text("f-signed.json", FLASHED("signed.bin"));
    policy_text("f-unsigned.json", FLASHED("h2-old.bin"));
    im = image_load(ENCRYPTED);
    image_save(&im, "closed.bin");
    image_free(&im);
    make_list("l-closed.json", "1.4.1", "C6 new.bin, H2 closed.bin");
    policy_text("l-sums",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  new.bin\n");
    return failed;
}

static const struct policy_row rows[] = {
    {0, "rules: {version: newer, secure_version: same, growth: {max: 0}}",
     "l-new.json --baseline l-old.json", "6 comparisons hold$"},
    {0, "rules: {version: newer, chip: same}", "l-turned.json --baseline l-old.json",
     "4 comparisons hold$"},
    {1, "rules: {secure_version: same}", "l-high.json --baseline l-old.json",
     "l-high\\.json: builds\\[1\\]\\.files\\[0\\]\\.content \\(ESP32-H2\\): secure_version is 3, "
     "the "
     "baseline's 2; .*\\[policy-secure-version\\]$"},
    {1, "rules: {version: newer, chip: same}", "l-c6.json --baseline l-old.json",
     "content \\(ESP32-H2\\): the baseline has it, and the file has not; compare the apps one by "
     "one, .*\\[policy-version\\]$"},
    {0, "rules: {version: newer, chip: same}", "l-new.json --baseline l-c6-old.json",
     "2 comparisons hold; not checked: policy-version, policy-chip need "
     "builds\\[1\\]\\.files\\[0\\]\\.content \\(ESP32-H2\\) in the baseline$"},
    {1, "rules: {secure_version: same}", "l-ota.json --baseline l-c6-old.json",
     "files\\[1\\]\\.content \\(ESP32-C6\\): secure_version is 3"},
    {0, "rules: {secure_version: same}", "l-ota.json -a manifest-form --baseline l-ota-old.json",
     "2 comparisons hold$"},
    {0, "rules: {headroom: 1}", "l-new.json",
     "0 comparisons hold; not checked: policy-headroom needs --partition-table$"},
    {1, "rules: {secure_version: same}", "l-twins.json --baseline l-c6-old.json",
     "builds\\[1\\].*: secure_version is 3"},
    {1, "rules: {version: newer}", "l-none.json --baseline l-old.json",
     "builds\\[1\\] \\(ESP32-H2\\): the file has no app here that could be looked into; "},
    {1, "rules: {growth: {max: 0}}", "l-sums --baseline l-sums -a manifest-digest",
     "the list: the file has no app here that could be looked into; .*\\[policy-growth\\]$"},
    {2, "rules: {version: newer}", "l-closed.json --baseline l-old.json",
     "policy-version cannot be asked of what was not read; give --decrypt-key$"},
    {1, "rules: {key_set: same}", "l-keys-new.json --baseline l-keys-old.json -a manifest-version",
     "builds\\[1\\].*: keys that have signed: none; the baseline: [0-9a-f]"},
    {1, "rules: {key_set: same}", "f-unsigned.json --baseline f-signed.json -a manifest-version",
     "flash \\(ESP32-H2\\): keys that have signed: none; the baseline: [0-9a-f]"},
    {0, "rules: {version: newer}", "l-c6.json --baseline old.bin", "1 comparison holds$"},
    {0, "rules: {version: newer}", "new.bin --baseline l-c6-old.json", "1 comparison holds$"},
    {1, "rules: {version: newer}", "new.bin --baseline l-old.json", "the baseline has it"},
    {1, "rules: {version: newer}", "l-new.json --baseline old.bin", "the baseline has it"},
    {0, "rules: {version: newer, headroom: 1}", "l-new.json -p table",
     "2 comparisons hold; not checked: policy-version needs --baseline$"},
    {1, "rules: {headroom: 1}", "l-new.json -p table-least -a host-slot",
     "builds\\[1\\].*: the app has 1,536 bytes"},
    {1, "rules: {unchanged: ['builds[0].files[0].path']}", "l-new.json --baseline l-old.json",
     "path is \"new\\.bin\", in the baseline \"old\\.bin\""},
};

TEST(each_app_has_its_own)
{
    policy_ask(rows, COUNT(rows));
}

UNIT(policy_lists)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_app_has_its_own),
    };
    return cmocka_run_group_tests(tests, make_lists, run_end);
}
