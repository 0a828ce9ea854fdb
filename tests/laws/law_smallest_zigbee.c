// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of Zigbee OTA files, and what is said of one.
#include "run.h"

#include "smallest.h"

#define APP "fixtures/zigbee/good-app.bin"
#define FULL "fixtures/zigbee/good-optional-fields.bin"
#define HARDWARE "fixtures/zigbee/good-hardware.bin"
#define EMPTY "fixtures/zigbee/good-picture.bin" // a picture's file without an element
#define OTHERS "fixtures/zigbee/good-last-empty.bin"
#define PLAIN_APP "fixtures/esp_image/good-app-esp32h2.bin"
#define TABLE "--partition-table fixtures/partition_table/bad-for-host-slot.bin"

enum { FIXED = 56, HEAD = 6, AT_LENGTH = 6, AT_TYPE = 12, AT_TOTAL = 52, IMAGE = 1536 };

static void add_head(struct image *im, uint32_t tag, uint32_t bytes)
{
    const uint8_t head[HEAD] = {(uint8_t)tag, (uint8_t)(tag >> 8), (uint8_t)bytes,
                                (uint8_t)(bytes >> 8)};
    image_append(im, head, sizeof(head));
}

// An element behind all others, the sizes made right.
static void add_element(struct image *im, uint32_t tag, uint32_t bytes)
{
    struct image data = image_fill(0x5A, bytes);
    add_head(im, tag, bytes);
    image_append(im, data.p, data.n);
    poke32(im, AT_TOTAL, (uint32_t)im->n);
    image_free(&data);
}

// Of a file for what is no firmware, so that other elements are welcome: one of these, `at` is its
// tag.
static struct image with_length(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file);
    poke16(&im, AT_TYPE, 0xFFC1);
    add_element(&im, (uint32_t)b->at, bytes);
    return im;
}

static struct image with_tag(const struct border *b, uint32_t tag)
{
    struct image im = image_load(b->file);
    poke16(&im, AT_TYPE, 0xFFC1);
    add_element(&im, tag, 9);
    return im;
}

// Another element between the header and the image, of one byte or of none.
static struct image with_first(const struct border *b, uint32_t none)
{
    struct image im = image_load(EMPTY), app = image_load(b->file);
    add_element(&im, 0xF001, 1 - none);
    image_append(&im, app.p + FIXED, app.n - FIXED);
    poke32(&im, AT_TOTAL, (uint32_t)im.n);
    image_free(&app);
    return im;
}

// So many elements with these tags beside those that there are.
static struct image with_more(const struct border *b, uint32_t count)
{
    struct image im = image_load(b->file);
    for (uint32_t i = 0; i < count; i++) {
        add_element(&im, (uint32_t)b->at, 64);
    }
    return im;
}

// Bytes of which the header does not know.
static struct image with_trailing(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file), more = image_fill(0x5A, bytes);
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

// So many bytes in the header behind its fields, of which it knows.
static struct image with_header(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file), tail = image_load(b->file);
    struct image more = image_fill(0, bytes);
    size_t header = u16_at(&im, AT_LENGTH);
    im.n = header;
    image_append(&im, more.p, more.n);
    image_append(&im, tail.p + header, tail.n - header);
    poke16(&im, AT_LENGTH, (uint32_t)(header + bytes));
    poke32(&im, AT_TOTAL, (uint32_t)im.n);
    image_free(&tail);
    image_free(&more);
    return im;
}

// Around this image.
static struct image around(struct image *data)
{
    struct image im = image_load(EMPTY);
    poke16(&im, AT_TYPE, 1);
    add_head(&im, 0, (uint32_t)data->n);
    image_append(&im, data->p, data->n);
    poke32(&im, AT_TOTAL, (uint32_t)im.n);
    image_free(data);
    return im;
}

// The image is an app, or the file that the row names.
static struct image with_image(const struct border *b, uint32_t other)
{
    struct image data = image_load(other != 0 ? b->file : PLAIN_APP);
    return around(&data);
}

// An app of so many bytes.
static struct image with_app_of(const struct border *b, uint32_t bytes)
{
    struct image app = image_load(b->file);
    esp_grow(&app, bytes - app.n);
    return around(&app);
}

// An app in an element, or in none.
static struct image with_bare(const struct border *b, uint32_t bare)
{
    struct image data = image_load(PLAIN_APP);
    if (bare == 0) {
        return around(&data);
    }
    struct image im = image_load(b->file);
    poke16(&im, AT_TYPE, 1);
    image_append(&im, data.p, data.n);
    poke32(&im, AT_TOTAL, (uint32_t)im.n);
    image_free(&data);
    return im;
}

static const struct border rows[] = {
    {"zigbee-header", BORDER_FAIL, FIXED, FIXED - 1, border_poked, .file = EMPTY, .at = AT_LENGTH,
     .width = 2},
    {"zigbee-header-room", BORDER_FAIL, 0, 1, with_header, .file = FULL},
    {"zigbee-fields", BORDER_FAIL, 0, 1, with_header, .file = APP},
    {"zigbee-header-version", BORDER_WARN, 0x100, 0x101, border_poked, .file = APP, .at = 4,
     .width = 2},
    {"zigbee-size", BORDER_FAIL, FIXED, FIXED + 1, border_poked, .file = EMPTY, .at = AT_TOTAL,
     .width = 4},
    {"zigbee-size", BORDER_FAIL, FIXED, FIXED - 1, border_poked, .file = EMPTY, .at = AT_TOTAL,
     .width = 4},
    {"zigbee-trailing", BORDER_WARN, 0, 1, with_trailing, .file = APP},
    {"zigbee-element-size", BORDER_FAIL, 0, 1, border_poked, .file = OTHERS,
     .at = FIXED + HEAD + IMAGE + 2, .width = 4},
    {"zigbee-bare", BORDER_WARN, 0, 1, with_bare, .file = EMPTY},
    {"zigbee-element-empty", BORDER_FAIL, 0, 1, with_first, .file = OTHERS},
    {"zigbee-element-alone", BORDER_WARN, 0, 1, with_more, .file = APP, .at = 0xF000},
    {"zigbee-element-tag", BORDER_WARN, 0xF000, 0xEFFF, with_tag, .file = APP},
    {"zigbee-element-tag", BORDER_WARN, 4, 7, with_tag, .file = APP},
    {"zigbee-element-length", BORDER_WARN, 50, 51, with_length, .file = APP, .at = 1},
    {"zigbee-element-length", BORDER_WARN, 48, 47, with_length, .file = APP, .at = 2},
    {"zigbee-element-length", BORDER_WARN, 16, 15, with_length, .file = APP, .at = 3},
    {"zigbee-element-length", BORDER_WARN, 80, 81, with_length, .file = APP, .at = 5},
    {"zigbee-element-length", BORDER_WARN, 74, 73, with_length, .file = APP, .at = 6},
    {"zigbee-image", BORDER_FAIL, 0xFFC0, 0xFFBF, border_poked, .file = EMPTY, .at = AT_TYPE,
     .width = 2},
    {"zigbee-images", BORDER_WARN, 0, 1, with_more, .file = APP, .at = 0},
    {"zigbee-double", BORDER_FAIL, 0, 1, with_image, .file = APP},
    {"zigbee-payload", BORDER_WARN, 0, 1, with_image, .file = "fixtures/raw/encrypted.bin"},
    {"zigbee-partition", BORDER_FAIL, 0xFF0, 0x1000, with_app_of, TABLE, .file = PLAIN_APP},
    {"zigbee-hardware", BORDER_FAIL, 0x0102, 0x0103, border_poked, .file = HARDWARE, .at = FIXED,
     .width = 2},
    {"zigbee-wild-card", BORDER_WARN, 0xFFFE, 0xFFFF, border_poked, .file = APP, .at = AT_TYPE,
     .width = 2},
    {"zigbee-wild-card", BORDER_WARN, 0xFFFE, 0xFFFF, border_poked, .file = APP, .at = 10,
     .width = 2},
    {"zigbee-wild-card", BORDER_WARN, 0xFFFFFFFE, 0xFFFFFFFF, border_poked, .file = APP, .at = 14,
     .width = 4},
};

const struct border_table borders_of_zigbee = {rows, COUNT(rows)};

TEST(zigbee_borders)
{
    borders_hold(rows, COUNT(rows));
}

// Wherever a file is cut, it does not pass; it is named as long as its magic number is there.
TEST(cut_anywhere)
{
    struct image im = image_load(FULL);
    size_t n = im.n, all = u16_at(&im, AT_LENGTH);
    for (im.n = 4; im.n < n; im.n += im.n < 128 ? 1 : 61) {
        bool header = im.n < all;
        image_save(&im, "cut.bin");
        const json_t *root = tree("cut.bin");
        want(text_is(root, "format", "zigbee") &&
                 strcmp(failing(root), header ? "zigbee-header" : "zigbee-size") == 0,
             "cut to %zu bytes: %s, %s", im.n, text_at(root, "format"), failing(root));
    }
    im.n = n;
    image_free(&im);
}

TEST(what_is_said)
{
    const struct run *r = expect(0, "inspect " FULL);
    want(says(r->out, "Zigbee OTA file,") && says(r->out, "manufacturer 0x131b"),
         "inspect does not name it");
    want(says(r->out, "ESP32-H2"), "inspect does not go into it");
    r = expect(0, "inspect --get image.desc.version " FULL);
    want(says(r->out, "^1.4.2$"), "the app in it has another version");
}

UNIT(smallest_zigbee)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zigbee_borders),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(what_is_said),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
