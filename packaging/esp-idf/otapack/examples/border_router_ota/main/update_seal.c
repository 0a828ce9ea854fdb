/* SPDX-License-Identifier: Apache-2.0 */
#include "update_seal.h"
#include "esp_log.h"
#include "esp_ota_ops.h"
#include "esp_rcp_update.h"
#include "sdkconfig.h"
#include "update.h"
#include "update_rcp.h"
#include <stdbool.h>

#ifdef CONFIG_EXAMPLE_SEAL_REQUIRED
#define SEAL_REQUIRED true
#else
#define SEAL_REQUIRED false
#endif

#if defined(CONFIG_EXAMPLE_RCP_ONLY_REFUSE) || defined(CONFIG_EXAMPLE_SEAL_REQUIRED)
#define RCP_ONLY_REFUSED true
#else
#define RCP_ONLY_REFUSED false
#endif

static const char TAG[] = "update";

/* This firmware has room for a seal: otapack fills it when the file is put together. */
OTAPACK_RCP_SEAL();

/* What does not belong on the stack of a task. */
static struct {
    struct otapack_esp_sha sha256;
    struct otapack_hash hash;
    struct otapack_source image;
    uint8_t bytes[OTAPACK_SEAL_TO]; /* the beginning of an app, or a piece of an RCP image */
} work;

/* ---- While a file arrives -------------------------------------------------------------------- */

/* Has all passed in which there may be a seal? */
static bool has_passed(const struct otapack_event *e)
{
    return e->part == OTAPACK_RCP_HOST &&
           (e->type == OTAPACK_EVENT_END ||
            (e->type == OTAPACK_EVENT_DATA && e->offset >= OTAPACK_SEAL_TO));
}

static esp_err_t judge(const struct update_seal *w, const struct otapack_event *e)
{
    if (w->sha256.status != PSA_SUCCESS) { /* a digest that was not computed is not compared */
        return ESP_FAIL;
    }
    if (SEAL_REQUIRED && has_passed(e) && w->seal.state != OTAPACK_SEAL_HOLDS) {
        ESP_LOGE(TAG, "the host has no seal of the RCP's firmware");
        return UPDATE_ERR_NO_SEAL;
    }
    return ESP_OK;
}

static bool on(void *ctx, const struct otapack_event *e)
{
    struct update_seal *w = ctx;
    esp_err_t err = e->type == OTAPACK_EVENT_ERROR ? ESP_OK : judge(w, e);
    return err == ESP_OK ? otapack_stream_tell_on(&w->next, e)
                         : otapack_stream_refuse(w->next.stream, err);
}

void update_seal_watch(struct update_seal *w, struct otapack_stream *s,
                       struct otapack_stream_hooks *hooks)
{
    w->hash = otapack_esp_sha_hash(&w->sha256, PSA_ALG_SHA_256);
    otapack_stream_watch(&w->next, s, hooks, w, on);
    otapack_seal_watch(&w->seal, s, hooks, &w->hash);
}

psa_status_t update_seal_status(const struct update_seal *w)
{
    return w->sha256.status;
}

void update_seal_release(struct update_seal *w)
{
    otapack_esp_sha_release(&w->sha256);
}

/* ---- What is stored -------------------------------------------------------------------------- */

/* Why an image is not the one; the image itself, or what it was to be read with. */
static esp_err_t misfit(const struct otapack_status *s, int8_t seq, bool unreadable)
{
    if (work.sha256.status != PSA_SUCCESS || unreadable) {
        ESP_LOGE(TAG, "RCP image %d cannot be compared with the host's seal", seq);
        return ESP_FAIL;
    }
    ESP_LOGE(TAG, "RCP image %d is not the one that the host's seal is of: %s", seq, s->field);
    return UPDATE_ERR_OTHER_SEAL;
}

static esp_err_t check(const struct otapack_rcp_seal *seal, int8_t seq)
{
    FILE *file;
    esp_err_t err = psa_crypto_init() == PSA_SUCCESS ? update_rcp_reopen(&file, seq) : ESP_FAIL;
    if (err != ESP_OK) {
        return err;
    }
    /* How large the file is shows when it is read: one that ends early cannot be. */
    work.image = (struct otapack_source){.read = update_rcp_read, .ctx = file, .size = seal->size};
    work.hash = otapack_esp_sha_hash(&work.sha256, PSA_ALG_SHA_256);
    struct otapack_status s =
        otapack_rcp_seal_check(seal, &work.image, &work.hash, work.bytes, sizeof(work.bytes));
    bool unreadable = s.code == OTAPACK_READ_FAILED && feof(file) == 0;
    (void)fclose(file);
    otapack_esp_sha_release(&work.sha256);
    bool fits = s.code == OTAPACK_OK && work.sha256.status == PSA_SUCCESS;
    return fits ? ESP_OK : misfit(&s, seq, unreadable);
}

esp_err_t update_seal_stored(const struct update_seal *w, int8_t seq)
{
    return w->seal.state == OTAPACK_SEAL_HOLDS ? check(&w->seal.seal, seq) : ESP_OK;
}

/*
 * The seal of the host that runs, from its partition, in which otapack has filled it: of the
 * variable a compiler knows that it is empty. ESP_ERR_NOT_FOUND: it has none, or an empty one.
 */
static esp_err_t running_seal(struct otapack_rcp_seal *seal)
{
    esp_err_t err =
        esp_partition_read(esp_ota_get_running_partition(), 0, work.bytes, sizeof(work.bytes));
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "this host's seal cannot be read: %s", esp_err_to_name(err));
        return err;
    }
    struct otapack_source app = otapack_memory(work.bytes, sizeof(work.bytes));
    bool found =
        otapack_rcp_seal_find(&app, seal).code == OTAPACK_OK && !otapack_rcp_seal_is_empty(seal);
    bool of_else = found && otapack_rcp_seal_judge(seal).code == OTAPACK_OK &&
                   seal->kind != OTAPACK_SEAL_RCP; /* such as of a Matter bundle */
    return found && !of_else ? ESP_OK : ESP_ERR_NOT_FOUND;
}

esp_err_t update_seal_rcp_alone(void)
{
    struct otapack_rcp_seal seal;
    esp_err_t err = RCP_ONLY_REFUSED ? ESP_OK : running_seal(&seal);
    if (err == ESP_ERR_NOT_FOUND) {
        return ESP_OK;
    }
    if (err == ESP_OK) {
        ESP_LOGE(TAG, "a file for the RCP alone: nobody vouches for it");
        err = ESP_ERR_NOT_SUPPORTED;
    }
    return err;
}

/*
 * What is flashed is the image in use. O is the host from before and N the new one, each with a
 * seal of its own image, o and n. Whatever the power or the bootloader did, the state is one of:
 *
 *   runs  in use  how it came about                              what is done
 *   O     o       the power failed before the host was switched  o fits
 *   N     o       ... between the two halves                     update_settle takes n, which fits
 *   N     n       all was switched; also if the power failed     n fits
 *                 while update_settle did so, or while n was
 *                 flashed, where N had been confirmed
 *   O     n       the bootloader went back, also because the     update_settle takes o, which fits
 *                 power failed at N's first start
 *   N     o       NVS was lost                                   update_settle takes n
 *   N     o       the RCP did not take n, twice, and there is    nothing: what the RCP has stays,
 *                 no host to go back to                          until an update
 *   N     n       n is no longer what was written                the device goes back at N's first
 *                                                                start; later, the RCP is let be
 *
 * So a host that was updated to is confirmed only with its own firmware in the RCP, and what the
 * seal is of decides, not whose the image says it is: that only chooses which of the two to look
 * at.
 */
esp_err_t update_judge_rcp(void)
{
    struct otapack_rcp_seal seal;
    esp_err_t err = running_seal(&seal);
    if (err == ESP_ERR_NOT_FOUND && !SEAL_REQUIRED) {
        return ESP_OK;
    }
    if (err == ESP_ERR_NOT_FOUND) {
        ESP_LOGE(TAG, "this host has no seal: its RCP is not flashed");
        return UPDATE_ERR_NO_SEAL;
    }
    return err == ESP_OK ? check(&seal, esp_rcp_get_update_seq()) : err;
}
