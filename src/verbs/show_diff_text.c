// SPDX-License-Identifier: Apache-2.0
#include "show_diff.h"

#include <stdio.h>
#include <string.h>

#include "diff_words.h"
#include "judge.h"
#include "show_page.h"
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
static void line(const struct page *p, int at, int on, const char *text)
{
    printf("%*s", at, "");
    page_flow(p, text, at, on);
    putchar('\n');
}

static void show_change(const struct page *p, const struct diff *d, const struct change *c)
{
    struct arena *a = p->arena;
    line(p, 2, 6, arena_printf(a, "%s: %s", diff_place_words(a, c), event(a, c)));
    if (c->follows != NULL && !diff_follows_again(d, c)) {
        line(p, 6, 6, text_printable(a, c->follows));
    }
}

static void show_check(const struct page *p, const struct change *c)
{
    struct arena *a = p->arena;
    line(p, 2, 6,
         arena_printf(a, "%s: %s -> %s%s%s", diff_check_words(a, c), verdict_word(c->old_verdict),
                      verdict_word(c->new_verdict), c->new_text == NULL ? "" : ": ",
                      c->new_text == NULL ? "" : text_printable(a, c->new_text)));
}

enum { NOISE_SHOWN = 16 };

static void show_noise(const struct page *p, const struct diff *d)
{
    const char *list = "";
    size_t count = 0, all = d->counts[CLASS_NOISE];
    for (const struct change *c = d->first; c != NULL && count < NOISE_SHOWN; c = c->next) {
        if (c->class == CLASS_NOISE) {
            list = arena_printf(p->arena, "%s%s%s", list, count++ == 0 ? "" : ", ",
                                change_path(p->arena, c, false));
        }
    }
    if (all > 0) {
        const char *more = all > count ? arena_printf(p->arena, ", and %zu more", all - count) : "";
        line(p, 0, 4, arena_printf(p->arena, "build noise: %s%s", list, more));
    }
}

static void show_file(const struct page *p, const char *label, const char *name,
                      const struct node *root)
{
    struct arena *a = p->arena;
    line(p, 0, 4,
         arena_printf(a, "%s %s: %s", label, text_printable(a, name), diff_file_words(a, root)));
}

static void show_result(const struct page *p, const struct diff *d)
{
    const char *words = diff_result_words(d);
    bool different = diff_result(d) == DIFF_DIFFERENT;
    line(p, 0, 4,
         different ? arena_printf(p->arena, "%s: %s", words, diff_count_words(p->arena, d))
                   : words);
}

void show_diff_text(struct arena *a, const struct shown_diff *s)
{
    const struct page page = page_of(a, false);
    const struct diff *d = s->diff;
    show_file(&page, "old", s->old, d->old);
    show_file(&page, "new", s->new, d->new);
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (diff_is_shown(d, c)) {
            show_change(&page, d, c);
        }
    }
    if (d->counts[CLASS_CHECK] > 0) {
        puts("checks:");
    }
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (c->class == CLASS_CHECK) {
            show_check(&page, c);
        }
    }
    show_noise(&page, d);
    show_result(&page, d);
}
