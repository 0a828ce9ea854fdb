/* SPDX-License-Identifier: Apache-2.0 */
#include "update_trust.h"

#ifdef CONFIG_EXAMPLE_VERIFY_SIGNATURES

#include "esp_log.h"
#include "esp_ota_ops.h"

#define DIGEST_SIZE 32

static const char TAG[] = "update";

/* A hexadecimal digit, or -1. */
static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Does the text begin with this digest? */
static bool is_digest(const char *text, const uint8_t *digest)
{
    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        int high = digit(text[2 * i]), low = high < 0 ? -1 : digit(text[2 * i + 1]);
        if (low < 0 || (high << 4 | low) != digest[i]) {
            return false;
        }
    }
    return true;
}

/* Is it one of those that menuconfig has, with spaces between them? */
static bool is_trusted(const uint8_t *digest)
{
    const char *text = CONFIG_EXAMPLE_TRUSTED_KEYS;
    while (*text != '\0') {
        if (is_digest(text, digest)) {
            return true;
        }
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    return false;
}

/* A block: one that is not trusted, or not good, is no reason to refuse; another may be. */
static void on_signature(struct update_trust *t, const struct otapack_event *e)
{
    if (!is_trusted(t->signatures.key_digest)) {
        ESP_LOGW(TAG, "signature %lu is by a key that is not trusted", (unsigned long)e->value);
        return;
    }
    psa_status_t status = otapack_esp_verify(&t->verifier, &t->signatures.block);
    if (status != PSA_SUCCESS) {
        ESP_LOGW(TAG, "signature %lu is not good: %ld", (unsigned long)e->value, (long)status);
        return;
    }
    t->trusted = true;
}

static esp_err_t judge(struct update_trust *t, const struct otapack_event *e)
{
    if (t->sha384.status != PSA_SUCCESS) { /* a digest that was not computed is not compared */
        ESP_LOGE(TAG, "SHA-384 cannot be computed: %ld", (long)t->sha384.status);
        return ESP_FAIL;
    }
    if (e->part == OTAPACK_RCP_HOST) {
        t->host = true;
        if (e->type == OTAPACK_EVENT_SIGNATURE) {
            on_signature(t, e);
        }
        if (e->type == OTAPACK_EVENT_END && !t->trusted) {
            ESP_LOGE(TAG, "the host has no good signature by a key that is trusted");
            return ESP_ERR_OTA_VALIDATE_FAILED;
        }
    }
    if (e->type == OTAPACK_EVENT_FINISHED && !t->host) {
        ESP_LOGE(TAG, "a file without the host's firmware, which is what is signed");
        return ESP_ERR_NOT_SUPPORTED;
    }
    return ESP_OK;
}

static bool on(void *ctx, const struct otapack_event *e)
{
    struct update_trust *t = ctx;
    esp_err_t err = e->type == OTAPACK_EVENT_ERROR ? ESP_OK : judge(t, e);
    return err == ESP_OK ? otapack_stream_tell_on(&t->next, e)
                         : otapack_stream_refuse(t->next.stream, err);
}

void update_trust_watch(struct update_trust *t, struct otapack_stream *s,
                        struct otapack_stream_hooks *hooks)
{
    t->host = t->trusted = false;
    t->sha384_hash = otapack_esp_sha_hash(&t->sha384, PSA_ALG_SHA_384);
    otapack_stream_watch(&t->next, s, hooks, t, on);
    otapack_signatures_watch(&t->signatures, s, hooks, &t->sha384_hash);
}

void update_trust_release(struct update_trust *t)
{
    otapack_esp_sha_release(&t->sha384);
}

#endif
