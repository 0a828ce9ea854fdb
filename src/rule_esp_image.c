// SPDX-License-Identifier: Apache-2.0
//
// What one app or bootloader image shows by itself.
#include <inttypes.h>
#include <otapack/app_desc.h>
#include <otapack/esp_image.h>
#include <string.h>

#include "chip.h"
#include "digest.h"
#include "rule.h"
#include "text.h"

enum { WORK_SIZE = 64 * 1024, MMU_PAGE = 0x10000, REVISION_UNSET = 65535, SECURE_MOST = 32 };

static void check_sums(struct reader *r, struct node *n, const struct otapack_esp_image *image)
{
    struct otapack_esp_sums sums;
    struct digest *d = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct otapack_hash hash = digest_hash(d);
    uint8_t work[WORK_SIZE];
    struct otapack_status s = otapack_esp_image_compute(
        &n->src, image, image->has_hash ? &hash : NULL, work, WORK_SIZE, &sums);
    digest_free(d);
    if (s.code != OTAPACK_OK) {
        n->error = status_text(r, n, s);
        return;
    }
    found(r, n, CHECK_ESP_CHECKSUM, sums.checksum == image->checksum,
          "the checksum byte is 0x%02x, the segments give 0x%02x", image->checksum, sums.checksum);
    if (image->has_hash) {
        found(r, n, CHECK_ESP_HASH, memcmp(sums.hash, image->hash, sizeof(sums.hash)) == 0,
              "the appended SHA-256 is %.16s..., the image gives %.16s...",
              text_hex(r->arena, image->hash, sizeof(image->hash)),
              text_hex(r->arena, sums.hash, sizeof(sums.hash)));
    }
    if (is_image(n, "app")) {
        found(r, n, CHECK_ESP_NO_HASH, image->has_hash, "no SHA-256 is appended");
    }
}

// The page size that the device uses: only some chips can have another than 64 KiB.
static uint32_t mmu_page(const struct chip *chip, const struct node *desc)
{
    uint64_t log2 = desc == NULL ? 0 : node_number(desc, "mmu_page_size");
    return chip->mmu_page_varies && log2 >= 13 && log2 <= 16 ? UINT32_C(1) << log2 : MMU_PAGE;
}

static void check_alignment(struct reader *r, struct node *n, const struct otapack_esp_image *image,
                            const struct chip *chip, const struct node *desc)
{
    uint32_t page = mmu_page(chip, desc);
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
    found(r, n, CHECK_ESP_PAGE_ALIGN, true, " ");
}

static bool revision_set(uint64_t max)
{
    return max != 0 && max != REVISION_UNSET;
}

static void check_revisions(struct reader *r, struct node *n, const struct node *desc)
{
    struct {
        const char *what;
        const struct node *where;
        const char *min, *max;
    } rows[] = {
        {"chip revision", n, "min_chip_rev_full", "max_chip_rev_full"},
        {"eFuse block revision", desc, "min_efuse_blk_rev_full", "max_efuse_blk_rev_full"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && rows[i].where != NULL; i++) {
        uint64_t max = node_number(rows[i].where, rows[i].max);
        if (revision_set(max) && node_number(rows[i].where, rows[i].min) > max) {
            found(r, n, CHECK_ESP_REVISION, false, "the lowest %s is %s, the highest %s",
                  rows[i].what, node_text(rows[i].where, rows[i].min),
                  node_text(rows[i].where, rows[i].max));
            return;
        }
    }
    found(r, n, CHECK_ESP_REVISION, true, " ");
}

static bool is_zero(const struct node *desc, const char *field)
{
    const char *text = node_text(desc, field);
    return strspn(text, "0") == strlen(text);
}

// Is the text field of `size` bytes at `at` neither empty nor without its NUL?
static bool text_good(const struct node *desc, uint64_t at, size_t size)
{
    char raw[32];
    if (otapack_read(&desc->src, at, (uint8_t *)raw, size, "").code != OTAPACK_OK) {
        return false;
    }
    size_t length = otapack_text_length(raw, size);
    return length > 0 && length < size;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), k = strlen(end);
    return n >= k && strcmp(text + n - k, end) == 0;
}

static void check_app(struct reader *r, struct node *n, struct node *desc)
{
    bool has_desc = desc != NULL && strcmp(desc->format, "app_desc") == 0;
    found(r, n, CHECK_APP_DESC, has_desc,
          "there is no app description (0x%08x) at offset %u of the image", OTAPACK_APP_DESC_MAGIC,
          OTAPACK_APP_DESC_AT);
    if (!has_desc) {
        return;
    }
    const char *version = node_text(desc, "version");
    found(r, desc, CHECK_APP_TEXT, text_good(desc, 16, 32) && text_good(desc, 48, 32),
          "version \"%s\" or project_name \"%s\" is empty or fills its field", version,
          node_text(desc, "project_name"));
    found(r, desc, CHECK_APP_DIRTY, !ends_with(version, "-dirty"), "the version is \"%s\"",
          version);
    found(r, desc, CHECK_APP_ELF_HASH, !is_zero(desc, "app_elf_sha256"),
          "app_elf_sha256 is all zero");
    found(r, desc, CHECK_APP_SECURE_VERSION, node_number(desc, "secure_version") <= SECURE_MOST,
          "secure_version is %s", node_text(desc, "secure_version"));
}

void rule_esp_image(struct reader *r, struct node *n, const struct otapack_esp_image *image,
                    struct node *desc)
{
    const struct chip *chip = chip_by_id(image->header.chip_id);
    const struct node *trailing = node_find(n, "trailing", -1);
    if (!r->options->structure_only) {
        check_sums(r, n, image);
    }
    found(r, n, CHECK_ESP_CHIP_ID, chip != NULL, "chip ID %u is none that otapack knows",
          image->header.chip_id);
    if (chip != NULL) {
        check_alignment(r, n, image, chip, desc);
    }
    check_revisions(r, n, desc);
    found(r, n, CHECK_ESP_TRAILING, trailing == NULL, "%s after the end of the image at 0x%" PRIx64,
          trailing == NULL ? "" : text_size(r->arena, trailing->src.size),
          n->src.base + image->length);
    if (strcmp(node_text(n, "type"), "app") == 0) {
        check_app(r, n, desc);
    }
}
