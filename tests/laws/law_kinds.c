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

// What is there instead, so that a person finds the file.
TEST(what_to_give_instead)
{
    static const struct {
        const char *regex, *text;
    } rows[] = {
        {"manifest .it only names files: give the file that it names: a\\.bin, b\\.bin",
         "{\"images\": [{\"path\": \"a.bin\"}, {\"path\": \"b.bin\"}]}"},
        {"json .*says \"no such file\"", "{\"error\": \"no such file\"}"},
        {"git lfs pull", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        file_write("a", rows[i].text, strlen(rows[i].text));
        (void)expect(1, "verify a");
        want(says_small(last_run()->err, rows[i].regex), "verify does not say %s", rows[i].regex);
    }
}

// What lies in a partition of a merged image is named there, too.
TEST(inside_a_merged_image)
{
    struct image nvs = image_fill(0xFF, 0x6000), table, flash;
    poke32(&nvs, 0, 0xFFFFFFFE);
    poke32(&nvs, 4, 0);
    poke8(&nvs, 8, 0xFE);
    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, "nvs");
    pt_entry(&table, 0, 0, 0x10000, 0x100000, "factory");
    pt_finish(&table);
    merged_save(&table, "flash.bin");
    flash = image_load("flash.bin");
    image_put(&flash, 0x9000, nvs.p, nvs.n);
    image_save(&flash, "flash.bin");
    image_free(&flash);
    image_free(&table);
    image_free(&nvs);
    const json_t *root = tree("flash.bin");
    want(text_is(root, "parts.nvs.fields.kind.value", "NVS partition"), "it is '%s'",
         text_at(root, "parts.nvs.fields.kind.value"));
    want(text_is(root, "parts.nvs.summary", "NVS partition"), "the summary is another");
}

// An app, each 0x0A of which got 0x0D in front: what fails first says so; of the app as it was, or
// with another fault, nobody does.
TEST(an_app_copied_as_text)
{
    struct image app = image_load("fixtures/esp_image/good-app-esp32c6.bin"), text = {NULL, 0};
    esp_grow(&app, 4000);
    struct esp_walk walk = esp_walk(&app);
    for (size_t i = 0; i < 100; i++) {
        poke8(&app, walk.last - 20 - i * 4, '\n');
    }
    esp_resum(&app);
    image_save(&app, "app.bin");
    (void)expect(0, "verify app.bin");
    for (size_t i = 0; i < app.n; i++) {
        image_append(&text, app.p[i] == '\n' ? "\r\n" : (const char *)&app.p[i],
                     app.p[i] == '\n' ? 2 : 1);
    }
    image_save(&text, "text.bin");
    (void)expect(1, "verify text.bin");
    want(says(last_run()->err, "every 0x0A has 0x0D before it.*copy it as binary; .*\\[esp-"),
         "verify does not say how it was damaged");
    poke8(&app, app.n - 1, u8_at(&app, app.n - 1) ^ 1u);
    image_save(&app, "app.bin");
    (void)expect(1, "verify app.bin");
    want(!says(last_run()->err, "0x0D"), "it was not copied as text");
    image_free(&app);
    image_free(&text);
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
        cmocka_unit_test(what_to_give_instead),
        cmocka_unit_test(inside_a_merged_image),
        cmocka_unit_test(an_app_copied_as_text),
        cmocka_unit_test(a_text_compressed),
        cmocka_unit_test(the_first_byte_of_an_image),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
