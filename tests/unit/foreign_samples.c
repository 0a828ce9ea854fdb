// SPDX-License-Identifier: Apache-2.0
#include "foreign_samples.h"

#include "crc.h"

enum { SECTOR = 4096 };

void put_fill(struct bytes *b, uint8_t value, size_t n)
{
    assert_true(b->n + n <= SAMPLE_ROOM);
    memset(b->p + b->n, value, n);
    b->n += n;
}

void put_bytes(struct bytes *b, const void *bytes, size_t n)
{
    assert_true(b->n + n <= SAMPLE_ROOM);
    memcpy(b->p + b->n, bytes, n);
    b->n += n;
}

static void text(struct bytes *b, const char *words)
{
    put_bytes(b, words, strlen(words));
}

static void set32(struct bytes *b, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; i++) {
        b->p[at + i] = (uint8_t)(value >> (8 * i));
    }
}

static void word(struct bytes *b, uint32_t value)
{
    put_fill(b, 0, 4);
    set32(b, b->n - 4, value);
}

// All values of a byte about equally often, and no pattern.
static void noise(struct bytes *b, size_t n)
{
    uint32_t x = 12345;
    for (; n > 0; n--) {
        x = x * UINT32_C(1664525) + UINT32_C(1013904223);
        put_fill(b, (uint8_t)(x >> 24), 1);
    }
}

// ---- Other ways to write a firmware -------------------------------------------------------------

static void make_mcuboot(struct bytes *b)
{
    word(b, 0x96F3B83D);
    word(b, 0);
    word(b, 32); // header, and no protected TLVs
    word(b, 64);
    put_fill(b, 0, 16);
    noise(b, 64);
}

static void make_mcuboot_slot(struct bytes *b)
{
    put_fill(b, 0xFF, SECTOR);
    put_bytes(b, "\x77\xC2\x95\xF3\x60\xD2\xEF\x7F\x35\x52\x50\x0F\x2C\xB6\x79\x80", 16);
}

static void make_mcuboot_slot_aligned(struct bytes *b)
{
    put_fill(b, 0xFF, SECTOR);
    put_bytes(b, "\x20\0\x2D\xE1\x5D\x29\x41\x0B\x8D\x77\x67\x9C\x11\x0F\x1F\x8A", 16);
}

static void cpio(struct bytes *b, const char *name)
{
    text(b, "070701");
    put_fill(b, '0', 104);
    text(b, name);
    put_fill(b, 0, 8);
}

static void make_cpio(struct bytes *b)
{
    cpio(b, "other.bin");
}

static void make_dfu_of_idf(struct bytes *b)
{
    cpio(b, "dfuinfo0.dat");
}

static void make_dfu(struct bytes *b)
{
    noise(b, 100);
    put_bytes(b, "\0\1\2\0\x3A\x30\x00\x01UFD\x10", 12);
    word(b, crc_32(0, b->p, b->n) ^ UINT32_MAX);
}

static void make_uf2(struct bytes *b)
{
    static const uint32_t head[] = {0x0A324655, 0x9E5D5157, 0x2000, 0, 256, 0, 1, 0xC47E5767};
    for (size_t i = 0; i < COUNT(head); i++) {
        word(b, head[i]);
    }
    put_fill(b, 0, 476);
    word(b, 0x0AB16F30);
}

static void make_arduino(struct bytes *b)
{
    word(b, 100 - 8);
    word(b, 0x12345678);
    word(b, 0x45535033);
    noise(b, 100 - 12);
}

static void make_compressed(struct bytes *b)
{
    put_bytes(b, "ESP\0\3\1", 6);
    noise(b, 60);
}

static void make_bzip2(struct bytes *b)
{
    text(b, "BZh91AY&SY");
    noise(b, 20);
}

static void make_lzma(struct bytes *b)
{
    put_bytes(b, "\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0", 14);
    noise(b, 20);
}

static void make_squashfs(struct bytes *b)
{
    text(b, "hsqs");
    noise(b, 24);
    put_bytes(b, "\4\0\0\0", 4);
}

static void make_pe(struct bytes *b)
{
    text(b, "MZ");
    put_fill(b, 0, 126);
    set32(b, 0x3C, 0x80);
    put_bytes(b, "PE\0\0", 4);
}

static void make_java(struct bytes *b)
{
    put_bytes(b, "\xCA\xFE\xBA\xBE\0\0\0\x34", 8);
}

static void make_mach_o(struct bytes *b)
{
    put_bytes(b, "\xCA\xFE\xBA\xBE\0\0\0\2", 8);
}

// Stack, 15 vectors; where no processor has any, 0.
static void make_cortex_m(struct bytes *b)
{
    word(b, 0x20020000);
    for (uint32_t i = 1; i < 16; i++) {
        word(b, (i >= 7 && i <= 10) || i == 13 ? 0 : UINT32_C(0x08000101) + i * 2);
    }
    noise(b, 100);
}

// ---- What lies in flash -------------------------------------------------------------------------

static void nvs_page(struct bytes *b, uint32_t state)
{
    size_t at = b->n;
    word(b, state);
    word(b, 0);
    put_fill(b, 0xFF, 20);
    b->p[at + 8] = 0xFE;
    word(b, crc_32(UINT32_MAX, b->p + at + 4, 24));
    noise(b, 64);
    put_fill(b, 0xFF, SECTOR - (b->n - at));
}

static void make_nvs(struct bytes *b)
{
    nvs_page(b, 0xFFFFFFFC); // full
    nvs_page(b, 0xFFFFFFFE);
}

static void make_nvs_second(struct bytes *b)
{
    put_fill(b, 0xFF, SECTOR);
    nvs_page(b, 0xFFFFFFFE);
}

static void make_phy(struct bytes *b)
{
    put_bytes(b, "PHYINIT\0", 8);
    noise(b, 128);
    put_bytes(b, "PHYINIT\0", 8);
}

static void make_keys(struct bytes *b)
{
    noise(b, 64);
    word(b, crc_32(UINT32_MAX, b->p, b->n));
    put_fill(b, 0xFF, SECTOR - b->n);
}

static void make_init_data(struct bytes *b)
{
    put_bytes(b, "\5\x08\4\2\5\5\5\2\5\0\4\5\5\4\5\5\4\xFE\xFD\xFF", 20);
    put_fill(b, 0, 108);
}

static void superblock(struct bytes *b)
{
    put_bytes(b, "\2\0\0\0\xF0\x0F\xFF\xF7littlefs", 16);
    put_fill(b, 0xFF, SECTOR - 16);
}

static void make_littlefs_second(struct bytes *b)
{
    put_fill(b, 0, SECTOR);
    superblock(b);
}

static void spiffs(struct bytes *b, uint32_t block, uint32_t page, uint32_t count, uint32_t first)
{
    put_fill(b, 0xFF, (size_t)block * count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t lookup = (block / page * 2 + page - 1) / page * page;
        uint32_t mark = UINT32_C(0x20140529) ^ page ^ (first == 0 ? 0 : first - i);
        uint8_t *at = b->p + (size_t)block * i + lookup - 4;
        at[0] = (uint8_t)mark;
        at[1] = (uint8_t)(mark >> 8);
    }
}

static void make_spiffs(struct bytes *b)
{
    spiffs(b, 4096, 256, 16, 16);
}

static void make_spiffs_cut(struct bytes *b)
{
    spiffs(b, 8192, 256, 5, 125);
}

static void make_spiffs_plain(struct bytes *b)
{
    spiffs(b, 4096, 256, 4, 0); // without SPIFFS_USE_MAGIC_LENGTH
}

static void boot_sector(struct bytes *b)
{
    static const uint8_t head[] = {0xEB, 0xFE, 0x90, 'M', 'S', 'D', 'O', 'S', '5', '.', '0',
                                   0,    0x10, 1,    1,   0,   1,   0,   2,   0,   0,   0xF8};
    size_t at = b->n;
    put_bytes(b, head, sizeof(head));
    put_fill(b, 0, 510 - sizeof(head));
    put_bytes(b, "\x55\xAA", 2);
    put_fill(b, 0, SECTOR - (b->n - at));
}

static void make_worn_fat(struct bytes *b)
{
    put_fill(b, 0xFF, SECTOR);
    boot_sector(b);
}

static void make_core_dump(struct bytes *b)
{
    word(b, 200);
    word(b, 0x00090102);
    word(b, 3);
    put_bytes(b,
              "\x7F"
              "ELF\1\1\1",
              7);
    noise(b, 181);
}

static void make_ota_data(struct bytes *b)
{
    word(b, 1);
    put_fill(b, 0xFF, 24);
    word(b, 0); // the CRC is another
    put_fill(b, 0xFF, SECTOR - 32);
}

static void make_digest(struct bytes *b)
{
    noise(b, 191);
    put_fill(b, 0x42, 1);
    put_fill(b, 0xFF, SECTOR - 192);
    put_bytes(b, "\xE9\1\2\x20", 4);
    noise(b, 100);
}

static void make_digest_alone(struct bytes *b)
{
    make_digest(b);
    b->n = SECTOR;
}

// ---- Damage, and what has no marks --------------------------------------------------------------

// Bytes as they are in an image, each 0x0A with `before` in front.
static void put_image(struct bytes *b, const char *before)
{
    text(b, "\x1E"); // no image that has a format
    for (size_t i = 0; i < 12000; i++) {
        uint8_t c = (uint8_t)(i * i / 7 + i);
        c = i % 3 == 0 ? 0 : c == '\r' ? 0 : c;
        if (c == '\n') {
            text(b, before);
        }
        put_fill(b, c, 1);
    }
}

static void make_crlf(struct bytes *b)
{
    put_image(b, "\r");
}

static void make_replaced(struct bytes *b)
{
    for (size_t i = 0; i < 3000; i++) {
        uint8_t c = (uint8_t)(i * 37);
        put_bytes(b, c >= 0x80 ? "\xEF\xBF\xBD" : (const char *)&c, c >= 0x80 ? 3 : 1);
        put_fill(b, 0, 1);
    }
}

static void make_latin(struct bytes *b)
{
    text(b, "\xC3\xA9");
    for (size_t i = 0; i < 3000; i++) {
        uint8_t c = (uint8_t)(i * 37);
        uint8_t two[] = {(uint8_t)(0xC0 | c >> 6), (uint8_t)(0x80 | (c & 0x3F))};
        put_bytes(b, c >= 0x80 ? two : &c, c >= 0x80 ? 2 : 1);
        put_fill(b, 0, 1);
    }
}

static void make_noise(struct bytes *b)
{
    noise(b, SECTOR);
}

const struct sample foreign_samples[] = {
    {"MCUboot image", make_mcuboot, "imgtool"},
    {"MCUboot slot", make_mcuboot_slot, "imgtool"},
    {"MCUboot slot", make_mcuboot_slot_aligned, "imgtool"},
    {"DFU file", make_dfu, ".bin"},
    {"DFU file", make_dfu_of_idf, ".bin"},
    {"cpio", make_cpio, "unpack"},
    {"UF2", make_uf2, "ESP32-S3"},
    {"Arduino OTA file", make_arduino, "for an ESP32: "},
    {"compressed ESP image", make_compressed, "app"},
    {"bzip2", make_bzip2, "bunzip2"},
    {"LZMA", make_lzma, "unlzma"},
    {"squashfs", make_squashfs, "Linux"},
    {"Windows program", make_pe, "computer"},
    {"Java class", make_java, "computer"},
    {"Mach-O program", make_mach_o, "computer"},
    {"Arm Cortex-M firmware", make_cortex_m, "STM32"},
    {"NVS partition", make_nvs, "app"},
    {"NVS partition", make_nvs_second, "app"},
    {"NVS keys", make_keys, "secret"},
    {"PHY init data", make_phy, "app"},
    {"PHY init data", make_init_data, "app"},
    {"LittleFS", superblock, "file system"},
    {"LittleFS", make_littlefs_second, "file system"},
    {"SPIFFS", make_spiffs, "file system"},
    {"SPIFFS", make_spiffs_cut, "file system"},
    {"SPIFFS", make_spiffs_plain, "file system"},
    {"FAT file system", boot_sector, "app"},
    {"FAT file system with wear levelling", make_worn_fat, "app"},
    {"core dump", make_core_dump, "coredump-info"},
    {"OTA data", make_ota_data, "8 KiB"},
    {"Secure Boot v1 digest", make_digest, "bootloader.bin"},
    {"Secure Boot v1 digest", make_digest_alone, "bootloader.bin"},
    {"damaged by a copy as text", make_crlf, "every 0x0A has 0x0D"},
    {"damaged by a copy as text", make_replaced, "EF BF BD"},
    {"damaged by a copy as text", make_latin, "written as UTF-8"},
    {"encrypted", make_noise, "before encryption"},
};

const size_t foreign_sample_count = COUNT(foreign_samples);
