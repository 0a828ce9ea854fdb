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
// that knows it.
static bool chip_knows(const struct chip_secure_boot *can, const struct node *block,
                       const char **what, uint16_t *from)
{
    enum pk_type type;
    *from = 0;
    if (signature_is_v1(block)) {
        *what = "Secure Boot v1";
        return can->v1;
    }
    if (!signature_type(block, &type)) {
        return true; // sig-block has told of it
    }
    *what = pk_types[type].title;
    return chip_knows_scheme(can, type, from);
}

bool signature_fits_chip(const struct node *image, unsigned i)
{
    const struct chip *chip = image_chip(image);
    const struct chip_secure_boot *can = chip == NULL ? NULL : chip_secure_boot(chip);
    const char *what;
    uint16_t from;
    return can == NULL ||
           (i < can->blocks && chip_knows(can, signature_at(image, i), &what, &from));
}

bool rule_signature_fits(const struct target *device, const struct node *image)
{
    const struct chip *chip = image_chip(image);
    const struct chip_secure_boot *can = chip == NULL ? NULL : chip_secure_boot(chip);
    const char *what;
    uint16_t from;
    return can == NULL || (chip_knows(can, signature_at(image, 0), &what, &from) &&
                           (!target_use(device, TARGET_REVISION) || device->revision_full >= from));
}

// The lowest revision of the chip that may have to verify the image: the device's, where it is
// said; otherwise the lowest that the image allows. Older ESP-IDF writes a 3 for the ESP32's v3.0.
static uint16_t lowest_revision(struct reader *r, const struct node *n)
{
    uint64_t full = node_number(n, "min_chip_rev_full");
    uint64_t major = node_number(n, "min_chip_rev") * 100;
    if (target_use(target_for(r, n), TARGET_REVISION)) {
        return target_for(r, n)->revision_full;
    }
    return (uint16_t)(node_number(n, "chip_id") == 0 && major > full ? major : full);
}

// A scheme that only later revisions know. True where it was found wanting.
static bool is_early(struct reader *r, struct node *n, const struct chip *chip, const char *what,
                     uint16_t from)
{
    bool said = (target_for(r, n)->known & TARGET_REVISION) != 0;
    if (from == 0 || lowest_revision(r, n) >= from) {
        return false;
    }
    found(r, n, CHECK_SIG_CHIP, false,
          said ? "the device's %s is before revision v%u.%u, and does not know %s"
               : "the image is also for %s chips before revision v%u.%u, which do not know %s",
          chip->title, from / 100u, from % 100u, what);
    return true;
}

static void check_chip(struct reader *r, struct node *n, const struct chip *chip,
                       const struct chip_secure_boot *can)
{
    unsigned count = signature_count(n);
    const char *what = "";
    uint16_t from;
    for (unsigned i = 0; i < count; i++) {
        if (!chip_knows(can, signature_at(n, i), &what, &from)) {
            found(r, n, CHECK_SIG_CHIP, false, "the %s cannot verify %s", chip->title, what);
            return;
        }
        if (is_early(r, n, chip, what, from)) {
            return;
        }
    }
    found(r, n, CHECK_SIG_CHIP, count <= can->blocks,
          "there are %u signature blocks, and the %s looks at the first only", count, chip->title);
}

// Of v2, and with no fault of its own, which would be all that there is to say.
static bool is_sound(const struct node *block, enum pk_type *type)
{
    const struct finding *f = block->findings;
    while (f != NULL && f->verdict == VERDICT_PASS) {
        f = f->next;
    }
    return f == NULL && !signature_is_v1(block) && signature_type(block, type);
}

// Releases before 5.5.5, and 6.0 and 6.0.1, came before what was found.
static bool knows_insecure(const struct target *t)
{
    bool early_6_0 =
        (t->known & TARGET_IDF) != 0 && target_has_idf(t, "6.0") && !target_has_idf(t, "6.0.2");
    return target_has_idf(t, "5.5.5") && !early_6_0;
}

static void check_insecure(struct reader *r, struct node *n, const struct chip *chip,
                           const struct chip_secure_boot *can)
{
    for (unsigned i = 0; i < signature_count(n); i++) {
        const struct node *block = signature_at(n, i);
        enum pk_type type;
        if (is_sound(block, &type) && (can->insecure >> type & 1) != 0 &&
            knows_insecure(target_for(r, n))) {
            found(r, n, CHECK_SIG_INSECURE, false,
                  "%s on the %s is called insecure by ESP-IDF 5.5.5, 6.0.2, 6.1 and later%s",
                  pk_types[type].title, chip->title,
                  (can->schemes >> OTAPACK_SB_RSA3072 & 1) == 0
                      ? ", which have no other scheme for it"
                      : "");
            return;
        }
    }
    passed(r, n, CHECK_SIG_INSECURE);
}

static void check_dropped(struct reader *r, struct node *n)
{
    bool early =
        target_use(target_for(r, n), TARGET_IDF) && !target_has_idf(target_for(r, n), "6.0");
    for (unsigned i = 0; i < signature_count(n); i++) {
        const struct node *block = signature_at(n, i);
        enum pk_type type;
        if (is_sound(block, &type) && type == PK_P192 && !early) {
            found(r, n, CHECK_SIG_DROPPED, false, "ESP-IDF 6.0 has no %s any more",
                  pk_types[type].title);
            return;
        }
    }
    passed(r, n, CHECK_SIG_DROPPED);
}

void rule_signatures_chip(struct reader *r, struct node *n)
{
    const struct target *t = target_for(r, n);
    const struct chip *chip = image_chip(n);
    const struct chip_secure_boot *can = chip == NULL ? NULL : chip_secure_boot(chip);
    bool verifies = !target_use(t, TARGET_SECURE_BOOT) || t->secure_boot != SECURE_BOOT_NONE;
    if (can != NULL) {
        check_chip(r, n, chip, can);
    }
    if (can != NULL && verifies) {
        check_insecure(r, n, chip, can);
    }
    if (verifies && is_image(n, NULL)) {
        check_dropped(r, n);
    }
}
