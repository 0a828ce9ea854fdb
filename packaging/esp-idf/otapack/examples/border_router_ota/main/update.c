/* SPDX-License-Identifier: Apache-2.0 */
#include "update.h"
#include "esp_app_desc.h"
#include "esp_log.h"
#include "esp_partition.h"
#include "esp_rcp_update.h"
#include "sdkconfig.h"
#include "update_rcp.h"
#include "update_version.h"
#include <string.h>

static const char TAG[] = "update";

/* ---- The host's slot ------------------------------------------------------------------------- */

/* Is there room for it? Before anything is written, also of the RCP. */
static esp_err_t find_slot(struct update *u, uint32_t size)
{
    u->slot = esp_ota_get_next_update_partition(NULL);
    if (u->slot == NULL) {
        ESP_LOGE(TAG, "there is no OTA partition");
        return ESP_ERR_NOT_FOUND;
    }
    if (size > u->slot->size) {
        ESP_LOGE(TAG, "the host has %lu bytes, its partition %lu", (unsigned long)size,
                 (unsigned long)u->slot->size);
        return ESP_ERR_INVALID_SIZE;
    }
    return ESP_OK;
}

/* Without this, a device that looks for updates would take it, go back, and take it again. */
static bool was_rolled_back(const char version[32])
{
    static esp_app_desc_t desc; /* large for a stack */
    const esp_partition_t *partition = esp_ota_get_last_invalid_partition();
    return partition != NULL && esp_ota_get_partition_description(partition, &desc) == ESP_OK &&
           strncmp(version, desc.version, sizeof(desc.version)) == 0;
}

/* Downgrades, also of a pair whose seal and signatures are good: for projects that want none. */
static bool is_refused_as_older(const char version[32], const char running[32])
{
#ifdef CONFIG_EXAMPLE_REFUSE_OLDER
    enum update_order order = update_version_order(version, running);
    return order == ORDER_OLDER || order == ORDER_NONE;
#else
    (void)version, (void)running;
    return false;
#endif
}

/* Is this host for us? Neither its slot nor the OTA data have been touched yet. */
static esp_err_t judge_host(struct update *u, const uint8_t *bytes)
{
    const esp_app_desc_t *running = esp_app_get_description();
    uint16_t chip = otapack_esp_header_decode(bytes).chip_id;
    otapack_app_desc_decode(bytes + OTAPACK_APP_DESC_AT, &u->host);
    if (chip != CONFIG_IDF_FIRMWARE_CHIP_ID) {
        ESP_LOGE(TAG, "the host is for chip %d, not %d", chip, CONFIG_IDF_FIRMWARE_CHIP_ID);
        return ESP_ERR_NOT_SUPPORTED;
    }
    if (strncmp(u->host.version, running->version, sizeof(u->host.version)) == 0) {
        ESP_LOGW(TAG, "version %.32s runs already", running->version);
        return ESP_ERR_INVALID_VERSION;
    }
    if (was_rolled_back(u->host.version)) {
        ESP_LOGW(TAG, "version %.32s was rolled back", u->host.version);
        return ESP_ERR_INVALID_VERSION;
    }
    if (is_refused_as_older(u->host.version, running->version)) {
        ESP_LOGE(TAG, "version %.32s is older than %.32s, or has no order to it", u->host.version,
                 running->version);
        return ESP_ERR_INVALID_VERSION;
    }
    if (u->host.secure_version < running->secure_version) {
        ESP_LOGE(TAG, "secure version %lu is below %lu", (unsigned long)u->host.secure_version,
                 (unsigned long)running->secure_version);
        return ESP_ERR_OTA_SMALL_SEC_VER;
    }
    return ESP_OK;
}

/* esp_ota_begin forgets which host was rolled back: only now. */
static esp_err_t open_host(struct update *u, const uint8_t *bytes)
{
    esp_err_t err = judge_host(u, bytes);
    err = err == ESP_OK ? esp_ota_begin(u->slot, OTA_WITH_SEQUENTIAL_WRITES, &u->ota) : err;
    u->ota_open = err == ESP_OK;
    return err;
}

static esp_err_t close_rcp(struct update *u)
{
    FILE *file = u->rcp;
    u->rcp = NULL;
    return update_rcp_close(file);
}

static esp_err_t close_host(struct update *u)
{
    u->ota_open = false; /* whatever esp_ota_end says */
    return esp_ota_end(u->ota);
}

/* ---- What the stream tells ------------------------------------------------------------------- */

/* The table of a combined image, with which the RCP's file begins. */
static esp_err_t on_table(struct update *u, const struct otapack_event *e)
{
    uint32_t host_size = otapack_stream_part_size(&u->stream, OTAPACK_RCP_HOST);
    if (host_size == 0 && u->in_matter) {
        ESP_LOGE(TAG, "a Matter image without the host's firmware");
        return ESP_ERR_NOT_SUPPORTED;
    }
    esp_err_t err = host_size > 0 ? find_slot(u, host_size) : update_seal_rcp_alone();
    err = err == ESP_OK ? update_rcp_open(&u->rcp, &u->seq) : err;
    return err == ESP_OK ? update_rcp_write(u->rcp, e->bytes, e->size) : err;
}

static esp_err_t on_begin(struct update *u, const struct otapack_event *e)
{
    u->in_matter |= e->part == OTAPACK_PART_MATTER;
    if (e->part == OTAPACK_PART_APP) {
        ESP_LOGE(TAG, "an app alone, without the RCP's firmware");
        return ESP_ERR_NOT_SUPPORTED;
    }
    return ESP_OK;
}

static esp_err_t on_field(struct update *u, const struct otapack_event *e)
{
    if (e->field == OTAPACK_MATTER_SOFTWARE_VERSION && u->options.software_version != 0 &&
        e->value <= u->options.software_version) {
        ESP_LOGW(TAG, "software version %lu is not above %lu", (unsigned long)e->value,
                 (unsigned long)u->options.software_version);
        return ESP_ERR_INVALID_VERSION;
    }
    return ESP_OK;
}

static esp_err_t on_data(struct update *u, const struct otapack_event *e)
{
    if (e->part == OTAPACK_RCP_TABLE) {
        return on_table(u, e);
    }
    return e->part == OTAPACK_RCP_HOST ? esp_ota_write(u->ota, e->bytes, e->size)
                                       : update_rcp_write(u->rcp, e->bytes, e->size);
}

static esp_err_t on_event(struct update *u, const struct otapack_event *e)
{
    switch (e->type) {
    case OTAPACK_EVENT_BEGIN:
        return on_begin(u, e);
    case OTAPACK_EVENT_FIELD:
        return on_field(u, e);
    case OTAPACK_EVENT_IMAGE:
        return e->part == OTAPACK_RCP_HOST ? open_host(u, e->bytes) : ESP_OK;
    case OTAPACK_EVENT_DATA:
        return on_data(u, e);
    default:
        return ESP_OK;
    }
}

static bool on(void *ctx, const struct otapack_event *e)
{
    struct update *u = ctx;
    esp_err_t err = on_event(u, e);
    return err == ESP_OK || otapack_stream_refuse(&u->stream, err);
}

/* ---- The update ------------------------------------------------------------------------------ */

static void release(struct update *u)
{
    if (u->rcp != NULL) {
        (void)close_rcp(u);
    }
    if (u->ota_open) {
        u->ota_open = false;
        (void)esp_ota_abort(u->ota);
    }
    otapack_esp_hashes_release(&u->hashes);
    update_trust_release(&u->trust);
    update_seal_release(&u->seal);
    u->open = false;
}

/* The end of it: everything is released. */
static esp_err_t over(struct update *u, esp_err_t err)
{
    if (err != ESP_OK) {
        ESP_LOGE(TAG, "not updated: %s", esp_err_to_name(err));
    }
    release(u);
    return u->err = err;
}

/* A hash that could not be computed is not taken for a good one, nor for one that is wrong. */
static esp_err_t hash_result(const struct update *u)
{
    psa_status_t status = otapack_esp_hashes_status(&u->hashes);
    if (status == PSA_ERROR_NOT_SUPPORTED) {
        ESP_LOGE(TAG, "cannot compute this type of image digest");
        return ESP_ERR_NOT_SUPPORTED;
    }
    return status == PSA_SUCCESS && update_seal_status(&u->seal) == PSA_SUCCESS ? ESP_OK : ESP_FAIL;
}

/* What the stream ended with: our own refusal, or what it found. */
static esp_err_t failed(struct update *u, enum otapack_code code)
{
    const struct otapack_stream_fault *fault = &u->stream.fault;
    esp_err_t err = hash_result(u);
    err = err == ESP_OK ? otapack_stream_reason(&u->stream) : err;
    if (err == ESP_OK) {
        ESP_LOGE(TAG, "%s at offset %lu is not as it should be", fault->field,
                 (unsigned long)fault->at);
        err = code == OTAPACK_TRUNCATED  ? ESP_ERR_INVALID_SIZE
              : code == OTAPACK_MISMATCH ? ESP_ERR_INVALID_CRC
                                         : ESP_ERR_OTA_VALIDATE_FAILED;
    }
    return over(u, err);
}

/*
 * Whose the RCP's images are from now on. The one in use is this host's, whosever it was: this host
 * needs it should it be gone back to, and the host that is overwritten no longer does.
 */
static esp_err_t note_owners(const struct update *u)
{
    const uint8_t *running = esp_app_get_description()->app_elf_sha256;
    int8_t current = esp_rcp_get_update_seq();
    esp_err_t err = ESP_OK;
    if (update_rcp_owner(current, running) != OWNER_IS_IT) {
        err = update_rcp_own(current, running);
    }
    if (err != ESP_OK) {
        return err;
    }
    return update_rcp_own(u->seq, u->slot != NULL ? u->host.app_elf_sha256 : running);
}

/*
 * The halves are switched in two flashes, and between the two the power can fail: by itself, no
 * order is safe. What makes it so is the owner that stands beside each RCP image, written before:
 *
 *   - up to esp_ota_set_boot_partition, the host from before starts, whose RCP image is current;
 *   - after it, the new host starts. update_settle sees that the next RCP image is its own, and
 *     finishes what was begun.
 *
 * The other way round, the host from before would have to know that it must undo something; and
 * esp_ota_set_boot_partition, which verifies the app once more, is the one that may say no, so it
 * comes while nothing has to be undone.
 */
static esp_err_t switch_halves(struct update *u)
{
    esp_err_t err = u->slot != NULL ? esp_ota_set_boot_partition(u->slot) : ESP_OK;
    if (err != ESP_OK) {
        return err;
    }
    err = esp_rcp_submit_new_image();
    if (err == ESP_OK) {
        return ESP_OK;
    }
    /* It may have switched in memory and failed to note so; once more switches back. */
    if (esp_rcp_get_next_update_seq() != u->seq) {
        (void)esp_rcp_submit_new_image();
    }
    if (u->slot != NULL && esp_ota_set_boot_partition(esp_ota_get_running_partition()) != ESP_OK) {
        ESP_LOGE(TAG, "cannot go back; the new host will take its RCP image when it starts");
    }
    return err;
}

esp_err_t update_begin(struct update *u, const struct update_options *options)
{
    memset(u, 0, sizeof(*u));
    u->options = *options;
    /* If this host is rolled back, what was there before it is needed, of the RCP too. */
    if (update_is_unconfirmed()) {
        return over(u, ESP_ERR_OTA_ROLLBACK_INVALID_STATE);
    }
    if (psa_crypto_init() != PSA_SUCCESS) {
        return u->err = ESP_FAIL;
    }
    u->hooks.ctx = u;
    u->hooks.on = on;
    otapack_esp_hashes_watch(&u->hashes, &u->stream, &u->hooks);
    update_trust_watch(&u->trust, &u->stream, &u->hooks);
    update_seal_watch(&u->seal, &u->stream, &u->hooks);
    otapack_stream_start(&u->stream, &u->hooks);
    u->open = true;
    enum otapack_code code = OTAPACK_OK;
    if (options->size_known) {
        code = otapack_stream_announce(&u->stream, options->size);
    }
    return code == OTAPACK_OK ? ESP_OK : failed(u, code);
}

esp_err_t update_receive(struct update *u, const void *data, size_t size)
{
    if (!u->open) {
        return u->err != ESP_OK ? u->err : ESP_ERR_INVALID_STATE;
    }
    enum otapack_code code = otapack_stream_push(&u->stream, data, size);
    return code == OTAPACK_OK ? ESP_OK : failed(u, code);
}

esp_err_t update_end(struct update *u)
{
    if (!u->open) {
        return u->err != ESP_OK ? u->err : ESP_ERR_INVALID_STATE;
    }
    enum otapack_code code = otapack_stream_finish(&u->stream);
    if (code != OTAPACK_OK) {
        return failed(u, code);
    }
    esp_err_t err = close_rcp(u);
    err = err == ESP_OK ? update_seal_stored(&u->seal, u->seq) : err;
    if (err == ESP_OK && u->slot != NULL) {
        err = close_host(u);
    }
    err = err == ESP_OK ? note_owners(u) : err;
    err = err == ESP_OK ? switch_halves(u) : err;
    return over(u, err);
}

void update_abort(struct update *u)
{
    if (u->open) {
        release(u);
    }
}
