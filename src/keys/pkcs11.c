// SPDX-License-Identifier: Apache-2.0
#include "pkcs11.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool pkcs11_is_uri(const char *name)
{
    return strncasecmp(name, "pkcs11:", 7) == 0;
}

#ifdef OTAPACK_HAVE_P11KIT
#include "pk_der.h"
#include "pkcs11_object.h"

// type= in the URI, where it is not what is asked for.
static bool check_type(struct token *t, bool public_is_fine, struct err *e)
{
    const CK_ATTRIBUTE *type = t->kit->uri_get_attribute(t->uri, CKA_CLASS);
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    if (type != NULL && type->ulValueLen == sizeof(class)) {
        memcpy(&class, type->pValue, sizeof(class));
    }
    return class == CKO_PRIVATE_KEY || (public_is_fine && class == CKO_PUBLIC_KEY) ||
           err_set(e, STATUS_CANNOT, "%s: its type= is not that of a %s key; leave it out", t->name,
                   public_is_fine ? "public or private" : "private");
}

// ---- Public keys --------------------------------------------------------------------------------

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

static bool public_of_private(struct token *t, CK_OBJECT_HANDLE key, struct pk_public *out,
                              struct err *e)
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
    if (!check_type(t, true, e) || !object_search_uri(t, CKO_PUBLIC_KEY, &found, e)) {
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
    return object_find_private(t, &key, e) && public_of_private(t, key, out, e);
}

bool pkcs11_public(const char *uri, const struct pkcs11_options *o, struct pk_public *out,
                   struct err *e)
{
    struct token t;
    bool good = token_open(&t, uri, o, e) && find_public(&t, out, e);
    token_close(&t);
    return good;
}

bool object_open_private(struct token *t, const struct pk_public *known, struct private_key *out,
                         struct err *e)
{
    struct value always;
    if (!check_type(t, false, e) || !token_login(t, e) ||
        !object_find_private(t, &out->object, e) ||
        !object_get(t, out->object, CKA_ALWAYS_AUTHENTICATE, &always, e)) {
        return false;
    }
    out->always_confirm = always.size == 1 && always.bytes[0] != CK_FALSE;
    if (!out->always_confirm) {
        secret_wipe(&t->pin);
    }
    if (known != NULL) {
        out->public_key = *known;
        return true;
    }
    return public_of_private(t, out->object, &out->public_key, e);
}

// ---- Signing ------------------------------------------------------------------------------------

struct token_signer {
    struct signer signer; // first: the one is cast to the other
    struct token token;
    struct private_key key;
};

// What comes before a SHA-256 in a signature of PKCS#1 v1.5, where tokens add only the padding.
static const uint8_t digest_info[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

static CK_RV sign_init(struct token_signer *s, enum pk_padding padding)
{
    CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
    CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
    if (pk_is_rsa(s->signer.public_key.type)) {
        mechanism = padding == PK_PKCS1 || padding == PK_PKCS1_BARE
                        ? (CK_MECHANISM){CKM_RSA_PKCS, NULL, 0}
                        : (CK_MECHANISM){CKM_RSA_PKCS_PSS, &pss, sizeof(pss)};
    }
    return s->token.module->C_SignInit(s->token.session, &mechanism, s->key.object);
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

static bool sign(struct signer *signer, enum pk_padding padding, const uint8_t *digest,
                 uint8_t *signature, struct err *e)
{
    struct token_signer *s = (struct token_signer *)signer;
    struct token *t = &s->token;
    const struct pk_type_facts *facts = &pk_types[signer->public_key.type];
    uint8_t data[sizeof(digest_info) + DIGEST_MAX_SIZE], made[VALUE_MOST];
    CK_ULONG n = sizeof(made);
    CK_RV rv = sign_init(s, padding);
    if (rv == CKR_OK && s->key.always_confirm && !token_confirm(t, e)) {
        return false;
    }
    size_t size = sign_input(signer->public_key.type, padding, digest, data);
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

static void close_signer(struct signer *signer)
{
    struct token_signer *s = (struct token_signer *)signer;
    token_close(&s->token);
    free(s);
}

struct signer *pkcs11_signer(const char *uri, const struct pkcs11_options *o,
                             const struct pk_public *known, struct err *e)
{
    struct token_signer *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    if (!token_open(&s->token, uri, o, e) || !object_open_private(&s->token, known, &s->key, e)) {
        close_signer(&s->signer);
        return NULL;
    }
    s->signer = (struct signer){s->token.name, s->key.public_key, sign, close_signer};
    return &s->signer;
}

#else

static bool fail(struct err *e)
{
    return err_set(e, STATUS_CANNOT,
                   "this otapack was built without p11-kit, so it cannot use keys in tokens "
                   "(pkcs11:); build it where libp11-kit-dev is installed");
}

struct signer *pkcs11_signer(const char *uri, const struct pkcs11_options *o,
                             const struct pk_public *known, struct err *e)
{
    (void)uri;
    (void)o;
    (void)known;
    fail(e);
    return NULL;
}

struct unwrapper *pkcs11_unwrapper(const char *uri, const struct pkcs11_options *o, struct err *e)
{
    (void)uri;
    (void)o;
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
