// SPDX-License-Identifier: Apache-2.0
//
// A difference as a comment in a pull request: GitHub's Markdown, which others read as well. What
// comes from a file stands in code, where no letter of it is a mark, a mention or a link.
#include "show_diff.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "diff_words.h"
#include "judge.h"
#include "text.h"

// Characters that would end the code, or the cell of the table.
static bool is_plain(const char *text)
{
    size_t n = strlen(text);
    return n > 0 && strpbrk(text, "`|\\") == NULL && text[0] != ' ' && text[n - 1] != ' ';
}

static void put_code(struct arena *a, const char *text)
{
    text = text_printable(a, text);
    if (is_plain(text)) {
        printf("`%s`", text);
        return;
    }
    fputs("<code>", stdout);
    for (const char *c = text; *c != '\0'; c++) {
        bool plain = (*c & 0x80) != 0 || isalnum((unsigned char)*c);
        printf(plain ? "%c" : "&#%d;", *c);
    }
    fputs("</code>", stdout);
}

static void put_cell(struct arena *a, const char *text)
{
    fputs(" | ", stdout);
    if (*text != '\0') {
        put_code(a, text);
    }
}

static void put_row(struct arena *a, const char *what, const char *old, const char *new)
{
    fputs("| ", stdout);
    put_code(a, what);
    put_cell(a, old);
    put_cell(a, new);
    puts(" |");
}

static void put_file(struct arena *a, const char *label, const char *name, const struct node *root)
{
    printf("- %s: ", label);
    put_code(a, name);
    fputs(", ", stdout);
    put_code(a, diff_file_words(a, root));
    putchar('\n');
}

static void put_table(const char *head)
{
    printf("\n| %s | old | new |\n|---|---|---|\n", head);
}

static void put_changes(struct arena *a, const struct diff *d)
{
    bool begun = false;
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (!diff_is_shown(d, c)) {
            continue;
        }
        if (!begun) {
            put_table("what");
            begun = true;
        }
        const char *new = c->kind == CHANGE_SAME        ? "the same"
                          : c->kind == CHANGE_REORDERED ? "in another order"
                                                        : diff_new_words(a, c);
        put_row(a, diff_place_words(a, c), diff_old_words(a, c), new);
    }
}

// Our own words, in which Markdown finds no marks.
static void put_words(struct arena *a, const char *text)
{
    for (const char *c = text_printable(a, text); *c != '\0'; c++) {
        printf(strchr("\\`*_{}[]<>()#+!|~&", *c) == NULL ? "%c" : "\\%c", *c);
    }
}

// Several from which the same follows have one line.
static void put_consequences(struct arena *a, const struct diff *d)
{
    const char *before = "\n- ";
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (c->follows == NULL || !diff_is_shown(d, c)) {
            continue;
        }
        fputs(before, stdout);
        put_code(a, diff_place_words(a, c));
        before = ", ";
        if (!diff_follows_again(d, c)) {
            fputs(": ", stdout);
            put_words(a, c->follows);
            putchar('\n');
            before = "- ";
        }
    }
}

static void put_checks(struct arena *a, const struct diff *d)
{
    if (d->counts[CLASS_CHECK] == 0) {
        return;
    }
    put_table("check");
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (c->class == CLASS_CHECK) {
            const char *new = verdict_word(c->new_verdict);
            put_row(a, diff_check_words(a, c), verdict_word(c->old_verdict),
                    c->new_text == NULL ? new : arena_printf(a, "%s: %s", new, c->new_text));
        }
    }
}

static void put_noise(struct arena *a, const struct diff *d)
{
    bool begun = false;
    for (const struct change *c = d->first; c != NULL; c = c->next) {
        if (c->class == CLASS_NOISE) {
            fputs(begun ? ", " : "\nBuild noise: ", stdout);
            put_code(a, change_path(a, c, false));
            begun = true;
        }
    }
    fputs(begun ? "\n" : "", stdout);
}

void show_diff_markdown(struct arena *a, const struct shown_diff *s)
{
    const struct diff *d = s->diff;
    bool different = diff_result(d) == DIFF_DIFFERENT;
    printf("**Firmware: %s%s%s**\n\n", diff_result_words(d), different ? ", " : "",
           different ? diff_count_words(a, d) : "");
    put_file(a, "old", s->old, d->old);
    put_file(a, "new", s->new, d->new);
    put_changes(a, d);
    put_consequences(a, d);
    put_checks(a, d);
    put_noise(a, d);
}
