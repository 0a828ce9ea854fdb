// SPDX-License-Identifier: Apache-2.0
//
// Where the segments of an app go. Source of the facts: ESP-IDF's bootloader, esp_image_format.c
// (verify_load_addresses, should_load) and bootloader_utility.c (unpack_load_app).
#include <inttypes.h>
#include <otapack/esp_image.h>

#include "esp_tree.h"
#include "text.h"

// Below this, a segment is passed over: padding.
enum { LOADED_FROM = 0x10000000 };

static bool is_within(const struct chip_range *r, uint32_t from, uint32_t to)
{
    return from >= r->from && from < r->to && to > from && to <= r->to;
}

static bool overlap(const struct chip_range *r, uint32_t from, uint32_t to)
{
    return from < r->to && to > r->from;
}

// The memory that holds all of a segment; NULL: none.
static const struct chip_ram *ram_of(const struct chip *chip, uint32_t from, uint32_t to)
{
    for (unsigned i = 0; i < CHIP_RAMS && chip->ram[i].at.to != 0; i++) {
        if (is_within(&chip->ram[i].at, from, to)) {
            return &chip->ram[i];
        }
    }
    return NULL;
}

// Where the same bytes lie for the other bus; false: nowhere, or not all of them.
static bool other_place(const struct chip_alias *a, struct chip_range *at)
{
    struct chip_range iram = {a->iram, a->iram + a->size}, dram = {a->dram, a->dram + a->size};
    bool runs = overlap(&iram, at->from, at->to);
    const struct chip_range *here = runs ? &iram : &dram, *there = runs ? &dram : &iram;
    if (a->size == 0 || !overlap(here, at->from, at->to)) {
        return false;
    }
    uint32_t from = (at->from > here->from ? at->from : here->from) - here->from;
    uint32_t to = (at->to < here->to ? at->to : here->to) - here->from;
    at->from = there->from + (a->inverted ? a->size - to : from);
    at->to = there->from + (a->inverted ? a->size - from : to);
    return true;
}

static const char *clash_at(const struct chip_loader *own, const struct chip_range *at)
{
    return overlap(&own->code, at->from, at->to)    ? "code"
           : overlap(&own->data, at->from, at->to)  ? "data"
           : overlap(&own->stack, at->from, at->to) ? "stack"
                                                    : NULL;
}

// What a segment would write over while it is loaded; NULL: nothing.
static const char *clash(const struct chip *chip, const struct chip_loader *own, uint32_t from,
                         uint32_t to)
{
    struct chip_range at = {from, to};
    const char *what = clash_at(own, &at);
    return what == NULL && other_place(&chip->alias, &at) ? clash_at(own, &at) : what;
}

// The bootloader of the device's chip, where its revision is said; otherwise of the family that the
// image is for, by its lowest revision.
static const struct chip_loader *loader_of(const struct target *t, const struct chip *chip,
                                           const struct otapack_esp_header *h)
{
    bool said = chip->later.from != 0 && target_use(t, TARGET_REVISION);
    return chip_loader(chip, said ? t->revision_full : h->min_chip_rev_full);
}

// All of it in one memory; and what of it has a second address, there too: the bootloader asks for
// that, although the ESP32 says of part of its memory that it has none.
static bool has_memory(const struct chip *chip, uint32_t from, uint32_t to)
{
    struct chip_range at = {from, to};
    return ram_of(chip, from, to) != NULL &&
           (!other_place(&chip->alias, &at) || ram_of(chip, at.from, at.to) != NULL);
}

static bool is_loaded(const struct chip *chip, const struct otapack_esp_segment *seg)
{
    return seg->data_len > 0 && seg->load_addr >= LOADED_FROM &&
           !chip_is_flash_mapped(chip, seg->load_addr);
}

static void check_loads(struct judge *j, struct node *n)
{
    const struct otapack_esp_image *image = &esp_tree(n)->image;
    const struct chip *chip = esp_tree(n)->chip;
    const struct chip_loader *own = loader_of(target_for(j, n), chip, &image->header);
    for (uint32_t i = 0; i < image->segments_read; i++) {
        const struct otapack_esp_segment *seg = &image->segments[i];
        uint32_t from = seg->load_addr, to = from + seg->data_len;
        if (!is_loaded(chip, seg)) {
            continue;
        }
        if (!has_memory(chip, from, to)) {
            found(j, n, CHECK_ESP_LOAD, false,
                  "segment %" PRIu32 " loads %s to 0x%08" PRIx32 ", where the %s has no memory for "
                  "it",
                  i, text_size(j->arena, seg->data_len), from, chip->title);
            return;
        }
        const char *what = clash(chip, own, from, to);
        if (what != NULL) {
            found(j, n, CHECK_ESP_LOAD, false,
                  "segment %" PRIu32 " loads %s to 0x%08" PRIx32 ", over the %s of the %s's "
                  "bootloader",
                  i, text_size(j->arena, seg->data_len), from, what, chip->title);
            return;
        }
    }
    passed(j, n, CHECK_ESP_LOAD);
}

static void check_mapped(struct judge *j, struct node *n)
{
    const struct otapack_esp_image *image = &esp_tree(n)->image;
    const struct chip *chip = esp_tree(n)->chip;
    unsigned count = 0;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        count += chip_is_flash_mapped(chip, image->segments[i].load_addr) ? 1 : 0;
    }
    if (chip->mapped_are_two) {
        found(j, n, CHECK_ESP_MAPPED, count == 2,
              "%u segment%s mapped from flash, the bootloader of the %s wants two", count,
              count == 1 ? " is" : "s are", chip->title);
    }
}

// Does code run where this segment goes?
static bool runs(const struct chip *chip, const struct otapack_esp_segment *seg)
{
    uint32_t from = seg->load_addr;
    const struct chip_ram *ram = ram_of(chip, from, from + seg->data_len);
    bool mapped = (from >= chip->irom.from && from < chip->irom.to) ||
                  (from >= chip->psram.from && from < chip->psram.to);
    return mapped || (ram != NULL && ram->runs);
}

static void check_entry(struct judge *j, struct node *n)
{
    const struct otapack_esp_image *image = &esp_tree(n)->image;
    const struct chip *chip = esp_tree(n)->chip;
    uint32_t entry = image->header.entry_addr;
    bool good = false;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        const struct otapack_esp_segment *seg = &image->segments[i];
        good = good || (entry >= seg->load_addr && entry - seg->load_addr < seg->data_len &&
                        runs(chip, seg));
    }
    found(j, n, CHECK_ESP_ENTRY, good,
          "the entry address 0x%08" PRIx32 " lies in no segment that can run", entry);
}

static void check_sizes(struct judge *j, struct node *n)
{
    const struct otapack_esp_image *image = &esp_tree(n)->image;
    const struct chip *chip = esp_tree(n)->chip;
    for (uint32_t i = 0; i < image->segments_read; i++) {
        if (image->segments[i].data_len >= OTAPACK_ESP_LARGE_SEGMENT &&
            !target_has_idf(target_for(j, n), chip->large_from)) {
            found(j, n, CHECK_ESP_SEGMENT_SIZE, false,
                  "segment %" PRIu32 " has %s, and the %s maps less than 16 MiB%s%s", i,
                  text_size(j->arena, image->segments[i].data_len), chip->title,
                  chip->large_from == NULL ? "" : " before ESP-IDF ",
                  chip->large_from == NULL ? "" : chip->large_from);
            return;
        }
    }
    passed(j, n, CHECK_ESP_SEGMENT_SIZE);
}

static bool is_known_app(const struct node *n)
{
    return esp_is_app(n) && esp_has_chip(n);
}

const struct rule rules_esp_load[] = {
    {.run = check_sizes, .concerns = esp_has_chip},
    {.run = check_loads, .concerns = is_known_app},
    {.run = check_mapped, .concerns = is_known_app},
    {.run = check_entry, .concerns = is_known_app},
    {.run = NULL},
};
