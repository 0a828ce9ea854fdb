// SPDX-License-Identifier: Apache-2.0
//
// Files that were copied as text: FTP's ASCII mode and git's autocrlf put 0x0D before each 0x0A or
// take it away, a decoder puts EF BF BD where it knows no letter, or writes bytes as UTF-8.
#include "foreign.h"

enum { LOOKED_AT_MOST = 4 * 1024 * 1024 };

// How often what occurs in what was looked at.
struct tally {
    uint64_t n, zeros, high;  // bytes, those that are 0, those from 0x80 on
    uint64_t cr, lf, crlf;    // 0x0D, 0x0A, and both in this order
    uint64_t replaced, latin; // EF BF BD; C2 or C3 and the byte behind
};

struct window {
    uint8_t before[2]; // the two bytes before this one
};

static void count_byte(struct tally *t, struct window *w, uint8_t c)
{
    uint8_t last = w->before[1];
    t->n++;
    t->zeros += c == 0;
    t->high += c >= 0x80;
    t->cr += c == '\r';
    t->lf += c == '\n';
    t->crlf += c == '\n' && last == '\r';
    t->latin += (last == 0xC2 || last == 0xC3) && c >= 0x80 && c < 0xC0;
    t->replaced += w->before[0] == 0xEF && last == 0xBF && c == 0xBD;
    w->before[0] = last;
    w->before[1] = c;
}

static struct tally tally_of(const struct otapack_source *src)
{
    struct tally t = {0};
    struct window w = {{0, 0}};
    uint8_t block[4096];
    uint64_t end = src->size < LOOKED_AT_MOST ? src->size : LOOKED_AT_MOST;
    for (uint64_t at = 0; at < end; at += sizeof(block)) {
        size_t n = end - at < sizeof(block) ? (size_t)(end - at) : sizeof(block);
        if (otapack_read(src, at, block, n, "").code != OTAPACK_OK) {
            break;
        }
        for (size_t i = 0; i < n; i++) {
            count_byte(&t, &w, block[i]);
        }
    }
    return t;
}

// Of binary data one 0x0A in 256 has 0x0D before it: that a few dozen have is no chance, nor that
// none has of thousands.
const char *foreign_text_mode(const struct otapack_source *src)
{
    enum { MARKS_LEAST = 16, PAIRS_LEAST = 48 };
    struct tally t = tally_of(src);
    if (t.zeros < MARKS_LEAST) {
        return NULL; // it is a text
    }
    if (t.replaced >= MARKS_LEAST && t.replaced * 3 * 10 >= t.high * 9) {
        return "its bytes from 0x80 on were replaced by EF BF BD when it was read as UTF-8 text";
    }
    if (t.latin >= MARKS_LEAST && t.latin * 2 == t.high) {
        return "its bytes from 0x80 on were written as UTF-8";
    }
    if (t.lf >= MARKS_LEAST && t.crlf == t.lf && t.high > 0) {
        return "every 0x0A has 0x0D before it, as FTP in ASCII mode or git's autocrlf write it";
    }
    if (t.crlf == 0 && t.cr * t.lf >= PAIRS_LEAST * t.n) {
        return "no 0x0A has 0x0D before it, as if each 0x0D 0x0A had become 0x0A in a copy as "
               "text";
    }
    return NULL;
}
