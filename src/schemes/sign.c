// SPDX-License-Identifier: Apache-2.0
#include "sign.h"

#include "scheme.h"
#include "sign_fault.h"

bool sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name, struct err *e)
{
    return s->scheme->sign(s, l, from, name, e);
}

bool sign_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
               struct err *e)
{
    return s->scheme->data(s, l, from, name, e);
}

// A signature is looked at after its key.
static struct key_holder *open_key(const struct signing *s, const struct signing_key *key,
                                   struct err *e)
{
    const struct key_options *o = &s->options;
    key_fits_fn *fits = s->scheme->fits_key;
    struct key_holder *signer =
        key->signature != NULL    ? key_of_signature(key->signature, key->name, fits, o, e)
        : key->public_key != NULL ? key_open_by(key->name, key->public_key, o, e)
                                  : key_open(key->name, o, e);
    if (signer == NULL || fits(&signer->public_key, key->name, e)) {
        return signer;
    }
    key_close(signer);
    return NULL;
}

struct key_holder *signing_key_open(const struct signing *s, const struct signing_key *key,
                                    struct err *e)
{
    struct err inner = ERR_NONE;
    struct key_holder *signer = open_key(s, key, &inner);
    if (signer == NULL && *key->where != '\0') {
        err_at(e, key->where, &inner);
    } else if (signer == NULL) {
        *e = inner;
    }
    return signer;
}

bool signing_make(const struct signing *s, const struct signing_key *key, struct key_holder *signer,
                  struct sign_trial *t, struct err *e)
{
    t->key = &signer->public_key;
    t->padding = s->scheme->padding;
    if (!signer->sign(signer, t->padding, t->digest, t->signature, e)) {
        return false;
    }
    if (sign_trial_fits(t, t->padding, t->digest)) {
        return true;
    }
    return key->signature != NULL
               ? err_set(e, STATUS_NO, "%s: %s", signer->name, sign_fault(t, s->scheme->faults))
           : key->public_key != NULL
               ? err_set(e, STATUS_CANNOT,
                         "%s: its signature does not fit %.*s; name its own public key",
                         signer->name, key_name_length(key->public_key), key->public_key)
               : err_set(e, STATUS_CANNOT,
                         "%s: its signature does not fit its own public key; the key is damaged",
                         signer->name);
}
