// SPDX-License-Identifier: Apache-2.0
//
// What is known of the ESP8266: its settings, its memory, and what a device says of itself.
#ifndef ESP8266_H
#define ESP8266_H

#include <otapack/esp8266_image.h>

#include "arena.h"
#include "target.h"

#define ESP8266_FLASH_MOST (UINT64_C(16) << 20) // bytes of the largest flash

// A number in an image's header, and what people call it.
struct esp8266_setting {
    uint8_t value;
    const char *name, *other; // "4MB", "4M"
    uint64_t bytes;           // of a flash size
};

// Each ends with a row without a name.
extern const struct esp8266_setting esp8266_modes[], esp8266_frequencies[], esp8266_sizes[];

const struct esp8266_setting *esp8266_setting(const struct esp8266_setting *rows, uint8_t value);
const struct esp8266_setting *esp8266_setting_named(const struct esp8266_setting *rows,
                                                    const char *name); // NULL: none; any case
const char *esp8266_setting_names(const struct esp8266_setting *rows, struct arena *a); // "a, b"

#define ESP8266_MAPPED_SIZE 0x100000u // of the flash, from OTAPACK_ESP8266_MAPPED_AT on

const char *esp8266_memory_name(uint32_t address); // "IRAM"; "" for none
bool esp8266_is_mapped(uint32_t address);          // from flash
uint64_t esp8266_sectors(uint64_t size);           // rounded up to whole sectors, in bytes

// What a file of version 2 has behind its first `end` bytes, and the files for boot 1.1 as well.
struct otapack_status esp8266_count_v2_crc(const struct otapack_source *src, uint64_t end,
                                           uint32_t *out);

// Is this an image of the ESP8266? It begins with the ESP32 family's magic number, but its header
// has 8 bytes: the load address of a segment stands where an ESP32 image has its pins.
bool is_esp8266(const struct otapack_source *src);

// Is this an Arduino image: an eboot, and behind it what begins as an image, in its next sector?
bool is_esp8266_arduino(const struct otapack_source *src);

// What is known of the device that is to take an update. 0 or NULL: not known; free space can be 0.
struct esp8266_device {
    uint64_t flash_size;
    const struct esp8266_setting *flash_mode;
    bool has_free_space;
    uint64_t free_space; // as it says in x-ESP8266-free-space, or ESP.getFreeSketchSpace()
    uint64_t fs_start;   // in flash: where the layout has its file system
    uint64_t fs_size;    // of that: whole blocks; 0: the layout has none
    uint64_t fs_block;
    uint64_t sketch_size; // of the running sketch, as in x-ESP8266-sketch-size
    unsigned known;       // of enum target_fact, which says the same
};

// The value of one option; `name` is the option's without dashes, or the recipe's key with dashes.
// False with `e` set (status 2), beginning with `where`.
bool esp8266_device_set(struct esp8266_device *device, const char *name, const char *value,
                        const char *where, struct err *e);

// Does what is known go together? False with `e` set, beginning with `where`.
bool esp8266_device_check(const struct esp8266_device *device, const char *where, struct err *e);

extern const struct opt esp8266_rows[];

#endif
