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

static uint64_t dictionary_of(lzma_filter *filters)
{
    uint64_t size = 0;
    for (size_t i = 0; filters[i].id != LZMA_VLI_UNKNOWN; i++) {
        size = filters[i].id == LZMA_FILTER_LZMA2
                   ? ((const lzma_options_lzma *)filters[i].options)->dict_size
                   : size;
        free(filters[i].options);
    }
    return size;
}

uint64_t xz_dictionary(const struct otapack_source *src)
{
    uint8_t raw[LZMA_BLOCK_HEADER_SIZE_MAX];
    lzma_filter filters[LZMA_FILTERS_MAX + 1];
    lzma_block block = {.filters = filters};
    if (!look_at_stream(src, &block.check) ||
        otapack_read(src, LZMA_STREAM_HEADER_SIZE, raw, 1, "").code != OTAPACK_OK || raw[0] == 0) {
        return 0;
    }
    block.header_size = lzma_block_header_size_decode(raw[0]);
    return otapack_read(src, LZMA_STREAM_HEADER_SIZE, raw, block.header_size, "").code ==
                       OTAPACK_OK &&
                   lzma_block_header_decode(&block, NULL, raw) == LZMA_OK
               ? dictionary_of(filters)
               : 0;
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
    u.unpacked.answer = check > LZMA_CHECK_CRC32                  ? XZ_CHECKSUM
                        : xz_dictionary(src) > XZ_DICTIONARY_MOST ? XZ_DICTIONARY
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
