// SPDX-License-Identifier: Apache-2.0
//
// otapack/ota_data.h: both entries of golden sectors, every prefix, CRCs that ESP-IDF's tools
// write, reads that fail.
#include "unit.h"

#include <otapack/ota_data.h>

#include "crc.h"

// What otatool.py writes for slot 0 into the first sector; the second has a label and a state.
static void golden(uint8_t sectors[OTAPACK_OTA_DATA_SIZE])
{
    static const uint8_t one[4] = {0x01, 0x00, 0x00, 0x00}, crc[4] = {0x9A, 0x98, 0x43, 0x47};
    uint8_t *second = sectors + OTAPACK_OTA_SECTOR_SIZE;
    memset(sectors, 0xFF, OTAPACK_OTA_DATA_SIZE);
    memcpy(sectors, one, 4);
    memcpy(sectors + 28, crc, 4);
    for (uint8_t i = 0; i < OTAPACK_OTA_ENTRY_SIZE; i++) {
        second[i] = i;
    }
}

TEST(both_entries)
{
    uint8_t sectors[OTAPACK_OTA_DATA_SIZE];
    struct otapack_ota_entry e;
    golden(sectors);
    struct otapack_source src = otapack_memory(sectors, sizeof(sectors));
    assert_good(otapack_ota_entry_read(&src, 0, &e));
    assert_int_equal(e.ota_seq, 1);
    assert_int_equal(e.seq_label[0], 0xFF);
    assert_int_equal(e.ota_state, OTAPACK_OTA_UNDEFINED);
    assert_int_equal(e.crc, 0x4743989A);
    assert_good(otapack_ota_entry_read(&src, 1, &e));
    assert_int_equal(e.ota_seq, 0x03020100);
    assert_memory_equal(e.seq_label, sectors + 0x1004, 20);
    assert_int_equal(e.ota_state, 0x1B1A1918);
    assert_int_equal(e.crc, 0x1F1E1D1C);
}

TEST(the_crc_of_a_sequence_number)
{
    // 1 as esp-idf's otadata files have it, the others by Python's zlib.
    assert_int_equal(otapack_ota_seq_crc(1, crc_32), 0x4743989A);
    assert_int_equal(otapack_ota_seq_crc(2, crc_32), 0x55F63774);
    assert_int_equal(otapack_ota_seq_crc(0xFFFFFFFE, crc_32), 0x99F8B879);
}

TEST(every_prefix)
{
    uint8_t sectors[OTAPACK_OTA_DATA_SIZE];
    golden(sectors);
    for (size_t n = 0; n <= sizeof(sectors); n++) {
        struct otapack_source src = otapack_memory(sectors, n);
        struct reading r = reading_of(sectors, n);
        struct otapack_source hook = reading_source(&r);
        for (uint32_t which = 0; which < 2; which++) {
            struct otapack_ota_entry e;
            uint64_t at = (uint64_t)which * 0x1000;
            struct otapack_status s = otapack_ota_entry_read(&src, which, &e);
            assert_int_equal(s.code, n >= at + 32 ? OTAPACK_OK : OTAPACK_TRUNCATED);
            assert_same_status(s, otapack_ota_entry_read(&hook, which, &e));
            if (s.code != OTAPACK_OK) {
                assert_status(s, OTAPACK_TRUNCATED, "ota_select_entry", at);
            }
        }
    }
}

TEST(an_entry_far_away)
{
    uint8_t sectors[OTAPACK_OTA_DATA_SIZE];
    struct otapack_ota_entry e;
    golden(sectors);
    struct otapack_source src = otapack_memory(sectors, sizeof(sectors));
    assert_int_equal(otapack_ota_entry_read(&src, 2, &e).code, OTAPACK_TRUNCATED);
    assert_status(otapack_ota_entry_read(&src, UINT32_MAX, &e), OTAPACK_TRUNCATED,
                  "ota_select_entry", UINT64_C(0xFFFFFFFF000));
}

TEST(a_read_that_fails_fills_nothing)
{
    uint8_t sectors[OTAPACK_OTA_DATA_SIZE];
    struct otapack_ota_entry e, before;
    golden(sectors);
    memset(&e, 0x5A, sizeof(e));
    before = e;
    struct reading r = reading_of(sectors, sizeof(sectors));
    struct otapack_source src = reading_source(&r);
    r.fail_at = 1;
    assert_int_equal(otapack_ota_entry_read(&src, 1, &e).code, OTAPACK_READ_FAILED);
    assert_memory_equal(&e, &before, sizeof(e));
}

UNIT(ota_data)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_entries),
        cmocka_unit_test(the_crc_of_a_sequence_number),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(an_entry_far_away),
        cmocka_unit_test(a_read_that_fails_fills_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
