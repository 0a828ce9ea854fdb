// SPDX-License-Identifier: Apache-2.0
#include "diff_words.h"

#include <inttypes.h>
#include <string.h>

#include "judge.h"
#include "text.h"

// "+256, +25.0 %"
static const char *growth(struct arena *a, uint64_t old, uint64_t new)
{
    uint64_t by = new > old ? new - old : old - new;
    uint64_t tenths = old == 0 ? 0 : (by * 1000 + old / 2) / old;
    const char *sign = new > old ? "+" : "-";
    return old == 0 ? arena_printf(a, "%s%s", sign, text_count(a, by))
                    : arena_printf(a, "%s%s, %s%" PRIu64 ".%" PRIu64 " %%", sign, text_count(a, by),
                                   sign, tenths / 10, tenths % 10);
}

static bool is_size(const struct change *c)
{
    return c->kind == CHANGE_GROWN || c->kind == CHANGE_SHRUNK;
}

static const char *place(struct arena *a, uint64_t at)
{
    return arena_printf(a, "0x%" PRIx64, at);
}

enum { LONG = 96 }; // longer than names, versions and lists of keys: digests and the like

// Without the blanks that make columns of it.
static const char *squeezed(struct arena *a, const char *text)
{
    char *copy = arena_string(a, text), *to = copy;
    for (const char *c = copy; *c != '\0'; c++) {
        if (*c != ' ' || c[1] != ' ') {
            *to++ = *c;
        }
    }
    *to = '\0';
    return copy;
}

// A value. One that is too long is cut short; of two that begin alike, to where they differ.
static const char *value(struct arena *a, const struct change *c, const char *text,
                         const char *other)
{
    const char *shown = text_printable(a, text);
    shown = c->name == NULL ? squeezed(a, shown) : shown;
    other = other == NULL ? "" : text_printable(a, other);
    return strlen(shown) > LONG ? text_beside(a, shown, other) : shown;
}

static const char *quoted(const char *text)
{
    return *text == '\0' ? "\"\"" : text;
}

static const char *bytes_words(struct arena *a, const struct change *c)
{
    return c->bytes == 0     ? "not compared"
           : c->name != NULL ? "the same value, in other bytes"
           : c->bytes == 1   ? "1 byte differs"
                             : arena_printf(a, "%s bytes differ", text_count(a, c->bytes));
}

const char *diff_old_words(struct arena *a, const struct change *c)
{
    return is_size(c)                ? arena_printf(a, "%s bytes", text_count(a, c->old_number))
           : c->kind == CHANGE_MOVED ? place(a, c->old_number)
           : c->old_text == NULL     ? ""
                                     : quoted(value(a, c, c->old_text, c->new_text));
}

const char *diff_new_words(struct arena *a, const struct change *c)
{
    if (is_size(c)) {
        uint64_t old = c->old_number, new = c->new_number;
        return arena_printf(a, "%s bytes (%s)", text_count(a, new), growth(a, old, new));
    }
    if (c->kind == CHANGE_BYTES) {
        return bytes_words(a, c);
    }
    return c->kind == CHANGE_MOVED ? place(a, c->new_number)
           : c->new_text == NULL   ? ""
                                   : quoted(value(a, c, c->new_text, c->old_text));
}

const char *diff_place_words(struct arena *a, const struct change *c)
{
    const char *path = change_path(a, c, false);
    path = *path == '\0' ? "the file" : path;
    return c->of == NULL ? path : arena_printf(a, "%s (%s)", path, text_printable(a, c->of));
}

const char *diff_check_words(struct arena *a, const struct change *c)
{
    const char *path = change_path(a, c, false);
    return arena_printf(a, "%s%s%s", path, *path == '\0' ? "" : ": ", checks[c->check].id);
}

enum diff_result diff_result(const struct diff *d)
{
    return d->identical ? DIFF_IDENTICAL : diff_is_noise(d) ? DIFF_NOISE : DIFF_DIFFERENT;
}

const char *diff_result_words(const struct diff *d)
{
    static const char *const words[] = {[DIFF_IDENTICAL] = "the same, byte for byte",
                                        [DIFF_NOISE] = "the same, but for what every build changes",
                                        [DIFF_DIFFERENT] = "different"};
    return words[diff_result(d)];
}

bool diff_is_shown(const struct diff *d, const struct change *c)
{
    size_t others = d->counts[CLASS_MEANING] + d->counts[CLASS_BYTES];
    return c->class == CLASS_MEANING || c->class == CLASS_BYTES ||
           (c->class == CLASS_DERIVED && others == 0);
}

bool diff_follows_again(const struct diff *d, const struct change *c)
{
    const struct change *next = c->next;
    while (next != NULL && !diff_is_shown(d, next)) {
        next = next->next;
    }
    return next != NULL && next->follows != NULL && strcmp(next->follows, c->follows) == 0;
}

const char *diff_count_words(struct arena *a, const struct diff *d)
{
    size_t shown = 0, made = d->counts[CLASS_CHECK];
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        shown += c->kind != CHANGE_SAME && diff_is_shown(d, c);
    }
    return arena_printf(a, "%zu change%s%s", shown, shown == 1 ? "" : "s",
                        made == 0   ? ""
                        : made == 1 ? ", and 1 check says something else"
                                    : arena_printf(a, ", and %zu checks say something else", made));
}

const char *diff_file_words(struct arena *a, const struct node *root)
{
    size_t counts[VERDICT_COUNT] = {0};
    enum verdict worst = tree_verdict(root, counts);
    const char *failed = worst != VERDICT_FAIL ? ""
                         : counts[VERDICT_FAIL] == 1
                             ? "; 1 check fails"
                             : arena_printf(a, "; %zu checks fail", counts[VERDICT_FAIL]);
    return arena_printf(a, "%s, %s%s", text_size(a, root->src.size),
                        text_printable(a, root->summary == NULL ? root->format : root->summary),
                        failed);
}
