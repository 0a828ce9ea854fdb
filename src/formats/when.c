// SPDX-License-Identifier: Apache-2.0
#include "when.h"

#include <string.h>

#include "chip.h"
#include "text.h"

// The image that a node is, or a part of; NULL: none.
static const struct node *image_of(const struct node *n)
{
    while (n != NULL && node_field(n, "chip_id") == NULL) {
        n = n->parent;
    }
    return n;
}

static const struct chip *chip_of(const struct node *n, const struct target *target)
{
    const struct node *image = image_of(n);
    return image != NULL ? chip_by_id((uint16_t)node_number(image, "chip_id")) : target->chip;
}

static bool always(const struct node *n, const struct target *target)
{
    (void)n;
    (void)target;
    return true;
}

static bool hash_looked_at(const struct node *n, const struct target *target)
{
    const struct node *image = image_of(n);
    return image == NULL || strcmp(node_text(image, "type"), "bootloader") != 0 ||
           (target_use(target, TARGET_SECURE_BOOT) && target->secure_boot == SECURE_BOOT_V2);
}

// A chip that otapack does not know is taken for a new one.
static bool page_varies(const struct node *n, const struct target *target)
{
    const struct chip *chip = chip_of(n, target);
    return chip == NULL || chip->mmu_page_varies;
}

static bool has_secure_boot(const struct node *n, const struct target *target)
{
    (void)n;
    return !target_use(target, TARGET_SECURE_BOOT) || target->secure_boot != SECURE_BOOT_NONE;
}

// Said of the device, or so because there was no earlier ESP-IDF for its chip.
static bool is_known_to_have(const struct node *n, const struct target *target, const char *from)
{
    const struct chip *chip = chip_of(n, target);
    bool always =
        chip != NULL && chip->idf_from != NULL && text_compare_versions(chip->idf_from, from) >= 0;
    return always || (target_use(target, TARGET_IDF) && target_has_idf(target, from));
}

static bool has_idf_5_2(const struct node *n, const struct target *target)
{
    return is_known_to_have(n, target, "5.2");
}

static bool has_idf_6_0(const struct node *n, const struct target *target)
{
    return is_known_to_have(n, target, "6.0");
}

static bool has_idf_6_2(const struct node *n, const struct target *target)
{
    return is_known_to_have(n, target, "6.2");
}

// Only esp_https_ota compares the modes: not what takes a Matter image, a border router's or a
// Zigbee file, whatever the app is wrapped in there.
static bool spi_mode(const struct node *n, const struct target *target)
{
    static const char *const others[] = {"matter", "matter_bundle", "rcp_image", "zigbee"};
    const size_t count = sizeof(others) / sizeof(others[0]);
    const struct node *around = image_of(n);
    while (around != NULL && text_place(around->format, others, count) == count) {
        around = around->parent;
    }
    return around == NULL && target_has_idf(target, "6.1");
}

static bool has_slot(const struct node *n, const struct target *target)
{
    (void)target;
    return node_field(n, "slot") != NULL;
}

bool when_applies(enum check_when when, const struct node *n, const struct target *target)
{
    static bool (*const rows[CHECK_WHEN_COUNT])(const struct node *, const struct target *) = {
        [WHEN_ALWAYS] = always,           [WHEN_HASH_LOOKED_AT] = hash_looked_at,
        [WHEN_PAGE_VARIES] = page_varies, [WHEN_SECURE_BOOT] = has_secure_boot,
        [WHEN_SPI_MODE] = spi_mode,       [WHEN_IDF_5_2] = has_idf_5_2,
        [WHEN_IDF_6_0] = has_idf_6_0,     [WHEN_IDF_6_2] = has_idf_6_2,
        [WHEN_ESP8266_SLOT] = has_slot,
    };
    return rows[when](n, target);
}
