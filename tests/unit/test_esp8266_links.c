// SPDX-License-Identifier: Apache-2.0
//
// esp8266_links.h: by the addresses in a program, where it was linked to, and whether its end is
// there.
#include "unit.h"

#include "esp8266_links.h"

enum { SIZE = 0x3000, FLASH = 0x40200000 };

static uint8_t bytes[SIZE];

static struct otapack_source words_at(const uint32_t *words, size_t n)
{
    memset(bytes, 0, sizeof(bytes));
    for (size_t i = 0; i < n; i++) {
        otapack_put_le32(bytes + i * 64, words[i]);
    }
    return otapack_memory(bytes, sizeof(bytes));
}

// Ten addresses in the sector at 0x5000: of all places from which a program of three sectors
// reaches there, the lowest.
TEST(the_lowest_place)
{
    struct esp8266_links links;
    uint32_t words[10];
    uint64_t base = 1;
    for (uint32_t i = 0; i < 10; i++) {
        words[i] = FLASH + 0x5000 + i * 4;
    }
    struct otapack_source src = words_at(words, 10);
    assert_true(esp8266_links_count(&src, &links));
    assert_int_equal(links.total, 10);
    assert_true(esp8266_links_base(&links, 0, SIZE, &base));
    assert_int_equal(base, 0x3000);
    src = words_at(words, 7); // so few are there by chance
    assert_true(esp8266_links_count(&src, &links));
    assert_false(esp8266_links_base(&links, 0, SIZE, &base));
}

TEST(addresses_behind)
{
    uint32_t words[20];
    uint64_t uses;
    bool ends_there;
    for (uint32_t i = 0; i < 20; i++) {
        words[i] = FLASH + (i < 12 ? 0x100U : SIZE + 4U) + i * 4;
    }
    struct otapack_source src = words_at(words, 20);
    assert_true(esp8266_links_behind(&src, 0, SIZE, &uses, &ends_there));
    assert_int_equal(uses, 8);
    assert_false(ends_there);
    src = words_at(words, 19);
    assert_false(esp8266_links_behind(&src, 0, SIZE, &uses, &ends_there));
}

// The address of the end itself is none of what is behind it: a program may know its own size.
TEST(an_address_at_the_end)
{
    uint32_t words[20];
    uint64_t uses;
    bool ends_there;
    for (uint32_t i = 0; i < 20; i++) {
        words[i] = FLASH + SIZE;
    }
    struct otapack_source src = words_at(words, 20);
    assert_false(esp8266_links_behind(&src, 0, SIZE, &uses, &ends_there));
    assert_true(ends_there);
    assert_int_equal(uses, 0);
    assert_false(esp8266_links_behind(&src, 0x1000, SIZE, &uses, &ends_there));
    assert_false(ends_there);
}

UNIT(esp8266_links)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lowest_place),
        cmocka_unit_test(addresses_behind),
        cmocka_unit_test(an_address_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
