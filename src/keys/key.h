// SPDX-License-Identifier: Apache-2.0
//
// Keys by their names: a PEM file, or a pkcs11: URI.
#ifndef KEY_H
#define KEY_H

#include "pkcs11.h"
#include "secret.h"

enum { KEY_IN_FILE_MOST = 64 * 1024 }; // bytes

// The passphrase of an encrypted key comes from one of these files (NULL-ended), else from the
// environment (OTAPACK_PASSPHRASE), else from the terminal.
struct key_options {
    const char *const *passphrase_files; // NULL: none
    bool quiet;                          // no warning of keys that others can read
    bool public_only;                    // as public keys, do not take private ones
    bool decrypts;                       // to open what was encrypted, not to sign: see key_private
    struct pkcs11_options token;         // for keys in tokens
};

// A private key, to be used. NULL with `e` set (status 2).
struct key_holder *key_open(const char *name, const struct key_options *o, struct err *e);
void key_close(struct key_holder *h); // NULL is allowed

// The private key in a file, or, to decrypt, of the HMAC key of a device, a file of 32 bytes. NULL
// with `e` set (status 2).
struct pk_private *key_private(const char *name, const struct key_options *o, struct err *e);

// The key of P-256 that a device computes of the HMAC key in its eFuses, of this many bytes. NULL
// where none comes of it, which is so for 1 of 4 thousand million.
enum { KEY_HMAC_SIZE = 32 };
struct pk_private *key_of_hmac_key(const void *hmac_key);

// Warns where others than its owner can read the file of a secret, a "private key" or so.
void key_warn_of_readers(const char *name, const char *what);

// A key in a token (a URI), whose public part has a name of its own: many tokens have only the
// private one. Whether they belong together, the first signature shows.
struct key_holder *key_open_by(const char *name, const char *public_key,
                               const struct key_options *o, struct err *e);

// A public key: in PEM, as 64 raw bytes (x and y of P-256, as Secure Boot v1 has it), or, unless
// `public_only` is set, of a private key. False with `e` set (status 2).
bool key_public(const char *name, const struct key_options *o, struct pk_public *out,
                struct err *e);

// Is it a key such as devices can have? False with `e` set (status 2).
typedef bool key_fits_fn(const struct pk_public *key, const char *name, struct err *e);

// A signature that was made elsewhere, as a key that has signed already, and that fits. Its file
// holds an RSA signature, or an ECDSA one in DER or as r and s. NULL with `e` set (status 2).
struct key_holder *key_of_signature(const char *file, const char *public_key, key_fits_fn *fits,
                                    const struct key_options *o, struct err *e);

// The type with this name (rsa3072, ecdsa-p256, ...). False with `e` set, beginning with `where`.
bool key_type(const char *name, const char *where, enum pk_type *out, struct err *e);

// How much of a key's name to say: of a URI not the query, which is about the PIN.
int key_name_length(const char *name);

key_fits_fn key_fits_secure_boot;    // which knows one size of RSA
key_fits_fn key_fits_secure_boot_v1; // which knows one curve
key_fits_fn key_fits_signed_data;    // which came when P-192 had left

#endif
