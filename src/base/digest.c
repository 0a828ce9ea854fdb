// SPDX-License-Identifier: Apache-2.0
#include "digest.h"

#include <stdlib.h>
#include <string.h>

#include <psa/crypto.h>
#ifdef OTAPACK_HAVE_NETTLE
#include <nettle/nettle-meta.h>
#endif

#include "err.h"

struct digest {
    enum digest_algorithm algorithm;
    struct otapack_hash hash;
    psa_hash_operation_t psa;
    max_align_t nettle[]; // nettle's context, when nettle answers
};

static const struct row {
    psa_algorithm_t psa;
    size_t size;
#ifdef OTAPACK_HAVE_NETTLE
    const struct nettle_hash *nettle;
#define NETTLE(name) &nettle_##name
#else
#define NETTLE(name)
#endif
} rows[DIGEST_COUNT] = {
    [DIGEST_SHA256] = {PSA_ALG_SHA_256, 32, NETTLE(sha256)},
    [DIGEST_SHA384] = {PSA_ALG_SHA_384, 48, NETTLE(sha384)},
    [DIGEST_SHA512] = {PSA_ALG_SHA_512, 64, NETTLE(sha512)},
    [DIGEST_SHA3_224] = {PSA_ALG_SHA3_224, 28, NETTLE(sha3_224)},
    [DIGEST_SHA3_256] = {PSA_ALG_SHA3_256, 32, NETTLE(sha3_256)},
    [DIGEST_SHA3_384] = {PSA_ALG_SHA3_384, 48, NETTLE(sha3_384)},
    [DIGEST_SHA3_512] = {PSA_ALG_SHA3_512, 64, NETTLE(sha3_512)},
    [DIGEST_MD5] = {PSA_ALG_MD5, 16, NETTLE(md5)},
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

void digest_prepare(void)
{
    psa_must(psa_crypto_init());
}

static psa_status_t psa_setup(struct digest *d)
{
    psa_must(psa_crypto_init());
    psa_must(psa_hash_abort(&d->psa));
    d->psa = psa_hash_operation_init();
    return psa_hash_setup(&d->psa, rows[d->algorithm].psa);
}

static void psa_start(void *ctx)
{
    psa_must(psa_setup(ctx));
}

static void psa_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct digest *d = ctx;
    psa_must(psa_hash_update(&d->psa, bytes, n));
}

static void psa_finish(void *ctx, uint8_t *out)
{
    struct digest *d = ctx;
    size_t length;
    psa_must(psa_hash_finish(&d->psa, out, rows[d->algorithm].size, &length));
}

#ifdef OTAPACK_HAVE_NETTLE
static void nettle_start(void *ctx)
{
    struct digest *d = ctx;
    rows[d->algorithm].nettle->init(d->nettle);
}

static void nettle_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct digest *d = ctx;
    rows[d->algorithm].nettle->update(d->nettle, n, bytes);
}

static void nettle_finish(void *ctx, uint8_t *out)
{
    struct digest *d = ctx;
    rows[d->algorithm].nettle->digest(d->nettle, rows[d->algorithm].size, out);
}

static struct digest *new_nettle(enum digest_algorithm algorithm)
{
    struct digest *d = must(calloc(1, sizeof(*d) + rows[algorithm].nettle->context_size));
    d->algorithm = algorithm;
    d->hash = (struct otapack_hash){d, nettle_start, nettle_update, nettle_finish};
    return d;
}
#endif

static struct digest *new_psa(enum digest_algorithm algorithm)
{
    struct digest *d = must(calloc(1, sizeof(*d)));
    d->algorithm = algorithm;
    d->hash = (struct otapack_hash){d, psa_start, psa_update, psa_finish};
    if (psa_setup(d) != PSA_SUCCESS) {
        digest_free(d);
        return NULL;
    }
    return d;
}

struct digest *digest_new(enum digest_algorithm algorithm, enum digest_library library)
{
#ifdef OTAPACK_HAVE_NETTLE
#ifdef OTAPACK_NETTLE_LAST
    struct digest *d = library == DIGEST_BEST ? new_psa(algorithm) : NULL;
    if (d != NULL) {
        return d;
    }
#endif
    return library == DIGEST_MBEDTLS ? new_psa(algorithm) : new_nettle(algorithm);
#else
    return library == DIGEST_NETTLE ? NULL : new_psa(algorithm);
#endif
}

bool digest_can(enum digest_algorithm algorithm)
{
    struct digest *d = digest_new(algorithm, DIGEST_BEST);
    bool can = d != NULL;
    digest_free(d);
    return can;
}

static size_t size_of(const struct digest *d)
{
#ifdef OTAPACK_HAVE_NETTLE
    return sizeof(*d) +
           (d->hash.start == nettle_start ? rows[d->algorithm].nettle->context_size : 0);
#else
    return sizeof(*d);
#endif
}

struct digest *digest_clone(const struct digest *d)
{
    struct digest *copy = must(malloc(size_of(d)));
    memcpy(copy, d, size_of(d));
    copy->hash.ctx = copy;
    if (d->hash.start == psa_start) {
        copy->psa = psa_hash_operation_init();
        psa_must(psa_hash_clone(&d->psa, &copy->psa));
    }
    return copy;
}

void digest_free(struct digest *d)
{
    if (d != NULL) {
        psa_hash_abort(&d->psa);
    }
    free(d);
}

struct otapack_hash digest_hash(struct digest *d)
{
    return d->hash;
}
