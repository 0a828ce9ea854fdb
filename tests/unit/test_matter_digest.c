// SPDX-License-Identifier: Apache-2.0
//
// matter_digest.h: names and numbers of Matter's digests, what they are of "abc", that the short
// ones begin the long one, and what is said of those that a build or a source does not have.
#include "unit.h"

#include "digest_span.h"
#include "matter_digest.h"
#include "text.h"

static const struct row {
    const char *name;
    size_t size;
    enum digest_algorithm algorithm;
    const char *abc; // of these three letters, after FIPS 180 and 202
} rows[MATTER_DIGEST_COUNT] = {
    {"sha256", 32, DIGEST_SHA256,
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"sha256_128", 16, DIGEST_SHA256, "ba7816bf8f01cfea414140de5dae2223"},
    {"sha256_120", 15, DIGEST_SHA256, "ba7816bf8f01cfea414140de5dae22"},
    {"sha256_96", 12, DIGEST_SHA256, "ba7816bf8f01cfea414140de"},
    {"sha256_64", 8, DIGEST_SHA256, "ba7816bf8f01cfea"},
    {"sha256_32", 4, DIGEST_SHA256, "ba7816bf"},
    {"sha384", 48, DIGEST_SHA384,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c8"
     "25a7"},
    {"sha512", 64, DIGEST_SHA512,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {"sha3_224", 28, DIGEST_SHA3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"},
    {"sha3_256", 32, DIGEST_SHA3_256,
     "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
    {"sha3_384", 48, DIGEST_SHA3_384,
     "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf22837"
     "6d25"},
    {"sha3_512", 64, DIGEST_SHA3_512,
     "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3"
     "934057340b4cf408d5a56592f8274eec53f0"},
};

static const uint8_t last = MATTER_DIGEST_COUNT, last_short = OTAPACK_MATTER_SHA256_32;

static bool can_compute(uint8_t type)
{
    struct digest *d = digest_new(rows[type - 1].algorithm, DIGEST_BEST);
    digest_free(d);
    return d != NULL;
}

TEST(names_and_types)
{
    for (uint8_t type = 1; type <= last; type++) {
        assert_string_equal(matter_digest_name(type), rows[type - 1].name);
        assert_string_equal(matter_digest_names()[type - 1], rows[type - 1].name);
        assert_int_equal(matter_digest_type(rows[type - 1].name), type);
    }
    assert_int_equal(matter_digest_type("sha256"), OTAPACK_MATTER_SHA256);
    assert_int_equal(matter_digest_type("sha256_32"), OTAPACK_MATTER_SHA256_32);
    assert_int_equal(matter_digest_type("sha3_512"), OTAPACK_MATTER_SHA3_512);
}

TEST(what_there_is_not)
{
    static const char *const names[] = {"",        "SHA256",     "sha-256", "sha256 ", "sha25",
                                        "sha2566", "sha256_256", "md5",     "1",       "sha3"};
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_int_equal(matter_digest_type(names[i]), 0);
    }
    assert_null(matter_digest_name(0));
    for (unsigned type = MATTER_DIGEST_COUNT + 1; type <= UINT8_MAX; type++) {
        assert_null(matter_digest_name((uint8_t)type));
    }
}

TEST(sizes)
{
    for (uint8_t type = 1; type <= last; type++) {
        const struct row *r = &rows[type - 1];
        assert_int_equal(otapack_matter_digest_size(type), r->size);
        assert_int_equal(strlen(r->abc), 2 * r->size);
    }
}

TEST(digests_of_abc)
{
    struct otapack_source src = otapack_memory((const uint8_t *)"abc", 3);
    for (uint8_t type = 1; type <= last; type++) {
        struct arena a = ARENA_EMPTY;
        struct err e = ERR_NONE;
        uint8_t out[OTAPACK_MATTER_MAX_DIGEST + 16];
        memset(out, 0xA5, sizeof(out));
        if (can_compute(type)) {
            assert_true(matter_digest(type, &src, out, &e));
            assert_int_equal(e.status, STATUS_OK);
            assert_string_equal(text_hex(&a, out, rows[type - 1].size), rows[type - 1].abc);
        }
        for (size_t i = OTAPACK_MATTER_MAX_DIGEST; i < sizeof(out); i++) {
            assert_int_equal(out[i], 0xA5); // what stands behind is left alone
        }
        arena_free(&a);
    }
}

// The same source, through digest_span.h.
static void compute(enum digest_algorithm algorithm, const struct otapack_source *src, uint8_t *out)
{
    assert_true(digest_of(algorithm, src, out));
}

// Payloads of several blocks, behind a read function, and none at all.
TEST(digests_of_payloads)
{
    enum { MOST = 200000 };
    static const size_t sizes[] = {0, 1, 64, 65535, 65536, 65537, MOST};
    uint64_t x = random_seed(__func__);
    static uint8_t bytes[MOST];
    random_bytes(&x, bytes, sizeof(bytes));
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (uint8_t type = 1; type <= last; type++) {
            struct reading r = reading_of(bytes, sizes[i]);
            struct otapack_source src = reading_source(&r);
            struct err e = ERR_NONE;
            uint8_t out[OTAPACK_MATTER_MAX_DIGEST], whole[DIGEST_MAX_SIZE];
            if (can_compute(type)) {
                compute(rows[type - 1].algorithm, &src, whole);
                assert_true(matter_digest(type, &src, out, &e));
                assert_memory_equal(out, whole, otapack_matter_digest_size(type));
            }
        }
    }
}

TEST(short_ones_begin_the_long_one)
{
    struct otapack_source src = otapack_memory((const uint8_t *)"payload", 7);
    struct err e = ERR_NONE;
    uint8_t whole[OTAPACK_MATTER_MAX_DIGEST], out[OTAPACK_MATTER_MAX_DIGEST];
    assert_true(matter_digest(OTAPACK_MATTER_SHA256, &src, whole, &e));
    for (uint8_t type = OTAPACK_MATTER_SHA256_128; type <= last_short; type++) {
        memset(out, 0, sizeof(out));
        assert_true(matter_digest(type, &src, out, &e));
        assert_memory_equal(out, whole, otapack_matter_digest_size(type));
    }
}

TEST(a_payload_that_cannot_be_read)
{
    for (unsigned fail_at = 1; fail_at <= 3; fail_at++) {
        struct reading r = {.fill = 1, .size = 3 * 65536, .fail_at = fail_at};
        struct otapack_source src = reading_source(&r);
        struct err e = ERR_NONE;
        uint8_t out[OTAPACK_MATTER_MAX_DIGEST];
        assert_false(matter_digest(OTAPACK_MATTER_SHA256, &src, out, &e));
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_string_equal(e.text, "the payload could not be read");
    }
}

// Without nettle, older versions of mbedTLS leave out SHA-3, and never anything else.
TEST(what_this_build_cannot_compute)
{
    struct otapack_source src = otapack_memory((const uint8_t *)"abc", 3);
    for (uint8_t type = 1; type <= last; type++) {
        struct arena a = ARENA_EMPTY;
        struct err e = ERR_NONE;
        uint8_t out[OTAPACK_MATTER_MAX_DIGEST];
        if (!can_compute(type)) {
            print_message("without %s\n", rows[type - 1].name);
            assert_true(type >= OTAPACK_MATTER_SHA3_224);
            assert_false(matter_digest(type, &src, out, &e));
            assert_int_equal(e.status, STATUS_CANNOT);
            assert_string_equal(e.text, arena_printf(&a,
                                                     "this otapack was built without %s; build it "
                                                     "with nettle, or with mbedTLS 3.5 or newer",
                                                     rows[type - 1].name));
        }
        arena_free(&a);
    }
}

UNIT(matter_digest)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_types),
        cmocka_unit_test(what_there_is_not),
        cmocka_unit_test(sizes),
        cmocka_unit_test(digests_of_abc),
        cmocka_unit_test(digests_of_payloads),
        cmocka_unit_test(short_ones_begin_the_long_one),
        cmocka_unit_test(a_payload_that_cannot_be_read),
        cmocka_unit_test(what_this_build_cannot_compute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
