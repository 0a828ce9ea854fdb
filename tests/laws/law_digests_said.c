// SPDX-License-Identifier: Apache-2.0
//
// A message that says two digests shows two that differ, wherever in them the difference is.
#include "run.h"

#include <regex.h>

#include "image.h"

enum { DIGEST = 32 };

// The digits that the match has there.
static void group(char *to, const char *text, const regmatch_t *m)
{
    size_t n = (size_t)(m->rm_eo - m->rm_so);
    memcpy(to, text + m->rm_so, n);
    to[n] = '\0';
    to[strcspn(to, ".")] = '\0';
}

// The two digests of the line that matches `regex`, in its two groups, differ as far as they go.
static bool shows_two(const char *text, const char *regex)
{
    regex_t re;
    regmatch_t m[3];
    char said[256], given[256];
    assert_int_equal(regcomp(&re, regex, REG_EXTENDED), 0);
    bool good = regexec(&re, text, COUNT(m), m, 0) == 0;
    if (good) {
        group(said, text, &m[1]);
        group(given, text, &m[2]);
        size_t n = strlen(said) < strlen(given) ? strlen(said) : strlen(given);
        good = strncmp(said, given, n) != 0;
    }
    regfree(&re);
    return good;
}

// Each byte of the digest at `at` wrong, one after the other.
static void each_byte(const char *file, size_t at, const char *regex)
{
    struct image im = image_load(file);
    for (size_t i = 0; i < DIGEST; i++) {
        poke8(&im, at + i, u8_at(&im, at + i) ^ 1u);
        image_save(&im, "digest.bin");
        (void)run("verify digest.bin");
        if (!shows_two(last_run()->err, regex)) {
            complain("byte %zu of %s: %s", i, file, last_run()->err);
        }
        poke8(&im, at + i, u8_at(&im, at + i) ^ 1u);
    }
    image_free(&im);
}

TEST(digests_differ_where_they_are_said)
{
    static const char app[] = "fixtures/esp_image/good-app-esp32c6.bin";
    struct image im = image_load(app);
    each_byte(app, im.n - DIGEST, "SHA-256 is ([0-9a-f.]+), the image gives ([0-9a-f.]+);");
    each_byte("fixtures/secure_boot/good-rsa3072.bin", 0x1000 + 4,
              "in the block is ([0-9a-f.]+), the image gives ([0-9a-f.]+);");
    image_free(&im);
    static const char rtos[] = "fixtures/esp8266/good-rtos.bin";
    im = image_load(rtos);
    each_byte(rtos, im.n - DIGEST, "SHA-256 is ([0-9a-f.]+), the app gives ([0-9a-f.]+);");
    image_free(&im);
    const json_t *root = tree("fixtures/matter/good-app.bin");
    size_t at = (size_t)number_at(root, "fields.image_digest.offset") + 3;
    each_byte("fixtures/matter/good-app.bin", at,
              "image_digest is ([0-9a-f.]+), the payload gives ([0-9a-f.]+);");
    complaints_end();
}

UNIT(digests_said)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_differ_where_they_are_said),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
