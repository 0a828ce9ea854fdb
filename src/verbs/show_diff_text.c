// SPDX-License-Identifier: Apache-2.0
#include "show_diff.h"

#include <stdio.h>
#include <string.h>

#include "diff_words.h"
#include "show.h"
#include "text.h"

// What happened to it: "1.4.2 -> 1.5.0".
static const char *event(struct arena *a, const struct change *c)
{
    const char *old = diff_old_words(a, c), *new = diff_new_words(a, c);
    switch (c->kind) {
    case CHANGE_ADDED:
        return c->old_text != NULL ? arena_printf(a, "%s -> %s", old, new)
                                   : arena_printf(a, "new: %s", new);
    case CHANGE_DROPPED:
        return c->new_text != NULL ? arena_printf(a, "%s -> %s", old, new)
                                   : arena_printf(a, "gone: %s", old);
    case CHANGE_REORDERED:
        return *new == '\0' ? "in another order" : arena_printf(a, "%s -> %s", old, new);
    case CHANGE_BYTES:
        return new;
    case CHANGE_SAME:
        return arena_printf(a, "still %s", new);
    default:
        return arena_printf(a, "%s -> %s", old, new);
    }
}

// `at`: where it begins, `on`: where it goes on.
static void line(int at, int on, const char *text)
{
    printf("%*s", at, "");
    show_flow(text, at, on);
    putchar('\n');
}

static void show_change(struct arena *a, const struct diff *d, const struct change *c)
{
    line(2, 6, arena_printf(a, "%s: %s", diff_place_words(a, c), event(a, c)));
    if (c->follows != NULL && !diff_follows_again(d, c)) {
        line(6, 6, text_printable(a, c->follows));
    }
}

static void show_check(struct arena *a, const struct change *c)
{
    line(2, 6,
         arena_printf(a, "%s: %s -> %s%s%s", diff_check_words(a, c),
                      diff_verdict_word(c->old_verdict), diff_verdict_word(c->new_verdict),
                      c->new_text == NULL ? "" : ": ",
                      c->new_text == NULL ? "" : text_printable(a, c->new_text)));
}

static void show_noise(struct arena *a, const struct diff *d)
{
    const char *list = "";
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (c->class == CLASS_NOISE) {
            list = arena_printf(a, "%s%s%s", list, *list == '\0' ? "" : ", ",
                                change_path(a, c, false));
        }
    }
    if (*list != '\0') {
        line(0, 4, arena_printf(a, "build noise: %s", list));
    }
}

static void show_file(struct arena *a, const char *label, const char *name, const struct node *root)
{
    line(0, 4,
         arena_printf(a, "%s %s: %s", label, text_printable(a, name), diff_file_words(a, root)));
}

void show_diff_text(struct arena *a, const struct shown_diff *s)
{
    const struct diff *d = s->diff;
    show_file(a, "old", s->old, d->old);
    show_file(a, "new", s->new, d->new);
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (diff_is_shown(d, c)) {
            show_change(a, d, c);
        }
    }
    if (d->counts[CLASS_CHECK] > 0) {
        puts("checks:");
    }
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (c->class == CLASS_CHECK) {
            show_check(a, c);
        }
    }
    show_noise(a, d);
    line(0, 4,
         diff_result(d) == DIFF_DIFFERENT
             ? arena_printf(a, "%s: %s", diff_result_words(d), diff_count_words(a, d))
             : diff_result_words(d));
}
