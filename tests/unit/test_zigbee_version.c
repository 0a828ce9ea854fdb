// SPDX-License-Identifier: Apache-2.0
#include "unit.h"

#include "zigbee_version.h"

static const struct {
    const char *from, *version;
    uint32_t made;
} good[] = {
    {"major.minor.patch.0", "1.4.2", 0x01040200},
    {"major.minor.patch.0x20", "v255.0.7-rc1", 0xFF000720},
    {"major:minor.patch.0x20.0", "1.4.2", 0x14022000},
    {"0.major.minor.patch", "3", 0x00030000},
    {"1:2.15:0.patch:major.255", "4.5.6", 0x12F064FF},
};

static void versions_are_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct err e = ERR_NONE;
        uint32_t made = 0;
        assert_true(zigbee_version_good(good[i].from, "here", &e));
        assert_true(zigbee_version_of(good[i].from, good[i].version, &made, &e));
        assert_int_equal(made, good[i].made);
    }
}

static void others_are_no_such_text(void **state)
{
    static const char *const texts[] = {"",
                                        "major.minor.patch",
                                        "major.minor.patch.0.0",
                                        "major.minor.patch.",
                                        "major.minor.patch.256",
                                        "major.minor.patch.16:0",
                                        "major.minor.patch.0:16",
                                        "major.minor.patch.0:0:0",
                                        "majors.minor.patch.0",
                                        "major..patch.0"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct err e = ERR_NONE;
        assert_false(zigbee_version_good(texts[i], "here", &e));
        assert_int_equal(e.status, STATUS_CANNOT);
    }
}

static void what_has_no_room_is_refused(void **state)
{
    static const char *const versions[] = {"1.256.0", "1.4.99999999999999999999", "release", "",
                                           "v"};
    (void)state;
    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        struct err e = ERR_NONE;
        uint32_t made;
        assert_false(zigbee_version_of("major.minor.patch.0", versions[i], &made, &e));
        assert_int_equal(e.status, STATUS_NO);
    }
    struct err e = ERR_NONE;
    uint32_t made;
    assert_false(zigbee_version_of("major:minor.0.0.0", "1.16", &made, &e));
}

UNIT(zigbee_version)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_made),
        cmocka_unit_test(others_are_no_such_text),
        cmocka_unit_test(what_has_no_room_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
