// SPDX-License-Identifier: Apache-2.0
//
// The option rows of the families of devices: whatever is offered as a choice is taken, and known
// from then on; what is none is refused, and changes nothing.
#include "unit.h"

#include "esp8266.h"

TEST(every_choice_is_taken)
{
    unsigned count = 0;
    for (const struct opt *const *family = target_families; *family != NULL; family++) {
        const struct opt *const one[] = {*family, NULL};
        for (const struct opt *o = *family; o->name != NULL; o++) {
            const char *choice;
            for (unsigned i = 0; (choice = opt_choice(o->type, i)) != NULL; i++, count++) {
                struct target target = {0};
                struct esp8266_device esp8266 = {0};
                struct device_said said = {&target, &esp8266};
                struct err e = ERR_NONE;
                assert_true(target_say(one, &said, o->name, choice, "here", &e));
                assert_int_equal(target.known | esp8266.known, o->type->gives);
                assert_string_equal(e.text, "");
            }
        }
    }
    assert_true(count > 50);
}

TEST(what_is_none_is_refused)
{
    for (const struct opt *const *family = target_families; *family != NULL; family++) {
        for (const struct opt *o = *family; o->name != NULL; o++) {
            struct target target = {0};
            struct esp8266_device esp8266 = {0};
            struct device_said said = {&target, &esp8266};
            struct err e = ERR_NONE;
            assert_false(target_say(target_families, &said, o->name, "zebra", "here", &e));
            assert_int_equal(target.known | esp8266.known, 0);
            assert_int_equal(target.flash_size | esp8266.flash_size, 0);
            assert_ptr_equal(strstr(e.text, "here 'zebra' is n"), e.text);
        }
    }
}

// A size that only one of the two families has is that one's alone.
TEST(one_family_or_both)
{
    static const struct {
        const char *size;
        unsigned known;
    } rows[] = {
        {"4MB", TARGET_FLASH_SIZE | NEED_ESP8266_SIZE},
        {"32MB", TARGET_FLASH_SIZE},
        {"2MB-c1", NEED_ESP8266_SIZE},
        {"128KB", 0},
        {"2048MB", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct target target = {0};
        struct esp8266_device esp8266 = {0};
        struct device_said said = {&target, &esp8266};
        struct err e = ERR_NONE;
        assert_int_equal(
            target_say(target_families, &said, "flash-size", rows[i].size, "--flash-size", &e),
            rows[i].known != 0);
        assert_int_equal(target.known | esp8266.known, rows[i].known);
        assert_int_equal(target.flash_size != 0, (rows[i].known & TARGET_FLASH_SIZE) != 0);
        assert_int_equal(esp8266.flash_size != 0, (rows[i].known & NEED_ESP8266_SIZE) != 0);
    }
}

UNIT(target_rows)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_choice_is_taken),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(one_family_or_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
