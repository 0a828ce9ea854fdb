/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_SDKCONFIG_H
#define STAND_IN_SDKCONFIG_H

#define CONFIG_IDF_FIRMWARE_CHIP_ID stand_in_chip /* an ESP32-S3, unless a test says otherwise */
#define CONFIG_EXAMPLE_UPDATE_URL "https://example.com/br-ota.bin"
#define CONFIG_EXAMPLE_TRUSTED_KEYS stand_in_trusted_keys
#define CONFIG_EXAMPLE_RCP_RX_PIN 17
#define CONFIG_EXAMPLE_RCP_TX_PIN 18
#define CONFIG_EXAMPLE_RCP_RESET_PIN 7
#define CONFIG_EXAMPLE_RCP_BOOT_PIN 8

extern int stand_in_chip;
extern const char *stand_in_trusted_keys;

#endif
