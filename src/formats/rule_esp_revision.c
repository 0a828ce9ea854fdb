// SPDX-License-Identifier: Apache-2.0
//
// Which revisions of its chip an image takes. Source of the facts: ESP-IDF,
// bootloader_common_loader.c and esp_image_format.c.
#include <otapack/app_desc.h>
#include <otapack/esp_image.h>

#include "esp_tree.h"
#include "rule.h"

enum { UNSET = UINT16_MAX };

// As a lowest revision, a chip's is asked for as it stands; an eFuse block's is not, where it is 0
// or 65535. As a highest one, both stand for any.
static bool any_fits(uint16_t min, uint16_t max)
{
    return max == 0 || max == UNSET || min <= max;
}

// An eFuse block's revision has two bits for its major number.
bool efuse_revisions_fit(uint16_t min, uint16_t max)
{
    enum { MOST = 399 };
    return min == 0 || min == UNSET || (min <= MOST && any_fits(min, max));
}

static const char *text_of(struct judge *j, uint16_t revision)
{
    return arena_printf(j->arena, "v%u.%u", revision / 100u, revision % 100u);
}

// A description of which only the beginning lies in segment 0: what follows is read all the same.
static const struct otapack_app_desc *cut_desc(const struct node *n, struct otapack_app_desc *cut)
{
    return esp_is_app(n) && app_desc_there(n, cut) && cut->magic_word == OTAPACK_APP_DESC_MAGIC
               ? cut
               : NULL;
}

// A chip, or the eFuse blocks of one, that takes the image.
static void check_range(struct judge *j, struct node *n)
{
    const struct otapack_esp_header *h = &esp_tree(n)->image.header;
    struct otapack_app_desc cut;
    const struct otapack_app_desc *own = esp_tree(n)->desc;
    const struct otapack_app_desc *desc = own != NULL ? own : cut_desc(n, &cut);
    bool app = is_image(n, "app"); // a bootloader is not asked for a highest revision
    bool esp32 = h->chip_id == 0;  // nor the ESP32 for its eFuse blocks
    bool none = h->min_chip_rev_full == UNSET;
    bool chip = !none && (!app || any_fits(h->min_chip_rev_full, h->max_chip_rev_full));
    bool efuse = desc == NULL || esp32 ||
                 efuse_revisions_fit(desc->min_efuse_blk_rev_full, desc->max_efuse_blk_rev_full);
    uint16_t min = chip && !efuse ? desc->min_efuse_blk_rev_full : h->min_chip_rev_full;
    uint16_t max = chip && !efuse ? desc->max_efuse_blk_rev_full : h->max_chip_rev_full;
    if (none) {
        found(j, n, CHECK_ESP_REVISION, false,
              "the lowest chip revision is 65535, which no chip reaches");
    } else {
        found(j, n, CHECK_ESP_REVISION, chip && efuse,
              "the lowest %s revision is %s, the highest %s%s", chip ? "eFuse block" : "chip",
              text_of(j, min), text_of(j, max),
              min <= max ? ", and no chip has so high a one" : "");
    }
}

// The device's own revision, where it is said.
static void check_device(struct judge *j, struct node *n)
{
    const struct otapack_esp_header *h = &esp_tree(n)->image.header;
    const struct target *t = target_for(j, n);
    bool below = t->revision_full < h->min_chip_rev_full;
    bool above = is_image(n, "app") && h->max_chip_rev_full != 0 && h->max_chip_rev_full != UNSET &&
                 t->revision_full > h->max_chip_rev_full;
    found(j, n, CHECK_DEVICE_REVISION, !below && !above,
          "the device has revision %s, the image is for %s %s", t->revision,
          text_of(j, below ? h->min_chip_rev_full : h->max_chip_rev_full),
          below ? "or later" : "at most");
}

const struct rule rules_esp_revision[] = {
    {.run = check_range},
    {.run = check_device, .needs = TARGET_REVISION, .says = RULE_SAYS(CHECK_DEVICE_REVISION)},
    {.run = NULL},
};
