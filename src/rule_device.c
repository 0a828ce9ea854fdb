// SPDX-License-Identifier: Apache-2.0
//
// An image and what is known of the device that is to take it. What an image does not say, such as
// an app's flash size, which its bootloader goes by, is not asked of it.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <otapack/esp_image.h>
#include <string.h>

#include "device.h"
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

// All partitions of the device must be in its flash, or its bootloader takes none of them.
static void check_table_end(struct reader *r, struct node *n)
{
    struct device d;
    uint64_t has = r->options->target.flash_size;
    if (device_open(&d, r->options->host_table)) {
        found(r, n, CHECK_DEVICE_FLASH_SIZE, d.end <= has,
              "the partition table goes up to 0x%" PRIx64 ", the device has %s", d.end,
              text_size(r->arena, has));
    }
}

const char *rule_flash_mode(struct reader *r, unsigned mode)
{
    enum { OPI = 5 };
    return mode >= 1 && mode < OPI ? chip_flash_mode_name((uint8_t)(mode - 1))
           : mode == OPI           ? "opi"
                                   : arena_printf(r->arena, "%u", mode);
}

// The description counts its modes from 1.
static void check_flash_mode(struct reader *r, struct node *n, const struct otapack_app_desc *d)
{
    unsigned mode = d->spi_flash_mode, has = target_for(r, n)->flash_mode + 1U;
    found(r, n, CHECK_DEVICE_FLASH_MODE, mode == has,
          "the app is built for flash mode %s, and the device's is %s", rule_flash_mode(r, mode),
          rule_flash_mode(r, has));
}

// What is wrong with the signature for the Secure Boot that the device has; NULL: nothing.
static const char *signature_fault(const struct target *t, const struct node *n)
{
    const struct node *first = node_find(n, "signatures", 0);
    if (first == NULL) {
        return "there is none";
    }
    if (signature_is_v1(first) != (t->secure_boot == SECURE_BOOT_V1)) {
        return "this is one of the other version";
    }
    struct signature_look look = signature_look(t, n, 0);
    // Of what only later revisions know, the device may be one: that warns (sig-chip).
    bool known =
        look.how == SIGNATURE_LOOKED_AT || (look.how == SIGNATURE_EARLY_CHIP && !look.said);
    return known ? NULL : "this is of a kind that the chip does not know";
}

static void check_signed(struct reader *r, struct node *n, const struct target *t)
{
    const char *fault = t->secure_boot == SECURE_BOOT_NONE ? NULL : signature_fault(t, n);
    found(r, n, CHECK_DEVICE_SIGNATURE, fault == NULL,
          "the device wants a signature of Secure Boot %s, and %s",
          t->secure_boot == SECURE_BOOT_V1 ? "v1" : "v2", fault);
}

bool is_of_rcp(const struct node *n)
{
    while (n->parent != NULL && strcmp(n->parent->format, "rcp_image") != 0) {
        n = n->parent;
    }
    return n->parent != NULL && strcmp(n->name, "host") != 0;
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
    if (app && r->options->host_table != NULL && target_use(t, TARGET_FLASH_SIZE)) {
        check_table_end(r, n);
    }
    if (desc != NULL && desc->spi_flash_mode != 0 && target_use(t, TARGET_FLASH_MODE)) {
        check_flash_mode(r, n, desc);
    }
    if (app && desc != NULL) {
        rule_running(r, n, desc);
    }
    // Of Secure Boot v1, the bootloader's signature is not in its image.
    if ((app || t->secure_boot != SECURE_BOOT_V1) && target_use(t, TARGET_SECURE_BOOT)) {
        check_signed(r, n, t);
    }
    const char *built_with = app ? image_idf_release(r, n) : NULL;
    // Of a merged image, which brings its bootloader, the two are compared there.
    if (built_with != NULL && r->implied == NULL && target_use(t, TARGET_IDF)) {
        found(r, n, CHECK_IDF_ORDER, text_compare_versions(built_with, target_idf_release(r)) >= 0,
              "the app is built with ESP-IDF %s, the device's bootloader with the newer %s",
              node_text(image_desc(n), "idf_ver"), t->idf);
    }
}
