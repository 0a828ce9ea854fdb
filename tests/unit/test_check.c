// SPDX-License-Identifier: Apache-2.0
//
// check.h: the rows of *.checks: IDs, texts, who looks; finding them by ID. What cannot be allowed,
// tests/laws/law_checks.c has.
#include "unit.h"

#include <ctype.h>

#include "check.h"

TEST(ids_are_words_with_hyphens)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        const char *id = checks[i].id;
        assert_true(islower((unsigned char)id[0]));
        for (const char *p = id; *p != '\0'; p++) {
            bool word = islower((unsigned char)*p) || isdigit((unsigned char)*p);
            assert_true(word || (*p == '-' && p[1] != '-' && p[1] != '\0'));
        }
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(id, checks[k].id);
        }
    }
}

// "FILE: what is wrong; what to do [ID]": neither text ends a sentence or a line, or holds the `;`.
TEST(texts_fit_their_sentence)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        const char *texts[] = {checks[i].condition, checks[i].remedy};
        for (size_t k = 0; k < COUNT(texts); k++) {
            size_t n = strlen(texts[k]);
            assert_true(n > 10 && n < 250);
            assert_null(strpbrk(texts[k], "\n\t[]"));
            assert_true(texts[k][n - 1] != '.' && texts[k][n - 1] != ' ');
            assert_true(texts[k][0] != ' ' && strstr(texts[k], "  ") == NULL);
        }
        assert_null(strchr(checks[i].condition, '%'));
    }
}

TEST(severities_have_names)
{
    assert_string_equal(check_severity_name(SEVERITY_BRICK), "brick");
    assert_string_equal(check_severity_name(SEVERITY_REJECT), "reject");
    assert_string_equal(check_severity_name(SEVERITY_WARN), "warn");
    assert_string_equal(check_severity_name(SEVERITY_NOTE), "note");
    for (int i = 0; i < CHECK_COUNT; i++) {
        assert_non_null(check_severity_name(checks[i].severity));
    }
}

// A device that looks refuses; where nobody looks, the row says what breaks all the same.
TEST(severity_follows_from_who_looks)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        const struct check *c = &checks[i];
        bool fails = c->severity == SEVERITY_BRICK || c->severity == SEVERITY_REJECT;
        bool says = c->follows[0] != '\0';
        assert_true(c->who >> CHECK_WHO_COUNT == 0);
        if (says != (fails && c->who == 0) || (c->severity == SEVERITY_NOTE && c->who != 0)) {
            fail_msg("%s: its severity does not go with who looks and what follows", c->id);
        }
        assert_null(strpbrk(c->follows, "\n\t[];%"));
    }
}

TEST(conditions_and_actors_have_texts)
{
    for (int i = 0; i < CHECK_WHEN_COUNT; i++) {
        assert_int_equal(check_conditions[i].text == NULL, i == WHEN_ALWAYS);
        assert_true(check_conditions[i].otherwise >= SEVERITY_WARN);
    }
    for (int i = 0; i < CHECK_WHO_COUNT; i++) {
        assert_non_null(check_actors[i].name);
        assert_non_null(check_actors[i].title);
    }
}

TEST(checks_are_found_by_id)
{
    for (int i = 0; i < CHECK_COUNT; i++) {
        assert_int_equal(check_by_id(checks[i].id, NULL), i);
    }
    const char *near = "?";
    assert_int_equal(check_by_id("esp-hahs", &near), CHECK_COUNT);
    assert_string_equal(near, "esp-hash");
    assert_int_equal(check_by_id("ESP-HASH", NULL), CHECK_COUNT);
    assert_int_equal(check_by_id("zebra-crossing-ahead", &near), CHECK_COUNT);
    assert_null(near);
    assert_int_equal(check_by_id("", NULL), CHECK_COUNT);
}

UNIT(check)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_words_with_hyphens),
        cmocka_unit_test(texts_fit_their_sentence),
        cmocka_unit_test(severities_have_names),
        cmocka_unit_test(checks_are_found_by_id),
        cmocka_unit_test(severity_follows_from_who_looks),
        cmocka_unit_test(conditions_and_actors_have_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
