/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack_esp/https_ota.h: the host's app out of a Matter image, a combined image, or one in the
 * other, for esp_https_ota, which stays what fetches it, follows redirects, and writes it.
 *
 *     struct otapack_stream_hooks hooks = {.ctx = &update, .on = on};
 *     otapack_esp_hashes_watch(&hashes, &stream, &hooks);
 *     otapack_esp_host_watch(&host, &stream, &hooks);
 *     otapack_stream_start(&stream, &hooks);
 *
 *     esp_https_ota_config_t config = {.http_config = &http,
 *                                      .decrypt_cb = otapack_esp_host_decrypt,
 *                                      .decrypt_user_ctx = &host};
 *     esp_https_ota_begin(&config, &ota);
 *     while ((err = otapack_esp_host_perform(&host, ota)) == ESP_ERR_HTTPS_OTA_IN_PROGRESS) {
 *     }
 *     if (err == ESP_OK && otapack_stream_finish(&stream) == OTAPACK_OK)
 *         err = esp_https_ota_finish(ota);
 *     else
 *         esp_https_ota_abort(ota);
 *
 * It wants CONFIG_ESP_HTTPS_OTA_DECRYPT_CB. `on` is told everything, and refuses what it likes: the
 * chip at IMAGE, above all, as esp_https_ota sees the app's header only where that is in the first
 * KiB of the file. In place of esp_https_ota_perform there is otapack_esp_host_perform, since that
 * one takes a piece in which nothing is of the host for a failure, or for the end: of a combined
 * image the RCP's firmware comes first. What it logs of such a piece is of no account.
 *
 * What cannot be had so: esp_https_ota resumes no download whose bytes go through decrypt_cb
 * (ota_resumption is refused), and asks for the wrong ones with partial_http_download. To go on
 * with an update that was cut off, fetch it by esp_http_client: otapack-firmware(7). Leave
 * bulk_flash_erase off: what would be erased is as much as the whole file.
 */
#ifndef OTAPACK_ESP_HTTPS_OTA_H
#define OTAPACK_ESP_HTTPS_OTA_H

#include "esp_https_ota.h"
#include <otapack/stream.h>
#include <stdlib.h>

/* Nothing in it is public. */
struct otapack_esp_host {
    struct otapack_stream_link next;
    uint8_t *out; /* what is given to esp_https_ota, which frees it */
    size_t size, room;
    bool waits; /* the piece was good, and nothing of it is the host's */
};

/* Of one piece no more is told than it has, and what a stream may have gathered before. */
#define OTAPACK_ESP_HOST_MORE sizeof(((struct otapack_stream *)0)->scratch)

static inline bool otapack_esp_host_on_(void *ctx, const struct otapack_event *e)
{
    struct otapack_esp_host *h = (struct otapack_esp_host *)ctx;
    bool host = e->part == OTAPACK_RCP_HOST || e->part == OTAPACK_PART_APP;
    if (!otapack_stream_tell_on(&h->next, e)) {
        return false;
    }
    if (!host || e->type != OTAPACK_EVENT_DATA) {
        return true;
    }
    if (e->size > h->room - h->size) {
        return otapack_stream_refuse(h->next.stream, ESP_ERR_NO_MEM);
    }
    memcpy(h->out + h->size, e->bytes, e->size);
    h->size += e->size;
    return true;
}

/* Puts itself in front of `on` in the hooks of a stream that is to be started with them. */
static inline void otapack_esp_host_watch(struct otapack_esp_host *h, struct otapack_stream *s,
                                          struct otapack_stream_hooks *hooks)
{
    h->out = NULL;
    h->size = h->room = 0;
    h->waits = false;
    otapack_stream_watch(&h->next, s, hooks, h, otapack_esp_host_on_);
}

/* The decrypt_cb; its decrypt_user_ctx is the struct otapack_esp_host. */
static inline esp_err_t otapack_esp_host_decrypt(decrypt_cb_arg_t *args, void *ctx)
{
    struct otapack_esp_host *h = (struct otapack_esp_host *)ctx;
    enum otapack_code code;
    h->waits = false;
    h->size = 0;
    h->room = args->data_in_len + OTAPACK_ESP_HOST_MORE;
    h->out = (uint8_t *)malloc(h->room);
    if (h->out == NULL) {
        h->room = 0;
        return ESP_ERR_NO_MEM;
    }
    code = otapack_stream_push(h->next.stream, (const uint8_t *)args->data_in, args->data_in_len);
    h->room = 0;
    h->waits = code == OTAPACK_OK && h->size == 0;
    if (code != OTAPACK_OK || h->waits) {
        free(h->out);
        return code != OTAPACK_OK ? ESP_FAIL : ESP_ERR_NOT_FINISHED;
    }
    args->data_out = (char *)h->out;
    args->data_out_len = h->size;
    return ESP_OK;
}

/*
 * As esp_https_ota_perform, and goes on behind a piece of which nothing is the host's. Where the
 * stream has ended, its fault says why, and the reason of a refusal is otapack_stream_reason.
 */
static inline esp_err_t otapack_esp_host_perform(struct otapack_esp_host *h,
                                                 esp_https_ota_handle_t ota)
{
    esp_err_t err;
    h->waits = false;
    err = esp_https_ota_perform(ota);
    return h->waits ? ESP_ERR_HTTPS_OTA_IN_PROGRESS : err;
}

#endif
