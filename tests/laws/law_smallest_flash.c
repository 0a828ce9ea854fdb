// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of merged flash images, and of what bootloader and app must agree on.
#include "run.h"

#include "flash.h"
#include "smallest.h"

enum {
    TABLE_AT = 0x8000,
    APP_AT = 0x10000,
    SLOT = 0x10000,
    SECTOR = 0x1000,
    AT_LOWEST = 15,
    AT_BOOT_IDF = 40,
    APP = 0,
    DATA = 1,
    FACTORY = 0,
    OTA_0 = 0x10,
};

// What a merged image consists of, for an ESP32-H2; what a maker does not change boots.
struct parts {
    struct image boot, table, app;
    uint32_t boot_at, app_at;
};

static struct parts take(void)
{
    return (struct parts){image_load(H2_BOOTLOADER), flash_table(APP_AT), image_load(H2_APP), 0,
                          APP_AT};
}

static struct image merge(struct parts *p)
{
    struct flash f = flash_new(0, 0xFF);
    flash_put(&f, p->boot_at, &p->boot);
    flash_put(&f, TABLE_AT, &p->table);
    flash_put(&f, p->app_at, &p->app);
    image_free(&p->boot);
    image_free(&p->table);
    image_free(&p->app);
    return f.file;
}

// Two slots, and OTA data that say nothing.
static void two_slots(struct parts *p)
{
    image_free(&p->table);
    pt_begin(&p->table);
    pt_entry(&p->table, DATA, 0, 0xE000, 0x2000, "otadata");
    pt_entry(&p->table, APP, OTA_0, APP_AT, SLOT, "one");
    pt_entry(&p->table, APP, OTA_0 + 1, APP_AT + SLOT, SLOT, "two");
    pt_finish(&p->table);
}

// ---- Where things are ---------------------------------------------------------------------------

static struct image bootloader_at(const struct border *b, uint32_t address)
{
    struct parts p = take();
    (void)b;
    p.boot_at = address;
    return merge(&p);
}

static struct image app_at(const struct border *b, uint32_t address)
{
    struct parts p = take();
    (void)b;
    p.app_at = address;
    return merge(&p);
}

// What lies there, or nothing.
static struct image with_part(const struct border *b, uint32_t there)
{
    struct parts p = take();
    struct flash f = {merge(&p), 0, 0xFF};
    flash_fill_to(&f, APP_AT + SECTOR);
    if (!there) {
        memset(f.file.p + b->at, 0xFF, SECTOR);
    }
    return f.file;
}

// A partition of such a size behind the bootloader.
static struct image below_the_table(const struct border *b, uint32_t size)
{
    struct parts p = take();
    (void)b;
    image_free(&p.table);
    pt_begin(&p.table);
    pt_entry(&p.table, DATA, 6, SECTOR, size, "other");
    pt_entry(&p.table, APP, FACTORY, APP_AT, SLOT, "factory");
    pt_finish(&p.table);
    return merge(&p);
}

// A partition that begins here, behind a bootloader of less than a sector.
static struct image over_the_bootloader(const struct border *b, uint32_t offset)
{
    struct parts p = take();
    (void)b;
    image_free(&p.table);
    pt_begin(&p.table);
    pt_entry(&p.table, DATA, 6, offset, SECTOR, "other");
    pt_entry(&p.table, APP, FACTORY, APP_AT, SLOT, "factory");
    pt_finish(&p.table);
    return merge(&p);
}

static struct image bootloader_of(const struct border *b, uint32_t size)
{
    struct parts p = take();
    (void)b;
    esp_grow(&p.boot, size - p.boot.n);
    esp_resum(&p.boot);
    return merge(&p);
}

// ---- Apps ---------------------------------------------------------------------------------------

static struct image second_app_at(const struct border *b, uint32_t address)
{
    struct parts p = take();
    (void)b;
    two_slots(&p);
    struct flash f = {merge(&p), 0, 0xFF};
    flash_put_file(&f, address, H2_APP);
    return f.file;
}

// So many bytes, in a partition of a sector.
static struct image app_of(const struct border *b, uint32_t size)
{
    struct parts p = take();
    (void)b;
    image_free(&p.table);
    pt_begin(&p.table);
    pt_entry(&p.table, APP, FACTORY, APP_AT, SECTOR, "factory");
    pt_finish(&p.table);
    esp_grow(&p.app, size - p.app.n);
    esp_resum(&p.app);
    return merge(&p);
}

// A partition for another bootloader, empty but for its first byte.
static struct image bootloader_slot_of(const struct border *b, uint32_t byte)
{
    enum { OTHER_AT = 0x20000 };
    struct image im = image_load("fixtures/flash/bad-flash-bootloader-slot.bin");
    (void)b;
    memset(im.p + OTHER_AT, 0xFF, im.n - OTHER_AT);
    poke8(&im, OTHER_AT, byte);
    return im;
}

static struct image second_slot_of(const struct border *b, uint32_t byte)
{
    struct parts p = take();
    (void)b;
    two_slots(&p);
    struct flash f = {merge(&p), 0, 0xFF};
    flash_fill_to(&f, APP_AT + SLOT + SECTOR);
    poke8(&f.file, APP_AT + SLOT, byte);
    return f.file;
}

// ---- Bootloader and app -------------------------------------------------------------------------

// The same of the app's header, with its sums.
static struct image app_with(const struct border *b, uint32_t value)
{
    struct parts p = take();
    poke16(&p.app, b->at, value);
    esp_resum(&p.app);
    return merge(&p);
}

static struct image bootloader_with(const struct border *b, uint32_t value)
{
    struct parts p = take();
    poke16(&p.boot, b->at, value);
    esp_resum(&p.boot);
    return merge(&p);
}

static struct image bootloader_of_idf(const struct border *b, uint32_t patch)
{
    char text[12];
    struct parts p = take();
    (void)snprintf(text, sizeof(text), "v5.4.%" PRIu32, patch);
    esp_text(&p.boot, b->at, text, 32);
    return merge(&p);
}

// ---- The size of the flash ----------------------------------------------------------------------

enum { ONE_MB = 0x100000, NIBBLE_1MB = 0x0F };

// For a flash of 1 MB, with a partition that ends here.
static struct parts take_small(uint32_t end)
{
    struct parts p = take();
    image_free(&p.table);
    pt_begin(&p.table);
    pt_entry(&p.table, APP, FACTORY, APP_AT, end - APP_AT, "factory");
    pt_finish(&p.table);
    poke8(&p.boot, AT_FLASH_SIZE, NIBBLE_1MB);
    esp_resum(&p.boot);
    return p;
}

static struct image with_end(const struct border *b, uint32_t end)
{
    struct parts p = take_small(end);
    (void)b;
    return merge(&p);
}

// The image is filled up to here, whatever its partitions are.
static struct image filled_to(const struct border *b, uint32_t end)
{
    struct parts p = take_small(ONE_MB);
    (void)b;
    struct flash f = {merge(&p), 0, 0xFF};
    flash_fill_to(&f, end);
    poke8(&f.file, end - 1, 0);
    return f.file;
}

// The same of an ESP32, whose image begins at 0x1000 of the flash: the file is shorter by that.
static struct image filled_behind(const struct border *b, uint32_t end)
{
    struct parts p = take_small(ONE_MB);
    struct flash f = flash_new(0x1000, 0xFF);
    (void)b;
    image_free(&p.boot);
    image_free(&p.app);
    p.boot = image_load(ESP32_BOOTLOADER);
    poke8(&p.boot, AT_FLASH_SIZE, NIBBLE_1MB);
    esp_resum(&p.boot);
    flash_put(&f, 0x1000, &p.boot);
    flash_put(&f, TABLE_AT, &p.table);
    flash_put_file(&f, APP_AT, ESP32_APP);
    flash_fill_to(&f, end);
    image_free(&p.boot);
    image_free(&p.table);
    return f.file;
}

static const struct border rows[] = {
    {"flash-bootloader-address", BORDER_FAIL, 0, 0x1000, .make = bootloader_at},
    {"flash-layout", BORDER_FAIL, 1, 0, .make = with_part},
    {"flash-overlap", BORDER_FAIL, 0x7000, 0x7001, .make = below_the_table},
    {"flash-overlap", BORDER_FAIL, 0x1000, 0, .make = over_the_bootloader},
    {"flash-overlap", BORDER_FAIL, TABLE_AT + SECTOR, TABLE_AT, .make = over_the_bootloader},
    {"flash-overlap", BORDER_FAIL, TABLE_AT, TABLE_AT + 16, .make = bootloader_of},
    {"flash-app-place", BORDER_FAIL, APP_AT, APP_AT + SECTOR, .make = app_at},
    {"flash-stray-app", BORDER_WARN, APP_AT + SLOT, APP_AT + SLOT + SECTOR, .make = second_app_at},
    {"flash-stray-app", BORDER_WARN, APP_AT + SLOT, APP_AT + SECTOR, .make = second_app_at},
    {"flash-app-size", BORDER_FAIL, SECTOR, SECTOR + 16, .make = app_of},
    {"flash-slot", BORDER_WARN, 0xFF, 0xFE, .make = second_slot_of},
    {"flash-bootloader-slot", BORDER_WARN, 0xFF, 0xFE, .make = bootloader_slot_of},
    {"flash-no-app", BORDER_WARN, 1, 0, .make = with_part, .at = APP_AT},

    {"chip-match", BORDER_FAIL, 16, 25, .make = app_with, .at = AT_CHIP_ID},
    {"revision-match", BORDER_FAIL, 199, 200, .make = bootloader_with, .at = AT_LOWEST},
    {"idf-order", BORDER_FAIL, 1, 2, .make = bootloader_of_idf, .at = AT_BOOT_IDF},
    {"pt-flash-size", BORDER_FAIL, ONE_MB, ONE_MB + SECTOR, .make = with_end},
    {"device-flash-size", BORDER_FAIL, ONE_MB, ONE_MB + 1, .make = filled_behind,
     .words = "--flash-size 1MB"},
    {"device-flash-size", BORDER_FAIL, ONE_MB, ONE_MB + 1, .make = filled_to,
     .words = "--flash-size 1MB"},
};

const struct border_table borders_of_flash = {rows, COUNT(rows)};

TEST(flash_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_flash)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flash_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
