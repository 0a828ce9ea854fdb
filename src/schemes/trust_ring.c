// SPDX-License-Identifier: Apache-2.0
//
// What is asked of signatures by names: of a ring of keys any one, or those that are named.
#include <string.h>

#include "scheme.h"
#include "trust_inside.h"

static bool require(struct trusted *x, const char *name, struct err *e)
{
    if (x->ring == NULL) {
        return err_set(
            e, STATUS_CANNOT,
            "--require-key %s: is the name of a key, and nothing says which that is; add "
            "--keys",
            name);
    }
    const struct ring_key *k = key_ring_find(x->ring, name, "--require-key", x->arena, e);
    if (k == NULL) {
        return false;
    }
    struct entry *entry = &x->entries[k - x->ring->keys];
    x->required += !entry->required;
    entry->required = true;
    return true;
}

bool trust_ring_take(struct trusted *x, struct err *e)
{
    for (size_t i = 0; x->ring != NULL && i < x->ring->count; i++) {
        const struct ring_key *k = &x->ring->keys[i];
        x->entries[x->count++] = (struct entry){.group = ENTRY_RING,
                                                .name = k->name,
                                                .digest = k->digest,
                                                .key = k->key,
                                                .has_key = k->has_key};
    }
    bool good = true;
    for (const char **name = x->t->required; good && name != NULL && *name != NULL; name++) {
        good = require(x, *name, e);
    }
    return good;
}

bool trust_ring_asks_one(const struct trusted *x)
{
    return x->ring != NULL && x->required == 0 && x->t->needed == 0;
}

bool trust_ring_asks(const struct trusted *x, const struct entry *entry)
{
    return entry->group != ENTRY_RING || entry->required || x->required == 0;
}

static const char *signer_text(struct arena *a, const struct trust_signature *s)
{
    const char *digest = node_text(s->node, "key_digest");
    return s->by != NULL     ? s->by
           : *digest != '\0' ? arena_printf(a, "a key with the digest %.16s...", digest)
                             : "an unknown key";
}

// "is signed by DEV and a key with the digest 0123...".
static const char *signed_by(const struct trust_answer *answer)
{
    const char *text = NULL;
    for (size_t i = 0; i < answer->count; i++) {
        const struct trust_signature *s = &answer->signatures[i];
        if (s->blemish == CHECK_COUNT) {
            text = arena_printf(answer->arena, "%s%s%s", text == NULL ? "is signed by " : text,
                                text == NULL ? "" : " and ", signer_text(answer->arena, s));
        }
    }
    return text == NULL ? "has signatures that do not count" : text;
}

// A signature without a key in it can be compared with public keys, not with digests.
static bool has_no_key(const struct trust_answer *answer)
{
    return *node_text(answer->signatures[0].node, "key_digest") == '\0';
}

static bool has_bare_digest(const struct trusted *x)
{
    size_t i = 0;
    while (i < x->ring->count && x->ring->keys[i].has_key) {
        i++;
    }
    return i < x->ring->count;
}

bool trust_ring_miss(const struct trusted *x, struct trust_answer *answer)
{
    return trust_miss(answer, "%s, and by none of the keys in %s (%s); sign it with one of these%s",
                      signed_by(answer), x->ring->name, key_ring_names(x->ring, answer->arena),
                      has_no_key(answer) && has_bare_digest(x)
                          ? ", and put public keys there in place of digests, for this signature "
                            "has no key in it"
                          : "");
}

bool trust_ring_miss_key(const struct trusted *x, struct trust_answer *answer,
                         const struct entry *entry)
{
    return has_no_key(answer) && !entry->has_key
               ? trust_miss(answer,
                            "%s, and of %s only the digest is known, but this signature has no key "
                            "in it; put the public key into %s",
                            signed_by(answer), entry->name, x->ring->name)
               : trust_miss(answer, "%s, and not by %s; sign it with the key of %s",
                            signed_by(answer), entry->name, entry->name);
}
