// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of a seal: the image that has it right, and the same where one bit of
// what is sealed, or of the seal, is another one.
#include "run.h"

#include "smallest.h"

#define IN "fixtures/rcp_seal/"
enum { AT_KIND = 288 + 9 }; // in an app alone; 3 is a kind that is not a combined image's

#define UNSEALED "fixtures/rcp_image/good-with-host.bin"

// 0: sealed; else as the fixture has it that this check is about.
static struct image as_fixture(const struct border *b, uint32_t bad)
{
    char name[200];
    (void)snprintf(name, sizeof(name), IN "bad-%s.bin", b->id);
    return image_load(bad != 0 ? name : IN "good-sealed.bin");
}

// No other check looks at the reserved bytes of the RCP's partition table behind its end.
static struct image with_byte(const struct border *b, uint32_t value)
{
    struct image im = image_load(IN "good-sealed.bin"), table = rcp_part(&im, 3);
    size_t end = u32_at(&im, 12 * 4 + 8) + table.n; // where entry 4 says that the table ends
    (void)b;
    im.p[end - 1] = (uint8_t)value;
    image_free(&table);
    return im;
}

static struct image asked(const struct border *b, uint32_t bad)
{
    (void)b;
    return image_load(bad != 0 ? UNSEALED : IN "good-sealed.bin");
}

static const struct border rows[] = {
    {"rcp-seal", BORDER_FAIL, 0xFF, 0xFE, with_byte, .file = NULL},
    {"rcp-seal-empty", BORDER_WARN, 0, 1, as_fixture, .file = NULL},
    {"rcp-seal-known", BORDER_WARN, 3, 4, border_summed, .file = IN "host-sealed.bin",
     .at = AT_KIND, .width = 1},
    {"rcp-seal-required", BORDER_FAIL, 0, 1, asked, .words = "--require-seal", .file = NULL},
};

const struct border_table borders_of_rcp_seal = {rows, COUNT(rows)};

TEST(rcp_seal_borders)
{
    borders_hold(rows, COUNT(rows));
}

UNIT(smallest_rcp_seal)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rcp_seal_borders),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
