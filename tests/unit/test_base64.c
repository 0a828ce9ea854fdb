// SPDX-License-Identifier: Apache-2.0
//
// base64.h: the vectors of RFC 4648, every letter of the alphabet, every length.
#include "unit.h"

#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

TEST(vectors_of_rfc_4648)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const uint8_t *bytes = (const uint8_t *)rows[i][0];
        assert_string_equal(base64(&a, bytes, strlen(rows[i][0])), rows[i][1]);
    }
    arena_free(&a);
}

TEST(every_letter)
{
    struct arena a = ARENA_EMPTY;
    uint8_t bytes[48];
    for (unsigned i = 0; i < 16; i++) {
        unsigned first = i * 4; // four letters, six bits each, are three bytes
        bytes[i * 3] = (uint8_t)(first << 2 | (first + 1) >> 4);
        bytes[i * 3 + 1] = (uint8_t)((first + 1) << 4 | (first + 2) >> 2);
        bytes[i * 3 + 2] = (uint8_t)((first + 2) << 6 | (first + 3));
    }
    assert_string_equal(base64(&a, bytes, sizeof(bytes)), alphabet);
    arena_free(&a);
}

// Decodes what must be without a fault. Returns how many bytes there were.
static size_t decode(const char *text, uint8_t *to)
{
    size_t n = 0, letters = strcspn(text, "=");
    uint32_t bits = 0;
    for (size_t i = 0; i < letters; i++) {
        const char *letter = strchr(alphabet, text[i]);
        assert_non_null(letter);
        bits = bits << 6 | (uint32_t)(letter - alphabet);
        if (i % 4 != 0) {
            to[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
        }
    }
    return n;
}

TEST(every_length)
{
    uint64_t x = random_seed(__func__);
    uint8_t bytes[400], back[400];
    random_bytes(&x, bytes, sizeof(bytes));
    for (size_t n = 0; n < sizeof(bytes); n++) {
        struct arena a = ARENA_EMPTY;
        const char *text = base64(&a, bytes + sizeof(bytes) - n, n);
        assert_int_equal(strlen(text), (n + 2) / 3 * 4); // no line breaks, however long
        assert_int_equal(strlen(text) - strcspn(text, "="), (3 - n % 3) % 3);
        assert_int_equal(decode(text, back), n);
        assert_memory_equal(back, bytes + sizeof(bytes) - n, n);
        arena_free(&a);
    }
}

UNIT(base64)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_rfc_4648),
        cmocka_unit_test(every_letter),
        cmocka_unit_test(every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
