// SPDX-License-Identifier: Apache-2.0
//
// What is known of the device of the ESP32 family that is to take an image: it sharpens the checks,
// each of which says for itself what it can use of this. What no check used is no use of the user's
// either, and is refused.
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "args.h"

struct chip;
struct otapack_app_desc;

enum target_secure_boot { SECURE_BOOT_NOT_SAID, SECURE_BOOT_NONE, SECURE_BOOT_V1, SECURE_BOOT_V2 };

// A bit for each of what may be known.
enum target_fact {
    TARGET_CHIP = 1,
    TARGET_REVISION = 2,
    TARGET_FLASH_SIZE = 4,
    TARGET_FLASH_MODE = 8,
    TARGET_IDF = 16,
    TARGET_SECURE_BOOT = 32,
    TARGET_TABLE = 64, // the partition table, which is not in here
    TARGET_RUNNING = 128,
};

struct target {
    unsigned known;          // of enum target_fact
    unsigned asked;          // those of them that the command line says: a check must use them
    const struct chip *chip; // the rest only where it is known
    const char *revision;    // "v3.1", as it was given
    uint16_t revision_full;  // major * 100 + minor
    uint64_t flash_size;     // bytes
    uint8_t flash_mode;      // as in an image's header
    const char *idf;         // of the bootloader that is in the field: "v5.4.1"
    enum target_secure_boot secure_boot;
    const struct otapack_app_desc *running; // of the app that runs; see running.h
    unsigned *used;                         // which of these a check could use; NULL: nobody asks
};

// Is it all known (bits of enum target_fact)? Whoever asks for a check that it makes now counts as
// a use.
bool target_use(const struct target *target, unsigned facts);

// Is the bootloader's ESP-IDF `from` ("5.3") or later, or not said? False for NULL: no ESP-IDF is.
bool target_has_idf(const struct target *target, const char *from);

// What the options say. False with `e` set.
bool target_take(struct target *target, const struct args *args, struct err *e);

// One option's value, also of a device file; `where` begins the error.
bool target_set(struct target *target, const char *name, const char *value, const char *where,
                struct err *e);

// An option of the command line that no check could use, "idf", but for these; NULL: there is none.
const char *target_unused(const struct target *target, unsigned but);

#define OPT_TARGET_AS(letter)                                                                      \
    {'d', "device", "FILE",                                                                        \
     "what is known of the device, in YAML: the options\nbelow, and its "                          \
     "partition table",                                                                            \
     false},                                                                                       \
        {letter, "chip", "CHIP", "of the device: esp32, esp32c6, ...", false},                     \
        {0, "chip-revision", "REVISION", "of the device's chip, such as v3.1", false},             \
        {0, "flash-size", "SIZE", "of the device's flash, such as 4MB", false},                    \
        {0, "flash-mode", "MODE", "of the device: qio, qout, dio or dout", false},                 \
        {0, "idf", "VERSION", "ESP-IDF of the bootloader that is in the field", false},            \
    {                                                                                              \
        0, "secure-boot", "SECURE-BOOT", "of the device: v1, v2 or none", false                    \
    }
#define OPT_TARGET OPT_TARGET_AS(0)

#endif
