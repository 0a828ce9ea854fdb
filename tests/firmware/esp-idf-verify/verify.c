/* SPDX-License-Identifier: Apache-2.0
 *
 * The signatures of files, as a device without Secure Boot verifies them while they arrive, with a
 * PSA that is whole, for tests/firmware/esp-idf.sh:
 *
 *     verify FILE...    a line for each block: part, number, scheme, digest of the key, PSA's
 * verdict
 *
 * and one for what has become of the file.
 */
#include <otapack_esp/hashes.h>
#include <otapack_esp/signatures.h>

#include <stdio.h>

static struct {
    struct otapack_stream stream;
    struct otapack_signatures signatures;
    struct otapack_esp_hashes hashes;
    struct otapack_esp_sha sha384;
    struct otapack_esp_verifier work;
} device;

static bool on(void *ctx, const struct otapack_event *e)
{
    static const char *const schemes[] = {"rsa3072", "p192", "p256", "p384"};
    (void)ctx;
    if (e->type != OTAPACK_EVENT_SIGNATURE) {
        return true;
    }
    printf("%x %u %s ", (unsigned)e->part, (unsigned)e->value,
           schemes[device.signatures.block.scheme]);
    for (int i = 0; i < 32; i++) {
        printf("%02x", device.signatures.key_digest[i]);
    }
    psa_status_t status = otapack_esp_verify(&device.work, &device.signatures.block);
    printf(" %s\n", status == PSA_SUCCESS                   ? "good"
                    : status == PSA_ERROR_INVALID_SIGNATURE ? "bad"
                                                            : "unknown");
    return true;
}

static bool verify(const char *name)
{
    uint8_t piece[1000];
    size_t n;
    struct otapack_stream_hooks hooks = {.on = on};
    struct otapack_hash sha384 = otapack_esp_sha_hash(&device.sha384, PSA_ALG_SHA_384);
    FILE *file = fopen(name, "rb");
    if (file == NULL) {
        return false;
    }
    otapack_esp_hashes_watch(&device.hashes, &device.stream, &hooks);
    otapack_signatures_watch(&device.signatures, &device.stream, &hooks, &sha384);
    otapack_stream_start(&device.stream, &hooks);
    otapack_stream_take_any_app(&device.stream);
    while ((n = fread(piece, 1, sizeof(piece), file)) > 0 &&
           otapack_stream_push(&device.stream, piece, n) == OTAPACK_OK) {
    }
    (void)fclose(file);
    enum otapack_code code = otapack_stream_finish(&device.stream);
    printf("%s\n", code == OTAPACK_OK ? "whole" : device.stream.fault.field);
    bool hashed = otapack_esp_hashes_status(&device.hashes) == PSA_SUCCESS &&
                  device.sha384.status == PSA_SUCCESS;
    otapack_esp_hashes_release(&device.hashes);
    otapack_esp_sha_release(&device.sha384);
    return hashed;
}

int main(int argc, char **argv)
{
    if (psa_crypto_init() != PSA_SUCCESS) {
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        if (!verify(argv[i])) {
            return 2;
        }
    }
    return 0;
}
