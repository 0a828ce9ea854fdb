// SPDX-License-Identifier: Apache-2.0
//
// How a device reads the header of a Matter image: element by element, in order; what it passes
// over and what it refuses.
#include "matter_image.h"

#include "../unit/unit.h"

// A tag is a profile, or none of a context's, and a number; these two stand for what has no number.
enum { NO_PROFILE = -1, ANONYMOUS = 0x100, UNKNOWN = 0x101, END = 0x18 };
enum { NUMBERS_END = 7, STRINGS = 0x0C, TEXTS_END = 0x0F, STRINGS_END = 0x13 };

enum container { TOP, STRUCTURE = 0x15, ARRAY = 0x16, LIST = 0x17, ANY };

struct reader {
    const uint8_t *p;
    size_t n, at;
    uint64_t skip; // the data of the last string
    enum container container;
    unsigned type;
    int64_t profile;
    uint64_t tag, value; // the value of a number, the length of a string
};

static bool take(struct reader *r, uint64_t count, uint64_t *value)
{
    if (r->n - r->at < count) {
        return false;
    }
    *value = 0;
    for (uint64_t i = 0; i < count; i++) {
        *value |= i < 8 ? (uint64_t)r->p[r->at + i] << 8 * i : 0;
    }
    r->at += count;
    return true;
}

// The forms of a tag that the control byte has in its upper bits.
static bool take_tag(struct reader *r, unsigned form)
{
    static const uint8_t sizes[] = {0, 1, 2, 4, 2, 4, 6, 8};
    uint64_t vendor, profile;
    r->profile = NO_PROFILE;
    switch (form) {
    case 0:
        r->tag = ANONYMOUS;
        return true;
    case 1:
        return take(r, 1, &r->tag);
    case 2:
    case 3:
        r->profile = 0;
        return take(r, sizes[form], &r->tag);
    case 4:
    case 5:
        if (!take(r, sizes[form], &r->tag)) {
            return false;
        }
        r->tag = UNKNOWN;
        return true;
    default:
        if (!take(r, 2, &vendor) || !take(r, 2, &profile) || !take(r, sizes[form] - 4, &r->tag)) {
            return false;
        }
        profile |= vendor << 16;
        r->profile = profile == 0xFFFFFFFF ? NO_PROFILE : (int64_t)profile;
        return true;
    }
}

static bool tag_is(const struct reader *r, uint64_t tag)
{
    return r->profile == NO_PROFILE && r->tag == tag;
}

static bool tag_belongs(const struct reader *r)
{
    bool of_context = r->profile == NO_PROFILE && r->tag <= 0xFF;
    if (r->type == END) {
        return r->container != TOP && tag_is(r, ANONYMOUS);
    }
    return !tag_is(r, UNKNOWN) && !(r->container == TOP && of_context) &&
           !(r->container == STRUCTURE && tag_is(r, ANONYMOUS)) &&
           !(r->container == ARRAY && !tag_is(r, ANONYMOUS));
}

// The next element; a string's data stay where they are.
static bool element(struct reader *r)
{
    uint64_t control, skipped;
    if (!take(r, r->skip, &skipped) || !take(r, 1, &control)) {
        return false;
    }
    r->skip = 0;
    r->type = control & 0x1F;
    bool string = r->type >= STRINGS && r->type <= STRINGS_END;
    bool sized = r->type <= NUMBERS_END || (r->type >= 0x0A && r->type <= STRINGS_END);
    unsigned width = sized ? 1u << (r->type & 3) : 0;
    if (r->type > END || !take_tag(r, (unsigned)control >> 5) || !take(r, width, &r->value) ||
        (width == 8 && string && r->value > 0xFFFFFFFF) || !tag_belongs(r) ||
        (string && r->n - r->at < r->value)) {
        return false;
    }
    r->skip = string ? r->value : 0;
    return true;
}

static bool inside(struct reader *r)
{
    return element(r) && r->type != END;
}

static bool next(struct reader *r, unsigned tag)
{
    return inside(r) && tag_is(r, tag);
}

static bool is_unsigned(const struct reader *r, unsigned bits)
{
    return r->type >= 4 && r->type <= NUMBERS_END && (bits == 64 || r->value >> bits == 0);
}

// Devices cut a text at its first 0x1F.
static bool is_text(const struct reader *r, size_t most)
{
    if (r->type < STRINGS || r->type > TEXTS_END) {
        return false;
    }
    const void *cut = memchr(r->p + r->at, 0x1F, (size_t)r->value);
    size_t n = cut == NULL ? (size_t)r->value : (size_t)((const uint8_t *)cut - (r->p + r->at));
    return n <= most;
}

// To the end of the structure, over whatever else is in it.
static bool leave(struct reader *r)
{
    const enum container outer = r->container;
    unsigned level = 0;
    for (;;) {
        if (r->type == END && level == 0) {
            return true;
        }
        if (r->type == END) {
            level--;
            r->container = level == 0 ? outer : ANY;
        } else if (r->type >= STRUCTURE && r->type <= LIST) {
            level++;
            r->container = (enum container)r->type;
        }
        if (!element(r)) {
            return false;
        }
    }
}

// min, max and URL may stand between the two halves; the element behind them is the next one.
static bool optional(struct reader *r)
{
    bool good = inside(r);
    for (unsigned tag = 5; good && tag <= 6; tag++) {
        if (tag_is(r, tag)) {
            good = is_unsigned(r, 32) && inside(r);
        }
    }
    if (good && tag_is(r, 7)) {
        good = is_text(r, 256) && inside(r);
    }
    return good;
}

bool matter_accepts(const struct image *im)
{
    static const unsigned bits[] = {16, 16, 32, 0, 64}; // 0: a text
    if (im->n < MATTER_FIXED || u32_at(im, 0) != 0x1BEEF11E || u32_at(im, 12) > 1024 ||
        im->n - MATTER_FIXED < u32_at(im, 12)) {
        return false;
    }
    struct reader r = {.p = im->p + MATTER_FIXED, .n = u32_at(im, 12), .container = TOP};
    if (!element(&r) || !tag_is(&r, ANONYMOUS) || r.type != STRUCTURE) {
        return false;
    }
    r.container = STRUCTURE;
    for (unsigned tag = 0; tag < COUNT(bits); tag++) {
        if (!next(&r, tag) || !(bits[tag] > 0 ? is_unsigned(&r, bits[tag]) : is_text(&r, 64))) {
            return false;
        }
    }
    return optional(&r) && tag_is(&r, 8) && is_unsigned(&r, 8) && next(&r, 9) &&
           r.type >= STRINGS && r.type <= STRINGS_END && leave(&r);
}
