/* SPDX-License-Identifier: Apache-2.0
 *
 * What ESP-IDF 5.5 does, and so the stand-ins must do.
 */
#include "device.h"
#include "esp_http_client.h"
#include <string.h>

static const esp_partition_t *ota_0, *ota_1, *factory;
static esp_ota_handle_t handle;
static esp_ota_img_states_t state;

static void start_factory(void)
{
    fake_start("1.0", 0);
    fake_install(FAKE_FACTORY, "0.9", 0, 0xF0);
    memset(fake.otadata, 0xFF, sizeof(fake.otadata));
    fake.factory = true;
    fake_boot();
    factory = esp_ota_get_running_partition();
}

/* Writes an app into the other slot: as far as esp_ota_end. */
static void write_app(void)
{
    static uint8_t app[512];
    fake_install(FAKE_OTA_1, "1.1", 0, 0xB0);
    memcpy(app, fake.app[FAKE_OTA_1], sizeof(app));
    EXPECT(esp_ota_begin(ota_1, OTA_WITH_SEQUENTIAL_WRITES, &handle) == ESP_OK);
    EXPECT(esp_ota_write(handle, app, sizeof(app)) == ESP_OK);
}

static void starting(void)
{
    fake_start("1.0", 0);
    ota_0 = esp_ota_get_running_partition();
    ota_1 = esp_ota_get_next_update_partition(NULL);
    EXPECT(ota_0->subtype == ESP_PARTITION_SUBTYPE_APP_OTA_0 && ota_1 == ota_0 + 1);
    EXPECT(esp_ota_get_next_update_partition(ota_1) == ota_0);
    EXPECT(esp_ota_begin(NULL, OTA_WITH_SEQUENTIAL_WRITES, &handle) == ESP_ERR_INVALID_ARG);
    EXPECT(esp_ota_begin(ota_0, OTA_WITH_SEQUENTIAL_WRITES, &handle) ==
           ESP_ERR_OTA_PARTITION_CONFLICT);
    fake.otadata[0].state = ESP_OTA_IMG_PENDING_VERIFY;
    EXPECT(esp_ota_begin(ota_1, OTA_WITH_SEQUENTIAL_WRITES, &handle) ==
           ESP_ERR_OTA_ROLLBACK_INVALID_STATE);
}

/* What is erased: nothing yet, the sectors of a size, or all. */
static void sizes(void)
{
    static const struct {
        size_t size, erased;
        esp_err_t err;
    } rows[] = {
        {OTA_WITH_SEQUENTIAL_WRITES, 0, ESP_OK},    {1, FAKE_SECTOR, ESP_OK},
        {FAKE_SECTOR + 1, 2 * FAKE_SECTOR, ESP_OK}, {0, FAKE_SLOT_SIZE, ESP_OK},
        {OTA_SIZE_UNKNOWN, FAKE_SLOT_SIZE, ESP_OK}, {FAKE_SLOT_SIZE + 1, 0, ESP_ERR_INVALID_SIZE}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t erased = 0;
        fake_start("1.0", 0);
        memset(fake.app[FAKE_OTA_1], 0, FAKE_SLOT_SIZE);
        EXPECT(esp_ota_begin(ota_1, rows[i].size, &handle) == rows[i].err);
        while (erased < FAKE_SLOT_SIZE && fake.app[FAKE_OTA_1][erased] == 0xFF) {
            erased++;
        }
        EXPECT(erased == rows[i].erased);
    }
}

static void writing(void)
{
    static uint8_t bytes[FAKE_SLOT_SIZE] = {0xE9};
    fake_start("1.0", 0);
    EXPECT(esp_ota_begin(ota_1, OTA_WITH_SEQUENTIAL_WRITES, &handle) == ESP_OK);
    EXPECT(esp_ota_end(handle) == ESP_ERR_INVALID_ARG); /* nothing was written */
    EXPECT(esp_ota_begin(ota_1, OTA_WITH_SEQUENTIAL_WRITES, &handle) == ESP_OK);
    EXPECT(esp_ota_write(handle, bytes + 1, 1) == ESP_ERR_OTA_VALIDATE_FAILED);
    EXPECT(esp_ota_write(handle, bytes, sizeof(bytes)) == ESP_OK);
    EXPECT(esp_ota_write(handle, bytes, 1) == ESP_ERR_INVALID_SIZE);
    EXPECT(esp_ota_end(handle) == ESP_ERR_OTA_VALIDATE_FAILED);
    EXPECT(esp_ota_set_boot_partition(ota_1) == ESP_ERR_OTA_VALIDATE_FAILED);
    write_app();
    EXPECT(esp_ota_end(handle) == ESP_OK);
}

/* Each damage, by itself: of the magic, the chip, a segment's size, its data, the hash. */
static void images(void)
{
    static const uint32_t at[] = {0, 12, 31, 300, 24 + 8 + 256 + 16};
    for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
        fake_start("1.0", 0);
        EXPECT(fake_image_good(FAKE_OTA_0));
        fake.app[FAKE_OTA_0][at[i]] ^= 0x80;
        EXPECT(!fake_image_good(FAKE_OTA_0));
    }
}

/* What is chosen goes into the entry that is not in use; writing an app forgets that one. */
static void choosing(void)
{
    fake_start("1.0", 0);
    write_app();
    EXPECT(esp_ota_end(handle) == ESP_OK && esp_ota_set_boot_partition(ota_1) == ESP_OK);
    EXPECT(fake.otadata[0].seq == 1 && fake.otadata[0].state == ESP_OTA_IMG_VALID);
    EXPECT(fake.otadata[1].seq == 2 && fake.otadata[1].state == ESP_OTA_IMG_NEW);
    fake_boot();
    EXPECT(fake.running == FAKE_OTA_1 && fake.otadata[1].state == ESP_OTA_IMG_PENDING_VERIFY);
    EXPECT(esp_ota_get_state_partition(ota_0, &state) == ESP_OK && state == ESP_OTA_IMG_VALID);
    EXPECT(esp_ota_mark_app_valid_cancel_rollback() == ESP_OK);
    EXPECT(esp_ota_begin(ota_0, OTA_WITH_SEQUENTIAL_WRITES, &handle) == ESP_OK);
    EXPECT(fake.otadata[0].seq == UINT32_MAX && fake.otadata[1].seq == 2);
    EXPECT(esp_ota_get_state_partition(ota_0, &state) == ESP_ERR_NOT_FOUND);
    EXPECT(esp_ota_mark_app_invalid_rollback_and_reboot() == ESP_ERR_OTA_ROLLBACK_FAILED);
    fake_boot();
    EXPECT(fake.running == FAKE_OTA_1);
}

static void going_back(void)
{
    fake_start("1.0", 0);
    write_app();
    EXPECT(esp_ota_end(handle) == ESP_OK && esp_ota_set_boot_partition(ota_1) == ESP_OK);
    EXPECT(esp_ota_get_last_invalid_partition() == NULL);
    fake_boot();
    fake_boot(); /* it was not confirmed */
    EXPECT(fake.running == FAKE_OTA_0 && fake.otadata[1].state == ESP_OTA_IMG_ABORTED);
    EXPECT(esp_ota_get_last_invalid_partition() == ota_1);
    memset(fake.app[FAKE_OTA_0], 0xFF, FAKE_SECTOR); /* the one that is chosen is not good */
    fake_boot();
    EXPECT(fake.running == FAKE_OTA_1);
}

static void from_factory(void)
{
    start_factory();
    EXPECT(factory->subtype == ESP_PARTITION_SUBTYPE_APP_FACTORY);
    EXPECT(esp_ota_get_next_update_partition(NULL) == ota_0);
    EXPECT(esp_ota_get_state_partition(factory, &state) == ESP_ERR_NOT_SUPPORTED);
    EXPECT(esp_ota_mark_app_valid_cancel_rollback() == ESP_FAIL);
    EXPECT(esp_ota_mark_app_invalid_rollback_and_reboot() == ESP_FAIL);
    EXPECT(esp_ota_begin(factory, OTA_WITH_SEQUENTIAL_WRITES, &handle) == ESP_ERR_INVALID_ARG);
    write_app();
    EXPECT(esp_ota_end(handle) == ESP_OK && esp_ota_set_boot_partition(ota_1) == ESP_OK);
    EXPECT(fake.otadata[0].seq == 2 && fake.otadata[1].seq == UINT32_MAX);
    fake_boot();
    EXPECT(fake.running == FAKE_OTA_1);
    fake_boot();
    EXPECT(fake.running == FAKE_FACTORY);
    EXPECT(esp_ota_set_boot_partition(factory) == ESP_OK);
    EXPECT(fake.otadata[0].seq == UINT32_MAX && fake.otadata[1].seq == UINT32_MAX);
}

/* Without factory, the first start of ota_0 is noted; but not when both entries were given up. */
static void without_otadata(void)
{
    fake_start("1.0", 0);
    memset(fake.otadata, 0xFF, sizeof(fake.otadata));
    fake_boot();
    EXPECT(fake.running == FAKE_OTA_0);
    EXPECT(fake.otadata[0].seq == 1 && fake.otadata[0].state == ESP_OTA_IMG_VALID);
    fake.otadata[0].state = ESP_OTA_IMG_PENDING_VERIFY;
    fake_boot();
    EXPECT(fake.running == FAKE_OTA_0 && fake.otadata[0].state == ESP_OTA_IMG_ABORTED);
    EXPECT(esp_ota_mark_app_valid_cancel_rollback() == ESP_FAIL);
}

int device_facts(void)
{
    starting();
    sizes();
    writing();
    images();
    choosing();
    going_back();
    from_factory();
    without_otadata();
    return 0;
}
