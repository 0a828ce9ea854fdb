// SPDX-License-Identifier: Apache-2.0
#include "argparse.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "input.h"

// Of one file of arguments, and of all that name one another.
enum { ARGUMENT_FILE_MOST = 256 * 1024, ARGUMENT_BYTES_MOST = 1 << 20, NESTING_MOST = 8 };

struct expanding {
    struct arena *arena;
    struct argparse_words *out;
    size_t files, bytes; // that were read
    struct err *e;
};

static bool add_word(struct expanding *x, const char *word)
{
    if (x->out->count == ARGS_MOST) {
        return err_set(x->e, STATUS_CANNOT, "there are more than %d arguments; give fewer",
                       ARGS_MOST);
    }
    x->out->list[x->out->count++] = arena_string(x->arena, word);
    return true;
}

// @FILE stands for the lines of a file, each an argument, which may be @FILE again.
static bool add_expanded(struct expanding *x, const char *word, int nesting)
{
    if (word[0] != '@') {
        return add_word(x, word);
    }
    if (nesting == NESTING_MOST || x->files++ == ARGS_MOST) {
        return err_set(
            x->e, STATUS_CANNOT,
            "%s: argument files name each other without end; take that name out of one of them",
            word);
    }
    char *text = input_text(word + 1, ARGUMENT_FILE_MOST, x->arena, x->e);
    x->bytes += text == NULL ? 0 : strlen(text);
    if (x->bytes > ARGUMENT_BYTES_MOST) {
        return err_set(x->e, STATUS_CANNOT,
                       "%s: argument files have more than %d bytes in all; give fewer arguments",
                       word, ARGUMENT_BYTES_MOST);
    }
    while (text != NULL && *text != '\0') {
        size_t n = strcspn(text, "\r\n");
        const char *line = arena_copy(x->arena, text, n);
        text += n + (strncmp(text + n, "\r\n", 2) == 0) + (text[n] != '\0');
        if (!add_expanded(x, line, nesting + 1)) {
            return false;
        }
    }
    return text != NULL;
}

bool argparse_expand(const char **words, size_t count, struct arena *a, struct argparse_words *out,
                     struct err *e)
{
    struct expanding x = {.arena = a, .out = out, .e = e};
    out->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!add_expanded(&x, words[i], 0)) {
            return false;
        }
    }
    return true;
}

// By the n first letters of a word: the option's whole name, or a beginning that no other has.
static const struct argparse_option *by_name(const struct argparse_option *options, size_t count,
                                             const char *word, size_t n)
{
    const struct argparse_option *found = NULL;
    size_t begin = 0;
    for (size_t i = 0; i < count; i++) {
        if (strncmp(options[i].word, word, n) == 0) {
            if (options[i].word[n] == '\0') {
                return &options[i];
            }
            found = &options[i];
            begin++;
        }
    }
    return begin == 1 ? found : NULL;
}

// What a word with one dash means; *value is what is joined to it, or NULL.
static const struct argparse_option *option_of(const struct argparse_option *options, size_t count,
                                               const char *word, const char **value)
{
    size_t n = strcspn(word, "=");
    if (word[0] != '-' || word[1] == '-' || word[1] == '\0') {
        return NULL;
    }
    const struct argparse_option *o = by_name(options, count, word, n);
    *value = o == NULL ? word + 2 : word[n] == '=' ? word + n + 1 : NULL;
    for (size_t i = 0; o == NULL && i < count; i++) {
        o = strlen(options[i].word) == 2 && word[1] == options[i].word[1] ? &options[i] : NULL;
    }
    return o;
}

// What no row means is an option all the same, and no value, unless it is a negative number or has
// a blank in it.
static bool is_unknown_option(const char *word)
{
    if (word[0] != '-' || word[1] == '\0' || strchr(word, ' ') != NULL) {
        return false;
    }
    return !isdigit((unsigned char)word[word[1] == '.' ? 2 : 1]);
}

// The word behind an option, where it can be its value.
static char *value_behind(const struct argparse_words *words, size_t i,
                          const struct argparse_option *options, size_t count)
{
    const char *unused;
    char *next = i + 1 < words->count ? words->list[i + 1] : NULL;
    return next == NULL || is_unknown_option(next) ||
                   option_of(options, count, next, &unused) != NULL
               ? NULL
               : next;
}

// A long option and its value are two words, which stay as they are: is the second one there?
static bool lacks_value(const struct argparse_words *words, size_t i,
                        const struct argparse_option *options, size_t count)
{
    const char *word = words->list[i];
    return strncmp(word, "--", 2) == 0 && strcmp(word, "--help") != 0 &&
           strchr(word, '=') == NULL && value_behind(words, i, options, count) == NULL;
}

bool argparse_translate(struct argparse_words *words, const struct argparse_option *options,
                        size_t count, struct arena *a, struct err *e)
{
    size_t to = words->count > 0;
    bool ended = false;
    for (size_t i = 1; i < words->count; i++) {
        char *word = words->list[i];
        const char *value = NULL;
        ended = ended || strcmp(word, "--") == 0;
        const struct argparse_option *o = ended ? NULL : option_of(options, count, word, &value);
        if (!ended && lacks_value(words, i, options, count)) {
            return err_set(e, STATUS_CANNOT, "%s needs a value; write it behind", word);
        }
        if (o != NULL && value == NULL &&
            (value = value_behind(words, i, options, count)) != NULL) {
            i++;
        }
        if (o != NULL && value == NULL) {
            return err_set(e, STATUS_CANNOT, "%s needs a value; write it behind", o->word);
        }
        words->list[to++] = o == NULL ? word : arena_printf(a, "--%s=%s", o->name, value);
    }
    words->count = to;
    return true;
}

// ---- By the rows of a verb ----------------------------------------------------------------------

struct rows {
    const struct opt *const *opts; // NULL-ended
    const char *const *lists;
    struct expanding to;
};

static bool is_begun_by(const char *name, const char *word, size_t n)
{
    size_t i = 0;
    while (i < n && name[i] == (word[i] == '_' ? '-' : word[i])) {
        i++;
    }
    return i == n;
}

// By its whole name, or a beginning that no other has.
static const struct opt *long_row(const struct opt *const *rows, const char *word, size_t n)
{
    const struct opt *found = NULL;
    size_t count = 0;
    for (; *rows != NULL; rows++) {
        if (is_begun_by((*rows)->name, word, n)) {
            if ((*rows)->name[n] == '\0') {
                return *rows;
            }
            found = *rows;
            count++;
        }
    }
    return count == 1 ? found : NULL;
}

// The first letter that takes a value; those before it are flags.
static const struct opt *letter_row(const struct opt *const *rows, const char *word, size_t *at)
{
    for (*at = 1; word[*at] != '\0'; (*at)++) {
        const struct opt *const *row = rows;
        while (*row != NULL && (*row)->letter != word[*at]) {
            row++;
        }
        if (*row == NULL || (*row)->type != NULL) {
            return *row;
        }
    }
    return NULL;
}

// The row that a word names; *value is what is joined to it, or NULL. Flags with one dash that
// stand before it in the word are put out. NULL: none that needs anything done.
static const struct opt *row_of(struct rows *rows, const char *word, const char **value, bool *good)
{
    size_t n = strcspn(word, "=");
    if (word[1] == '-') {
        *value = word[n] == '=' ? word + n + 1 : NULL;
        return long_row(rows->opts, word + 2, n - 2);
    }
    size_t at;
    const struct opt *o = letter_row(rows->opts, word, &at);
    if (o != NULL) {
        *value = word[at + 1] == '\0' ? NULL : word + at + 1 + (word[at + 1] == '=');
        *good = at == 1 || add_word(&rows->to, arena_copy(rows->to.arena, word, at));
    }
    return o;
}

static bool is_list(const struct rows *rows, const struct opt *o)
{
    const char *const *name = rows->lists;
    while (*name != NULL && strcmp(*name, o->name) != 0) {
        name++;
    }
    return *name != NULL;
}

static bool add_value(struct rows *rows, const struct opt *o, const char *value)
{
    return add_word(&rows->to, arena_printf(rows->to.arena, "--%s=%s", o->name, value));
}

// The values behind an option; *i is where the last of them is.
static bool add_values(struct rows *rows, const struct opt *o, const struct argparse_words *words,
                       size_t *i)
{
    size_t from = *i;
    bool list = is_list(rows, o), good = true;
    while (good && *i + 1 < words->count && !is_unknown_option(words->list[*i + 1]) &&
           (list || *i == from)) {
        good = add_value(rows, o, words->list[++*i]);
    }
    return good && (*i > from || err_set(rows->to.e, STATUS_CANNOT, "--%s needs a value: %s",
                                         o->name, o->type->arg));
}

static bool add_row(struct rows *rows, const struct argparse_words *words, size_t *i)
{
    const char *word = words->list[*i], *value = NULL;
    bool good = true;
    const struct opt *o = row_of(rows, word, &value, &good);
    if (o == NULL || (o->type == NULL && value != NULL)) {
        return add_word(&rows->to, word);
    }
    if (o->type == NULL) {
        return add_word(&rows->to, arena_printf(rows->to.arena, "--%s", o->name));
    }
    return good && (value != NULL ? add_value(rows, o, value) : add_values(rows, o, words, i));
}

bool argparse_rows(const struct argparse_words *words, const struct opt *const *opts,
                   const char *const *lists, struct arena *a, struct argparse_words *out,
                   struct err *e)
{
    struct rows rows = {opt_rows(opts, a), lists, {.arena = a, .out = out, .e = e}};
    bool ended = false, good = true;
    out->count = 0;
    for (size_t i = 0; good && i < words->count; i++) {
        const char *word = words->list[i];
        ended = ended || strcmp(word, "--") == 0;
        good = ended || i == 0 || word[0] != '-' || word[1] == '\0' ? add_word(&rows.to, word)
                                                                    : add_row(&rows, words, &i);
    }
    return good;
}

size_t argparse_values_behind(const struct argparse_words *words, size_t i)
{
    size_t n = 0;
    while (i + n + 1 < words->count && !is_unknown_option(words->list[i + n + 1])) {
        n++;
    }
    return n;
}

// ---- Numbers ------------------------------------------------------------------------------------

// Digits as Python takes them: single underscores between them.
static bool drop_underscores(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (*from != '_') {
            *to++ = *from;
        } else if (from == text || from[-1] == '_' || from[1] == '\0') {
            return false;
        }
    }
    *to = '\0';
    return *text != '\0';
}

bool argparse_number(const char *text, struct arena *a, uint64_t *out)
{
    static const struct {
        const char *prefix, *digits;
        int base;
    } bases[] = {{"0x", "0123456789abcdefABCDEF", 16},
                 {"0o", "01234567", 8},
                 {"0b", "01", 2},
                 {"", "0123456789", 10}};
    static const char blanks[] = " \t\r\n\v\f";
    size_t i = 0;
    text += strspn(text, blanks);
    text += *text == '+';
    while (strncasecmp(text, bases[i].prefix, strlen(bases[i].prefix)) != 0) {
        i++;
    }
    char *digits = arena_string(a, text + strlen(bases[i].prefix));
    digits += i < 3 && *digits == '_';
    size_t n = strcspn(digits, blanks);
    if (digits[n + strspn(digits + n, blanks)] != '\0') {
        return false;
    }
    digits[n] = '\0';
    if (!drop_underscores(digits) || strspn(digits, bases[i].digits) != strlen(digits) ||
        (bases[i].base == 10 && *digits == '0' && strspn(digits, "0") != strlen(digits))) {
        return false;
    }
    char *end;
    errno = 0;
    *out = strtoull(digits, &end, bases[i].base);
    return *end == '\0' && errno == 0;
}
