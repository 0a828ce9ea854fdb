/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack_esp/hashes.h: the hashes that a stream asks for, on a device with ESP-IDF: SHA by PSA
 * Crypto, which ESP-IDF 5 and 6 both have, CRC-32 and MD5 by the chip's ROM.
 *
 *     struct otapack_stream_hooks hooks = {.ctx = &update, .on = on};
 *     psa_crypto_init();
 *     otapack_esp_hashes_watch(&hashes, &stream, &hooks);
 *     otapack_stream_start(&stream, &hooks);
 *     ...
 *     otapack_esp_hashes_release(&hashes);
 *
 * They stand between the stream and `on` (otapack_stream_watch), so that the digest of a Matter
 * payload is the one that its header names, and that a hash which could not be computed is not
 * taken for a good one: it ends the stream, with PSA's status as the reason of the refusal. A kind
 * of SHA that is not in the build is PSA_ERROR_NOT_SUPPORTED: menuconfig has it.
 */
#ifndef OTAPACK_ESP_HASHES_H
#define OTAPACK_ESP_HASHES_H

#include "esp_rom_crc.h"
#include "esp_rom_md5.h"
#include "psa/crypto.h"
#include <otapack/stream.h>

/* One SHA. Once something has failed, that is its status. */
struct otapack_esp_sha {
    psa_hash_operation_t operation;
    psa_algorithm_t algorithm;
    psa_status_t status;
};

/* Nothing in it is public. */
struct otapack_esp_hashes {
    struct otapack_esp_sha image, signed_part, payload;
    uint32_t crc;
    md5_context_t md5;
    struct otapack_hash hash[OTAPACK_HASH_COUNT];
    struct otapack_stream_link next;
};

static inline void otapack_esp_sha_start_(void *ctx)
{
    struct otapack_esp_sha *sha = (struct otapack_esp_sha *)ctx;
    (void)psa_hash_abort(&sha->operation);
    psa_status_t status = psa_hash_setup(&sha->operation, sha->algorithm);
    sha->status = sha->status == PSA_SUCCESS ? status : sha->status;
}

static inline void otapack_esp_sha_update_(void *ctx, const uint8_t *bytes, size_t n)
{
    struct otapack_esp_sha *sha = (struct otapack_esp_sha *)ctx;
    if (sha->status == PSA_SUCCESS) {
        sha->status = psa_hash_update(&sha->operation, bytes, n);
    }
}

/* mbedTLS fills all of the room that it is told of: no more than the digest has. */
static inline void otapack_esp_sha_finish_(void *ctx, uint8_t *digest)
{
    struct otapack_esp_sha *sha = (struct otapack_esp_sha *)ctx;
    size_t n;
    if (sha->status == PSA_SUCCESS) {
        sha->status = psa_hash_finish(&sha->operation, digest, PSA_HASH_LENGTH(sha->algorithm), &n);
    }
}

/*
 * A hash of its own, such as the SHA-384 of otapack_signatures_watch, or the SHA-256 of
 * otapack_seal_watch. Look at sha->status when it has been used, and release it with
 * otapack_esp_sha_release.
 */
static inline struct otapack_hash otapack_esp_sha_hash(struct otapack_esp_sha *sha,
                                                       psa_algorithm_t algorithm)
{
    struct otapack_hash hash = {sha, otapack_esp_sha_start_, otapack_esp_sha_update_,
                                otapack_esp_sha_finish_};
    sha->operation = psa_hash_operation_init();
    sha->algorithm = algorithm;
    sha->status = PSA_SUCCESS;
    return hash;
}

static inline void otapack_esp_sha_release(struct otapack_esp_sha *sha)
{
    (void)psa_hash_abort(&sha->operation);
}

static inline void otapack_esp_crc_start_(void *ctx)
{
    *(uint32_t *)ctx = 0;
}

static inline void otapack_esp_crc_update_(void *ctx, const uint8_t *bytes, size_t n)
{
    *(uint32_t *)ctx = esp_rom_crc32_le(*(uint32_t *)ctx, bytes, (uint32_t)n);
}

static inline void otapack_esp_crc_finish_(void *ctx, uint8_t *digest)
{
    otapack_put_le32(digest, *(uint32_t *)ctx);
}

static inline void otapack_esp_md5_start_(void *ctx)
{
    esp_rom_md5_init((md5_context_t *)ctx);
}

static inline void otapack_esp_md5_update_(void *ctx, const uint8_t *bytes, size_t n)
{
    esp_rom_md5_update((md5_context_t *)ctx, bytes, (uint32_t)n);
}

static inline void otapack_esp_md5_finish_(void *ctx, uint8_t *digest)
{
    esp_rom_md5_final(digest, (md5_context_t *)ctx);
}

/* PSA_SUCCESS, or why a hash could not be computed: ask for this before you believe a fault. */
static inline psa_status_t otapack_esp_hashes_status(const struct otapack_esp_hashes *h)
{
    return h->image.status != PSA_SUCCESS         ? h->image.status
           : h->signed_part.status != PSA_SUCCESS ? h->signed_part.status
                                                  : h->payload.status;
}

/* The stream lets only known types through; PSA says whether this build has what they need. */
static inline psa_algorithm_t otapack_esp_payload_algorithm_(uint32_t type)
{
    static const psa_algorithm_t longer[] = {PSA_ALG_SHA_384,  PSA_ALG_SHA_512,  PSA_ALG_SHA3_224,
                                             PSA_ALG_SHA3_256, PSA_ALG_SHA3_384, PSA_ALG_SHA3_512};
    return type < OTAPACK_MATTER_SHA384 ? PSA_ALG_SHA_256 : longer[type - OTAPACK_MATTER_SHA384];
}

static inline bool otapack_esp_hashes_on_(void *ctx, const struct otapack_event *e)
{
    struct otapack_esp_hashes *h = (struct otapack_esp_hashes *)ctx;
    psa_status_t status = otapack_esp_hashes_status(h);
    if (e->type == OTAPACK_EVENT_FIELD && e->field == OTAPACK_MATTER_IMAGE_DIGEST_TYPE) {
        h->payload.algorithm = otapack_esp_payload_algorithm_(e->value);
    }
    if (e->type != OTAPACK_EVENT_ERROR && status != PSA_SUCCESS) {
        return otapack_stream_refuse(h->next.stream, (int32_t)status);
    }
    return otapack_stream_tell_on(&h->next, e);
}

/*
 * Gives all hashes to the hooks of a stream that is to be started with them, and puts itself in
 * front of their `on`. psa_crypto_init must have been called before the first byte is pushed.
 */
static inline void otapack_esp_hashes_watch(struct otapack_esp_hashes *h, struct otapack_stream *s,
                                            struct otapack_stream_hooks *hooks)
{
    const struct otapack_hash crc = {&h->crc, otapack_esp_crc_start_, otapack_esp_crc_update_,
                                     otapack_esp_crc_finish_};
    const struct otapack_hash md5 = {&h->md5, otapack_esp_md5_start_, otapack_esp_md5_update_,
                                     otapack_esp_md5_finish_};
    h->hash[OTAPACK_HASH_IMAGE] = otapack_esp_sha_hash(&h->image, PSA_ALG_SHA_256);
    h->hash[OTAPACK_HASH_SIGNED] = otapack_esp_sha_hash(&h->signed_part, PSA_ALG_SHA_256);
    h->hash[OTAPACK_HASH_PAYLOAD] = otapack_esp_sha_hash(&h->payload, PSA_ALG_SHA_256);
    h->hash[OTAPACK_HASH_CRC] = crc;
    h->hash[OTAPACK_HASH_TABLE] = md5;
    for (int use = 0; use < OTAPACK_HASH_COUNT; use++) {
        hooks->hash[use] = &h->hash[use];
    }
    otapack_stream_watch(&h->next, s, hooks, h, otapack_esp_hashes_on_);
}

/* May be called at any time after otapack_esp_hashes_watch, and again. */
static inline void otapack_esp_hashes_release(struct otapack_esp_hashes *h)
{
    otapack_esp_sha_release(&h->image);
    otapack_esp_sha_release(&h->signed_part);
    otapack_esp_sha_release(&h->payload);
}

#endif
