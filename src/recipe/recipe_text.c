// SPDX-License-Identifier: Apache-2.0
#include "recipe_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum { ESCAPED_MOST = 7 }; // "\u2028" and its end

// The character at p, which is valid UTF-8, and its bytes.
static uint32_t character_at(const char *p, size_t *n)
{
    const uint8_t *b = (const uint8_t *)p;
    *n = b[0] < 0x80 ? 1 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
    uint32_t c = *n == 1 ? b[0] : b[0] & (0x7FU >> *n);
    for (size_t i = 1; i < *n; i++) {
        c = c << 6 | (b[i] & 0x3F);
    }
    return c;
}

// What YAML takes for no text, or for the end of a line; and what makes a reader see another text
// than there is.
static bool is_odd(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } rows[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},   {0x200E, 0x200F},
        {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}, {0xFFFE, 0xFFFF},
    };
    bool odd = false;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        odd = odd || (c >= rows[i].first && c <= rows[i].last);
    }
    return odd;
}

static bool has_odd(const char *text)
{
    bool odd = false;
    for (size_t n; *text != '\0'; text += n) {
        odd = is_odd(character_at(text, &n)) || odd;
    }
    return odd;
}

static size_t put_escaped(char *to, uint32_t c)
{
    return (size_t)snprintf(to, ESCAPED_MOST, c < 0x100 ? "\\x%02x" : "\\u%04x", (unsigned)c);
}

// The text with what is odd escaped, and a \ or $ before what has to be doubled in these quotes.
static char *put_text(char *to, const char *text, char quote)
{
    for (size_t n; *text != '\0'; text += n) {
        uint32_t c = character_at(text, &n);
        bool doubled = (quote == '\'' && c == '\'') || strncmp(text, "${", 2) == 0;
        bool slashed = quote == '"' && (c == '"' || c == '\\');
        if (is_odd(c)) {
            to += put_escaped(to, c);
            continue;
        }
        if (doubled || slashed) {
            *to++ = slashed ? '\\' : *text;
        }
        memcpy(to, text, n);
        to += n;
    }
    return to;
}

const char *recipe_quoted(struct arena *a, const char *text)
{
    text = text_utf8(a, text, strlen(text));
    char quote = has_odd(text) ? '"' : '\'';
    char *out = arena_alloc(a, strlen(text) * ESCAPED_MOST + 3), *to = out;
    *to++ = quote;
    to = put_text(to, text, quote);
    *to = quote;
    return out;
}
