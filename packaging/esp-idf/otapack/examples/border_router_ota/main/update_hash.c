/* SPDX-License-Identifier: Apache-2.0 */
#include "update_hash.h"
#include "esp_log.h"
#include "esp_rom_crc.h"

static const char TAG[] = "update";

static void sha_start(void *ctx)
{
    struct update_sha *sha = ctx;
    (void)psa_hash_abort(&sha->operation);
    psa_status_t status = psa_hash_setup(&sha->operation, sha->algorithm);
    sha->status = sha->status == PSA_SUCCESS ? status : sha->status;
}

static void sha_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct update_sha *sha = ctx;
    if (sha->status == PSA_SUCCESS) {
        sha->status = psa_hash_update(&sha->operation, bytes, n);
    }
}

static void sha_finish(void *ctx, uint8_t *digest)
{
    struct update_sha *sha = ctx;
    size_t n;
    if (sha->status == PSA_SUCCESS) {
        sha->status = psa_hash_finish(&sha->operation, digest, OTAPACK_MATTER_MAX_DIGEST, &n);
    }
}

static void crc_start(void *ctx)
{
    *(uint32_t *)ctx = 0;
}

static void crc_update(void *ctx, const uint8_t *bytes, size_t n)
{
    *(uint32_t *)ctx = esp_rom_crc32_le(*(uint32_t *)ctx, bytes, n);
}

static void crc_finish(void *ctx, uint8_t *digest)
{
    otapack_put_le32(digest, *(uint32_t *)ctx);
}

static void md5_start(void *ctx)
{
    esp_rom_md5_init(ctx);
}

static void md5_update(void *ctx, const uint8_t *bytes, size_t n)
{
    esp_rom_md5_update(ctx, bytes, n);
}

static void md5_finish(void *ctx, uint8_t *digest)
{
    esp_rom_md5_final(digest, ctx);
}

static void hook_sha(struct update *u, enum otapack_hash_use use, struct update_sha *sha)
{
    sha->operation = psa_hash_operation_init();
    sha->algorithm = PSA_ALG_SHA_256;
    u->hash[use] = (struct otapack_hash){sha, sha_start, sha_update, sha_finish};
}

void update_hash_hook(struct update *u)
{
    hook_sha(u, OTAPACK_HASH_IMAGE, &u->image);
    hook_sha(u, OTAPACK_HASH_SIGNED, &u->signed_part);
    hook_sha(u, OTAPACK_HASH_PAYLOAD, &u->payload);
    u->hash[OTAPACK_HASH_CRC] = (struct otapack_hash){&u->crc, crc_start, crc_update, crc_finish};
    u->hash[OTAPACK_HASH_TABLE] = (struct otapack_hash){&u->md5, md5_start, md5_update, md5_finish};
    for (int use = 0; use < OTAPACK_HASH_COUNT; use++) {
        u->hooks.hash[use] = &u->hash[use];
    }
}

/* The stream lets only known types through; PSA says whether this build has what they need. */
void update_hash_choose(struct update *u, uint32_t type)
{
    static const psa_algorithm_t longer[] = {PSA_ALG_SHA_384,  PSA_ALG_SHA_512,  PSA_ALG_SHA3_224,
                                             PSA_ALG_SHA3_256, PSA_ALG_SHA3_384, PSA_ALG_SHA3_512};
    u->payload.algorithm =
        type < OTAPACK_MATTER_SHA384 ? PSA_ALG_SHA_256 : longer[type - OTAPACK_MATTER_SHA384];
}

esp_err_t update_hash_result(const struct update *u)
{
    if (u->payload.status == PSA_ERROR_NOT_SUPPORTED) {
        ESP_LOGE(TAG, "cannot compute this type of image digest");
        return ESP_ERR_NOT_SUPPORTED;
    }
    bool good = u->image.status == PSA_SUCCESS && u->signed_part.status == PSA_SUCCESS &&
                u->payload.status == PSA_SUCCESS;
    return good ? ESP_OK : ESP_FAIL;
}
