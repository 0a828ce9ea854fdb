// SPDX-License-Identifier: Apache-2.0
//
// otapack/rcp_seal.h: where a place for a seal is found and where not, what a seal may say, and
// that it is of exactly the bytes before the host, of the table of a bundle, or of a co-processor's
// firmware, read in pieces of any size.
#include "unit.h"

#include <otapack/bundle_seal.h>

enum { APP = 640, SEALED = 84 + 40, DATA_LEN_AT = 28 };

// The sum of the bytes, each times its place, in place of SHA-256.
struct sum {
    uint32_t n, sum;
    unsigned pieces;
};

static void sum_start(void *ctx)
{
    *(struct sum *)ctx = (struct sum){0, 0, 0};
}

static void sum_update(void *ctx, const uint8_t *bytes, size_t n)
{
    struct sum *s = ctx;
    s->pieces++;
    for (size_t i = 0; i < n; i++) {
        s->sum = s->sum * 31 + bytes[i] + ++s->n;
    }
}

static void sum_finish(void *ctx, uint8_t *digest)
{
    const struct sum *s = ctx;
    memset(digest, (int)(s->sum >> 24), OTAPACK_SEAL_DIGEST_SIZE);
    otapack_put_le32(digest, s->sum);
}

// An app with segment 0 of this length, and the places of seals.
static struct otapack_source app_with(uint8_t app[APP], uint32_t data_len, uint32_t at)
{
    static const struct otapack_rcp_seal_place place = OTAPACK_RCP_SEAL_EMPTY;
    memset(app, 0x11, APP);
    otapack_put_le32(app + DATA_LEN_AT, data_len);
    otapack_put_le32(app + OTAPACK_APP_DESC_AT, OTAPACK_APP_DESC_MAGIC);
    if (at + sizeof(place) <= APP) {
        memcpy(app + at, &place, sizeof(place));
    }
    return otapack_memory(app, APP);
}

TEST(a_place_is_found_wherever_it_may_be)
{
    uint8_t app[APP];
    for (uint32_t at = 0; at + OTAPACK_SEAL_SIZE <= APP; at++) {
        struct otapack_source src = app_with(app, APP - 32, at);
        struct otapack_rcp_seal seal = {.at = 0};
        bool may = at >= 288 && at + OTAPACK_SEAL_SIZE <= 544 && at % 4 == 0;
        struct otapack_status s = otapack_rcp_seal_find(&src, &seal);
        assert_int_equal(s.code, may ? OTAPACK_OK : OTAPACK_NOT_THIS);
        if (may) {
            assert_int_equal(seal.at, at);
            assert_true(otapack_rcp_seal_is_empty(&seal));
            assert_status(otapack_rcp_seal_judge(&seal), OTAPACK_FORBIDDEN, "kind", at + 9);
        }
    }
}

TEST(it_lies_behind_a_description)
{
    uint8_t app[APP];
    for (unsigned bit = 0; bit < 32; bit++) {
        struct otapack_source src = app_with(app, APP - 32, 300);
        struct otapack_rcp_seal seal = {.at = 0};
        app[OTAPACK_APP_DESC_AT + bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_status(otapack_rcp_seal_find(&src, &seal), OTAPACK_NOT_THIS, "magic_word", 32);
    }
}

TEST(it_lies_in_segment_0)
{
    uint8_t app[APP];
    for (uint32_t data_len = 0; data_len < 400; data_len++) {
        struct otapack_source src = app_with(app, data_len, 300);
        struct otapack_rcp_seal seal = {.at = 0};
        assert_int_equal(otapack_rcp_seal_find(&src, &seal).code,
                         32 + data_len >= 300 + OTAPACK_SEAL_SIZE ? OTAPACK_OK : OTAPACK_NOT_THIS);
    }
    struct otapack_source src = app_with(app, UINT32_MAX, 480);
    uint32_t at;
    assert_good(otapack_rcp_seal_place_find(&src, &at));
    assert_int_equal(at, 480);
}

TEST(the_first_one_counts)
{
    uint8_t app[APP];
    struct otapack_source src = app_with(app, 600, 400);
    memcpy(app + 296, "OTAPOTAPSEAL", 12);
    uint32_t at;
    assert_good(otapack_rcp_seal_place_find(&src, &at));
    assert_int_equal(at, 300);
}

TEST(an_app_that_ends_before)
{
    uint8_t app[APP];
    for (size_t n = 0; n < APP; n++) {
        struct otapack_source src = app_with(app, 600, 300);
        struct otapack_rcp_seal seal = {.at = 0};
        src.size = n;
        enum otapack_code code = otapack_rcp_seal_find(&src, &seal).code;
        assert_int_equal(code, n < 364 ? OTAPACK_TRUNCATED : OTAPACK_OK);
    }
}

TEST(written_as_it_was_read)
{
    uint8_t raw[OTAPACK_SEAL_SIZE], back[OTAPACK_SEAL_SIZE];
    struct otapack_rcp_seal seal = {.at = 0};
    memcpy(raw, "OTAPSEAL", 8);
    for (size_t i = 8; i < sizeof(raw); i++) {
        raw[i] = (uint8_t)(i * 7 + 1);
    }
    otapack_rcp_seal_decode(raw, &seal);
    otapack_rcp_seal_write(&seal, back);
    assert_memory_equal(raw, back, sizeof(raw));
    assert_false(otapack_rcp_seal_is_empty(&seal));
    for (size_t i = 9; i < sizeof(raw); i++) { // the version alone makes no seal
        memset(raw + 9, 0, sizeof(raw) - 9);
        otapack_rcp_seal_decode(raw, &seal);
        assert_true(otapack_rcp_seal_is_empty(&seal));
        raw[i] = 0x80;
        otapack_rcp_seal_decode(raw, &seal);
        assert_false(otapack_rcp_seal_is_empty(&seal));
    }
}

TEST(what_a_seal_may_say)
{
    static const struct {
        size_t at;
        const char *field;
    } bytes[] = {{8, "version"},   {9, "kind"},      {10, "digest_type"},
                 {11, "reserved"}, {48, "reserved"}, {63, "reserved"}};
    const struct otapack_rcp_seal good = {
        .version = 1, .kind = OTAPACK_SEAL_RCP, .digest_type = OTAPACK_SEAL_SHA256, .size = 12};
    assert_good(otapack_rcp_seal_judge(&good));
    for (size_t i = 0; i < COUNT(bytes); i++) {
        for (unsigned flip = 1; flip < 256; flip++) {
            uint8_t raw[OTAPACK_SEAL_SIZE];
            unsigned kind = bytes[i].at == 9 ? OTAPACK_SEAL_RCP ^ flip : 0;
            bool known = kind == OTAPACK_SEAL_BUNDLE || kind == OTAPACK_SEAL_HOSTED;
            struct otapack_rcp_seal seal = good;
            otapack_rcp_seal_write(&good, raw);
            raw[bytes[i].at] ^= (uint8_t)flip;
            otapack_rcp_seal_decode(raw, &seal);
            struct otapack_status s = otapack_rcp_seal_judge(&seal);
            assert_int_equal(s.code, known ? OTAPACK_OK : OTAPACK_FORBIDDEN);
            if (!known) {
                assert_string_equal(s.field, bytes[i].field);
            }
        }
    }
}

// ---- Against an image ---------------------------------------------------------------------------

static void put_entry(uint8_t *p, uint32_t tag, uint32_t size, uint32_t offset)
{
    const struct otapack_rcp_entry e = {tag, size, offset};
    otapack_rcp_entry_write(&e, p);
}

// A table of seven entries, 40 bytes of a part, and the host's behind them.
static void make_image(uint8_t image[SEALED + 16])
{
    memset(image, 0x5A, SEALED + 16);
    put_entry(image, OTAPACK_RCP_TABLE, 84, 0);
    put_entry(image + 12, OTAPACK_RCP_VERSION, 10, 84);
    put_entry(image + 24, OTAPACK_RCP_FLASH_ARGS, 8, 94);
    put_entry(image + 36, OTAPACK_RCP_BOOTLOADER, 12, 102);
    put_entry(image + 48, OTAPACK_RCP_PARTITION_TABLE, 5, 114);
    put_entry(image + 60, OTAPACK_RCP_FIRMWARE, 5, 119);
    put_entry(image + 72, OTAPACK_RCP_HOST, 16, SEALED);
}

static struct otapack_rcp_seal seal_of_kind(enum otapack_seal_kind kind, const uint8_t *bytes,
                                            uint32_t n)
{
    struct otapack_rcp_seal seal = {.at = 300,
                                    .version = 1,
                                    .kind = (uint8_t)kind,
                                    .digest_type = OTAPACK_SEAL_SHA256,
                                    .size = n};
    struct sum sum;
    sum_start(&sum);
    sum_update(&sum, bytes, n);
    sum_finish(&sum, seal.digest);
    return seal;
}

static struct otapack_rcp_seal seal_of(const uint8_t *bytes, uint32_t n)
{
    return seal_of_kind(OTAPACK_SEAL_RCP, bytes, n);
}

typedef struct otapack_status check_fn(const struct otapack_rcp_seal *seal,
                                       const struct otapack_source *src,
                                       const struct otapack_hash *sha256, uint8_t *buffer,
                                       size_t n);

static struct otapack_status check_by(check_fn *fn, const struct otapack_rcp_seal *seal,
                                      const uint8_t *image, size_t n, size_t piece)
{
    struct sum sum;
    const struct otapack_hash hash = {&sum, sum_start, sum_update, sum_finish};
    struct otapack_source src = otapack_memory(image, n);
    uint8_t buffer[SEALED + 16];
    struct otapack_status s = fn(seal, &src, &hash, buffer, piece);
    if (s.code == OTAPACK_OK) {
        assert_int_equal(sum.n, seal->size);
        assert_int_equal(sum.pieces, (seal->size + piece - 1) / piece);
    }
    return s;
}

static struct otapack_status check(const struct otapack_rcp_seal *seal, const uint8_t *image,
                                   size_t n, size_t piece)
{
    return check_by(otapack_rcp_seal_check, seal, image, n, piece);
}

TEST(the_bytes_before_the_host_and_no_others)
{
    uint8_t image[SEALED + 16];
    make_image(image);
    const struct otapack_rcp_seal seal = seal_of(image, SEALED);
    for (size_t piece = 1; piece <= SEALED + 16; piece++) {
        assert_good(check(&seal, image, sizeof(image), piece));
    }
    for (size_t n = 0; n < sizeof(image); n++) {
        assert_int_equal(check(&seal, image, n, 16).code,
                         n < SEALED ? OTAPACK_TRUNCATED : OTAPACK_OK);
    }
    for (size_t at = 0; at < sizeof(image); at++) {
        image[at] ^= 1;
        assert_int_equal(check(&seal, image, sizeof(image), 16).code == OTAPACK_OK, at >= SEALED);
        image[at] ^= 1;
    }
}

TEST(a_seal_of_less_than_what_is_flashed)
{
    uint8_t image[SEALED + 16];
    make_image(image);
    for (uint32_t size = 0; size < sizeof(image); size++) {
        const struct otapack_rcp_seal seal = seal_of(image, size);
        struct otapack_status s = check(&seal, image, sizeof(image), 16);
        if (size == SEALED) {
            assert_good(s);
        } else {
            assert_status(s, OTAPACK_FORBIDDEN, "size", 312);
        }
    }
    // A part behind the host, or that reaches into it, would be flashed with bytes that nobody
    // sealed.
    for (unsigned tag = 0; tag < OTAPACK_RCP_HOST; tag++) {
        make_image(image);
        put_entry(image + 12 * (tag + 1), tag, 2, SEALED - 1);
        const struct otapack_rcp_seal seal = seal_of(image, SEALED);
        assert_status(check(&seal, image, sizeof(image), 16), OTAPACK_FORBIDDEN, "size", 312);
    }
    // What is no combined image has no seal, whatever its sum.
    memset(image, 0, sizeof(image));
    const struct otapack_rcp_seal seal = seal_of(image, SEALED);
    assert_status(check(&seal, image, sizeof(image), 16), OTAPACK_NOT_THIS, "tag", 0);
}

// ---- Of a bundle, and of a co-processor's firmware ----------------------------------------------

enum { BUNDLE = 8 + 2 * 48 }; // its table

static void make_bundle(uint8_t table[BUNDLE])
{
    memset(table, 0x5A, BUNDLE);
    otapack_put_le32(table, OTAPACK_BUNDLE_MAGIC);
    otapack_put_le32(table + 4, 2);
}

// All of the table but the application's own SHA-256, which is its end.
TEST(the_table_but_the_last_digest)
{
    uint8_t table[BUNDLE];
    make_bundle(table);
    assert_int_equal(otapack_bundle_seal_size(2), BUNDLE - 32);
    assert_int_equal(otapack_bundle_seal_size(1), 8 + 16);
    assert_int_equal(otapack_bundle_seal_size(255), 8 + 255 * 48 - 32);
    const struct otapack_rcp_seal seal = seal_of_kind(OTAPACK_SEAL_BUNDLE, table, BUNDLE - 32);
    for (size_t piece = 1; piece <= BUNDLE; piece++) {
        assert_good(check_by(otapack_bundle_seal_check, &seal, table, BUNDLE, piece));
    }
    for (size_t n = 0; n < BUNDLE; n++) {
        assert_int_equal(check_by(otapack_bundle_seal_check, &seal, table, n, 16).code,
                         n < BUNDLE - 32 ? OTAPACK_TRUNCATED : OTAPACK_OK);
    }
    for (size_t at = 0; at < BUNDLE; at++) {
        enum otapack_code code = at < 4    ? OTAPACK_NOT_THIS
                                 : at == 4 ? OTAPACK_FORBIDDEN
                                           : OTAPACK_MISMATCH;
        table[at] ^= 1;
        assert_int_equal(check_by(otapack_bundle_seal_check, &seal, table, BUNDLE, 16).code,
                         at < BUNDLE - 32 ? code : OTAPACK_OK);
        table[at] ^= 1;
    }
}

TEST(a_table_of_another_size)
{
    uint8_t table[BUNDLE];
    make_bundle(table);
    for (uint32_t size = 0; size <= BUNDLE; size++) {
        const struct otapack_rcp_seal seal = seal_of_kind(OTAPACK_SEAL_BUNDLE, table, size);
        struct otapack_status s = check_by(otapack_bundle_seal_check, &seal, table, BUNDLE, 16);
        if (size == BUNDLE - 32) {
            assert_good(s);
        } else {
            assert_status(s, OTAPACK_FORBIDDEN, "size", 312);
        }
    }
    // Of no images at all, which 8 bytes less 32 would be the size of.
    otapack_put_le32(table + 4, 0);
    const struct otapack_rcp_seal seal = seal_of_kind(OTAPACK_SEAL_BUNDLE, table, 8);
    assert_status(check_by(otapack_bundle_seal_check, &seal, table, BUNDLE, 16), OTAPACK_FORBIDDEN,
                  "size", 312);
}

TEST(the_firmware_and_what_lies_behind)
{
    uint8_t bytes[SEALED];
    memset(bytes, 0x5A, sizeof(bytes));
    const struct otapack_rcp_seal seal = seal_of_kind(OTAPACK_SEAL_HOSTED, bytes, 100);
    for (size_t n = 0; n < sizeof(bytes); n++) {
        assert_int_equal(check_by(otapack_hosted_seal_check, &seal, bytes, n, 7).code,
                         n < 100 ? OTAPACK_TRUNCATED : OTAPACK_OK);
    }
    for (size_t at = 0; at < sizeof(bytes); at++) {
        bytes[at] ^= 1;
        assert_int_equal(check_by(otapack_hosted_seal_check, &seal, bytes, sizeof(bytes), 7).code,
                         at < 100 ? OTAPACK_MISMATCH : OTAPACK_OK);
        bytes[at] ^= 1;
    }
}

// The seal of one kind is none of another, whatever bytes it is held against.
TEST(each_kind_by_itself)
{
    static check_fn *const fns[] = {[OTAPACK_SEAL_RCP] = otapack_rcp_seal_check,
                                    [OTAPACK_SEAL_BUNDLE] = otapack_bundle_seal_check,
                                    [OTAPACK_SEAL_HOSTED] = otapack_hosted_seal_check};
    uint8_t image[SEALED + 16], table[BUNDLE];
    make_image(image);
    make_bundle(table);
    for (unsigned is = 0; is < 256; is++) {
        for (unsigned asked = OTAPACK_SEAL_RCP; asked < COUNT(fns); asked++) {
            const uint8_t *bytes = asked == OTAPACK_SEAL_BUNDLE ? table : image;
            uint32_t n = asked == OTAPACK_SEAL_BUNDLE ? BUNDLE - 32 : SEALED;
            struct otapack_rcp_seal seal = seal_of_kind(OTAPACK_SEAL_EMPTY, bytes, n);
            seal.kind = (uint8_t)is;
            struct otapack_status s = check_by(fns[asked], &seal, bytes, n, 16);
            if (is == asked) {
                assert_good(s);
            } else {
                assert_status(s, OTAPACK_FORBIDDEN, "kind", 309);
            }
        }
    }
}

static bool read_until(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    memset(to, 0x11, n);
    return at + n <= *(const uint64_t *)ctx;
}

TEST(a_read_that_fails)
{
    uint64_t until = 0;
    const struct otapack_source src = {NULL, read_until, &until, 0, APP};
    struct otapack_rcp_seal seal = {.at = 0};
    for (; until < 32; until++) {
        assert_int_equal(otapack_rcp_seal_find(&src, &seal).code, OTAPACK_READ_FAILED);
    }
}

UNIT(rcp_seal)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_found_wherever_it_may_be),
        cmocka_unit_test(it_lies_behind_a_description),
        cmocka_unit_test(it_lies_in_segment_0),
        cmocka_unit_test(the_first_one_counts),
        cmocka_unit_test(an_app_that_ends_before),
        cmocka_unit_test(written_as_it_was_read),
        cmocka_unit_test(what_a_seal_may_say),
        cmocka_unit_test(the_bytes_before_the_host_and_no_others),
        cmocka_unit_test(a_seal_of_less_than_what_is_flashed),
        cmocka_unit_test(the_table_but_the_last_digest),
        cmocka_unit_test(a_table_of_another_size),
        cmocka_unit_test(the_firmware_and_what_lies_behind),
        cmocka_unit_test(each_kind_by_itself),
        cmocka_unit_test(a_read_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
