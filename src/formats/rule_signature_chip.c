// SPDX-License-Identifier: Apache-2.0
//
// What the chip of an image, and the releases of ESP-IDF for it, make of the image's signatures:
// which schemes they verify, and which of them they advise against. Sources: see chip_table.c.
#include <inttypes.h>

#include "chip.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"

// Can the chip verify this signature at all? *what is what it does not know, and *from the revision
// that knows it. `can` NULL: a chip that otapack does not know; only the first had v1.
static bool chip_knows(const struct chip_secure_boot *can, const struct node *block,
                       const char **what, uint16_t *from)
{
    enum pk_type type;
    *from = 0;
    if (signature_is_v1(block)) {
        *what = "Secure Boot v1";
        return can == NULL ? !is_image(block->parent, NULL) : can->v1;
    }
    if (!signature_type(block, &type)) {
        return true; // sig-block has told of it
    }
    *what = pk_types[type].title;
    return can == NULL || chip_knows_scheme(can, type, from);
}

// Data say nothing of a chip: theirs is the device's, where that is known.
static const struct chip *chip_of(const struct target *t, const struct node *n)
{
    bool said = !is_image(n, NULL) && target_use(t, TARGET_CHIP);
    return said ? t->chip : image_chip(n);
}

// The lowest revision of the chip that may have to verify the image: the device's, where it is said
// or must be; otherwise the lowest that the image allows. Older ESP-IDF writes a 3 for the ESP32's
// v3.0, in a byte of its own. Data allow any.
static uint16_t lowest_revision(const struct target *t, const struct node *n,
                                const struct chip_secure_boot *can)
{
    uint16_t full = (uint16_t)node_number(n, "min_chip_rev_full");
    uint16_t major = (uint16_t)(node_number(n, "min_chip_rev") * 100);
    // No earlier one has Secure Boot v2, and this device has.
    bool all_late = can != NULL && can->schemes == can->late;
    if (target_use(t, TARGET_REVISION)) {
        return t->revision_full;
    }
    if (!is_image(n, NULL)) {
        return UINT16_MAX;
    }
    if (all_late && target_use(t, TARGET_SECURE_BOOT) && t->secure_boot == SECURE_BOOT_V2) {
        return can->late_from;
    }
    return node_number(n, "chip_id") == 0 && major > full ? major : full;
}

// Data of which the device knows only the other version's signatures; of an image, device-signature
// says so.
static bool is_of_other_version(const struct target *t, const struct node *image,
                                const struct node *block)
{
    return !is_image(image, NULL) && target_use(t, TARGET_SECURE_BOOT) &&
           t->secure_boot == SECURE_BOOT_V1 && !signature_is_v1(block);
}

struct signature_look signature_look(const struct target *device, const struct node *image,
                                     unsigned i)
{
    static const struct target unknown = {0};
    const struct target *t = device == NULL || node_is_elsewhere(image) ? &unknown : device;
    const struct chip *chip = chip_of(t, image);
    const struct chip_secure_boot *can = chip == NULL ? NULL : chip_secure_boot(chip);
    struct signature_look look = {.chip = chip, .what = ""};
    if (!chip_knows(can, signature_at(image, i), &look.what, &look.from)) {
        look.how = SIGNATURE_OF_UNKNOWN_KIND;
    } else if (is_of_other_version(t, image, signature_at(image, i))) {
        look.how = SIGNATURE_OF_OTHER_VERSION;
    } else if (signature_is_v1(signature_at(image, i)) && is_image(image, "bootloader")) {
        look.how = SIGNATURE_OF_BOOTLOADER;
    } else if (look.from > 0 && lowest_revision(t, image, can) < look.from) {
        look.how = SIGNATURE_EARLY_CHIP;
        look.said = (t->known & TARGET_REVISION) != 0;
    } else if (can != NULL && i >= can->blocks) {
        look.how = SIGNATURE_PAST_THE_LAST;
    }
    return look;
}

// What the chip cannot do, in the words of sig-chip.
static const char *text_of(struct judge *j, const struct signature_look *look, unsigned count)
{
    const char *chip = look->chip == NULL ? "chip" : look->chip->title;
    switch (look->how) {
    case SIGNATURE_LOOKED_AT:
        break;
    case SIGNATURE_OF_UNKNOWN_KIND:
        return arena_printf(j->arena, "the %s cannot verify %s", chip, look->what);
    case SIGNATURE_OF_OTHER_VERSION:
        return "the device has Secure Boot v1, and verifies no signature of v2";
    case SIGNATURE_EARLY_CHIP:
        return arena_printf(
            j->arena,
            look->said
                ? "the device's %s is before revision v%u.%u, and does not know %s"
                : "the image is also for %s chips before revision v%u.%u, which do not know %s",
            chip, look->from / 100u, look->from % 100u, look->what);
    case SIGNATURE_PAST_THE_LAST:
        return arena_printf(j->arena,
                            "there are %u signature blocks, and the %s looks at the first only",
                            count, chip);
    case SIGNATURE_OF_BOOTLOADER:
        return arena_printf(j->arena,
                            "with Secure Boot v1 the %s looks at no signature of a bootloader, but "
                            "at a digest that it has made itself",
                            chip);
    }
    return "";
}

static void check_chip(struct judge *j, struct node *n)
{
    unsigned count = signature_count(n);
    for (unsigned i = 0; i < count; i++) {
        struct signature_look look = signature_look(target_for(j, n), n, i);
        if (look.how != SIGNATURE_LOOKED_AT) {
            found(j, n, CHECK_SIG_CHIP, false, "%s", text_of(j, &look, count));
            return;
        }
    }
    passed(j, n, CHECK_SIG_CHIP);
}

// Of v2, and with no fault of its own, which would be all that there is to say.
static bool is_sound(const struct node *block, enum pk_type *type)
{
    return passes_all(block) && !signature_is_v1(block) && signature_type(block, type);
}

// Releases before 5.5.5, and 6.0 and 6.0.1, came before what was found.
static bool knows_insecure(const struct target *t)
{
    bool early_6_0 =
        (t->known & TARGET_IDF) != 0 && target_has_idf(t, "6.0") && !target_has_idf(t, "6.0.2");
    return target_has_idf(t, "5.5.5") && !early_6_0;
}

static void check_insecure(struct judge *j, struct node *n, const struct chip *chip,
                           const struct chip_secure_boot *can)
{
    for (unsigned i = 0; i < signature_count(n); i++) {
        const struct node *block = signature_at(n, i);
        enum pk_type type;
        if (is_sound(block, &type) && (can->insecure >> type & 1) != 0 &&
            knows_insecure(target_for(j, n))) {
            found(j, n, CHECK_SIG_INSECURE, false,
                  "%s on the %s is called insecure by ESP-IDF 5.5.5, 6.0.2, 6.1 and later%s",
                  pk_types[type].title, chip->title,
                  (can->schemes >> OTAPACK_SB_RSA3072 & 1) == 0
                      ? ", which have no other scheme for it"
                      : "");
            return;
        }
    }
    passed(j, n, CHECK_SIG_INSECURE);
}

static void check_dropped(struct judge *j, struct node *n)
{
    bool early =
        target_use(target_for(j, n), TARGET_IDF) && !target_has_idf(target_for(j, n), "6.0");
    for (unsigned i = 0; i < signature_count(n); i++) {
        const struct node *block = signature_at(n, i);
        enum pk_type type;
        if (is_sound(block, &type) && type == PK_P192 && !early) {
            found(j, n, CHECK_SIG_DROPPED, false, "ESP-IDF 6.0 has no %s any more",
                  pk_types[type].title);
            return;
        }
    }
    passed(j, n, CHECK_SIG_DROPPED);
}

void rule_signatures_chip(struct judge *j, struct node *n)
{
    const struct target *t = target_for(j, n);
    const struct chip *chip = chip_of(t, n);
    const struct chip_secure_boot *can = chip == NULL ? NULL : chip_secure_boot(chip);
    bool verifies = !target_use(t, TARGET_SECURE_BOOT) || t->secure_boot != SECURE_BOOT_NONE;
    if (can != NULL || is_image(n, NULL)) {
        check_chip(j, n);
    }
    if (can != NULL && verifies) {
        check_insecure(j, n, chip, can);
    }
    if (verifies && is_image(n, NULL)) {
        check_dropped(j, n);
    }
}
