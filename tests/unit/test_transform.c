// SPDX-License-Identifier: Apache-2.0
//
// What is packed is unpacked once in a file, whoever asks; it counts for the whole file where it
// expands; and where something is missing for it, it is left closed and says so.
#include "unit.h"

#include "format_list.h"
#include "need.h"
#include "transform.h"

static struct {
    int opened;
    uint64_t most;
    const char *fault;
} seen;

// Each byte stands for its complement, up to a 0.
static void flip_open(const struct reader *r, const struct otapack_source *src, uint64_t at,
                      uint64_t most, struct unpacked *u)
{
    uint8_t *to = arena_alloc(r->arena, (size_t)src->size);
    uint8_t byte = 0xFF;
    size_t n = 0;
    for (; otapack_read(src, at + n, &byte, 1, "").code == OTAPACK_OK && byte != 0; n++) {
        to[n] = (uint8_t)~byte;
    }
    seen.opened++;
    seen.most = most;
    u->fault = seen.fault;
    u->packed = n;
    u->cost = n;
    u->content = otapack_memory(to, n);
}

static const struct transform flip = {
    .name = "flip", .title = "flipped bytes", .part = "flipped", .open = flip_open};
static const struct transform flip_counted = {.name = "flip",
                                              .title = "flipped bytes",
                                              .part = "flipped",
                                              .expands = true,
                                              .open = flip_open};
static const struct transform flip_by_key = {.name = "flip",
                                             .title = "flipped bytes",
                                             .part = "flipped",
                                             .needs = NEED_DECRYPT_KEY,
                                             .open = flip_open};

static const uint8_t bytes[] = {9, 9, 'a', 'b', 'c', 0, 'e', 'f'};
static const struct packed_end end = {1, "no end follows"};

struct trial {
    struct arena arena;
    struct read_options options;
    struct read_left left;
    struct reader r;
};

static void start(struct trial *t)
{
    *t = (struct trial){.arena = ARENA_EMPTY, .left = READ_LEFT_ALL};
    t->r = (struct reader){.arena = &t->arena, .options = &t->options, .left = &t->left};
    seen.opened = 0;
    seen.fault = NULL;
}

// A node over the first n bytes, whose format packs its content so.
static struct node *node_of(struct trial *t, const struct transform *content, size_t n)
{
    struct format *format = ARENA_NEW(&t->arena, struct format);
    struct node *node = node_root(&t->arena, otapack_memory(bytes, n));
    *format = (struct format){.name = "x", .title = "x file", .content = content};
    node->format = format->name;
    node->opened = format;
    return node;
}

static void assert_span(const struct node *part, uint64_t at, uint64_t size)
{
    assert_non_null(part);
    assert_int_equal(part->src.base, at);
    assert_int_equal(part->src.size, size);
}

TEST(what_content_is_in_a_tree)
{
    struct trial t;
    uint64_t end_at;
    start(&t);
    struct node *n = node_of(&t, &flip, sizeof(bytes));
    const struct node *content = read_content(&t.r, n, 2, &end, &end_at);
    const struct node *packed = node_find(n, "flipped", -1);
    assert_int_equal(end_at, 5);
    assert_span(packed, 2, 3);
    assert_string_equal(packed->format, "flip");
    assert_string_equal(packed->summary, "flipped bytes");
    assert_ptr_equal(content, node_find(n, "content", -1));
    assert_span(content, 0, 3);
    assert_true(content->overlay && content->unpacked && !content->has_more);
    assert_int_equal(content->src.bytes[0], (uint8_t) ~'a');
    assert_span(node_find(n, "trailing", -1), 6, 2);
    assert_null(n->error);
    arena_free(&t.arena);
}

TEST(what_has_no_end)
{
    struct trial t;
    uint64_t end_at;
    start(&t);
    struct node *n = node_of(&t, &flip, 5);
    assert_null(read_content(&t.r, n, 2, &end, &end_at));
    assert_string_equal(n->error, "the flipped data end, and no end follows");
    assert_string_equal(n->summary, "x file that cannot be unpacked");
    assert_span(node_find(n, "unread", -1), 2, 3);
    assert_null(node_find(n, "content", -1));
    arena_free(&t.arena);
}

// Good data are the same wherever the file ends behind them; what is wrong with others may not be.
TEST(it_is_unpacked_once)
{
    struct trial t;
    struct otapack_source all = otapack_memory(bytes, sizeof(bytes));
    struct otapack_source less = otapack_memory(bytes, sizeof(bytes) - 1);
    start(&t);
    const struct unpacked *u = transform_unpack(&t.r, &flip, &all, 2);
    assert_ptr_equal(transform_unpack(&t.r, &flip, &all, 2), u);
    assert_ptr_equal(transform_unpack(&t.r, &flip, &less, 2), u);
    assert_int_equal(seen.opened, 1);
    assert_ptr_not_equal(transform_unpack(&t.r, &flip, &all, 3), u);
    less.size = 4; // in the midst of them
    assert_ptr_not_equal(transform_unpack(&t.r, &flip, &less, 2), u);
    assert_ptr_not_equal(transform_unpack(&t.r, &flip_counted, &all, 2), u);
    assert_int_equal(seen.opened, 4);
    seen.fault = "bad";
    less.size = sizeof(bytes) - 1;
    u = transform_unpack(&t.r, &flip, &all, 6);
    assert_ptr_equal(transform_unpack(&t.r, &flip, &all, 6), u);
    assert_ptr_not_equal(transform_unpack(&t.r, &flip, &less, 6), u);
    assert_int_equal(seen.opened, 6);
    arena_free(&t.arena);
}

TEST(what_expands_counts)
{
    struct trial t;
    struct otapack_source all = otapack_memory(bytes, sizeof(bytes));
    start(&t);
    (void)transform_unpack(&t.r, &flip, &all, 2);
    assert_int_equal(seen.most, sizeof(bytes) - 2);
    assert_int_equal(t.left.unpacked, UNPACKED_MOST);
    (void)transform_unpack(&t.r, &flip_counted, &all, 2);
    (void)transform_unpack(&t.r, &flip_counted, &all, 2);
    assert_int_equal(seen.most, UNPACKED_MOST);
    assert_int_equal(t.left.unpacked, UNPACKED_MOST - 3);
    seen.fault = "bad";
    (void)transform_unpack(&t.r, &flip_counted, &all, 6);
    assert_int_equal(t.left.unpacked, UNPACKED_MOST - 5);
    arena_free(&t.arena);
}

TEST(what_is_closed_without_its_key)
{
    struct trial t;
    uint64_t end_at;
    start(&t);
    struct node *n = node_of(&t, &flip_by_key, sizeof(bytes));
    const struct node *content = read_content(&t.r, n, 2, &(struct packed_end){0}, &end_at);
    assert_int_equal(seen.opened, 0);
    assert_string_equal(content->summary, "not read: needs --decrypt-key");
    assert_string_equal(content->format, "raw");
    assert_int_equal(content->needs, NEED_DECRYPT_KEY);
    assert_span(content, 0, 0);
    assert_span(node_find(n, "flipped", -1), 2, 6);
    assert_null(n->error);
    t.options.decrypt = (struct key_holder *)&t; // some key
    n = node_of(&t, &flip_by_key, sizeof(bytes) - 1);
    content = read_content(&t.r, n, 2, &end, &end_at);
    assert_int_equal(seen.opened, 1);
    assert_int_equal(content->needs, 0);
    assert_span(content, 0, 3);
    arena_free(&t.arena);
}

// Finding that a gzip file is signed, and reading it, unpack it once.
TEST(a_signed_gzip_file)
{
    static uint8_t file[1 << 16];
    struct trial t;
    start(&t);
    FILE *in = fopen(FIXTURES "/esp8266/good-gzip-signed.bin", "rb");
    assert_non_null(in);
    struct otapack_source src = otapack_memory(file, fread(file, 1, sizeof(file), in));
    (void)fclose(in);
    assert_true(format_esp8266_signed.find(&t.r, &src));
    struct node *root = node_root(&t.arena, src);
    root->format = format_raw.name;
    const struct node *n = read_part(&t.r, root, "part", -1, 0, src.size, &format_esp8266_signed);
    const struct node *content = node_find(node_find(n, "image", -1), "content", -1);
    assert_non_null(content);
    assert_int_equal(t.left.unpacked, UNPACKED_MOST - content->src.size);
    arena_free(&t.arena);
}

UNIT(transform)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_content_is_in_a_tree),
        cmocka_unit_test(what_has_no_end),
        cmocka_unit_test(it_is_unpacked_once),
        cmocka_unit_test(what_expands_counts),
        cmocka_unit_test(what_is_closed_without_its_key),
        cmocka_unit_test(a_signed_gzip_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
