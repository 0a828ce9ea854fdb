/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAND_IN_TASK_H
#define STAND_IN_TASK_H

#include "freertos/FreeRTOS.h"

typedef void *TaskHandle_t;

BaseType_t xTaskCreate(void (*task)(void *), const char *name, uint32_t stack, void *arg,
                       UBaseType_t priority, TaskHandle_t *handle);
void vTaskDelete(TaskHandle_t task);

#endif
