// SPDX-License-Identifier: Apache-2.0
//
// What littlefs.SPEC.md says, written: one commit in the first block, the second one erased, the
// file's blocks from the third on. It is of version 2.0, which every release of littlefs 2 mounts;
// newer ones make it 2.1 when they first write.
#include "littlefs_make.h"

#include <otapack/littlefs.h>
#include <string.h>

enum {
    FIRST = 2,     // block of the file
    POINTER = 4,   // bytes of one
    PROGRAM = 256, // a commit fills whole pages of flash: devices program that much, or less
    NAME_MAX = 64, // that the file system allows, as esp_littlefs builds it
    TYPE_MAGIC = 0x0FF,
    TYPE_FILE = 0x001,
    TYPE_INLINE = 0x201,
    TYPE_BLOCKS = 0x202,
    TYPE_CRC = 0x500,
    NO_ID = 0x3FF,
};

bool littlefs_name_is_good(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= LITTLEFS_NAME_MOST && strchr(name, '/') == NULL &&
           strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

// ---- The file's blocks --------------------------------------------------------------------------

// The bytes of pointers before those of the file: block 2 has two, block 4 three.
static size_t pointers_size(uint32_t i)
{
    size_t n = 0;
    for (uint32_t step = 1; i != 0 && i % step == 0; step *= 2) {
        n += POINTER;
    }
    return n;
}

static size_t room_in(uint32_t i)
{
    return LITTLEFS_BLOCK - pointers_size(i);
}

uint64_t littlefs_blocks_needed(uint64_t size)
{
    uint32_t n = 0;
    for (uint64_t room = 0; room < size; n++) {
        room += room_in(n);
    }
    return (uint64_t)FIRST + n;
}

// Block `i` of the file, which is the one FIRST + i.
static void put_file_block(uint8_t *block, uint32_t i, const uint8_t *bytes, size_t n)
{
    size_t at = 0;
    for (uint32_t step = 1; at < pointers_size(i); step *= 2) {
        otapack_put_le32(block + at, FIRST + i - step);
        at += POINTER;
    }
    memcpy(block + at, bytes, n);
}

// All of them; the number of the last one.
static uint32_t put_file(uint8_t *image, const uint8_t *bytes, size_t size)
{
    uint32_t i = 0;
    for (size_t done = 0; done < size; i++) {
        size_t n = size - done < room_in(i) ? size - done : room_in(i);
        put_file_block(image + (size_t)(FIRST + i) * LITTLEFS_BLOCK, i, bytes + done, n);
        done += n;
    }
    return FIRST + i - 1;
}

// ---- The log of the root folder -----------------------------------------------------------------

struct log {
    uint8_t *block;
    size_t n;
    uint32_t tag;
};

static void put_number(struct log *l, uint32_t v)
{
    otapack_put_le32(l->block + l->n, v);
    l->n += 4;
}

static void put_tag(struct log *l, uint32_t type, uint32_t id, size_t length)
{
    uint32_t tag = type << 20 | id << 10 | (uint32_t)length, stored = tag ^ l->tag;
    for (int shift = 24; shift >= 0; shift -= 8) {
        l->block[l->n++] = (uint8_t)(stored >> shift);
    }
    l->tag = tag;
}

static void put_name(struct log *l, uint32_t type, uint32_t id, const char *name)
{
    size_t n = strlen(name);
    put_tag(l, type, id, n);
    memcpy(l->block + l->n, name, n);
    l->n += n;
}

// The end of the commit, which fills a page of flash.
static void put_crc(struct log *l)
{
    size_t end = (l->n + 8 + PROGRAM - 1) / PROGRAM * PROGRAM;
    put_tag(l, TYPE_CRC, NO_ID, end - l->n - 4);
    put_number(l, otapack_littlefs_crc_(UINT32_MAX, l->block, l->n));
}

uint8_t *littlefs_make(struct arena *a, uint32_t blocks, const char *name, const uint8_t *bytes,
                       size_t size)
{
    size_t used = (size_t)littlefs_blocks_needed(size) * LITTLEFS_BLOCK;
    uint8_t *image = arena_alloc(a, used);
    struct log l = {image, 0, UINT32_MAX};
    memset(image, 0xFF, used);
    put_number(&l, 1); // revision
    put_name(&l, TYPE_MAGIC, 0, "littlefs");
    put_tag(&l, TYPE_INLINE, 0, OTAPACK_LITTLEFS_SUPERBLOCK_SIZE);
    put_number(&l, OTAPACK_LITTLEFS_MIN_VERSION);
    put_number(&l, LITTLEFS_BLOCK);
    put_number(&l, blocks);
    put_number(&l, NAME_MAX);
    put_number(&l, OTAPACK_LITTLEFS_MAX_FILE);
    put_number(&l, OTAPACK_LITTLEFS_MAX_ATTR);
    put_name(&l, TYPE_FILE, 1, name);
    put_tag(&l, TYPE_BLOCKS, 1, 8);
    put_number(&l, put_file(image, bytes, size));
    put_number(&l, (uint32_t)size);
    put_crc(&l);
    return image;
}
