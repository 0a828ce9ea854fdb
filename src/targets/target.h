// SPDX-License-Identifier: Apache-2.0
//
// What is known of the device that is to take an image: it sharpens the checks, each of which says
// for itself what it can use of this. What no check used is no use of the user's either, and is
// refused. A family of devices is a group of option rows, whose types have the facts that they
// give and how a value is taken; command lines, device files and recipes all go by these.
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "opt.h"

struct chip;
struct otapack_app_desc;
struct esp8266_device;

enum target_secure_boot { SECURE_BOOT_NOT_SAID, SECURE_BOOT_NONE, SECURE_BOOT_V1, SECURE_BOOT_V2 };

// What an update replaces: ESP-IDF's .partition.final, from 5.5 on.
enum target_final { FINAL_APP, FINAL_BOOTLOADER, FINAL_TABLE };

// A bit for each of what may be known: of a device of the ESP32 family, of an ESP8266, and what
// else a command line says that not every file has a use for.
enum target_fact {
    TARGET_CHIP = 1,
    TARGET_REVISION = 2,
    TARGET_FLASH_SIZE = 4,
    TARGET_FLASH_MODE = 8,
    TARGET_IDF = 16,
    TARGET_SECURE_BOOT = 32,
    TARGET_TABLE = 64, // the partition table, which is not in here
    TARGET_RUNNING = 128,
    NEED_ROOM = 1 << 8,          // how much is free on an ESP8266
    NEED_LAYOUT = 1 << 9,        // of its flash
    NEED_ESP8266_SIZE = 1 << 10, // of its flash
    NEED_ESP8266_MODE = 1 << 11,
    NEED_KEY = 1 << 12,         // with which a signature can be compared
    NEED_DECRYPT_KEY = 1 << 13, // what opens what is encrypted
    TARGET_FINAL = 1 << 14,     // what the update replaces
    NEED_BASE = 1 << 15,        // the app that a patch is for
    NEED_COPROCESSOR = 1 << 16, // the firmware that a host's seal is of
    TARGET_FLASH_OFFSET = 1 << 17,
    TARGET_CSV = 1 << 18,    // how a partitions.csv is read
    TARGET_DEVICE = 1 << 19, // whatever a device file says
    TARGET_HOSTED = 1 << 20,
    TARGET_MADE = 1 << 21, // what a patch is to make
};
enum {
    NEED_BITS = 17, // what a rule can need
    FACTS_OF_ESP8266 = NEED_ROOM | NEED_LAYOUT | NEED_ESP8266_SIZE | NEED_ESP8266_MODE,
};

struct target {
    unsigned known;          // of enum target_fact
    const struct chip *chip; // the rest only where it is known
    const char *revision;    // "v3.1", as it was given
    uint16_t revision_full;  // major * 100 + minor
    uint64_t flash_size;     // bytes
    uint8_t flash_mode;      // as in an image's header
    const char *idf;         // of the bootloader that is in the field: "v5.4.1"
    enum target_secure_boot secure_boot;
    enum target_final final;
    const char *hosted;                     // version of the ESP-Hosted library in the host's app
    const struct otapack_app_desc *running; // of the app that runs; see running.h
    unsigned *used;                         // which of these a check could use; NULL: nobody asks
};

// Is it all known (bits of enum target_fact)? Whoever asks for a check that it makes now counts as
// a use.
bool target_use(const struct target *target, unsigned facts);

// Is the bootloader's ESP-IDF `from` ("5.3") or later, or not said? False for NULL: no ESP-IDF is.
bool target_has_idf(const struct target *target, const char *from);

// Where the types of these rows put what is said.
struct device_said {
    struct target *target;
    struct esp8266_device *esp8266;
};

// The families; those that a verb knows are among its own groups of rows. NULL-ended.
extern const struct opt *const target_families[];
extern const struct opt esp32_rows[], hosted_rows[];
extern const struct opt_type type_chip; // of one of them
extern const struct opt opt_final[];    // of verbs that know what else than apps is updated

// The format of what is to be in such an update; NULL: where no check looks at that.
const char *target_final_slot(const struct target *target);

// Takes what is said by the option of this name, which may mean something to several of the groups:
// that the value is good for one is enough. False with `e` set (status 2), beginning with `where`.
bool target_say(const struct opt *const *groups, struct device_said *said, const char *name,
                const char *value, const char *where, struct err *e);

#endif
