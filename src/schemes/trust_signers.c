// SPDX-License-Identifier: Apache-2.0
//
// Whose the signatures in a tree are, for a person who looks at it.
#include "signature.h"
#include "trust_inside.h"

static void name_signer(const struct trusted *t, struct arena *a, const struct node *image,
                        unsigned i, struct node *block)
{
    const struct entry *entry = trust_named_by(t, image, i);
    bool counts = entry != NULL && trust_blemish(t, image, i) == CHECK_COUNT;
    if (block->error != NULL) {
        return;
    }
    if (counts) {
        node_string(a, block, "key", entry->name, SIZE_MAX, DERIVED);
    }
    block->summary =
        entry == NULL ? arena_printf(a, "%s, by none of the keys", block->summary)
        : counts      ? arena_printf(a, "%s, by %s", block->summary, entry->name)
                 : arena_printf(a, "%s, names %s, but does not count", block->summary, entry->name);
}

void trust_name_signers(const struct trusted *t, struct arena *a, struct node *n)
{
    unsigned i = 0;
    trust_try_v1(t, n);
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        if (part == signature_at(n, i)) {
            name_signer(t, a, n, i++, part);
        }
    }
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        trust_name_signers(t, a, part);
    }
}
