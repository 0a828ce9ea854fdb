/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_SYSTEM_H
#define STAND_IN_ESP_SYSTEM_H

void esp_restart(void) __attribute__((noreturn));

#endif
