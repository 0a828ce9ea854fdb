// SPDX-License-Identifier: Apache-2.0
//
// verify -p TABLE and simulate -p TABLE judge alike: whatever file of an app, of a border router or
// of a Matter device there is, and whatever is said of the device, one refuses what the other does.
#include "simulate.h"

#include <glob.h>

// Where they differ, and why they may.
static const struct {
    const char *verify, *simulate; // lines of what they say
} exceptions[] = {
    // The device of simulate takes apps and combined images; what another one does with the
    // payload, nobody can say, so that verify only warns.
    {"\\[matter-payload\\]", "the payload is neither an app nor a border router's image"},
    // Without Secure Boot nobody looks for signatures; otapack/stream.h, which the device of
    // simulate has, says all the same where what must be a block is none.
    {", ok, ", "a signature block behind it is none, or one is missing before it"},
};

// Words as one line, whatever the columns were.
static void unfold(char *text)
{
    char *to = text;
    for (const char *c = text; *c != '\0'; c++) {
        bool indent = (*c == '\n' || *c == ' ') && (c[1] == ' ' || c[1] == '\0');
        *to = *c == '\n' ? ' ' : *c;
        to += indent ? 0 : 1;
    }
    *to = '\0';
}

static bool is_excepted(const char *verified, char *simulated)
{
    unfold(simulated);
    for (size_t i = 0; i < COUNT(exceptions); i++) {
        if (says(simulated, exceptions[i].simulate) && says(verified, exceptions[i].verify)) {
            return true;
        }
    }
    return false;
}

// Something that one of the devices could be offered: no bootloader, no table, no OTA data, and no
// bundle or patch, of whose devices simulate knows nothing.
static bool is_update(const char *file)
{
    if (run_lacks(file)) {
        return false;
    }
    const json_t *root = tree("-- %s", file);
    const char *format = text_at(root, "format");
    bool is = (strcmp(format, "esp_image") == 0 && text_is(root, "fields.type.value", "app")) ||
              strcmp(format, "rcp_image") == 0 || strcmp(format, "matter") == 0;
    return is && (run("simulate %s -p " TABLE, file)->status != 2 ||
                  !says(last_run()->err, "which simulate does not know"));
}

static void alike(const char *file, const char *options)
{
    static char verified[1 << 16], simulated[1 << 16];
    int v = run("verify %s -p " TABLE "%s", file, options)->status;
    (void)snprintf(verified, sizeof(verified), "%s%s", last_run()->out, last_run()->err);
    int s = run("simulate %s -p " TABLE "%s", file, options)->status;
    (void)snprintf(simulated, sizeof(simulated), "%s%s", last_run()->out, last_run()->err);
    if (v != s && !is_excepted(verified, simulated)) {
        complain("%s%s: verify ends with %d, simulate with %d: %s", file, options, v, s, simulated);
    }
}

// With each of these options: NULL-ended.
static size_t all_alike(const char *pattern, const char *const *options)
{
    glob_t found;
    size_t count = 0;
    if (glob(pattern, 0, NULL, &found) != 0) {
        return 0;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (is_update(found.gl_pathv[i])) {
            for (size_t k = 0; options[k] != NULL; k++) {
                alike(found.gl_pathv[i], options[k]);
            }
            count++;
        }
    }
    globfree(&found);
    return count;
}

static const char *const no_options[] = {"", NULL};

TEST(fixtures)
{
    static const char *const folders[] = {"esp_image", "rcp_image", "matter", "secure_boot", "br"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        char pattern[100];
        (void)snprintf(pattern, sizeof(pattern), "fixtures/%s/*.bin", folders[i]);
        want(all_alike(pattern, no_options) > 0, "%s: there are none", folders[i]);
    }
    complaints_end();
}

// What is known of the device sharpens both. Apps of 512 bytes are too short for esp_https_ota from
// ESP-IDF 5.0 on, of which verify says nothing: other ways to update take them.
TEST(what_is_known_of_the_device)
{
    static const char *const options[] = {
        " --chip esp32h2",       " --chip esp32c6",     " --flash-size 2MB",
        " --flash-size 16MB",    " --secure-boot none", " --secure-boot v2",
        " --chip-revision v0.1", " --idf v4.4.7",       NULL,
    };
    (void)all_alike("fixtures/esp_image/good-app-*.bin", options);
    (void)all_alike("fixtures/esp_image/bad-app-*.bin", options);
    (void)all_alike("fixtures/secure_boot/*.bin", options);
    for (size_t i = 0; options[i] != NULL; i++) {
        alike("fixtures/br/demo_br.bin", options[i]);
        alike(COMBINED, options[i]);
        alike("fixtures/matter/good-app.bin", options[i]);
    }
    alike("fixtures/br/demo_br.bin", " --idf v5.4");
    alike("fixtures/br/demo_br.bin", " --idf v5.5.1");
    complaints_end();
}

TEST(what_runs)
{
    static const char *const running[] = {"fixtures/br/demo_br.bin", COMBINED,
                                          "fixtures/esp_image/good-app-esp32h2.bin",
                                          "fixtures/esp_image/bad-app-secure-version.bin"};
    for (size_t i = 0; i < COUNT(running); i++) {
        char option[100];
        const char *const options[] = {option, NULL};
        (void)snprintf(option, sizeof(option), " --running %s", running[i]);
        (void)all_alike("fixtures/esp_image/good-app-*.bin", options);
        alike("fixtures/br/demo_br.bin", option);
        alike(COMBINED, option);
        alike("fixtures/matter/good-app.bin", option);
    }
    complaints_end();
}

TEST(vectors)
{
    static const char *const patterns[] = {
        "vectors/field/*.bin",       "vectors/esp-image/*.bin",  "vectors/matter/*.bin",
        "vectors/matter/*.ota",      "vectors/miot/*.ota",       "vectors/thread-br/*.bin",
        "vectors/thread-br/*/*.bin", "vectors/secure-boot/*.bin"};
    size_t count = 0;
    if (!run_has_vectors()) {
        skip();
    }
    for (size_t i = 0; i < COUNT(patterns); i++) {
        count += all_alike(patterns[i], no_options);
    }
    want(count > 10, "only %zu files are updates", count);
    complaints_end();
}

UNIT(simulate_verify)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures),
        cmocka_unit_test(what_is_known_of_the_device),
        cmocka_unit_test(what_runs),
        cmocka_unit_test(vectors),
    };
    return cmocka_run_group_tests(tests, simulate_begin, run_end);
}
