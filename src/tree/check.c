// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <string.h>

#include "text.h"

// The words of checks.def.
enum { FIXED = 0, ALLOWABLE = 1 };
enum {
    NOBODY = 0,
    ROM = WHO_ROM,
    BOOTLOADER = WHO_BOOTLOADER,
    OTA = WHO_OTA,
    UPDATER = WHO_UPDATER,
    EBOOT = WHO_EBOOT,
    REQUESTOR = WHO_REQUESTOR,
    BORDER_ROUTER = WHO_BORDER_ROUTER,
    SDK = WHO_SDK,
    ZIGBEE = WHO_ZIGBEE
};

const struct check checks[CHECK_COUNT] = {
#define CHECK(symbol, id, who, when, severity, allow, condition, follows, remedy)                  \
    [CHECK_##                                                                                      \
        symbol] = {id,        (who),   WHEN_##when, SEVERITY_##severity, (allow) == ALLOWABLE,     \
                   condition, follows, remedy},
#include "checks.def"
#undef CHECK
};

const struct check_actor check_actors[CHECK_WHO_COUNT] = {
    {"rom", "the chip's ROM"},
    {"bootloader", "the bootloader"},
    {"esp_ota", "esp_https_ota and esp_ota_end"},
    {"arduino_updater", "the Arduino Updater"},
    {"eboot", "eboot"},
    {"matter_requestor", "the Matter requestor"},
    {"border_router", "the border router"},
    {"nonos_sdk", "the update of the NONOS SDK"},
    {"zigbee_client", "the Zigbee client"},
};

const struct check_condition check_conditions[CHECK_WHEN_COUNT] = {
    [WHEN_ALWAYS] = {NULL, SEVERITY_WARN},
    [WHEN_HASH_LOOKED_AT] = {"in apps, and in bootloaders with Secure Boot v2", SEVERITY_WARN},
    [WHEN_PAGE_VARIES] = {"on chips whose MMU page size can be chosen", SEVERITY_WARN},
    [WHEN_SECURE_BOOT] = {"with Secure Boot, or where the app verifies signatures", SEVERITY_NOTE},
    [WHEN_SPI_MODE] = {"by esp_https_ota of ESP-IDF 6.1 and later", SEVERITY_WARN},
    [WHEN_IDF_5_2] = {"by ESP-IDF 5.2 and later", SEVERITY_WARN},
    [WHEN_IDF_6_0] = {"by ESP-IDF 6.0 and later", SEVERITY_WARN},
    [WHEN_IDF_6_2] = {"by ESP-IDF 6.2 and later", SEVERITY_WARN},
    [WHEN_ESP8266_SLOT] = {"of what the NONOS SDK made for one of its slots", SEVERITY_NOTE},
};

const char *check_severity_name(enum check_severity severity)
{
    static const char *const names[] = {[SEVERITY_BRICK] = "brick",
                                        [SEVERITY_REJECT] = "reject",
                                        [SEVERITY_WARN] = "warn",
                                        [SEVERITY_NOTE] = "note"};
    return names[severity];
}

enum check_id check_by_id(const char *id, const char **near)
{
    const char *ids[CHECK_COUNT];
    for (int i = 0; i < CHECK_COUNT; i++) {
        ids[i] = checks[i].id;
        if (strcmp(id, ids[i]) == 0) {
            return (enum check_id)i;
        }
    }
    if (near != NULL) {
        *near = text_nearest(id, ids, CHECK_COUNT);
    }
    return CHECK_COUNT;
}
