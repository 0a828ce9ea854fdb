// SPDX-License-Identifier: Apache-2.0
//
// What `flash:` of a recipe says, for those who say it otherwise.
#ifndef LAYER_FLASH_H
#define LAYER_FLASH_H

#include "layer.h"
#include "recipe_entry.h"

enum flash_form { FLASH_BIN, FLASH_UF2, FLASH_HEX };

// How the bootloader's header says that the flash is; NULL: as it does.
struct flash_settings {
    const char *mode, *frequency, *size;
};

struct recipe_flash {
    struct recipe_choice form; // of enum flash_form + 1; 0: FLASH_BIN
    uint64_t size;             // pad up to this address with 0xFF; 0: as long as its parts
    uint64_t offset;           // the address at which the image begins
    const char *family;        // as esptool calls the chip; NULL: that of the first image
    uint64_t chunk;            // bytes in a UF2 block; 0: as many as there is room for
    bool no_md5;               // in UF2 blocks
    const char *args;          // a build's flasher_args.json or flash_args
    const char *args_where;
    struct recipe_entry *parts;
    struct flash_settings settings;
};

enum flash_form flash_form(const struct recipe_flash *flash);

// The recipe's text for an image. NULL with `e` set (status 1) where no recipe makes the same.
const char *recipe_say_flash(struct arena *a, const struct node *n, struct err *e);

// Adds the parts that a build's list of these names. False with `e` set.
bool flash_args_take(struct recipe_flash *flash, struct arena *a, struct err *e);

// Sets what a bootloader says of its flash, and its SHA-256 anew; what is no image stays as it is.
// False with `e` set where the chip knows no such setting.
bool flash_settings_apply(const struct flash_settings *settings, const char *family, uint8_t *image,
                          size_t n, struct err *e);
uint32_t flash_bootloader_at(const char *family); // where settings are set; UINT32_MAX: not known

// The recipe's text for a node of one of these formats.
const char *recipe_say_flash(struct arena *a, const struct node *n, struct err *e);

#endif
