// SPDX-License-Identifier: Apache-2.0
//
// An image that was read, laid out again: as it is, but for the part that is signed, and for what
// the layers around it say of its size.
#include "compose.h"
#include "format_list.h"

static bool is_in(const struct node *n, const struct node *outer)
{
    while (n != NULL && n != outer) {
        n = n->parent;
    }
    return n != NULL;
}

// A new table would hide that a combined image is cut off, or that its parts lie over each other.
static bool is_sound(const struct node *n, const char *name, struct err *e)
{
    static const enum check_id concerns[] = {CHECK_RCP_TABLE, CHECK_RCP_BOUNDS, CHECK_RCP_TAGS,
                                             CHECK_RCP_DUPLICATE, CHECK_RCP_CONTIGUOUS};
    for (size_t i = 0; i < sizeof(concerns) / sizeof(concerns[0]); i++) {
        const struct finding *f = finding_against(n, concerns[i]);
        if (f != NULL) {
            return err_set(e, STATUS_NO, "%s: not signed: %s; %s [%s]", name, f->message,
                           checks[f->check].remedy, checks[f->check].id);
        }
    }
    return true;
}

static bool compose_node(const void *ctx, const struct node *n, struct pieces *l, struct err *e)
{
    const struct recipe *recipe = ctx;
    const struct recipe_tree *tree = recipe->tree;
    uint64_t from = l->size;
    if (tree->signed_part != n && is_in(tree->signed_part, n)) {
        return node_is(n, &format_rcp_image)
                   ? is_sound(n, input_name(tree->input), e) &&
                         compose_rcp_again(n, compose_node, recipe, l, e)
                   : err_set(
                         e, STATUS_CANNOT,
                         "%s: a part of a %s cannot be signed where it is; sign it by itself, and "
                         "build the image again",
                         input_name(tree->input), n->format);
    }
    pieces_add_part(l, tree->input, n->src.base, n->src.size);
    return tree->signed_part != n || recipe->signing == NULL ||
           sign(recipe->signing, l, from, input_name(tree->input), e);
}

bool compose_tree(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    return compose_node(recipe, recipe->tree->root, l, e);
}
