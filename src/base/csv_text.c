// SPDX-License-Identifier: Apache-2.0
#include "csv_text.h"

#include <ctype.h>
#include <string.h>

enum { UTF_8, UTF_16_LE, UTF_16_BE, UTF_32_BE };
enum { END = -1, BAD = -2 };
#define NUMBER_MOST (INT64_C(1) << 58) // times 16, and a digit, is still one

// In the order in which the tool looks for them: what begins like UTF-32, little-endian, is UTF-16.
static const struct {
    const char *mark;
    size_t n;
    int encoding;
} marks[] = {{"\xEF\xBB\xBF", 3, UTF_8},
             {"\xFF\xFE", 2, UTF_16_LE},
             {"\xFE\xFF", 2, UTF_16_BE},
             {"\0\0\xFE\xFF", 4, UTF_32_BE}};

void csv_text_open(struct csv_text *t, const uint8_t *bytes, size_t n)
{
    *t = (struct csv_text){.p = bytes, .n = n, .encoding = UTF_8};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (n >= marks[i].n && memcmp(bytes, marks[i].mark, marks[i].n) == 0) {
            t->at = marks[i].n;
            t->encoding = marks[i].encoding;
            return;
        }
    }
}

static bool is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

static int32_t next_utf8(struct csv_text *t)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint8_t first = t->p[t->at];
    size_t more = first < 0x80             ? 0
                  : (first & 0xE0) == 0xC0 ? 1
                  : (first & 0xF0) == 0xE0 ? 2
                  : (first & 0xF8) == 0xF0 ? 3
                                           : 4;
    if (more > 3 || t->n - t->at <= more) {
        return BAD;
    }
    uint32_t c = more == 0 ? first : first & (0x3FU >> more);
    for (size_t i = 1; i <= more; i++) {
        uint8_t b = t->p[t->at + i];
        if ((b & 0xC0) != 0x80) {
            return BAD;
        }
        c = c << 6 | (b & 0x3FU);
    }
    t->at += more + 1;
    return c < least[more] || c > 0x10FFFF || is_surrogate(c) ? BAD : (int32_t)c;
}

// The two bytes `ahead` of where the text is.
static uint32_t unit_at(const struct csv_text *t, size_t ahead)
{
    const uint8_t *p = t->p + t->at + ahead;
    return t->encoding == UTF_16_LE ? (uint32_t)p[1] << 8 | p[0] : (uint32_t)p[0] << 8 | p[1];
}

static int32_t next_utf16(struct csv_text *t)
{
    if (t->n - t->at < 2) {
        return BAD;
    }
    uint32_t c = unit_at(t, 0);
    if (!is_surrogate(c)) {
        t->at += 2;
        return (int32_t)c;
    }
    uint32_t low = t->n - t->at < 4 ? 0 : unit_at(t, 2);
    if (c >= 0xDC00 || low < 0xDC00 || low > 0xDFFF) {
        return BAD;
    }
    t->at += 4;
    return (int32_t)(0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
}

static int32_t next_utf32(struct csv_text *t)
{
    if (t->n - t->at < 4) {
        return BAD;
    }
    uint32_t c = unit_at(t, 0) << 16 | unit_at(t, 2);
    t->at += 4;
    return c > 0x10FFFF || is_surrogate(c) ? BAD : (int32_t)c;
}

// The next character; END, BAD.
static int32_t next(struct csv_text *t)
{
    if (t->at >= t->n) {
        return END;
    }
    return t->encoding == UTF_8       ? next_utf8(t)
           : t->encoding == UTF_32_BE ? next_utf32(t)
                                      : next_utf16(t);
}

// What ends a line for Python's str.splitlines().
static bool ends_line(int32_t c)
{
    return (c >= '\n' && c <= '\r') || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 ||
           c == 0x2029;
}

// Writes one character; `to` NULL: only says how many bytes it has.
static size_t put_utf8(char *to, int32_t c)
{
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    for (size_t i = 0; to != NULL && i < more; i++) {
        to[more - i] = (char)(0x80 | ((c >> (6 * i)) & 0x3F));
    }
    if (to != NULL) {
        static const int lead[] = {0, 0xC0, 0xE0, 0xF0};
        to[0] = (char)(lead[more] | (c >> (6 * more)));
    }
    return more + 1;
}

// Reads to the end of the line. Returns the bytes of its text; `to` NULL: only counts them.
static size_t read_line(struct csv_text *t, char *to, bool *bad)
{
    size_t n = 0;
    int32_t c;
    while ((c = next(t)) >= 0 && !ends_line(c)) {
        n += put_utf8(to == NULL ? NULL : to + n, c);
    }
    struct csv_text ahead = *t;
    if (c == '\r' && next(&ahead) == '\n') {
        *t = ahead;
    }
    *bad = c == BAD;
    return n;
}

bool csv_text_line(struct csv_text *t, struct arena *a, struct csv_line *line)
{
    struct csv_text again = *t;
    if (t->at >= t->n) {
        return false;
    }
    line->at = t->line == 0 ? 0 : t->at; // the byte order mark belongs to the first line
    size_t n = read_line(t, NULL, &line->bad);
    char *text = arena_alloc(a, n + 1);
    (void)read_line(&again, text, &line->bad);
    t->at = line->bad ? t->n : t->at;
    line->size = t->at - line->at;
    line->text = (struct csv_span){text, n};
    line->number = ++t->line;
    return true;
}

// ---- Blanks, fields -----------------------------------------------------------------------------

// What Python's str.strip() takes away, in UTF-8.
static const char *const blanks[] = {
    "\t",           "\n",           "\v",           "\f",           "\r",
    "\x1C",         "\x1D",         "\x1E",         "\x1F",         " ",
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

// How many bytes the blank at this end of a text has; 0: there is none.
static size_t blank_at(struct csv_span s, bool end)
{
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        size_t n = strlen(blanks[i]);
        if (s.n >= n && memcmp(end ? s.p + s.n - n : s.p, blanks[i], n) == 0) {
            return n;
        }
    }
    return 0;
}

struct csv_span csv_trim(struct csv_span s)
{
    size_t n;
    while ((n = blank_at(s, false)) > 0) {
        s = (struct csv_span){s.p + n, s.n - n};
    }
    while ((n = blank_at(s, true)) > 0) {
        s.n -= n;
    }
    return s;
}

struct csv_span csv_field(struct csv_span *rest)
{
    const char *comma = rest->n == 0 ? NULL : memchr(rest->p, ',', rest->n);
    struct csv_span field = {rest->p, comma == NULL ? rest->n : (size_t)(comma - rest->p)};
    size_t skip = comma == NULL ? rest->n : field.n + 1;
    *rest = (struct csv_span){rest->p + skip, rest->n - skip};
    return field;
}

bool csv_is(struct csv_span s, const char *word)
{
    return s.n == strlen(word) && memcmp(s.p, word, s.n) == 0;
}

// ---- Variables ----------------------------------------------------------------------------------

static bool is_word(char c)
{
    return c == '_' || (c > 0 && isalnum((unsigned char)c));
}

// The name behind a '$', and how many bytes it has with its braces; 0: there is none.
static size_t variable_name(struct csv_span s, struct csv_span *name)
{
    size_t n = 0;
    if (s.n > 0 && s.p[0] == '{') {
        const char *close = memchr(s.p, '}', s.n);
        *name = (struct csv_span){s.p + 1, close == NULL ? 0 : (size_t)(close - s.p) - 1};
        return close == NULL ? 0 : name->n + 2;
    }
    while (n < s.n && is_word(s.p[n])) {
        n++;
    }
    *name = (struct csv_span){s.p, n};
    return n;
}

// Writes a text with its variables replaced; `to` NULL: only says how many bytes it has.
static size_t expand(struct csv_span s, const char *(*variable)(const char *name), struct arena *a,
                     char *to)
{
    size_t length = 0;
    for (size_t i = 0; i < s.n;) {
        struct csv_span name = {NULL, 0};
        struct csv_span rest = {s.p + i + 1, s.n - i - 1};
        size_t n = s.p[i] == '$' ? variable_name(rest, &name) : 0;
        bool named = n > 0 && memchr(name.p, '\0', name.n) == NULL;
        const char *value = named ? variable(arena_copy(a, name.p, name.n)) : NULL;
        struct csv_span from = value != NULL ? (struct csv_span){value, strlen(value)}
                                             : (struct csv_span){s.p + i, n + 1};
        if (to != NULL) {
            memcpy(to + length, from.p, from.n);
        }
        length += from.n;
        i += n + 1;
    }
    return length;
}

struct csv_span csv_expand(struct csv_span s, const char *(*variable)(const char *name),
                           struct arena *a)
{
    if (variable == NULL || s.n == 0 || memchr(s.p, '$', s.n) == NULL) {
        return s;
    }
    size_t n = expand(s, variable, a, NULL);
    if (n > CSV_EXPANDED_MOST) {
        return (struct csv_span){NULL, n};
    }
    char *text = arena_alloc(a, n + 1);
    (void)expand(s, variable, a, text);
    return (struct csv_span){text, n};
}

// ---- Numbers ------------------------------------------------------------------------------------

static int digit_of(char c)
{
    c = (char)tolower((unsigned char)c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

static int64_t at_most(int64_t value)
{
    return value < NUMBER_MOST ? value : NUMBER_MOST;
}

// Digits, with single underscores between them, and before them where there is a prefix.
static bool read_digits(struct csv_span s, int base, bool prefixed, int64_t *out)
{
    bool digit = prefixed; // was the last one?
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool underscore = s.p[i] == '_';
        if (underscore ? !digit : digit_of(s.p[i]) >= base) {
            return false;
        }
        *out = underscore ? *out : at_most(*out * base + digit_of(s.p[i]));
        digit = !underscore;
    }
    return digit && s.n > 0;
}

static bool all_zeros(struct csv_span s)
{
    size_t i = 0;
    while (i < s.n && (s.p[i] == '0' || s.p[i] == '_')) {
        i++;
    }
    return i == s.n;
}

// 16, 8 or 2 for 0x, 0o, 0b; 10 where there is none of these.
static int base_of(struct csv_span s)
{
    char letter = s.n > 1 && s.p[0] == '0' ? s.p[1] : '\0';
    switch (tolower((unsigned char)letter)) {
    case 'x':
        return 16;
    case 'o':
        return 8;
    case 'b':
        return 2;
    default:
        return 10;
    }
}

static bool read_unsigned(struct csv_span s, int64_t *out)
{
    int base = base_of(s);
    if (base != 10) {
        return read_digits((struct csv_span){s.p + 2, s.n - 2}, base, true, out);
    }
    bool octal = s.n > 0 && s.p[0] == '0' && !all_zeros(s); // in other languages; an error in this
    return !octal && read_digits(s, base, false, out);
}

bool csv_number(struct csv_span s, int64_t *out)
{
    s = csv_trim(s);
    bool minus = s.n > 0 && s.p[0] == '-';
    if (minus || (s.n > 0 && s.p[0] == '+')) {
        s = (struct csv_span){s.p + 1, s.n - 1};
    }
    bool good = read_unsigned(s, out);
    *out = !good ? 0 : minus ? -*out : *out;
    return good;
}
