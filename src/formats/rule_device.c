// SPDX-License-Identifier: Apache-2.0
//
// An image and what is known of the device that is to take it. What an image does not say, such as
// an app's flash size, which its bootloader goes by, is not asked of it.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <otapack/esp_image.h>
#include <string.h>

#include "device.h"
#include "esp_tree.h"
#include "rule.h"
#include "signature.h"
#include "text.h"

static void check_chip(struct judge *j, struct node *n)
{
    const struct otapack_esp_header *h = &esp_tree(n)->image.header;
    const struct chip *chip = target_for(j, n)->chip;
    found(j, n, CHECK_DEVICE_CHIP, h->chip_id == chip->id,
          "the device has an %s, the image is for %s", chip->title, node_text(n, "chip"));
}

// Only the bootloader's header counts: it is what the flash driver is set up by.
static void check_flash_size(struct judge *j, struct node *n)
{
    uint64_t size = image_flash_size(n), has = target_for(j, n)->flash_size;
    found(j, n, CHECK_DEVICE_FLASH_SIZE, size <= has,
          "the header says %s of flash, the device has %s", text_size(j->arena, size),
          text_size(j->arena, has));
}

// All partitions of the device must be in its flash, or its bootloader takes none of them.
static void check_table_end(struct judge *j, struct node *n)
{
    struct device d;
    uint64_t has = j->options->target.flash_size;
    if (device_open(&d, j->options->host_table)) {
        found(j, n, CHECK_DEVICE_FLASH_SIZE, d.end <= has,
              "the partition table goes up to 0x%" PRIx64 ", the device has %s", d.end,
              text_size(j->arena, has));
    }
}

const char *rule_flash_mode(struct judge *j, unsigned mode)
{
    enum { OPI = 5 };
    return mode >= 1 && mode < OPI ? chip_flash_mode_name((uint8_t)(mode - 1))
           : mode == OPI           ? "opi"
                                   : arena_printf(j->arena, "%u", mode);
}

// The description counts its modes from 1.
static void check_flash_mode(struct judge *j, struct node *n)
{
    unsigned mode = esp_tree(n)->desc->spi_flash_mode, has = target_for(j, n)->flash_mode + 1U;
    found(j, n, CHECK_DEVICE_FLASH_MODE, mode == has,
          "the app is built for flash mode %s, and the device's is %s", rule_flash_mode(j, mode),
          rule_flash_mode(j, has));
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

static void check_signed(struct judge *j, struct node *n)
{
    const struct target *t = target_for(j, n);
    // Of Secure Boot v1, the bootloader's signature is not in its image.
    if (!esp_is_app(n) && t->secure_boot == SECURE_BOOT_V1) {
        return;
    }
    const char *fault = t->secure_boot == SECURE_BOOT_NONE ? NULL : signature_fault(t, n);
    found(j, n, CHECK_DEVICE_SIGNATURE, fault == NULL,
          "the device wants a signature of Secure Boot %s, and %s",
          t->secure_boot == SECURE_BOOT_V1 ? "v1" : "v2", fault);
}

// Of a merged image, which brings its bootloader, the two are compared there.
static void check_idf(struct judge *j, struct node *n)
{
    const char *built_with = image_idf_release(j->arena, n);
    if (built_with != NULL && j->implied == NULL) {
        found(j, n, CHECK_IDF_ORDER, text_compare_versions(built_with, target_idf_release(j)) >= 0,
              "the app is built with ESP-IDF %s, the device's bootloader with the newer %s",
              node_text(image_desc(n), "idf_ver"), target_for(j, n)->idf);
    }
}

static bool has_release(const struct node *n)
{
    struct arena a = ARENA_EMPTY;
    bool has = esp_is_app(n) && image_idf_release(&a, n) != NULL;
    arena_free(&a);
    return has;
}

static bool says_flash_mode(const struct node *n)
{
    const struct otapack_app_desc *desc = esp_tree(n)->desc;
    return desc != NULL && desc->spi_flash_mode != 0;
}

static bool is_described_app(const struct node *n)
{
    return esp_is_app(n) && esp_tree(n)->desc != NULL;
}

const struct rule rules_device[] = {
    {.run = check_chip, .needs = TARGET_CHIP, .says = RULE_SAYS(CHECK_DEVICE_CHIP)},
    {.run = check_flash_size,
     .concerns = esp_is_bootloader,
     .needs = TARGET_FLASH_SIZE,
     .says = RULE_SAYS(CHECK_DEVICE_FLASH_SIZE)},
    {.run = check_table_end,
     .concerns = rule_goes_into_table,
     .needs = TARGET_FLASH_SIZE | TARGET_TABLE,
     .says = RULE_SAYS(CHECK_DEVICE_FLASH_SIZE)},
    {.run = check_flash_mode,
     .concerns = says_flash_mode,
     .needs = TARGET_FLASH_MODE,
     .says = RULE_SAYS(CHECK_DEVICE_FLASH_MODE)},
    {.run = rule_running,
     .concerns = is_described_app,
     .needs = TARGET_RUNNING,
     .says = RULE_SAYS(CHECK_RUNNING_PROJECT, CHECK_RUNNING_VERSION, CHECK_RUNNING_SECURE_VERSION)},
    {.run = check_signed, .needs = TARGET_SECURE_BOOT, .says = RULE_SAYS(CHECK_DEVICE_SIGNATURE)},
    {.run = check_idf,
     .concerns = has_release,
     .needs = TARGET_IDF,
     .says = RULE_SAYS(CHECK_IDF_ORDER)},
    {.run = NULL},
};
