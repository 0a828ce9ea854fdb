// SPDX-License-Identifier: Apache-2.0
#include "deflate.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST // its inputs are const
#include <zlib.h>

#include "crc.h"

enum {
    WINDOW = 15, // bits: 32 KiB, as much as eboot has
    BEST = 9,
    MEMORY = 9, // symbols of a block: 32768
    CHUNK = 4096,
    LOOK_AHEAD = 8192, // how far a block is tried
    OUT_SIZE = 16384,
    HEADER_SIZE = 10,
    NAME_MOST = 3,
    HEADER_MOST = HEADER_SIZE + NAME_MOST,
    END_SIZE = 8,
};

uint32_t crc_32(uint32_t crc, const uint8_t *bytes, size_t n)
{
    return (uint32_t)crc32_z(crc, bytes, n);
}

uint32_t deflate_adler(const uint8_t *bytes, size_t n)
{
    return (uint32_t)adler32_z(1, bytes, n);
}

// ---- Unpacking ----------------------------------------------------------------------------------

struct unpacking {
    const struct otapack_source *src;
    const struct deflate_watch *watch;
    struct arena *arena; // NULL: nothing is kept
    size_t room;         // of what is kept
    uint64_t most;
    uint64_t read; // bytes of src that are or were in `in`
    size_t held;   // of these, not yet zlib's
    z_stream z;
    uint8_t in[CHUNK], out[CHUNK];
    struct deflate_unpacked unpacked;
};

static bool refill(struct unpacking *u)
{
    uint64_t left = u->src->size - u->read;
    size_t n = left < sizeof(u->in) ? (size_t)left : sizeof(u->in);
    if (n == 0) {
        u->unpacked.answer = DEFLATE_TRUNCATED;
        return false;
    }
    if (otapack_read(u->src, u->read, u->in, n, "").code != OTAPACK_OK) {
        u->unpacked.answer = DEFLATE_READ_FAILED;
        return false;
    }
    u->read += n;
    u->held = n;
    u->z.next_in = u->in;
    return true;
}

// Gives zlib more bytes once it has used those that it had. It would look ahead: where somebody
// watches, it gets one at a time.
static bool feed(struct unpacking *u)
{
    if (u->z.avail_in > 0) {
        return true;
    }
    if (u->held == 0 && !refill(u)) {
        return false;
    }
    size_t n = u->watch == NULL ? u->held : 1;
    u->z.avail_in = (uInt)n;
    u->held -= n;
    return true;
}

// How much may be unpacked before the next time that somebody is told.
static size_t room_of(const struct unpacking *u)
{
    uint64_t step = u->watch == NULL ? CHUNK : u->watch->step;
    uint64_t room = step - u->unpacked.size % step;
    return room < sizeof(u->out) ? (size_t)room : sizeof(u->out);
}

static void keep(struct unpacking *u, size_t n)
{
    struct deflate_unpacked *unpacked = &u->unpacked;
    if (n > u->room - unpacked->size) {
        u->room = u->room == 0 ? sizeof(u->out) : 2 * u->room;
        unpacked->bytes = arena_resize(u->arena, unpacked->bytes, u->room);
    }
    memcpy(unpacked->bytes + unpacked->size, u->out, n);
}

// What was taken too much goes back; all of it, where it is of no use.
static void fit(struct unpacking *u)
{
    bool good = u->unpacked.answer == DEFLATE_GOOD;
    u->unpacked.bytes =
        arena_resize(u->arena, u->unpacked.bytes, good ? (size_t)u->unpacked.size : 0);
    u->unpacked.bytes = good ? u->unpacked.bytes : NULL;
}

static bool take(struct unpacking *u, size_t n)
{
    struct deflate_unpacked *unpacked = &u->unpacked;
    if (n > u->most - unpacked->size) {
        unpacked->answer = DEFLATE_TOO_LARGE;
        return false;
    }
    if (u->arena != NULL && n > 0) {
        keep(u, n);
    }
    unpacked->size += n;
    unpacked->packed = u->read - u->held - u->z.avail_in;
    return true;
}

static void tell(struct unpacking *u, bool more, bool end)
{
    uint64_t rest = u->watch == NULL ? 0 : u->unpacked.size % u->watch->step;
    if (u->watch != NULL && ((more && rest == 0) || (end && rest != 0))) {
        u->watch->told(u->watch->ctx, u->unpacked.size, u->unpacked.packed);
    }
}

// Until the data end, or cannot be unpacked further.
static void unpack_all(struct unpacking *u)
{
    int answer = Z_OK;
    u->z.avail_out = 1;
    while (answer != Z_STREAM_END) {
        if (u->z.avail_out > 0 && !feed(u)) { // else there may be more from what it has
            return;
        }
        size_t room = room_of(u);
        u->z.next_out = u->out;
        u->z.avail_out = (uInt)room;
        answer = inflate(&u->z, Z_NO_FLUSH);
        if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR) {
            u->unpacked.answer = DEFLATE_DAMAGED;
            return;
        }
        if (!take(u, room - u->z.avail_out)) {
            return;
        }
        tell(u, u->z.avail_out < room, answer == Z_STREAM_END);
    }
    u->unpacked.answer = DEFLATE_GOOD;
}

struct deflate_unpacked deflate_unpack(const struct otapack_source *src, struct arena *a,
                                       uint64_t most, const struct deflate_watch *watch)
{
    struct unpacking u = {.src = src, .watch = watch, .arena = a, .most = most};
    u.unpacked.answer = DEFLATE_DAMAGED;
    if (inflateInit2(&u.z, -WINDOW) == Z_OK) {
        unpack_all(&u);
        (void)inflateEnd(&u.z);
    }
    if (a != NULL) {
        fit(&u);
    }
    return u.unpacked;
}

// ---- Packing ------------------------------------------------------------------------------------
// zlib ends a block of deflated data when it is full. Where code and tables follow one another,
// blocks that end where their kind does are smaller: before each chunk it is tried whether a new
// block pays, on what is to come next.

struct packing {
    z_stream z;
    uint8_t *out; // grows
    size_t size, room;
    bool failed;
};

// Deflates n bytes, and what `flush` says; `out` NULL: only to know how many bytes that gives.
static size_t deflate_some(z_stream *z, const uint8_t *bytes, size_t n, int flush,
                           struct packing *out)
{
    uint8_t buffer[OUT_SIZE] = {0};
    size_t total = 0;
    z->next_in = bytes;
    z->avail_in = (uInt)n;
    do {
        z->next_out = buffer;
        z->avail_out = sizeof(buffer);
        (void)deflate(z, flush); // Z_BUF_ERROR: there was nothing to do
        size_t made = sizeof(buffer) - z->avail_out;
        if (out != NULL && out->size + made > out->room) {
            out->failed = true; // deflateBound was not enough
            return total;
        }
        if (out != NULL) {
            memcpy(out->out + out->size, buffer, made);
            out->size += made;
        }
        total += made;
    } while (z->avail_out == 0);
    return total;
}

// What the next bytes cost, in a new block or in the one that is open.
static size_t cost(z_stream *now, const uint8_t *bytes, size_t n, bool new_block)
{
    z_stream trial;
    size_t size = 0;
    if (deflateCopy(&trial, now) != Z_OK) {
        return 0;
    }
    if (new_block) {
        size += deflate_some(&trial, NULL, 0, Z_BLOCK, NULL);
    }
    size += deflate_some(&trial, bytes, n, Z_NO_FLUSH, NULL);
    size += deflate_some(&trial, NULL, 0, Z_SYNC_FLUSH, NULL);
    (void)deflateEnd(&trial);
    return size;
}

static void pack_chunks(struct packing *p, const uint8_t *bytes, size_t n)
{
    for (size_t at = 0; at < n && !p->failed; at += CHUNK) {
        size_t left = n - at;
        size_t ahead = left < LOOK_AHEAD ? left : LOOK_AHEAD;
        if (at > 0 &&
            cost(&p->z, bytes + at, ahead, true) < cost(&p->z, bytes + at, ahead, false)) {
            (void)deflate_some(&p->z, NULL, 0, Z_BLOCK, p);
        }
        (void)deflate_some(&p->z, bytes + at, left < CHUNK ? left : CHUNK, Z_NO_FLUSH, p);
    }
    (void)deflate_some(&p->z, NULL, 0, Z_FINISH, p);
}

// The deflated data, with room for header and end around them. False: out of memory.
static bool pack(struct packing *p, const uint8_t *bytes, size_t n)
{
    if (deflateInit2(&p->z, BEST, Z_DEFLATED, -WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    // A block has at most some bytes more than what is in it; there is at most one a chunk.
    p->room = HEADER_MOST + deflateBound(&p->z, (uLong)n) + (n / CHUNK + 2) * 16 + END_SIZE;
    p->out = malloc(p->room);
    p->size = HEADER_MOST;
    if (p->out != NULL) {
        pack_chunks(p, bytes, n);
    }
    (void)deflateEnd(&p->z);
    if (p->out == NULL || p->failed || p->size + END_SIZE > p->room) {
        free(p->out);
        p->out = NULL;
    }
    return p->out != NULL;
}

// Puts a header in front of the data: one with a name of `more` bytes, its NUL counted, where that
// is not 0. Neither time nor system are in it.
static void put_header(uint8_t *to, size_t more)
{
    static const uint8_t head[HEADER_SIZE] = {0x1F, 0x8B, Z_DEFLATED, 0, 0, 0, 0, 0, 2, 255};
    static const uint8_t name[NAME_MOST] = "aa";
    memcpy(to, head, sizeof(head));
    to[3] = more > 0 ? 8 : 0;
    memcpy(to + sizeof(head), name + sizeof(name) - more, more);
}

uint8_t *deflate_pack(const uint8_t *bytes, size_t n, bool align, size_t *size)
{
    struct packing p = {.out = NULL};
    if (!pack(&p, bytes, n)) {
        return NULL;
    }
    size_t deflated = p.size - HEADER_MOST;
    size_t over = (HEADER_SIZE + deflated + END_SIZE) % 4;
    size_t more = align && over > 0 ? 4 - over : 0;
    put_header(p.out, more);
    memmove(p.out + HEADER_SIZE + more, p.out + HEADER_MOST, deflated);
    *size = HEADER_SIZE + more + deflated + END_SIZE;
    otapack_put_le32(p.out + *size - 8, crc_32(0, bytes, n));
    otapack_put_le32(p.out + *size - 4, (uint32_t)n);
    return p.out;
}

uint8_t *deflate_pack_zlib(const uint8_t *bytes, size_t n, size_t *size)
{
    static const uint8_t head[] = {0x78, 0xDA}; // a window of 32 KiB, packed as small as can be
    struct packing p = {.out = NULL};
    if (!pack(&p, bytes, n)) {
        return NULL;
    }
    size_t deflated = p.size - HEADER_MOST;
    uint32_t sum = deflate_adler(bytes, n);
    memmove(p.out + sizeof(head), p.out + HEADER_MOST, deflated);
    memcpy(p.out, head, sizeof(head));
    uint8_t *end = p.out + sizeof(head) + deflated;
    for (int i = 0; i < 4; i++) {
        end[i] = (uint8_t)(sum >> (24 - 8 * i));
    }
    *size = sizeof(head) + deflated + 4;
    return p.out;
}
