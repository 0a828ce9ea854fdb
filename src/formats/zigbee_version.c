// SPDX-License-Identifier: Apache-2.0
#include "zigbee_version.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "text.h"

enum { BYTES = 4, NUMBERS = 3 };

static const char *const words[NUMBERS] = {"major", "minor", "patch"};

// Of a byte, or of half a one.
struct place {
    unsigned bits;
    bool fixed;      // a number,
    uint64_t number; // namely this;
    size_t word;     // else one of the app's
};

static bool take_place(const char *text, size_t n, unsigned bits, struct place *out)
{
    struct arena a = ARENA_EMPTY;
    const char *word = arena_copy(&a, text, n);
    *out = (struct place){.bits = bits, .word = text_place(word, words, NUMBERS)};
    out->fixed = out->word == NUMBERS;
    bool good = !out->fixed || (text_number(word, &out->number) && out->number >> bits == 0);
    arena_free(&a);
    return good;
}

// The places of all four bytes; 0: it is no such text.
static size_t take_places(const char *from, struct place out[2 * BYTES])
{
    size_t count = 0;
    for (int byte = 0; byte < BYTES; byte++) {
        size_t n = strcspn(from, "."), half = strcspn(from, ":.");
        bool two = half < n;
        if (!take_place(from, half, two ? 4 : 8, &out[count++]) ||
            (two && !take_place(from + half + 1, n - half - 1, 4, &out[count++])) ||
            (from[n] == '.') != (byte + 1 < BYTES)) {
            return 0;
        }
        from += n + 1;
    }
    return count;
}

bool zigbee_version_good(const char *from, const char *where, struct err *e)
{
    struct place places[2 * BYTES];
    return take_places(from, places) > 0 ||
           err_set(e, STATUS_CANNOT,
                   "%s: '%s' does not say how a file version is made; write its four bytes, as in "
                   "major.minor.patch.0",
                   where, from);
}

// The numbers in front of a version; those that it does not have are 0.
static bool take_numbers(const char *version, uint64_t out[NUMBERS])
{
    const char *at = version + (*version == 'v' ? 1 : 0);
    memset(out, 0, NUMBERS * sizeof(*out));
    for (int i = 0; i < NUMBERS && isdigit((unsigned char)*at); i++) {
        char *end;
        out[i] = strtoull(at, &end, 10);
        at = end + (*end == '.' ? 1 : 0);
    }
    return isdigit((unsigned char)version[*version == 'v' ? 1 : 0]);
}

bool zigbee_version_of(const char *from, const char *version, uint32_t *out, struct err *e)
{
    struct place places[2 * BYTES];
    uint64_t numbers[NUMBERS];
    size_t count = take_places(from, places);
    if (!take_numbers(version, numbers)) {
        return err_set(e, STATUS_NO,
                       "the app's version '%s' does not begin with a number, of which a file "
                       "version could be made; give file_version",
                       version);
    }
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        const struct place *p = &places[i];
        uint64_t number = p->fixed ? p->number : numbers[p->word];
        if (number >> p->bits != 0) {
            return err_set(
                e, STATUS_NO,
                "%s of the app's version '%s' is above %u, for which '%s' has no room; give "
                "file_version, or more bytes to it",
                words[p->word], version, (1u << p->bits) - 1, from);
        }
        *out = *out << p->bits | (uint32_t)number;
    }
    return true;
}
