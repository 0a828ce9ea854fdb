// SPDX-License-Identifier: Apache-2.0
//
// An image that was read, laid out again: as it is, but for the part that is signed, and for what
// the layers around it say of its size.
#include "emit.h"
#include "format.h"

static bool is_in(const struct node *n, const struct node *outer)
{
    while (n != NULL && n != outer) {
        n = n->parent;
    }
    return n != NULL;
}

static bool emit_node(const void *ctx, const struct node *n, struct layout *l, struct err *e)
{
    const struct recipe *recipe = ctx;
    const struct recipe_tree *tree = recipe->tree;
    uint64_t from = l->size;
    if (tree->signed_part != n && is_in(tree->signed_part, n)) {
        return node_is(n, &format_rcp_image)
                   ? emit_rcp_again(n, emit_node, recipe, l, e)
                   : err_set(
                         e, STATUS_CANNOT,
                         "%s: a part of a %s cannot be signed where it is; sign it by itself, and "
                         "build the image again",
                         input_name(tree->input), n->format);
    }
    layout_add_part(l, tree->input, n->src.base, n->src.size);
    return tree->signed_part != n || recipe->signing == NULL ||
           sign(recipe->signing, l, from, input_name(tree->input), e);
}

bool emit_tree(const struct recipe *recipe, struct layout *l, struct err *e)
{
    return emit_node(recipe, recipe->tree->root, l, e);
}
