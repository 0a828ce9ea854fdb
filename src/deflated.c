// SPDX-License-Identifier: Apache-2.0
#include "deflated.h"

void deflated_add(struct arena *a, struct node *n, uint64_t at, uint64_t size)
{
    struct node *part = node_part(a, n, "compressed", -1, at, size);
    part->format = "deflate";
    part->summary = "deflated data";
    node_uint(a, part, "data_offset", part->src.base, QUIET(0, size));
}

struct node *deflated_content(struct reader *r, struct node *n, uint64_t at,
                              const struct zip_unpacked *u)
{
    struct otapack_source deflated = otapack_part(&n->src, at, u->packed);
    uint8_t *bytes = arena_alloc(r->arena, (size_t)u->size + 1);
    (void)zip_unpack(&deflated, bytes, u->size, NULL);
    return read_unpacked(r, n, "content", otapack_memory(bytes, (size_t)u->size));
}
