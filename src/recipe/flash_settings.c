// SPDX-License-Identifier: Apache-2.0
//
// What an image's header says of the flash that it boots from, as esptool sets it.
#include <otapack/esp_image.h>
#include <string.h>

#include "chip.h"
#include "image_sums.h"
#include "layer_flash.h"
#include "text.h"

enum { MODE_AT = 2, SIZE_AT = 3, NIBBLES = 16 };

uint32_t flash_bootloader_at(const char *family)
{
    const struct chip *chip = family == NULL ? NULL : chip_by_name(family);
    return chip != NULL                                       ? chip->bootloader_at
           : family != NULL && strcmp(family, "esp8266") == 0 ? 0
                                                              : UINT32_MAX;
}

static const char *name_of(const struct chip *chip, unsigned which, uint8_t nibble)
{
    return which == 0   ? chip_flash_mode_name(nibble)
           : which == 1 ? chip_frequency_name(chip, nibble)
                        : chip_flash_size_name(nibble);
}

// The number that a word is in a header. A frequency may be written otherwise than the first name
// of its number. False: the chip has no such setting.
static bool number_of(const struct chip *chip, unsigned which, const char *word, uint8_t *out)
{
    for (const struct chip_frequency *f = chip->frequencies; which == 1 && f->name != NULL; f++) {
        if (strcmp(f->name, word) == 0) {
            *out = f->nibble;
            return true;
        }
    }
    for (unsigned i = 0; i < NIBBLES; i++) {
        const char *name = name_of(chip, which, (uint8_t)i);
        if (name != NULL && strcmp(name, word) == 0) {
            *out = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static bool refuse(const struct chip *chip, unsigned which, const char *option, const char *word,
                   struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *there[NIBBLES];
    size_t n = 0;
    for (unsigned i = 0; i < NIBBLES; i++) {
        const char *name = name_of(chip, which, (uint8_t)i);
        there[n] = name;
        n += name != NULL;
    }
    err_set(e, STATUS_CANNOT, "%s: '%s' is none that the %s has; write one of %s", option,
            text_printable(&a, word), chip->title, text_list(&a, there, n));
    arena_free(&a);
    return false;
}

bool flash_settings_apply(const struct flash_settings *settings, const char *family, uint8_t *image,
                          size_t n, struct err *e)
{
    const struct chip *chip = chip_by_name(family);
    const char *const words[] = {settings->mode, settings->frequency, settings->size};
    static const char *const options[] = {"--flash-mode", "--flash-freq", "--flash-size"};
    struct otapack_source src = otapack_memory(image, n);
    struct otapack_esp_image parsed;
    uint8_t numbers[3];
    if (chip == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "the settings of an ESP8266's flash stay as they are here; leave out "
                       "--flash-mode, --flash-freq and --flash-size, or set them with esp8266: in "
                       "a recipe");
    }
    if (otapack_esp_image_open(&src, &parsed).code != OTAPACK_OK) {
        return true;
    }
    const uint8_t now[] = {image[MODE_AT], image[SIZE_AT] & 15U, (uint8_t)(image[SIZE_AT] >> 4)};
    for (unsigned i = 0; i < 3; i++) {
        numbers[i] = now[i];
        if (words[i] != NULL && !number_of(chip, i, words[i], &numbers[i])) {
            return refuse(chip, i, options[i], words[i], e);
        }
    }
    image[MODE_AT] = numbers[0];
    image[SIZE_AT] = (uint8_t)(numbers[2] << 4 | numbers[1]);
    image_hash_redo(&parsed, image);
    return true;
}
