// SPDX-License-Identifier: Apache-2.0
//
// The rows of checks.def, and how a format says what it found.
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

enum check_severity { SEVERITY_BRICK, SEVERITY_REJECT, SEVERITY_WARN, SEVERITY_NOTE };

// Who makes a check on a device: a bit each; none where only a tool does.
enum check_who {
    WHO_ROM = 1,
    WHO_BOOTLOADER = 2,
    WHO_OTA = 4,            // esp_https_ota, esp_ota_end
    WHO_UPDATER = 8,        // of the ESP8266 Arduino core
    WHO_EBOOT = 16,         // likewise
    WHO_REQUESTOR = 32,     // Matter's
    WHO_BORDER_ROUTER = 64, // ESP Thread Border Router's receiver and flasher of the RCP
    WHO_SDK = 128,          // the update of the ESP8266's NONOS SDK
    WHO_ZIGBEE = 256        // the OTA client of esp-zigbee-sdk
};
enum { CHECK_WHO_COUNT = 9 };

// What a device must have for a check to be made on it; when.h knows whether it has.
enum check_when {
    WHEN_ALWAYS,
    WHEN_HASH_LOOKED_AT,
    WHEN_PAGE_VARIES,
    WHEN_SECURE_BOOT,
    WHEN_SPI_MODE,
    WHEN_IDF_5_2, // no more than otherwise where it is not said which ESP-IDF the device has
    WHEN_IDF_6_0, // likewise
    WHEN_IDF_6_2, // likewise
    WHEN_ESP8266_SLOT,
    CHECK_WHEN_COUNT
};

enum check_id {
#define CHECK(symbol, id, who, when, severity, allow, condition, follows, remedy) CHECK_##symbol,
#include "checks.def"
#undef CHECK
    CHECK_COUNT,
};

struct check {
    const char *id;
    unsigned who; // of enum check_who
    enum check_when when;
    enum check_severity severity; // what happens on such a device where the condition does not hold
    bool allowable;
    const char *condition;
    const char *follows; // where nobody looks and it breaks all the same; "" otherwise
    const char *remedy;
};

// A condition on the device: "looked at only TEXT", and what the check is worth elsewhere.
struct check_condition {
    const char *text; // NULL: always
    enum check_severity otherwise;
};

struct check_actor {
    const char *name;  // as the JSON says it
    const char *title; // as a person says it
};

extern const struct check checks[CHECK_COUNT];
extern const struct check_condition check_conditions[CHECK_WHEN_COUNT];
extern const struct check_actor check_actors[CHECK_WHO_COUNT]; // by the number of their bit

const char *check_severity_name(enum check_severity severity);

// The check with this ID, or CHECK_COUNT. *near, where not NULL, is what was probably meant.
enum check_id check_by_id(const char *id, const char **near);

#endif
