// SPDX-License-Identifier: Apache-2.0
//
// Of a combined image for a border router, what is known of the device is about the host: its RCP
// has another chip, with settings of its own.
#include "product.h"

#include "run.h"

#define BOTH "fixtures/rcp_image/good-with-host.bin" // an ESP32-S3, with an ESP32-H2 for its RCP

TEST(of_the_host_alone)
{
    static const struct {
        const char *option, *regex; // NULL: it passes
    } rows[] = {
        {"--chip esp32s3", NULL},
        {"--chip esp32h2", "^otapack: [^:]*: host: .*\\[device-chip\\]$"},
        {"--chip-revision v0.2", NULL},
        {"--chip-revision v9.0", "^otapack: [^:]*: host: .*\\[device-revision\\]$"},
        {"--secure-boot none", NULL},
        {"--secure-boot v2", "^otapack: [^:]*: host: .*\\[device-signature\\]$"},
        {"--idf v5.4.1", NULL},
        {"--idf v9.0", "^otapack: [^:]*: host: .*\\[idf-order\\]$"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        (void)expect(rows[i].regex == NULL ? 0 : 1, "verify " BOTH " %s", rows[i].option);
        if (rows[i].regex != NULL) {
            want_one_line();
            want_err(rows[i].regex);
        }
    }
    // Only the RCP's bootloader has a flash size.
    (void)expect(2, "verify " BOTH " --flash-size 2MB");
    want_err("no check can use --flash-size");
}

UNIT(device_rcp)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_the_host_alone),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
