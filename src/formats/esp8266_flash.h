// SPDX-License-Identifier: Apache-2.0
//
// What a flash image of the ESP8266 holds behind its boot part, and where its code ends.
#ifndef ESP8266_FLASH_H
#define ESP8266_FLASH_H

#include <otapack/esp8266_image.h>

#include "judge.h"

// What begins at a sector of the flash.
enum esp8266_piece {
    PIECE_NOTHING, // a whole sector of 0xFF or 0x00, or what is left of one at the end
    PIECE_CONFIG,  // rBoot's
    PIECE_TABLE,   // a partition table
    PIECE_V2,      // an image of version 2
    PIECE_IMAGE,   // one of version 1
    PIECE_RAW,     // anything else: code that runs from there, data
};
enum esp8266_piece esp8266_piece_at(const struct otapack_source *flash, uint64_t at);

// Where the first thing in the flash ends: the image that the chip's ROM loads. 0: it is none, or
// what follows it is not a flash image.
uint64_t esp8266_boot_end(const struct otapack_source *src);

// MicroPython writes the length of its firmware in front of the code that runs from flash, and the
// MD5 of all that behind it. False, with *length as it was: there is no such length.
bool esp8266_micropython(const struct otapack_source *flash, uint64_t code_at, uint64_t *length);

// How many addresses of code that is missing are in a program that is loaded to RAM, ends at `end`,
// and is followed by sectors of erased flash alone? 0: it may be whole, for the code may be a file
// of its own.
uint64_t esp8266_lacks_code(const struct otapack_source *src, uint64_t end);

// What a flash image's node keeps for those who judge it.
struct esp8266_flash {
    uint64_t code_at, code_end; // of the code that runs from flash as it is; 0: none
    uint64_t length;            // of MicroPython's firmware, as it says it; 0: none
    bool has_app;               // of ESP8266_RTOS_SDK
};
extern const struct rule rules_esp8266_flash[];

// The code from `at` to `end` of the flash, of which no header says how long it is. `length`: what
// MicroPython's says; 0: nothing.
void rule_esp8266_cut(struct judge *j, struct node *n, uint64_t at, uint64_t end, uint64_t length);
void rule_esp8266_md5(struct judge *j, struct node *n, uint64_t length);

// The name that a firmware has in its code, which ends at `end`; NULL: none that is known.
const char *esp8266_firmware_name(struct arena *a, const struct otapack_source *flash,
                                  uint64_t end);

#endif
