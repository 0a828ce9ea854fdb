/* SPDX-License-Identifier: Apache-2.0
 *
 * Just enough of ESP-IDF and of esp_rcp_update to run an update on this machine. Written from what
 * their documentation says that they do, and stricter where that finds mistakes.
 */
#include "fake.h"
#include "esp_app_desc.h"
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
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DESC_AT 32

struct fake fake;
int stand_in_chip = 9;

static esp_partition_t slots[2] = {{0x20000, FAKE_SLOT_SIZE, "ota_0"},
                                   {0x320000, FAKE_SLOT_SIZE, "ota_1"}};

bool fake_fails(const char *name)
{
    if (fake.fail_name == NULL || strcmp(fake.fail_name, name) != 0 || --fake.fail_call != 0) {
        return false;
    }
    if (fake.power != NULL) {
        longjmp(*fake.power, 1);
    }
    return true;
}

static esp_err_t result(const char *name)
{
    return fake_fails(name) ? fake.fail_code : ESP_OK;
}

/* ---- The device ---------------------------------------------------------------------------------
 */

void fake_start(const char *version, uint32_t secure_version)
{
    esp_app_desc_t desc = {.magic_word = 0xABCD5432, .secure_version = secure_version};
    memset(&fake, 0, sizeof(fake));
    memset(fake.slot, 0xFF, sizeof(fake.slot));
    memset(desc.app_elf_sha256, 0xA0, sizeof(desc.app_elf_sha256));
    (void)snprintf(desc.version, sizeof(desc.version), "%s", version);
    fake.slot[0][0] = 0xE9;
    memcpy(fake.slot[0] + DESC_AT, &desc, sizeof(desc));
    fake.other_slot = true;
    fake.slot_size = FAKE_SLOT_SIZE;
}

void fake_restart(void)
{
    fake.running = fake.boot;
    fake.seq = fake.nvs_seq;
    fake.handle = 0;
    fake.hashes = 0;
    fake.fail_name = NULL;
    fake.power = NULL;
}

const esp_app_desc_t *esp_app_get_description(void)
{
    static esp_app_desc_t desc;
    memcpy(&desc, fake.slot[fake.running] + DESC_AT, sizeof(desc));
    return &desc;
}

const char *esp_err_to_name(esp_err_t code)
{
    static const struct {
        esp_err_t code;
        const char *name;
    } names[] = {
        {ESP_OK, "ESP_OK"},
        {ESP_FAIL, "ESP_FAIL"},
        {ESP_ERR_INVALID_ARG, "ESP_ERR_INVALID_ARG"},
        {ESP_ERR_INVALID_STATE, "ESP_ERR_INVALID_STATE"},
        {ESP_ERR_INVALID_SIZE, "ESP_ERR_INVALID_SIZE"},
        {ESP_ERR_NOT_FOUND, "ESP_ERR_NOT_FOUND"},
        {ESP_ERR_NOT_SUPPORTED, "ESP_ERR_NOT_SUPPORTED"},
        {ESP_ERR_INVALID_CRC, "ESP_ERR_INVALID_CRC"},
        {ESP_ERR_INVALID_VERSION, "ESP_ERR_INVALID_VERSION"},
        {ESP_ERR_OTA_PARTITION_CONFLICT, "ESP_ERR_OTA_PARTITION_CONFLICT"},
        {ESP_ERR_OTA_VALIDATE_FAILED, "ESP_ERR_OTA_VALIDATE_FAILED"},
        {ESP_ERR_OTA_SMALL_SEC_VER, "ESP_ERR_OTA_SMALL_SEC_VER"},
        {ESP_ERR_OTA_ROLLBACK_INVALID_STATE, "ESP_ERR_OTA_ROLLBACK_INVALID_STATE"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return "another";
}

void stand_in_check(esp_err_t code, const char *call, int and_exit)
{
    if (code != ESP_OK) {
        fprintf(stderr, "%s: %s\n", call, esp_err_to_name(code));
    }
    if (code != ESP_OK && and_exit) {
        exit(3);
    }
}

void stand_in_log(char level, const char *tag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%c %s: ", level, tag);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
}

/* ---- OTA partitions -----------------------------------------------------------------------------
 */

const esp_partition_t *esp_ota_get_running_partition(void)
{
    return &slots[fake.running];
}

const esp_partition_t *esp_ota_get_next_update_partition(const esp_partition_t *start_from)
{
    (void)start_from;
    slots[!fake.running].size = fake.slot_size;
    return fake.other_slot ? &slots[!fake.running] : NULL;
}

esp_err_t esp_ota_begin(const esp_partition_t *partition, size_t size, esp_ota_handle_t *handle)
{
    if (fake.handle != 0) {
        fprintf(stderr, "esp_ota_begin: one is open\n");
        exit(3);
    }
    if (partition == &slots[fake.running]) {
        return ESP_ERR_OTA_PARTITION_CONFLICT;
    }
    if (fake.pending) {
        return ESP_ERR_OTA_ROLLBACK_INVALID_STATE;
    }
    if (size != OTA_WITH_SEQUENTIAL_WRITES) {
        return ESP_ERR_INVALID_ARG;
    }
    esp_err_t err = result("esp_ota_begin");
    if (err == ESP_OK) {
        fake.handle = *handle = 7;
        fake.written[!fake.running] = 0;
    }
    return err;
}

static void need_handle(esp_ota_handle_t handle, const char *call)
{
    if (handle == 0 || handle != fake.handle) {
        fprintf(stderr, "%s: no such handle\n", call);
        exit(3);
    }
}

esp_err_t esp_ota_write(esp_ota_handle_t handle, const void *data, size_t size)
{
    int slot = !fake.running;
    need_handle(handle, "esp_ota_write");
    if (fake.written[slot] == 0 && size > 0 && *(const uint8_t *)data != 0xE9) {
        return ESP_ERR_OTA_VALIDATE_FAILED;
    }
    if (size > FAKE_SLOT_SIZE - fake.written[slot]) {
        return ESP_ERR_INVALID_SIZE;
    }
    esp_err_t err = result("esp_ota_write");
    if (err == ESP_OK) {
        memcpy(fake.slot[slot] + fake.written[slot], data, size);
        fake.written[slot] += (uint32_t)size;
    }
    return err;
}

esp_err_t esp_ota_end(esp_ota_handle_t handle)
{
    need_handle(handle, "esp_ota_end");
    fake.handle = 0;
    return result("esp_ota_end");
}

esp_err_t esp_ota_abort(esp_ota_handle_t handle)
{
    need_handle(handle, "esp_ota_abort");
    fake.handle = 0;
    return ESP_OK;
}

esp_err_t esp_ota_set_boot_partition(const esp_partition_t *partition)
{
    int slot = (int)(partition - slots);
    esp_err_t err = result("esp_ota_set_boot_partition");
    if (err == ESP_OK && fake.slot[slot][0] != 0xE9) {
        err = ESP_ERR_OTA_VALIDATE_FAILED;
    }
    if (err == ESP_OK) {
        fake.boot = slot;
    }
    return err;
}

esp_err_t esp_ota_mark_app_valid_cancel_rollback(void)
{
    fake.pending = false;
    return ESP_OK;
}

/* ---- The RCP's images ---------------------------------------------------------------------------
 */

const char *esp_rcp_get_firmware_dir(void)
{
    return "rcp_fw/ot_rcp";
}

int8_t esp_rcp_get_update_seq(void)
{
    return fake.seq;
}

int8_t esp_rcp_get_next_update_seq(void)
{
    return (int8_t)(1 - fake.seq);
}

/* Like esp_rcp_update's: what is in memory has changed even if NVS says no. */
esp_err_t esp_rcp_submit_new_image(void)
{
    int8_t next = esp_rcp_get_next_update_seq();
    bool failed = fake_fails("esp_rcp_submit_new_image");
    fake.seq = next;
    if (failed) {
        return fake.fail_code;
    }
    fake.nvs_seq = next;
    return ESP_OK;
}

esp_err_t esp_rcp_update_init(const esp_rcp_update_config_t *config)
{
    return config->rcp_type == RCP_TYPE_UART ? ESP_OK : ESP_ERR_INVALID_ARG;
}

/* ---- What app_main calls ------------------------------------------------------------------------
 */

struct esp_http_client {
    FILE *file;
};

esp_http_client_handle_t esp_http_client_init(const esp_http_client_config_t *config)
{
    return config->url != NULL ? calloc(1, sizeof(struct esp_http_client)) : NULL;
}

esp_err_t esp_http_client_open(esp_http_client_handle_t client, int write_len)
{
    (void)write_len;
    client->file = fopen("download", "rb");
    return client->file != NULL ? ESP_OK : ESP_FAIL;
}

int64_t esp_http_client_fetch_headers(esp_http_client_handle_t client)
{
    (void)fseek(client->file, 0, SEEK_END);
    int64_t length = ftell(client->file);
    rewind(client->file);
    return length;
}

int esp_http_client_get_status_code(esp_http_client_handle_t client)
{
    (void)client;
    return 200;
}

int esp_http_client_read(esp_http_client_handle_t client, char *buffer, int len)
{
    return (int)fread(buffer, 1, (size_t)len, client->file);
}

bool esp_http_client_is_complete_data_received(esp_http_client_handle_t client)
{
    return feof(client->file) != 0;
}

esp_err_t esp_http_client_cleanup(esp_http_client_handle_t client)
{
    if (client->file != NULL) {
        (void)fclose(client->file);
    }
    free(client);
    return ESP_OK;
}

esp_err_t esp_crt_bundle_attach(void *conf)
{
    (void)conf;
    return ESP_OK;
}

esp_err_t esp_vfs_spiffs_register(const esp_vfs_spiffs_conf_t *conf)
{
    return strcmp(conf->partition_label, "rcp_fw") == 0 ? ESP_OK : ESP_ERR_NOT_FOUND;
}

esp_err_t nvs_flash_init(void)
{
    return ESP_OK;
}

esp_err_t esp_netif_init(void)
{
    return ESP_OK;
}

esp_err_t esp_event_loop_create_default(void)
{
    return ESP_OK;
}

esp_err_t example_connect(void)
{
    return ESP_OK;
}

void esp_restart(void)
{
    fake_restart();
}
