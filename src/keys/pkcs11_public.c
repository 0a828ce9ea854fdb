// SPDX-License-Identifier: Apache-2.0
//
// The public key of an object in a token, or of the private key beside it.
#ifdef OTAPACK_HAVE_P11KIT
#include <string.h>

#include "pk_der.h"
#include "pkcs11.h"
#include "pkcs11_object.h"

#define WANTED                                                                                     \
    "name one of RSA with 1024, 2048, 3072 or 4096 bits, or of ECDSA on P-192, P-256 or P-384"

enum { OID_TAG = 6 };
enum answer { DONE, ABSENT, FAILED };

static enum answer refuse(struct token *t, const char *what, struct err *e)
{
    err_set(e, STATUS_CANNOT, "%s: is %s; " WANTED, t->name, what);
    return FAILED;
}

static void strip_zeros(struct value *number)
{
    CK_ULONG zeros = 0;
    while (zeros < number->size && number->bytes[zeros] == 0) {
        zeros++;
    }
    number->size -= zeros;
    memmove(number->bytes, number->bytes + zeros, number->size);
}

static size_t bits_of(const struct value *number)
{
    size_t bits = number->size * 8;
    for (unsigned top = number->size == 0 ? 0x80 : number->bytes[0]; (top & 0x80) == 0; top <<= 1) {
        bits--;
    }
    return bits;
}

static enum answer read_rsa(struct token *t, CK_OBJECT_HANDLE object, struct pk_public *out,
                            struct err *e)
{
    struct value n, exponent;
    if (!object_get(t, object, CKA_MODULUS, &n, e) ||
        !object_get(t, object, CKA_PUBLIC_EXPONENT, &exponent, e)) {
        return FAILED;
    }
    if (n.size == 0 || exponent.size == 0) {
        return ABSENT;
    }
    strip_zeros(&n);
    strip_zeros(&exponent);
    if (!pk_set_modulus(out, n.bytes, n.size)) {
        return refuse(t, arena_printf(&t->arena, "an RSA key of %zu bits", bits_of(&n)), e);
    }
    if (exponent.size > sizeof(out->exponent)) {
        return refuse(t, "an RSA key with an exponent of more than 32 bits", e);
    }
    for (CK_ULONG i = 0; i < exponent.size; i++) {
        out->exponent = out->exponent << 8 | exponent.bytes[i];
    }
    return DONE;
}

// CKA_EC_PARAMS is the curve's identifier in DER: its tag, its size, its bytes.
static bool curve_of(const struct value *parameters, enum pk_type *out)
{
    const uint8_t *der = parameters->bytes;
    CK_ULONG n = parameters->size;
    if (n < 2 || der[0] != OID_TAG || der[1] != n - 2) {
        return false;
    }
    for (int i = 0; i < PK_TYPE_COUNT; i++) {
        if (pk_is_oid(der + 2, n - 2, pk_curve_oids[i])) {
            *out = (enum pk_type)i;
            return true;
        }
    }
    return false;
}

// x and y of a point: 04 x y, mostly in a DER OCTET STRING, though some tokens leave that out. NULL
// where it is neither.
static const uint8_t *point_numbers(const struct value *point, size_t numbers)
{
    bool wrapped =
        point->size == numbers + 3 && point->bytes[0] == 4 && point->bytes[1] == numbers + 1;
    size_t at = wrapped ? 2 : 0;
    return point->size == at + 1 + numbers && point->bytes[at] == 4 ? point->bytes + at + 1 : NULL;
}

static enum answer read_ec(struct token *t, CK_OBJECT_HANDLE object, struct pk_public *out,
                           struct err *e)
{
    struct value parameters, point;
    if (!object_get(t, object, CKA_EC_PARAMS, &parameters, e) ||
        !object_get(t, object, CKA_EC_POINT, &point, e)) {
        return FAILED;
    }
    bool known = curve_of(&parameters, &out->type);
    if (!known && parameters.size > 0) {
        return refuse(t, "an EC key on another curve, or one without its curve's name", e);
    }
    if (!known || point.size == 0) {
        return ABSENT; // a private key seldom has the point
    }
    size_t size = pk_types[out->type].signature_size;
    const uint8_t *numbers = point_numbers(&point, size);
    if (numbers == NULL) {
        err_set(e, STATUS_CANNOT,
                "%s: its CKA_EC_POINT is no uncompressed point of %s; import the public key again",
                t->name, pk_types[out->type].title);
        return FAILED;
    }
    memcpy(out->key, numbers, size);
    return DONE;
}

static const struct reader {
    CK_KEY_TYPE type;
    enum answer (*read)(struct token *t, CK_OBJECT_HANDLE object, struct pk_public *out,
                        struct err *e);
} readers[] = {{CKK_RSA, read_rsa}, {CKK_EC, read_ec}};

static enum answer read_key(struct token *t, CK_OBJECT_HANDLE object, struct pk_public *out,
                            struct err *e)
{
    struct value value;
    CK_KEY_TYPE type = 0;
    if (!object_get(t, object, CKA_KEY_TYPE, &value, e)) {
        return FAILED;
    }
    if (value.size == sizeof(type)) {
        memcpy(&type, value.bytes, sizeof(type));
    }
    for (size_t i = 0; value.size > 0 && i < sizeof(readers) / sizeof(readers[0]); i++) {
        if (readers[i].type == type) {
            *out = (struct pk_public){0};
            return readers[i].read(t, object, out, e);
        }
    }
    return refuse(t, "neither an RSA nor an EC key", e);
}

// The public key object that has this attribute in common with a private key.
static enum answer read_partner(struct token *t, CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE common,
                                struct pk_public *out, struct err *e)
{
    struct objects found = {.class = CKO_PUBLIC_KEY};
    struct value type, value;
    if (!object_get(t, key, CKA_KEY_TYPE, &type, e) || !object_get(t, key, common, &value, e)) {
        return FAILED;
    }
    CK_ATTRIBUTE attributes[] = {
        {common, value.bytes, value.size},
        {CKA_KEY_TYPE, type.bytes, type.size},
        {0},
    };
    if (value.size == 0) {
        return ABSENT;
    }
    if (!object_search(t, attributes, 2, &found, e)) {
        return FAILED;
    }
    if (found.count == 0) {
        return ABSENT;
    }
    return object_is_only_one(t, &found, e) ? read_key(t, found.all[0], out, e) : FAILED;
}

static bool finish_public(struct token *t, enum answer answer, const struct pk_public *key,
                          struct err *e)
{
    if (answer == ABSENT) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the token '%s' has the private key without its public one; import that "
                       "with the same id: pkcs11-tool --write-object public.der --type pubkey --id "
                       "ID",
                       t->name, t->label);
    }
    return answer == DONE &&
           (pk_is_sound(key) ||
            err_set(e, STATUS_CANNOT,
                    "%s: its public key is damaged; import it into the token again", t->name));
}

bool object_public_of(struct token *t, CK_OBJECT_HANDLE key, struct pk_public *out, struct err *e)
{
    enum answer answer = read_key(t, key, out, e);
    answer = answer == ABSENT ? read_partner(t, key, CKA_ID, out, e) : answer;
    answer = answer == ABSENT ? read_partner(t, key, CKA_LABEL, out, e) : answer;
    return finish_public(t, answer, out, e);
}

// Many tokens show public keys to everybody, and some have the numbers only in the private key.
static bool find_public(struct token *t, struct pk_public *out, struct err *e)
{
    struct objects found;
    CK_OBJECT_HANDLE key;
    if (!object_type_fits(t, true, e) || !object_search_uri(t, CKO_PUBLIC_KEY, &found, e)) {
        return false;
    }
    if (found.count == 0 &&
        (!token_login(t, e) || !object_search_uri(t, CKO_PUBLIC_KEY, &found, e))) {
        return false;
    }
    if (found.count > 0) {
        return object_is_only_one(t, &found, e) &&
               finish_public(t, read_key(t, found.all[0], out, e), out, e);
    }
    return object_find_private(t, &key, e) && object_public_of(t, key, out, e);
}

bool pkcs11_public(const char *uri, const struct pkcs11_options *o, struct pk_public *out,
                   struct err *e)
{
    struct token t;
    bool good = token_open(&t, uri, o, e) && find_public(&t, out, e);
    token_close(&t);
    return good;
}

#endif
