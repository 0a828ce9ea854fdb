// SPDX-License-Identifier: Apache-2.0
#include "pkcs11.h"

#include <stdlib.h>
#include <strings.h>

bool pkcs11_is_uri(const char *name)
{
    return strncasecmp(name, "pkcs11:", 7) == 0;
}

#ifdef OTAPACK_HAVE_P11KIT
#include "pkcs11_key.h"

// The PIN stays only for a key that wants it again for each use.
static bool find_key(struct token_key *k, const struct pk_public *known, struct err *e)
{
    struct token *t = &k->token;
    struct value always;
    if (!object_type_fits(t, false, e) || !token_login(t, e) ||
        !object_find_private(t, &k->object, e) ||
        !object_get(t, k->object, CKA_ALWAYS_AUTHENTICATE, &always, e)) {
        return false;
    }
    k->always_confirm = always.size == 1 && always.bytes[0] != CK_FALSE;
    if (!k->always_confirm) {
        secret_wipe(&t->pin);
    }
    if (known != NULL) {
        k->holder.public_key = *known;
        return true;
    }
    return object_public_of(t, k->object, &k->holder.public_key, e);
}

static void close_key(struct key_holder *h)
{
    token_close(&((struct token_key *)h)->token);
    free(h);
}

struct key_holder *pkcs11_open(const char *uri, const struct pkcs11_options *o,
                               const struct pk_public *known, struct err *e)
{
    struct token_key *k = calloc(1, sizeof(*k));
    if (k == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    k->holder = (struct key_holder){.sign = token_sign, .unwrap = token_unwrap, .close = close_key};
    if (!token_open(&k->token, uri, o, e) || !find_key(k, known, e)) {
        close_key(&k->holder);
        return NULL;
    }
    k->holder.name = k->token.name;
    return &k->holder;
}

#else

static bool fail(struct err *e)
{
    return err_set(
        e, STATUS_CANNOT,
        "keys in tokens (pkcs11:) cannot be used: this otapack was built without p11-kit, "
        "as the static one and that for Windows are; use one that was built with it");
}

struct key_holder *pkcs11_open(const char *uri, const struct pkcs11_options *o,
                               const struct pk_public *known, struct err *e)
{
    (void)uri;
    (void)o;
    (void)known;
    fail(e);
    return NULL;
}

bool pkcs11_public(const char *uri, const struct pkcs11_options *o, struct pk_public *out,
                   struct err *e)
{
    (void)uri;
    (void)o;
    (void)out;
    return fail(e);
}

#endif
