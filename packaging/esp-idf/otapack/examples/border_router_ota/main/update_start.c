/* SPDX-License-Identifier: Apache-2.0
 *
 * What an update leaves to the next starts.
 */
#include "esp_app_desc.h"
#include "esp_log.h"
#include "esp_rcp_update.h"
#include "esp_system.h"
#include "update.h"
#include "update_rcp.h"

static const char TAG[] = "update";

esp_err_t update_settle(void)
{
    const uint8_t *running = esp_app_get_description()->app_elf_sha256;
    int8_t current = esp_rcp_get_update_seq(), next = esp_rcp_get_next_update_seq();
    enum update_owner owner = update_rcp_owner(current, running);
    enum update_owner other = update_rcp_owner(next, running);
    if (owner == OWNER_IS_IT) {
        return ESP_OK;
    }
    if (owner == OWNER_UNREADABLE || other == OWNER_UNREADABLE) {
        return ESP_FAIL;
    }
    if (other == OWNER_IS_IT) {
        ESP_LOGW(TAG, "RCP image %d belongs to this host", next);
        esp_err_t err = esp_rcp_submit_new_image();
        /* Once: should the RCP not take it, esp_rcp_update goes back to the other, for good. */
        return err == ESP_OK ? update_rcp_disown(next) : err;
    }
    /* The image that the device was made with: now the bootloader can go back to this host too. */
    return owner == OWNER_UNKNOWN ? update_rcp_own(current, running) : ESP_OK;
}

/*
 * Only an OTA partition that the OTA data names has a state: a factory app has none, nor has what
 * starts because the OTA data are empty.
 */
bool update_is_unconfirmed(void)
{
    esp_ota_img_states_t state;
    esp_err_t err = esp_ota_get_state_partition(esp_ota_get_running_partition(), &state);
    return err == ESP_OK && state == ESP_OTA_IMG_PENDING_VERIFY;
}

esp_err_t update_confirm(bool works)
{
    if (!update_is_unconfirmed()) {
        return ESP_OK;
    }
    if (!works) {
        ESP_LOGE(TAG, "this host does not work; back to the one from before");
        esp_err_t err = esp_ota_mark_app_invalid_rollback_and_reboot();
        if (err != ESP_ERR_OTA_ROLLBACK_FAILED) {
            esp_restart(); /* it could not be noted; nor is this host confirmed, and that will do */
        }
        ESP_LOGE(TAG, "there is none; this one stays, for an update that mends it");
    }
    return esp_ota_mark_app_valid_cancel_rollback();
}
