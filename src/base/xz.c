// SPDX-License-Identifier: Apache-2.0
#include "xz.h"

#ifdef OTAPACK_HAVE_LZMA
#include <lzma.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK = 4096,
    OUT_SIZE = 16384,
    DICTIONARY = 64 * 1024,
    PRESET = 6,
    // What the decoder takes beside the dictionary is less than that.
    MEMORY_MOST = 2 * XZ_DICTIONARY_MOST,
};

bool xz_is_there(void)
{
    return true;
}

// ---- What stands in front -----------------------------------------------------------------------

// The checksums that a stream has. False: it is none.
static bool look_at_stream(const struct otapack_source *src, lzma_check *check)
{
    uint8_t raw[LZMA_STREAM_HEADER_SIZE];
    lzma_stream_flags flags;
    if (otapack_read(src, 0, raw, sizeof(raw), "").code != OTAPACK_OK ||
        lzma_stream_header_decode(&flags, raw) != LZMA_OK) {
        return false;
    }
    *check = flags.check;
    return true;
}

// Of all blocks, as far as they can be followed.
struct blocks {
    uint64_t dictionary; // the largest
    bool filtered;       // one has a filter before LZMA2, which XZ Embedded on devices has not
};

// Reads the header at `at`. False: it is none, or none that ends in LZMA2.
static bool look_at_header(const struct otapack_source *src, uint64_t at, lzma_block *block,
                           struct blocks *to)
{
    uint8_t raw[LZMA_BLOCK_HEADER_SIZE_MAX];
    uint64_t size = 0;
    if (otapack_read(src, at, raw, 1, "").code != OTAPACK_OK || raw[0] == 0) {
        return false;
    }
    block->header_size = lzma_block_header_size_decode(raw[0]);
    if (otapack_read(src, at, raw, block->header_size, "").code != OTAPACK_OK ||
        lzma_block_header_decode(block, NULL, raw) != LZMA_OK) {
        return false;
    }
    for (const lzma_filter *f = block->filters; f->id != LZMA_VLI_UNKNOWN; f++) {
        bool lzma2 = f->id == LZMA_FILTER_LZMA2;
        size = lzma2 ? ((const lzma_options_lzma *)f->options)->dict_size : 0;
        to->filtered = to->filtered || !lzma2;
        free(f->options);
    }
    to->dictionary = size > to->dictionary ? size : to->dictionary;
    return size > 0;
}

// Where the chunks of LZMA2 end that begin at `at`; 0: they do not.
static uint64_t end_of_chunks(const struct otapack_source *src, uint64_t at)
{
    enum { PLAIN = 3, PACKED = 5, ANEW = 0xC0 };
    uint8_t head[PACKED];
    while (otapack_read(src, at, head, 1, "").code == OTAPACK_OK) {
        bool packed = head[0] >= 0x80;
        size_t n = packed ? PACKED : PLAIN;
        if (head[0] == 0) {
            return at + 1;
        }
        if (otapack_read(src, at, head, n, "").code != OTAPACK_OK) {
            return 0;
        }
        at += n + (head[0] >= ANEW) + 1 + ((uint64_t)head[n - 2] << 8 | head[n - 1]);
    }
    return 0;
}

static struct blocks look_at_blocks(const struct otapack_source *src)
{
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block = {.filters = filters};
    struct blocks found = {0, false};
    uint64_t at = LZMA_STREAM_HEADER_SIZE;
    if (!look_at_stream(src, &block.check)) {
        return found;
    }
    while (at > 0 && look_at_header(src, at, &block, &found)) {
        at = end_of_chunks(src, at + block.header_size);
        at = at == 0 ? 0 : (at + 3) / 4 * 4 + lzma_check_size(block.check);
    }
    return found;
}

uint64_t xz_dictionary(const struct otapack_source *src)
{
    return look_at_blocks(src).dictionary;
}

// ---- Unpacking ----------------------------------------------------------------------------------

struct unpacking {
    const struct otapack_source *src;
    struct arena *arena;
    uint64_t most;
    uint64_t read; // bytes of src that the library was given
    size_t room;   // of what is kept
    lzma_stream z;
    uint8_t in[CHUNK], out[OUT_SIZE];
    struct xz_unpacked unpacked;
};

// More bytes for the library, once it has used those that it had.
static bool feed(struct unpacking *u)
{
    uint64_t left = u->src->size - u->read;
    size_t n = left < sizeof(u->in) ? (size_t)left : sizeof(u->in);
    if (u->z.avail_in > 0) {
        return true;
    }
    if (n == 0) {
        u->unpacked.answer = XZ_TRUNCATED;
        return false;
    }
    if (otapack_read(u->src, u->read, u->in, n, "").code != OTAPACK_OK) {
        u->unpacked.answer = XZ_READ_FAILED;
        return false;
    }
    u->read += n;
    u->z.next_in = u->in;
    u->z.avail_in = n;
    return true;
}

static bool keep(struct unpacking *u, size_t n)
{
    struct xz_unpacked *to = &u->unpacked;
    if (n == 0) {
        return true; // there may be nowhere to keep it yet
    }
    if (n > u->most - to->size) {
        to->answer = XZ_TOO_LARGE;
        return false;
    }
    if (n > u->room - to->size) {
        u->room = u->room == 0 ? OUT_SIZE : 2 * u->room;
        to->bytes = arena_resize(u->arena, to->bytes, u->room);
    }
    memcpy(to->bytes + to->size, u->out, n);
    to->size += n;
    return true;
}

static enum xz_answer answer_of(lzma_ret said)
{
    return said == LZMA_STREAM_END       ? XZ_GOOD
           : said == LZMA_FORMAT_ERROR   ? XZ_NOT_XZ
           : said == LZMA_MEMLIMIT_ERROR ? XZ_DICTIONARY
                                         : XZ_DAMAGED;
}

static void unpack_all(struct unpacking *u)
{
    lzma_ret said = LZMA_OK;
    u->z.avail_out = 1;
    while (said == LZMA_OK) {
        if (u->z.avail_out > 0 && !feed(u)) { // else there may be more from what it has
            return;
        }
        u->z.next_out = u->out;
        u->z.avail_out = sizeof(u->out);
        said = lzma_code(&u->z, LZMA_RUN);
        if (!keep(u, sizeof(u->out) - u->z.avail_out)) {
            return;
        }
    }
    u->unpacked.packed = u->read - u->z.avail_in;
    u->unpacked.answer = answer_of(said);
}

struct xz_unpacked xz_unpack(const struct otapack_source *src, struct arena *a, uint64_t most)
{
    struct unpacking u = {.src = src, .arena = a, .most = most, .z = LZMA_STREAM_INIT};
    lzma_check check;
    if (!look_at_stream(src, &check)) {
        u.unpacked.answer = XZ_NOT_XZ;
        return u.unpacked;
    }
    struct blocks blocks = look_at_blocks(src);
    u.unpacked.answer = check > LZMA_CHECK_CRC32                 ? XZ_CHECKSUM
                        : blocks.filtered                        ? XZ_FILTERED
                        : blocks.dictionary > XZ_DICTIONARY_MOST ? XZ_DICTIONARY
                                                                 : XZ_DAMAGED;
    if (u.unpacked.answer == XZ_DAMAGED && // which is not known yet
        lzma_stream_decoder(&u.z, MEMORY_MOST, 0) == LZMA_OK) {
        unpack_all(&u);
        lzma_end(&u.z);
    }
    bool good = u.unpacked.answer == XZ_GOOD;
    u.unpacked.bytes = arena_resize(a, u.unpacked.bytes, good ? (size_t)u.unpacked.size : 0);
    u.unpacked.bytes = good ? u.unpacked.bytes : NULL;
    return u.unpacked;
}

// ---- Packing ------------------------------------------------------------------------------------

static bool pack(lzma_stream *z, uint8_t *to, size_t room, size_t *size)
{
    z->next_out = to;
    z->avail_out = room;
    bool good = lzma_code(z, LZMA_FINISH) == LZMA_STREAM_END;
    *size = room - z->avail_out;
    return good;
}

uint8_t *xz_pack(const uint8_t *bytes, size_t n, size_t *size)
{
    lzma_options_lzma options;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    lzma_stream z = LZMA_STREAM_INIT;
    if (lzma_lzma_preset(&options, PRESET)) {
        return NULL;
    }
    options.dict_size = DICTIONARY;
    size_t room = lzma_stream_buffer_bound(n);
    uint8_t *to = malloc(room);
    z.next_in = bytes;
    z.avail_in = n;
    bool good = to != NULL && lzma_stream_encoder(&z, filters, LZMA_CHECK_CRC32) == LZMA_OK &&
                pack(&z, to, room, size);
    lzma_end(&z);
    if (!good) {
        free(to);
    }
    return good ? to : NULL;
}

#else

bool xz_is_there(void)
{
    return false;
}

uint64_t xz_dictionary(const struct otapack_source *src)
{
    (void)src;
    return 0;
}

struct xz_unpacked xz_unpack(const struct otapack_source *src, struct arena *a, uint64_t most)
{
    (void)src;
    (void)a;
    (void)most;
    return (struct xz_unpacked){.answer = XZ_NO_LIBRARY};
}

uint8_t *xz_pack(const uint8_t *bytes, size_t n, size_t *size)
{
    (void)bytes;
    (void)n;
    (void)size;
    return NULL;
}

#endif
