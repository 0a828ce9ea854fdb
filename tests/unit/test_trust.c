// SPDX-License-Identifier: Apache-2.0
//
// trust.h: however many keys are asked for, an image is read as often as for one.
#include "unit.h"

#include "judge.h"
#include "signed_part.h"
#include "trust.h"

enum { KEYS = 64, FILE_MOST = 16384 };

static struct {
    uint8_t bytes[FILE_MOST];
    size_t size;
    uint64_t read;
} file;

static bool read_counted(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    (void)ctx;
    assert_true(at <= file.size && n <= file.size - at);
    memcpy(to, file.bytes + at, n);
    file.read += n;
    return true;
}

// How many bytes it takes to say of an image that these keys have signed it.
static uint64_t read_for(const char *name, const char *key, size_t count)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    const char *keys[KEYS + 1] = {NULL}, *none[] = {NULL};
    FILE *in = fopen(name, "rb");
    assert_non_null(in);
    file.size = fread(file.bytes, 1, sizeof(file.bytes), in);
    (void)fclose(in);
    for (size_t i = 0; i < count; i++) {
        keys[i] = key;
    }
    struct trust t = {.keys = keys, .key_digests = none};
    struct trusted *x = trust_open(&t, &a, &e);
    assert_non_null(x);
    struct otapack_source src = {.read = read_counted, .size = file.size};
    struct node *root = read_and_judge(&a, &plain, src);
    file.read = 0;
    assert_true(trust_ask(x, root, &a).holds);
    arena_free(&a);
    return file.read;
}

static void want_once(const char *name, const char *key)
{
    uint64_t one = read_for(name, key, 1);
    assert_in_range(read_for(name, key, KEYS), 0, one + KEYS * 128);
}

TEST(keys_cost_no_reading)
{
    want_once(FIXTURES "/secure_boot/good-v1.bin", FIXTURES "/keys/ecdsa-p256-a.pub.pem");
    want_once(FIXTURES "/secure_boot/good-rsa3072.bin", FIXTURES "/keys/rsa3072-a.pub.pem");
}

// What was found for one image says nothing of the next.
TEST(keys_are_tried_on_each_image)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    static const struct read_options plain;
    const char *keys[] = {FIXTURES "/keys/ecdsa-p256-a.pub.pem", NULL}, *none[] = {NULL};
    struct trust t = {.keys = keys, .key_digests = none};
    (void)read_for(FIXTURES "/secure_boot/good-v1.bin", keys[0], 1); // its bytes
    struct trusted *x = trust_open(&t, &a, &e);
    assert_non_null(x);
    for (int turn = 0; turn < 3; turn++) {
        file.bytes[200] ^= 1;
        struct node *root = read_and_judge(&a, &plain, otapack_memory(file.bytes, file.size));
        assert_int_equal(trust_ask(x, root, &a).holds, turn == 1);
    }
    arena_free(&a);
}

UNIT(trust)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_cost_no_reading),
                                       cmocka_unit_test(keys_are_tried_on_each_image)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
