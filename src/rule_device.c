// SPDX-License-Identifier: Apache-2.0
//
// An image and what is known of the device that is to take it. What an image does not say, such as
// an app's flash size, which its bootloader goes by, is not asked of it.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <otapack/esp_image.h>

#include "rule.h"
#include "signature.h"
#include "text.h"

static void check_chip(struct reader *r, struct node *n, const struct otapack_esp_header *h)
{
    const struct chip *chip = target_for(r, n)->chip;
    found(r, n, CHECK_DEVICE_CHIP, h->chip_id == chip->id,
          "the device has an %s, the image is for %s", chip->title, node_text(n, "chip"));
}

// Only the bootloader's header counts: it is what the flash driver is set up by.
static void check_flash_size(struct reader *r, struct node *n)
{
    uint64_t size = image_flash_size(n), has = target_for(r, n)->flash_size;
    found(r, n, CHECK_DEVICE_FLASH_SIZE, size <= has,
          "the header says %s of flash, the device has %s", text_size(r->arena, size),
          text_size(r->arena, has));
}

// The description counts its modes from 1.
static void check_flash_mode(struct reader *r, struct node *n, const struct otapack_app_desc *d)
{
    static const char *const names[] = {"qio", "qout", "dio", "dout"};
    unsigned mode = d->spi_flash_mode, has = target_for(r, n)->flash_mode;
    found(r, n, CHECK_DEVICE_FLASH_MODE, mode == has + 1,
          "the app is built for flash mode %s, and the device's is %s",
          mode - 1 < sizeof(names) / sizeof(names[0]) ? names[mode - 1] : "opi", names[has]);
}

static void check_signed(struct reader *r, struct node *n)
{
    enum target_secure_boot scheme = target_for(r, n)->secure_boot;
    const struct node *first = node_find(n, "signatures", 0);
    bool v1 = first != NULL && signature_is_v1(first);
    bool good = scheme == SECURE_BOOT_NONE || (first != NULL && v1 == (scheme == SECURE_BOOT_V1));
    found(r, n, CHECK_DEVICE_SIGNATURE, good,
          "the device wants a signature of Secure Boot %s, and %s",
          scheme == SECURE_BOOT_V1 ? "v1" : "v2",
          first == NULL ? "there is none" : "this is one of the other version");
}

void rule_device(struct reader *r, struct node *n, const struct otapack_esp_header *h,
                 const struct otapack_app_desc *desc)
{
    const struct target *t = target_for(r, n);
    bool app = is_image(n, "app");
    if (target_use(t, TARGET_CHIP)) {
        check_chip(r, n, h);
    }
    if (is_image(n, "bootloader") && target_use(t, TARGET_FLASH_SIZE)) {
        check_flash_size(r, n);
    }
    if (desc != NULL && desc->spi_flash_mode != 0 && target_use(t, TARGET_FLASH_MODE)) {
        check_flash_mode(r, n, desc);
    }
    // Of Secure Boot v1, the bootloader's signature is not in its image.
    if (target_use(t, TARGET_SECURE_BOOT) && (app || t->secure_boot == SECURE_BOOT_V2)) {
        check_signed(r, n);
    }
    const char *built_with = app ? image_idf_release(r, n) : NULL;
    if (built_with != NULL && target_use(t, TARGET_IDF)) {
        found(r, n, CHECK_IDF_ORDER, text_compare_versions(built_with, target_idf_release(r)) >= 0,
              "the app is built with ESP-IDF %s, the device's bootloader with the newer %s",
              node_text(image_desc(n), "idf_ver"), t->idf);
    }
}
