// SPDX-License-Identifier: Apache-2.0
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIB UINT64_C(1024)
#define MIB (KIB * KIB)

// How many bytes the UTF-8 character at p has, 0 when it is none (overlong, surrogate, cut off).
static size_t utf8_length(const uint8_t *p, size_t n)
{
    static const struct {
        uint8_t first, last, low, high; // range of byte 0, then of byte 1
        size_t length;
    } rows[] = {
        {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (p[0] < rows[i].first || p[0] > rows[i].last || rows[i].length > n) {
            continue;
        }
        for (size_t k = 1; k < rows[i].length; k++) {
            uint8_t low = k == 1 ? rows[i].low : 0x80;
            uint8_t high = k == 1 ? rows[i].high : 0xBF;
            if (p[k] < low || p[k] > high) {
                return 0;
            }
        }
        return rows[i].length;
    }
    return 0;
}

static bool acts_on_terminal(const uint8_t *p, size_t length)
{
    bool c1 = length == 2 && p[0] == 0xC2 && p[1] < 0xA0;
    bool isolate = length == 3 && p[0] == 0xE2 && p[1] == 0x80 && p[2] >= 0xAA && p[2] <= 0xAE;
    bool mark = length == 3 && p[0] == 0xE2 && p[1] == 0x80 && (p[2] == 0x8E || p[2] == 0x8F);
    bool embed = length == 3 && p[0] == 0xE2 && p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9;
    bool arabic = length == 2 && p[0] == 0xD8 && p[1] == 0x9C;
    bool direction = isolate || mark || embed || arabic; // right-to-left, to fool a reader
    return c1 || direction || (length == 1 && (p[0] < 0x20 || p[0] == 0x7F));
}

static char *escape(struct arena *a, const uint8_t *p, size_t n, bool terminal)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(a, n * 4 + 1);
    char *to = out;
    for (size_t i = 0; i < n;) {
        size_t length = utf8_length(p + i, n - i);
        if (length > 0 && !(terminal && acts_on_terminal(p + i, length))) {
            memcpy(to, p + i, length);
            to += length;
            i += length;
            continue;
        }
        *to++ = '\\';
        *to++ = 'x';
        *to++ = digits[p[i] >> 4];
        *to++ = digits[p[i] & 15];
        i++;
    }
    return out;
}

char *text_utf8(struct arena *a, const void *bytes, size_t n)
{
    return escape(a, bytes, n, false);
}

char *text_printable(struct arena *a, const char *text)
{
    return escape(a, (const uint8_t *)text, strlen(text), true);
}

const char *text_entity(char c)
{
    static const struct {
        char c;
        const char *entity;
    } rows[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].c == c) {
            return rows[i].entity;
        }
    }
    return NULL;
}

char *text_hex(struct arena *a, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    return out;
}

int text_hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10
                                        : -1;
}

int text_hex_byte(const char *p)
{
    int high = text_hex_digit(p[0]), low = high < 0 ? -1 : text_hex_digit(p[1]);
    return low < 0 ? -1 : high * 16 + low;
}

char *text_count(struct arena *a, uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof(digits), "%" PRIu64, n);
    char *out = arena_alloc(a, sizeof(digits) * 2);
    char *to = out;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            *to++ = ',';
        }
        *to++ = digits[i];
    }
    return out;
}

char *text_size(struct arena *a, uint64_t n)
{
    if (n >= MIB && n % (MIB) == 0) {
        return arena_printf(a, "%" PRIu64 " MiB", n / (MIB));
    }
    if (n >= KIB && n % KIB == 0) {
        return arena_printf(a, "%" PRIu64 " KiB", n / KIB);
    }
    return arena_printf(a, "%s byte%s", text_count(a, n), n == 1 ? "" : "s");
}

bool text_number(const char *text, uint64_t *out)
{
    char *end;
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    if (!isdigit((unsigned char)text[hex ? 2 : 0]) && !(hex && isxdigit((unsigned char)text[2]))) {
        return false;
    }
    errno = 0;
    *out = strtoull(text, &end, hex ? 16 : 10);
    return errno == 0 && *end == '\0';
}

// The digits at the beginning of *text, which may have commas between thousands; *text is then what
// follows. False where there are none, or too many.
static bool take_digits(const char **text, char *digits, size_t room)
{
    static const char ten[] = "0123456789";
    enum { GROUP = 3 };
    size_t n = 0, run = strspn(*text, ten);
    bool grouped = run > 0 && run <= GROUP;
    while (run > 0 && n + run < room) {
        memcpy(digits + n, *text, run);
        n += run;
        *text += run;
        bool more = grouped && **text == ',' && strspn(*text + 1, ten) == GROUP;
        run = more ? GROUP : 0;
        *text += more;
    }
    digits[n] = '\0';
    return n > 0 && run == 0;
}

bool text_bytes(const char *text, uint64_t *out)
{
    static const struct {
        const char *name;
        uint64_t bytes;
    } units[] = {{"", 1},       {"K", KIB},   {"KB", KIB},  {"KiB", KIB},  {"M", MIB},
                 {"MB", MIB},   {"MiB", MIB}, {" KB", KIB}, {" KiB", KIB}, {" MB", MIB},
                 {" MiB", MIB}, {" byte", 1}, {" bytes", 1}};
    char digits[32];
    if (text_number(text, out)) {
        return true;
    }
    if (!take_digits(&text, digits, sizeof(digits)) || !text_number(digits, out)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(text, units[i].name) == 0 && *out <= UINT64_MAX / units[i].bytes) {
            *out *= units[i].bytes;
            return true;
        }
    }
    return false;
}

bool text_is_version(const char *text)
{
    text += *text == 'v' || *text == 'V';
    if (!isdigit((unsigned char)*text)) {
        return false;
    }
    text += strspn(text, "0123456789");
    return *text == '.' && isdigit((unsigned char)text[1]);
}

int text_compare_runs(const char **a, const char **b)
{
    *a += strspn(*a, "0");
    *b += strspn(*b, "0");
    size_t na = strspn(*a, "0123456789");
    size_t nb = strspn(*b, "0123456789");
    int order = na != nb ? (na < nb ? -1 : 1) : memcmp(*a, *b, na);
    *a += na;
    *b += nb;
    return order;
}

// -rc1, -beta2, -dev; not -12-gabcdef and not -dirty, which come after the release.
static bool is_pre_release(const char *p)
{
    return p[0] == '-' && isalpha((unsigned char)p[1]) && strncmp(p + 1, "dirty", 5) != 0;
}

int text_compare_versions(const char *a, const char *b)
{
    a += *a == 'v' || *a == 'V';
    b += *b == 'v' || *b == 'V';
    for (;;) {
        bool digit_a = isdigit((unsigned char)*a), digit_b = isdigit((unsigned char)*b);
        if (digit_a && digit_b) {
            int order = text_compare_runs(&a, &b);
            if (order != 0) {
                return order < 0 ? -1 : 1;
            }
            continue;
        }
        bool pre_a = is_pre_release(a), pre_b = is_pre_release(b);
        if (pre_a != pre_b) {
            return pre_a ? -1 : 1;
        }
        if (*a == *b) {
            if (*a == '\0') {
                return 0;
            }
            a++;
            b++;
            continue;
        }
        return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
    }
}

const char *text_beside(struct arena *a, const char *text, const char *other)
{
    enum { SHOWN = 16 };
    bool whole = strlen(text) <= SHOWN || strncmp(text, other, SHOWN) == 0;
    return whole ? text : arena_printf(a, "%.*s...", SHOWN, text);
}

const char *text_joined(struct arena *a, const char *const *lines, size_t n)
{
    size_t size = 1;
    for (size_t i = 0; i < n; i++) {
        size += strlen(lines[i]);
    }
    char *text = arena_alloc(a, size), *at = text;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(lines[i]);
        memcpy(at, lines[i], length);
        at += length;
    }
    return text;
}

const char *text_list(struct arena *a, const char *const *words, size_t n)
{
    const char *list = n == 0 ? "" : words[0];
    for (size_t i = 1; i < n; i++) {
        list = arena_printf(a, "%s, %s", list, words[i]);
    }
    return list;
}

size_t text_place(const char *word, const char *const *words, size_t n)
{
    size_t i = 0;
    while (i < n && strcmp(words[i], word) != 0) {
        i++;
    }
    return i;
}

enum { WORD_MOST = 64 };

static bool is_same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

// How many letters must be changed, left out, put in or swapped with their neighbour; their case
// does not count.
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][WORD_MOST + 1] = {{0}};
    size_t na = strlen(a), nb = strlen(b);
    if (na > WORD_MOST || nb > WORD_MOST) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= nb; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t best = last[j - 1] + !is_same_letter(a[i - 1], b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            now[j] = swapped && before[j - 2] + 1 < best ? before[j - 2] + 1 : best;
        }
    }
    return rows[na % 3][nb];
}

// The one candidate that begins with `word`, of which three letters say enough.
static const char *only_longer(const char *word, const char *const *candidates, size_t n)
{
    const char *only = NULL;
    size_t own = strlen(word), count = 0;
    for (size_t i = 0; own >= 3 && i < n; i++) {
        if (strncmp(candidates[i], word, own) == 0 && candidates[i][own] != '\0') {
            only = candidates[i];
            count++;
        }
    }
    return count == 1 ? only : NULL;
}

const char *text_nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    size_t least = strlen(word) < 6 ? 1 : strlen(word) / 3;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(candidates[i]), own = strlen(word);
        bool near = (length > own ? length - own : own - length) <= least;
        size_t d = near ? distance(word, candidates[i]) : SIZE_MAX; // costs length by length
        if (d <= least && (best == NULL || d < least)) {
            best = candidates[i];
            least = d;
        }
    }
    return best != NULL ? best : only_longer(word, candidates, n);
}
