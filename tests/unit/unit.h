// SPDX-License-Identifier: Apache-2.0
//
// What the unit tests share: cmocka, a file's entry, sources whose reads are counted and can be
// made to fail, and random numbers from a seed that is printed and can be given again (environment
// SEED).
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <otapack/base.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A file's tests are one function, which `unit STEM` calls: see tests/main.c.
#define UNIT(stem)                                                                                 \
    int unit_##stem(int argc, char **argv);                                                        \
    int unit_##stem(int argc __attribute__((unused)), char **argv __attribute__((unused)))

#define TEST(name) static void name(void **state __attribute__((unused)))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// Bytes behind a read function. Beyond `stored` they are all `fill`, so that a source of 4 GiB
// costs nothing.
struct reading {
    const uint8_t *bytes;
    size_t stored;
    uint8_t fill;
    uint64_t size;
    unsigned reads;   // how many there were
    unsigned fail_at; // this one (from 1) fails; 0: none
    uint64_t last_at; // where the last one began
};

// Not inlined: gcc 12 would take the empty buffers of some tests for overflows.
__attribute__((noinline, unused)) static bool reading_read(void *ctx, uint64_t at, uint8_t *to,
                                                           size_t n)
{
    struct reading *r = ctx;
    r->reads++;
    r->last_at = at;
    assert_true(at <= r->size && n <= r->size - at); // the promise of struct otapack_source
    uint64_t left = at < r->stored ? r->stored - at : 0;
    size_t stored = left < n ? (size_t)left : n;
    if (stored > 0) {
        memcpy(to, r->bytes + at, stored);
    }
    if (stored < n) {
        memset(to + stored, r->fill, n - stored);
    }
    return r->reads != r->fail_at;
}

static inline struct reading reading_of(const uint8_t *bytes, size_t n)
{
    return (struct reading){.bytes = bytes, .stored = n, .size = n};
}

static inline struct otapack_source reading_source(struct reading *r)
{
    r->reads = 0;
    return (struct otapack_source){.read = reading_read, .ctx = r, .size = r->size};
}

static inline void assert_same_status(struct otapack_status a, struct otapack_status b)
{
    assert_int_equal(a.code, b.code);
    assert_string_equal(a.field, b.field);
    assert_int_equal(a.at, b.at);
    assert_int_equal(a.value, b.value);
    assert_int_equal(a.limit, b.limit);
}

static inline void assert_status(struct otapack_status s, enum otapack_code code, const char *field,
                                 uint64_t at)
{
    assert_int_equal(s.code, code);
    assert_string_equal(s.field, field);
    assert_int_equal(s.at, at);
}

static inline void assert_good(struct otapack_status s)
{
    assert_int_equal(s.code, OTAPACK_OK);
}

// xorshift64*: the same numbers everywhere for the same seed.
static inline uint64_t random_next(uint64_t *x)
{
    *x ^= *x >> 12;
    *x ^= *x << 25;
    *x ^= *x >> 27;
    return *x * UINT64_C(0x2545F4914F6CDD1D);
}

static inline uint64_t random_below(uint64_t *x, uint64_t n)
{
    return (random_next(x) >> 16) % n;
}

static inline void random_bytes(uint64_t *x, uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (uint8_t)(random_next(x) >> 56);
    }
}

// Every run takes the same path unless somebody asks for another one.
static inline uint64_t random_seed(const char *test)
{
    const char *text = getenv("SEED");
    uint64_t seed = text == NULL ? UINT64_C(20250101) : strtoull(text, NULL, 0);
    printf("%s: SEED=%" PRIu64 "\n", test, seed);
    return seed == 0 ? 1 : seed;
}

// What is tried at every place of a file is tried at some of them, unless OTAPACK_LONG=1 is in the
// environment: in the ordinary run at those where something begins or ends, and sparsely between.
static inline bool is_long(void)
{
    const char *text = getenv("OTAPACK_LONG");
    return text != NULL && strcmp(text, "1") == 0;
}

#endif
