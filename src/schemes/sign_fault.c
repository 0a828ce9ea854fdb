// SPDX-License-Identifier: Apache-2.0
#include "sign_fault.h"

#include "digest_span.h"

bool sign_trial_fits(const struct sign_trial *t, enum pk_padding padding, const uint8_t *digest)
{
    return pk_verify(t->key, padding, pk_types[t->key->type].digest, digest, t->signature);
}

static bool is_pkcs1(const struct sign_trial *t)
{
    return pk_is_rsa(t->key->type) && sign_trial_fits(t, PK_PKCS1, t->digest);
}

static bool is_pss(const struct sign_trial *t)
{
    return pk_is_rsa(t->key->type) && sign_trial_fits(t, PK_ANY_SALT, t->digest);
}

// Two mistakes are often made at once.
static bool fits_any_padding(const struct sign_trial *t, const uint8_t *digest)
{
    return sign_trial_fits(t, PK_ANY_SALT, digest) || sign_trial_fits(t, PK_PKCS1, digest);
}

static bool is_over_unpadded(const struct sign_trial *t)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    struct otapack_source unpadded = otapack_part(&t->data, 0, t->image_length);
    return t->image_length != t->data.size &&
           digest_of(pk_types[t->key->type].digest, &unpadded, digest) &&
           fits_any_padding(t, digest);
}

static bool digest_twice(const struct sign_trial *t, uint8_t digest[DIGEST_MAX_SIZE])
{
    const struct pk_type_facts *s = &pk_types[t->key->type];
    struct otapack_source once = otapack_memory(t->digest, s->digest_size);
    return digest_of(s->digest, &once, digest);
}

static bool is_hashed_twice(const struct sign_trial *t)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    return digest_twice(t, digest) && fits_any_padding(t, digest);
}

static bool is_of_sha256(const struct sign_trial *t)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    return pk_types[t->key->type].digest != DIGEST_SHA256 &&
           digest_of(DIGEST_SHA256, &t->data, digest) &&
           pk_verify(t->key, PK_STANDARD, DIGEST_SHA256, digest, t->signature);
}

const struct sign_fault sign_faults_secure_boot[] = {
    {is_pkcs1, "is a PKCS#1 v1.5 signature, and devices take PSS; sign with "
               "rsa_padding_mode:pss and rsa_pss_saltlen:32"},
    {is_pss, "has a PSS salt of another length than the 32 bytes that devices take; sign "
             "with rsa_pss_saltlen:32"},
    {is_over_unpadded, "was made over the image without its padding; sign what --digest-only -o "
                       "FILE writes"},
    {is_hashed_twice, "was made over the digest of the digest; sign the digest as it is, or let "
                      "the signer hash the padded image"},
    {is_of_sha256, "was made over a SHA-256, and P-384 goes with SHA-384; sign the SHA-384"},
    {NULL, NULL},
};

// ---- Of an ESP8266 ------------------------------------------------------------------------------

static bool is_other_format(const struct sign_trial *t)
{
    return sign_trial_fits(t, t->padding == PK_PKCS1_BARE ? PK_PKCS1 : PK_PKCS1_BARE, t->digest);
}

static bool is_over_content(const struct sign_trial *t)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    return t->content != NULL && digest_of(DIGEST_SHA256, t->content, digest) &&
           sign_trial_fits(t, t->padding, digest);
}

static bool is_hashed_twice_only(const struct sign_trial *t)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    return digest_twice(t, digest) && sign_trial_fits(t, t->padding, digest);
}

const struct sign_fault sign_faults_esp8266[] = {
    {is_other_format, "is in the other of the two formats; give --scheme esp8266-rsa for one "
                      "with a DigestInfo, esp8266-rsa-legacy for one without"},
    {is_pss, "is a PSS signature, and devices take PKCS#1 v1.5; sign with openssl dgst -sha256 "
             "-sign, without rsa_padding_mode:pss"},
    {is_over_content, "was made over what the update unpacks to; sign the compressed file"},
    {is_hashed_twice_only, "was made over the digest of the digest; sign the digest as it is, or "
                           "let the signer hash the file"},
    {NULL, NULL},
};

const char *sign_fault(const struct sign_trial *t, const struct sign_fault *rows)
{
    for (; rows->is != NULL; rows++) {
        if (rows->is(t)) {
            return rows->text;
        }
    }
    return "does not fit: it was made with another key, or over other bytes; sign what "
           "--digest-only says, with the key whose public part is given";
}
