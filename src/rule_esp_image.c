// SPDX-License-Identifier: Apache-2.0
//
// What one app or bootloader image shows by itself.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <otapack/esp_image.h>
#include <string.h>

#include "arrival.h"
#include "chip.h"
#include "digest.h"
#include "rule.h"
#include "signature.h"
#include "text.h"

enum { WORK_SIZE = 64 * 1024, MMU_PAGE = 0x10000 };
enum { PAGE_LEAST = 13, PAGE_MOST = 18 }; // log2: 8 to 256 KiB

// What the image should say, which it does say where that was seen while it arrived.
static struct otapack_status compute_sums(struct reader *r, const struct node *n,
                                          const struct otapack_esp_image *image,
                                          struct otapack_esp_sums *sums)
{
    if (arrival_image_is_good(r->options->arrival, n->src.base)) {
        sums->checksum = image->checksum;
        memcpy(sums->hash, image->hash, sizeof(sums->hash));
        return otapack_good();
    }
    struct digest *d = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct otapack_hash hash = digest_hash(d);
    uint8_t work[WORK_SIZE];
    struct otapack_status s = otapack_esp_image_compute(
        &n->src, image, image->has_hash ? &hash : NULL, work, WORK_SIZE, sums);
    digest_free(d);
    return s;
}

static void check_sums(struct reader *r, struct node *n, const struct otapack_esp_image *image)
{
    struct otapack_esp_sums sums;
    struct otapack_status s = compute_sums(r, n, image, &sums);
    if (s.code != OTAPACK_OK) {
        n->error = status_text(r, n, s);
        return;
    }
    found(r, n, CHECK_ESP_CHECKSUM, sums.checksum == image->checksum,
          "the checksum byte is 0x%02x, the segments give 0x%02x", image->checksum, sums.checksum);
    if (image->has_hash) {
        const char *said = text_hex(r->arena, image->hash, sizeof(image->hash));
        const char *given = text_hex(r->arena, sums.hash, sizeof(sums.hash));
        found(r, n, CHECK_ESP_HASH, memcmp(sums.hash, image->hash, sizeof(sums.hash)) == 0,
              "the appended SHA-256 is %s, the image gives %s", text_beside(r->arena, said, given),
              text_beside(r->arena, given, said));
    }
    if (is_image(n, "app")) {
        found(r, n, CHECK_ESP_NO_HASH, image->has_hash, "no SHA-256 is appended");
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

static void check_alignment(struct reader *r, struct node *n, const struct otapack_esp_image *image,
                            const struct chip *chip, const struct otapack_app_desc *desc)
{
    uint32_t page = mmu_page(chip, image, desc);
    for (uint32_t i = 0; i < image->segments_read; i++) {
        uint32_t load = image->segments[i].load_addr;
        uint64_t at = image->segments[i].at + OTAPACK_ESP_SEGMENT_HEADER_SIZE;
        if (chip_is_flash_mapped(chip, load) && at % page != load % page) {
            found(r, n, CHECK_ESP_PAGE_ALIGN, false,
                  "segment %" PRIu32 " lies at 0x%" PRIx64 " of the image and loads to 0x%" PRIx32
                  ", which differ within a page of 0x%" PRIx32,
                  i, at, load, page);
            return;
        }
    }
    passed(r, n, CHECK_ESP_PAGE_ALIGN);
}

// What follows an image. It may be filled up as erased flash is (esptool's --pad-to-size, a dump of
// its partition); behind a header that counts only what is loaded to RAM come the segments that the
// image maps by itself.
static void check_trailing(struct reader *r, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    bool filled = trailing != NULL && strcmp(node_text(trailing, "kind"), "erased") == 0;
    found(r, n, CHECK_ESP_TRAILING, trailing == NULL || filled || is_image(n, "ram_only"),
          "%s after the end of the %s at 0x%" PRIx64,
          trailing == NULL ? "" : text_size(r->arena, trailing->src.size),
          signature_count(n) == 0 ? "image" : "signatures",
          trailing == NULL ? 0 : trailing->src.base);
}

// A description of which only the beginning lies in segment 0: what follows is read all the same.
static const struct otapack_app_desc *cut_desc(const struct node *n, struct otapack_app_desc *cut)
{
    return is_image(n, "app") && app_desc_there(n, cut) && cut->magic_word == OTAPACK_APP_DESC_MAGIC
               ? cut
               : NULL;
}

void rule_esp_image(struct reader *r, struct node *n, const struct otapack_esp_image *image,
                    const struct otapack_app_desc *desc)
{
    const struct chip *chip = chip_by_id(image->header.chip_id);
    struct otapack_app_desc cut;
    if (!r->options->structure_only) {
        check_sums(r, n, image);
    }
    found(r, n, CHECK_ESP_CHIP_ID, chip != NULL, "chip ID %u is none that otapack knows",
          image->header.chip_id);
    if (chip != NULL) {
        check_alignment(r, n, image, chip, desc);
        rule_esp_load(r, n, image, chip);
    }
    rule_esp_revision(r, n, &image->header, desc != NULL ? desc : cut_desc(n, &cut));
    rule_device(r, n, &image->header, desc);
    if (!rule_signatures(r, n, image->length)) {
        check_trailing(r, n);
    }
    if (is_image(n, "app")) {
        rule_app_desc(r, n, chip, image, desc);
    } else if (is_image(n, "bootloader")) {
        rule_bootloader_desc(r, n, chip);
    }
}
