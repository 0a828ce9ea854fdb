// SPDX-License-Identifier: Apache-2.0
//
// flash_pages.h: bytes put into a large flash here and there, over one another and across pages;
// what is nowhere is erased, and costs no memory.
#include "unit.h"

#include <string.h>

#include "flash_pages.h"

enum { PAGE = 4096 };

static void reads(struct flash_pages *pages, uint64_t at, const char *bytes, size_t n)
{
    uint8_t to[16];
    struct otapack_source all = flash_pages_part(pages, 0, at + n);
    struct otapack_source part = flash_pages_part(pages, at, n);
    assert_int_equal(part.size, n);
    assert_int_equal(otapack_read(&all, at, to, n, "").code, OTAPACK_OK);
    assert_memory_equal(to, bytes, n);
    assert_int_equal(otapack_read(&part, 0, to, n, "").code, OTAPACK_OK);
    assert_memory_equal(to, bytes, n);
    assert_int_equal(otapack_read(&part, 1, to, n, "").code, OTAPACK_TRUNCATED);
}

TEST(what_is_put_is_there)
{
    struct arena a = ARENA_EMPTY;
    struct flash_pages *pages = flash_pages_new(&a, 3 * PAGE);
    flash_pages_put(pages, PAGE - 2, (const uint8_t *)"abcd", 4);
    reads(pages, PAGE - 3,
          "\xFF"
          "abcd\xFF",
          6);
    flash_pages_put(pages, PAGE - 1, (const uint8_t *)"XY", 2);
    reads(pages, PAGE - 2, "aXYd", 4);
    flash_pages_put(pages, 3 * PAGE - 1, (const uint8_t *)"z", 1);
    reads(pages, 3 * PAGE - 2, "\xFFz", 2);
    flash_pages_put(pages, 0, (const uint8_t *)"", 0);
    reads(pages, 0, "\xFF\xFF", 2);
    arena_free(&a);
}

TEST(across_a_page_that_is_erased)
{
    struct arena a = ARENA_EMPTY;
    struct flash_pages *pages = flash_pages_new(&a, 3 * PAGE);
    uint8_t to[PAGE + 2];
    flash_pages_put(pages, PAGE - 1, (const uint8_t *)"a", 1);
    flash_pages_put(pages, 2 * PAGE, (const uint8_t *)"b", 1);
    struct otapack_source part = flash_pages_part(pages, PAGE - 1, sizeof(to));
    assert_int_equal(otapack_read(&part, 0, to, sizeof(to), "").code, OTAPACK_OK);
    assert_int_equal(to[0], 'a');
    for (size_t i = 1; i <= PAGE; i++) {
        assert_int_equal(to[i], 0xFF);
    }
    assert_int_equal(to[PAGE + 1], 'b');
    arena_free(&a);
}

TEST(what_is_erased_costs_nothing)
{
    enum { FLASH = 128 << 20 };
    struct arena a = ARENA_EMPTY;
    struct flash_pages *pages = flash_pages_new(&a, FLASH);
    flash_pages_put(pages, 0, (const uint8_t *)"a", 1);
    flash_pages_put(pages, FLASH - 1, (const uint8_t *)"b", 1);
    reads(pages, FLASH - 2,
          "\xFF"
          "b",
          2);
    assert_true(arena_size(&a) < FLASH / 256);
    arena_free(&a);
}

UNIT(flash_pages)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_there),
        cmocka_unit_test(across_a_page_that_is_erased),
        cmocka_unit_test(what_is_erased_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
