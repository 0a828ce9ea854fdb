// SPDX-License-Identifier: Apache-2.0
//
// A difference as a page of its own: old and new side by side, with what follows below.
#include "show_diff.h"

#include "diff_words.h"
#include "html_page.h"
#include "judge.h"
#include "text.h"

enum { ROWS_MOST = 1000 }; // of a table; the JSON has all

struct out {
    struct html *to;
    struct arena *arena;
    const struct shown_diff *shown;
};

typedef bool row_fn(const struct diff *d, const struct change *c);

static bool is_check(const struct diff *d, const struct change *c)
{
    (void)d;
    return c->class == CLASS_CHECK;
}

static bool is_noise(const struct diff *d, const struct change *c)
{
    (void)d;
    return c->class == CLASS_NOISE;
}

static bool is_derived(const struct diff *d, const struct change *c)
{
    return c->class == CLASS_DERIVED && !diff_is_shown(d, c);
}

static size_t count_of(const struct out *o, row_fn *is)
{
    size_t count = 0;
    for (const struct change *c = o->shown->diff->first; c != NULL; c = c->next) {
        count += is(o->shown->diff, c);
    }
    return count;
}

// ---- A table ------------------------------------------------------------------------------------

static void put_place(const struct out *o, const char *place, const char *follows)
{
    html_open(o->to, "th", NULL);
    html_attribute(o->to, "scope", "row");
    html_leaf(o->to, "span", "path", place);
    if (follows != NULL) {
        html_leaf(o->to, "p", "note", follows);
    }
    html_close(o->to);
}

static void put_verdict(const struct out *o, enum verdict verdict, const char *message)
{
    html_open(o->to, "td", NULL);
    html_badge(o->to, verdict);
    if (message != NULL) {
        html_leaf(o->to, "p", "message", message);
    }
    html_close(o->to);
}

static void put_row(const struct out *o, const struct change *c)
{
    struct arena *a = o->arena;
    html_open(o->to, "tr", NULL);
    if (c->class == CLASS_CHECK) {
        put_place(o, diff_check_words(a, c), NULL);
        put_verdict(o, c->old_verdict, c->old_text);
        put_verdict(o, c->new_verdict, c->new_text);
    } else {
        put_place(o, diff_place_words(a, c), c->follows);
        html_leaf(o->to, "td", NULL, diff_old_words(a, c));
        html_leaf(o->to, "td", NULL,
                  c->kind == CHANGE_REORDERED && c->new_text == NULL ? "in another order"
                                                                     : diff_new_words(a, c));
    }
    html_close(o->to);
}

static void put_table(const struct out *o, const char *caption, const char *what, row_fn *is)
{
    const struct diff *d = o->shown->diff;
    size_t count = 0;
    html_headed_table(o->to, "plain compared", caption,
                      (const char *const[]){what, "old", "new", NULL});
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (is(d, c) && count++ < ROWS_MOST) {
            put_row(o, c);
        }
    }
    html_close(o->to);
    html_close(o->to);
    if (count > ROWS_MOST) {
        html_open(o->to, "p", "more");
        html_print(o->to, "And %s more, which otapack diff --json lists.",
                   text_count(o->arena, count - ROWS_MOST));
        html_close(o->to);
    }
}

// ---- The page -----------------------------------------------------------------------------------

static void put_file(const struct out *o, const char *label, const char *name,
                     const struct node *root)
{
    size_t counts[VERDICT_COUNT] = {0};
    html_open(o->to, "div", NULL);
    html_leaf(o->to, "dt", NULL, label);
    html_open(o->to, "dd", NULL);
    html_badge(o->to, tree_verdict(root, counts));
    html_text(o->to, " ");
    html_leaf(o->to, "span", "file", name);
    html_print(o->to, ": %s", diff_file_words(o->arena, root));
    html_close(o->to);
    html_close(o->to);
}

static void put_answer(const struct out *o)
{
    const struct shown_diff *s = o->shown;
    bool different = diff_result(s->diff) == DIFF_DIFFERENT;
    html_open(o->to, "p", different ? "verdict noted" : "verdict good");
    html_leaf(o->to, "strong", NULL, diff_result_words(s->diff));
    if (different) {
        html_print(o->to, ": %s", diff_count_words(o->arena, s->diff));
    }
    html_close(o->to);
    html_open(o->to, "dl", "facts");
    put_file(o, "old", s->old, s->diff->old);
    put_file(o, "new", s->new, s->diff->new);
    html_close(o->to);
}

static void put_section(const struct out *o, const char *title, const char *what, row_fn *is)
{
    if (count_of(o, is) > 0) {
        html_open(o->to, "section", NULL);
        html_leaf(o->to, "h2", NULL, title);
        put_table(o, title, what, is);
        html_close(o->to);
    }
}

// What few people want to see, folded.
static void put_folded(const struct out *o, const char *title, row_fn *is)
{
    size_t count = count_of(o, is);
    if (count > 0) {
        html_open(o->to, "details", NULL);
        html_leaf(o->to, "summary", NULL, arena_printf(o->arena, "%s (%zu)", title, count));
        put_table(o, title, "what", is);
        html_close(o->to);
    }
}

void show_diff_html(struct arena *a, const struct shown_diff *s)
{
    const struct out o = {html_new(a), a, s};
    html_page_begin(o.to, arena_printf(a, "%s, compared with %s", s->new, s->old));
    html_page_main(o.to);
    html_open(o.to, "article", NULL);
    put_answer(&o);
    put_section(&o, "What changed", "what", diff_is_shown);
    put_section(&o, "Checks that say something else", "check", is_check);
    put_folded(&o, "What only follows from these changes", is_derived);
    put_folded(&o, "Build noise: what every build changes", is_noise);
    html_close(o.to);
    html_page_end(o.to);
    html_page_print(o.to);
}
