/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_ESP_LOG_H
#define STAND_IN_ESP_LOG_H

/* The compiler is to look at what is logged. */
void stand_in_log(char level, const char *tag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define ESP_LOGE(tag, ...) stand_in_log('E', tag, __VA_ARGS__)
#define ESP_LOGW(tag, ...) stand_in_log('W', tag, __VA_ARGS__)
#define ESP_LOGI(tag, ...) stand_in_log('I', tag, __VA_ARGS__)

#endif
