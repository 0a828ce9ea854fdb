/* SPDX-License-Identifier: Apache-2.0
 *
 * esp_rcp_update, its file system, which is the folder rcp_fw, and what fails there: the program is
 * linked with --wrap for the functions of stdio that begin with __wrap_.
 */
#include "esp_rcp_update.h"
#include "esp_spiffs.h"
#include "fake.h"
#include <errno.h>
#include <stdio_ext.h>
#include <string.h>

#define MAX_FILES 4

FILE *__real_fopen(const char *path, const char *mode);
int __real_fclose(FILE *file);
size_t __real_fread(void *bytes, size_t size, size_t n, FILE *file);
size_t __real_fwrite(const void *bytes, size_t size, size_t n, FILE *file);
int __real_fseek(FILE *file, long at, int from);
int __real_ferror(FILE *file);
int __real_remove(const char *path);
FILE *__wrap_fopen(const char *path, const char *mode);
int __wrap_fclose(FILE *file);
size_t __wrap_fread(void *bytes, size_t size, size_t n, FILE *file);
size_t __wrap_fwrite(const void *bytes, size_t size, size_t n, FILE *file);
int __wrap_fseek(FILE *file, long at, int from);
int __wrap_ferror(FILE *file);
int __wrap_remove(const char *path);

static FILE *files[MAX_FILES];
static const FILE *unreadable;

/* NULL: one that is free. */
static FILE **place_of(const FILE *file)
{
    for (int i = 0; i < MAX_FILES; i++) {
        if (files[i] == file) {
            return &files[i];
        }
    }
    return NULL;
}

static bool is_ours(const FILE *file)
{
    return file != NULL && place_of(file) != NULL;
}

static bool is_stored(const char *path)
{
    return strncmp(path, "rcp_fw/", 7) == 0;
}

static bool fails(const char *name)
{
    bool failing = fake_fails(name);
    errno = failing ? EIO : errno;
    return failing;
}

FILE *__wrap_fopen(const char *path, const char *mode)
{
    if (!is_stored(path)) {
        return __real_fopen(path, mode);
    }
    bool failed = fails("fopen");
    if (!failed && mode[0] == 'w') {
        (void)__real_remove(path); /* a file system that empties a file may take its time */
    }
    FILE *file = failed ? NULL : __real_fopen(path, mode);
    FILE **place = place_of(NULL);
    if (file != NULL && place == NULL) {
        fake_wrong("more files than SPIFFS was told of");
    }
    if (file != NULL) {
        *place = file;
    }
    return file;
}

int __wrap_fclose(FILE *file)
{
    if (!is_ours(file)) {
        return __real_fclose(file);
    }
    bool failed = fails("fclose");
    *place_of(file) = NULL;
    if (failed) {
        __fpurge(file);
    }
    return __real_fclose(file) != 0 || failed ? EOF : 0;
}

size_t __wrap_fread(void *bytes, size_t size, size_t n, FILE *file)
{
    if (!is_ours(file)) {
        return __real_fread(bytes, size, n, file);
    }
    unreadable = fails("fread") ? file : NULL;
    return unreadable != NULL ? 0 : __real_fread(bytes, size, n, file);
}

int __wrap_fseek(FILE *file, long at, int from)
{
    return is_ours(file) && fails("fseek") ? -1 : __real_fseek(file, at, from);
}

int __wrap_ferror(FILE *file)
{
    return is_ours(file) && unreadable == file ? 1 : __real_ferror(file);
}

size_t __wrap_fwrite(const void *bytes, size_t size, size_t n, FILE *file)
{
    if (!is_ours(file)) {
        return __real_fwrite(bytes, size, n, file);
    }
    if (fails("fwrite")) {
        return 0;
    }
    size_t written = __real_fwrite(bytes, size, n, file);
    if (fake.storage_lies) {
        fake.storage_lies = false;
        (void)__real_fseek(file, -1, SEEK_CUR);
        (void)fputc(~((const uint8_t *)bytes)[size * n - 1], file);
    }
    return written;
}

int __wrap_remove(const char *path)
{
    return is_stored(path) && fails("remove") ? -1 : __real_remove(path);
}

void fake_lose_files(void)
{
    for (int i = 0; i < MAX_FILES; i++) {
        if (files[i] != NULL) {
            __fpurge(files[i]);
            (void)__real_fclose(files[i]);
        }
        files[i] = NULL;
    }
}

/* ---- The RCP's images ------------------------------------------------------------------------ */

esp_err_t esp_vfs_spiffs_register(const esp_vfs_spiffs_conf_t *conf)
{
    esp_err_t err = fake_result("esp_vfs_spiffs_register");
    return err == ESP_OK && strcmp(conf->partition_label, "rcp_fw") != 0 ? ESP_ERR_NOT_FOUND : err;
}

esp_err_t esp_rcp_update_init(const esp_rcp_update_config_t *config)
{
    esp_err_t err = fake_result("esp_rcp_update_init");
    fake.seq = fake.nvs_seq;
    return err == ESP_OK && config->rcp_type != RCP_TYPE_UART ? ESP_ERR_INVALID_ARG : err;
}

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

/* Flashes the RCP with the image in use. */
esp_err_t esp_rcp_update(void)
{
    esp_err_t err = fake_result("esp_rcp_update");
    if (err == ESP_OK) {
        fake.rcp_has = fake.seq;
    }
    return err;
}

/* One that is not verified is given up for the other. */
esp_err_t esp_rcp_mark_image_verified(bool verified)
{
    fake.seq = verified ? fake.seq : esp_rcp_get_next_update_seq();
    esp_err_t err = fake_result("esp_rcp_mark_image_verified");
    if (err == ESP_OK) {
        fake.nvs_seq = fake.seq;
    }
    return err;
}
