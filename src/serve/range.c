// SPDX-License-Identifier: Apache-2.0
#include "range.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

// A number in decimal figures; what is too large is the largest. False where there is none.
static bool take_number(const char **text, uint64_t *out)
{
    const char *from = *text;
    *out = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        unsigned figure = (unsigned)(**text - '0');
        *out = *out > (UINT64_MAX - figure) / 10 ? UINT64_MAX : *out * 10 + figure;
    }
    return *text != from;
}

static void skip_blanks(const char **text)
{
    *text += strspn(*text, " \t");
}

// "FIRST-LAST", "FIRST-" or "-COUNT", and nothing behind it.
struct bounds {
    bool has_first, has_last;
    uint64_t first, last;
};

static bool read_bounds(const char *text, struct bounds *b)
{
    static const char unit[] = "bytes";
    if (text == NULL || strncasecmp(text, unit, strlen(unit)) != 0) {
        return false;
    }
    text += strlen(unit);
    skip_blanks(&text);
    if (*text++ != '=') {
        return false;
    }
    skip_blanks(&text);
    b->has_first = take_number(&text, &b->first);
    if (*text++ != '-') {
        return false;
    }
    b->has_last = take_number(&text, &b->last);
    skip_blanks(&text);
    return *text == '\0' && (b->has_first || b->has_last) &&
           (!b->has_first || !b->has_last || b->first <= b->last);
}

enum range_answer range_read(const char *text, uint64_t size, struct range *out)
{
    struct bounds b;
    *out = (struct range){0, size};
    if (!read_bounds(text, &b)) {
        return RANGE_WHOLE;
    }
    if (!b.has_first) { // so many at the end
        uint64_t n = b.last < size ? b.last : size;
        *out = (struct range){size - n, n};
        return n > 0 ? RANGE_PART : RANGE_BEHIND;
    }
    if (b.first >= size) {
        return RANGE_BEHIND;
    }
    uint64_t last = b.has_last && b.last < size ? b.last : size - 1;
    *out = (struct range){b.first, last - b.first + 1};
    return RANGE_PART;
}
