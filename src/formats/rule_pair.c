// SPDX-License-Identifier: Apache-2.0
//
// What two parts of one device must agree on, whatever file they come in.
#include <inttypes.h>
#include <string.h>

#include "format_list.h"
#include "rule.h"
#include "text.h"

bool is_image(const struct node *n, const char *type)
{
    return node_is(n, &format_esp_image) && n->error == NULL &&
           (type == NULL || strcmp(node_text(n, "type"), type) == 0);
}

const struct node *image_desc(const struct node *n)
{
    return is_image(n, NULL) ? node_find(n, "desc", -1) : NULL;
}

const struct chip *image_chip(const struct node *n)
{
    return is_image(n, NULL) ? chip_by_id((uint16_t)node_number(n, "chip_id")) : NULL;
}

uint64_t image_flash_size(const struct node *n)
{
    return is_image(n, NULL) ? chip_flash_size((uint8_t)node_number(n, "spi_size")) : 0;
}

// What a node is, for a sentence.
static const char *what_is(struct judge *j, const struct node *n)
{
    if (node_is(n, &format_esp_image)) {
        return arena_printf(j->arena, "%s image", node_text(n, "type"));
    }
    if (node_is(n, &format_raw)) {
        const char *kind = node_text(n, "kind");
        bool guess = strcmp(kind, "encrypted") == 0;
        return strcmp(kind, "unknown") == 0 ? format_raw.title
               : guess                      ? "encrypted, perhaps"
                                            : kind;
    }
    for (size_t i = 0; i < formats.count; i++) {
        if (node_is(n, formats.list[i])) {
            return formats.list[i]->title;
        }
    }
    return "something else";
}

void rule_slot(struct judge *j, struct node *n, const char *type)
{
    if (n == NULL || n->error != NULL) {
        return;
    }
    bool table = strcmp(type, format_partition_table.name) == 0;
    bool good = table ? node_is(n, &format_partition_table) : is_image(n, type);
    found(j, n, CHECK_SLOT_CONTENT, good, "this slot is for %s%s, but holds: %s",
          table ? format_partition_table.title : type, table ? "" : " images", what_is(j, n));
}

void rule_chip_match(struct judge *j, struct node *bootloader, struct node *app)
{
    if (is_image(bootloader, NULL) && is_image(app, NULL)) {
        found(j, app, CHECK_CHIP_MATCH,
              node_number(bootloader, "chip_id") == node_number(app, "chip_id"),
              "the app is for %s, its bootloader for %s", node_text(app, "chip"),
              node_text(bootloader, "chip"));
    }
}

// ---- Revisions ----------------------------------------------------------------------------------

enum { REVISION_ANY = 65535, ESP32P4 = 18, P4_FAMILY = 300 };

struct revisions {
    unsigned from, to;
};

// Those on which the image is started. No highest one is asked of a bootloader, and 0 and 65535 say
// that there is none.
static struct revisions revisions_of(const struct node *image, bool bootloader)
{
    unsigned min = (unsigned)node_number(image, "min_chip_rev_full");
    unsigned max = (unsigned)node_number(image, "max_chip_rev_full");
    return (struct revisions){min, bootloader || max == 0 ? REVISION_ANY : max};
}

// The two families of the ESP32-P4 have one chip ID and different memories: a bootloader runs on
// one of them only, whatever it says of a highest revision.
static struct revisions of_family(struct revisions r)
{
    unsigned most = r.from < P4_FAMILY ? P4_FAMILY - 1 : REVISION_ANY;
    return (struct revisions){r.from, r.to < most ? r.to : most};
}

static const char *revisions_text(struct judge *j, struct revisions v)
{
    const char *from = arena_printf(j->arena, "v%u.%u", v.from / 100, v.from % 100);
    return v.to == REVISION_ANY
               ? arena_printf(j->arena, "%s and later", from)
               : arena_printf(j->arena, "%s to v%u.%u", from, v.to / 100, v.to % 100);
}

void rule_revision_match(struct judge *j, struct node *bootloader, struct node *app)
{
    const struct chip *chip = image_chip(bootloader);
    if (chip == NULL || chip != image_chip(app)) {
        return;
    }
    struct revisions below = revisions_of(bootloader, true);
    struct revisions above = revisions_of(app, false);
    if (chip->id == ESP32P4) {
        below = of_family(below);
    }
    found(j, app, CHECK_REVISION_MATCH, above.from <= below.to && below.from <= above.to,
          "the app runs on revisions %s of the %s, its bootloader on %s", revisions_text(j, above),
          chip->title, revisions_text(j, below));
}

// ---- Partitions of more than 16 MiB -------------------------------------------------------------

bool partition_is_too_large(struct judge *j, const struct chip *chip, uint64_t size)
{
    return size > OTAPACK_ESP_LARGE_SEGMENT && chip != NULL &&
           !target_has_idf(&j->options->target, chip->large_from);
}

void rule_partition_large(struct judge *j, struct node *app, const struct chip *chip,
                          const char *label, uint64_t size)
{
    const char *from = chip == NULL ? NULL : chip->large_from;
    found(j, app, CHECK_PT_LARGE, !partition_is_too_large(j, chip, size),
          "partition %s has %s, and the bootloader and the app of an %s take none of more than 16 "
          "MiB%s%s",
          label, text_size(j->arena, size), chip == NULL ? "" : chip->title,
          from == NULL ? "" : " before ESP-IDF ", from == NULL ? "" : from);
}

// ---- Versions of ESP-IDF ------------------------------------------------------------------------

// ESP-IDF's releases have up to three numbers below 100; PlatformIO's package of v5.4.1 is called
// 3.50401.0.
static bool is_release_number(const char *text, size_t n)
{
    unsigned numbers = 1, digits = 0;
    for (size_t i = 0; i < n; i++) {
        digits = text[i] == '.' ? 0 : digits + 1;
        numbers += text[i] == '.';
        if (digits > 2) {
            return false;
        }
    }
    return numbers <= 3;
}

// The numbers of a release, and of what was built on it: v5.4.1-dirty and v5.4.1-12-gabcdef are
// v5.4.1. NULL for all else: v6.0-dev and v6.0-rc1 come before a release, 0.0.0 is what other
// frameworks write.
const char *idf_release(struct arena *a, const char *version)
{
    const char *plain = version + (*version == 'v' || *version == 'V');
    size_t n = strspn(plain, "0123456789.");
    const char *rest = plain + n;
    bool release = *rest == '\0' || strncmp(rest, "-dirt", 5) == 0 ||
                   (*rest == '-' && rest[1] >= '0' && rest[1] <= '9');
    if (!text_is_version(version) || *plain == '0' || !release || !is_release_number(plain, n)) {
        return NULL;
    }
    while (n > 2 && strncmp(plain + n - 2, ".0", 2) == 0) { // v5.4.0 is v5.4
        n -= 2;
    }
    return arena_copy(a, plain, n);
}

const char *image_idf_release(struct arena *a, const struct node *image)
{
    const struct node *desc = image_desc(image);
    return desc == NULL ? NULL : idf_release(a, node_text(desc, "idf_ver"));
}

const char *target_idf_release(struct judge *j)
{
    const char *release = idf_release(j->arena, j->options->target.idf);
    return release == NULL ? j->options->target.idf : release;
}

void rule_idf_order(struct judge *j, struct node *bootloader, struct node *app)
{
    const char *below = image_idf_release(j->arena, bootloader);
    const char *above = image_idf_release(j->arena, app);
    if (below != NULL && above != NULL) {
        found(j, app, CHECK_IDF_ORDER, text_compare_versions(below, above) <= 0,
              "the app is built with ESP-IDF %s, its bootloader with the newer %s",
              node_text(image_desc(app), "idf_ver"), node_text(image_desc(bootloader), "idf_ver"));
    }
}

// ---- The size of the flash ----------------------------------------------------------------------

void rule_flash_size(struct judge *j, struct node *bootloader, struct node *table)
{
    static const uint64_t unknown = UINT64_C(0x200000); // what bootloaders take a size for
    uint64_t flash = image_flash_size(bootloader);
    if (!is_image(bootloader, NULL) || !node_is(table, &format_partition_table)) {
        return;
    }
    flash = flash == 0 ? unknown : flash;
    const struct node *last = NULL;
    uint64_t end = 0;
    for (const struct node *p = table->parts; p != NULL; p = p->next) {
        uint64_t p_end = node_number(p, "offset") + node_number(p, "size");
        if (strcmp(p->name, "partitions") == 0 && p_end > end) {
            end = p_end;
            last = p;
        }
    }
    if (last != NULL) {
        found(j, table, CHECK_PT_FLASH_SIZE, end <= flash,
              "partition %s ends at 0x%" PRIx64 ", the bootloader's header says %s of flash",
              node_text(last, "label"), end, text_size(j->arena, flash));
    }
}
