// SPDX-License-Identifier: Apache-2.0
//
// Images that grow, each in one direction: written byte by byte, as attackers do.
#include "grow.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum { SECTOR = 4096 };

#define APP "esp_image/good-app-esp32.bin"

// ---- Containers for the ESP32 family ------------------------------------------------------------

enum { VERSION = 0, FLASH_ARGS = 1, BOOTLOADER = 2, TABLE = 3, FIRMWARE = 4, HOST = 5, ALL = 6 };

// A combined image in which the parts of these tags are all `part`. Version and flash arguments are
// as short as they can be, or `args` are the arguments.
static void put_rcp(struct bytes *b, unsigned first, const struct bytes *part,
                    const struct bytes *args)
{
    uint32_t count = 3 + (ALL - first), at = count * 12;
    uint32_t args_size = args == NULL ? 8 : (uint32_t)args->n;
    const uint32_t rows[][2] = {{0xFF, at}, {VERSION, 1}, {FLASH_ARGS, args_size}};
    for (size_t i = 0; i < 3; i++) {
        put_le32(b, rows[i][0]);
        put_le32(b, rows[i][1]);
        put_le32(b, i == 0 ? 0 : at);
        at += i == 0 ? 0 : rows[i][1];
    }
    for (uint32_t tag = first; tag < ALL; tag++) {
        put_le32(b, tag);
        put_le32(b, (uint32_t)part->n);
        put_le32(b, at);
        at += (uint32_t)part->n;
    }
    put(b, "v", 1);
    if (args == NULL) {
        put_fill(b, 0, 8);
    } else {
        put(b, args->p, args->n);
    }
    for (uint32_t tag = first; tag < ALL; tag++) {
        put(b, part->p, part->n);
    }
}

// `b` becomes what `around` makes of it, n times.
static void nest(struct bytes *b, unsigned n, void (*around)(struct bytes *, const struct bytes *))
{
    for (; n > 0; n--) {
        struct bytes outer = {NULL, 0, 0};
        around(&outer, b);
        bytes_free(b);
        *b = outer;
    }
}

static void put_rcp_host(struct bytes *b, const struct bytes *inner)
{
    put_rcp(b, HOST, inner, NULL);
}

static void put_rcp_all(struct bytes *b, const struct bytes *inner)
{
    put_rcp(b, BOOTLOADER, inner, NULL);
}

static size_t rcp_nested(struct bytes *b, unsigned n)
{
    put_file(b, APP);
    nest(b, n, put_rcp_host);
    return b->n;
}

// In each of the four parts another one: of n, how often it can be halved is the depth.
static size_t rcp_tree(struct bytes *b, unsigned n)
{
    unsigned depth = 2;
    for (; n > 1; n /= 2) {
        depth++;
    }
    put_text(b, "x");
    nest(b, depth, put_rcp_all);
    return b->n;
}

static size_t rcp_records(struct bytes *b, unsigned n)
{
    struct bytes args = {NULL, 0, 0}, app = {NULL, 0, 0};
    for (unsigned i = 0; i < n; i++) {
        put_le32(&args, FIRMWARE);
        put_le32(&args, 0x10000);
    }
    put_file(&app, APP);
    put_rcp(b, BOOTLOADER, &app, &args);
    bytes_free(&app);
    bytes_free(&args);
    return b->n;
}

static void put_matter_fields(struct bytes *b, uint32_t payload, unsigned extra)
{
    static const uint8_t begin[] = {0x15, 0x25, 0, 0xF1, 0xFF, 0x25, 1, 1,   0x80, 0x26, 2,
                                    1,    0,    0, 0,    0x2C, 3,    1, '1', 0x26, 4};
    static const uint8_t digest[] = {0x24, 8, 1, 0x30, 9, 32};
    put(b, begin, sizeof(begin));
    put_le32(b, payload);
    put(b, digest, sizeof(digest));
    put_fill(b, 0x5A, 32);
    for (unsigned i = 0; i < extra; i++) {
        put(b, "\x24\x20\x01", 3); // a number with a tag that nobody knows
    }
    put(b, "\x18", 1);
}

static void put_matter_with(struct bytes *b, const struct bytes *payload, unsigned extra)
{
    struct bytes tlv = {NULL, 0, 0};
    put_matter_fields(&tlv, (uint32_t)payload->n, extra);
    put_le32(b, 0x1BEEF11E);
    put_le32(b, (uint32_t)(16 + tlv.n + payload->n));
    put_le32(b, 0);
    put_le32(b, (uint32_t)tlv.n);
    put(b, tlv.p, tlv.n);
    put(b, payload->p, payload->n);
    bytes_free(&tlv);
}

static void put_matter(struct bytes *b, const struct bytes *payload)
{
    put_matter_with(b, payload, 0);
}

static size_t matter_nested(struct bytes *b, unsigned n)
{
    put_file(b, APP);
    nest(b, n, put_matter);
    return b->n;
}

static size_t matter_elements(struct bytes *b, unsigned n)
{
    struct bytes app = {NULL, 0, 0};
    put_file(&app, APP);
    put_matter_with(b, &app, n);
    bytes_free(&app);
    return b->n;
}

static void put_partition(struct bytes *b, unsigned type, unsigned subtype, size_t at, size_t size,
                          unsigned number)
{
    struct bytes label = {NULL, 0, 0};
    const uint8_t head[] = {0xAA, 0x50, (uint8_t)type, (uint8_t)subtype};
    put_text(&label, "partition%u", number);
    put_to(&label, 0, 16);
    put(b, head, sizeof(head));
    put_le32(b, (uint32_t)at);
    put_le32(b, (uint32_t)size);
    put(b, label.p, label.n);
    put_le32(b, 0);
    bytes_free(&label);
}

enum { TABLE_AT = 0x8000, PARTITIONS_AT = 0x9000 };

static void put_flash_begin(struct bytes *b)
{
    put_fill(b, 0xFF, 0x1000);
    put_file(b, "esp_image/good-bootloader-esp32.bin");
    put_to(b, 0xFF, TABLE_AT);
}

// So many app partitions, with an app in each; all labels but the first are one, and `overlap` has
// them all begin at one place.
static void put_partitions(struct bytes *b, unsigned n, int overlap, unsigned labels)
{
    put_flash_begin(b);
    for (unsigned i = 0; i < n; i++) {
        put_partition(b, 0, 0x10 + i % 16, PARTITIONS_AT + (overlap ? 0 : (size_t)i * SECTOR),
                      overlap ? (size_t)n * SECTOR : SECTOR, i % labels);
    }
    put_to(b, 0xFF, PARTITIONS_AT);
    for (unsigned i = 0; i < n; i++) {
        put_file(b, APP);
        put_to(b, 0xFF, PARTITIONS_AT + (size_t)(i + 1) * SECTOR);
    }
}

static size_t partitions(struct bytes *b, unsigned n)
{
    put_partitions(b, n, 0, 1000);
    return b->n;
}

static size_t partitions_of_one_name(struct bytes *b, unsigned n)
{
    put_partitions(b, n, 0, 1);
    return b->n;
}

static size_t partitions_over_each_other(struct bytes *b, unsigned n)
{
    put_partitions(b, n, 1, 1000);
    return b->n;
}

// Apps in sectors where no partition begins.
static size_t strays(struct bytes *b, unsigned n)
{
    put_flash_begin(b);
    put_partition(b, 1, 2, PARTITIONS_AT, (size_t)n * SECTOR, 0);
    put_to(b, 0xFF, PARTITIONS_AT);
    for (unsigned i = 0; i < n; i++) {
        put_file(b, APP);
        put_to(b, 0xFF, PARTITIONS_AT + (size_t)(i + 1) * SECTOR);
    }
    return b->n;
}

static void put_flash(struct bytes *b, const struct bytes *inner)
{
    put_flash_begin(b);
    put_partition(b, 0, 0x10, PARTITIONS_AT, inner->n, 0);
    put_to(b, 0xFF, PARTITIONS_AT);
    put(b, inner->p, inner->n);
}

static size_t flash_nested(struct bytes *b, unsigned n)
{
    put_file(b, APP);
    nest(b, n, put_flash);
    return b->n;
}

static size_t table_entries(struct bytes *b, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        put_partition(b, 1, 2, PARTITIONS_AT + (size_t)i * SECTOR, SECTOR, i);
    }
    return b->n;
}

// ---- ESP images ---------------------------------------------------------------------------------

static size_t segments(struct bytes *b, unsigned n)
{
    put_file(b, APP);
    b->n = 24;
    b->p[1] = (uint8_t)n;
    for (unsigned i = 0; i < n; i++) {
        put_le32(b, 0x3FFB0000 + 4 * i);
        put_le32(b, 4);
        put_le32(b, i);
    }
    put_to(b, 0, (b->n + 16) / 16 * 16);
    put_fill(b, 0x11, 32);
    return b->n;
}

static size_t signature_sectors(struct bytes *b, unsigned n)
{
    put_file(b, "secure_boot/good-ecdsa-p192.bin");
    struct bytes sector = {NULL, 0, 0};
    put(&sector, b->p + b->n - SECTOR, SECTOR);
    for (unsigned i = 1; i < n; i++) {
        put(b, sector.p, sector.n);
    }
    bytes_free(&sector);
    return b->n;
}

// ---- What is packed -----------------------------------------------------------------------------

static void put_packed(struct bytes *b, const struct bytes *inner, int level, int bits)
{
    z_stream z = {.next_in = inner->p, .avail_in = (uInt)inner->n};
    if (deflateInit2(&z, level, Z_DEFLATED, bits, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        abort();
    }
    size_t most = deflateBound(&z, (uLong)inner->n) + 64;
    uint8_t *out = malloc(most);
    z.next_out = out;
    z.avail_out = (uInt)most;
    if (out == NULL || deflate(&z, Z_FINISH) != Z_STREAM_END) {
        abort();
    }
    put(b, out, most - z.avail_out);
    (void)deflateEnd(&z);
    free(out);
}

static void put_gzip(struct bytes *b, const struct bytes *inner)
{
    put_packed(b, inner, 9, 15 + 16);
}

static void put_gzip_stored(struct bytes *b, const struct bytes *inner)
{
    put_packed(b, inner, 0, 15 + 16);
}

// KiB of zeros in a gzip file, or as zlib packs them.
static void put_zeros(struct bytes *b, unsigned n, int bits)
{
    struct bytes zeros = {NULL, 0, 0};
    put_fill(&zeros, 0, (size_t)n * 1024);
    put_packed(b, &zeros, 9, bits);
    bytes_free(&zeros);
}

static size_t gzip_ratio(struct bytes *b, unsigned n)
{
    put_zeros(b, n, 15 + 16);
    return (size_t)n * 1024;
}

static size_t zlib_ratio(struct bytes *b, unsigned n)
{
    put_zeros(b, n, 15);
    return (size_t)n * 1024;
}

static size_t gzip_nested(struct bytes *b, unsigned n)
{
    put_fill(b, 0, (size_t)n * 256);
    nest(b, 12, put_gzip_stored);
    return b->n;
}

// What is packed small is much when it is shown: all the parts of what it unpacks to. Work is for
// the bytes that are unpacked, and they have a limit of their own.
static size_t gzip_flash(struct bytes *b, unsigned n)
{
    put_partitions(b, n, 0, 1000);
    nest(b, 1, put_rcp_host);
    size_t unpacked = b->n;
    nest(b, 1, put_gzip);
    return measuring.otapack == NULL ? unpacked : b->n;
}

static size_t gzip_members(struct bytes *b, unsigned n)
{
    struct bytes app = {NULL, 0, 0};
    put_file(&app, "esp8266/good-arduino.bin");
    for (unsigned i = 0; i < n; i++) {
        put_gzip(b, &app);
    }
    bytes_free(&app);
    return b->n;
}

// In a container, what is packed costs what its own bytes cost, whatever it unpacks to.
static size_t gzip_in_rcp(struct bytes *b, unsigned n)
{
    put_zeros(b, n, 15 + 16);
    nest(b, 1, put_rcp_all);
    return b->n;
}

static size_t gzip_in_matter(struct bytes *b, unsigned n)
{
    put_zeros(b, n, 15 + 16);
    nest(b, 1, put_matter);
    return b->n;
}

static size_t zlib_in_rcp_in_matter(struct bytes *b, unsigned n)
{
    put_zeros(b, n, 15);
    nest(b, 1, put_rcp_all);
    nest(b, 1, put_matter);
    return b->n;
}

const struct direction esp32_directions[] = {
    {"rcp-nested", rcp_nested, 16, NULL},
    {"rcp-tree", rcp_tree, 2, NULL},
    {"rcp-records", rcp_records, 64, NULL},
    {"matter-nested", matter_nested, 16, NULL},
    {"matter-elements", matter_elements, 32, NULL},
    {"partitions", partitions, 3, NULL},
    {"partitions-of-one-name", partitions_of_one_name, 3, NULL},
    {"partitions-over-each-other", partitions_over_each_other, 3, NULL},
    {"strays", strays, 2, NULL},
    {"flash-nested", flash_nested, 1, NULL},
    {"table-entries", table_entries, 16, NULL},
    {"segments", segments, 4, NULL},
    {"signature-sectors", signature_sectors, 1, NULL},
    {"gzip-ratio", gzip_ratio, 8, NULL},
    {"zlib-ratio", zlib_ratio, 8, NULL},
    {"gzip-nested", gzip_nested, 4, NULL},
    {"gzip-flash", gzip_flash, 4, NULL},
    {"gzip-members", gzip_members, 8, NULL},
    {"gzip-in-rcp", gzip_in_rcp, 512, NULL},
    {"gzip-in-matter", gzip_in_matter, 512, NULL},
    {"zlib-in-rcp-in-matter", zlib_in_rcp_in_matter, 512, NULL},
    {NULL, NULL, 0, NULL},
};
