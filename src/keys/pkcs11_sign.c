// SPDX-License-Identifier: Apache-2.0
//
// A key in a token signs there.
#ifdef OTAPACK_HAVE_P11KIT
#include <string.h>

#include "pkcs11_key.h"

// What comes before a SHA-256 in a signature of PKCS#1 v1.5, where tokens add only the padding.
static const uint8_t digest_info[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

static CK_RV sign_init(struct token_key *k, enum pk_padding padding)
{
    CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
    CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
    if (pk_is_rsa(k->holder.public_key.type)) {
        mechanism = padding == PK_PKCS1 || padding == PK_PKCS1_BARE
                        ? (CK_MECHANISM){CKM_RSA_PKCS, NULL, 0}
                        : (CK_MECHANISM){CKM_RSA_PKCS_PSS, &pss, sizeof(pss)};
    }
    return k->token.module->C_SignInit(k->token.session, &mechanism, k->object);
}

// What the token is given to sign. Returns its size.
static size_t sign_input(enum pk_type type, enum pk_padding padding, const uint8_t *digest,
                         uint8_t data[sizeof(digest_info) + DIGEST_MAX_SIZE])
{
    const struct pk_type_facts *facts = &pk_types[type];
    size_t prefix = pk_is_rsa(type) && padding == PK_PKCS1 ? sizeof(digest_info) : 0;
    // ECDSA takes no more bits than the curve has, and not every token cuts the rest off itself.
    size_t size = facts->digest_size < facts->number_size ? facts->digest_size : facts->number_size;
    memcpy(data, digest_info, prefix);
    memcpy(data + prefix, digest, size);
    return prefix + size;
}

bool token_sign(struct key_holder *h, enum pk_padding padding, const uint8_t *digest,
                uint8_t *signature, struct err *e)
{
    struct token_key *k = (struct token_key *)h;
    struct token *t = &k->token;
    const struct pk_type_facts *facts = &pk_types[h->public_key.type];
    uint8_t data[sizeof(digest_info) + DIGEST_MAX_SIZE], made[VALUE_MOST];
    CK_ULONG n = sizeof(made);
    CK_RV rv = sign_init(k, padding);
    if (rv == CKR_OK && k->always_confirm && !token_confirm(t, e)) {
        return false;
    }
    size_t size = sign_input(h->public_key.type, padding, digest, data);
    rv = rv == CKR_OK ? t->module->C_Sign(t->session, data, size, made, &n) : rv;
    if (rv != CKR_OK) {
        return token_fail(t, rv, "sign", e);
    }
    if (n != facts->signature_size) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the token made a signature of %lu bytes, where %s has %zu; use another "
                       "module or token",
                       t->name, n, facts->title, facts->signature_size);
    }
    memcpy(signature, made, n);
    return true;
}

#endif
