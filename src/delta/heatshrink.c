// SPDX-License-Identifier: Apache-2.0
#include "heatshrink.h"

#include <stdlib.h>
#include <string.h>

enum { LITERAL = HEATSHRINK_LITERAL_BITS, REFERENCE = HEATSHRINK_REFERENCE_BITS };

// What stands at each byte, from the end to the front: no parse of what is behind a byte is made
// cheaper by beginning one byte earlier, so the longest reference is never worse than a shorter
// one.
struct parse {
    const uint8_t *bytes;
    size_t n;
    uint8_t *longest; // bytes of the longest reference at each; then of the one that is taken, or 1
    uint32_t *bits;   // of the packed bytes from each on
};

// How long the bytes from c on agree with those from each byte of the window on: `runs` has that of
// the byte behind c. (A loop that compilers make vectors of.)
static uint8_t agree(uint8_t *restrict runs, const uint8_t *restrict window, uint8_t c)
{
    uint8_t most = 0;
    for (size_t j = 0; j < HEATSHRINK_WINDOW; j++) {
        uint8_t longer = (uint8_t)(runs[j] + 1 - (runs[j] >> 7)); // up to HEATSHRINK_MOST
        runs[j] = window[j] == c ? longer : 0;
    }
    for (size_t j = 0; j < HEATSHRINK_WINDOW; j++) {
        most = runs[j] > most ? runs[j] : most;
    }
    return most;
}

static void find_longest(const struct parse *p)
{
    uint8_t runs[HEATSHRINK_WINDOW] = {0}, first[HEATSHRINK_WINDOW];
    size_t i = p->n;
    for (; i > HEATSHRINK_WINDOW; i--) {
        p->longest[i - 1] = agree(runs, p->bytes + i - 1 - HEATSHRINK_WINDOW, p->bytes[i - 1]);
    }
    for (; i > 0; i--) { // the window begins before the bytes, and is of zeros there
        size_t before = i - 1;
        memset(first, 0, sizeof(first));
        memcpy(first + HEATSHRINK_WINDOW - before, p->bytes, before);
        p->longest[before] = agree(runs, first, p->bytes[before]);
    }
}

static void choose(const struct parse *p)
{
    p->bits[p->n] = 0;
    for (size_t i = p->n; i > 0; i--) {
        size_t at = i - 1, length = p->longest[at];
        uint32_t literal = LITERAL + p->bits[at + 1];
        uint32_t reference = length > 1 ? REFERENCE + p->bits[at + length] : literal;
        bool refers = reference < literal;
        p->bits[at] = refers ? reference : literal;
        p->longest[at] = refers ? (uint8_t)length : 1;
    }
}

static bool parse(struct parse *p, const uint8_t *bytes, size_t n)
{
    *p = (struct parse){bytes, n, malloc(n + 1), malloc((n + 1) * sizeof(*p->bits))};
    if (p->longest == NULL || p->bits == NULL) {
        return false;
    }
    find_longest(p);
    choose(p);
    return true;
}

static void parse_free(struct parse *p)
{
    free(p->longest);
    free(p->bits);
}

struct bits {
    uint8_t *to;
    size_t at; // in bits
};

static void put(struct bits *b, unsigned value, unsigned count)
{
    while (count-- > 0) {
        b->to[b->at / 8] |= (uint8_t)((value >> count & 1U) << (7 - b->at % 8));
        b->at++;
    }
}

// Zeros are before the first byte.
static uint8_t byte_before(const struct parse *p, size_t at, size_t back)
{
    return at < back ? 0 : p->bytes[at - back];
}

static bool agrees(const struct parse *p, size_t at, size_t back, size_t length)
{
    size_t i = 0;
    while (i < length && byte_before(p, at + i, back) == p->bytes[at + i]) {
        i++;
    }
    return i == length;
}

static size_t distance(const struct parse *p, size_t at, size_t length)
{
    size_t back = 1;
    while (!agrees(p, at, back, length)) {
        back++;
    }
    return back;
}

uint8_t *heatshrink_pack(const uint8_t *bytes, size_t n, size_t *size)
{
    struct parse p;
    uint8_t *packed = NULL;
    if (parse(&p, bytes, n)) {
        *size = ((size_t)p.bits[0] + 7) / 8;
        packed = calloc(*size + 1, 1);
    }
    struct bits b = {packed, 0};
    for (size_t i = 0; packed != NULL && i < n; i += p.longest[i]) {
        if (p.longest[i] == 1) {
            put(&b, 0x100U | bytes[i], LITERAL);
        } else {
            unsigned back = (unsigned)distance(&p, i, p.longest[i]) - 1;
            put(&b, back << 7 | (p.longest[i] - 1U), REFERENCE);
        }
    }
    parse_free(&p);
    return packed;
}

bool heatshrink_costs(const uint8_t *bytes, size_t n, uint8_t *cost)
{
    struct parse p;
    bool good = parse(&p, bytes, n);
    for (size_t i = 0; good && i < n; i += p.longest[i]) {
        size_t length = p.longest[i];
        size_t bits = length == 1 ? LITERAL : REFERENCE;
        memset(cost + i, (int)(8 * bits / length), length);
    }
    parse_free(&p);
    return good;
}
