// SPDX-License-Identifier: Apache-2.0
//
// What lies in an ESP's flash beside the firmware: a build makes it or a dump has it, and each goes
// to a partition of its own.
#include "crc.h"
#include "foreign_row.h"

enum { SECTOR = 4096 };

#define OWN_PARTITION "it is flashed to a partition of its own: give the app"

static bool read_at(const struct foreign_view *v, uint64_t at, uint8_t *to, size_t n)
{
    return otapack_read(v->src, at, to, n, "").code == OTAPACK_OK;
}

// ---- NVS ----------------------------------------------------------------------------------------

// A page begins with its state, in which bits are only cleared, its number, a version and 19 bytes
// that nobody writes. Source: ESP-IDF, nvs_page.hpp.
static bool is_nvs_page(const uint8_t *p)
{
    enum { STATES = 4, UNUSED_AT = 9, UNUSED_END = 28 };
    static const uint32_t states[STATES] = {0xFFFFFFFE, 0xFFFFFFFC, 0xFFFFFFF8, 0xFFFFFFF0};
    bool good = false;
    for (size_t i = 0; i < STATES; i++) {
        good = good || otapack_le32(p) == states[i];
    }
    good = good && (p[8] == 0xFE || p[8] == 0xFF);
    for (size_t i = UNUSED_AT; i < UNUSED_END && good; i++) {
        good = p[i] == 0xFF;
    }
    return good;
}

// The first page that is not erased is one.
static bool is_nvs(const struct foreign_view *v)
{
    enum { PAGES_MOST = 64 };
    uint8_t page[32];
    for (uint64_t i = 0; i < PAGES_MOST && read_at(v, i * SECTOR, page, sizeof(page)); i++) {
        uint64_t end = v->src->size < (i + 1) * SECTOR ? v->src->size : (i + 1) * SECTOR;
        if (!source_is_filled(v->src, i * SECTOR, end, 0xFF)) {
            return is_nvs_page(page);
        }
    }
    return false;
}

// ---- File systems -------------------------------------------------------------------------------

// Its superblock is in blocks 0 and 1, and begins with its name, behind the first tag of the log;
// block 0 may be damaged. The name alone stands in pages of help, too.
static bool is_littlefs(const struct foreign_view *v)
{
    enum { TAG_AT = 4, TAG_AND_NAME = 12, BLOCK_LEAST = 128, BLOCK_MOST = 64 * 1024 };
    static const char first[TAG_AND_NAME + 1] = "\xF0\x0F\xFF\xF7littlefs";
    bool found = foreign_has(v, TAG_AT, first, TAG_AND_NAME);
    for (uint64_t block = BLOCK_LEAST; block <= BLOCK_MOST && !found; block *= 2) {
        uint8_t name[TAG_AND_NAME];
        found = read_at(v, block + TAG_AT, name, sizeof(name)) &&
                memcmp(name, first, sizeof(name)) == 0;
    }
    return found;
}

// Each block has a mark at the end of its lookup pages, in which its number is counted down.
// Source: spiffs_nucleus.h, SPIFFS_MAGIC and SPIFFS_MAGIC_PADDR.
static bool has_spiffs_marks(const struct foreign_view *v, uint32_t block, uint32_t page)
{
    enum { BLOCKS_LEAST = 3, BLOCKS_MOST = 16, MARK = 0x0529 };
    uint64_t count = v->src->size / block, lookup = ((uint64_t)block / page * 2 + page - 1) / page;
    uint16_t first = 0;
    bool counted = true, plain = true;
    for (uint64_t i = 0; i < count && i < BLOCKS_MOST; i++) {
        uint8_t mark[2];
        if ((!counted && !plain) ||
            !read_at(v, i * block + lookup * page - sizeof(mark) * 2, mark, sizeof(mark))) {
            return false;
        }
        uint16_t left = (uint16_t)(otapack_le16(mark) ^ MARK ^ page);
        first = i == 0 ? left : first;
        counted = counted && left >= 1 && left == (uint16_t)(first - i);
        plain = plain && left == 0;
    }
    bool two = count == 2 && counted && first == count;
    return two || (count >= BLOCKS_LEAST && (plain || (counted && first >= count)));
}

static bool is_spiffs(const struct foreign_view *v)
{
    static const uint32_t blocks[] = {4096, 8192, 16384, 32768, 65536};
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        for (uint32_t page = 128; page <= 2048; page *= 2) {
            if (has_spiffs_marks(v, blocks[i], page)) {
                return true;
            }
        }
    }
    return false;
}

// A boot sector with a FAT's geometry in it.
static bool is_fat_sector(const uint8_t *p)
{
    enum { MARK_AT = 510 };
    uint16_t bytes = otapack_le16(p + 11);
    bool jump = p[0] == 0xEB || p[0] == 0xE9;
    bool sector = bytes == 512 || bytes == 1024 || bytes == 2048 || bytes == 4096;
    bool cluster = p[13] != 0 && (p[13] & (p[13] - 1)) == 0;
    return p[MARK_AT] == 0x55 && p[MARK_AT + 1] == 0xAA && jump && sector && cluster &&
           otapack_le16(p + 14) != 0 && (p[16] == 1 || p[16] == 2) && p[21] >= 0xF0;
}

static bool is_fat(const struct foreign_view *v)
{
    return v->n >= 512 && is_fat_sector(v->head);
}

// ESP-IDF's wear levelling puts an empty sector before the boot sector, which wanders later.
static bool is_worn_fat(const struct foreign_view *v)
{
    uint8_t sector[512];
    return read_at(v, SECTOR, sector, sizeof(sector)) && is_fat_sector(sector);
}

// ---- Others -------------------------------------------------------------------------------------

// The ESP32 family's begins with a word; the ESP8266's, esp_init_data_default.bin, with what has
// never changed, but for its version in byte 1.
static bool is_phy(const struct foreign_view *v)
{
    static const uint8_t fixed[] = {4, 2, 5, 5, 5, 2, 5, 0, 4, 5, 5, 4, 5, 5, 4};
    return foreign_has(v, 0, "PHYINIT\0", 8) ||
           (foreign_has(v, 0, "\5", 1) && foreign_has(v, 2, fixed, sizeof(fixed)));
}

// Two keys of 32 bytes, and their CRC. Source: ESP-IDF, nvs_api.cpp.
static bool is_nvs_keys(const struct foreign_view *v)
{
    enum { KEYS = 64 };
    return v->n > KEYS + 4 && crc_32(UINT32_MAX, v->head, KEYS) == foreign_le32(v, KEYS) &&
           source_is_filled(v->src, KEYS + 4, v->src->size, 0xFF) && v->head[0] != 0xFF;
}

// A header of 12 to 24 bytes whose first word is the length, and an ELF file behind it, or version
// and tasks. Source: ESP-IDF, esp_core_dump_types.h.
static bool is_core_dump(const struct foreign_view *v)
{
    enum { LEAST = 64, MOST = 16 * 1024 * 1024 };
    uint32_t length = foreign_le32(v, 0);
    bool elf = false;
    for (size_t at = 12; at <= 24; at += 4) {
        elf = elf || foreign_has(v, at,
                                 "\x7F"
                                 "ELF\1\1\1",
                                 7);
    }
    return elf && length >= LEAST && length <= MOST;
}

// An entry of OTA data: a number that counts up, a label that nobody writes, and a state.
static bool is_ota_entry(const uint8_t *p)
{
    enum { SEQ_MOST = 1 << 24, LABEL_AT = 4, STATE_AT = 24 };
    uint32_t state = otapack_le32(p + STATE_AT);
    bool good = otapack_le32(p) != 0 && otapack_le32(p) < SEQ_MOST;
    for (size_t i = LABEL_AT; i < STATE_AT; i++) {
        good = good && p[i] == 0xFF;
    }
    return good && (state <= 4 || state == UINT32_MAX);
}

// One whose length, or what is behind its entries, is not as the device has it.
static bool is_ota_data(const struct foreign_view *v)
{
    enum { ENTRY = 32 };
    uint8_t second[ENTRY];
    bool first =
        v->n >= ENTRY && is_ota_entry(v->head) &&
        source_is_filled(v->src, ENTRY, v->src->size < SECTOR ? v->src->size : SECTOR, 0xFF);
    bool other = read_at(v, SECTOR, second, ENTRY) && is_ota_entry(second) &&
                 source_is_filled(v->src, 0, SECTOR, 0xFF);
    return (first || other) && v->src->size <= (uint64_t)2 * SECTOR;
}

// What Secure Boot v1 of the ESP32 has at 0: 128 random bytes and a digest of 64, up to the
// bootloader at 0x1000. Random are they where many values occur, and few of them often.
static bool is_bootloader_digest(const struct foreign_view *v)
{
    enum { DIGEST_END = 192, BOOTLOADER_AT = 0x1000, VALUES_LEAST = 96 };
    bool seen[256] = {false};
    uint8_t magic = 0;
    unsigned values = 0;
    for (size_t i = 0; i < DIGEST_END && i < v->n; i++) {
        values += !seen[v->head[i]];
        seen[v->head[i]] = true;
    }
    bool alone = v->src->size == BOOTLOADER_AT;
    bool image = read_at(v, BOOTLOADER_AT, &magic, 1) && magic == 0xE9;
    return values >= VALUES_LEAST && (alone || image) && v->head[DIGEST_END - 1] != 0xFF &&
           source_is_filled(v->src, DIGEST_END, BOOTLOADER_AT, 0xFF);
}

const struct foreign_row foreign_data[] = {
    {"NVS partition", OWN_PARTITION, is_nvs, NULL},
    {"NVS keys", "NVS is encrypted with them, for one device: give the app, and keep them secret",
     is_nvs_keys, NULL},
    {"PHY init data", OWN_PARTITION, is_phy, NULL},
    {"LittleFS", "it is the image of a file system: give the app", is_littlefs, NULL},
    {"SPIFFS", "it is the image of a file system: give the app", is_spiffs, NULL},
    {"FAT file system", OWN_PARTITION, is_fat, NULL},
    {"FAT file system with wear levelling", OWN_PARTITION, is_worn_fat, NULL},
    {"core dump", "what a crash left behind: idf.py coredump-info shows it", is_core_dump, NULL},
    {"OTA data", "it is cut off or damaged: a device reads 8 KiB, with an entry in each half",
     is_ota_data, NULL},
    {"Secure Boot v1 digest",
     "it goes to 0x0 of an ESP32 with Secure Boot v1, with its bootloader behind: give "
     "bootloader.bin",
     is_bootloader_digest, NULL},
    {NULL, NULL, NULL, NULL},
};
