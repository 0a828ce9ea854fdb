// SPDX-License-Identifier: Apache-2.0
//
// otapack/littlefs_file.h: a folder is walked to an end; no file has more bytes than the file
// system, and all of them together have no more; what is checked can be read at every byte, from
// the source alone.
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    struct otapack_littlefs fs;
    uint64_t bytes, others;
    if (otapack_littlefs_open(&src, &fs).code != OTAPACK_OK) {
        return 0;
    }
    struct otapack_status s = walk_all(&src, &fs, &bytes);
    LAW(s.code != OTAPACK_READ_FAILED && s.code != OTAPACK_REFUSED);
    law_same(s, walk_all(&hook, &fs, &others));
    LAW(bytes == others);
    return 0;
}
