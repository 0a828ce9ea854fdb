// SPDX-License-Identifier: Apache-2.0
//
// Whose the signature of an ESP8266 update is, and whether that is what is asked for.
#include "digest_span.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "scheme_esp8266.h"
#include "trust_inside.h"

// The key that made it over these bytes, in either format; NULL: none of those given.
static const struct entry *signer_of(const struct trusted *x, const struct otapack_source *src,
                                     struct esp8266_signature *sig)
{
    static const struct scheme *const both[] = {&scheme_esp8266, &scheme_esp8266_legacy};
    uint8_t digest[32];
    bool read = digest_of(DIGEST_SHA256, src, digest);
    for (size_t i = 0; read && i < 2 * x->count; i++) {
        const struct entry *entry = &x->entries[i / 2];
        const struct scheme *scheme = both[i % 2];
        if (entry->has_key && pk_is_rsa(entry->key.type) &&
            pk_types[entry->key.type].signature_size == sig->size &&
            pk_verify(&entry->key, scheme->padding, DIGEST_SHA256, digest, sig->bytes)) {
            sig->scheme = scheme->name;
            sig->legacy = scheme == &scheme_esp8266_legacy;
            return entry;
        }
    }
    return NULL;
}

static bool has_rsa(const struct trusted *x)
{
    size_t k = 0;
    while (k < x->count && !(x->entries[k].has_key && pk_is_rsa(x->entries[k].key.type))) {
        k++;
    }
    return k < x->count;
}

void esp8266_compare(const struct trusted *x, struct arena *a, struct node *update)
{
    struct node *node = node_find(update, "signature", -1);
    const struct node *image = node_find(update, "image", -1);
    struct esp8266_signature sig = *(const struct esp8266_signature *)node->parsed;
    if (!has_rsa(x)) {
        return;
    }
    const struct node *content =
        node_is(image, &format_gzip) ? node_find(image, "content", -1) : NULL;
    const struct entry *by = signer_of(x, &image->src, &sig), *over = NULL;
    if (by == NULL && content != NULL) {
        over = signer_of(x, &content->src, &sig);
    }
    sig.by = by == NULL ? NULL : by->name;
    sig.content_by = over == NULL ? NULL : over->name;
    esp8266_signature_is(a, node, &sig);
    update->compared = true;
}

// A signature without a key in it can only be compared with RSA keys.
static bool ring_tells(const struct trusted *x, const struct node *root, const char *where,
                       struct err *e)
{
    for (size_t k = 0; k < x->count; k++) {
        if (x->entries[k].required && !x->entries[k].has_key) {
            return err_set(e, STATUS_CANNOT,
                           "%s: of %s only the digest is known, and the signature of an ESP8266 "
                           "update has no key in it; put the public key into %s",
                           where, x->entries[k].name, x->ring->name);
        }
    }
    return has_rsa(x) || esp8266_signature(root) == NULL ||
           err_set(e, STATUS_CANNOT,
                   "%s: an ESP8266 update is signed with an RSA key, and there is none in %s; put "
                   "the public key there",
                   where, x->ring->name);
}

bool esp8266_asks(const struct trusted *x, const struct node *root, const char *where,
                  struct err *e)
{
    const struct trust *t = x->t;
    if (*t->key_digests != NULL || t->first_block) {
        return err_set(e, STATUS_CANNOT,
                       "%s: an ESP8266 has no eFuses with digests of keys; verify its updates with "
                       "--key",
                       where);
    }
    if (x->ring != NULL && !ring_tells(x, root, where, e)) {
        return false;
    }
    if (*t->keys == NULL && x->ring == NULL && esp8266_signature(root) != NULL) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the signature of an ESP8266 update shows nothing without the key; add "
                       "--key",
                       where);
    }
    return trust_keys_fit(x, key_fits_esp8266, t->needed > 0, e);
}

void esp8266_find(const struct trusted *x, struct trust_answer *answer)
{
    const struct node *node = esp8266_signature(answer->part);
    const struct esp8266_signature *sig = node == NULL ? NULL : node->parsed;
    size_t k = 0;
    while (sig != NULL && k < x->count && x->entries[k].name != sig->by) {
        k++;
    }
    if (sig != NULL) {
        const struct entry *signer = sig->by == NULL ? NULL : &x->entries[k];
        answer->signatures[answer->count++] = (struct trust_signature){.node = node,
                                                                       .blemish = CHECK_COUNT,
                                                                       .signer = signer,
                                                                       .by = sig->by,
                                                                       .counts = signer != NULL,
                                                                       .text = node->summary};
    }
}

// Is it a key that must have signed, for nothing is said of how many?
static bool is_each_asked(const struct trusted *x, const struct entry *entry)
{
    return entry->group == ENTRY_KEY && x->t->needed == 0;
}

// What the keys say of the signature itself was said as a finding; here, only whether it is by
// those that are asked for, under this name or another.
bool esp8266_holds(const struct trusted *x, struct trust_answer *answer)
{
    const struct entry *signer = answer->signatures[0].signer;
    bool good = signer != NULL || x->count == 0;
    if (x->t->needed > 1) {
        return trust_miss(answer,
                          "has one signature, as every ESP8266 update, and %u are asked for",
                          x->t->needed);
    }
    if (trust_ring_asks_one(x) && (signer == NULL || signer->group != ENTRY_RING)) {
        good = trust_ring_miss(x, answer);
    }
    for (size_t k = 0; k < x->count; k++) {
        const struct entry *entry = &x->entries[k];
        if (entry->required && signer != entry) {
            good = trust_ring_miss_key(x, answer, entry);
        } else if (is_each_asked(x, entry) && signer != NULL &&
                   !pk_same(&signer->key, &entry->key)) {
            good = trust_miss(
                answer,
                "there is no signature by %s; an ESP8266 update has one: verify it with one "
                "key, or with --require 1",
                entry->name);
        }
    }
    return good;
}
