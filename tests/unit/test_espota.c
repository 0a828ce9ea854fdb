// SPDX-License-Identifier: Apache-2.0
//
// ArduinoOTA without a device: what one says comes in pieces of any size; which challenge is whose;
// the line that shows how far an upload is.
#include "unit.h"

#include "arena.h"
#include "espota_reply.h"
#include "espota_response.h"
#include "progress.h"
#include "secret.h"

static const struct {
    const char *bytes;
    enum espota_said said;
    const char *text;
} replies[] = {
    {"", ESPOTA_COUNTS, ""},
    {"1460", ESPOTA_COUNTS, ""},
    {"14601460 \r\n868", ESPOTA_COUNTS, ""},
    {"1460O", ESPOTA_PART, "O"},
    {"1460OK", ESPOTA_OK, "OK"},
    {"OK\n", ESPOTA_OK, "OK"},
    {"OK14", ESPOTA_OK, "OK14"},
    {"12No", ESPOTA_PART, "No"},
    {"12Not Enough Space\r\n", ESPOTA_LINE, "Not Enough Space"},
    {"ERROR[4]: Not Enough Space\nOK", ESPOTA_LINE, "ERROR[4]: Not Enough Space"},
    {"\n\nERROR[12]\n", ESPOTA_LINE, "ERROR[12]"},
    {"nOK", ESPOTA_PART, "nOK"},
};

TEST(replies_in_two_pieces)
{
    for (size_t i = 0; i < COUNT(replies); i++) {
        size_t n = strlen(replies[i].bytes);
        for (size_t at = 0; at <= n; at++) {
            struct espota_reply r = {.size = 0};
            espota_hear(&r, replies[i].bytes, at);
            espota_hear(&r, replies[i].bytes + at, n - at);
            assert_int_equal(espota_said(&r), replies[i].said);
            assert_string_equal(r.text, replies[i].text);
        }
    }
}

TEST(replies_are_cut_off)
{
    struct espota_reply r = {.size = 0};
    for (size_t i = 0; i < ESPOTA_TEXT_MOST; i++) {
        assert_int_equal(espota_said(&r), i == 0 ? ESPOTA_COUNTS : ESPOTA_PART);
        espota_hear(&r, "x", 1);
    }
    assert_int_equal(espota_said(&r), ESPOTA_PART);
    espota_hear(&r, "yz", 2);
    assert_int_equal(espota_said(&r), ESPOTA_LINE);
    assert_int_equal(strlen(r.text), ESPOTA_TEXT_MOST);
    assert_null(strchr(r.text, 'y'));
    struct espota_reply nul = {.size = 0};
    espota_hear(&nul, "\0a\0OK", 5);
    assert_int_equal(espota_said(&nul), ESPOTA_LINE);
    assert_string_equal(nul.text, "a");
}

TEST(challenges)
{
    static const char digits[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0";
    enum espota_scheme scheme;
    for (size_t n = 0; n < sizeof(digits); n++) {
        const char *nonce = digits + sizeof(digits) - 1 - n;
        assert_int_equal(espota_scheme_of(nonce, &scheme), n == 32 || n == 64);
    }
    assert_true(espota_scheme_of(digits + 33, &scheme) && scheme == ESPOTA_MD5);
    assert_true(espota_scheme_of(digits + 1, &scheme) && scheme == ESPOTA_SHA256);
    assert_false(espota_scheme_of("0123456789ABCDEF0123456789abcdef", &scheme));
    assert_false(espota_scheme_of("0123456789abcdef 123456789abcdef", &scheme));
}

// Our own numbers are as long as theirs, and never the same. Each scheme gives another response.
TEST(responses)
{
    char nonce[ESPOTA_TEXT_ROOM], cnonce[ESPOTA_TEXT_ROOM], one[ESPOTA_TEXT_ROOM],
        other[ESPOTA_TEXT_ROOM];
    struct secret password;
    assert_true(secret_copy("open", &password));
    assert_true(espota_cnonce(ESPOTA_MD5, cnonce) && strlen(cnonce) == 32);
    assert_true(espota_cnonce(ESPOTA_SHA256, nonce) && strlen(nonce) == 64);
    assert_true(espota_cnonce(ESPOTA_SHA256_OF_MD5, cnonce) && strlen(cnonce) == 64);
    assert_string_not_equal(nonce, cnonce);
    assert_true(espota_respond(ESPOTA_SHA256, &password, nonce, cnonce, one));
    assert_true(espota_respond(ESPOTA_SHA256_OF_MD5, &password, nonce, cnonce, other));
    assert_true(strlen(one) == 64 && strlen(other) == 64);
    assert_string_not_equal(one, other);
    assert_true(espota_respond(ESPOTA_MD5, &password, nonce, cnonce, one) && strlen(one) == 32);
    secret_wipe(&password);
}

// As wide as a terminal at most, however long the name; the bar is full at the end alone.
TEST(progress_lines)
{
    static const uint64_t totals[] = {0, 1, 99, 100, 101, 434560, UINT64_C(1) << 32};
    static const char *const names[] = {"a", "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4.bin",
                                        "a/very/long/path/to/some/folder/of/a/build/firmware.bin",
                                        "\x1b[31mred"};
    for (size_t i = 0; i < COUNT(totals) * COUNT(names); i++) {
        const char *name = names[i % COUNT(names)];
        uint64_t total = totals[i / COUNT(names)];
        for (unsigned part = 0; part <= 4; part++) {
            struct arena a = ARENA_EMPTY;
            const char *line = progress_line(&a, name, total / 4 * part, total, 60);
            assert_true(strlen(line) <= 60);
            assert_null(strchr(line, '\x1b'));
            assert_int_equal(strchr(line, '%') != NULL, total > 0);
            arena_free(&a);
        }
        struct arena a = ARENA_EMPTY;
        assert_int_equal(strstr(progress_line(&a, name, total, total, 60), "#] 100%") != NULL,
                         total > 0);
        if (total > 1) {
            assert_null(strstr(progress_line(&a, name, total - 1, total, 60), "100%"));
        }
        arena_free(&a);
    }
}

TEST(progress_in_the_middle)
{
    struct arena a = ARENA_EMPTY;
    assert_string_equal(progress_line(&a, "a", 1024, 2048, 79),
                        "a  [###############               ]  50%  1 KiB");
    assert_string_equal(progress_line(&a, "a", 0, 2048, 79),
                        "a  [                              ]   0%  0 KiB");
    assert_non_null(strstr(progress_line(&a, "a", 50, 101, 79), " 49%"));
    assert_string_equal(progress_line(&a, "a", 2048, 0, 79), "a  2 KiB");
    assert_string_equal(progress_line(&a, "0123456789", 2048, 0, 14), "...6789  2 KiB");
    arena_free(&a);
}

UNIT(espota)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_in_two_pieces),
        cmocka_unit_test(replies_are_cut_off),
        cmocka_unit_test(challenges),
        cmocka_unit_test(responses),
        cmocka_unit_test(progress_lines),
        cmocka_unit_test(progress_in_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
