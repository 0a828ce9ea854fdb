// SPDX-License-Identifier: Apache-2.0
#include "digest.h"

#include <stdio.h>
#include <stdlib.h>

#include <psa/crypto.h>
#ifdef OTAPACK_HAVE_NETTLE
#include <nettle/md5.h>
#include <nettle/sha2.h>
#endif

#include "err.h"

struct digest {
    enum digest_algorithm algorithm;
    struct otapack_hash hash;
    union {
        psa_hash_operation_t psa;
#ifdef OTAPACK_HAVE_NETTLE
        struct sha256_ctx sha256;
        struct md5_ctx md5;
#endif
    } state;
};

static void *must(void *p)
{
    if (p == NULL) {
        say("out of memory");
        exit(STATUS_CANNOT);
    }
    return p;
}

// PSA reports only errors that no input causes: no memory, or a library built without the hash.
static void psa_must(psa_status_t status)
{
    if (status != PSA_SUCCESS) {
        say("mbedTLS cannot compute a digest (PSA error %d); reinstall it", (int)status);
        exit(STATUS_CANNOT);
    }
}

static psa_algorithm_t psa_algorithm(enum digest_algorithm algorithm)
{
    static const psa_algorithm_t names[] = {
        [DIGEST_SHA256] = PSA_ALG_SHA_256,
        [DIGEST_MD5] = PSA_ALG_MD5,
    };
    return names[algorithm];
}

static void psa_start(void *ctx)
{
    struct digest *d = ctx;
    psa_must(psa_crypto_init());
    psa_must(psa_hash_abort(&d->state.psa));
    d->state.psa = psa_hash_operation_init();
    psa_must(psa_hash_setup(&d->state.psa, psa_algorithm(d->algorithm)));
}

static void psa_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct digest *d = ctx;
    psa_must(psa_hash_update(&d->state.psa, bytes, n));
}

static void psa_finish(void *ctx, uint8_t *out)
{
    struct digest *d = ctx;
    size_t length;
    psa_must(
        psa_hash_finish(&d->state.psa, out, PSA_HASH_LENGTH(psa_algorithm(d->algorithm)), &length));
}

#ifdef OTAPACK_HAVE_NETTLE
static void nettle_start(void *ctx)
{
    struct digest *d = ctx;
    if (d->algorithm == DIGEST_SHA256) {
        sha256_init(&d->state.sha256);
    } else {
        md5_init(&d->state.md5);
    }
}

static void nettle_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct digest *d = ctx;
    if (d->algorithm == DIGEST_SHA256) {
        sha256_update(&d->state.sha256, n, bytes);
    } else {
        md5_update(&d->state.md5, n, bytes);
    }
}

// Newer nettle has no length argument; the older one is asked for the whole digest.
static void nettle_finish(void *ctx, uint8_t *out)
{
    struct digest *d = ctx;
    if (d->algorithm == DIGEST_SHA256) {
        sha256_digest(&d->state.sha256, SHA256_DIGEST_SIZE, out);
    } else {
        md5_digest(&d->state.md5, MD5_DIGEST_SIZE, out);
    }
}
#endif

struct digest *digest_new(enum digest_algorithm algorithm, enum digest_library library)
{
    struct digest *d = must(calloc(1, sizeof(*d)));
    d->algorithm = algorithm;
    d->hash = (struct otapack_hash){d, psa_start, psa_update, psa_finish};
    if (library == DIGEST_MBEDTLS) {
        return d;
    }
#ifdef OTAPACK_HAVE_NETTLE
    d->hash = (struct otapack_hash){d, nettle_start, nettle_update, nettle_finish};
    return d;
#else
    if (library == DIGEST_NETTLE) {
        free(d);
        return NULL;
    }
    return d;
#endif
}

void digest_free(struct digest *d)
{
    if (d != NULL && d->hash.start == psa_start) {
        psa_hash_abort(&d->state.psa);
    }
    free(d);
}

struct otapack_hash digest_hash(struct digest *d)
{
    return d->hash;
}
