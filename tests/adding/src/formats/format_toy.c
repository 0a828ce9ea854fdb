// SPDX-License-Identifier: Apache-2.0
#include <otapack/toy.h>

#include "format_list.h"
#include "text.h"

static bool toy_probe(const struct otapack_source *src)
{
    struct otapack_toy toy;
    return otapack_toy_open(src, &toy).code == OTAPACK_OK;
}

static void toy_open(struct reader *r, struct node *n)
{
    struct otapack_toy toy;
    (void)otapack_toy_open(&n->src, &toy);
    uint64_t left = n->src.size - OTAPACK_TOY_HEADER_SIZE;
    uint64_t size = toy.count < left ? toy.count : left;
    node_uint(r->arena, n, "count", toy.count, SHOWN(3, 1));
    read_rest(r, n, "words", -1, OTAPACK_TOY_HEADER_SIZE, size);
    read_rest(r, n, "seal", -1, OTAPACK_TOY_HEADER_SIZE + size, left - size);
    n->summary = arena_printf(r->arena, "a toy of %u bytes", toy.count);
    NODE_KEEP(r->arena, n, toy);
}

static void toy_count(struct judge *j, struct node *n)
{
    const struct otapack_toy *toy = n->parsed;
    uint64_t left = n->src.size - OTAPACK_TOY_HEADER_SIZE;
    found(j, n, CHECK_TOY_COUNT, toy->count <= left, "it counts %u bytes, and has %u", toy->count,
          (unsigned)left);
}

static const struct rule rules[] = {{.run = toy_count}, {.run = NULL}};

const struct format format_toy = {
    .name = "toy", .title = "toy", .probe = toy_probe, .open = toy_open, .rules = {rules}};
