// SPDX-License-Identifier: Apache-2.0
//
// Files for an ESP8266, of file systems and of others, and texts, which grow each in one direction.
#include "grow.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "crc.h"
#include "xz.h"
#include <otapack/compressed_image.h>

enum { SECTOR = 4096, OPENING = 256 };

// ---- ESP8266 ------------------------------------------------------------------------------------

// A flash image with these bytes at the beginning of each of n sectors, or of every second one.
static void put_esp8266_flash(struct bytes *b, const struct bytes *piece, unsigned n, unsigned step)
{
    put_file(b, "esp8266/good-v1.bin");
    for (unsigned i = 0; i < n; i++) {
        put_to(b, 0xFF, (size_t)(1 + i * step) * SECTOR);
        put(b, piece->p, piece->n);
    }
    put_to(b, 0xFF, (size_t)(1 + n * step) * SECTOR);
}

static size_t esp8266_with(struct bytes *b, const char *file, size_t most, unsigned n,
                           unsigned step)
{
    struct bytes piece = {NULL, 0, 0};
    put_file(&piece, file);
    piece.n = piece.n < most ? piece.n : most;
    put_esp8266_flash(b, &piece, n, step);
    bytes_free(&piece);
    return b->n;
}

static size_t esp8266_programs(struct bytes *b, unsigned n)
{
    return esp8266_with(b, "esp8266/good-v1.bin", SECTOR, n, 1);
}

static size_t esp8266_v2(struct bytes *b, unsigned n)
{
    return esp8266_with(b, "esp8266/good-user2.bin", SECTOR, n, 1);
}

static size_t esp8266_tables(struct bytes *b, unsigned n)
{
    return esp8266_with(b, "partition_table/good-host.bin", SECTOR, n, 1);
}

static size_t esp8266_data(struct bytes *b, unsigned n)
{
    return esp8266_with(b, "raw/html.bin", 64, n, 2);
}

// The same, packed to next to nothing.
static size_t esp8266_packed(struct bytes *b, unsigned n)
{
    struct bytes flash = {NULL, 0, 0};
    size_t size = esp8266_tables(&flash, n);
    uLong most = compressBound((uLong)flash.n) + 64;
    uint8_t *out = malloc(most);
    z_stream z = {.next_in = flash.p, .avail_in = (uInt)flash.n};
    if (out == NULL || deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        abort();
    }
    z.next_out = out;
    z.avail_out = (uInt)most;
    (void)deflate(&z, Z_FINISH);
    put(b, out, most - z.avail_out);
    (void)deflateEnd(&z);
    free(out);
    bytes_free(&flash);
    return size;
}

// ---- File systems, and others -------------------------------------------------------------------

static void put_be32(struct bytes *b, uint32_t v)
{
    uint8_t raw[] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    put(b, raw, sizeof(raw));
}

// n entries of one byte in the one block that there is, which has no whole commit.
static size_t littlefs_entries(struct bytes *b, unsigned n)
{
    const uint32_t tag = 0x0FFu << 20 | 8;
    put_le32(b, 1);
    put_be32(b, tag ^ 0xFFFFFFFFu);
    put(b, "littlefs", 8);
    for (unsigned i = 0; i < n; i++) {
        const uint32_t last = i == 0 ? tag : 0x201u << 20 | 1u << 10 | 1;
        put_be32(b, (0x201u << 20 | 1u << 10 | 1) ^ last);
        put(b, "x", 1);
    }
    return b->n;
}

static size_t littlefs_blocks(struct bytes *b, unsigned n)
{
    put_file(b, "littlefs/good-v2.0.bin");
    put_to(b, 0, (size_t)n * SECTOR);
    return b->n;
}

static uint32_t put_entry(struct bytes *b, uint32_t last, uint32_t tag, const void *p)
{
    put_be32(b, tag ^ last);
    put(b, p, tag & 0x3FF);
    return tag;
}

// n pairs of blocks, each with a file of one byte.
static size_t littlefs_pairs(struct bytes *b, unsigned n)
{
    enum { BLOCK = 256 };
    for (unsigned i = 0; i < n; i++) {
        const uint32_t super[] = {0x20000, BLOCK, 2 * n, 32, 0x7FFFFFFF, 1022};
        const uint32_t tail[] = {2 * i + 2, 2 * i + 3};
        size_t from = b->n;
        uint32_t last = 0xFFFFFFFFu;
        put_le32(b, 1);
        if (i == 0) {
            last = put_entry(b, last, 0x0FFu << 20 | 8, "littlefs");
            last = put_entry(b, last, 0x201u << 20 | sizeof(super), super);
        }
        last = put_entry(b, last, 0x001u << 20 | 1u << 10 | 1, "f");
        last = put_entry(b, last, 0x201u << 20 | 1u << 10 | 1, "x");
        if (i + 1 < n) {
            last = put_entry(b, last, 0x601u << 20 | 0x3FFu << 10 | 8, tail);
        }
        put_be32(b, (0x500u << 20 | 0x3FFu << 10 | 4) ^ last);
        put_le32(b, ~crc_32(0, b->p + from, b->n - from));
        put_to(b, 0xFF, from + 2 * (size_t)BLOCK);
    }
    return b->n;
}

static size_t spiffs_blocks(struct bytes *b, unsigned n)
{
    struct bytes fs = {NULL, 0, 0};
    put_file(&fs, "spiffs/good-plain.bin");
    for (unsigned i = 0; i < n; i++) {
        put(b, fs.p, SECTOR);
    }
    bytes_free(&fs);
    return b->n;
}

static void put_two(struct bytes *b, unsigned v)
{
    uint8_t raw[] = {(uint8_t)v, (uint8_t)(v >> 8)};
    put(b, raw, sizeof(raw));
}

// n blocks, in which each page says that it begins the index of another file.
static size_t spiffs_files(struct bytes *b, unsigned n)
{
    enum { PAGE = 256, PAGES = 15, MAGIC = 0x0529 ^ PAGE };
    for (unsigned i = 0; i < n; i++) {
        size_t from = b->n;
        for (unsigned k = 0; k < PAGES; k++) {
            unsigned id = 0x8000 | (1 + (i * PAGES + k) % 0x7FFE);
            put_two(b, id);
        }
        put_to(b, 0xFF, from + PAGE - 4);
        put_two(b, MAGIC);
        put_to(b, 0xFF, from + PAGE);
        for (unsigned k = 0; k < PAGES; k++) {
            size_t page = b->n;
            unsigned id = 0x8000 | (1 + (i * PAGES + k) % 0x7FFE);
            put_two(b, id);
            put(b, "\0\0\xF8\xFF\xFF\xFF\x10\0\0\0\1/name", 16);
            put_to(b, 0xFF, page + PAGE);
        }
    }
    return b->n;
}

static size_t zigbee_elements(struct bytes *b, unsigned n)
{
    put_file(b, "zigbee/good-picture.bin");
    for (unsigned i = 0; i < n; i++) {
        put(b, "\1\0\2\0\0\0xy", 8);
    }
    for (unsigned i = 0; i < 4; i++) {
        b->p[52 + i] = (uint8_t)(b->n >> (8 * i)); // the size of all
    }
    return b->n;
}

// Images of a bundle, as many as there can be and one byte each, the last one the application.
static size_t bundle_images(struct bytes *b, unsigned n)
{
    put_text(b, "TOIM");
    put_le32(b, n);
    for (unsigned i = 0; i < n; i++) {
        put_le32(b, i + 1 == n ? 1 : 0x100 + i);
        put_le32(b, i);
        put_le32(b, 8 + n * 48 + i);
        put_le32(b, 1);
        put_fill(b, 0, 32);
    }
    put_fill(b, 0x5A, n);
    return b->n;
}

// A block of 256 bytes for an ESP32, so far into the flash.
static void put_uf2(struct bytes *b, uint32_t address, unsigned number, unsigned total)
{
    const uint32_t head[] = {0x0A324655, 0x9E5D5157, 0x2000, address,
                             256,        number,     total,  0x1C5F21B0};
    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++) {
        put_le32(b, head[i]);
    }
    put_fill(b, (int)number, 476);
    put_le32(b, 0x0AB16F30);
}

static size_t uf2_blocks(struct bytes *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        put_uf2(b, i * 256, i, n);
    }
    return b->n;
}

static size_t uf2_runs(struct bytes *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        put_uf2(b, i * 0x1000, 0, 1);
    }
    return (size_t)n * 0x1000;
}

// Two blocks, and what is erased between them.
static size_t uf2_gap(struct bytes *b, unsigned n)
{
    put_uf2(b, 0, 0, 2);
    put_uf2(b, n * 1024, 1, 2);
    return (size_t)n * 1024;
}

static size_t intel_hex_records(struct bytes *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        unsigned at = i * 16 & 0xFFFF, sum = 16 + (at >> 8) + at;
        put_text(b, ":10%04X00%032d%02X\n", at, 0, (0 - sum) & 0xFF);
    }
    put_text(b, ":00000001FF\n");
    return b->n;
}

// Records of nothing, 128 bytes of them for two; what it unpacks to counts.
static size_t delta_records(struct bytes *b, unsigned n)
{
    enum { STREAM_AT = 68, RUN = 128 };
    put_file(b, "delta/good-update.bin");
    b->n = STREAM_AT;
    for (unsigned i = 0; i < n; i++) {
        put(b, "\0\x7F", 2);
    }
    return b->n + (size_t)n * RUN;
}

static size_t ota_data(struct bytes *b, unsigned n)
{
    for (unsigned i = 0; i < 2 * n; i++) {
        put_le32(b, i);
        put_to(b, 0xFF, (size_t)(i + 1) * SECTOR);
    }
    return b->n;
}

static size_t random_bytes(struct bytes *b, unsigned n)
{
    uint32_t x = 1;
    for (unsigned i = 0; i < n * 256; i++) {
        x = x * 1664525 + 1013904223;
        put_le32(b, x ^ x >> 15);
    }
    return b->n;
}

// ---- Texts --------------------------------------------------------------------------------------

static size_t csv_comments(struct bytes *b, unsigned n)
{
    put_text(b, "nvs, data, nvs, , 0x6000\n");
    for (unsigned i = 0; i < n; i++) {
        put_text(b, "# %u\n\n", i);
    }
    return b->n;
}

static size_t csv_rows(struct bytes *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        put_text(b, "p%u, data, nvs, , 0x1000\n", i);
    }
    return b->n;
}

static size_t csv_variables(struct bytes *b, unsigned n)
{
    put_text(b, "nvs, data, nvs, , 0x6000\n#");
    for (unsigned i = 0; i < n; i++) {
        put_text(b, "$GROWN");
    }
    return b->n;
}

static size_t csv_blanks(struct bytes *b, unsigned n)
{
    put_text(b, "nvs, data, nvs, , 0x6000");
    for (unsigned i = 0; i < n; i++) {
        put_text(b, " ,\xE2\x80\x89\t");
    }
    return b->n;
}

static size_t json_nested(struct bytes *b, unsigned n)
{
    put_text(b, "{\"name\": ");
    put_fill(b, '[', n);
    put_fill(b, ']', n);
    put_text(b, "}");
    return b->n;
}

static size_t json_texts(struct bytes *b, unsigned n)
{
    put_text(b, "{\"builds\": [0");
    for (unsigned i = 0; i < n; i++) {
        put_text(b, ", {\"path\": \"a%u.bin\"}", i);
    }
    put_text(b, "]}");
    return b->n;
}

static size_t text_mode(struct bytes *b, unsigned n)
{
    put_file(b, "esp_image/good-app-esp32.bin");
    for (unsigned i = 0; i < n; i++) {
        put_text(b, "\r\n\xEF\xBF\xBD");
    }
    return b->n;
}

// A list of digests of one file, which is the list itself. To open it once more costs as much as a
// few bytes of others do.
static size_t sums_of_one(struct bytes *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        put_text(b, "%032u  %sinput\n", i, i % 2 == 0 ? "" : "./");
    }
    return b->n + (size_t)n * OPENING;
}

// KiB of zeros, which xz packs to next to nothing, behind the header of a compressed image.
static size_t xz_ratio(struct bytes *b, unsigned n)
{
    struct otapack_compressed_image img = {.version = 3, .type = OTAPACK_COMPRESSED_IMAGE_XZ};
    uint8_t header[OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE];
    struct bytes zeros = {NULL, 0, 0};
    size_t size = 0;
    put_fill(&zeros, 0, (size_t)n * 1024);
    uint8_t *packed = xz_pack(zeros.p, zeros.n, &size);
    bytes_free(&zeros);
    if (packed == NULL) {
        return 0;
    }
    img.length = (uint32_t)size;
    otapack_compressed_image_write(&img, crc_32, header);
    put(b, header, sizeof(header));
    put(b, packed, size);
    free(packed);
    return (size_t)n * 1024;
}

const struct direction other_directions[] = {
    {"esp8266-programs", esp8266_programs, 2, NULL},
    {"esp8266-v2", esp8266_v2, 2, NULL},
    {"esp8266-tables", esp8266_tables, 2, NULL},
    {"esp8266-data", esp8266_data, 2, NULL},
    {"esp8266-packed", esp8266_packed, 32, NULL},
    {"xz-ratio", xz_ratio, 512, NULL},
    {"littlefs-entries", littlefs_entries, 256, NULL},
    {"littlefs-blocks", littlefs_blocks, 2, NULL},
    {"littlefs-pairs", littlefs_pairs, 16, NULL},
    {"spiffs-files", spiffs_files, 16, NULL},
    {"spiffs-blocks", spiffs_blocks, 2, NULL},
    {"uf2-blocks", uf2_blocks, 64, NULL},
    {"uf2-runs", uf2_runs, 256, NULL},
    {"uf2-gap", uf2_gap, 64, NULL},
    {"intel-hex-records", intel_hex_records, 512, NULL},
    {"zigbee-elements", zigbee_elements, 128, NULL},
    {"bundle-images", bundle_images, 32, NULL}, // several verbs are counted at once; 255 end it
    {"delta-records", delta_records, 256, NULL},
    {"ota-data", ota_data, 2, NULL}, // one is read as what it is, and costs otherwise than more
    {"random", random_bytes, 4, NULL},
    {"csv-comments", csv_comments, 100, NULL},
    {"csv-rows", csv_rows, 6, NULL},
    {"csv-variables", csv_variables, 100, NULL},
    {"csv-blanks", csv_blanks, 100, NULL},
    {"json-nested", json_nested, 1000, NULL},
    {"json-texts", json_texts, 50, NULL},
    {"text-mode", text_mode, 250, NULL},
    {"sums-of-one", sums_of_one, 100, NULL},
    {NULL, NULL, 0, NULL},
};
