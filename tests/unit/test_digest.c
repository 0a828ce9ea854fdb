// SPDX-License-Identifier: Apache-2.0
//
// digest.h: the vectors of FIPS 180 and RFC 1321 with each library, in pieces of every size, both
// libraries on random data, and starting again in the middle.
#include "unit.h"

#include "arena.h"
#include "digest.h"
#include "text.h"

static const enum digest_library libraries[] = {DIGEST_MBEDTLS, DIGEST_NETTLE, DIGEST_BEST};

// Feeds `bytes` in pieces of `step`.
static void compute(struct digest *d, const uint8_t *bytes, size_t n, size_t step, uint8_t *out)
{
    struct otapack_hash h = digest_hash(d);
    h.start(h.ctx);
    for (size_t at = 0; at < n; at += step) {
        h.update(h.ctx, bytes + at, n - at < step ? n - at : step);
    }
    h.finish(h.ctx, out);
}

static void check(enum digest_algorithm algorithm, const char *text, size_t n, const char *hex)
{
    for (size_t i = 0; i < COUNT(libraries); i++) {
        struct digest *d = digest_new(algorithm, libraries[i]);
        struct arena a = ARENA_EMPTY;
        // Of much, in few ways.
        size_t faster = n > 1000 && !is_long() ? 7 : 0;
        for (size_t step = 1; d != NULL && step <= n + 1; step += faster > 0  ? faster * step
                                                                  : step < 70 ? 1
                                                                              : n / 3) {
            uint8_t out[DIGEST_MAX_SIZE] = {0};
            compute(d, (const uint8_t *)text, n, step, out);
            assert_string_equal(text_hex(&a, out, strlen(hex) / 2), hex);
        }
        arena_free(&a);
        digest_free(d);
    }
}

TEST(sha256_of_fips_180)
{
    static const char *const rows[][2] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrl"
         "mnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check(DIGEST_SHA256, rows[i][0], strlen(rows[i][0]), rows[i][1]);
    }
}

// Every other algorithm, where a library has it: of nothing and of "abc", after FIPS 180 and 202.
TEST(others_of_fips_180_and_202)
{
    static const struct {
        enum digest_algorithm algorithm;
        const char *text, *hex;
    } rows[] = {
        {DIGEST_SHA384, "",
         "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f1"
         "4898b95b"},
        {DIGEST_SHA384, "abc",
         "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca1"
         "34c825a7"},
        {DIGEST_SHA512, "",
         "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2"
         "877eec2f63b931bd47417a81a538327af927da3e"},
        {DIGEST_SHA512, "abc",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23"
         "a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
        {DIGEST_SHA3_224, "", "6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7"},
        {DIGEST_SHA3_224, "abc", "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"},
        {DIGEST_SHA3_256, "", "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"},
        {DIGEST_SHA3_256, "abc",
         "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
        {DIGEST_SHA3_384, "abc",
         "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf2"
         "28376d25"},
        {DIGEST_SHA3_512, "abc",
         "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec576"
         "47e3934057340b4cf408d5a56592f8274eec53f0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check(rows[i].algorithm, rows[i].text, strlen(rows[i].text), rows[i].hex);
    }
}

TEST(sha256_of_a_million)
{
    static char million[1000000];
    memset(million, 'a', sizeof(million));
    check(DIGEST_SHA256, million, sizeof(million),
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(md5_of_rfc_1321)
{
    static const char *const rows[][2] = {
        {"", "d41d8cd98f00b204e9800998ecf8427e"},
        {"a", "0cc175b9c0f1b6a831c399e269772661"},
        {"abc", "900150983cd24fb0d6963f7d28e17f72"},
        {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
        {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
         "d174ab98d277d9f5a5611c2c9f419d9f"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
         "57edf4a22be3c955ac49da2e2107b67a"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        check(DIGEST_MD5, rows[i][0], strlen(rows[i][0]), rows[i][1]);
    }
}

// Every length around the blocks of 64 bytes, then random ones.
TEST(both_libraries_agree)
{
    uint64_t x = random_seed(__func__);
    static uint8_t bytes[70000];
    random_bytes(&x, bytes, sizeof(bytes));
    for (int algorithm = 0; algorithm < DIGEST_COUNT; algorithm++) {
        struct digest *one = digest_new((enum digest_algorithm)algorithm, DIGEST_MBEDTLS);
        struct digest *other = digest_new((enum digest_algorithm)algorithm, DIGEST_NETTLE);
        for (size_t turn = 0; one != NULL && other != NULL && turn < (is_long() ? 500U : 280U);
             turn++) {
            uint8_t a[DIGEST_MAX_SIZE] = {0}, b[DIGEST_MAX_SIZE] = {0};
            size_t n = turn < 200 ? turn : (size_t)random_below(&x, sizeof(bytes));
            compute(one, bytes, n, 1 + (size_t)random_below(&x, 9000), a);
            compute(other, bytes, n, 1 + (size_t)random_below(&x, 9000), b);
            assert_memory_equal(a, b, sizeof(a));
        }
        digest_free(one);
        digest_free(other);
    }
}

TEST(starting_again)
{
    for (size_t i = 0; i < COUNT(libraries); i++) {
        struct digest *d = digest_new(DIGEST_SHA256, libraries[i]);
        uint8_t first[DIGEST_MAX_SIZE] = {0}, again[DIGEST_MAX_SIZE] = {0};
        if (d == NULL) {
            continue;
        }
        struct otapack_hash h = digest_hash(d);
        compute(d, (const uint8_t *)"abc", 3, 1, first);
        h.start(h.ctx);
        h.update(h.ctx, (const uint8_t *)"something else", 14);
        compute(d, (const uint8_t *)"abc", 3, 2, again); // nothing of the other is left
        assert_memory_equal(first, again, sizeof(first));
        h.start(h.ctx);
        h.update(h.ctx, (const uint8_t *)"never finished", 14);
        digest_free(d);
    }
    digest_free(NULL);
}

TEST(a_clone_goes_its_own_way)
{
    for (size_t i = 0; i < COUNT(libraries) * DIGEST_COUNT; i++) {
        enum digest_algorithm algorithm = (enum digest_algorithm)(i / COUNT(libraries));
        struct digest *d = digest_new(algorithm, libraries[i % COUNT(libraries)]);
        uint8_t x[DIGEST_MAX_SIZE] = {0}, y[DIGEST_MAX_SIZE] = {0}, z[DIGEST_MAX_SIZE] = {0};
        if (d == NULL) {
            continue;
        }
        struct otapack_hash a = digest_hash(d);
        a.start(a.ctx);
        a.update(a.ctx, (const uint8_t *)"ab", 2);
        struct digest *clone = digest_clone(d);
        struct otapack_hash b = digest_hash(clone);
        a.update(a.ctx, (const uint8_t *)"x", 1);
        a.finish(a.ctx, x);
        b.update(b.ctx, (const uint8_t *)"c", 1);
        b.finish(b.ctx, y);
        compute(d, (const uint8_t *)"abc", 3, 3, z);
        assert_memory_equal(y, z, sizeof(y));
        assert_memory_not_equal(x, y, sizeof(x));
        digest_free(clone);
        digest_free(d);
    }
}

TEST(two_at_a_time)
{
    struct digest *one = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct digest *two = digest_new(DIGEST_SHA256, DIGEST_BEST);
    struct otapack_hash a = digest_hash(one), b = digest_hash(two);
    uint8_t x[DIGEST_MAX_SIZE] = {0}, y[DIGEST_MAX_SIZE] = {0}, z[DIGEST_MAX_SIZE] = {0};
    a.start(a.ctx);
    b.start(b.ctx);
    a.update(a.ctx, (const uint8_t *)"ab", 2);
    b.update(b.ctx, (const uint8_t *)"xy", 2);
    a.update(a.ctx, (const uint8_t *)"c", 1);
    b.finish(b.ctx, y);
    a.finish(a.ctx, x);
    compute(two, (const uint8_t *)"abc", 3, 3, z);
    assert_memory_equal(x, z, sizeof(x));
    assert_memory_not_equal(x, y, sizeof(x));
    digest_free(one);
    digest_free(two);
}

UNIT(digest)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_fips_180),       cmocka_unit_test(others_of_fips_180_and_202),
        cmocka_unit_test(sha256_of_a_million),      cmocka_unit_test(md5_of_rfc_1321),
        cmocka_unit_test(both_libraries_agree),     cmocka_unit_test(starting_again),
        cmocka_unit_test(a_clone_goes_its_own_way), cmocka_unit_test(two_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
