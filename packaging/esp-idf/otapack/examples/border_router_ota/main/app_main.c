/* SPDX-License-Identifier: Apache-2.0
 *
 * A border router that looks for an update whenever it starts.
 */
#include "esp_crt_bundle.h"
#include "esp_event.h"
#include "esp_http_client.h"
#include "esp_log.h"
#include "esp_netif.h"
#include "esp_rcp_update.h"
#include "esp_spiffs.h"
#include "esp_system.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "sdkconfig.h"
#include "update.h"

static const char TAG[] = "example";

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

/* The body of the answer, as it comes. */
static esp_err_t receive(esp_http_client_handle_t client, struct update *update)
{
    static char buffer[1024];
    int n;
    while ((n = esp_http_client_read(client, buffer, sizeof(buffer))) > 0) {
        esp_err_t err = update_receive(update, buffer, (size_t)n);
        if (err != ESP_OK) {
            return err;
        }
    }
    return n == 0 && esp_http_client_is_complete_data_received(client) ? ESP_OK : ESP_FAIL;
}

static esp_err_t update_from(esp_http_client_handle_t client)
{
    static struct update update;
    esp_err_t err = esp_http_client_open(client, 0);
    if (err != ESP_OK) {
        return err;
    }
    int64_t length = esp_http_client_fetch_headers(client);
    if (esp_http_client_get_status_code(client) != 200) {
        return ESP_ERR_NOT_FOUND;
    }
    struct update_options options = {.size_known = length > 0, .size = (uint64_t)length};
    err = update_begin(&update, &options);
    err = err == ESP_OK ? receive(client, &update) : err;
    if (err != ESP_OK) {
        update_abort(&update);
        return err;
    }
    return update_end(&update);
}

static esp_err_t download(const char *url)
{
    esp_http_client_config_t config = {
        .url = url,
        .timeout_ms = 10000,
        .keep_alive_enable = true,
        .crt_bundle_attach = esp_crt_bundle_attach,
    };
    esp_http_client_handle_t client = esp_http_client_init(&config);
    if (client == NULL) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = update_from(client);
    (void)esp_http_client_cleanup(client);
    return err;
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(start_rcp_update());
    /* A device with the other RCP firmware is better than one that does not start. */
    ESP_ERROR_CHECK_WITHOUT_ABORT(update_settle());

    /* Start the border router here. That compares the RCP's version, and flashes the RCP if need
     * be. Once the RCP answers, this host stays: */
    ESP_ERROR_CHECK(esp_ota_mark_app_valid_cancel_rollback());

    ESP_ERROR_CHECK(example_connect());
    esp_err_t err = download(CONFIG_EXAMPLE_UPDATE_URL);
    if (err == ESP_OK) {
        esp_restart();
    }
    ESP_LOGI(TAG, "no update: %s", esp_err_to_name(err));
}
