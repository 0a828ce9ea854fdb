// SPDX-License-Identifier: Apache-2.0
//
// Public-key cryptography behind one interface: the only file that knows a library of it. Keys,
// digests and signatures are plain bytes in the order in which they stand everywhere but in a
// signature block of Secure Boot: numbers big-endian, an ECDSA signature as r and s, each of the
// curve's size.
#ifndef PK_H
#define PK_H

#include <otapack/secure_boot.h>

#include "digest.h"
#include "err.h"

enum { PK_MAX_NUMBERS = 512 }; // bytes of a public key or a signature, at most

// Those of Secure Boot first, as its header numbers them; the others sign for an ESP8266.
enum pk_type {
    PK_RSA3072 = OTAPACK_SB_RSA3072,
    PK_P192 = OTAPACK_SB_P192,
    PK_P256 = OTAPACK_SB_P256,
    PK_P384 = OTAPACK_SB_P384,
    PK_RSA1024,
    PK_RSA2048,
    PK_RSA4096,
    PK_TYPE_COUNT
};
enum { PK_SECURE_BOOT_COUNT = PK_P384 + 1 }; // of these types are Secure Boot's

extern const struct pk_type_facts {
    const char *name;      // "ecdsa-p256", as the user writes it
    const char *title;     // "ECDSA P-256"
    size_t number_size;    // of n, or each of x, y, r, s
    size_t signature_size; // and of a public key: n, or x and y
    enum digest_algorithm digest;
    size_t digest_size;
} pk_types[PK_TYPE_COUNT];

struct pk_public {
    enum pk_type type;
    uint8_t key[PK_MAX_NUMBERS]; // n, or x and y
    uint32_t exponent;           // of RSA
};

bool pk_is_rsa(enum pk_type type);
bool pk_is_secure_boot(const struct pk_public *key); // then `type` is its enum otapack_sb_scheme
bool pk_same(const struct pk_public *a, const struct pk_public *b);

// Makes the key one of RSA with this modulus, which has no zeros before it. False where no type has
// as many bits.
bool pk_set_modulus(struct pk_public *key, const uint8_t *modulus, size_t n);

// Is it a key at all: a modulus of all its bits that is odd, with an odd exponent above 1; a point
// on the curve?
bool pk_is_sound(const struct pk_public *key);

// How a signature is made. PK_STANDARD is what Secure Boot takes: PSS with a salt of 32 bytes,
// ECDSA. The others are RSA's, and change nothing of ECDSA: what an ESP8266 takes, PKCS#1 v1.5, in
// its old form around the bare digest, without the DigestInfo; and what people make by mistake.
enum pk_padding { PK_STANDARD, PK_ANY_SALT, PK_PKCS1, PK_PKCS1_BARE };

// Does the signature fit? `digest` is of the algorithm `hash`, which for PK_STANDARD is the type's.
bool pk_verify(const struct pk_public *key, enum pk_padding padding, enum digest_algorithm hash,
               const uint8_t *digest, const uint8_t *signature);

// An ECDSA signature in DER, as r and s; false where it is none for this type.
bool pk_signature_of_der(enum pk_type type, const uint8_t *der, size_t n, uint8_t *signature);

// ---- Private keys -------------------------------------------------------------------------------

struct pk_private; // its bytes are wiped when it is freed

// What is wrong with the bytes of a key.
enum pk_fault {
    PK_GOOD,
    PK_NO_KEY,           // no key in PEM or DER
    PK_CORRUPT,          // PEM that says it is a key, but cannot be read
    PK_NOT_PRIVATE,      // a public key, or a certificate
    PK_NOT_PUBLIC,       // a private key
    PK_NEEDS_PASSPHRASE, // encrypted, and no passphrase was given
    PK_WRONG_PASSPHRASE, // or encrypted bytes that are damaged
    PK_UNKNOWN_CIPHER,   // encrypted in a way that is not supported
    PK_TOO_MANY_TURNS,   // its passphrase is to be hashed more often than the numbers below say
    PK_OTHER_KEY,        // RSA of another size, another curve, another algorithm
};

// How many rounds of PBKDF2 (or PKCS#12's, with SHA-1) there may be between a passphrase and its
// key, by their digest. A file says how many there are, so without a limit it would say how long
// otapack works: up to 2 s with these.
enum { PK_TURNS_SHA1 = 1300000, PK_TURNS_SHA256 = 1000000, PK_TURNS_SHA512 = 700000 };

// PEM: PKCS#1, SEC1 or PKCS#8, these encrypted too; `pem` has n bytes and a NUL behind them,
// `passphrase` may be NULL. *out is to be freed.
enum pk_fault pk_private_read(const char *pem, size_t n, const char *passphrase,
                              struct pk_private **out);
void pk_private_free(struct pk_private *key); // NULL is allowed
const struct pk_public *pk_private_public(const struct pk_private *key);

// Signs a digest of the type's algorithm. ECDSA (RFC 6979) and PKCS#1 are deterministic. False with
// `e` set where the library fails.
bool pk_sign(const struct pk_private *key, enum pk_padding padding, const uint8_t *digest,
             uint8_t *signature, struct err *e);

// SHA-256 of an ECDSA key's private number. False with `e` set where the library fails.
enum { PK_PRIVATE_DIGEST_SIZE = 32 };
bool pk_private_digest(const struct pk_private *key, uint8_t digest[PK_PRIVATE_DIGEST_SIZE],
                       struct err *e);

// A new key. NULL with `e` set where the library fails.
struct pk_private *pk_generate(enum pk_type type, struct err *e);

// The key of a curve with this private number, which has the curve's size and is to be wiped by who
// has it. NULL where it is none: 0, or beyond the curve's order.
struct pk_private *pk_private_of_number(enum pk_type type, const uint8_t *number);

// PEM, NUL-ended: SEC1 or PKCS#1 for a private key, SubjectPublicKeyInfo for a public one.
enum { PK_PEM_MOST = 4096 };
bool pk_private_pem(const struct pk_private *key, char pem[PK_PEM_MOST]);
bool pk_public_pem(const struct pk_public *key, char pem[PK_PEM_MOST]);
enum pk_fault pk_public_read(const char *pem, size_t n, struct pk_public *out);

// ---- Keys that encrypt other keys --------------------------------------------------------------

// What a private key gives for what was sent to its owner: a secret, to be wiped.
struct pk_unwrapped {
    uint8_t bytes[PK_MAX_NUMBERS];
    size_t size;
};

// RSAES-PKCS1-v1_5 with a key of RSA: at most 11 bytes less than its modulus has, into as many as
// that. False with `e` set where the library fails.
bool pk_wrap(const struct pk_public *key, const uint8_t *in, size_t n, uint8_t *out, struct err *e);

// With RSA, what pk_wrap was given: `in` is as long as the modulus. With a curve, X of ECDH: `in`
// is the point of the other side, x and y. False with `e` set: STATUS_NO where nothing can come of
// `in` with this key, STATUS_CANNOT where the library fails.
bool pk_unwrap(const struct pk_private *key, const uint8_t *in, struct pk_unwrapped *out,
               struct err *e);

// What is said of a key that opens nothing.
#define PK_OTHER_KEY_TEXT                                                                          \
    "is not the key that this was encrypted for, or what it encrypted is damaged; name the "       \
    "private key of the devices that it is for"

// Is `in` what any key of this kind unwraps: a number below the modulus, a point on the curve?
// False with `e` set (STATUS_NO).
bool pk_is_wrapped(const struct pk_public *key, const uint8_t *in, struct err *e);

// PBKDF2 with HMAC-SHA-256 (RFC 8018). False where the library fails.
bool pk_pbkdf2_sha256(const void *password, size_t n, const uint8_t *salt, size_t salt_size,
                      unsigned turns, uint8_t *key, size_t size);

#endif
