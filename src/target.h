// SPDX-License-Identifier: Apache-2.0
//
// What is known of the device of the ESP32 family that is to take an image: it sharpens the checks,
// each of which says for itself what it can use of this.
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stdint.h>

struct chip;

enum target_secure_boot { SECURE_BOOT_NOT_SAID, SECURE_BOOT_NONE, SECURE_BOOT_V1, SECURE_BOOT_V2 };

struct target {
    const struct chip *chip; // NULL: not said, as all of these
    const char *revision;    // "v3.1", as it was given
    uint16_t revision_full;  // major * 100 + minor, where `revision` is said
    uint64_t flash_size;     // bytes
    const char *flash_mode;  // "dio"
    const char *idf;         // of the bootloader that is in the field: "v5.4.1"
    enum target_secure_boot secure_boot;
};

#endif
