// SPDX-License-Identifier: Apache-2.0
//
// What a person sees of numbers, texts and lists at their limits, and a program of the same.
#include "image.h"
#include "product.h"

enum { HOST = 5, FIRMWARE = 4, BOOTLOADER = 2, VERSION = 0, PAYLOAD_SIZE_AT = 0x26 };

static struct image combined(void)
{
    return image_load("fixtures/rcp_image/good-with-host.bin");
}

// An empty text is shown as one, and not as nothing; blanks are kept together.
TEST(texts_that_need_quotes)
{
    struct image app = image_load("fixtures/br/demo_br.bin");
    esp_text(&app, AT_VERSION, "", 32);
    esp_text(&app, AT_PROJECT, "two words", 32);
    image_save(&app, "app.bin");
    image_free(&app);
    (void)run("inspect app.bin");
    want_out(" version=\"\"( |$)");
    want_out("project_name=\"two words\"( |$)");
    want_out(" idf_ver=v5.4.1( |$)");
}

// The checksum of a part, which its hash covers: two checks fail.
static void damage(struct image *im, uint32_t tag)
{
    struct image part = rcp_part(im, tag);
    im->p[u32_at(im, rcp_entry(im, tag) + 8) + esp_walk(&part).checksum] ^= 1;
    image_free(&part);
}

// The last sentence, which may go over several lines, with single blanks.
static const char *verdict(const char *out)
{
    static char text[2000];
    const char *begin = out;
    size_t n = 0;
    for (const char *line = out; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        begin = strncmp(line, "FAIL: ", 6) == 0 ? line : begin;
    }
    for (const char *c = begin; *c != '\0' && n + 1 < sizeof(text); c++) {
        bool blank = *c == ' ' || *c == '\n';
        if (!blank || (n > 0 && text[n - 1] != ' ')) {
            text[n++] = blank ? ' ' : *c;
        }
    }
    text[n] = '\0';
    return text;
}

static void ends_in(const struct image *im, const char *end)
{
    image_save(im, "bad.bin");
    const char *said = verdict(run("inspect bad.bin")->out);
    want(strlen(said) > strlen(end) && strcmp(said + strlen(said) - strlen(end), end) == 0,
         "not '%s', but '%s'", end, said);
}

// Six failed checks are named; of more it is said that there are more.
TEST(where_to_look_in_a_long_tree)
{
    struct image im = combined();
    damage(&im, BOOTLOADER);
    damage(&im, FIRMWARE);
    damage(&im, HOST);
    ends_in(&im, "5 failed: bootloader: esp-checksum, firmware: esp-checksum, firmware: esp-hash, "
                 "host: esp-checksum, host: esp-hash ");
    image_append(&im, "more", 4);
    ends_in(&im, "6 failed: rcp-trailing, bootloader: esp-checksum, firmware: esp-checksum, "
                 "firmware: esp-hash, host: esp-checksum, host: esp-hash ");
    im.p[u32_at(&im, rcp_entry(&im, VERSION) + 8)] ^= 1;
    ends_in(&im, "7 failed: rcp-trailing, version: rcp-version-match, bootloader: esp-checksum, "
                 "firmware: esp-checksum, firmware: esp-hash, host: esp-checksum, ... ");
    image_free(&im);
}

// JSON numbers of more than 63 bits are not exact for most programs: their digits stand in text.
TEST(numbers_behind_63_bits)
{
    static const struct {
        uint32_t low, high;
        const char *text; // NULL: the number is exact
    } rows[] = {{0xFFFFFFFF, 0x7FFFFFFF, NULL},
                {0, 0x80000000, "9223372036854775808"},
                {1, 0x80000000, "9223372036854775809"},
                {0xFFFFFFFF, 0xFFFFFFFF, "18446744073709551615"}};
    struct image im = image_load("fixtures/matter/bad-matter-bounds-wrap.bin");
    for (size_t i = 0; i < COUNT(rows); i++) {
        poke32(&im, PAYLOAD_SIZE_AT, rows[i].low);
        poke32(&im, PAYLOAD_SIZE_AT + 4, rows[i].high);
        image_save(&im, "bad.bin");
        const json_t *size = at(tree("bad.bin"), "fields.payload_size");
        want(json_is_integer(json_object_get(size, "value")) == (rows[i].text == NULL),
             "row %zu: what kind of number it is", i);
        want(text_is(size, "text", rows[i].text == NULL ? "" : rows[i].text), "row %zu: its digits",
             i);
        want(rows[i].text != NULL || number_at(size, "value") == INT64_MAX, "row %zu", i);
    }
    image_free(&im);
}

UNIT(shown)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_need_quotes),
        cmocka_unit_test(where_to_look_in_a_long_tree),
        cmocka_unit_test(numbers_behind_63_bits),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
