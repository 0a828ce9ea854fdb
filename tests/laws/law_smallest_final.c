// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of an update of the bootloader or of the partition table.
#include "product.h"

#include "smallest.h"

#define BOOTLOADER "fixtures/esp_image/good-bootloader-esp32s3.bin"
#define OF_BOOTLOADER "--final bootloader -p table.bin"
#define OF_TABLE "--final partition-table -p table.bin"

enum { APP, DATA, LOADER };
enum { OTA_0 = 0x10, OTA_1 = 0x11, OTA = 0, NVS = 2, SPIFFS = 0x82, PRIMARY = 0 };
enum { AT_FLAGS = 28, IDF_OF_APP = 32 + 112, IDF_OF_LOADER = 32 + 8 };

// ---- The device, and what a row changes of it ---------------------------------------------------

struct device {
    uint32_t nvs_size, otadata_at, second_at, second_size, slot_size, flags, more_type, more_at;
    uint32_t loader_at, loader_size; // size 0: it is not listed
};

static const struct device has = {0x5000, 0xF000, 0x40000, 0x20000, 0x20000,
                                  0,      DATA,   0x80000, 0,       0};

static struct image table_of(const struct device *d)
{
    struct image table;
    pt_begin(&table);
    if (d->loader_size != 0) {
        pt_entry(&table, LOADER, PRIMARY, d->loader_at, d->loader_size, "boot");
    }
    pt_entry(&table, DATA, NVS, 0x9000, d->nvs_size, "nvs");
    poke32(&table, table.n - 32 + AT_FLAGS, d->flags);
    pt_entry(&table, DATA, OTA, d->otadata_at, 0x2000, "otadata");
    pt_entry(&table, APP, OTA_0, 0x20000, d->slot_size, "ota_0");
    pt_entry(&table, APP, OTA_1, d->second_at, d->second_size, "ota_1");
    pt_entry(&table, d->more_type, d->more_type == APP ? OTA_1 + 1 : SPIFFS, d->more_at, 0x10000,
             "more");
    pt_finish(&table);
    return table;
}

static void put_device(const struct device *d)
{
    struct image table = table_of(d);
    image_save(&table, "table.bin");
    image_free(&table);
}

// The new table, on a device with the old one.
static struct image updated(const struct device *new)
{
    put_device(&has);
    return table_of(new);
}

static struct image with_nvs_of(const struct border *b, uint32_t size)
{
    struct device d = has;
    (void)b;
    d.nvs_size = size;
    return updated(&d);
}

static struct image with_otadata_at(const struct border *b, uint32_t offset)
{
    struct device d = has;
    (void)b;
    d.otadata_at = offset;
    return updated(&d);
}

static struct image with_second_at(const struct border *b, uint32_t offset)
{
    struct device d = has;
    (void)b;
    d.second_at = offset;
    return updated(&d);
}

static struct image with_second_of(const struct border *b, uint32_t size)
{
    struct device d = has;
    (void)b;
    d.second_size = size;
    return updated(&d);
}

static struct image with_flags(const struct border *b, uint32_t flags)
{
    struct device d = has;
    (void)b;
    d.flags = flags;
    return updated(&d);
}

// The first entries, of nvs and OTA data and two apps.
static void begin(struct image *table)
{
    pt_begin(table);
    pt_entry(table, DATA, NVS, 0x9000, has.nvs_size, "nvs");
    pt_entry(table, DATA, OTA, has.otadata_at, 0x2000, "otadata");
    pt_entry(table, APP, OTA_0, 0x20000, has.slot_size, "ota_0");
    pt_entry(table, APP, OTA_1, has.second_at, has.second_size, "ota_1");
}

// One more app than before, or one more of what is no app; the device has none there.
static struct image with_one_more(const struct border *b, uint32_t type)
{
    struct device d = has;
    struct image old;
    (void)b;
    d.more_type = type;
    begin(&old);
    pt_finish(&old);
    image_save(&old, "table.bin");
    image_free(&old);
    return table_of(&d);
}

// One more partition, which nothing of the device was in, behind the table or over it.
static struct image with_another_at(const struct border *b, uint32_t offset)
{
    struct image table;
    (void)b;
    put_device(&has);
    begin(&table);
    pt_entry(&table, DATA, SPIFFS, has.more_at, 0x10000, "more");
    pt_entry(&table, DATA, SPIFFS, offset, 0x1000, "another");
    pt_finish(&table);
    return table;
}

// An app partition with these flags.
static struct image with_slot_flags(const struct border *b, uint32_t flags)
{
    struct image table;
    (void)b;
    put_device(&has);
    begin(&table);
    poke32(&table, table.n - 32 + AT_FLAGS, flags);
    pt_entry(&table, DATA, SPIFFS, has.more_at, 0x10000, "more");
    pt_finish(&table);
    return table;
}

// A table that lists the bootloader.
static struct image listing_loader_at(const struct border *b, uint32_t offset)
{
    struct device d = has;
    (void)b;
    d.loader_at = offset;
    d.loader_size = 0x4000;
    return updated(&d);
}

// ---- A bootloader -------------------------------------------------------------------------------

static struct image with_loader_at(const struct border *b, uint32_t offset)
{
    struct device d = has;
    d.loader_at = offset;
    d.loader_size = 0x4000;
    put_device(&d);
    return image_load(b->file);
}

static struct image with_loader_of(const struct border *b, uint32_t size)
{
    struct device d = has;
    d.loader_size = size;
    put_device(&d);
    return image_load(b->file);
}

static struct image with_loader_flags(const struct border *b, uint32_t flags)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, LOADER, PRIMARY, 0, 0x8000, "boot");
    poke32(&table, table.n - 32 + AT_FLAGS, flags);
    pt_entry(&table, DATA, OTA, has.otadata_at, 0x2000, "otadata");
    pt_entry(&table, APP, OTA_0, 0x20000, has.slot_size, "ota_0");
    pt_entry(&table, APP, OTA_1, has.second_at, has.second_size, "ota_1");
    pt_finish(&table);
    image_save(&table, "table.bin");
    image_free(&table);
    return image_load(b->file);
}

static struct image with_slots_of(const struct border *b, uint32_t size)
{
    struct device d = has;
    d.slot_size = size;
    put_device(&d);
    return image_load(b->file);
}

// As large as it can be before a table at 0x8000, and larger.
static struct image with_size_of(const struct border *b, uint32_t size)
{
    struct image im = image_load(b->file);
    put_device(&has);
    esp_grow(&im, size - im.n);
    esp_resum(&im);
    return im;
}

// A file with a version 5.MINOR of ESP-IDF.
static struct image of_idf(const char *file, size_t at, uint32_t minor)
{
    struct image im = image_load(file);
    char version[8];
    (void)snprintf(version, sizeof(version), "v5.%u", (unsigned)minor);
    esp_text(&im, at, version, 32);
    return im;
}

static void put_app(uint32_t minor)
{
    struct image app = of_idf("fixtures/esp_image/good-app-esp32s3.bin", IDF_OF_APP, minor);
    image_save(&app, "app.bin");
    image_free(&app);
}

static struct image on_app_of(const struct border *b, uint32_t minor)
{
    put_app(minor);
    return image_load(b->file);
}

static struct image loader_of(const struct border *b, uint32_t minor)
{
    put_app(5);
    return of_idf(b->file, IDF_OF_LOADER, minor);
}

static struct image with_secure_boot(const struct border *b, uint32_t v1)
{
    char text[64];
    int n = snprintf(text, sizeof(text), "otapack: 1\nsecure_boot: %s\n", v1 == 1 ? "v1" : "none");
    struct image file = {(uint8_t *)text, (size_t)n};
    image_save(&file, "device.yaml");
    return image_load(b->file);
}

static const struct border rows[] = {
    {"final-idf", BORDER_FAIL, 5, 4, .make = on_app_of, .file = "fixtures/final/device.bin",
     .words = "--final partition-table --running app.bin"},
    {"idf-order", BORDER_FAIL, 5, 6, .make = loader_of, .file = BOOTLOADER,
     .words = "--final bootloader --running app.bin"},
    {"final-address", BORDER_FAIL, 0, 0x1000, .make = with_loader_at, .file = BOOTLOADER,
     .words = OF_BOOTLOADER},
    {"final-place", BORDER_FAIL, 336, 335, .make = with_loader_of, .file = BOOTLOADER,
     .words = OF_BOOTLOADER},
    {"final-place", BORDER_FAIL, 0x8000, 0x8010, .make = with_size_of, .file = BOOTLOADER,
     .words = OF_BOOTLOADER},
    {"final-staging", BORDER_FAIL, 0x8000, 0x7000, .make = with_slots_of, .file = BOOTLOADER,
     .words = OF_BOOTLOADER},
    {"final-staging", BORDER_FAIL, 0, 2, .make = with_loader_flags, .file = BOOTLOADER,
     .words = OF_BOOTLOADER},
    {"final-secure-boot-v1", BORDER_FAIL, 0, 1, .make = with_secure_boot,
     .file = "fixtures/esp_image/good-bootloader-esp32.bin",
     .words = "--final bootloader --device device.yaml"},
    {"final-over", BORDER_FAIL, 0x90000, 0x8000, .make = with_another_at, .words = OF_TABLE},
    {"final-over", BORDER_FAIL, 0x1000, 0x2000, .make = with_another_at, .words = OF_TABLE},
    {"final-apps", BORDER_FAIL, 0x40000, 0x50000, .make = with_second_at, .words = OF_TABLE},
    {"final-apps", BORDER_FAIL, 0x20000, 0x1F000, .make = with_second_of, .words = OF_TABLE},
    {"final-slots", BORDER_WARN, DATA, APP, .make = with_one_more, .words = OF_TABLE},
    {"final-otadata", BORDER_WARN, 0xF000, 0x11000, .make = with_otadata_at, .words = OF_TABLE},
    {"final-data", BORDER_WARN, 0x5000, 0x4000, .make = with_nvs_of, .words = OF_TABLE},
    {"final-encrypted", BORDER_WARN, 0, 1, .make = with_flags, .words = OF_TABLE},
    {"final-updates", BORDER_WARN, 0, 2, .make = with_slot_flags, .words = OF_TABLE},
    {"final-updates", BORDER_WARN, 0, 0x1000, .make = listing_loader_at,
     .words = OF_TABLE " --chip esp32s3"},
};

const struct border_table borders_of_final = {rows, COUNT(rows)};

TEST(final_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_final)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(final_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
