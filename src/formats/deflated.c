// SPDX-License-Identifier: Apache-2.0
#include "deflated.h"

void deflated_add(struct arena *a, struct node *n, uint64_t at, uint64_t size)
{
    struct node *part = node_part(a, n, "compressed", -1, at, size);
    part->format = "deflate";
    part->summary = "deflated data";
    node_uint(a, part, "data_offset", part->src.base, QUIET(0, size));
}

const char *deflated_try(struct reader *r, const struct node *n, uint64_t at,
                         struct deflate_unpacked *u)
{
    static const char *const faults[] = {
        [DEFLATE_DAMAGED] = "the compressed data are damaged",
        [DEFLATE_TRUNCATED] = "the compressed data are cut off",
        [DEFLATE_TOO_LARGE] =
            "the compressed data unpack to more than 16 MiB, the most for one file",
        [DEFLATE_READ_FAILED] = "the compressed data could not be read",
    };
    bool first = r->left->unpacked == UNPACKED_MOST;
    struct otapack_source deflated = otapack_part(&n->src, at, n->src.size);
    *u = deflate_unpack(&deflated, NULL, r->left->unpacked, NULL);
    r->left->unpacked -= u->size; // what cannot be unpacked to its end has cost as much
    return u->answer == DEFLATE_TOO_LARGE && !first
               ? "the compressed data, and all else that is unpacked of this file, are more than "
                 "16 MiB, the most for one file"
               : faults[u->answer];
}

struct node *deflated_content(struct reader *r, struct node *n, uint64_t at,
                              const struct deflate_unpacked *u)
{
    struct otapack_source deflated = otapack_part(&n->src, at, u->packed);
    uint8_t *bytes = arena_alloc(r->arena, (size_t)u->size + 1);
    (void)deflate_unpack(&deflated, bytes, u->size, NULL);
    return read_unpacked(r, n, "content", otapack_memory(bytes, (size_t)u->size));
}
