// SPDX-License-Identifier: Apache-2.0
//
// What digests.h declares, under one name each for all versions of mbedTLS.
#include "digests.h"

#include "../unit/unit.h"

#include <mbedtls/base64.h>
#include <mbedtls/md5.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <mbedtls/version.h>

#include "sha3.h"

// mbedTLS 3 dropped the _ret from these names.
#if MBEDTLS_VERSION_MAJOR >= 3
#define mbedtls_md5_ret mbedtls_md5
#define mbedtls_sha256_ret mbedtls_sha256
#define mbedtls_sha512_ret mbedtls_sha512
#endif

const char *const digest_types[DIGEST_TYPES] = {
    "sha256", "sha256_128", "sha256_120", "sha256_96", "sha256_64", "sha256_32",
    "sha384", "sha512",     "sha3_224",   "sha3_256",  "sha3_384",  "sha3_512",
};

void md5_of(const void *bytes, size_t n, uint8_t out[16])
{
    assert_int_equal(mbedtls_md5_ret(bytes, n, out), 0);
}

void sha256_of(const void *bytes, size_t n, uint8_t out[32])
{
    assert_int_equal(mbedtls_sha256_ret(bytes, n, out, 0), 0);
}

void sha384_of(const void *bytes, size_t n, uint8_t out[DIGEST_MOST])
{
    assert_int_equal(mbedtls_sha512_ret(bytes, n, out, 1), 0);
}

void sha512_of(const void *bytes, size_t n, uint8_t out[64])
{
    assert_int_equal(mbedtls_sha512_ret(bytes, n, out, 0), 0);
}

size_t digest_by_type(unsigned type, const void *bytes, size_t n, uint8_t out[DIGEST_MOST])
{
    static const uint8_t sizes[DIGEST_TYPES] = {32, 16, 15, 12, 8, 4, 48, 64, 28, 32, 48, 64};
    assert_true(type >= 1 && type <= DIGEST_TYPES);
    size_t size = sizes[type - 1];
    if (type <= 6) {
        sha256_of(bytes, n, out); // the short ones are the beginning of it
    } else if (type == 7) {
        sha384_of(bytes, n, out);
    } else if (type == 8) {
        sha512_of(bytes, n, out);
    } else {
        sha3_of(bytes, n, out, size);
    }
    return size;
}

const char *hex_of(const uint8_t *bytes, size_t n)
{
    static char text[2 * DIGEST_MOST + 1];
    assert_true(n <= DIGEST_MOST);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    return text;
}

const char *base64_of(const uint8_t *bytes, size_t n)
{
    static unsigned char text[(DIGEST_MOST + 2) / 3 * 4 + 1];
    size_t length;
    assert_int_equal(mbedtls_base64_encode(text, sizeof(text), &length, bytes, n), 0);
    return (const char *)text;
}
