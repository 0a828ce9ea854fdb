// SPDX-License-Identifier: Apache-2.0
#include "deflated.h"

#include "deflate.h"
#include "text.h"

static void deflate_open(const struct reader *r, const struct otapack_source *src, uint64_t at,
                         uint64_t most, struct unpacked *u)
{
    static const char *const faults[] = {
        [DEFLATE_DAMAGED] = "the compressed data are damaged",
        [DEFLATE_TRUNCATED] = "the compressed data are cut off",
        [DEFLATE_READ_FAILED] = "the compressed data could not be read",
    };
    struct otapack_source deflated = otapack_part(src, at, src->size);
    struct deflate_unpacked d = deflate_unpack(&deflated, r->arena, most, NULL);
    u->too_large = d.answer == DEFLATE_TOO_LARGE;
    u->fault = u->too_large ? NULL : faults[d.answer];
    u->packed = d.packed;
    u->content = otapack_memory(d.bytes, (size_t)d.size);
    u->cost = d.size;
}

const struct transform transform_deflate = {.name = "deflate",
                                            .title = "deflated data",
                                            .part = "compressed",
                                            .expands = true,
                                            .open = deflate_open};

bool deflated_read(struct reader *r, struct node *n, uint64_t at, const struct packed_end *end,
                   uint64_t *end_at)
{
    const struct node *content = read_content(r, n, at, end, end_at);
    if (content != NULL) {
        n->summary = arena_printf(r->arena, "%s of %s: %s", n->format,
                                  text_size(r->arena, content->src.size), content->summary);
    }
    return content != NULL;
}
