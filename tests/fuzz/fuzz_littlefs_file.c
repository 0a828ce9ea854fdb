// SPDX-License-Identifier: Apache-2.0
//
// otapack/littlefs_file.h: a folder is walked to an end; no file has more bytes than the file
// system, and all of them together have no more; what is checked can be read at every byte, from
// the source alone. The CRCs of commits are made right first: else hardly any folder would be
// another one.
#include "fuzz.h"

#include <otapack/littlefs_file.h>

enum { PIECE = 64, READS_MOST = 4096 };

static void law_read(const struct otapack_source *src, const struct otapack_littlefs *fs,
                     const struct otapack_littlefs_file *file, bool good)
{
    uint8_t to[PIECE];
    uint32_t n, at = 0;
    for (int i = 0; i < READS_MOST && at < file->size; i++) {
        struct otapack_status s = otapack_littlefs_read(src, fs, file, at, to, sizeof(to), &n);
        LAW(!good || s.code == OTAPACK_OK);
        if (s.code != OTAPACK_OK) {
            return;
        }
        LAW(n > 0 && n <= sizeof(to) && n <= file->size - at);
        at += n;
    }
}

static struct otapack_status walk_all(const struct otapack_source *src,
                                      const struct otapack_littlefs *fs, uint64_t *bytes)
{
    struct otapack_littlefs_walk walk;
    struct otapack_littlefs_file file;
    struct otapack_status s = otapack_littlefs_root(src, fs, &walk);
    bool more = true;
    *bytes = 0;
    while (s.code == OTAPACK_OK && more) {
        s = otapack_littlefs_next(src, fs, &walk, &file, &more);
        LAW(!more || s.code == OTAPACK_OK);
        if (more) {
            LAW(file.name_size > 0 && otapack_has(src, file.name_at, file.name_size));
            LAW(!file.is_folder || file.size == 0);
            *bytes += file.size;
            law_read(src, fs, &file, otapack_littlefs_check(src, fs, &file).code == OTAPACK_OK);
        }
    }
    LAW(*bytes <= otapack_littlefs_size(fs));
    return s;
}

// The CRCs of the log of a block.
static void mend(uint8_t *block, size_t size)
{
    uint32_t last = 0xFFFFFFFFu;
    size_t commit = 0, at = 4;
    while (at + 8 <= size) {
        uint32_t tag = otapack_littlefs_be32_(block + at) ^ last;
        uint32_t length = otapack_littlefs_length_(tag);
        if (tag >> 31 != 0 || length > size - at - 4) {
            return;
        }
        last = tag;
        if ((tag >> 20 & 0x780u) == 0x500u) {
            otapack_put_le32(block + at + 4,
                             otapack_littlefs_crc_(0xFFFFFFFFu, block + commit, at + 4 - commit));
            commit = at + 4 + length;
            last ^= (tag >> 20 & 1u) << 31;
        }
        at += 4 + length;
    }
}

static void walk(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_littlefs fs;
    uint64_t bytes, others;
    if (otapack_littlefs_open(&src, &fs).code != OTAPACK_OK) {
        return;
    }
    struct otapack_status s = walk_all(&src, &fs, &bytes);
    LAW(s.code != OTAPACK_READ_FAILED && s.code != OTAPACK_REFUSED);
    law_same(s, walk_all(&hook, &fs, &others));
    LAW(bytes == others);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { BLOCK = 256 }; // as in the fixture
    uint8_t *mended = malloc(size == 0 ? 1 : size);
    LAW(mended != NULL);
    memcpy(mended, data, size);
    for (size_t at = 0; at < size; at += BLOCK) {
        mend(mended + at, size - at < BLOCK ? size - at : BLOCK);
    }
    walk(data, size);
    walk(mended, size);
    free(mended);
    return 0;
}
