// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of an app and the partition table of the device that is to take it.
#include "product.h"

#include "smallest.h"

#define APP "fixtures/br/demo_br.bin"
#define COMBINED "fixtures/rcp_image/good-with-host.bin"
#define WITH_TABLE "-p table.bin"

enum { SLOT = 0x10000, IS_APP = 0, IS_DATA = 1, OTA_0 = 0x10, OTA_1 = 0x11 };

// ---- The device's table -------------------------------------------------------------------------

// What a row changes of it.
struct device {
    uint32_t otadata_size, slot_size, second_at, second_type, second_subtype, storage_size;
    bool factory;
};

static const struct device good = {0x2000, SLOT, 0x40000, IS_APP, OTA_1, 0x10000, false};

static void put_table(const struct device *d)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, IS_DATA, 0, 0x9000, d->otadata_size, "otadata");
    if (d->factory) {
        pt_entry(&table, IS_APP, 0, 0x20000, SLOT, "factory");
    }
    pt_entry(&table, IS_APP, OTA_0, 0x30000, d->slot_size, "ota_0");
    pt_entry(&table, d->second_type, d->second_subtype, d->second_at, SLOT, "second");
    pt_entry(&table, IS_DATA, 0x82, 0x80000, d->storage_size, "rcp_fw");
    pt_finish(&table);
    image_save(&table, "table.bin");
    image_free(&table);
}

static struct image on(const struct device *d)
{
    put_table(d);
    return image_load(APP);
}

static struct image with_otadata_of(const struct border *b, uint32_t size)
{
    struct device d = good;
    (void)b;
    d.otadata_size = size;
    return on(&d);
}

// For a chip that maps no more than 16 MiB.
static struct image with_slots_of(const struct border *b, uint32_t size)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, IS_DATA, 0, 0x9000, 0x2000, "otadata");
    pt_entry(&table, IS_APP, OTA_0, 0x10000, size, "ota_0");
    pt_entry(&table, IS_APP, OTA_1, 0x4000000, SLOT, "ota_1");
    pt_finish(&table);
    image_save(&table, "table.bin");
    image_free(&table);
    return image_load(b->file);
}

static struct image with_second_at(const struct border *b, uint32_t offset)
{
    struct device d = good;
    (void)b;
    d.second_at = offset;
    return on(&d);
}

static struct image with_second_slot(const struct border *b, uint32_t subtype)
{
    struct device d = good;
    (void)b;
    d.second_subtype = subtype;
    return on(&d);
}

static struct image with_second_type(const struct border *b, uint32_t type)
{
    struct device d = good;
    (void)b;
    d.factory = true;
    d.second_type = type;
    return on(&d);
}

static struct image with_app_of(const struct border *b, uint32_t size)
{
    struct device d = good;
    (void)b;
    d.slot_size = 0x2000;
    struct image app = on(&d);
    esp_grow(&app, size - app.n);
    esp_resum(&app);
    return app;
}

// ---- Room for the RCP's part --------------------------------------------------------------------
// SPIFFS, as the border router mounts it: blocks of 4096 bytes, two of them spare; in each of the
// others 15 pages with 251 bytes of a file, and one page more.

enum { FIVE_BLOCKS = 5, ROOM = (3 * 15 + 1) * 251, AT_SIZE = 3 * 12 + 4 };

// So many bytes of the image are stored: its bootloader is filled up.
static struct image with_stored(const struct border *b, uint32_t size)
{
    struct device d = good;
    struct image im = image_load(COMBINED);
    uint32_t stored = u32_at(&im, 6 * 12 + 8), more = size - stored;
    size_t end = u32_at(&im, 3 * 12 + 8) + u32_at(&im, AT_SIZE);
    struct image fill = image_fill(0xFF, more);
    (void)b;
    image_splice(&im, end, 0, fill.p, fill.n);
    image_free(&fill);
    poke32(&im, AT_SIZE, u32_at(&im, AT_SIZE) + more);
    for (size_t entry = 4; entry <= 6; entry++) {
        poke32(&im, entry * 12 + 8, u32_at(&im, entry * 12 + 8) + more);
    }
    d.storage_size = FIVE_BLOCKS * 4096;
    put_table(&d);
    return im;
}

static const struct border rows[] = {
    {"pt-large", BORDER_FAIL, 0x1000000, 0x1001000, .make = with_slots_of, .words = WITH_TABLE,
     .file = "fixtures/esp_image/good-app-esp32h2.bin"},
    {"host-slot", BORDER_FAIL, 0x2000, 0x2010, .make = with_app_of, .words = WITH_TABLE},
    {"host-table", BORDER_FAIL, 0x50000, 0x51000, .make = with_second_at, .words = WITH_TABLE},
    {"host-update", BORDER_FAIL, 0x2000, 0x1FFF, .make = with_otadata_of, .words = WITH_TABLE},
    {"host-update", BORDER_FAIL, OTA_1, OTA_1 + 1, .make = with_second_slot, .words = WITH_TABLE},
    {"host-update-again", BORDER_WARN, IS_APP, IS_DATA, .make = with_second_type,
     .words = WITH_TABLE},
    {"host-storage", BORDER_FAIL, ROOM, ROOM + 1, .make = with_stored, .words = WITH_TABLE,
     .also = "host-storage-update"},
    {"host-storage-update", BORDER_WARN, ROOM / 2, ROOM / 2 + 1, .make = with_stored,
     .words = WITH_TABLE},
};

const struct border_table borders_of_host = {rows, COUNT(rows)};

TEST(host_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_host)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
