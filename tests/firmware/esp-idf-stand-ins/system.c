/* SPDX-License-Identifier: Apache-2.0
 *
 * The rest of what the example calls: NVS, network, tasks, restart.
 */
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_system.h"
#include "fake.h"
#include "freertos/task.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"

esp_err_t nvs_flash_init(void)
{
    return fake.nvs_init != ESP_OK ? fake.nvs_init : fake_result("nvs_flash_init");
}

/* With it goes which of the RCP's images is in use. */
esp_err_t nvs_flash_erase(void)
{
    esp_err_t err = fake_result("nvs_flash_erase");
    if (err == ESP_OK) {
        fake.nvs_init = ESP_OK;
        fake.nvs_seq = 0;
    }
    return err;
}

esp_err_t esp_netif_init(void)
{
    return fake_result("esp_netif_init");
}

esp_err_t esp_event_loop_create_default(void)
{
    return fake_result("esp_event_loop_create_default");
}

esp_err_t example_connect(void)
{
    bool down = fake.network_down || (fake.new_host_is_bad && fake.running != fake.first);
    return down ? ESP_FAIL : fake_result("example_connect");
}

/* It runs at once, and to its end. */
BaseType_t xTaskCreate(void (*task)(void *), const char *name, uint32_t stack, void *arg,
                       UBaseType_t priority, TaskHandle_t *handle)
{
    static jmp_buf end;
    (void)name, (void)priority, (void)handle;
    if (fake_fails("xTaskCreate")) {
        return -1;
    }
    fake.stack = stack;
    fake.task_end = &end;
    if (setjmp(end) == 0) {
        task(arg);
        fake_wrong("a task returned");
    }
    fake.stack = FAKE_MAIN_STACK;
    fake.task_end = NULL;
    return pdPASS;
}

void vTaskDelete(TaskHandle_t task)
{
    if (task != NULL || fake.task_end == NULL) {
        fake_wrong("a task that is none is deleted");
    }
    longjmp(*fake.task_end, 1);
}

void esp_restart(void)
{
    fake_stop(FAKE_RESTART);
}
