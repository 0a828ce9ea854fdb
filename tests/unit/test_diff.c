// SPDX-License-Identifier: Apache-2.0
//
// diff_pair.h: which parts are the same ones. diff.h: what a field, a part and its bytes give, of
// small trees made here.
#include "unit.h"

#include "diff.h"
#include "diff_pair.h"

static struct node *root_of(struct arena *a, const char *format, const uint8_t *bytes, size_t n)
{
    struct node *root = node_root(a, otapack_memory(bytes, n));
    root->format = format;
    return root;
}

// A table of partitions with these labels, each at an offset of its own.
static struct node *table(struct arena *a, const char *const *labels, const uint64_t *offsets,
                          size_t n)
{
    static const uint8_t bytes[1024];
    struct node *root = root_of(a, "partition_table", bytes, sizeof(bytes));
    for (size_t i = 0; i < n; i++) {
        struct node *part = node_part(a, root, "partitions", (int)i, 32 * i, 32);
        part->format = "partition";
        node_string(a, part, "label", labels[i], SIZE_MAX, DERIVED);
        node_hex(a, part, "offset", offsets[i], DERIVED);
    }
    return root;
}

#define TABLE(a, labels, offsets) table(a, labels, offsets, COUNT(labels))

static int index_of(const struct node *n)
{
    return n == NULL ? -1 : n->index;
}

static void are_pairs(const struct part_pair *p, const int (*expected)[2], size_t n)
{
    for (size_t i = 0; i < n; i++, p = p->next) {
        assert_non_null(p);
        assert_int_equal(index_of(p->old), expected[i][0]);
        assert_int_equal(index_of(p->new), expected[i][1]);
    }
    assert_null(p);
}

TEST(elements_by_their_key)
{
    static const char *const old_labels[] = {"nvs", "ota_0", "files", "gone"};
    static const uint64_t old_at[] = {0x9000, 0x10000, 0x200000, 0x300000};
    static const char *const new_labels[] = {"ota_0", "nvs", "web", "fresh"};
    static const uint64_t new_at[] = {0x20000, 0x9000, 0x200000, 0x400000};
    // By label; of those that are left, by offset; then what is new, and last what is gone.
    static const int expected[][2] = {{1, 0}, {0, 1}, {2, 2}, {-1, 3}, {3, -1}};
    struct arena a = ARENA_EMPTY;
    struct node *old = TABLE(&a, old_labels, old_at), *new = TABLE(&a, new_labels, new_at);
    const struct part_pair *p = diff_pairs(&a, old, new);
    are_pairs(p, expected, COUNT(expected));
    assert_string_equal(p->of, "ota_0");
    assert_false(p->before);
    assert_true(p->next->before);
    assert_string_equal(p->next->next->of, "0x200000");
    assert_string_equal(p->next->next->next->of, "fresh");
    arena_free(&a);
}

// The same key more than once: the first with the first.
TEST(keys_that_are_not_unique)
{
    static const char *const old_labels[] = {"x", "x", ""};
    static const char *const new_labels[] = {"x", "", "x", "x"};
    static const uint64_t at[] = {1, 2, 3, 4};
    static const int expected[][2] = {{0, 0}, {2, 1}, {1, 2}, {-1, 3}};
    struct arena a = ARENA_EMPTY;
    are_pairs(diff_pairs(&a, table(&a, old_labels, at, 3), table(&a, new_labels, at, 4)), expected,
              COUNT(expected));
    arena_free(&a);
}

static struct node *parts(struct arena *a, const char *format, size_t count, uint64_t first)
{
    static const uint8_t bytes[1024];
    struct node *root = root_of(a, "raw", bytes, sizeof(bytes));
    for (size_t i = 0; i < count; i++) {
        struct node *part = node_part(a, root, "segments", (int)i, 16 * i, 16);
        part->format = format;
        node_hex(a, part, "load_addr", first + 0x100 * i, DERIVED);
    }
    return root;
}

TEST(elements_by_their_order_or_index)
{
    // By address where it is the same, and the others in their order.
    static const int moved[][2] = {{2, 0}, {0, 1}, {1, 2}};
    static const int plain[][2] = {{0, 0}, {1, 1}, {2, -1}};
    struct arena a = ARENA_EMPTY;
    are_pairs(
        diff_pairs(&a, parts(&a, "esp_segment", 3, 0x1000), parts(&a, "esp_segment", 3, 0x1200)),
        moved, COUNT(moved));
    are_pairs(diff_pairs(&a, parts(&a, "raw", 3, 0), parts(&a, "raw", 2, 0x100)), plain,
              COUNT(plain));
    arena_free(&a);
}

// ---- Changes ------------------------------------------------------------------------------------

static const struct change *only(const struct diff *d)
{
    assert_non_null(d->first);
    assert_null(d->first->next);
    return d->first;
}

static const struct change *field_change(struct arena *a, const char *format, const char *name,
                                         uint64_t old, uint64_t new)
{
    static const uint8_t x[8] = {1}, y[8] = {2};
    struct node *n = root_of(a, format, x, sizeof(x)), *m = root_of(a, format, y, sizeof(y));
    node_uint(a, n, name, old, QUIET(0, 8));
    node_uint(a, m, name, new, QUIET(0, 8));
    return only(diff_trees(a, n, m, NULL));
}

TEST(a_field_by_its_row)
{
    struct arena a = ARENA_EMPTY;
    const struct change *c = field_change(&a, "app_desc", "secure_version", 1, 2);
    assert_int_equal(c->kind, CHANGE_RAISED);
    assert_int_equal(c->class, CLASS_MEANING);
    assert_non_null(strstr(c->follows, "eFuses"));
    assert_string_equal(c->old_text, "1");
    assert_string_equal(c->new_text, "2");
    assert_string_equal(change_path(&a, c, false), "secure_version");
    c = field_change(&a, "app_desc", "secure_version", 2, 1);
    assert_int_equal(c->kind, CHANGE_LOWERED);
    assert_non_null(strstr(c->follows, "refuses"));
    c = field_change(&a, "esp_image", "checksum", 2, 1);
    assert_int_equal(c->class, CLASS_NOISE);
    c = field_change(&a, "esp_image", "segment_count", 2, 1);
    assert_int_equal(c->class, CLASS_DERIVED);
    c = field_change(&a, "esp_image", "secure_version", 1, 2); // that is another format's row
    assert_null(c->follows);
    c = field_change(&a, "esp_image", "of no row", 2, 1); // counts
    assert_int_equal(c->class, CLASS_MEANING);
    assert_null(c->follows);
    arena_free(&a);
}

// Bytes of an overlay that is at the same place in both are not counted for what it lies over.
static struct node *covered_at(struct arena *a, const uint8_t *bytes, size_t n, const char *format,
                               uint64_t at)
{
    struct node *root = root_of(a, "raw", bytes, n);
    struct node *under = node_part(a, root, "data", -1, 0, n);
    struct node *over = node_part(a, root, "desc", -1, at, 8);
    under->format = format;
    over->format = "raw";
    over->overlay = true;
    node_uint(a, under, "data_offset", under->src.base, QUIET(0, n));
    node_bytes(a, over, "text", bytes + at, 8, QUIET(0, 8));
    return root;
}

static struct node *covered(struct arena *a, const uint8_t *bytes, size_t n, const char *format)
{
    return covered_at(a, bytes, n, format, 8);
}

TEST(bytes_beside_an_overlay)
{
    uint8_t x[32] = {0}, y[32] = {0}, z[32] = {0, 1};
    struct arena a = ARENA_EMPTY;
    y[3] = y[16] = y[31] = 1;
    y[8] = y[15] = 1;
    struct diff *d =
        diff_trees(&a, covered(&a, x, 32, "esp_segment"), covered(&a, y, 32, "esp_segment"), NULL);
    assert_int_equal(d->first->kind, CHANGE_BYTES);
    assert_int_equal(d->first->bytes, 3);
    assert_string_equal(change_path(&a, d->first, true), "data");
    assert_string_equal(change_path(&a, d->first->next, true), "desc.text");
    assert_int_equal(d->counts[CLASS_BYTES], 1);
    assert_false(diff_is_noise(d));
    // At another place it is not the same overlay's bytes that lie there.
    d = diff_trees(&a, covered(&a, x, 32, "esp_segment"), covered_at(&a, y, 32, "esp_segment", 20),
                   NULL);
    assert_int_equal(d->first->bytes, 5);
    // What is packed is noise: what it unpacks to says what differs.
    d = diff_trees(&a, covered(&a, x, 32, "deflate"), covered(&a, z, 32, "deflate"), NULL);
    assert_int_equal(only(d)->class, CLASS_NOISE);
    assert_true(diff_is_noise(d) && !d->identical);
    d = diff_trees(&a, covered(&a, x, 32, "raw"), covered(&a, x, 32, "raw"), NULL);
    assert_true(d->identical && d->first == NULL);
    arena_free(&a);
}

// A byte of which no field speaks.
TEST(bytes_that_no_field_shows)
{
    static const uint8_t x[8] = {1}, y[8] = {2};
    struct arena a = ARENA_EMPTY;
    const struct diff *d =
        diff_trees(&a, root_of(&a, "raw", x, sizeof(x)), root_of(&a, "raw", y, sizeof(y)), NULL);
    assert_int_equal(only(d)->kind, CHANGE_BYTES);
    assert_int_equal(d->first->bytes, 1);
    arena_free(&a);
}

// The same value in other bytes, as TLV allows.
TEST(other_bytes_for_one_value)
{
    static const uint8_t x[12] = {0}, y[12] = {0, 1, 1};
    struct arena a = ARENA_EMPTY;
    struct node *old = root_of(&a, "raw", x, 12), *new = root_of(&a, "raw", y, 12);
    node_uint(&a, old, "value", 7, QUIET(0, 12));
    node_uint(&a, new, "value", 7, QUIET(0, 12));
    node_string(&a, old, "text", "x", 1, DERIVED);
    node_string(&a, new, "text", "x", 1, DERIVED);
    assert_int_equal(only(diff_trees(&a, old, new, NULL))->bytes, 2);
    arena_free(&a);
}

UNIT(diff)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_by_their_key),
        cmocka_unit_test(keys_that_are_not_unique),
        cmocka_unit_test(elements_by_their_order_or_index),
        cmocka_unit_test(a_field_by_its_row),
        cmocka_unit_test(bytes_beside_an_overlay),
        cmocka_unit_test(bytes_that_no_field_shows),
        cmocka_unit_test(other_bytes_for_one_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
