// SPDX-License-Identifier: Apache-2.0
//
// A signature that was made elsewhere, as a key that has signed already.
#include <stdlib.h>
#include <string.h>

#include "key.h"

enum { SIGNATURE_MOST = 1024 };

struct made {
    struct key_holder holder; // first: the one is cast to the other
    uint8_t signature[PK_MAX_NUMBERS];
    char name[];
};

static bool made_sign(struct key_holder *h, enum pk_padding padding, const uint8_t *digest,
                      uint8_t *signature, struct err *e)
{
    (void)padding;
    (void)digest;
    (void)e;
    memcpy(signature, ((struct made *)h)->signature, PK_MAX_NUMBERS);
    return true;
}

static void made_close(struct key_holder *h)
{
    free(h);
}

// The signature in a file, as pk.h has signatures.
static bool take_signature(const char *file, enum pk_type type, uint8_t *signature, struct err *e)
{
    struct secret bytes;
    const struct pk_type_facts *t = &pk_types[type];
    if (!secret_of_file(file, SIGNATURE_MOST, &bytes, e)) {
        return false;
    }
    bool plain = bytes.size == t->signature_size;
    if (plain) {
        memcpy(signature, bytes.bytes, bytes.size);
    }
    bool good =
        plain || pk_signature_of_der(type, (const uint8_t *)bytes.bytes, bytes.size, signature);
    size_t size = bytes.size;
    secret_wipe(&bytes);
    return good ||
           err_set(e, STATUS_CANNOT,
                   "%s: has %zu bytes, which is no %s signature: that has %zu bytes%s; name "
                   "the file that the signer wrote",
                   file, size, t->title, t->signature_size, pk_is_rsa(type) ? "" : ", or is DER");
}

struct key_holder *key_of_signature(const char *file, const char *public_key, key_fits_fn *fits,
                                    const struct key_options *o, struct err *e)
{
    struct pk_public key;
    struct made *m = calloc(1, sizeof(*m) + strlen(file) + 1);
    if (m == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
    }
    if (m == NULL || !key_public(public_key, o, &key, e) || !fits(&key, public_key, e) ||
        !take_signature(file, key.type, m->signature, e)) {
        free(m);
        return NULL;
    }
    memcpy(m->name, file, strlen(file) + 1);
    m->holder = (struct key_holder){m->name, key, made_sign, NULL, made_close};
    return &m->holder;
}
