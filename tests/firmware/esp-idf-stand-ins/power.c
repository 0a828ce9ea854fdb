/* SPDX-License-Identifier: Apache-2.0
 *
 * Power that is cut, and hosts that are rolled back: where each half stands after it.
 */
#include "device.h"
#include "download.h"
#include "update.h"

static bool sealed; /* has the host from before a seal? */
static size_t file_size;

/* The host from before, at its first start, which notes whose RCP image 0 is. */
static void start_old(void)
{
    fake_start("1.0", 0);
    if (sealed) {
        device_seal(FAKE_OTA_0, file_size);
    }
    EXPECT(update_settle() == ESP_OK && update_judge_rcp() == ESP_OK);
}

/* A start of a host that works: its RCP may be flashed with the image in use. */
static void start(void)
{
    fake_boot();
    EXPECT(update_settle() == ESP_OK && update_judge_rcp() == ESP_OK);
    EXPECT(update_confirm(true) == ESP_OK);
}

/* Updates slot 0 to slot 1, and has the power cut at this call. */
static void cut_power(size_t n, const char *call)
{
    static jmp_buf stopped;
    start_old();
    fake.fail_name = call;
    fake.fail_call = 1;
    fake.cut_power = true;
    fake.stack = DOWNLOAD_STACK;
    fake.reset = &stopped;
    if (setjmp(stopped) == 0) {
        (void)device_update(n, 1024);
        EXPECT(false);
    }
    fake.reset = NULL;
    start();
}

/* Host i runs, with its own RCP image; and stays so. */
static void expect_halves(int i)
{
    for (int starts = 0; starts < 3; starts++) {
        EXPECT(fake.running == i && fake.nvs_seq == i && fake.seq == i);
        start();
    }
}

/* A device that has been updated, and not started since. */
static void update(size_t n)
{
    start_old();
    EXPECT(device_update(n, 1024) == ESP_OK);
}

/* The RCP does not take the image: esp_rcp_update goes back to the other one. */
static void give_up_rcp_image(esp_err_t judged)
{
    fake.nvs_seq = (int8_t)(1 - fake.nvs_seq);
    fake_boot();
    EXPECT(update_settle() == ESP_OK && update_judge_rcp() == judged);
}

int device_power(const char *path, bool from_sealed)
{
    size_t n = file_size = device_load(path);
    sealed = from_sealed;
    cut_power(n, "esp_ota_write");
    expect_halves(0);
    cut_power(n, "esp_ota_end");
    expect_halves(0);
    cut_power(n, "esp_ota_set_boot_partition");
    expect_halves(0);
    cut_power(n, "esp_rcp_submit_new_image"); /* the host is switched, the RCP is not */
    expect_halves(1);

    /* The host does not come up, and the bootloader goes back to the one from before. */
    update(n);
    fake_boot();
    EXPECT(update_settle() == ESP_OK);
    EXPECT(fake.running == 1 && fake.nvs_seq == 1);
    start();
    expect_halves(0);

    /* NVS is lost, and with it which image is in use. */
    update(n);
    start();
    fake.nvs_seq = 0;
    start();
    expect_halves(1);

    /* The RCP does not take its image: that is tried once more, and not again. The one from before
     * is never flashed by a host that has a seal. */
    esp_err_t other = sealed ? UPDATE_ERR_OTHER_SEAL : ESP_OK;
    update(n);
    start();
    give_up_rcp_image(ESP_OK);
    EXPECT(fake.nvs_seq == 1);
    give_up_rcp_image(other);
    EXPECT(fake.nvs_seq == 0);
    fake_boot();
    EXPECT(update_settle() == ESP_OK && update_judge_rcp() == other);
    EXPECT(fake.running == 1 && fake.nvs_seq == 0);
    return 0;
}

/* Only the RCP is updated: the image from before is this host's as well, and yet stays behind. */
int device_rcp_alone(const char *path)
{
    size_t n = file_size = device_load(path);
    update(n);
    for (int starts = 0; starts < 3; starts++) {
        start();
        EXPECT(fake.running == 0 && fake.nvs_seq == 1);
    }
    return 0;
}
