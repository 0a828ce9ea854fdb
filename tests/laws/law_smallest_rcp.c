// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of a border router's combined images: table, parts, what is flashed to
// the RCP and where.
#include "run.h"

#include "smallest.h"

#define GOOD "fixtures/rcp_image/good-with-host.bin"

enum { VERSION, FLASH_ARGS, BOOTLOADER, TABLE, FIRMWARE, HOST, PARTS };
enum {
    TABLE_TAG = 0xFF,
    ENTRY = 12,
    RECORD = 8,
    FIRMWARE_AT = 0x10000,
    SECTOR = 0x1000,
    FLASH = 0x400000,
    TEXT = 120,
};

struct combined {
    struct image parts[PARTS];
    uint32_t tags[PARTS];
    bool left_out[PARTS];
    uint32_t gap; // between the table and the first part
};

static struct combined take(void)
{
    struct combined c = {.gap = 0};
    struct image im = image_load(GOOD);
    for (uint32_t i = 0; i < PARTS; i++) {
        c.parts[i] = rcp_part(&im, i);
        c.tags[i] = i;
    }
    image_free(&im);
    return c;
}

static void put_entry(struct image *im, uint32_t tag, size_t size, size_t offset)
{
    size_t at = im->n;
    static const uint8_t entry[ENTRY];
    image_append(im, entry, ENTRY);
    poke32(im, at, tag);
    poke32(im, at + 4, (uint32_t)size);
    poke32(im, at + 8, (uint32_t)offset);
}

static struct image combine(struct combined *c)
{
    struct image im = image_fill(0, 0), gap = image_fill(0, c->gap);
    size_t at = ENTRY;
    for (size_t i = 0; i < PARTS; i++) {
        at += c->left_out[i] ? 0 : ENTRY;
    }
    put_entry(&im, TABLE_TAG, at, 0);
    at += c->gap;
    for (size_t i = 0; i < PARTS; i++) {
        if (!c->left_out[i]) {
            put_entry(&im, c->tags[i], c->parts[i].n, at);
            at += c->parts[i].n;
        }
    }
    image_append(&im, gap.p, gap.n);
    image_free(&gap);
    for (size_t i = 0; i < PARTS; i++) {
        if (!c->left_out[i]) {
            image_append(&im, c->parts[i].p, c->parts[i].n);
        }
        image_free(&c->parts[i]);
    }
    return im;
}

// The record of flash_args that names this part.
static size_t record_of(const struct combined *c, uint32_t tag)
{
    size_t at = 0;
    while (u32_at(&c->parts[FLASH_ARGS], at) != tag) {
        at += RECORD;
    }
    return at;
}

static void flash_to(struct combined *c, uint32_t tag, uint32_t address)
{
    poke32(&c->parts[FLASH_ARGS], record_of(c, tag) + 4, address);
}

static void do_not_flash(struct combined *c, uint32_t tag)
{
    image_splice(&c->parts[FLASH_ARGS], record_of(c, tag), RECORD, NULL, 0);
}

static void grow_to(struct image *im, size_t size)
{
    esp_grow(im, size - im->n);
    esp_resum(im);
}

// ---- Table and parts ----------------------------------------------------------------------------

static struct image with_gap(const struct border *b, uint32_t bytes)
{
    struct combined c = take();
    (void)b;
    c.gap = bytes;
    return combine(&c);
}

static struct image with_last_tag(const struct border *b, uint32_t tag)
{
    struct combined c = take();
    (void)b;
    c.tags[HOST] = tag;
    return combine(&c);
}

static struct image with_size(const struct border *b, uint32_t more)
{
    struct combined c = take();
    size_t entry = (size_t)ENTRY * (HOST + 1) + 4;
    (void)b;
    struct image im = combine(&c);
    poke32(&im, entry, u32_at(&im, entry) + more);
    return im;
}

static struct image with_part(const struct border *b, uint32_t there)
{
    struct combined c = take();
    c.left_out[b->at] = !there;
    return combine(&c);
}

// The host's firmware behind, or before, the RCP's.
static struct image with_host_at(const struct border *b, uint32_t place)
{
    struct combined c = take();
    struct image host = c.parts[HOST];
    (void)b;
    c.parts[HOST] = c.parts[place];
    c.tags[HOST] = place;
    c.parts[place] = host;
    c.tags[place] = HOST;
    return combine(&c);
}

static struct image followed_by(const struct border *b, uint32_t bytes)
{
    struct combined c = take();
    struct image im = combine(&c), more = image_fill(0, bytes);
    (void)b;
    image_append(&im, more.p, more.n);
    image_free(&more);
    return im;
}

static struct image with_bootloader_or_app(const struct border *b, uint32_t app)
{
    struct combined c = take();
    (void)b;
    if (app) {
        image_free(&c.parts[HOST]);
        c.parts[HOST] = image_copy(&c.parts[BOOTLOADER]);
    }
    return combine(&c);
}

static struct image with_host_idf(const struct border *b, uint32_t patch)
{
    char text[TEXT];
    struct combined c = take();
    (void)b;
    (void)snprintf(text, sizeof(text), "v5.4.%" PRIu32, patch);
    esp_text(&c.parts[HOST], AT_IDF, text, 32);
    return combine(&c);
}

// ---- What is flashed ----------------------------------------------------------------------------

static struct image with_record(const struct border *b, uint32_t tag)
{
    struct combined c = take();
    (void)b;
    poke32(&c.parts[FLASH_ARGS], record_of(&c, TABLE), tag);
    return combine(&c);
}

static struct image with_bytes_of_args(const struct border *b, uint32_t bytes)
{
    struct combined c = take();
    (void)b;
    c.parts[FLASH_ARGS].n = bytes;
    return combine(&c);
}

static struct image flashed_to(const struct border *b, uint32_t address)
{
    struct combined c = take();
    flash_to(&c, (uint32_t)b->at, address);
    return combine(&c);
}

static struct image flashed(const struct border *b, uint32_t is)
{
    struct combined c = take();
    if (!is) {
        do_not_flash(&c, (uint32_t)b->at);
    }
    return combine(&c);
}

static struct image with_bootloader_of(const struct border *b, uint32_t size)
{
    struct combined c = take();
    (void)b;
    grow_to(&c.parts[BOOTLOADER], size);
    return combine(&c);
}

// At the end of the flash, and with no table that would have to say so.
static struct image with_firmware_at_the_end(const struct border *b, uint32_t size)
{
    struct combined c = take();
    (void)b;
    grow_to(&c.parts[FIRMWARE], size);
    flash_to(&c, FIRMWARE, FLASH - SECTOR);
    do_not_flash(&c, TABLE);
    c.left_out[TABLE] = true;
    return combine(&c);
}

// In a partition of one sector.
static struct image with_firmware_of(const struct border *b, uint32_t size)
{
    struct combined c = take();
    (void)b;
    grow_to(&c.parts[FIRMWARE], size);
    image_free(&c.parts[TABLE]);
    pt_begin(&c.parts[TABLE]);
    pt_entry(&c.parts[TABLE], 0, 0, FIRMWARE_AT, SECTOR, "factory");
    pt_finish(&c.parts[TABLE]);
    return combine(&c);
}

// ---- The version --------------------------------------------------------------------------------

// A text of so many letters, in the firmware and, but for its last letter, as the version.
static struct image with_version(uint32_t letters, unsigned last)
{
    struct combined c = take();
    struct image *app = &c.parts[FIRMWARE], *version = &c.parts[VERSION];
    image_free(version);
    *version = image_fill('a', letters);
    size_t text_at = esp_walk(app).last;
    esp_grow(app, TEXT - TEXT % 16 + 16);
    memset(app->p + text_at, 0, TEXT);
    memcpy(app->p + text_at, version->p, letters);
    esp_resum(app);
    poke8(version, letters - 1, last);
    return combine(&c);
}

static struct image with_letters(const struct border *b, uint32_t count)
{
    (void)b;
    return with_version(count, 'a');
}

static struct image with_end(const struct border *b, uint32_t letter)
{
    (void)b;
    return with_version(20, letter);
}

static const struct border rows[] = {
    {"rcp-table", BORDER_FAIL, 0, 1, .make = border_poked, .file = GOOD, .at = 8, .width = 4},
    {"rcp-table", BORDER_FAIL, 84, 96, .make = border_poked, .file = GOOD, .at = 4, .width = 4},
    {"rcp-bounds", BORDER_FAIL, 0, 1, .make = with_size},
    {"rcp-contiguous", BORDER_FAIL, 0, 1, .make = with_gap},
    {"rcp-duplicate", BORDER_FAIL, HOST, FIRMWARE, .make = with_last_tag},
    {"rcp-tags", BORDER_FAIL, HOST, HOST + 1, .make = with_last_tag},
    {"rcp-parts", BORDER_FAIL, 1, 0, .make = with_part, .at = VERSION},
    {"rcp-parts", BORDER_FAIL, 1, 0, .make = with_part, .at = FIRMWARE},
    {"rcp-flash-args", BORDER_FAIL, 24, 23, .make = with_bytes_of_args},
    {"rcp-flash-args", BORDER_FAIL, TABLE, FIRMWARE, .make = with_record},
    {"rcp-flash-args", BORDER_FAIL, TABLE, HOST, .make = with_record},
    {"rcp-flash-align", BORDER_FAIL, 0x8000, 0x8800, .make = flashed_to, .at = TABLE},
    {"rcp-flash-align", BORDER_FAIL, 0x8000, 0x8001, .make = flashed_to, .at = TABLE},
    {"rcp-flash-overlap", BORDER_FAIL, 0x8000, 0x8010, .make = with_bootloader_of},
    {"rcp-flash-size", BORDER_FAIL, SECTOR, SECTOR + 16, .make = with_firmware_at_the_end},
    {"rcp-table-address", BORDER_FAIL, 0x8000, 0x9000, .make = flashed_to, .at = TABLE},
    {"rcp-firmware-flashed", BORDER_FAIL, 1, 0, .make = flashed, .at = FIRMWARE},
    {"rcp-flash-missing", BORDER_WARN, 1, 0, .make = flashed, .at = BOOTLOADER},
    {"rcp-flash-missing", BORDER_WARN, 1, 0, .make = flashed, .at = TABLE},
    {"rcp-version-text", BORDER_FAIL, 99, 100, .make = with_letters},
    {"rcp-version-match", BORDER_FAIL, 'a', 'b', .make = with_end},
    {"rcp-bootloader-address", BORDER_FAIL, 0, 0x1000, .make = flashed_to, .at = BOOTLOADER},
    {"rcp-firmware-address", BORDER_FAIL, 0x10000, 0x11000, .make = flashed_to, .at = FIRMWARE},
    {"rcp-firmware-size", BORDER_FAIL, SECTOR, SECTOR + 16, .make = with_firmware_of},
    {"rcp-host-last", BORDER_FAIL, HOST, FIRMWARE, .make = with_host_at},
    {"rcp-trailing", BORDER_FAIL, 0, 1, .make = followed_by},
    {"rcp-idf", BORDER_WARN, 1, 2, .make = with_host_idf},
    {"slot-content", BORDER_FAIL, 0, 1, .make = with_bootloader_or_app},
};

const struct border_table borders_of_rcp = {rows, COUNT(rows)};

TEST(rcp_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_rcp)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rcp_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
