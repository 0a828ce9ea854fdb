/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_RCP_UPDATE_H
#define STAND_IN_ESP_RCP_UPDATE_H

#include "esp_err.h"
#include <stdbool.h>
#include <stdint.h>

enum { RCP_TYPE_UART = 1, ESP32H2_CHIP = 8 };

typedef struct {
    int rcp_type;
    int uart_rx_pin;
    int uart_tx_pin;
    int uart_port;
    int uart_baudrate;
    int reset_pin;
    int boot_pin;
    uint32_t update_baudrate;
    char firmware_dir[20];
    int target_chip;
} esp_rcp_update_config_t;

esp_err_t esp_rcp_update_init(const esp_rcp_update_config_t *config);
const char *esp_rcp_get_firmware_dir(void);
int8_t esp_rcp_get_update_seq(void);
int8_t esp_rcp_get_next_update_seq(void);
esp_err_t esp_rcp_submit_new_image(void);
esp_err_t esp_rcp_update(void);
esp_err_t esp_rcp_mark_image_verified(bool verified);

#endif
