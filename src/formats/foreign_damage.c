// SPDX-License-Identifier: Apache-2.0
//
// Files that were copied as text: FTP's ASCII mode and git's autocrlf put 0x0D before each 0x0A or
// take it away, a decoder puts EF BF BD where it knows no letter, or writes bytes as UTF-8.
#include "foreign.h"

enum { LOOKED_AT_MOST = 4 * 1024 * 1024, MARKS_LEAST = 16 };

// How often what occurs in what was looked at.
struct tally {
    uint64_t n, zeros, high;   // bytes, those that are 0, those from 0x80 on
    uint64_t cr, lf, crlf;     // 0x0D, 0x0A, and both in this order
    uint64_t letters, invalid; // of UTF-8: letters of several bytes, and bytes that are of none
    uint64_t replaced;         // of these letters: EF BF BD
    bool begins;               // with one of them
    unsigned wanted;           // bytes of a letter that are to come
    uint8_t before[2];         // the two bytes before this one
};

static void count_utf8(struct tally *t, uint8_t c)
{
    if (t->wanted > 0 && c >> 6 == 2) {
        t->wanted--;
        t->letters += t->wanted == 0;
        return;
    }
    t->invalid += t->wanted > 0 || (c >= 0x80 && (c < 0xC2 || c > 0xF4));
    t->wanted = c < 0xC2 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : c <= 0xF4 ? 3 : 0;
}

static void count_byte(struct tally *t, uint8_t c)
{
    enum { MAGIC = 2 }; // an image's magic number is in the first byte or in the second
    t->begins = t->begins || (t->n < MAGIC && c >= 0x80);
    t->n++;
    t->zeros += c == 0;
    t->high += c >= 0x80;
    t->cr += c == '\r';
    t->lf += c == '\n';
    t->crlf += c == '\n' && t->before[1] == '\r';
    t->replaced += t->before[0] == 0xEF && t->before[1] == 0xBF && c == 0xBD;
    count_utf8(t, c);
    t->before[0] = t->before[1];
    t->before[1] = c;
}

static struct tally tally_of(const struct otapack_source *src)
{
    struct tally t = {0};
    uint8_t block[4096];
    uint64_t end = src->size < LOOKED_AT_MOST ? src->size : LOOKED_AT_MOST;
    for (uint64_t at = 0; at < end; at += sizeof(block)) {
        size_t n = end - at < sizeof(block) ? (size_t)(end - at) : sizeof(block);
        if (otapack_read(src, at, block, n, "").code != OTAPACK_OK) {
            break;
        }
        for (size_t i = 0; i < n; i++) {
            count_byte(&t, block[i]);
        }
    }
    return t;
}

// A text has no zeros. Of binary data one 0x0A in 256 has 0x0D before it, and few bytes from 0x80
// on are letters of UTF-8: that all are is no chance.
static const char *was_written(const struct tally *t)
{
    if (t->zeros < MARKS_LEAST) {
        return NULL;
    }
    if (t->replaced >= MARKS_LEAST && t->replaced * 3 * 10 >= t->high * 9) {
        return "its bytes from 0x80 on were replaced by EF BF BD when it was read as UTF-8 text";
    }
    if (t->begins && t->letters >= MARKS_LEAST && t->invalid == 0) {
        return "its bytes from 0x80 on were taken for letters, and written as UTF-8";
    }
    if (t->lf >= MARKS_LEAST && t->crlf == t->lf && t->high > 0) {
        return "every 0x0A has 0x0D before it, as FTP in ASCII mode or git's autocrlf write it";
    }
    return NULL;
}

const char *foreign_text_mode(const struct otapack_source *src)
{
    struct tally t = tally_of(src);
    return was_written(&t);
}

// Where chance has a dozen pairs, next to none are a sign, but no more than that: one is left of
// each 0x0D 0x0D 0x0A.
const char *foreign_text_mode_of_image(const struct otapack_source *src)
{
    enum { PAIRS_LEAST = 12, LEFT = 8 };
    struct tally t = tally_of(src);
    const char *why = was_written(&t);
    uint64_t by_chance = t.n == 0 ? 0 : t.cr * t.lf / t.n;
    bool lost = t.zeros >= MARKS_LEAST && by_chance >= PAIRS_LEAST && t.crlf <= by_chance / LEFT;
    return why == NULL && lost ? "next to no 0x0A has 0x0D before it, as if a copy as text had "
                                 "made one byte of each 0x0D "
                                 "0x0A"
                               : why;
}
