// SPDX-License-Identifier: Apache-2.0
//
// A kind of file that is known by its marks. Only marks that cannot be there by chance count: four
// bytes, or two of them and a structure behind.
#ifndef FOREIGN_ROW_H
#define FOREIGN_ROW_H

#include <string.h>

#include "source.h"

enum { FOREIGN_HEAD_MOST = 4096 };

// What is looked at: a source, and its beginning, with a NUL behind.
struct foreign_view {
    struct arena *arena;
    const struct otapack_source *src;
    const uint8_t *head;
    size_t n;
};

struct foreign_row {
    const char *kind, *instead;
    bool (*is)(const struct foreign_view *v);
    const char *(*tell)(const struct foreign_view *v); // what to give instead, where files differ
};

// In the order in which they are asked; each ends in a row without a kind.
extern const struct foreign_row foreign_updates[]; // other ways to write, carry or sign a firmware
extern const struct foreign_row foreign_data[];    // what else lies in a device's flash
extern const struct foreign_row foreign_texts[];   // what a person can read

// What has a magic number at a fixed place; the last one has none.
struct foreign_magic {
    size_t at;
    const char *bytes;
    size_t n;
    struct foreign_row row;
};
extern const struct foreign_magic foreign_magics[];

// The first of them that is there; NULL: none.
const struct foreign_row *foreign_magic(const struct foreign_view *v);

static inline bool foreign_has(const struct foreign_view *v, size_t at, const void *bytes, size_t n)
{
    return at + n <= v->n && memcmp(v->head + at, bytes, n) == 0;
}

static inline uint32_t foreign_le32(const struct foreign_view *v, size_t at)
{
    return at + 4 <= v->n ? otapack_le32(v->head + at) : 0;
}

static inline uint16_t foreign_le16(const struct foreign_view *v, size_t at)
{
    return at + 2 <= v->n ? otapack_le16(v->head + at) : 0;
}

#endif
