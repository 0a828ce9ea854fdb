// SPDX-License-Identifier: Apache-2.0
//
// node.h and source.h: parts and fields, their places and texts, paths; comparing sources, and
// their bytes in memory.
#include "unit.h"

#include "node.h"
#include "source.h"

TEST(parts_stay_inside_and_in_order)
{
    struct arena a = ARENA_EMPTY;
    struct node *root = node_root(&a, (struct otapack_source){.base = 1000, .size = 100});
    struct node *first = node_part(&a, root, "first", -1, 10, 20);
    struct node *array = node_part(&a, root, "array", 0, 30, 1000);
    struct node *outside = node_part(&a, root, "array", 1, 200, 5);
    struct node *inner = node_part(&a, first, "inner", -1, 5, 5);
    assert_ptr_equal(root->parts, first);
    assert_ptr_equal(first->next, array);
    assert_int_equal(first->src.base, 1010);
    assert_int_equal(inner->src.base, 1015);
    assert_int_equal(array->src.size, 70); // cut to what there is
    assert_int_equal(outside->src.size, 0);
    assert_int_equal(outside->src.base, 1100);
    assert_ptr_equal(node_find(root, "array", -1), array);
    assert_ptr_equal(node_find(root, "array", 1), outside);
    assert_null(node_find(root, "array", 2));
    assert_null(node_find(root, "inner", -1));
    assert_null(node_find(root, "", -1));
    assert_string_equal(node_path(&a, inner), "first.inner");
    assert_string_equal(node_path(&a, outside), "array[1]");
    assert_string_equal(node_path(&a, root), "");
    arena_free(&a);
}

TEST(fields_have_texts_and_places)
{
    static const uint8_t bytes[] = {0x00, 0x7F, 0xFF};
    struct arena a = ARENA_EMPTY;
    struct node *n = node_root(&a, (struct otapack_source){.base = 100, .size = 50});
    node_uint(&a, n, "uint", UINT64_MAX, SHOWN(4, 8));
    node_hex(&a, n, "hex", 0xABC, QUIET(12, 4));
    node_enum(&a, n, "known", 2, "dio", DERIVED);
    node_enum(&a, n, "unknown", 9, NULL, DERIVED_QUIET);
    node_revision(&a, n, "revision", 109, SHOWN(0, 2));
    node_bool(&a, n, "bool", true, DERIVED);
    node_string(&a, n, "string", "ab\0cd", 5, SHOWN(0, 5));
    node_string(&a, n, "full", "abcde", 3, SHOWN(0, 3));
    node_string(&a, n, "bad", "\xFFx", 2, SHOWN(0, 2));
    node_bytes(&a, n, "bytes", bytes, sizeof(bytes), SHOWN(0, 3));
    static const char *const rows[][2] = {
        {"uint", "18446744073709551615"},
        {"hex", "0xabc"},
        {"known", "dio"},
        {"unknown", "9"},
        {"revision", "v1.9"},
        {"bool", "true"},
        {"string", "ab"},
        {"full", "abc"},
        {"bad", "\\xffx"},
        {"bytes", "007fff"},
        {"zebra", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(node_text(n, rows[i][0]), rows[i][1]);
    }
    assert_int_equal(node_number(n, "revision"), 109);
    assert_int_equal(node_number(n, "zebra"), 0);
    const struct field *f = node_field(n, "hex");
    assert_true(f->has_span && !f->shown && f->at == 112 && f->size == 4);
    f = node_field(n, "known");
    assert_true(!f->has_span && f->shown);
    assert_false(node_field(n, "unknown")->shown);
    assert_null(node_field(n, "zebra"));
    arena_free(&a);
}

TEST(memory_of_an_arena)
{
    struct arena a = ARENA_EMPTY;
    uint64_t x = random_seed(__func__);
    struct {
        uint8_t *p;
        size_t n;
    } kept[300];
    for (size_t i = 0; i < COUNT(kept); i++) {
        kept[i].n = (size_t)random_below(&x, i % 50 == 0 ? 200000 : 500);
        kept[i].p = arena_alloc(&a, kept[i].n);
        assert_int_equal((uintptr_t)kept[i].p % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < kept[i].n; k++) {
            assert_int_equal(kept[i].p[k], 0);
        }
        memset(kept[i].p, (int)(i & 0xFF), kept[i].n);
    }
    for (size_t i = 0; i < COUNT(kept); i++) {
        for (size_t k = 0; k < kept[i].n; k++) {
            assert_int_equal(kept[i].p[k], i & 0xFF); // none lies over another
        }
    }
    assert_string_equal(arena_printf(&a, "%s-%d", "x", 7), "x-7");
    assert_string_equal(arena_copy(&a, "abc", 2), "ab");
    arena_free(&a);
    arena_free(&a);
}

TEST(where_sources_differ)
{
    enum { BIG = 200000 };
    uint8_t *one = calloc(1, BIG), *other = calloc(1, BIG);
    static const size_t places[] = {0, 1, 65535, 65536, 65537, 131072, BIG - 1};
    struct otapack_source a = otapack_memory(one, BIG), b = otapack_memory(other, BIG);
    assert_int_equal(source_difference(&a, &b), UINT64_MAX);
    for (size_t i = 0; i < COUNT(places); i++) {
        other[places[i]] = 1;
        assert_int_equal(source_difference(&a, &b), places[i]);
        assert_false(source_is_filled(&b, 0, BIG, 0));
        assert_true(source_is_filled(&b, 0, places[i], 0));
        assert_true(source_is_filled(&b, places[i] + 1, BIG, 0));
        assert_true(source_is_filled(&b, places[i], places[i] + 1, 1));
        other[places[i]] = 0;
    }
    b.size = BIG - 1;
    assert_int_equal(source_difference(&a, &b), BIG - 1);
    assert_int_equal(source_difference(&b, &a), BIG - 1);
    assert_true(source_is_filled(&b, 0, BIG - 1, 0));
    assert_false(source_is_filled(&b, 0, BIG, 0)); // what is not there is not filled
    assert_true(source_is_filled(&b, 7, 7, 9));
    struct reading r = reading_of(one, BIG);
    struct otapack_source hook = reading_source(&r);
    r.fail_at = 2;
    assert_int_equal(source_difference(&a, &hook), 65536);
    free(one);
    free(other);
}

// Nothing that comes behind them in memory touches the NUL at their end.
TEST(bytes_of_a_source)
{
    static const uint8_t stored[34] = "ab\0defghijklmnopqrstuvwxyz01234567";
    struct arena a = ARENA_EMPTY;
    for (size_t at = 0; at <= sizeof(stored); at++) {
        for (size_t n = 0; n <= sizeof(stored) - at; n++) {
            struct reading r = reading_of(stored, sizeof(stored));
            struct otapack_source src = reading_source(&r);
            const uint8_t *bytes = source_bytes(&a, &src, at, n);
            memset(arena_alloc(&a, 1), 0xFF, 1);
            assert_memory_equal(bytes, stored + at, n);
            assert_int_equal(bytes[n], 0);
        }
    }
    arena_free(&a);
}

// Zeros, too, where the read function wrote something before it gave up.
TEST(bytes_that_cannot_be_read)
{
    static const uint8_t zeros[7];
    struct arena a = ARENA_EMPTY;
    struct reading r = {.fill = 'x', .size = 6, .fail_at = 1};
    struct otapack_source hook = reading_source(&r);
    assert_memory_equal(source_bytes(&a, &hook, 0, 6), zeros, 7);
    assert_int_equal(r.reads, 1);
    struct otapack_source src = otapack_memory((const uint8_t *)"abcdef", 6);
    assert_memory_equal(source_bytes(&a, &src, 1, 6), zeros, 7);
    assert_memory_equal(source_bytes(&a, &src, 7, 0), zeros, 1);
    assert_memory_equal(source_bytes(&a, &src, UINT64_MAX, 6), zeros, 7);
    arena_free(&a);
}

UNIT(node)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_stay_inside_and_in_order),
        cmocka_unit_test(fields_have_texts_and_places),
        cmocka_unit_test(memory_of_an_arena),
        cmocka_unit_test(where_sources_differ),
        cmocka_unit_test(bytes_of_a_source),
        cmocka_unit_test(bytes_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
