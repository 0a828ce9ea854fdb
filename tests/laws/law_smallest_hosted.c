// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of a host and its co-processor's firmware.
#include "run.h"

#include "smallest.h"

#define IN "fixtures/hosted/"
#define FIRMWARE IN "firmware.bin"
#define HOST "--device host.yaml"

enum { AT_MODE = 2, QIO = 0, DIO = 2 };

// 0: firmware in its partition, in b->file; 1: what the check finds there.
static struct image in_flash(const struct border *b, uint32_t bad)
{
    char name[200];
    (void)snprintf(name, sizeof(name), IN "bad-%s.bin", b->id);
    return image_load(bad != 0 ? name : b->file);
}

// Firmware of 2.12.3, and a host of this patch of 2.12.
static struct image alone(const struct border *b, uint32_t host)
{
    FILE *f = fopen("host.yaml", "w");
    assert_non_null(f);
    (void)fprintf(f, "otapack: 1\nesp_hosted: 2.12.%" PRIu32 "\n", host);
    assert_int_equal(fclose(f), 0);
    return image_load(b->file);
}

static struct image listed(const struct border *b, uint32_t host)
{
    struct image firmware = image_load(FIRMWARE);
    image_save(&firmware, "network_adapter.bin");
    image_free(&firmware);
    return alone(b, host);
}

static const struct border rows[] = {
    {"hosted-project", BORDER_FAIL, 0, 1, in_flash, .file = IN "flash.bin"},
    {"hosted-version", BORDER_FAIL, 3, 2, alone, .words = HOST, .file = FIRMWARE},
    {"hosted-mode", BORDER_WARN, DIO, QIO, border_summed, .file = FIRMWARE, .at = AT_MODE,
     .width = 1},
    {"hosted-signature", BORDER_WARN, 0, 1, in_flash, .file = IN "flash.bin"},
    {"hosted-file-name", BORDER_WARN, 0, 1, in_flash, .file = IN "flash-littlefs.bin"},
    {"hosted-offer", BORDER_FAIL, 3, 2, listed, .words = HOST, .file = IN "release/manifest.json"},
};

const struct border_table borders_of_hosted = {rows, COUNT(rows)};

TEST(hosted_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_hosted)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosted_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
