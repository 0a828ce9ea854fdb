// SPDX-License-Identifier: Apache-2.0
//
// expect.h: every operator on every kind of field, quotes, what is no expectation, exit statuses.
#include "unit.h"

#include "expect.h"
#include "tree.h"

static void expect_rows(const char *const *rows, size_t count, enum status status)
{
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    for (size_t i = 0; i < count; i++) {
        struct err e = ERR_NONE;
        bool held = expect_holds(root, rows[i], &e);
        if (e.status != status || held != (status == STATUS_OK)) {
            print_error("'%s': status %d, %s\n", rows[i], e.status, e.text);
            fail();
        }
        assert_true(held || e.text[0] != '\0');
    }
    arena_free(&a);
}

static const char *const that_hold[] = {
    "host",
    "host.desc",
    "host.chip",
    "host.segments[2]",
    " host ",
    "host.desc.project_name = esp_ot_br",
    "host.desc.project_name=esp_ot_br",
    "host.desc.project_name == esp_ot_br",
    "host.desc.project_name != esp_ot_rcp",
    "host.desc.project_name ~ ot",
    "host.chip = esp32h2",
    "version.text ~ esp32h2",
    // numbers as numbers, in decimal and hexadecimal
    "host.desc.secure_version = 3",
    "host.desc.secure_version = 0x3",
    "host.desc.secure_version = 03",
    "host.desc.secure_version >= 3",
    "host.desc.secure_version <= 3",
    "host.desc.secure_version < 10",
    "host.desc.secure_version > 2",
    "host.desc.secure_version != 4",
    "host.segments[0].load_addr = 0x42000020",
    "host.segments[0].load_addr = 1107296288",
    "host.segments[1].load_addr > 0x42000020",
    "host.segments[0].load_addr ~ 4200",
    // numbers by their names
    "host.spi_mode = dio",
    "host.spi_mode = 2",
    "host.spi_mode != qio",
    "host.encrypted = true",
    "host.encrypted != false",
    "host.max_chip_rev_full = 199",
    "host.max_chip_rev_full = v1.99",
    "host.max_chip_rev_full < v2.0",
    "host.max_chip_rev_full > v1.9",
    "host.max_chip_rev_full <= v1.100",
    "host.max_chip_rev_full >= 1.99",
    // one that is not set: below all others as a lowest one, above as a highest
    "host.min_efuse_blk_rev_full <= v0.0",
    "host.max_efuse_blk_rev_full > v99.99",
    "host.max_efuse_blk_rev_full = 65535",
    // sizes by their names, and numbers of bytes
    "host.spi_size <= 16MB",
    "host.spi_size >= 16MB",
    "host.spi_size < 32M",
    "host.spi_size > 8192KB",
    "host.spi_size = 16384KB",
    "host.spi_size = 16MB",
    "host.spi_size != 8MB",
    "host.spi_size = 4",
    "host.odd_size < 8MB",
    "host.odd_size = 4MB-c1",
    "host.desc.secure_version < 1KB",
    // as they are printed
    "host.spi_size <= 16 MiB",
    "host.spi_size = 16MiB",
    "host.spi_size = 16,384 KiB",
    "host.size = 1,000",
    "host.size = 1,000 bytes",
    "host.size < 1 KiB",
    "host.size <= 20KiB",
    // versions as versions
    "host.desc.version > v5.4",
    "host.desc.version > 5.4",
    "host.desc.version > v5.3.10",
    "host.desc.version < v5.10",
    "host.desc.version >= v5.4.1-dirty",
    "host.desc.version <= 5.4.1-dirty",
    "host.desc.version != 5.4.1-dirty",
    "host.desc.version >= v5.4.1",
    "host.desc.version < v5.4.2",
    // bytes
    "host.desc.app_elf_sha256 = deadbeef",
    "host.desc.app_elf_sha256 ~ adbe",
    // quotes
    "host.desc.date = 'Nov 20 2025'",
    "host.desc.date = \"Nov 20 2025\"",
    "host.desc.date = Nov 20 2025",
    "host.desc.date ~ ' 20 '",
    "host.desc.date != '= x'",
    "host.desc.date != ''",
    "host.desc.date ~ ''",
    "  host.chip   =   esp32h2  ",
    "\thost.chip\t=\tesp32h2\n",
};

TEST(what_holds)
{
    expect_rows(that_hold, COUNT(that_hold), STATUS_OK);
}

TEST(what_does_not_hold)
{
    static const char *const rows[] = {
        "host.desc.project_name = esp_ot_rcp",
        "host.desc.project_name != esp_ot_br",
        "host.desc.project_name = ESP_OT_BR",
        "host.desc.project_name ~ rcp",
        "host.desc.secure_version = 4",
        "host.desc.secure_version != 3",
        "host.desc.secure_version > 3",
        "host.desc.secure_version < 3",
        "host.desc.secure_version >= 4",
        "host.desc.secure_version <= 2",
        "host.desc.secure_version >= 10",
        "host.spi_mode = qio",
        "host.spi_mode = 3",
        "host.max_chip_rev_full > v1.100",
        "host.spi_size <= 8MB",
        "host.spi_size > 16MB",
        "host.spi_size = 8MB",
        "host.spi_size = 8 MiB",
        "host.size = 1 KiB",
        "host.size > 1KiB",
        "host.odd_size >= 8MB",
        "host.min_efuse_blk_rev_full > v0.0",
        "host.max_efuse_blk_rev_full <= v99.99",
        "host.desc.version = 5.4.1-dirty",
        "host.desc.version < v5.4",
        "host.desc.version > v5.10",
        "host.desc.version = v5.4.1",
        "host.desc.date = 'Nov 20 2025 '",
        "host.encrypted = false",
        "host.encrypted = 1",
        // what is not there
        "firmware",
        "host.segments[3]",
        "host.desc.zebra = 1",
        "hots.chip = esp32h2",
    };
    expect_rows(rows, COUNT(rows), STATUS_NO);
}

TEST(what_cannot_be_asked)
{
    static const char *const rows[] = {
        "",
        " ",
        "=",
        "= x",
        "host.chip =",
        "host.chip = ",
        "!= x",
        "host.chip ! x",
        "host.chip => esp32h2",
        "host.chip =< esp32h2",
        "host.chip <> esp32h2",
        "host.chip === esp32h2",
        "host chip = esp32h2",
        "host.chip esp32h2",
        "host..chip = x",
        "host.chip. = x",
        "host.segments[ = x",
        "host = x",
        "host.desc > 1",
        "host ~ x",
        "host.chip = 'esp32h2",
        "host.chip = \"esp32h2'",
        "host.chip = '",
        "host.chip ~ ~",
        // an order of what has none
        "host.desc.version > ''",
        "host.desc.version >= esp32h2",
        "host.desc.secure_version < many",
        "host.spi_mode <= v",
    };
    expect_rows(rows, COUNT(rows), STATUS_CANNOT);
}

TEST(parsing_and_asking_agree)
{
    static const char *const good[] = {"host", "a = b", "a.b[0].c-d_e >= '>= x'", "a ~ \"'\""};
    static const char *const bad[] = {"",      "a =",      "a b = c", "= b",
                                      "a ! b", "a..b = c", "a[ = c",  "a = 'b"};
    struct err e = ERR_NONE;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(expect_parse(good[i], &e));
        assert_int_equal(e.status, STATUS_OK);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        e = ERR_NONE;
        assert_false(expect_parse(bad[i], &e));
        assert_int_equal(e.status, STATUS_CANNOT);
    }
}

TEST(expressions_of_any_length)
{
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    for (size_t n = 1; n < 2000; n += 7) {
        char text[2100] = "host.chip != ";
        struct err e = ERR_NONE;
        size_t at = strlen(text);
        memset(text + at, 'x', n);
        text[at + n] = '\0';
        bool held = expect_holds(root, text, &e);
        assert_int_equal(e.status, held ? STATUS_OK : STATUS_CANNOT);
        e = ERR_NONE;
        assert_false(expect_holds(root, text + at, &e));
        assert_true(e.status == STATUS_NO || e.status == STATUS_CANNOT);
    }
    arena_free(&a);
}

TEST(a_failure_says_what_it_is)
{
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    struct err e = ERR_NONE;
    assert_false(expect_holds(root, "host.chip = esp32", &e));
    assert_non_null(strstr(e.text, "host.chip = esp32"));
    assert_non_null(strstr(e.text, "it is esp32h2"));
    assert_false(expect_holds(root, "hots.chip = esp32", &e));
    assert_non_null(strstr(e.text, "did you mean 'host'"));
    arena_free(&a);
}

// What is known of every part, asked by the bare word and by a path.
TEST(facts_of_any_part)
{
    struct arena a = ARENA_EMPTY;
    struct node *root = small_tree(&a);
    struct err e = ERR_NONE;
    assert_true(expect_holds(root, "format = rcp_image", &e));
    assert_true(expect_holds(root, "host.desc.format = desc", &e));
    assert_true(expect_holds(root, "host.segments[1].format = segments", &e));
    assert_true(expect_holds(root, "host.size = 1000", &e));
    assert_true(expect_holds(root, "host.verdict = pass", &e));
    assert_false(expect_holds(root, "host.summary = x", &e));
    assert_int_equal(e.status, STATUS_NO);
    e = ERR_NONE;
    assert_false(
        expect_holds(root, "host.desc.version.format = x", &e)); // of a part, not of a field
    assert_int_equal(e.status, STATUS_NO);
    arena_free(&a);
}

UNIT(expect)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_holds),
        cmocka_unit_test(what_does_not_hold),
        cmocka_unit_test(what_cannot_be_asked),
        cmocka_unit_test(parsing_and_asking_agree),
        cmocka_unit_test(expressions_of_any_length),
        cmocka_unit_test(a_failure_says_what_it_is),
        cmocka_unit_test(facts_of_any_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
