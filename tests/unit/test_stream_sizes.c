// SPDX-License-Identifier: Apache-2.0
//
// Sizes and hashes that are there or not: a wrong Content-Length, none at all, signatures that are
// cut off, hooks without a hash, 4 GiB.
#include "stream_build.h"
#include "stream_files.h"

static struct run run;

static const struct how not_announced = {.unannounced = true, .hashes = ALL_HASHES};

static enum otapack_code outcome_of(const struct made *m, const struct how *how)
{
    run_stream(&run, m->bytes, m->n, how);
    if (run.broken != NULL) {
        told_print(run.broken, &run.list, run.outcome);
        fail_msg("%s", run.broken);
    }
    return run.outcome.code;
}

static bool last_end_is_checked(void)
{
    return run.list.told[run.list.n - 2].checked;
}

static struct made in_matter(const struct made *payload)
{
    struct header_parts h = header_parts();
    return make_matter(&h, payload->bytes, payload->n);
}

static struct made combined(void)
{
    struct kit k = kit_new();
    struct made m = make_combined(k.parts, PARTS);
    kit_free(&k);
    return m;
}

// ---- Announced ----------------------------------------------------------------------------------

static void announce_wrongly(const struct made *m)
{
    for (size_t size = 0; size < m->n + 40; size++) {
        struct how how = {.announced = (uint32_t)size, .chunk = size % 50, .hashes = ALL_HASHES};
        assert_true((outcome_of(m, &how) == OTAPACK_OK) == (size == m->n));
        // What comes then is too much or too little, and nothing else is wrong.
        assert_true(size == m->n || run.outcome.code == OTAPACK_TRUNCATED ||
                    run.outcome.code == OTAPACK_FORBIDDEN ||
                    run.outcome.code == OTAPACK_UNEXPECTED);
    }
    static const uint32_t large[] = {0x80000000, 0xFFFFFFFE};
    for (size_t i = 0; i < COUNT(large); i++) {
        struct how how = {.announced = large[i], .hashes = ALL_HASHES};
        assert_true(outcome_of(m, &how) != OTAPACK_OK);
    }
}

TEST(a_wrong_size_is_refused)
{
    struct made image = make_app(&(struct image_parts){.chip = H2});
    struct made both = combined(), matter = in_matter(&image), matter_both = in_matter(&both);
    announce_wrongly(&image);
    announce_wrongly(&both);
    announce_wrongly(&matter);
    announce_wrongly(&matter_both);
    free(image.bytes);
    free(both.bytes);
    free(matter.bytes);
    free(matter_both.bytes);
}

// Too few bytes for anything.
TEST(a_file_that_is_too_small)
{
    for (uint32_t size = 0; size < 4; size++) {
        const uint8_t none = 0;
        struct how how = {.announced = size, .hashes = ALL_HASHES};
        run_stream(&run, &none, 0, &how);
        assert_null(run.broken);
        assert_int_equal(run.outcome.code, OTAPACK_TRUNCATED);
        assert_int_equal(run.calls, 1);
    }
    const uint8_t none = 0;
    run_stream(&run, &none, 0, &not_announced);
    assert_null(run.broken);
    assert_int_equal(run.outcome.code, OTAPACK_TRUNCATED);
}

// ---- Not announced ------------------------------------------------------------------------------

// Bytes behind an app belong to it (they may be a signature); behind what says its size they do
// not.
TEST(trailing_bytes)
{
    struct made image = make_app(&(struct image_parts){.chip = H2});
    struct made both = combined(), matter = in_matter(&image);
    size_t n = image.n;
    put_fill(&image, 0xFF, 100);
    assert_int_equal(outcome_of(&image, &not_announced), OTAPACK_OK);
    assert_int_equal(run.list.told[run.list.n - 2].size, n + 100);
    both.bytes = (uint8_t *)realloc(both.bytes, both.n + 1);
    assert_non_null(both.bytes);
    both.bytes[both.n++] = 0xFF;
    matter.bytes[matter.n++] = 0xFF;
    for (unsigned chunk = 0; chunk < 3; chunk++) {
        struct how how = not_announced;
        how.chunk = chunk;
        assert_int_equal(outcome_of(&both, &how), OTAPACK_FORBIDDEN);
        assert_string_equal(run.outcome.field, "trailing");
        assert_int_equal(run.outcome.at, both.n - 1);
        assert_int_equal(outcome_of(&matter, &how), OTAPACK_FORBIDDEN);
        assert_string_equal(run.outcome.field, "trailing");
        assert_int_equal(run.outcome.at, matter.n - 1);
    }
    free(image.bytes);
    free(both.bytes);
    free(matter.bytes);
}

// A signature that is cut off is none; what of it is there and can be judged, is judged. Where
// nobody said how large the file is, it shows that something is missing.
static void cut_signature(enum otapack_sb_scheme scheme, bool damaged)
{
    struct made m = make_app(&(struct image_parts){.chip = H2});
    size_t image = m.n, sector = (size_t)otapack_sb_sector_at(m.n);
    put_sector(&m, scheme, 2);
    if (damaged) { // something between the image and the sector, which the digest covers
        m.bytes[image] ^= 1;
    }
    for (m.n = image; m.n <= sector + OTAPACK_SB_SECTOR_SIZE; m.n += m.n < sector ? 100 : 1) {
        struct how how = {.announced = (uint32_t)m.n, .hashes = ALL_HASHES, .chunk = 500};
        bool whole = m.n == sector + OTAPACK_SB_SECTOR_SIZE;
        bool digest = m.n >= sector + OTAPACK_SB_HEAD_SIZE && scheme != OTAPACK_SB_P384;
        enum otapack_code code = damaged && digest ? OTAPACK_MISMATCH : OTAPACK_OK;
        bool cut = m.n > sector && !whole;
        assert_int_equal(outcome_of(&m, &not_announced),
                         cut && code == OTAPACK_OK ? OTAPACK_TRUNCATED : code);
        assert_int_equal(outcome_of(&m, &how), whole ? code : OTAPACK_OK);
    }
    free(m.bytes);
}

TEST(a_signature_that_is_cut)
{
    cut_signature(OTAPACK_SB_P256, false);
    cut_signature(OTAPACK_SB_P256, true);
    cut_signature(OTAPACK_SB_P384, false);
    cut_signature(OTAPACK_SB_P384, true);
    cut_signature(OTAPACK_SB_RSA3072, false);
}

// ---- Hashes -------------------------------------------------------------------------------------

TEST(without_a_hash_nothing_is_compared)
{
    struct made m = make_app(&(struct image_parts){.chip = H2});
    struct how how = {.announced = (uint32_t)m.n};
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    assert_false(last_end_is_checked());
    m.bytes[m.n - 1] ^= 1; // of the hash
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    m.bytes[m.n - 33] ^= 1; // the checksum, which needs none
    assert_int_equal(outcome_of(&m, &how), OTAPACK_MISMATCH);
    assert_string_equal(run.outcome.field, "checksum");
    free(m.bytes);
}

TEST(without_the_digest_of_a_payload)
{
    struct made image = make_app(&(struct image_parts){.chip = H2});
    struct header_parts h = header_parts();
    static const uint8_t wrong[32] = {1};
    h.texts.image_digest = wrong;
    struct made m = make_matter(&h, image.bytes, image.n);
    struct how how = {.announced = (uint32_t)m.n, .hashes = ALL_HASHES};
    assert_int_equal(outcome_of(&m, &how), OTAPACK_MISMATCH);
    assert_string_equal(run.outcome.field, "image_digest");
    how.hashes &= ~HASH_BIT(OTAPACK_HASH_PAYLOAD);
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    assert_false(last_end_is_checked());
    free(m.bytes);
    free(image.bytes);
}

static bool checked_with(enum otapack_sb_scheme scheme, bool no_hash, uint32_t hashes)
{
    struct made m = make_app(&(struct image_parts){.chip = H2, .no_hash = no_hash});
    put_sector(&m, scheme, 1);
    struct how how = {.announced = (uint32_t)m.n, .hashes = hashes};
    assert_int_equal(outcome_of(&m, &how), OTAPACK_OK);
    free(m.bytes);
    return last_end_is_checked();
}

// The appended hash is one of the part, and so is the digest in a signature block that is SHA-256.
TEST(what_checked_means)
{
    uint32_t image = HASH_BIT(OTAPACK_HASH_IMAGE), signed_ = HASH_BIT(OTAPACK_HASH_SIGNED);
    assert_true(checked_with(OTAPACK_SB_P256, false, ALL_HASHES));
    assert_true(checked_with(OTAPACK_SB_P256, false, image));
    assert_true(checked_with(OTAPACK_SB_P256, false, signed_));
    assert_false(checked_with(OTAPACK_SB_P256, true, image));
    assert_true(checked_with(OTAPACK_SB_P256, true, signed_));
    assert_true(checked_with(OTAPACK_SB_P384, false, image));
    assert_false(checked_with(OTAPACK_SB_P384, false, signed_));
    assert_false(checked_with(OTAPACK_SB_P384, true, image | signed_));
}

// The CRC of a signature block says nothing of the image before it.
TEST(a_crc_is_not_a_hash_of_the_part)
{
    assert_false(checked_with(OTAPACK_SB_P256, true, HASH_BIT(OTAPACK_HASH_CRC)));
    assert_false(checked_with(OTAPACK_SB_P384, true, ALL_HASHES));
}

UNIT(stream_sizes)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_size_is_refused),
        cmocka_unit_test(a_file_that_is_too_small),
        cmocka_unit_test(trailing_bytes),
        cmocka_unit_test(a_signature_that_is_cut),
        cmocka_unit_test(without_a_hash_nothing_is_compared),
        cmocka_unit_test(without_the_digest_of_a_payload),
        cmocka_unit_test(what_checked_means),
        cmocka_unit_test(a_crc_is_not_a_hash_of_the_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
