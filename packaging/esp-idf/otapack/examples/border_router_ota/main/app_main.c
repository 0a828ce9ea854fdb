/* SPDX-License-Identifier: Apache-2.0
 *
 * A border router that looks for an update whenever it starts.
 */
#include "download.h"
#include "esp_event.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "esp_rcp_update.h"
#include "esp_spiffs.h"
#include "esp_system.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "sdkconfig.h"
#include "update.h"

static const char TAG[] = "example";

/* NVS that was cut short, or written by a newer ESP-IDF, is of no use, and is made anew. */
static esp_err_t start_nvs(void)
{
    esp_err_t err = nvs_flash_init();
    if (err == ESP_ERR_NVS_NO_FREE_PAGES || err == ESP_ERR_NVS_NEW_VERSION_FOUND) {
        ESP_LOGW(TAG, "NVS is erased: %s", esp_err_to_name(err));
        err = nvs_flash_erase();
        err = err == ESP_OK ? nvs_flash_init() : err;
    }
    return err;
}

/* The host's side of the wires to the RCP, and where its images are: /rcp_fw/ot_rcp_0, .._1. */
static esp_err_t start_rcp_update(void)
{
    esp_vfs_spiffs_conf_t storage = {
        .base_path = "/rcp_fw", .partition_label = "rcp_fw", .max_files = 4};
    esp_rcp_update_config_t rcp = {
        .rcp_type = RCP_TYPE_UART,
        .uart_rx_pin = CONFIG_EXAMPLE_RCP_RX_PIN,
        .uart_tx_pin = CONFIG_EXAMPLE_RCP_TX_PIN,
        .uart_port = 1,
        .uart_baudrate = 115200,
        .reset_pin = CONFIG_EXAMPLE_RCP_RESET_PIN,
        .boot_pin = CONFIG_EXAMPLE_RCP_BOOT_PIN,
        .update_baudrate = 460800,
        .firmware_dir = "/rcp_fw/ot_rcp",
        .target_chip = ESP32H2_CHIP,
    };
    esp_err_t err = esp_vfs_spiffs_register(&storage);
    return err == ESP_OK ? esp_rcp_update_init(&rcp) : err;
}

/*
 * A new host flashes its RCP itself. The border router would do so when it compares the versions,
 * but restarts after it: for a host that is not confirmed yet that is the way back.
 */
static esp_err_t flash_rcp(void)
{
    esp_err_t err = esp_rcp_update();
    esp_err_t noted = esp_rcp_mark_image_verified(err == ESP_OK);
    return err == ESP_OK ? noted : err;
}

/*
 * An image that may not be flashed is a reason for a new host to go, and none for one that is
 * confirmed: that one goes on with what its RCP has, and looks for an update, which brings another
 * image.
 */
static esp_err_t start_rcp(bool *may_flash)
{
    esp_err_t err = start_rcp_update();
    err = err == ESP_OK ? update_settle() : err;
    if (err != ESP_OK) {
        return err;
    }
    err = update_judge_rcp();
    *may_flash = err == ESP_OK;
    if (!update_is_unconfirmed()) {
        return ESP_OK;
    }
    return err == ESP_OK ? flash_rcp() : err;
}

/*
 * Start yours here: that the RCP answers it is part of the test. Where the RCP may not be flashed,
 * without esp_ot_register_rcp_handler and esp_ot_update_rcp_if_different, which do so.
 */
static esp_err_t start_border_router(bool may_flash)
{
    if (!may_flash) {
        ESP_LOGW(TAG, "the border router goes on with what the RCP has");
    }
    return ESP_OK;
}

static bool good(esp_err_t err, const char *what)
{
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "%s: %s", what, esp_err_to_name(err));
    }
    return err == ESP_OK;
}

/*
 * What this host has to manage so that it stays. Nothing here stops the device: what worked
 * yesterday may not work today, and a restart would not mend it.
 */
static bool self_test(void)
{
    bool may_flash = false;
    bool rcp = good(start_rcp(&may_flash), "the RCP");
    bool router = good(start_border_router(may_flash), "the border router");
    bool network = good(example_connect(), "the network");
    return rcp && router && network;
}

static void look_for_update(void *arg)
{
    (void)arg;
    esp_err_t err = download(CONFIG_EXAMPLE_UPDATE_URL);
    if (err == ESP_OK) {
        esp_restart();
    }
    ESP_LOGI(TAG, "no update: %s", esp_err_to_name(err));
    vTaskDelete(NULL);
}

void app_main(void)
{
    ESP_ERROR_CHECK(start_nvs());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());

    bool works = self_test();
    bool confirmed = good(update_confirm(works), "this host is not confirmed");
    if (works && confirmed &&
        xTaskCreate(look_for_update, "update", DOWNLOAD_STACK, NULL, 5, NULL) != pdPASS) {
        ESP_LOGE(TAG, "no memory for the update's task");
    }
}
