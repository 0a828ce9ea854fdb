// SPDX-License-Identifier: Apache-2.0
//
// What was encrypted for a key in a token. An RSA key decrypts there; of ECDH the token has to let
// the shared secret out, as HKDF is done here.
#ifdef OTAPACK_HAVE_P11KIT
#include <string.h>

#include "pkcs11_key.h"

enum { POINT_MOST = 3 + 2 * 48, OCTET_STRING = 4, UNCOMPRESSED = 4 };

// What is not as with signatures.
static const struct {
    CK_RV rv;
    const char *text;
} reasons[] = {
    {CKR_MECHANISM_INVALID,
     "the token has neither RSA decryption by PKCS#1 v1.5 nor ECDH for this key; use a key file"},
    {CKR_KEY_FUNCTION_NOT_PERMITTED,
     "the key must not do that (CKA_DECRYPT, or CKA_DERIVE, is false); name one that may"},
    {CKR_KEY_TYPE_INCONSISTENT, "the key is not for that; name another one"},
    {CKR_ATTRIBUTE_SENSITIVE,
     "the token keeps the secret of ECDH to itself; use another token, or a key file"},
    {CKR_TEMPLATE_INCONSISTENT,
     "the token keeps the secret of ECDH to itself; use another token, or a key file"},
};

static bool fail(struct token *t, CK_RV rv, struct err *e)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].rv == rv) {
            return err_set(e, STATUS_CANNOT, "%s: cannot decrypt: %s", t->name, reasons[i].text);
        }
    }
    return token_fail(t, rv, "decrypt", e);
}

// ---- RSA ----------------------------------------------------------------------------------------

// What tokens say of bytes that were encrypted for another key, or damaged.
static bool is_of_other_key(CK_RV rv)
{
    return rv == CKR_ENCRYPTED_DATA_INVALID || rv == CKR_ENCRYPTED_DATA_LEN_RANGE ||
           rv == CKR_GENERAL_ERROR; // which is SoftHSM's word for wrong padding
}

static bool decrypt(struct token_key *k, const uint8_t *in, struct pk_unwrapped *out, struct err *e)
{
    struct token *t = &k->token;
    CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
    CK_ULONG size = pk_types[k->holder.public_key.type].number_size, n = sizeof(out->bytes);
    uint8_t copy[PK_MAX_NUMBERS]; // PKCS#11 does not say that it leaves the input alone
    memcpy(copy, in, size);
    CK_RV rv = t->module->C_DecryptInit(t->session, &mechanism, k->object);
    if (rv == CKR_OK && k->always_confirm && !token_confirm(t, e)) {
        return false;
    }
    if (rv != CKR_OK) {
        return fail(t, rv, e);
    }
    rv = t->module->C_Decrypt(t->session, copy, size, out->bytes, &n);
    out->size = rv == CKR_OK ? n : 0;
    if (is_of_other_key(rv) && token_is_there(t, "decrypt", e)) {
        return err_set(e, STATUS_NO, "%s: %s", t->name, PK_OTHER_KEY_TEXT);
    }
    return rv == CKR_OK || fail(t, rv, e);
}

// ---- ECDH ---------------------------------------------------------------------------------------

static CK_RV derive(struct token_key *k, const uint8_t *point, CK_ULONG n, CK_OBJECT_HANDLE *made)
{
    uint8_t copy[POINT_MOST]; // PKCS#11 does not say that it leaves the point alone
    CK_OBJECT_CLASS class = CKO_SECRET_KEY;
    CK_KEY_TYPE type = CKK_GENERIC_SECRET;
    CK_ULONG size = pk_types[k->holder.public_key.type].number_size;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_ATTRIBUTE attributes[] = {
        ATTRIBUTE(CKA_CLASS, class), ATTRIBUTE(CKA_KEY_TYPE, type), ATTRIBUTE(CKA_VALUE_LEN, size),
        ATTRIBUTE(CKA_TOKEN, no),    ATTRIBUTE(CKA_SENSITIVE, no),  ATTRIBUTE(CKA_EXTRACTABLE, yes),
    };
    CK_ECDH1_DERIVE_PARAMS parameters = {CKD_NULL, 0, NULL, n, copy};
    memcpy(copy, point, n);
    CK_MECHANISM mechanism = {CKM_ECDH1_DERIVE, &parameters, sizeof(parameters)};
    return k->token.module->C_DeriveKey(k->token.session, &mechanism, k->object, attributes,
                                        sizeof(attributes) / sizeof(attributes[0]), made);
}

// Tokens take the point bare, as PKCS#11 has it, or some only in an OCTET STRING.
static CK_RV derive_either(struct token_key *k, const uint8_t *in, CK_OBJECT_HANDLE *made)
{
    CK_ULONG size = pk_types[k->holder.public_key.type].signature_size;
    uint8_t point[POINT_MOST] = {OCTET_STRING, (uint8_t)(size + 1), UNCOMPRESSED};
    memcpy(point + 3, in, size);
    CK_RV rv = derive(k, point + 2, size + 1, made);
    return rv == CKR_MECHANISM_PARAM_INVALID || rv == CKR_ARGUMENTS_BAD
               ? derive(k, point, size + 3, made)
               : rv;
}

static bool agree(struct token_key *k, const uint8_t *in, struct pk_unwrapped *out, struct err *e)
{
    struct token *t = &k->token;
    CK_OBJECT_HANDLE made = 0;
    CK_ATTRIBUTE value = {CKA_VALUE, out->bytes, sizeof(out->bytes)};
    CK_RV rv = derive_either(k, in, &made);
    if (rv == CKR_OK) {
        rv = t->module->C_GetAttributeValue(t->session, made, &value, 1);
        (void)t->module->C_DestroyObject(t->session, made);
    }
    out->size = rv == CKR_OK ? value.ulValueLen : 0;
    if (rv != CKR_OK) {
        return fail(t, rv, e);
    }
    return out->size == pk_types[k->holder.public_key.type].number_size ||
           err_set(e, STATUS_CANNOT,
                   "%s: the token made a secret of %zu bytes; use another module or token", t->name,
                   out->size);
}

// ---- Both ---------------------------------------------------------------------------------------

bool token_unwrap(struct key_holder *h, const uint8_t *in, struct pk_unwrapped *out, struct err *e)
{
    struct token_key *k = (struct token_key *)h;
    struct err inner = ERR_NONE;
    if (!pk_is_wrapped(&h->public_key, in, &inner)) {
        return err_at(e, h->name, &inner);
    }
    return pk_is_rsa(h->public_key.type) ? decrypt(k, in, out, e) : agree(k, in, out, e);
}

#endif
