// SPDX-License-Identifier: Apache-2.0
//
// What one app or bootloader image shows by itself.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <otapack/esp_image.h>
#include <otapack/uf2.h>
#include <string.h>

#include "chip.h"
#include "digest_span.h"
#include "esp_tree.h"
#include "flash_file.h"
#include "format_list.h"
#include "rule.h"
#include "signature.h"
#include "text.h"

enum { WORK_SIZE = 256 * 1024, MMU_PAGE = 0x10000 };
enum { PAGE_LEAST = 13, PAGE_MOST = 18 }; // log2: 8 to 256 KiB

static struct otapack_status compute_sums(const struct node *n,
                                          const struct otapack_esp_image *image,
                                          struct otapack_esp_sums *sums)
{
    struct otapack_source hashed = otapack_part(&n->src, 0, image->length - OTAPACK_ESP_HASH_SIZE);
    struct digest_span span;
    (void)digest_span_begin(&span, DIGEST_SHA256, &hashed);
    struct otapack_hash hash = digest_span_hash(&span);
    uint8_t work[WORK_SIZE];
    struct otapack_status s = otapack_esp_image_compute(
        &n->src, image, image->has_hash ? &hash : NULL, work, WORK_SIZE, sums);
    digest_span_end(&span);
    return s;
}

static void check_sums(struct judge *j, struct node *n)
{
    const struct otapack_esp_image *image = &esp_tree(n)->image;
    struct otapack_esp_sums sums;
    struct otapack_status s = compute_sums(n, image, &sums);
    if (s.code != OTAPACK_OK) {
        n->error = status_text(j->arena, n, s);
        return;
    }
    found(j, n, CHECK_ESP_CHECKSUM, sums.checksum == image->checksum,
          "the checksum byte is 0x%02x, the segments give 0x%02x", image->checksum, sums.checksum);
    if (image->has_hash) {
        const char *said = text_hex(j->arena, image->hash, sizeof(image->hash));
        const char *given = text_hex(j->arena, sums.hash, sizeof(sums.hash));
        found(j, n, CHECK_ESP_HASH, memcmp(sums.hash, image->hash, sizeof(sums.hash)) == 0,
              "the appended SHA-256 is %s, the image gives %s", text_beside(j->arena, said, given),
              text_beside(j->arena, given, said));
    }
    if (is_image(n, "app")) {
        found(j, n, CHECK_ESP_NO_HASH, image->has_hash, "no SHA-256 is appended");
    }
}

// The page size that the device uses: only some chips can have another than 64 KiB. Apps before
// ESP-IDF 5.4 do not say which; their build chose it by the flash size.
static uint32_t mmu_page(const struct chip *chip, const struct otapack_esp_image *image,
                         const struct otapack_app_desc *desc)
{
    static const uint32_t by_flash_size[] = {MMU_PAGE / 4, MMU_PAGE / 2}; // 1MB, 2MB
    uint8_t size = image->header.spi_size;
    if (!chip->mmu_page_varies) {
        return MMU_PAGE;
    }
    if (desc != NULL && desc->mmu_page_size >= PAGE_LEAST && desc->mmu_page_size <= PAGE_MOST) {
        return UINT32_C(1) << desc->mmu_page_size;
    }
    return size < sizeof(by_flash_size) / sizeof(by_flash_size[0]) ? by_flash_size[size] : MMU_PAGE;
}

static void check_alignment(struct judge *j, struct node *n)
{
    const struct otapack_esp_image *image = &esp_tree(n)->image;
    const struct chip *chip = esp_tree(n)->chip;
    uint32_t page = mmu_page(chip, image, esp_tree(n)->desc);
    for (uint32_t i = 0; i < image->segments_read; i++) {
        uint32_t load = image->segments[i].load_addr;
        uint64_t at = image->segments[i].at + OTAPACK_ESP_SEGMENT_HEADER_SIZE;
        if (chip_is_flash_mapped(chip, load) && at % page != load % page) {
            found(j, n, CHECK_ESP_PAGE_ALIGN, false,
                  "segment %" PRIu32 " lies at 0x%" PRIx64 " of the image and loads to 0x%" PRIx32
                  ", which differ within a page of 0x%" PRIx32,
                  i, at, load, page);
            return;
        }
    }
    passed(j, n, CHECK_ESP_PAGE_ALIGN);
}

// The last block of a UF2 file is as long as all others: uf2conv.py fills it with zeros.
static bool is_end_of_block(const struct node *n, const struct node *trailing)
{
    return flash_file_is_region(n) && node_is(n->parent, &format_uf2) &&
           strcmp(node_text(trailing, "kind"), "zeros") == 0 &&
           trailing->src.size < OTAPACK_UF2_MAX_PAYLOAD;
}

// What follows an image. It may be filled up as erased flash is (esptool's --pad-to-size, a dump of
// its partition); behind a header that counts only what is loaded to RAM come the segments that the
// image maps by itself.
// Of a signature where no device looks, more has been said already.
static void check_trailing(struct judge *j, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    bool filled = trailing != NULL && strcmp(node_text(trailing, "kind"), "erased") == 0;
    bool meant =
        trailing == NULL || filled || is_image(n, "ram_only") || is_end_of_block(n, trailing);
    found(j, n, CHECK_ESP_TRAILING, meant, "%s after the end of the %s at 0x%" PRIx64,
          trailing == NULL ? "" : text_size(j->arena, trailing->src.size),
          signature_count(n) == 0 ? "image" : "signatures",
          trailing == NULL ? 0 : trailing->src.base);
}

static void check_header(struct judge *j, struct node *n)
{
    found(j, n, CHECK_ESP_HEADER, n->error == NULL, "%s", n->error);
}

static bool is_whole(const struct node *n)
{
    return !is_partial(n);
}

static void check_chip_id(struct judge *j, struct node *n)
{
    found(j, n, CHECK_ESP_CHIP_ID, esp_has_chip(n), "chip ID %u is none that otapack knows",
          esp_tree(n)->image.header.chip_id);
}

const struct rule rules_esp_image[] = {
    {.run = check_header, .unread = true},
    {.run = check_sums, .concerns = is_whole},
    {.run = check_chip_id},
    {.run = check_alignment, .concerns = esp_has_chip},
    {.run = NULL},
};

static void check_signatures(struct judge *j, struct node *n)
{
    if (!rule_signatures(j, n, esp_tree(n)->image.length)) {
        check_trailing(j, n);
    }
}

const struct rule rules_esp_signatures[] = {{.run = check_signatures}, {.run = NULL}};
