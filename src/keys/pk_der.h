// SPDX-License-Identifier: Apache-2.0
//
// Keys as they stand in files: PEM and DER to what pk.c works with, and back. Part of pk.h.
#ifndef PK_DER_H
#define PK_DER_H

#include "pk.h"
#include "secret.h"

// An object identifier, in the bytes of DER.
struct pk_oid {
    const char *bytes;
    size_t size;
};
// clang-format off
#define PK_OID(text) {(text), sizeof(text) - 1}
// clang-format on
bool pk_is_oid(const uint8_t *bytes, size_t n, struct pk_oid oid);
extern const struct pk_oid pk_oid_rsa, pk_oid_ec,
    pk_curve_oids[PK_TYPE_COUNT]; // RSA has no curve

// The private part as PSA takes it: an RSAPrivateKey in DER, or a curve's number.
struct pk_der_private {
    struct pk_public public_key;
    struct secret bytes; // to be wiped
};

enum pk_fault pk_der_private(const char *pem, size_t n, const char *passphrase,
                             struct pk_der_private *out);

// Decrypts an EncryptedPrivateKeyInfo of PBES2 with AES, which mbedTLS before 3.5 cannot.
// PK_NO_KEY: it is encrypted in another way, which mbedTLS may know; PK_UNKNOWN_CIPHER: which it
// does not. Without a passphrase (NULL): PK_NEEDS_PASSPHRASE, or PK_TOO_MANY_TURNS.
enum pk_fault pk_pbes2(uint8_t *der, size_t n, const char *passphrase, struct secret *out);

// An RSAPublicKey in DER, or a point, as PSA takes public keys. Returns its size.
enum { PK_DER_PUBLIC_MOST = 544 };
size_t pk_der_psa_public(const struct pk_public *key, uint8_t out[PK_DER_PUBLIC_MOST]);

// The other way round: what PSA gives for a public key. Whether it is RSA is already known, or the
// curve.
bool pk_der_of_psa_public(const uint8_t *bytes, size_t n, struct pk_public *out);

// PEM of what PSA exports as a private key.
bool pk_der_private_pem(const struct pk_public *key, const uint8_t *bytes, size_t n,
                        char pem[PK_PEM_MOST]);

#endif
