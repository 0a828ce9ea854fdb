// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of Matter bundles, and what becomes of one that is cut or damaged.
#include "matter_image.h"
#include "product.h"

#include "smallest.h"

#define APP "fixtures/esp_image/good-app-esp32c6.bin"
#define HOST "fixtures/br/demo_br.bin"
#define RCP "fixtures/rcp_image/good-rcp-only.bin"
#define BOTH "fixtures/rcp_image/good-with-host.bin"
#define ALONE "fixtures/matter_bundle/good-two.bin"

enum { HEAD = 8, ENTRY = 48, COUNT_AT = 4, RESERVED_AT = 5, MOST = 4 };
enum { AT_ID = 0, AT_IMAGE_VERSION = 4, AT_OFFSET = 8, AT_LENGTH = 12, AT_SHA256 = 16 };

static size_t in_table(unsigned entry, size_t field)
{
    return HEAD + entry * ENTRY + field;
}

// An image of a bundle: a file, or so many bytes where it has none.
struct one {
    uint32_t id, version;
    const char *file;
    size_t bytes;
};

// The bundle of these, up to one without a version.
static struct image bundle_of(const struct one *list)
{
    struct image im = image_fill(0, HEAD), images = image_fill(0, 0);
    unsigned count = 0;
    while (list[count].version != 0) {
        count++;
    }
    poke32(&im, 0, 0x4D494F54);
    poke8(&im, COUNT_AT, count);
    for (unsigned i = 0; i < count; i++) {
        struct image part =
            list[i].file == NULL ? image_fill(0x5A, list[i].bytes) : image_load(list[i].file);
        struct image entry = image_fill(0, ENTRY);
        poke32(&entry, AT_ID, list[i].id);
        poke32(&entry, AT_IMAGE_VERSION, list[i].version);
        poke32(&entry, AT_OFFSET, (uint32_t)(HEAD + count * ENTRY + images.n));
        poke32(&entry, AT_LENGTH, (uint32_t)part.n);
        sha256_of(part.p, part.n, entry.p + AT_SHA256);
        image_append(&im, entry.p, entry.n);
        image_append(&images, part.p, part.n);
        image_free(&part);
        image_free(&entry);
    }
    image_append(&im, images.p, images.n);
    image_free(&images);
    return im;
}

static struct image usual(void)
{
    const struct one list[] = {{0x100, 7, NULL, 300}, {1, 2, APP, 0}, {0}};
    return bundle_of(list);
}

static struct image poked_byte(const struct border *b, uint32_t value)
{
    struct image im = usual();
    poke8(&im, b->at, value);
    return im;
}

// So many images with the ID, the last one the application.
static struct image with_ids(const struct border *b, uint32_t value)
{
    const struct one list[] = {
        {b->at == 0 ? value : 0x100, 7, b->at == 0 && value == 1 ? APP : NULL, 20},
        {b->at == 1 ? value : 0x101, 7, NULL, 20},
        {b->at == 2 ? value : 1, 2, APP, 0},
        {0}};
    return bundle_of(list);
}

// An image of so many bytes.
static struct image with_length(const struct border *b, uint32_t bytes)
{
    const struct one list[] = {{0x100, 7, NULL, bytes}, {1, 2, APP, 0}, {0}};
    (void)b;
    return bundle_of(list);
}

// The table cut by so many bytes.
static struct image cut_table(const struct border *b, uint32_t bytes)
{
    struct image im = bundle_of((const struct one[]){{1, 2, b->file, 0}, {0}});
    im.n = bytes == 0 ? im.n : HEAD + ENTRY - bytes;
    return im;
}

// The last image says so many bytes more than there are.
static struct image longer(const struct border *b, uint32_t more)
{
    struct image im = usual();
    (void)b;
    poke32(&im, in_table(1, AT_LENGTH), u32_at(&im, in_table(1, AT_LENGTH)) + more);
    return im;
}

static struct image gap_before(const struct border *b, uint32_t bytes)
{
    struct image im = usual();
    struct image gap = image_fill(0, bytes);
    for (unsigned i = (unsigned)b->at; i < 2; i++) {
        poke32(&im, in_table(i, AT_OFFSET), u32_at(&im, in_table(i, AT_OFFSET)) + bytes);
    }
    size_t where = u32_at(&im, in_table((unsigned)b->at, AT_OFFSET)) - bytes;
    image_splice(&im, where, 0, gap.p, gap.n);
    image_free(&gap);
    return im;
}

static struct image trailing(const struct border *b, uint32_t bytes)
{
    struct image im = usual(), more = image_fill(0, bytes);
    (void)b;
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

static struct image in_matter(const struct border *b, uint32_t version)
{
    struct image bundle = usual();
    poke32(&bundle, in_table(1, AT_IMAGE_VERSION), version);
    struct image im = matter_image(&bundle, "software_version_string=1.4.2");
    (void)b;
    image_free(&bundle);
    return im;
}

static struct image with_rcp(const struct border *b, uint32_t other)
{
    const struct one list[] = {{2, 5, other == 0 ? RCP : b->file, 20}, {1, 2, HOST, 0}, {0}};
    return bundle_of(list);
}

// One bit of the digest of an image is another.
static struct image with_digest(const struct border *b, uint32_t bits)
{
    struct image im = usual();
    poke8(&im, b->at, u8_at(&im, b->at) ^ bits);
    return im;
}

static const struct border rows[] = {
    {"bundle-header", BORDER_FAIL, 0, 1, cut_table, .file = APP},
    {"bundle-header", BORDER_FAIL, 2, 0, poked_byte, .at = COUNT_AT},
    {"bundle-fields", BORDER_FAIL, 0, 1, poked_byte, .at = RESERVED_AT},
    {"bundle-fields", BORDER_FAIL, 0, 0x80, poked_byte, .at = RESERVED_AT + 2},
    {"bundle-fields", BORDER_FAIL, 3, 0, with_ids, .at = 0},
    {"bundle-fields", BORDER_FAIL, 1, 0, with_length, .at = 0},
    {"bundle-bounds", BORDER_FAIL, 0, 1, longer, .at = 0},
    {"bundle-contiguous", BORDER_FAIL, 0, 1, gap_before, .at = 0},
    {"bundle-contiguous", BORDER_FAIL, 0, 1, gap_before, .at = 1},
    {"bundle-trailing", BORDER_FAIL, 0, 1, trailing, .at = 0},
    {"bundle-application", BORDER_FAIL, 3, 1, with_ids, .at = 0},
    {"bundle-application", BORDER_FAIL, 1, 3, with_ids, .at = 2},
    {"bundle-sha256", BORDER_FAIL, 0, 1, with_digest, .at = HEAD + AT_SHA256},
    {"bundle-sha256", BORDER_FAIL, 0, 0x80, with_digest, .at = HEAD + ENTRY + AT_SHA256 + 31},
    {"bundle-duplicate", BORDER_WARN, 0x102, 0x101, with_ids, .at = 0},
    {"bundle-version", BORDER_WARN, 2, 3, in_matter, .at = 0},
    {"bundle-rcp", BORDER_FAIL, 0, 1, with_rcp, .at = 0},
    {"bundle-rcp-host", BORDER_WARN, 0, 1, with_rcp, .file = BOTH},
};

const struct border_table borders_of_matter_bundle = {rows, COUNT(rows)};

TEST(matter_bundle_borders)
{
    borders_hold(rows, COUNT(rows));
}

// Wherever a bundle is cut, it does not pass; it is named as long as its magic number is there.
TEST(cut_anywhere)
{
    struct image im = image_load(ALONE);
    size_t n = im.n;
    for (im.n = 4; im.n < n; im.n += im.n < HEAD + 2 * ENTRY ? 1 : 97) {
        image_save(&im, "cut.bin");
        const json_t *root = tree("cut.bin");
        want(text_is(root, "format", "matter_bundle") && *failing(root) != '\0',
             "cut to %zu bytes: %s, %s", im.n, text_at(root, "format"), failing(root));
    }
    im.n = n;
    image_free(&im);
}

// Whatever an entry says, the tree has an end, and no byte of the file is read as two images.
TEST(any_table)
{
    static const uint32_t values[] = {0,   1,   103, 104,        105,       404,
                                      405, 916, 917, 0x7FFFFFFF, 0xFFFFFFFF};
    struct image im = usual();
    for (size_t field = AT_OFFSET; field <= AT_LENGTH; field += 4) {
        for (unsigned entry = 0; entry < 2; entry++) {
            uint32_t was = u32_at(&im, in_table(entry, field));
            for (size_t i = 0; i < COUNT(values); i++) {
                poke32(&im, in_table(entry, field), values[i]);
                image_save(&im, "any.bin");
                const json_t *root = tree("any.bin");
                want(values[i] == was || *failing(root) != '\0', "entry %u, %zu: %u passes", entry,
                     field, values[i]);
            }
            poke32(&im, in_table(entry, field), was);
        }
    }
    image_free(&im);
}

UNIT(smallest_matter_bundle)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matter_bundle_borders),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(any_table),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
