/* SPDX-License-Identifier: Apache-2.0 */
#include "update_rcp.h"
#include "esp_log.h"
#include "esp_rcp_update.h"
#include <errno.h>
#include <string.h>

#define RCP_IMAGE "rcp_image" /* the name under which esp_rcp_update looks for it */
#define RCP_OWNER "owner"
#define PATH_SIZE 48

static const char TAG[] = "update";

static void storage_path(char path[PATH_SIZE], int8_t seq, const char *name)
{
    (void)snprintf(path, PATH_SIZE, "%s_%d/%s", esp_rcp_get_firmware_dir(), seq, name);
}

static esp_err_t storage_failed(const char *path)
{
    ESP_LOGE(TAG, "%s: %s", path, strerror(errno));
    return ESP_FAIL;
}

esp_err_t update_rcp_open(FILE **file, int8_t *seq)
{
    char path[PATH_SIZE];
    *seq = esp_rcp_get_next_update_seq();
    if (update_rcp_disown(*seq) != ESP_OK) {
        return ESP_FAIL;
    }
    storage_path(path, *seq, RCP_IMAGE);
    *file = fopen(path, "wb");
    return *file != NULL ? ESP_OK : storage_failed(path);
}

esp_err_t update_rcp_write(FILE *file, const uint8_t *bytes, size_t n)
{
    return fwrite(bytes, 1, n, file) == n ? ESP_OK : storage_failed(RCP_IMAGE);
}

esp_err_t update_rcp_close(FILE *file)
{
    return fclose(file) == 0 ? ESP_OK : storage_failed(RCP_IMAGE);
}

esp_err_t update_rcp_reopen(FILE **file, int8_t seq)
{
    char path[PATH_SIZE];
    storage_path(path, seq, RCP_IMAGE);
    *file = fopen(path, "rb");
    return *file != NULL ? ESP_OK : storage_failed(path);
}

bool update_rcp_read(void *file, uint64_t at, uint8_t *to, size_t n)
{
    return fseek(file, (long)at, SEEK_SET) == 0 && fread(to, 1, n, file) == n;
}

esp_err_t update_rcp_own(int8_t seq, const uint8_t elf_sha256[32])
{
    char path[PATH_SIZE];
    storage_path(path, seq, RCP_OWNER);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return storage_failed(path);
    }
    bool written = fwrite(elf_sha256, 1, 32, file) == 32;
    return fclose(file) == 0 && written ? ESP_OK : storage_failed(path);
}

esp_err_t update_rcp_disown(int8_t seq)
{
    char path[PATH_SIZE];
    storage_path(path, seq, RCP_OWNER);
    return remove(path) == 0 || errno == ENOENT ? ESP_OK : storage_failed(path);
}

enum update_owner update_rcp_owner(int8_t seq, const uint8_t elf_sha256[32])
{
    char path[PATH_SIZE];
    uint8_t said[32];
    storage_path(path, seq, RCP_OWNER);
    FILE *file = fopen(path, "rb");
    if (file == NULL && errno == ENOENT) {
        return OWNER_UNKNOWN;
    }
    if (file == NULL) {
        (void)storage_failed(path);
        return OWNER_UNREADABLE;
    }
    bool whole = fread(said, 1, sizeof(said), file) == sizeof(said);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (!whole) {
        return failed ? OWNER_UNREADABLE : OWNER_UNKNOWN;
    }
    return memcmp(said, elf_sha256, sizeof(said)) == 0 ? OWNER_IS_IT : OWNER_IS_ANOTHER;
}
