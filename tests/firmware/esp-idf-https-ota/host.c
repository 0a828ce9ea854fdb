/* SPDX-License-Identifier: Apache-2.0
 *
 * The host's app out of a file, by esp_https_ota, for tests/firmware/esp-idf.sh:
 *
 *     host FILE PIECE [refuse]    the app goes to ./slot; PIECE bytes come at a time, at most 1024
 *
 * esp_https_ota_perform is that of ESP-IDF 5.5 and 6 as far as decrypt_cb meets it: the first call
 * hands on 1024 bytes, and fails where nothing comes of them, though the next call then goes on; of
 * a later piece of which nothing comes it returns what is neither an error nor "in progress".
 */
#include <otapack_esp/hashes.h>
#include <otapack_esp/https_ota.h>

#include <stdio.h>
#include <string.h>

enum { FIRST = 1024, EMPTY = 3, REASON = 77 };

static struct {
    FILE *file, *slot;
    size_t piece;
    decrypt_cb_t decrypt;
    void *ctx;
    unsigned calls, written;
    char buffer[FIRST];
} ota;

static bool refuses;
static struct otapack_stream stream;

static esp_err_t hand_on(size_t n)
{
    decrypt_cb_arg_t args = {.data_in = ota.buffer, .data_in_len = n};
    esp_err_t err = ota.decrypt(&args, ota.ctx);
    if (err != ESP_OK) {
        return ota.calls == 1 ? ESP_FAIL : err;
    }
    if (args.data_out_len == 0) {
        return ota.calls == 1 ? ESP_FAIL : EMPTY;
    }
    ota.written += (unsigned)args.data_out_len;
    size_t written = fwrite(args.data_out, 1, args.data_out_len, ota.slot);
    free(args.data_out);
    return written == args.data_out_len ? ESP_ERR_HTTPS_OTA_IN_PROGRESS : ESP_FAIL;
}

esp_err_t esp_https_ota_perform(esp_https_ota_handle_t handle)
{
    size_t most = ota.calls++ == 0 ? FIRST : ota.piece, n = fread(ota.buffer, 1, most, ota.file);
    if (handle != &ota || (ota.calls == 1 && n < FIRST)) {
        return ESP_FAIL;
    }
    return n == 0 ? ESP_OK : hand_on(n);
}

static bool on(void *ctx, const struct otapack_event *e)
{
    (void)ctx;
    return !refuses || e->type != OTAPACK_EVENT_IMAGE || otapack_stream_refuse(&stream, REASON);
}

int main(int argc, char **argv)
{
    static struct otapack_esp_hashes hashes;
    static struct otapack_esp_host host;
    struct otapack_stream_hooks hooks = {.on = on};
    esp_err_t err;
    if (argc < 3) {
        return 2;
    }
    ota.file = fopen(argv[1], "rb");
    ota.slot = fopen("slot", "wb");
    ota.piece = strtoul(argv[2], NULL, 10);
    ota.decrypt = otapack_esp_host_decrypt;
    ota.ctx = &host;
    refuses = argc > 3;
    if (ota.file == NULL || ota.slot == NULL || psa_crypto_init() != PSA_SUCCESS) {
        return 2;
    }
    otapack_esp_hashes_watch(&hashes, &stream, &hooks);
    otapack_esp_host_watch(&host, &stream, &hooks);
    otapack_stream_start(&stream, &hooks);
    while ((err = otapack_esp_host_perform(&host, &ota)) == ESP_ERR_HTTPS_OTA_IN_PROGRESS) {
    }
    if (err == ESP_OK && otapack_stream_finish(&stream) == OTAPACK_OK) {
        printf("whole, %u bytes\n", ota.written);
    } else {
        printf("%d, reason %d: %s at %u\n", err, (int)otapack_stream_reason(&stream),
               stream.fault.field != NULL ? stream.fault.field : "nothing",
               (unsigned)stream.fault.at);
    }
    otapack_esp_hashes_release(&hashes);
    (void)fclose(ota.file);
    return fclose(ota.slot) == 0 ? 0 : 2;
}
