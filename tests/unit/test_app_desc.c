// SPDX-License-Identifier: Apache-2.0
//
// otapack/app_desc.h: every field of a golden description, every prefix, wrong magic numbers, full
// texts, offsets at both ends, reads that fail.
#include "unit.h"

#include <otapack/app_desc.h>

// What is not named here is filled with its own offset, so that a field read from the wrong place
// shows.
static void golden(uint8_t raw[OTAPACK_APP_DESC_SIZE])
{
    static const uint8_t head[8] = {0x32, 0x54, 0xCD, 0xAB, 0x04, 0x03, 0x02, 0x01};
    static const uint8_t tail[8] = {0x63, 0x00, 0xC7, 0x00, 0x0F, 0x02, 0xB6, 0xB7};
    for (unsigned i = 0; i < OTAPACK_APP_DESC_SIZE; i++) {
        raw[i] = (uint8_t)i;
    }
    memcpy(raw, head, sizeof(head));
    memset(raw + 16, 0, 128);
    memcpy(raw + 16, "v1.2.3-4-gabcdef0", 17);
    memcpy(raw + 48, "esp_ot_br", 9);
    memcpy(raw + 80, "12:34:56", 8);
    memcpy(raw + 96, "Nov 20 2025", 11);
    memcpy(raw + 112, "v5.4.1-dirty", 12);
    memcpy(raw + 176, tail, sizeof(tail));
}

static struct otapack_status read_at(const uint8_t *bytes, size_t n, uint64_t at,
                                     struct otapack_app_desc *d)
{
    struct otapack_source src = otapack_memory(bytes, n);
    return otapack_app_desc_read(&src, at, d);
}

TEST(every_field)
{
    uint8_t raw[OTAPACK_APP_DESC_SIZE];
    struct otapack_app_desc d;
    golden(raw);
    assert_good(read_at(raw, sizeof(raw), 0, &d));
    assert_int_equal(d.magic_word, 0xABCD5432);
    assert_int_equal(d.secure_version, 0x01020304);
    assert_memory_equal(d.reserv1, raw + 8, 8);
    assert_string_equal(d.version, "v1.2.3-4-gabcdef0");
    assert_string_equal(d.project_name, "esp_ot_br");
    assert_string_equal(d.time, "12:34:56");
    assert_string_equal(d.date, "Nov 20 2025");
    assert_string_equal(d.idf_ver, "v5.4.1-dirty");
    assert_int_equal(d.app_elf_sha256[0], 144);
    assert_int_equal(d.app_elf_sha256[31], 175);
    assert_int_equal(d.min_efuse_blk_rev_full, 99);
    assert_int_equal(d.max_efuse_blk_rev_full, 199);
    assert_int_equal(d.mmu_page_size, 15);
    assert_int_equal(d.spi_flash_mode, 2);
    assert_memory_equal(d.reserv3, raw + 182, 2);
    assert_memory_equal(d.reserv2, raw + 184, 72);
}

TEST(every_prefix_is_truncated)
{
    uint8_t raw[OTAPACK_APP_DESC_SIZE];
    golden(raw);
    for (size_t n = 0; n < sizeof(raw); n++) {
        struct otapack_app_desc d;
        struct reading r = reading_of(raw, n);
        struct otapack_source hook = reading_source(&r);
        struct otapack_status s = read_at(raw, n, 0, &d);
        assert_status(s, OTAPACK_TRUNCATED, "app_desc", 0);
        assert_same_status(s, otapack_app_desc_read(&hook, 0, &d));
        assert_int_equal(r.reads, 0);
    }
}

TEST(every_other_magic)
{
    for (size_t at = 0; at < 4; at++) {
        for (unsigned v = 1; v < 256; v++) {
            uint8_t raw[OTAPACK_APP_DESC_SIZE];
            struct otapack_app_desc d;
            golden(raw);
            raw[at] = (uint8_t)(raw[at] ^ v);
            struct otapack_status s = read_at(raw, sizeof(raw), 0, &d);
            assert_status(s, OTAPACK_NOT_THIS, "magic_word", 0);
            assert_int_equal(s.value, otapack_le32(raw));
            assert_int_equal(s.limit, 0xABCD5432);
        }
    }
}

TEST(where_it_stands)
{
    uint8_t raw[OTAPACK_APP_DESC_AT + OTAPACK_APP_DESC_SIZE] = {0};
    struct otapack_app_desc d;
    golden(raw + OTAPACK_APP_DESC_AT);
    assert_good(read_at(raw, sizeof(raw), OTAPACK_APP_DESC_AT, &d));
    assert_string_equal(d.project_name, "esp_ot_br");
    assert_status(read_at(raw, sizeof(raw), OTAPACK_APP_DESC_AT + 1, &d), OTAPACK_TRUNCATED,
                  "app_desc", OTAPACK_APP_DESC_AT + 1);
    assert_status(read_at(raw, sizeof(raw), 0, &d), OTAPACK_NOT_THIS, "magic_word", 0);
    assert_int_equal(read_at(raw, sizeof(raw), UINT64_MAX, &d).code, OTAPACK_TRUNCATED);
    assert_int_equal(read_at(raw, sizeof(raw), UINT64_C(0xFFFFFFFF), &d).code, OTAPACK_TRUNCATED);
}

TEST(a_full_text_has_no_end)
{
    uint8_t raw[OTAPACK_APP_DESC_SIZE];
    struct otapack_app_desc d;
    golden(raw);
    memset(raw + 16, 'x', 32);
    assert_good(read_at(raw, sizeof(raw), 0, &d));
    assert_int_equal(otapack_text_length(d.version, sizeof(d.version)), 32);
}

TEST(a_read_that_fails_fills_nothing)
{
    uint8_t raw[OTAPACK_APP_DESC_SIZE];
    struct otapack_app_desc d, before;
    golden(raw);
    memset(&d, 0x5A, sizeof(d));
    before = d;
    struct reading r = reading_of(raw, sizeof(raw));
    struct otapack_source src = reading_source(&r);
    r.fail_at = 1;
    assert_status(otapack_app_desc_read(&src, 0, &d), OTAPACK_READ_FAILED, "app_desc", 0);
    assert_memory_equal(&d, &before, sizeof(d));
}

UNIT(app_desc)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field),
        cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(every_other_magic),
        cmocka_unit_test(where_it_stands),
        cmocka_unit_test(a_full_text_has_no_end),
        cmocka_unit_test(a_read_that_fails_fills_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
