// SPDX-License-Identifier: Apache-2.0
#include "shell_words.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Does the backslash here stand for itself?
static bool is_plain(char quote, const char *at)
{
    return quote == '\'' || (quote == '"' && at[1] != '"' && at[1] != '\\');
}

char *shell_word(char **rest, bool *whole)
{
    char *at = *rest;
    char quote = '\0'; // that is open
    *whole = true;
    while (is_blank(*at)) {
        at++;
    }
    if (*at == '\0') {
        *rest = at;
        return NULL;
    }
    char *word = at, *to = at;
    for (; *at != '\0' && (quote != '\0' || !is_blank(*at)); at++) {
        if (*at == '\\' && !is_plain(quote, at)) {
            if (*++at == '\0') {
                quote = '\\';
                break;
            }
            *to++ = *at;
        } else if (*at == quote) {
            quote = '\0';
        } else if (quote == '\0' && (*at == '"' || *at == '\'')) {
            quote = *at;
        } else {
            *to++ = *at;
        }
    }
    *rest = *at == '\0' ? at : at + 1; // before the end of the word, which may be there
    *to = '\0';
    *whole = quote == '\0';
    return word;
}
