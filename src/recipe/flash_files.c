// SPDX-License-Identifier: Apache-2.0
//
// The bytes are esptool's: a run of UF2 blocks for each file; records of 16 bytes, with one for the
// upper half of addresses where that changes.
#include "flash_files.h"

#include <otapack/intel_hex.h>
#include <otapack/uf2.h>
#include <string.h>

#include "digest.h"

enum { HEX_DATA = 16, HEX_LINE = 44, HEX_HALF = 0x10000 };

// A read that failed is the input's to name.
static bool unread(struct err *e)
{
    return err_set(e, STATUS_CANNOT, "a part cannot be read");
}

static bool fits(uint64_t size, struct err *e)
{
    return size <= UINT32_MAX ||
           err_set(e, STATUS_CANNOT, "the parts are too many bytes for one file; leave some out");
}

// ---- UF2 ----------------------------------------------------------------------------------------

uint32_t uf2_chunk_most(bool no_md5)
{
    return otapack_uf2_room(no_md5 ? 0 : OTAPACK_UF2_HAS_MD5);
}

static void add_md5(struct digest *md5, struct otapack_uf2_block *b, const uint8_t *payload)
{
    struct otapack_hash hash = digest_hash(md5);
    b->md5_address = b->address;
    b->md5_size = b->size;
    hash.start(hash.ctx);
    hash.update(hash.ctx, payload, b->size);
    hash.finish(hash.ctx, b->md5);
}

static bool write_run(const struct flash_parts *parts, const struct flash_part *part,
                      const struct uf2_options *options, struct digest *md5, uint8_t *to)
{
    uint32_t chunk = options->chunk == 0 ? uf2_chunk_most(options->no_md5) : options->chunk;
    uint32_t total = (uint32_t)((part->size + chunk - 1) / chunk);
    for (uint32_t i = 0; i < total; i++) {
        uint8_t payload[OTAPACK_UF2_MAX_PAYLOAD];
        uint64_t at = (uint64_t)i * chunk, left = part->size - at;
        struct otapack_uf2_block b = {.flags = OTAPACK_UF2_HAS_FAMILY,
                                      .address = (uint32_t)(part->address + at),
                                      .size = left < chunk ? (uint32_t)left : chunk,
                                      .number = i,
                                      .total = total,
                                      .family = options->family};
        if (otapack_read(&parts->src, part->at + at, payload, b.size, "").code != OTAPACK_OK) {
            return false;
        }
        if (!options->no_md5) {
            b.flags |= OTAPACK_UF2_HAS_MD5;
            add_md5(md5, &b, payload);
        }
        (void)otapack_uf2_write(&b, payload, to + (uint64_t)i * OTAPACK_UF2_BLOCK_SIZE);
    }
    return true;
}

bool flash_files_uf2(const struct flash_parts *parts, const struct uf2_options *options,
                     struct arena *a, struct flash_text *out, struct err *e)
{
    uint32_t chunk = options->chunk == 0 ? uf2_chunk_most(options->no_md5) : options->chunk;
    uint64_t blocks = 0, at = 0;
    for (size_t i = 0; i < parts->count; i++) {
        blocks += (parts->list[i].size + chunk - 1) / chunk;
    }
    if (!fits(blocks * OTAPACK_UF2_BLOCK_SIZE, e)) {
        return false;
    }
    out->n = (size_t)(blocks * OTAPACK_UF2_BLOCK_SIZE);
    out->bytes = arena_alloc(a, out->n);
    struct digest *md5 = digest_new(DIGEST_MD5, DIGEST_BEST);
    bool good = true;
    for (size_t i = 0; good && i < parts->count; i++) {
        good = write_run(parts, &parts->list[i], options, md5, out->bytes + at);
        at += (parts->list[i].size + chunk - 1) / chunk * OTAPACK_UF2_BLOCK_SIZE;
    }
    digest_free(md5);
    return good || unread(e);
}

// ---- Intel HEX ----------------------------------------------------------------------------------

struct hex {
    uint8_t *file;
    size_t n;
    bool halves;   // some address has an upper half
    bool any;      // one has been written
    uint32_t high; // the last one
    uint8_t data[HEX_DATA];
    uint8_t count; // bytes that wait for their record
    uint32_t address;
};

static void put_waiting(struct hex *h)
{
    if (h->count == 0) {
        return;
    }
    uint32_t high = h->address >> 16;
    if (h->halves && (!h->any || high != h->high)) {
        const uint8_t upper[2] = {(uint8_t)(high >> 8), (uint8_t)high};
        h->n += otapack_intel_hex_write(OTAPACK_INTEL_HEX_LINEAR, 0, upper, 2, h->file + h->n);
        h->high = high;
        h->any = true;
    }
    h->n += otapack_intel_hex_write(OTAPACK_INTEL_HEX_DATA, (uint16_t)h->address, h->data, h->count,
                                    h->file + h->n);
    h->count = 0;
}

// A record ends where the data do, with its 16 bytes, and before the upper half changes. Parts that
// touch share records, as they share memory in esptool.
static void put_data(struct hex *h, uint64_t address, const uint8_t *bytes, size_t n)
{
    if (h->count > 0 && h->address + h->count != address) {
        put_waiting(h);
    }
    for (size_t i = 0; i < n; i++) {
        if (h->count == 0) {
            h->address = (uint32_t)(address + i);
        }
        h->data[h->count++] = bytes[i];
        if (h->count == HEX_DATA || (uint32_t)(address + i + 1) % HEX_HALF == 0) {
            put_waiting(h);
        }
    }
}

static bool write_part(struct hex *h, const struct flash_parts *parts,
                       const struct flash_part *part)
{
    uint8_t bytes[4096];
    for (uint64_t at = 0; at < part->size; at += sizeof(bytes)) {
        uint64_t left = part->size - at;
        size_t n = left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
        if (otapack_read(&parts->src, part->at + at, bytes, n, "").code != OTAPACK_OK) {
            return false;
        }
        put_data(h, part->address + at, bytes, n);
    }
    return true;
}

bool flash_files_hex(const struct flash_parts *parts, struct arena *a, struct flash_text *out,
                     struct err *e)
{
    struct hex h = {.n = 0};
    uint64_t lines = 1;
    for (size_t i = 0; i < parts->count; i++) {
        const struct flash_part *p = &parts->list[i];
        lines += p->size / HEX_DATA + 2 * (p->size / HEX_HALF) + 4;
        h.halves = h.halves || p->address + p->size > HEX_HALF;
    }
    if (!fits(lines * HEX_LINE, e)) {
        return false;
    }
    h.file = arena_alloc(a, (size_t)(lines * HEX_LINE));
    bool good = true;
    for (size_t i = 0; good && i < parts->count; i++) {
        good = write_part(&h, parts, &parts->list[i]);
    }
    put_waiting(&h);
    h.n += otapack_intel_hex_write(OTAPACK_INTEL_HEX_END, 0, h.data, 0, h.file + h.n);
    *out = (struct flash_text){h.file, h.n};
    return good || unread(e);
}
