// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of Zigbee OTA files, and what is said of one.
#include "run.h"

#include "smallest.h"

#define EMPTY "fixtures/zigbee/good-no-element.bin"
#define FULL "fixtures/zigbee/bad-zigbee-elements.bin"

enum { HEADER = 56, AT_LENGTH = 6, AT_TOTAL = 52 };

// So many bytes behind the header, of which the header knows.
static struct image with_content(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file);
    struct image more = image_fill(0x5A, bytes);
    image_append(&im, more.p, more.n);
    poke32(&im, AT_TOTAL, (uint32_t)im.n);
    image_free(&more);
    return im;
}

// The same, of which it does not.
static struct image with_trailing(const struct border *b, uint32_t bytes)
{
    struct image im = with_content(b, bytes);
    poke32(&im, AT_TOTAL, HEADER);
    return im;
}

static const struct border rows[] = {
    {"zigbee-size", BORDER_FAIL, HEADER, HEADER + 1, border_poked, .file = EMPTY, .at = AT_TOTAL,
     .width = 4},
    {"zigbee-size", BORDER_FAIL, HEADER, HEADER - 1, border_poked, .file = EMPTY, .at = AT_TOTAL,
     .width = 4},
    {"zigbee-size", BORDER_FAIL, HEADER, HEADER - 1, border_poked, .file = EMPTY, .at = AT_LENGTH,
     .width = 2},
    {"zigbee-size", BORDER_FAIL, HEADER, HEADER + 1, border_poked, .file = EMPTY, .at = AT_LENGTH,
     .width = 2},
    {"zigbee-trailing", BORDER_WARN, 0, 1, with_trailing, .file = EMPTY},
    {"zigbee-elements", BORDER_WARN, 0, 1, with_content, .file = EMPTY},
};

const struct border_table borders_of_zigbee = {rows, COUNT(rows)};

TEST(zigbee_borders)
{
    borders_hold(rows, COUNT(rows));
}

// Wherever a file with an element is cut, it does not pass; it is named as long as its magic number
// is there, and nothing else is said of it.
TEST(cut_anywhere)
{
    struct image im = image_load(FULL);
    size_t n = im.n;
    for (im.n = 4; im.n < n; im.n++) {
        image_save(&im, "cut.bin");
        const json_t *root = tree("cut.bin");
        want(text_is(root, "format", "zigbee") && strcmp(failing(root), "zigbee-size") == 0,
             "cut to %zu bytes: %s, %s", im.n, text_at(root, "format"), failing(root));
    }
    im.n = n;
    image_free(&im);
}

// Where the header is damaged, what follows it is none of the file's.
TEST(a_header_beyond_the_end)
{
    struct image im = image_load(EMPTY);
    image_append(&im, "four", 4);
    poke32(&im, AT_LENGTH, HEADER + 1);
    image_save(&im, "beyond.bin");
    image_free(&im);
    const json_t *root = tree("beyond.bin");
    want(strcmp(failing(root), "zigbee-size") == 0, "more than its size: %s", failing(root));
}

TEST(what_is_said)
{
    const struct run *r = expect(0, "inspect " FULL);
    want(says(r->out, "Zigbee OTA file,") && says(r->out, "manufacturer 0x131b"),
         "inspect does not name it");
    r = expect(0, "verify " FULL);
    want(says(r->err, "\\[zigbee-elements\\]$"), "verify does not warn");
    want(says(r->out, "1 warning$"), "verify has more than one warning");
}

UNIT(smallest_zigbee)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zigbee_borders),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(a_header_beyond_the_end),
        cmocka_unit_test(what_is_said),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
