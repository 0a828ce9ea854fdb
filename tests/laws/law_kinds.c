// SPDX-License-Identifier: Apache-2.0
//
// What is not firmware is named for what it is: status 1, one failed check (known-format), the kind
// in the JSON and in the text.
#include "run.h"

#include "../unit/scratch.h"
#include "image.h"

enum { TEXT_MOST = 16384 };

// The text, in small letters, has a line like this.
static bool says_small(const char *text, const char *regex)
{
    char small[TEXT_MOST];
    size_t n = strlen(text);
    assert_true(n < sizeof(small));
    for (size_t i = 0; i <= n; i++) {
        small[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i]);
    }
    return says(small, regex);
}

// The file `a` is of this kind (a regular expression, in small letters).
static void is_kind(const char *regex)
{
    (void)expect(1, "inspect --json a");
    const json_t *root = at(document(), "files[0].root");
    want(strcmp(text_at(root, "format"), "raw") == 0 && says_small(field_text(root, "kind"), regex),
         "it is said to be '%s', not %s", field_text(root, "kind"), regex);
    want(strcmp(failing(root), "known-format") == 0, "not known-format alone, but %s",
         failing(root));
    const struct run *r = expect(1, "inspect a");
    want(says_small(r->out, regex) || says_small(r->err, regex), "the text does not say %s", regex);
    r = expect(1, "verify a");
    want(says(r->err, "^otapack: .*a: .*; .*\\[known-format\\]$"), "verify does not say it");
}

#define KIND(regex, text)                                                                          \
    {                                                                                              \
        regex, text, sizeof(text) - 1                                                              \
    }

TEST(kinds)
{
    static const struct {
        const char *regex, *bytes;
        size_t n;
    } rows[] = {
        KIND("html", "<!DOCTYPE html>\n<html><body>404</body></html>\n"),
        KIND("html", "\n  <HTML><head>"),
        KIND("elf", "\177ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\363\0\1\0\0\0"),
        KIND("empty", ""),
        KIND("unknown|byte|too short|no known|no image", "x"),
        KIND("zip|unknown|no known|no image", "PK\003\004\024\0\0\0"),
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        file_write("a", rows[i].bytes, rows[i].n);
        is_kind(rows[i].regex);
    }
}

TEST(kinds_that_fill_a_block)
{
    char text[4096] = "";
    size_t n = 0;
    struct image im = image_fill(0, 512);
    image_put(&im, 0, "UF2\n", 4);
    poke32(&im, 4, UINT32_C(0x9E5D5157));
    poke32(&im, 12, 0x2000);
    poke32(&im, 16, 256);
    poke32(&im, 24, 1);
    file_write("a", im.p, im.n);
    image_free(&im);
    is_kind("uf2");
    im = image_fill(0xFF, 4096);
    file_write("a", im.p, im.n);
    is_kind("erased|empty");
    memset(im.p, 0, im.n);
    file_write("a", im.p, im.n);
    image_free(&im);
    is_kind("zero|empty|unknown|no known|no image");
    for (int i = 1; i <= 1000; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "%d\n", i);
    }
    file_write("a", text, n);
    is_kind("text|unknown|no known|no image");
}

TEST(kinds_of_the_fixtures)
{
    static const char *const names[] = {"html", "elf", "uf2", "empty", "encrypted"};
    for (size_t i = 0; i < COUNT(names); i++) {
        char name[100];
        (void)snprintf(name, sizeof(name), "fixtures/raw/%s.bin", names[i]);
        struct image im = image_load(name);
        file_write("a", im.p, im.n);
        image_free(&im);
        is_kind(names[i]);
    }
}

// What gzip makes of "text\n".
TEST(a_text_compressed)
{
    static const uint8_t bytes[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
                                    0x03, 0x2b, 0x49, 0xad, 0x28, 0xe1, 0x02, 0x00, 0x27,
                                    0xda, 0xec, 0x37, 0x05, 0x00, 0x00, 0x00};
    file_write("a", bytes, sizeof(bytes));
    const struct run *r = expect(1, "inspect a");
    char *out = strdup(r->out); // in one line, however it is broken
    for (char *c = out; *c != '\0'; c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
    want(says(out, "gzip-content.*text.*gunzip"), "gzip of a text is not named");
    free(out);
}

// The beginning of an image: cut off, rather than of no kind.
TEST(the_first_byte_of_an_image)
{
    file_write("a", "\351", 1);
    (void)expect(1, "inspect a");
    const struct run *r = expect(1, "verify a");
    want(strncmp(r->err, "otapack: ", 9) == 0 && strchr(r->err, '\n') == r->err + r->err_size - 1,
         "stderr should be one line");
}

UNIT(kinds)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds),
        cmocka_unit_test(kinds_that_fill_a_block),
        cmocka_unit_test(kinds_of_the_fixtures),
        cmocka_unit_test(a_text_compressed),
        cmocka_unit_test(the_first_byte_of_an_image),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
