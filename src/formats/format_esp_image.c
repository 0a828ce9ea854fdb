// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <otapack/bootloader_desc.h>
#include <otapack/esp_image.h>
#include <string.h>

#include "app_desc.h"
#include "chip.h"
#include "esp8266.h"
#include "esp_tree.h"
#include "format_list.h"
#include "hosted.h"
#include "rcp_seal.h"
#include "rule.h"
#include "signature.h"
#include "source.h"

// An ESP8266 image begins with the same byte.
static bool esp_image_probe(const struct otapack_source *src)
{
    uint8_t magic;
    return otapack_read(src, 0, &magic, 1, "").code == OTAPACK_OK && magic == OTAPACK_ESP_MAGIC &&
           !is_esp8266(src);
}

static uint64_t esp_image_extent(const struct otapack_source *src)
{
    struct otapack_esp_image image;
    if (otapack_esp_image_open(src, &image).code != OTAPACK_OK) {
        return src->size;
    }
    return signature_extent(src, image.length, chip_by_id(image.header.chip_id));
}

static void add_header(struct arena *a, struct node *n, const struct otapack_esp_header *h,
                       const struct chip *chip)
{
    const char *name = chip == NULL ? "unknown" : chip->name;
    node_hex(a, n, "magic", h->magic, QUIET(0, 1));
    node_uint(a, n, "segment_count", h->segment_count, QUIET(1, 1));
    node_string(a, n, "chip", name, strlen(name), SHOWN(12, 2));
    node_uint(a, n, "chip_id", h->chip_id, QUIET(12, 2));
    node_revision(a, n, "min_chip_rev_full", h->min_chip_rev_full, SHOWN(15, 2));
    if (h->min_chip_rev_full == UINT16_MAX) {
        node_field(n, "min_chip_rev_full")->text = "none"; // no chip reaches that
    }
    node_revision(a, n, "max_chip_rev_full", h->max_chip_rev_full, SHOWN(17, 2));
    node_uint(a, n, "min_chip_rev", h->min_chip_rev, QUIET(14, 1));
    node_enum(a, n, "spi_mode", h->spi_mode, chip_flash_mode_name(h->spi_mode), SHOWN(2, 1));
    node_enum(a, n, "spi_speed", h->spi_speed,
              chip == NULL ? NULL : chip_frequency_name(chip, h->spi_speed), SHOWN(3, 1));
    node_enum(a, n, "spi_size", h->spi_size, chip_flash_size_name(h->spi_size), SHOWN(3, 1));
    node_hex(a, n, "entry_addr", h->entry_addr, SHOWN(4, 4));
    node_hex(a, n, "wp_pin", h->wp_pin, QUIET(8, 1));
    node_bytes(a, n, "spi_pin_drv", h->spi_pin_drv, sizeof(h->spi_pin_drv), QUIET(9, 3));
    node_bytes(a, n, "reserved", h->reserved, sizeof(h->reserved), QUIET(19, 4));
    node_uint(a, n, "hash_appended", h->hash_appended, QUIET(23, 1));
}

void esp_segment_add(struct arena *a, struct node *n, const char *name, int index, uint64_t at,
                     const struct otapack_esp_segment *seg, const char *memory)
{
    const uint32_t head = OTAPACK_ESP_SEGMENT_HEADER_SIZE;
    struct node *part = node_part(a, n, name, index, at, head + (uint64_t)seg->data_len);
    part->format = "esp_segment";
    node_hex(a, part, "load_addr", seg->load_addr, QUIET(0, 4));
    node_uint(a, part, "data_len", seg->data_len, QUIET(4, 4));
    node_string(a, part, "memory", memory, strlen(memory), DERIVED_QUIET);
    node_uint(a, part, "data_offset", part->src.base + head, QUIET(head, seg->data_len));
    part->summary = // its length without its header, as esptool says it
        arena_printf(a, "0x%08" PRIx32 "  %s%slength 0x%05" PRIx32, seg->load_addr, memory,
                     *memory == '\0' ? "" : "  ", seg->data_len);
}

static void add_bootloader_desc(struct arena *a, struct node *n,
                                const struct otapack_bootloader_desc *d)
{
    struct node *part =
        node_part(a, n, "desc", -1, OTAPACK_BOOTLOADER_DESC_AT, OTAPACK_BOOTLOADER_DESC_SIZE);
    part->format = "bootloader_desc";
    part->overlay = true;
    part->summary = "bootloader description";
    node_uint(a, part, "magic_byte", d->magic_byte, QUIET(0, 1));
    node_uint(a, part, "secure_version", d->secure_version, SHOWN(3, 1));
    node_uint(a, part, "version", d->version, SHOWN(4, 4));
    node_string(a, part, "idf_ver", d->idf_ver, sizeof(d->idf_ver), SHOWN(8, 32));
    node_string(a, part, "date_time", d->date_time, sizeof(d->date_time), SHOWN(40, 24));
    node_bytes(a, part, "reserved", d->reserved, sizeof(d->reserved), QUIET(1, 2));
    node_bytes(a, part, "reserved2", d->reserved2, sizeof(d->reserved2), QUIET(64, 16));
}

// A description is the first thing in segment 0, and lies in it whole.
static bool holds_desc(const struct otapack_esp_image *image, uint32_t size)
{
    return image->segments[0].data_len >= size;
}

// Adds what the image says of itself. *app is filled for an app, and then true is returned.
static bool add_desc(struct arena *a, struct node *n, const struct otapack_esp_image *image,
                     struct otapack_app_desc *app)
{
    struct otapack_bootloader_desc bootloader;
    if (holds_desc(image, OTAPACK_APP_DESC_SIZE) &&
        otapack_app_desc_read(&n->src, OTAPACK_APP_DESC_AT, app).code == OTAPACK_OK) {
        app_desc_add(a, n, OTAPACK_APP_DESC_AT, app, false);
        return true;
    }
    if (holds_desc(image, OTAPACK_BOOTLOADER_DESC_SIZE) &&
        otapack_bootloader_desc_read(&n->src, OTAPACK_BOOTLOADER_DESC_AT, &bootloader).code ==
            OTAPACK_OK) {
        add_bootloader_desc(a, n, &bootloader);
    }
    return false;
}

// Only apps have segments that are mapped from flash; what has neither these nor a description
// is a bootloader of the time before descriptions. But a bootloader has a hash and nothing behind
// it: otherwise it is the header of an image that maps the rest of itself (NuttX, Zephyr: "simple
// boot"), and counts only what the ROM is to load.
static const char *image_type(const struct node *n, const struct otapack_esp_image *image,
                              const struct chip *chip, const struct node *desc)
{
    if (desc != NULL) {
        return strcmp(desc->format, "app_desc") == 0 ? "app" : "bootloader";
    }
    for (uint32_t i = 0; chip != NULL && i < image->segments_read; i++) {
        if (chip_is_flash_mapped(chip, image->segments[i].load_addr)) {
            return "app";
        }
    }
    // More follows than erased flash.
    bool more = !image->has_hash && !source_is_filled(&n->src, image->length, n->src.size, 0xFF);
    return more ? "ram_only" : "bootloader";
}

static void add_tail(struct reader *r, struct node *n, const struct otapack_esp_image *image)
{
    struct arena *a = r->arena;
    uint64_t end = image->length;
    node_uint(a, n, "image_length", end, DERIVED);
    node_uint(a, n, "padding", image->checksum_at - image->padding_at,
              QUIET((int64_t)image->padding_at, image->checksum_at - image->padding_at));
    node_hex(a, n, "checksum", image->checksum, SHOWN((int64_t)image->checksum_at, 1));
    if (image->has_hash) {
        node_bytes(a, n, "hash", image->hash, sizeof(image->hash),
                   SHOWN((int64_t)(end - OTAPACK_ESP_HASH_SIZE), OTAPACK_ESP_HASH_SIZE));
    }
    signature_open(r, n, end);
}

static const char *title_of(struct arena *a, const char *chip, const char *type,
                            const struct node *desc)
{
    bool app = strcmp(type, "app") == 0;
    if (strcmp(type, "ram_only") == 0) {
        return arena_printf(a, "%s image that maps itself (RAM-only header)", chip);
    }
    if (desc == NULL) {
        return arena_printf(a, "%s %s without a description", chip, type);
    }
    const char *idf = node_text(desc, "idf_ver");
    return arena_printf(a, "%s %s%s%s%s", chip, type, app ? app_desc_name(a, desc) : "",
                        *idf == '\0' ? "" : ", ESP-IDF ", idf);
}

static void summarise(struct arena *a, struct node *n, const struct chip *chip,
                      const struct node *desc)
{
    unsigned count = signature_count(n);
    n->summary =
        title_of(a, chip == NULL ? "unknown chip" : chip->title, node_text(n, "type"), desc);
    if (count > 0) {
        n->summary =
            arena_printf(a, "%s, %u signature%s", n->summary, count, count == 1 ? "" : "s");
    }
}

static void esp_image_open(struct reader *r, struct node *n)
{
    struct otapack_esp_image image;
    struct otapack_status s = otapack_esp_image_open(&n->src, &image);
    const struct chip *chip = chip_by_id(image.header.chip_id);
    bool good = s.code == OTAPACK_OK;
    n->summary = "ESP image that cannot be read";
    if (!good) {
        n->error = status_text(r->arena, n, s);
    }
    if (!otapack_has(&n->src, 0, OTAPACK_ESP_HEADER_SIZE)) {
        read_rest(r, n, "unread", -1, 0, n->src.size);
        return;
    }
    struct esp_tree *tree = ARENA_NEW(r->arena, struct esp_tree);
    *tree = (struct esp_tree){.image = image, .chip = chip};
    tree->desc = good && add_desc(r->arena, n, &image, &tree->app) ? &tree->app : NULL;
    const struct node *desc = node_find(n, "desc", -1);
    if (tree->desc != NULL) {
        rcp_seal_add(r->arena, n);
    }
    if (good) {
        const char *type = image_type(n, &image, chip, desc);
        node_string(r->arena, n, "type", type, strlen(type), DERIVED_QUIET);
    }
    add_header(r->arena, n, &image.header, chip);
    for (uint32_t i = 0; i < image.segments_read; i++) {
        const struct otapack_esp_segment *seg = &image.segments[i];
        esp_segment_add(r->arena, n, "segments", (int)i, seg->at, seg,
                        chip == NULL ? "" : chip_memory_names(chip, seg->load_addr, r->arena));
    }
    if (!good) {
        read_rest(r, n, "unread", -1, image.padding_at, n->src.size - image.padding_at);
        return;
    }
    add_tail(r, n, &image);
    summarise(r->arena, n, chip, desc);
    n->parsed = tree;
}

const struct esp_tree *esp_tree(const struct node *n)
{
    return n->parsed;
}

bool esp_is_app(const struct node *n)
{
    return is_image(n, "app");
}

bool esp_is_bootloader(const struct node *n)
{
    return is_image(n, "bootloader");
}

bool esp_has_chip(const struct node *n)
{
    return esp_tree(n)->chip != NULL;
}

static const char *esp_image_kind(struct arena *a, const struct node *n)
{
    const struct chip *chip = image_chip(n);
    return is_image(n, "ram_only") ? n->summary
           : is_image(n, NULL)
               ? arena_printf(a, "%s %s", chip == NULL ? "unknown chip's" : chip->title,
                              node_text(n, "type"))
               : NULL;
}

static const struct first_fact first_facts[] = {{"name", "desc", "project_name"},
                                                {"version", "desc", "version"},
                                                {"ESP-IDF", "desc", "idf_ver"},
                                                {NULL, NULL, NULL}};

const struct format format_esp_image = {
    .name = "esp_image",
    .title = "ESP32-family app or bootloader image",
    .probe = esp_image_probe,
    .extent = esp_image_extent,
    .open = esp_image_open,
    .kind = esp_image_kind,
    .first_facts = first_facts,
    .signable = true,
    .rules = {rules_esp_image, rules_esp_load, rules_esp_revision, rules_device,
              rules_esp_signatures, rules_app_desc, rules_final_bootloader, rules_hosted_app,
              rules_app_seal, rules_host_app}};
