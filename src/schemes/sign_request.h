// SPDX-License-Identifier: Apache-2.0
//
// What has to be signed elsewhere, and how: for people and scripts that have the key where otapack
// is not.
#ifndef SIGN_REQUEST_H
#define SIGN_REQUEST_H

#include "sign.h"

struct sign_request {
    const struct scheme *scheme;
    const struct pk_public *key;
    const char *key_name;  // as the user wrote it
    const char *file;      // whose part is signed
    const char *part;      // its path, or NULL
    const char *data;      // where the data were written, or NULL
    const uint8_t *digest; // of the data
    uint64_t size;         // of the data
    uint64_t image_length; // what is behind that is padding
};

// How its signature is made.
struct sign_algorithm {
    const char *text;     // in words
    const char *hash;     // "sha256": of the data
    const char *padding;  // of RSA: "pss" or "pkcs1-v1.5"; else NULL
    const char *mgf;      // of PSS: "mgf1-sha256"; else NULL
    unsigned salt_length; // of PSS, in bytes
    bool digest_info;     // of PKCS#1: is the digest in one, as usual?
};
const struct sign_algorithm *sign_request_algorithm(const struct sign_request *r);

// The digest of the key that devices have in their eFuses, in hexadecimal; "": they have none.
const char *sign_request_key_digest(struct arena *a, const struct sign_request *r);

// How many bytes of the data only fill the image up.
uint64_t sign_request_padding(const struct sign_request *r);

// As lines for a person.
const char *sign_request_text(struct arena *a, const struct sign_request *r);

#endif
