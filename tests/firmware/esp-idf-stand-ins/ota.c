/* SPDX-License-Identifier: Apache-2.0
 *
 * esp_ota_ops of ESP-IDF 5.5 with CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE, and stricter where that
 * finds mistakes.
 */
#include "fake.h"
#include "sdkconfig.h"
#include <string.h>

#define DESC_AT 32
#define MIN_OTA_STACK 8192 /* to verify an image */

static esp_partition_t partitions[FAKE_APPS] = {
    {ESP_PARTITION_SUBTYPE_APP_OTA_0, 0x20000, FAKE_SLOT_SIZE, "ota_0"},
    {ESP_PARTITION_SUBTYPE_APP_OTA_1, 0x320000, FAKE_SLOT_SIZE, "ota_1"},
    {ESP_PARTITION_SUBTYPE_APP_FACTORY, 0x620000, FAKE_SLOT_SIZE, "factory"}};

static int slot_of(const struct fake_otadata *entry)
{
    return (int)((entry->seq - 1) % (uint32_t)fake.slots);
}

static int app_of(const esp_partition_t *partition)
{
    return (int)(partition - partitions);
}

static const esp_partition_t *partition_of(int app)
{
    partitions[app].size = fake.slot_size;
    return &partitions[app];
}

const esp_app_desc_t *esp_app_get_description(void)
{
    static esp_app_desc_t desc;
    memcpy(&desc, fake.app[fake.running] + DESC_AT, sizeof(desc));
    return &desc;
}

const esp_partition_t *esp_ota_get_running_partition(void)
{
    return partition_of(fake.running);
}

/* With one OTA partition alone, that is the one that runs. */
const esp_partition_t *esp_ota_get_next_update_partition(const esp_partition_t *start_from)
{
    int from = start_from != NULL ? app_of(start_from) : fake.running;
    if (fake.slots == 0) {
        return NULL;
    }
    return partition_of(from == FAKE_OTA_0 && fake.slots > 1 ? FAKE_OTA_1 : FAKE_OTA_0);
}

esp_err_t esp_ota_get_partition_description(const esp_partition_t *partition, esp_app_desc_t *desc)
{
    esp_err_t err = fake_result("esp_ota_get_partition_description");
    if (err != ESP_OK) {
        return err;
    }
    memcpy(desc, fake.app[app_of(partition)] + DESC_AT, sizeof(*desc));
    return desc->magic_word == 0xABCD5432 ? ESP_OK : ESP_ERR_NOT_FOUND;
}

esp_err_t esp_partition_read(const esp_partition_t *partition, size_t from, void *to, size_t size)
{
    esp_err_t err = fake_result("esp_partition_read");
    if (err == ESP_OK && (from > partition->size || size > partition->size - from)) {
        return ESP_ERR_INVALID_SIZE;
    }
    if (err == ESP_OK) {
        memcpy(to, fake.app[app_of(partition)] + from, size);
    }
    return err;
}

/* ---- Writing --------------------------------------------------------------------------------- */

static void need_handle(esp_ota_handle_t handle)
{
    if (handle == 0 || handle != fake.handle) {
        fake_wrong("no such OTA handle");
    }
}

/* The app from before is not gone back to any more, once another is written in its place. */
static void forget_app_before(void)
{
    int active = fake_active_otadata(), other = !active;
    if (active >= 0 && fake_otadata_crc_good(&fake.otadata[other]) &&
        slot_of(&fake.otadata[other]) != fake.running && !fake_fails("erase_otadata")) {
        memset(&fake.otadata[other], 0xFF, sizeof(fake.otadata[other]));
    }
}

/* A size of which nothing is known erases all of it; any other as many sectors. */
static esp_err_t erase_for(int app, size_t size)
{
    size_t whole = fake.slot_size;
    size_t sectors = size == 0 || size == OTA_SIZE_UNKNOWN
                         ? whole
                         : (size + FAKE_SECTOR - 1) / FAKE_SECTOR * FAKE_SECTOR;
    if (sectors > whole) {
        return ESP_ERR_INVALID_SIZE;
    }
    esp_err_t err = fake_result("erase_slot");
    if (err == ESP_OK) {
        memset(fake.app[app], 0xFF, sectors);
    }
    return err;
}

esp_err_t esp_ota_begin(const esp_partition_t *partition, size_t size, esp_ota_handle_t *handle)
{
    esp_ota_img_states_t state;
    if (partition == NULL || handle == NULL ||
        partition->subtype == ESP_PARTITION_SUBTYPE_APP_FACTORY) {
        return ESP_ERR_INVALID_ARG;
    }
    if (app_of(partition) == fake.running) {
        return ESP_ERR_OTA_PARTITION_CONFLICT;
    }
    if (esp_ota_get_state_partition(esp_ota_get_running_partition(), &state) == ESP_OK &&
        state == ESP_OTA_IMG_PENDING_VERIFY) {
        return ESP_ERR_OTA_ROLLBACK_INVALID_STATE;
    }
    if (fake.handle != 0) {
        fake_wrong("esp_ota_begin: one is open");
    }
    esp_err_t err = fake_result("esp_ota_begin");
    if (err != ESP_OK) {
        return err;
    }
    fake.handle = *handle = 7; /* stays, even if what follows fails */
    fake.updated = app_of(partition);
    fake.written = 0;
    err = size != OTA_WITH_SEQUENTIAL_WRITES ? erase_for(fake.updated, size) : ESP_OK;
    if (err == ESP_OK) {
        forget_app_before();
    }
    return err;
}

esp_err_t esp_ota_write(esp_ota_handle_t handle, const void *data, size_t size)
{
    need_handle(handle);
    if (data == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    if (size == 0) {
        return ESP_OK;
    }
    if (fake.written == 0 && *(const uint8_t *)data != 0xE9) {
        return ESP_ERR_OTA_VALIDATE_FAILED;
    }
    if (size > fake.slot_size - fake.written) {
        return ESP_ERR_INVALID_SIZE;
    }
    esp_err_t err = fake_result("esp_ota_write");
    if (err == ESP_OK) {
        memcpy(fake.app[fake.updated] + fake.written, data, size);
        fake.written += (uint32_t)size;
    }
    return err;
}

static bool verified(int app)
{
    if (fake.reset != NULL && fake.stack < MIN_OTA_STACK) {
        fake_wrong("an image is verified on a small stack");
    }
    return fake_image_good(app);
}

esp_err_t esp_ota_end(esp_ota_handle_t handle)
{
    need_handle(handle);
    fake.handle = 0;
    if (fake.written == 0) {
        return ESP_ERR_INVALID_ARG;
    }
    esp_err_t err = fake_result("esp_ota_end");
    return err == ESP_OK && !verified(fake.updated) ? ESP_ERR_OTA_VALIDATE_FAILED : err;
}

esp_err_t esp_ota_abort(esp_ota_handle_t handle)
{
    need_handle(handle);
    fake.handle = 0;
    return ESP_OK;
}

/* ---- Choosing -------------------------------------------------------------------------------- */

/* Factory is what starts when there are no OTA data. */
static esp_err_t choose_factory(void)
{
    for (int i = 0; i < 2; i++) {
        esp_err_t err = fake_result("erase_otadata");
        if (err != ESP_OK) {
            return err;
        }
        memset(&fake.otadata[i], 0xFF, sizeof(fake.otadata[i]));
    }
    return ESP_OK;
}

/* The next number that names this slot, into the entry that is not in use. */
static esp_err_t choose_slot(int app)
{
    int active = fake_active_otadata();
    uint32_t seq = (uint32_t)app + 1;
    if (active < 0) {
        return fake_write_otadata(0, fake_otadata_for(seq, ESP_OTA_IMG_NEW));
    }
    seq %= (uint32_t)fake.slots;
    while (seq < fake.otadata[active].seq) {
        seq += (uint32_t)fake.slots;
    }
    return fake_write_otadata(!active, fake_otadata_for(seq, ESP_OTA_IMG_NEW));
}

esp_err_t esp_ota_set_boot_partition(const esp_partition_t *partition)
{
    if (partition == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    int app = app_of(partition);
    esp_err_t err = fake_result("esp_ota_set_boot_partition");
    if (err != ESP_OK) {
        return err;
    }
    if (!verified(app)) {
        return ESP_ERR_OTA_VALIDATE_FAILED;
    }
    return app == FAKE_FACTORY ? choose_factory() : choose_slot(app);
}

esp_err_t esp_ota_get_state_partition(const esp_partition_t *partition, esp_ota_img_states_t *state)
{
    if (partition->subtype == ESP_PARTITION_SUBTYPE_APP_FACTORY) {
        return ESP_ERR_NOT_SUPPORTED;
    }
    if (fake_fails("esp_ota_get_state_partition")) {
        return ESP_ERR_NOT_FOUND;
    }
    for (int i = 0; i < 2; i++) {
        const struct fake_otadata *entry = &fake.otadata[i];
        if (fake_otadata_crc_good(entry) && slot_of(entry) == app_of(partition)) {
            *state = (esp_ota_img_states_t)entry->state;
            return ESP_OK;
        }
    }
    return ESP_ERR_NOT_FOUND;
}

const esp_partition_t *esp_ota_get_last_invalid_partition(void)
{
    int found = -1;
    for (int i = 0; i < 2; i++) {
        const struct fake_otadata *entry = &fake.otadata[i];
        bool invalid = fake_otadata_crc_good(entry) &&
                       (entry->state == ESP_OTA_IMG_INVALID || entry->state == ESP_OTA_IMG_ABORTED);
        if (invalid && (found < 0 || entry->seq < fake.otadata[found].seq)) {
            found = i;
        }
    }
    int app = found < 0 ? -1 : slot_of(&fake.otadata[found]);
    return app >= 0 && fake_image_good(app) ? partition_of(app) : NULL;
}

/* ---- Confirming ------------------------------------------------------------------------------ */

static esp_err_t note_state(int i, uint32_t state)
{
    struct fake_otadata entry = fake.otadata[i];
    entry.state = state;
    return fake_write_otadata(i, entry);
}

/* Also what starts because the OTA data are empty is called a factory app. */
esp_err_t esp_ota_mark_app_valid_cancel_rollback(void)
{
    int active = fake_active_otadata();
    if (active < 0) {
        return ESP_FAIL;
    }
    esp_err_t err = fake_result("esp_ota_mark_app_valid_cancel_rollback");
    if (err != ESP_OK || fake.otadata[active].state == ESP_OTA_IMG_VALID) {
        return err;
    }
    return note_state(active, ESP_OTA_IMG_VALID);
}

static bool can_go_back(int active)
{
    const struct fake_otadata *before = &fake.otadata[!active];
    bool named = fake_otadata_crc_good(before) && before->state != ESP_OTA_IMG_INVALID &&
                 before->state != ESP_OTA_IMG_ABORTED;
    return named ? fake_image_good(slot_of(before)) : fake.factory && fake_image_good(FAKE_FACTORY);
}

esp_err_t esp_ota_mark_app_invalid_rollback_and_reboot(void)
{
    int active = fake_active_otadata();
    if (active < 0) {
        return ESP_FAIL;
    }
    if (!can_go_back(active)) {
        return ESP_ERR_OTA_ROLLBACK_FAILED;
    }
    esp_err_t err = fake_result("esp_ota_mark_app_invalid_rollback_and_reboot");
    err = err == ESP_OK ? note_state(active, ESP_OTA_IMG_INVALID) : err;
    if (err == ESP_OK) {
        fake_stop(FAKE_RESTART);
    }
    return err;
}
