/* SPDX-License-Identifier: Apache-2.0
 *
 * The RCP's image that is in use, held against the seal of the host that runs.
 */
#include "device.h"
#include "sdkconfig.h"
#include "update.h"
#include <otapack_esp/hashes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IMAGE "rcp_fw/ot_rcp_1/rcp_image"

/* Who gives a digest its room gives no more than that. */
static void digests(void)
{
    uint8_t room[OTAPACK_MATTER_MAX_DIGEST];
    struct otapack_esp_sha sha;
    struct otapack_hash hash = otapack_esp_sha_hash(&sha, PSA_ALG_SHA_256);
    memset(room, 0, sizeof(room));
    hash.start(hash.ctx);
    hash.finish(hash.ctx, room);
    EXPECT(sha.status == PSA_SUCCESS && room[0] == 0xe3);
    for (size_t i = OTAPACK_SEAL_DIGEST_SIZE; i < sizeof(room); i++) {
        EXPECT(room[i] == 0);
    }
}

/* The device runs the file's host, which is confirmed, and has stored its RCP image. */
static void start_new(size_t n)
{
    fake_start("1.0", 0);
    device_new_storage();
    EXPECT(update_settle() == ESP_OK && device_update(n, 1024) == ESP_OK);
    fake_boot();
    EXPECT(update_settle() == ESP_OK && update_judge_rcp() == ESP_OK);
    EXPECT(update_confirm(true) == ESP_OK);
}

/* Each byte, or in short runs some. */
static void flipped_bytes(size_t size)
{
    const char *long_runs = getenv("OTAPACK_LONG");
    bool all = long_runs != NULL && strcmp(long_runs, "1") == 0;
    for (size_t at = 0; at < size; at += all || at < 200 || size - at < 50 ? 1 : 17) {
        device_flip(1, (long)at);
        EXPECT(update_judge_rcp() == UPDATE_ERR_OTHER_SEAL);
        device_flip(1, (long)at);
    }
    EXPECT(update_judge_rcp() == ESP_OK);
}

/* What is behind the image is not flashed, and does not matter. */
static void other_lengths(size_t size)
{
    EXPECT(truncate(IMAGE, (off_t)size + 100) == 0 && update_judge_rcp() == ESP_OK);
    for (size_t cut = 1; cut <= size; cut *= 3) {
        EXPECT(truncate(IMAGE, (off_t)(size - cut)) == 0);
        EXPECT(update_judge_rcp() == UPDATE_ERR_OTHER_SEAL);
    }
    EXPECT(remove(IMAGE) == 0 && update_judge_rcp() == ESP_FAIL);
}

/* Whatever fails, and whichever time, the answer is no, and the next time it is yes. */
static void failing_calls(void)
{
    static const char *const names[] = {
        "esp_partition_read", "psa_crypto_init", "fopen", "fseek", "fread",
        "psa_hash_setup",     "psa_hash_update"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        int call = 0;
        for (bool reached = true; reached;) {
            fake.fail_name = names[i];
            fake.fail_call = ++call;
            fake.fail_code = 0x777;
            esp_err_t err = update_judge_rcp();
            reached = fake.fail_call == 0;
            fake.fail_call = 0;
            EXPECT(err == (!reached ? ESP_OK : i == 0 ? 0x777 : ESP_FAIL) && fake.hashes == 0);
            EXPECT(update_judge_rcp() == ESP_OK);
        }
        EXPECT(call > 1);
    }
}

/* Hosts from a cable: without a seal, with an empty one, with one of something else, of another
 * image, of a kind that is not known. */
static void other_hosts(size_t n)
{
#ifdef CONFIG_EXAMPLE_SEAL_REQUIRED
    const esp_err_t without = UPDATE_ERR_NO_SEAL;
#else
    const esp_err_t without = ESP_OK;
#endif
    device_new_storage();
    fake_start("1.0", 0);
    EXPECT(update_judge_rcp() == without);
    fake_seal(FAKE_OTA_0, NULL, 0);
    EXPECT(update_judge_rcp() == without);
    device_seal(FAKE_OTA_0, n);
    EXPECT(update_judge_rcp() == ESP_OK);
    fake.app[FAKE_OTA_0][OTAPACK_SEAL_FROM + 9] = OTAPACK_SEAL_BUNDLE;
    EXPECT(update_judge_rcp() == without);
    fake.app[FAKE_OTA_0][OTAPACK_SEAL_FROM + 9] = OTAPACK_SEAL_HOSTED;
    EXPECT(update_judge_rcp() == without);
    fake.app[FAKE_OTA_0][OTAPACK_SEAL_FROM + 9] = 9;
    EXPECT(update_judge_rcp() == UPDATE_ERR_OTHER_SEAL);
    fake_seal(FAKE_OTA_0, device_file, (uint32_t)device_rcp_size(n));
    EXPECT(update_judge_rcp() == UPDATE_ERR_OTHER_SEAL);
}

int device_seals(const char *path)
{
    size_t n = device_load(path), size = device_rcp_size(n);
    digests();
    start_new(n);
    flipped_bytes(size);
    failing_calls();
    other_lengths(size);
    other_hosts(n);
    return 0;
}
