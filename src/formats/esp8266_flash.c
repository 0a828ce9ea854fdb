// SPDX-License-Identifier: Apache-2.0
#include "esp8266_flash.h"

#include <inttypes.h>
#include <otapack/partition_table.h>
#include <otapack/rboot.h>
#include <string.h>

#include "digest_span.h"
#include "esp8266_links.h"
#include "os.h"
#include "source.h"
#include "text.h"

enum { HASH_SIZE = 32, MD5_SIZE = 16, LENGTH_SIZE = 4 };

static bool is_filled(const struct otapack_source *src, uint64_t from, uint64_t to)
{
    return source_is_filled(src, from, to, 0xFF) || source_is_filled(src, from, to, 0);
}

static uint64_t sector_end(const struct otapack_source *src, uint64_t at)
{
    uint64_t end = esp8266_sectors(at + 1);
    return end < src->size ? end : src->size;
}

// A table begins with an entry; code may begin with its magic number.
static bool is_table(const struct otapack_source *part)
{
    struct otapack_partition_table table;
    return otapack_partition_table_open(part, &table).code == OTAPACK_OK && table.count > 0;
}

// Two bytes are there by chance in one sector of 65,536: the program also starts in RAM, and its
// first segment has no address.
static bool is_v2(const struct otapack_source *part)
{
    enum { FIRST_AT = 8 };
    uint8_t raw[FIRST_AT + 4];
    if (otapack_read(part, 0, raw, sizeof(raw), "").code != OTAPACK_OK) {
        return false;
    }
    struct otapack_esp8266_header h = otapack_esp8266_header_decode(raw);
    return h.magic == OTAPACK_ESP8266_V2_MAGIC && h.segment_count == OTAPACK_ESP8266_V2_COUNT &&
           strcmp(esp8266_memory_name(h.entry_addr), "IRAM") == 0 &&
           otapack_le32(raw + FIRST_AT) == 0;
}

static bool is_image(const struct otapack_source *part)
{
    struct otapack_esp8266_image image;
    return is_esp8266(part) && otapack_esp8266_image_open(part, 0, &image).code == OTAPACK_OK;
}

// Nothing, but for the length of MicroPython's firmware, up to the end of a sector.
static bool is_gap(const struct otapack_source *src, uint64_t from, uint64_t to)
{
    uint64_t length = 0;
    return is_filled(src, from, to) ||
           (to - from > LENGTH_SIZE && is_filled(src, from, to - LENGTH_SIZE) &&
            esp8266_micropython(src, to, &length));
}

// rBoot's ROMs begin at sectors; a fork of it has other fields where these addresses are.
static bool is_config(const struct otapack_source *flash, uint64_t at)
{
    struct otapack_rboot_config config;
    if (at != OTAPACK_RBOOT_CONFIG_AT ||
        otapack_rboot_config_read(flash, at, &config).code != OTAPACK_OK) {
        return false;
    }
    for (uint32_t i = 0; i < config.count; i++) {
        if (config.roms[i] % OTAPACK_ESP8266_SECTOR != 0) {
            return false;
        }
    }
    return true;
}

enum esp8266_piece esp8266_piece_at(const struct otapack_source *flash, uint64_t at)
{
    struct otapack_source part = otapack_part(flash, at, flash->size);
    if (is_gap(flash, at, sector_end(flash, at))) {
        return PIECE_NOTHING;
    }
    return is_config(flash, at) ? PIECE_CONFIG
           : is_table(&part)    ? PIECE_TABLE
           : is_v2(&part)       ? PIECE_V2
           : is_image(&part)    ? PIECE_IMAGE
                                : PIECE_RAW;
}

uint64_t esp8266_boot_end(const struct otapack_source *src)
{
    struct otapack_esp8266_image boot;
    if (!is_esp8266(src) || otapack_esp8266_image_open(src, 0, &boot).code != OTAPACK_OK) {
        return 0;
    }
    uint64_t hashed = boot.end + HASH_SIZE;
    bool hash =
        !is_filled(src, boot.end, hashed) && is_filled(src, hashed, esp8266_sectors(hashed));
    uint64_t end = hash ? hashed : boot.end, sector = esp8266_sectors(end);
    bool more = sector < src->size && !is_filled(src, sector, src->size);
    return more && (hash || is_gap(src, end, sector)) ? end : 0;
}

bool esp8266_micropython(const struct otapack_source *flash, uint64_t code_at, uint64_t *length)
{
    uint8_t raw[LENGTH_SIZE];
    if (otapack_read(flash, code_at - sizeof(raw), raw, sizeof(raw), "").code != OTAPACK_OK) {
        return false;
    }
    uint64_t said = otapack_le32(raw);
    bool good = said > code_at && said <= ESP8266_FLASH_MOST;
    *length = good ? said : *length;
    return good;
}

const char *esp8266_firmware_name(struct arena *a, const struct otapack_source *flash, uint64_t end)
{
    static const char *const names[] = {"MicroPython", "NodeMCU", "Espruino"};
    size_t n = end < ESP8266_MAPPED_SIZE ? (size_t)end : ESP8266_MAPPED_SIZE;
    const uint8_t *code = source_bytes(a, flash, 0, n);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (os_find(code, n, names[i], strlen(names[i])) != NULL) {
            return names[i];
        }
    }
    return NULL;
}

uint64_t esp8266_lacks_code(const struct otapack_source *src, uint64_t end)
{
    struct otapack_esp8266_image image;
    struct esp8266_links links;
    if (src->size <= esp8266_sectors(end) || !source_is_filled(src, end, src->size, 0xFF) ||
        otapack_esp8266_image_open(src, 0, &image).code != OTAPACK_OK) {
        return 0;
    }
    for (uint32_t i = 0; i < image.segments_read; i++) {
        if (esp8266_is_mapped(image.segments[i].load_addr)) {
            return 0;
        }
    }
    return esp8266_links_count(src, &links) && links.total >= ESP8266_LINKS_FEW ? links.total : 0;
}

// ---- Where the code ends ------------------------------------------------------------------------

// Old files for Espressif's bootloader are linked for a slot, and end with a CRC as version 2 does.
static bool ends_with_crc(const struct otapack_source *src)
{
    uint8_t raw[4];
    uint64_t end = src->size - sizeof(raw);
    uint32_t crc;
    return esp8266_count_v2_crc(src, end, &crc).code == OTAPACK_OK &&
           otapack_read(src, end, raw, sizeof(raw), "").code == OTAPACK_OK &&
           otapack_le32(raw) == crc;
}

// Where the file is to be written to: 0, or the first slot behind a bootloader.
static uint64_t base_of(const struct esp8266_links *links, uint64_t at, uint64_t end)
{
    uint64_t base = 0;
    bool slot = esp8266_links_base(links, at, end, &base) && base == OTAPACK_ESP8266_SECTOR;
    return slot ? base : 0;
}

// Code without addresses in flash is no program that was linked: whoever made it filled it up.
static bool is_odd(const struct esp8266_links *links, uint64_t end)
{
    return links->total < ESP8266_LINKS_FEW && end % 16 != 0;
}

// Where code ends that runs up to `end` in whole sectors: what is erased is none of it.
static uint64_t without_erased(const struct otapack_source *src, uint64_t end)
{
    uint8_t sector[OTAPACK_ESP8266_SECTOR];
    uint64_t from = (end - 1) / sizeof(sector) * sizeof(sector);
    size_t n = (size_t)(end - from);
    if (end < src->size && otapack_read(src, from, sector, n, "").code == OTAPACK_OK) {
        while (n > 0 && sector[n - 1] == 0xFF) {
            n--;
        }
    }
    return from + n;
}

// Does nothing follow that could be more of the code? What is mapped is the first MiB.
static bool is_last(const struct otapack_source *src, uint64_t end)
{
    uint64_t most = src->size < ESP8266_MAPPED_SIZE ? src->size : ESP8266_MAPPED_SIZE;
    return end < ESP8266_MAPPED_SIZE && is_filled(src, end, most);
}

static void check_length(struct judge *j, struct node *n, uint64_t length)
{
    bool fits = length + MD5_SIZE <= n->src.size;
    if (fits) {
        found(j, n, CHECK_ESP8266_CUT, !is_filled(&n->src, length, length + MD5_SIZE),
              "the firmware says that it has %s bytes and an MD5, and nothing is there",
              text_count(j->arena, length));
        return;
    }
    found(j, n, CHECK_ESP8266_CUT, false,
          "with its MD5 the firmware has %s bytes, as it says itself, and the file has %s",
          text_count(j->arena, length + MD5_SIZE), text_count(j->arena, n->src.size));
}

void rule_esp8266_cut(struct judge *j, struct node *n, uint64_t at, uint64_t end, uint64_t length)
{
    struct esp8266_links links;
    uint64_t uses = 0;
    bool ends_there = false, ends_file = end == n->src.size;
    if (length != 0) {
        check_length(j, n, length);
        return;
    }
    if (!esp8266_links_count(&n->src, &links)) {
        return;
    }
    bool open = is_last(&n->src, end) && !(ends_file && ends_with_crc(&n->src));
    end = without_erased(&n->src, end);
    if (open && esp8266_links_behind(&n->src, base_of(&links, at, end), end, &uses, &ends_there)) {
        found(j, n, CHECK_ESP8266_CUT, false,
              "the code from 0x%" PRIx64 " on uses %s addresses right behind its end at 0x%" PRIx64,
              at, text_count(j->arena, uses), end);
        return;
    }
    found(j, n, CHECK_ESP8266_CUT, !open || !ends_file || ends_there || !is_odd(&links, end),
          "nothing in the file says that the code from 0x%" PRIx64 " on ends at 0x%" PRIx64
          ", which is no multiple of 16",
          at, end);
}

void rule_esp8266_md5(struct judge *j, struct node *n, uint64_t length)
{
    // The first 4 bytes have the settings of the flash, which tools set when they write it.
    struct otapack_source counted = otapack_part(&n->src, 4, length - 4);
    uint8_t stored[MD5_SIZE], md5[DIGEST_MAX_SIZE];
    if (otapack_read(&n->src, length, stored, sizeof(stored), "").code != OTAPACK_OK ||
        !digest_of(DIGEST_MD5, &counted, md5)) {
        return;
    }
    found(j, n, CHECK_ESP8266_MD5, memcmp(stored, md5, sizeof(stored)) == 0,
          "the MD5 behind the firmware does not fit it");
}
