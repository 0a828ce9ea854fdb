// SPDX-License-Identifier: Apache-2.0
//
// What an update for an ESP8266 is compressed and signed with, worked out without otapack's own
// code: zlib, and RSA as a power with mbedTLS' large numbers.
#ifndef ESP8266_OF_LAWS
#define ESP8266_OF_LAWS

#include "image.h"

// ---- RSA, PKCS#1 v1.5 and PSS -------------------------------------------------------------------

enum rsa_form {
    RSA_SHA256, // with the DigestInfo that says of which kind the digest is
    RSA_SHA512,
    RSA_BARE, // without: the old format
    RSA_PSS,  // as secure boot has it
};
// Of these bytes with the private key in a file, as openssl and signing.py write it.
struct image rsa_signature(const char *key_file, enum rsa_form form, const struct image *bytes);
// The signature is that of these bytes (RSA_SHA256), or the test fails.
void rsa_must_fit(const char *key_file, const struct image *bytes, const struct image *signature);
// A key of 1024 or 4096 bits, always the same and none that anybody should use, as NAME.pem and
// NAME.pub.pem: openssl would take seconds to find one.
void rsa_make_key(unsigned bits, const char *name);

// ---- Updates ------------------------------------------------------------------------------------

// These bytes, their signature and its length.
struct image update_signed(const struct image *bytes, const char *key_file, enum rsa_form form);
// What the signature at the end is made over, and the signature, which has this length.
struct image update_covered(const struct image *im, size_t signature_size);
struct image update_signature(const struct image *im, size_t signature_size);

// The CRC of an Arduino image (CRC-32/MPEG-2), of these bytes as they are.
uint32_t esp8266_crc_of(const struct image *im);

// ---- gzip ---------------------------------------------------------------------------------------

// Packed as gzip does at this level; `name`: NULL, or the file's name goes in with a time.
struct image gz_pack(const struct image *im, int level, const char *name);
// What the first member unpacks to, as gunzip does; the test fails where it does not.
struct image gz_unpack(const struct image *im);
struct image gz_zeros(uint64_t n); // so many zero bytes, packed, in next to no time

#endif
