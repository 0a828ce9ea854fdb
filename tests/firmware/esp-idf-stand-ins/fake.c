/* SPDX-License-Identifier: Apache-2.0
 *
 * The device itself, and what goes wrong with it.
 */
#include "fake.h"
#include "esp_http_client.h"
#include "esp_log.h"
#include "nvs_flash.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct fake fake;
int stand_in_chip = 9;
const char *stand_in_trusted_keys = "";

void fake_start(const char *version, uint32_t secure_version)
{
    memset(&fake, 0, sizeof(fake));
    memset(fake.app, 0xFF, sizeof(fake.app));
    memset(fake.otadata, 0xFF, sizeof(fake.otadata));
    fake_install(FAKE_OTA_0, version, secure_version, 0xA0);
    fake.otadata[0] = fake_otadata_for(1, ESP_OTA_IMG_VALID);
    fake.slots = 2;
    fake.slot_size = FAKE_SLOT_SIZE;
    fake.stack = FAKE_MAIN_STACK;
}

/* A hash changes nothing in flash: where it is computed, power need not be cut. */
static bool is_meant(const char *name)
{
    if (fake.fail_name == NULL) {
        return false;
    }
    return strcmp(fake.fail_name, FAKE_ANY) == 0 ? !fake.cut_power || strncmp(name, "psa_", 4) != 0
                                                 : strcmp(fake.fail_name, name) == 0;
}

bool fake_fails(const char *name)
{
    if (!is_meant(name) || fake.fail_call == 0 || --fake.fail_call != 0) {
        return false;
    }
    stand_in_log('I', "stand-in", fake.cut_power ? "the power is cut at %s" : "%s fails", name);
    if (fake.cut_power) {
        fake_stop(FAKE_NO_POWER);
    }
    return true;
}

esp_err_t fake_result(const char *name)
{
    return fake_fails(name) ? fake.fail_code : ESP_OK;
}

void fake_stop(enum fake_stop why)
{
    if (fake.reset == NULL) {
        fake_wrong("the device stops");
    }
    fake_lose_files();
    fake.stack = FAKE_MAIN_STACK;
    fake.task_end = NULL;
    fake.handle = 0;
    fake.hashes = 0;
    longjmp(*fake.reset, why);
}

void fake_wrong(const char *what)
{
    fprintf(stderr, "stand-in: %s\n", what);
    exit(3);
}

/* ---- Errors and logs ------------------------------------------------------------------------- */

const char *esp_err_to_name(esp_err_t code)
{
#define NAME(code)                                                                                 \
    {                                                                                              \
        code, #code                                                                                \
    }
    static const struct {
        esp_err_t code;
        const char *name;
    } names[] = {
        NAME(ESP_OK),
        NAME(ESP_FAIL),
        NAME(ESP_ERR_NO_MEM),
        NAME(ESP_ERR_INVALID_ARG),
        NAME(ESP_ERR_INVALID_STATE),
        NAME(ESP_ERR_INVALID_SIZE),
        NAME(ESP_ERR_NOT_FOUND),
        NAME(ESP_ERR_NOT_SUPPORTED),
        NAME(ESP_ERR_TIMEOUT),
        NAME(ESP_ERR_INVALID_RESPONSE),
        NAME(ESP_ERR_INVALID_CRC),
        NAME(ESP_ERR_INVALID_VERSION),
        NAME(ESP_ERR_NVS_NO_FREE_PAGES),
        NAME(ESP_ERR_NVS_NEW_VERSION_FOUND),
        NAME(ESP_ERR_OTA_PARTITION_CONFLICT),
        NAME(ESP_ERR_OTA_VALIDATE_FAILED),
        NAME(ESP_ERR_OTA_SMALL_SEC_VER),
        NAME(ESP_ERR_OTA_ROLLBACK_FAILED),
        NAME(ESP_ERR_OTA_ROLLBACK_INVALID_STATE),
        NAME(ESP_ERR_HTTP_MAX_REDIRECT),
        NAME(ESP_ERR_HTTP_CONNECT),
    };
#undef NAME
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].code == code) {
            return names[i].name;
        }
    }
    return "another";
}

void stand_in_check(esp_err_t code, const char *call)
{
    if (code != ESP_OK) {
        stand_in_log('E', "abort", "%s: %s", call, esp_err_to_name(code));
        fake_stop(FAKE_ABORT);
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
