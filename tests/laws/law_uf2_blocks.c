// SPDX-License-Identifier: Apache-2.0
//
// The blocks of UF2 files: in any order, each as often as it should be, at addresses that there
// are.
#include "image.h"
#include "run.h"

#define UF2_APP "fixtures/uf2/good-app.bin"
#define UF2_NOISE "fixtures/uf2/bad-uf2-content.bin"
#define UF2_MERGED "fixtures/uf2/good-merged.bin"

enum { BLOCK = 512, FLAGS = 8, ADDRESS = 12, SIZE = 16, NUMBER = 20, TOTAL = 24 };

// Three runs: where each begins, and where the last one ends.
struct order {
    size_t count, runs[4];
    size_t at[4096]; // which block stands there
};

static void swap(struct order *o, size_t i, size_t k)
{
    size_t kept = o->at[i];
    o->at[i] = o->at[k];
    o->at[k] = kept;
}

static void turn(struct order *o, size_t from, size_t to)
{
    for (; from + 1 < to; from++, to--) {
        swap(o, from, to - 1);
    }
}

static void mix(struct order *o, size_t from, size_t to, uint32_t seed)
{
    for (size_t i = from; i + 1 < to; i++) {
        seed = seed * 1664525 + 1013904223;
        swap(o, i, i + (seed >> 8) % (to - i));
    }
}

static void order_of(const struct image *im, struct order *o)
{
    size_t run = 0;
    o->count = im->n / BLOCK;
    want(o->count <= COUNT(o->at), "the fixture has grown");
    for (size_t i = 0; i < o->count; i++) {
        o->at[i] = i;
        if (u32_at(im, i * BLOCK + NUMBER) == 0 && run < 3) {
            o->runs[run++] = i;
        }
    }
    want(run == 3, "the fixture has %zu runs", run);
    o->runs[3] = o->count;
}

static struct image ordered(const struct image *im, const struct order *o)
{
    struct image out = image_fill(0, 0);
    for (size_t i = 0; i < o->count; i++) {
        image_append(&out, im->p + o->at[i] * BLOCK, BLOCK);
    }
    return out;
}

// A device takes it, and what it writes is what it always was.
static void is_taken(const struct image *im, const struct order *o, const char *what)
{
    struct image moved = ordered(im, o), plain, other;
    image_save(&moved, "moved.bin");
    const struct run *r = expect(0, "verify moved.bin");
    want(says(r->err, "uf2-order") && !says(r->err, "missing"), "%s: %s", what, r->err);
    (void)expect(0, "extract " UF2_MERGED " content -o plain");
    (void)expect(0, "extract moved.bin content -o other");
    plain = image_load("plain");
    other = image_load("other");
    want(plain.n == other.n && memcmp(plain.p, other.p, plain.n) == 0, "%s: other bytes", what);
    // Without one of several blocks it is not whole.
    size_t last = moved.n - BLOCK;
    while (u32_at(&moved, last + TOTAL) == 1) {
        last -= BLOCK;
    }
    image_splice(&moved, last, BLOCK, "", 0);
    image_save(&moved, "moved.bin");
    want(says(expect(1, "verify moved.bin")->err, "uf2-total"), "%s, without a block", what);
    image_free(&moved);
    image_free(&plain);
    image_free(&other);
}

// Blocks in any order, inside of runs and across them: a device goes by their addresses, and counts
// their numbers.
TEST(blocks_in_any_order)
{
    static struct order o;
    struct image im = image_load(UF2_MERGED);
    order_of(&im, &o);
    turn(&o, 0, o.count);
    is_taken(&im, &o, "from the last to the first");
    for (int i = 0; i < 3; i++) {
        order_of(&im, &o);
        turn(&o, o.runs[i], o.runs[i + 1]);
        if (o.runs[i + 1] - o.runs[i] > 1) {
            is_taken(&im, &o, "one run from its last to its first");
        }
    }
    order_of(&im, &o);
    for (int i = 0; i < 3; i++) {
        turn(&o, o.runs[i], o.runs[i + 1]);
    }
    is_taken(&im, &o, "each run from its last to its first");
    for (uint32_t seed = 1; seed <= 8; seed++) {
        order_of(&im, &o);
        for (int i = 0; i < 3; i++) {
            mix(&o, o.runs[i], o.runs[i + 1], seed);
        }
        is_taken(&im, &o, "mixed in each run");
        mix(&o, 0, o.count, seed);
        is_taken(&im, &o, "mixed across runs");
    }
    image_free(&im);
}

// Where no block follows the one with the number before, the ESP USB Bridge goes by the addresses.
TEST(blocks_in_reverse)
{
    static struct order o;
    struct image im = image_load(UF2_APP), back;
    o.count = im.n / BLOCK;
    for (size_t i = 0; i < o.count; i++) {
        o.at[i] = o.count - 1 - i;
    }
    back = ordered(&im, &o);
    image_save(&back, "moved.bin");
    const char *err = expect(0, "verify moved.bin")->err;
    want(says(err, "uf2-order") && !says(err, "uf2-stride"), "%s", err);
    image_free(&im);
    image_free(&back);
}

// An app of two blocks, and something else behind it, likewise: no part of the app is missing.
TEST(blocks_of_two_runs)
{
    static struct order o;
    struct image im = image_load("fixtures/uf2/bad-uf2-md5.bin");
    want(im.n == 4 * (size_t)BLOCK, "the fixture has other blocks");
    for (size_t at = 0; at < im.n; at += BLOCK) {
        uint32_t address = u32_at(&im, at + ADDRESS);
        poke32(&im, at + FLAGS, 0x2000);
        poke32(&im, at + ADDRESS, address < 0x10000 ? address + 0x10000 : address);
    }
    for (uint32_t seed = 0; seed < 64; seed++) {
        o.count = 4;
        for (size_t i = 0; i < 4; i++) {
            o.at[i] = i;
        }
        mix(&o, 0, 4, seed);
        struct image moved = ordered(&im, &o);
        image_save(&moved, "moved.bin");
        (void)expect(0, "verify moved.bin");
        bool apart = (o.at[0] < 2) == (o.at[1] < 2);
        want(says(expect(0, "inspect moved.bin")->out, "regions.1.") == apart, "seed %u",
             (unsigned)seed);
        image_free(&moved);
    }
    image_free(&im);
}

// What stands twice, and what says another total.
TEST(blocks_that_do_not_count)
{
    static const struct {
        uint32_t at, value;
        const char *why;
    } blocks[] = {
        {BLOCK + NUMBER, 0, "number 1 of 2 is missing"},
        {BLOCK + TOTAL, 1, "number 1 of 2 is missing"},
        {BLOCK + TOTAL, 3, "number 1 of 2 is missing"},
        {TOTAL, 0, "1 have different numbers and say that they are 0"},
    };
    for (size_t i = 0; i < COUNT(blocks); i++) {
        struct image im = image_load(UF2_APP);
        poke32(&im, blocks[i].at, blocks[i].value);
        im.n = 2 * (size_t)BLOCK;
        image_save(&im, "count.bin");
        const char *err = expect(1, "verify count.bin")->err;
        want(says(err, blocks[i].why) && says(err, "uf2-total"), "%s", err);
        image_free(&im);
    }
    struct image im = image_load(UF2_APP);
    image_append(&im, im.p + im.n - BLOCK, BLOCK);
    image_save(&im, "count.bin");
    want(says(expect(1, "verify count.bin")->err, " number 1 of 2 stands 2 times, but number 0 1"),
         "twice");
    image_free(&im);
}

// uf2conv.py fills the last block with zeros up to the length of the others: that is nothing that
// follows the app.
TEST(last_block_is_filled)
{
    struct image im = image_load(UF2_APP);
    size_t last = im.n - BLOCK, end = last + 32 + u32_at(&im, last + SIZE);
    for (size_t at = 0; at < im.n; at += BLOCK) {
        poke32(&im, at + FLAGS, 0x2000);
    }
    memset(im.p + end, 0, im.n - 4 - end);
    poke32(&im, last + SIZE, u32_at(&im, SIZE));
    image_save(&im, "filled.bin");
    want(!says(expect(0, "verify filled.bin")->err, "esp-trailing"), "zeros");
    poke8(&im, end, 1);
    image_save(&im, "filled.bin");
    want(says(expect(0, "verify filled.bin")->err, "esp-trailing"), "something else");
    image_free(&im);
}

// What ends where the largest flash does is taken, and a byte more is not, nor what goes on at 0
// behind 4 GiB.
TEST(blocks_that_no_flash_has)
{
    static const struct {
        uint32_t end;
        const char *why;
    } ends[] = {
        {0x08000000, NULL},
        {0x08000001, "block 0 of the file: its [0-9]+ bytes go to 0x7ff[0-9a-f]+, and no flash"},
        {0, "block 0 of the file: its [0-9]+ bytes go to 0xffff[0-9a-f]+, and no flash"},
        {1, "address at 0xc is"},
    };
    struct image im = image_load(UF2_NOISE);
    uint32_t size = u32_at(&im, SIZE);
    im.n = BLOCK;
    poke32(&im, FLAGS, 0x2000);
    poke32(&im, TOTAL, 1);
    for (size_t i = 0; i < COUNT(ends); i++) {
        poke32(&im, ADDRESS, ends[i].end - size);
        image_save(&im, "high.bin");
        const struct run *r = expect(ends[i].why == NULL ? 0 : 1, "verify high.bin");
        want(ends[i].why == NULL || says(r->err, ends[i].why), "%s", r->err);
    }
    image_free(&im);
}

UNIT(uf2_blocks)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_in_any_order),  cmocka_unit_test(blocks_in_reverse),
        cmocka_unit_test(blocks_of_two_runs),   cmocka_unit_test(blocks_that_do_not_count),
        cmocka_unit_test(last_block_is_filled), cmocka_unit_test(blocks_that_no_flash_has),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
