/* SPDX-License-Identifier: Apache-2.0
 *
 * What an update leaves to the next starts.
 */
#include "esp_app_desc.h"
#include "esp_log.h"
#include "esp_rcp_update.h"
#include "update.h"
#include "update_rcp.h"

static const char TAG[] = "update";

esp_err_t update_settle(void)
{
    const uint8_t *running = esp_app_get_description()->app_elf_sha256;
    int8_t current = esp_rcp_get_update_seq(), next = esp_rcp_get_next_update_seq();
    enum update_owner owner = update_rcp_owner(current, running);
    if (owner == OWNER_IS_IT) {
        return ESP_OK;
    }
    if (update_rcp_owner(next, running) == OWNER_IS_IT) {
        ESP_LOGW(TAG, "RCP image %d belongs to this host", next);
        esp_err_t err = esp_rcp_submit_new_image();
        /* Once: should the RCP not take it, esp_rcp_update goes back to the other, for good. */
        return err == ESP_OK ? update_rcp_disown(next) : err;
    }
    /* The image that the device was made with: now the bootloader can go back to this host too. */
    return owner == OWNER_UNKNOWN ? update_rcp_own(current, running) : ESP_OK;
}
