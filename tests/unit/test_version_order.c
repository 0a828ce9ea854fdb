// SPDX-License-Identifier: Apache-2.0
//
// version_order.h: SemVer's own order, what git describe adds, dotted numbers, and what has no
// order.
#include "unit.h"

#include "version_order.h"

enum { ROW = 5 };

static int order_of(const char *one, const char *other, enum version_rule rule)
{
    struct arena a = ARENA_EMPTY;
    int order = 2;
    const char *why = version_order(&a, one, other, rule, &order);
    if (why != NULL) {
        print_error("%s\n", why);
        order = 2;
    }
    arena_free(&a);
    return order;
}

static void compare_rows(const char *const row[ROW], const char *const other[ROW], int expected,
                         enum version_rule rule)
{
    for (size_t m = 0; m < ROW && row[m] != NULL; m++) {
        for (size_t n = 0; n < ROW && other[n] != NULL; n++) {
            int is = order_of(row[m], other[n], rule);
            if (is != expected) {
                print_error("'%s' to '%s': %d\n", row[m], other[n], is);
            }
            assert_int_equal(is, expected);
        }
    }
}

// Each row stands in order; the versions in one row rank as equal.
static void is_ordered(const char *const (*rows)[ROW], size_t count, enum version_rule rule)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            compare_rows(rows[i], rows[k], i < k ? -1 : i > k, rule);
        }
    }
}

TEST(the_order_of_semver)
{
    static const char *const rows[][ROW] = {
        {"0", "0.0.0", "v0"},
        {"0.9.9"},
        {"1.0.0-0"},
        {"1.0.0-3"},
        {"1.0.0-12"},
        {"1.0.0-alpha", "v1.0.0-alpha", "1-alpha"},
        {"1.0.0-alpha.1"},
        {"1.0.0-alpha.1.0"},
        {"1.0.0-alpha.beta"},
        {"1.0.0-alpha-b"},
        {"1.0.0-beta"},
        {"1.0.0-beta.2"},
        {"1.0.0-beta.11", "1.0.0-beta.11+linux.5"},
        {"1.0.0-rc.1"},
        {"1.0.0-rc10"},
        {"1.0.0-rc9"},
        {"1.0.0", "1", "v1.0", "1.0.0+5.a-b", "1.00.0"},
        {"1.0.0.1"},
        {"1.0.1"},
        {"1.9"},
        {"1.10"},
        {"2.0.0-rc.1"},
        {"2.0.0"},
        {"2.99999999999999999999999998"},
        {"2.99999999999999999999999999"},
    };
    is_ordered(rows, COUNT(rows), VERSION_SEMVER);
}

TEST(what_git_describe_adds_comes_behind)
{
    static const char *const rows[][ROW] = {
        {"1.2.0-3"},
        {"v1.2-rc.1"},
        {"v1.2-rc.1-2-g0123abc"},
        {"v1.2", "1.2.0"},
        {"1.2-dirty", "v1.2.0-dirty"},
        {"v1.2-3-gabcdef0", "1.2.0-3-gabcdef01", "1.2-3-gabcd"},
        {"v1.2-3-gabcdef0-dirty"},
        {"v1.2-10-g0123abc"},
        {"v1.2.1"},
    };
    is_ordered(rows, COUNT(rows), VERSION_SEMVER);
}

TEST(dotted_numbers_as_esphome_compares_them)
{
    static const char *const rows[][ROW] = {
        {"2024.9"},        {"2025.6.0", "2025.6", "2025.6.0b2", "2025.06.0_c51f7548", "2025.6-dev"},
        {"2025.6.1"},      {"2025.10", "2025.10.0-rc.1"},
        {"99999999999.1"},
    };
    is_ordered(rows, COUNT(rows), VERSION_DOTTED);
}

TEST(what_has_no_order)
{
    static const struct {
        const char *one, *other;
        enum version_rule rule;
    } rows[] = {
        {"", "1.0", VERSION_SEMVER},
        {"v", "1.0", VERSION_SEMVER},
        {"abcdef1", "1.0", VERSION_SEMVER},
        {"1.0", "master", VERSION_SEMVER},
        {"1.0-", "1.0", VERSION_SEMVER},
        {"1.0-rc..1", "1.0", VERSION_SEMVER},
        {"1.0-rc.", "1.0", VERSION_SEMVER},
        {"1.0+", "1.0", VERSION_SEMVER},
        {"1.0+a..b", "1.0", VERSION_SEMVER},
        {"1.0+a+b", "1.0", VERSION_SEMVER},
        {"1.", "1.0", VERSION_SEMVER},
        {"1..2", "1.0", VERSION_SEMVER},
        {"2025.6.0b2", "1.0", VERSION_SEMVER},
        {"2025.11.5_c51f7548", "1.0", VERSION_SEMVER},
        {"1.0 ", "1.0", VERSION_SEMVER},
        {"vv1.0", "1.0", VERSION_SEMVER},
        {"1.0-3-gabcdef0", "1.0-3-gbbcdef0", VERSION_SEMVER},
        {"v1.0", "1.0", VERSION_DOTTED},
        {"1.0", "rev5", VERSION_DOTTED},
        {"", "1.0", VERSION_DOTTED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = ARENA_EMPTY;
        int order = 0;
        if (version_order(&a, rows[i].one, rows[i].other, rows[i].rule, &order) == NULL) {
            print_error("'%s' and '%s': %d\n", rows[i].one, rows[i].other, order);
            fail();
        }
        arena_free(&a);
    }
}

// Words that look like what git describe adds, and are none, are a pre-release.
TEST(what_is_no_git_describe)
{
    static const char *const words[] = {"1.2-3-gxyz",       "1.2-3-gab",    "1.2-x-gabcdef0",
                                        "1.2--gabcdef0",    "1.2-gabcdef0", "1.2-3-abcdef0",
                                        "1.2-3-gabcdef0-x", "1.2-dirty-x"};
    for (size_t i = 0; i < COUNT(words); i++) {
        assert_int_equal(order_of(words[i], "1.2", VERSION_SEMVER), -1);
    }
}

static void random_version(uint64_t *x, char *to, size_t n)
{
    static const char letters[] = "00112.--+vagr";
    size_t length = (size_t)random_below(x, n);
    for (size_t i = 0; i < length; i++) {
        to[i] = letters[random_below(x, sizeof(letters) - 1)];
    }
    to[length] = '\0';
}

// Whatever stands there: turned around, the answer is the other one, and of three in a row the
// first and the last are in the same order.
TEST(random_versions_are_in_one_order)
{
    uint64_t x = random_seed(__func__);
    size_t ordered = 0;
    for (int i = 0; i < 200000; i++) {
        struct arena a = ARENA_EMPTY;
        char text[3][12];
        int ab = 0, ba = 0, bc = 0, ac = 0;
        for (size_t k = 0; k < 3; k++) {
            random_version(&x, text[k] + 2, sizeof(text[k]) - 2);
            memcpy(text[k], "1.", 2);
        }
        enum version_rule rule = i % 2 == 0 ? VERSION_SEMVER : VERSION_DOTTED;
        bool all = version_order(&a, text[0], text[1], rule, &ab) == NULL &&
                   version_order(&a, text[1], text[2], rule, &bc) == NULL &&
                   version_order(&a, text[0], text[2], rule, &ac) == NULL;
        assert_true((version_order(&a, text[1], text[0], rule, &ba) == NULL) || !all);
        arena_free(&a);
        ordered += all;
        if (all && (ab != -ba || (ab <= 0 && bc <= 0 && ac != (ab < bc ? ab : bc)))) {
            print_error("'%s' '%s' '%s': %d %d %d %d\n", text[0], text[1], text[2], ab, ba, bc, ac);
            fail();
        }
    }
    assert_true(ordered > 10000);
}

UNIT(version_order)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_semver),
        cmocka_unit_test(what_git_describe_adds_comes_behind),
        cmocka_unit_test(dotted_numbers_as_esphome_compares_them),
        cmocka_unit_test(what_has_no_order),
        cmocka_unit_test(what_is_no_git_describe),
        cmocka_unit_test(random_versions_are_in_one_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
