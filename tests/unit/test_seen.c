// SPDX-License-Identifier: Apache-2.0
//
// fingerprint.h: any other byte, length or order gives another. seen.h: what was read of a file is
// the same through all its inputs, while they are open and afterwards.
#include "scratch.h"

#include "fingerprint.h"
#include "input.h"
#include "seen.h"

enum { SIZE = 3 * SEEN_BLOCK + 100 };

static uint8_t bytes[SIZE];

static int set_up(void **state)
{
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    }
    return scratch_make(state);
}

static bool differ(const uint8_t *a, size_t n, const uint8_t *b, size_t m)
{
    struct fingerprint x = fingerprint_of(a, n), y = fingerprint_of(b, m);
    assert_false(fingerprint_is_none(&x));
    return !fingerprint_same(&x, &y);
}

TEST(any_bit_shows)
{
    uint8_t other[FINGERPRINT_BLOCK];
    memcpy(other, bytes, sizeof(other));
    assert_false(differ(bytes, sizeof(other), other, sizeof(other)));
    for (size_t bit = 0; bit < 8 * sizeof(other); bit++) {
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_true(differ(bytes, sizeof(other), other, sizeof(other)));
        other[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

TEST(any_length_shows)
{
    static const uint8_t zeros[FINGERPRINT_BLOCK];
    for (size_t n = 0; n < FINGERPRINT_BLOCK; n++) {
        assert_true(differ(zeros, n, zeros, n + 1));
        assert_true(n == 0 || differ(bytes, n, bytes, n - 1));
    }
}

TEST(any_order_shows)
{
    uint8_t other[FINGERPRINT_BLOCK];
    for (size_t step = 1; step < sizeof(other); step *= 2) {
        for (size_t i = 0; i < sizeof(other); i++) {
            other[i] = bytes[i ^ step];
        }
        assert_true(differ(bytes, sizeof(other), other, sizeof(other)));
    }
}

// ---- Files --------------------------------------------------------------------------------------

static struct input *open_file(void)
{
    struct err e = ERR_NONE;
    struct input *in = input_open("file", &e);
    assert_non_null(in);
    return in;
}

static bool reads(struct input *in, uint64_t at, size_t n)
{
    uint8_t to[SIZE];
    struct otapack_source src = input_source(in);
    return otapack_read(&src, at, to, n, "x").code == OTAPACK_OK;
}

static void poke(size_t at)
{
    uint8_t other[SIZE];
    memcpy(other, bytes, SIZE);
    other[at] ^= 1;
    file_write("file", other, SIZE);
}

static void want_changed(const struct err *e)
{
    assert_int_equal(e->status, STATUS_CANNOT);
    assert_string_equal(e->text,
                        "file: changed while it was read; let end what writes it, and try again");
}

TEST(a_block_that_changes_between_two_reads)
{
    static const size_t places[] = {0, SEEN_BLOCK - 1, SEEN_BLOCK, SIZE - 1};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct err e = ERR_NONE;
        file_write("file", bytes, SIZE);
        struct input *in = open_file();
        assert_true(reads(in, 0, SIZE));
        poke(places[i]);
        assert_false(reads(in, 0, SIZE));
        assert_false(input_good(in, &e));
        want_changed(&e);
        input_close(in);
    }
}

TEST(a_file_that_is_opened_again)
{
    for (unsigned closed = 0; closed < 2; closed++) {
        struct err e = ERR_NONE;
        seen_begin();
        file_write("file", bytes, SIZE);
        struct input *in = open_file();
        assert_true(reads(in, 0, 10));
        if (closed == 1) {
            input_close(in);
        }
        poke(5);
        struct input *again = open_file();
        assert_true(reads(again, SEEN_BLOCK, 10)); // not read before
        assert_false(reads(again, 0, 1));
        assert_false(input_good(again, &e));
        assert_false(seen_settle(&e));
        want_changed(&e);
        input_close(again);
        if (closed == 0) {
            input_close(in);
        }
        seen_end();
    }
}

TEST(what_is_settled)
{
    static const struct {
        const char *name;
        bool settles;
    } rows[] = {{"nothing", true},  {"unread", true}, {"read", false},
                {"longer", false},  {"gone", false},  {"replaced by the same", true},
                {"replaced", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e = ERR_NONE;
        seen_begin();
        file_write("file", bytes, SIZE);
        struct input *in = open_file();
        assert_true(reads(in, 0, 10));
        assert_true(reads(in, SIZE - 10, 10));
        input_close(in);
        if (i == 1 || i == 2) {
            poke(i == 1 ? SEEN_BLOCK + 5 : SIZE - 1);
        } else if (i == 3) {
            assert_int_equal(truncate("file", SIZE + 1), 0);
        } else if (i >= 4) {
            assert_int_equal(rename("file", "was"), 0);
        }
        if (i == 5) {
            file_write("file", bytes, SIZE);
        } else if (i == 6) {
            poke(0);
        }
        bool settles = seen_settle(&e);
        if (settles != rows[i].settles) {
            fail_msg("%s: %s", rows[i].name, e.text);
        }
        if (!settles) {
            want_changed(&e);
        }
        seen_end();
    }
}

// What was read and failed is no good, though nobody asked then.
TEST(a_read_that_failed)
{
    struct err e = ERR_NONE;
    seen_begin();
    file_write("file", bytes, SIZE);
    struct input *in = open_file();
    assert_int_equal(truncate("file", 10), 0);
    assert_false(reads(in, 100, 10));
    file_write("file", bytes, SIZE);
    input_close(in);
    assert_false(seen_settle(&e));
    want_changed(&e);
    seen_end();
}

UNIT(seen)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bit_shows),
        cmocka_unit_test(any_length_shows),
        cmocka_unit_test(any_order_shows),
        cmocka_unit_test(a_block_that_changes_between_two_reads),
        cmocka_unit_test(a_file_that_is_opened_again),
        cmocka_unit_test(what_is_settled),
        cmocka_unit_test(a_read_that_failed),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
