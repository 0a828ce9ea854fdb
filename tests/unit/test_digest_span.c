// SPDX-License-Identifier: Apache-2.0
//
// digest_span.h: spans in any order, of files, pipes and pieces that change, have the digests that
// their bytes have by themselves; what is known is not read again, and what is kept has a bound.
#include "scratch.h"

#include <unistd.h>

#include "digest_cache.h"
#include "digest_span.h"
#include "input.h"
#include "pieces.h"
#include "seen.h"

enum { SIZE = 300000, AROUND = 3 };

static uint8_t bytes[SIZE];

static int set_up(void **state)
{
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    }
    return scratch_make(state);
}

// By a parser's hook, in pieces of `step`, up to `most` bytes.
static void feed(const struct otapack_source *src, const uint8_t *from, size_t step, size_t most,
                 uint8_t *out)
{
    struct digest_span s;
    assert_true(digest_span_begin(&s, DIGEST_SHA256, src));
    struct otapack_hash h = digest_span_hash(&s);
    h.start(h.ctx);
    for (size_t at = 0; at < src->size && at < most; at += step) {
        h.update(h.ctx, from + at, src->size - at < step ? (size_t)src->size - at : step);
    }
    h.finish(h.ctx, out);
    digest_span_end(&s);
}

static void assert_digest(const struct otapack_source *src, enum digest_algorithm algorithm,
                          const uint8_t *expected)
{
    uint8_t out[DIGEST_MAX_SIZE] = {0}, alone[DIGEST_MAX_SIZE] = {0};
    struct otapack_source memory = otapack_memory(expected, (size_t)src->size);
    assert_true(digest_of(algorithm, src, out));
    assert_true(digest_of(algorithm, &memory, alone));
    assert_memory_equal(out, alone, sizeof(out));
}

// Spans of which many begin alike, and end where a state is kept, or beside it.
static struct otapack_source some_span(const struct otapack_source *all, uint64_t *x)
{
    uint64_t at = random_below(x, 4) * 4099;
    uint64_t end = random_below(x, 5) * 65536 + random_below(x, 2 * AROUND);
    return otapack_part(all, at, end > AROUND ? end - AROUND : random_below(x, SIZE));
}

static void check_spans(const struct otapack_source *all, const uint8_t *expected, int count,
                        uint64_t *x)
{
    static const enum digest_algorithm algorithms[] = {DIGEST_SHA256, DIGEST_SHA256, DIGEST_SHA384,
                                                       DIGEST_MD5};
    for (int i = 0; i < count; i++) {
        struct otapack_source span = some_span(all, x);
        const uint8_t *from = expected + (span.base - all->base);
        uint8_t out[DIGEST_MAX_SIZE];
        if (random_below(x, 3) == 0) {
            feed(&span, from, 1 + (size_t)random_below(x, 90000), SIZE, out);
        }
        assert_digest(&span, algorithms[random_below(x, COUNT(algorithms))], from);
    }
}

TEST(spans_of_a_file)
{
    uint64_t x = random_seed(__func__);
    struct err e = ERR_NONE;
    file_write("file", bytes, SIZE);
    struct input *in = input_open("file", &e);
    assert_non_null(in);
    struct otapack_source src = input_source(in);
    check_spans(&src, bytes, 150, &x);
    input_close(in);
}

// The file has lost its bytes; only what is known of them is still said.
static void assert_known(const struct otapack_source *src, uint64_t size, bool known)
{
    uint8_t out[DIGEST_MAX_SIZE];
    struct otapack_source span = otapack_part(src, 0, size);
    assert_int_equal(digest_of(DIGEST_SHA256, &span, out), known);
}

TEST(what_is_known_is_not_read_again)
{
    struct err e = ERR_NONE;
    seen_begin();
    file_write("file", bytes, SIZE);
    struct input *in = input_open("file", &e);
    assert_non_null(in);
    struct otapack_source src = input_source(in), part = otapack_part(&src, 0, SIZE - 100);
    uint8_t out[DIGEST_MAX_SIZE];
    feed(&src, bytes, 4000, SIZE - 10000, out); // which went wrong: it says nothing of the whole
    assert_true(digest_of(DIGEST_SHA256, &part, out));
    input_close(in);
    in = input_open("file", &e); // the same file
    assert_non_null(in);
    assert_int_equal(truncate("file", 0), 0);
    src = input_source(in);
    assert_known(&src, SIZE - 100, true);
    assert_true(input_good(in, &e));
    assert_known(&src, SIZE, false);
    assert_false(input_good(in, &e));
    input_close(in);
    seen_end();
}

static size_t count_kept(const struct digest_cache *c)
{
    size_t count = 0;
    for (const struct kept_digest *k = c->newest; k != NULL; k = k->next) {
        count++;
    }
    return count;
}

TEST(only_so_many_are_kept)
{
    struct err e = ERR_NONE;
    file_write("file", bytes, 5000);
    struct input *in = input_open("file", &e);
    assert_non_null(in);
    struct otapack_source src = input_source(in);
    for (size_t i = 0; i < 1000; i++) {
        struct otapack_source span = otapack_part(&src, i, 10);
        assert_digest(&span, DIGEST_SHA256, bytes + i);
        assert_int_equal(count_kept(input_digests(&src)),
                         i < DIGEST_CACHE_MOST ? i + 1 : DIGEST_CACHE_MOST);
    }
    input_close(in);
}

// ---- Pieces -------------------------------------------------------------------------------------

struct image {
    struct pieces l;
    uint8_t flat[3 * SIZE];
    size_t size;
};

// Some always, so that what is known of what was there before would show.
static void check_image(struct image *m, uint64_t *x)
{
    static const size_t begins[] = {0, 4099, 2 * 4099};
    struct otapack_source src = pieces_source(&m->l);
    assert_int_equal(src.size, m->size);
    for (size_t i = 0; i < COUNT(begins); i++) {
        for (size_t less = 0; less < 3; less++) {
            struct otapack_source span = otapack_part(&src, begins[i], m->size - begins[i] - less);
            assert_digest(&span, DIGEST_SHA256, m->flat + begins[i]);
        }
    }
    check_spans(&src, m->flat, 12, x);
}

static void add_file(struct image *m)
{
    struct err e = ERR_NONE;
    assert_non_null(pieces_add_file(&m->l, "file", &e));
    memcpy(m->flat + m->size, bytes, SIZE);
    m->size += SIZE;
}

static void add_bytes(struct image *m, const uint8_t *from, size_t n)
{
    pieces_add_bytes(&m->l, NULL, from, n);
    memcpy(m->flat + m->size, from, n);
    m->size += n;
}

static void insert(struct image *m, size_t at, const uint8_t *from, size_t n)
{
    pieces_insert(&m->l, at, from, n);
    memmove(m->flat + at + n, m->flat + at, m->size - at);
    memcpy(m->flat + at, from, n);
    m->size += n;
}

// As signing and wrapping do. Where something is taken away, as much of something else follows.
TEST(pieces_that_change)
{
    static struct image m;
    static const uint8_t other[SIZE] = "other", another[SIZE] = "another";
    uint64_t x = random_seed(__func__);
    struct arena a = ARENA_EMPTY;
    file_write("file", bytes, SIZE);
    m = (struct image){.l = PIECES_EMPTY(&a)};
    add_file(&m);
    check_image(&m, &x);
    add_bytes(&m, other, 5000);
    check_image(&m, &x);
    insert(&m, 0, other, 4099);
    check_image(&m, &x);
    insert(&m, 4099, another, 4099);
    check_image(&m, &x);
    m.size = 2 * 4099 + SIZE - 1000;
    pieces_cut(&m.l, m.size);
    check_image(&m, &x);
    add_bytes(&m, another, 6000);
    check_image(&m, &x);
    add_file(&m);
    check_image(&m, &x);
    pieces_replace_last(&m.l, other, SIZE);
    memcpy(m.flat + m.size - SIZE, other, SIZE);
    check_image(&m, &x);
    pieces_close(&m.l);
    arena_free(&a);
}

// Behind the end of a piece, the file that it is of has other bytes than the pieces.
TEST(where_a_piece_ends)
{
    enum { PART = 100000, BEHIND = 10 };
    static const uint8_t other[BEHIND] = "other";
    static struct image m;
    struct err e = ERR_NONE;
    file_write("file", bytes, SIZE);
    for (size_t turn = 0; turn < 2; turn++) {
        struct arena a = ARENA_EMPTY;
        struct input *in = input_open("file", &e);
        assert_non_null(in);
        m = (struct image){.l = PIECES_EMPTY(&a)};
        pieces_add_part(&m.l, in, 0, PART);
        memcpy(m.flat, bytes, PART);
        m.size = PART;
        add_bytes(&m, other, BEHIND);
        for (size_t i = 0; i < 2 * (BEHIND + 1); i++) {
            struct otapack_source all = i % 2 == turn ? input_source(in) : pieces_source(&m.l);
            struct otapack_source span = otapack_part(&all, 0, PART + i / 2);
            assert_digest(&span, DIGEST_SHA256, i % 2 == turn ? bytes : m.flat);
        }
        pieces_close(&m.l);
        input_close(in);
        arena_free(&a);
    }
}

UNIT(digest_span)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_of_a_file),       cmocka_unit_test(what_is_known_is_not_read_again),
        cmocka_unit_test(only_so_many_are_kept), cmocka_unit_test(pieces_that_change),
        cmocka_unit_test(where_a_piece_ends),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
