// SPDX-License-Identifier: Apache-2.0
//
// A tree as text, one part below the other, with its fields and what the checks say of it.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "show_parts.h"
#include "text.h"

enum { NAME_LEAST = 18, NAME_MOST = 30, NUMBER_COLUMNS = 21, SUMMARY_LEAST = 24 };

struct tree {
    const struct page *page;
    unsigned depth; // of enum show_depth
    int name;       // columns of the longest one, with its indent
};

static bool is_shown(const struct tree *t, const struct node *part)
{
    return (t->depth & SHOW_RECORDS) != 0 || !part->record;
}

static int name_columns(const struct tree *t, const struct node *n, int level, int most)
{
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (is_shown(t, part)) {
            int columns = 2 * level + (int)strlen(node_name(t->page->arena, part));
            most = columns > most && columns <= NAME_MOST ? columns : most;
            most = name_columns(t, part, level + 1, most);
        }
    }
    return most;
}

static void show_headings(const struct tree *t)
{
    const struct page *p = t->page;
    const char *line = arena_printf(
        p->arena, "  %-*s offset        size  %s", t->name - 2, "part",
        t->name + NUMBER_COLUMNS + SUMMARY_LEAST > p->columns ? "" : "what it is, and its fields");
    page_put(p, PAGE_DIM, page_cut(p, line, p->columns));
    putchar('\n');
}

static void show_fields(const struct page *p, const struct node *n, int indent)
{
    int column = 0;
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        if (!f->shown) {
            continue;
        }
        const char *value = text_printable(p->arena, f->text);
        const char *quote = *value == '\0' || strchr(value, ' ') != NULL ? "\"" : "";
        int width = (int)(strlen(f->name) + 1 + 2 * strlen(quote) + strlen(value));
        if (column == 0 || column + 2 + width > p->columns) {
            printf("%s%*s", column == 0 ? "" : "\n", indent, "");
            column = indent;
        } else {
            column += printf("  ");
        }
        page_put(p, PAGE_DIM, f->name);
        printf("=%s%s%s", quote, value, quote);
        column += width;
    }
    if (column > 0) {
        putchar('\n');
    }
}

static void show_passed(const struct page *p, const struct node *n, int indent)
{
    const char *list = NULL;
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict == VERDICT_PASS) {
            list = arena_printf(p->arena, "%s %s", list == NULL ? "" : list, checks[f->check].id);
        }
    }
    if (list != NULL) {
        printf("%*s", indent, "");
        page_verdict(p, VERDICT_PASS);
        page_flow(p, list, indent + 2, indent + 3);
        putchar('\n');
    }
}

static void show_findings(const struct tree *t, const struct node *n, int indent)
{
    const struct page *p = t->page;
    if ((t->depth & SHOW_ALL) != 0) {
        show_passed(p, n, indent);
    }
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict != VERDICT_PASS) {
            printf("%*s", indent, "");
            page_verdict(p, f->verdict);
            page_flow(p,
                      arena_printf(p->arena, " %s: %s; %s", checks[f->check].id,
                                   text_printable(p->arena, f->message), checks[f->check].remedy),
                      indent + 4, indent + 5);
            putchar('\n');
        }
    }
}

static void show_inside(const struct tree *t, const struct node *n, int level);

static int longest_word(const char *text)
{
    size_t most = 0;
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        most = n > most ? n : most;
        text += n + strspn(text + n, " ");
    }
    return (int)most;
}

// Where there is no room beside the numbers, a summary has a line of its own.
static void show_summary(const struct tree *t, const char *summary, int column, int level)
{
    const struct page *p = t->page;
    const char *text = text_printable(p->arena, summary);
    int beside = t->name + NUMBER_COLUMNS;
    bool room = p->columns >= beside + SUMMARY_LEAST && p->columns >= beside + longest_word(text);
    int at = room ? beside : 2 * level + 4;
    if (room) {
        column += printf("%*s", at > column ? at - column : 1, "");
    } else {
        printf("\n%*s", at, "");
        column = at;
    }
    page_flow(p, text, column, at);
}

// "  name            0x010000     4,096  what it is"
static void show_part(const struct tree *t, const struct node *n, int level)
{
    const struct page *p = t->page;
    const char *name = node_name(p->arena, n);
    int width = t->name - 2 * level;
    int column = printf("%*s", 2 * level, "");
    page_put(p, n->index < 0 ? PAGE_BOLD : PAGE_DIM, name);
    column += (int)strlen(name);
    column +=
        printf("%*s 0x%06" PRIx64 " %9s", width > (int)strlen(name) ? width - (int)strlen(name) : 0,
               "", n->src.base, text_count(p->arena, n->src.size));
    if (n->summary != NULL) {
        show_summary(t, n->summary, column, level);
    }
    putchar('\n');
    show_inside(t, n, level + 1);
}

static void show_inside(const struct tree *t, const struct node *n, int level)
{
    const struct page *p = t->page;
    show_fields(p, n, 2 * level);
    if (n->error != NULL) {
        printf("%*s", 2 * level, "");
        page_put(p, PAGE_RED, "unreadable:");
        page_flow(p, arena_printf(p->arena, " %s", text_printable(p->arena, n->error)),
                  2 * level + 11, 2 * level + 2);
        putchar('\n');
    }
    show_findings(t, n, 2 * level);
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (is_shown(t, part)) {
            show_part(t, part, level);
        }
    }
}

void show_tree(const struct page *p, const struct node *n, unsigned depth)
{
    bool whole = n->parent == NULL;
    struct tree t = {p, depth, NAME_LEAST};
    t.name = name_columns(&t, n, 1, NAME_LEAST);
    if ((depth & SHOW_HEADINGS) != 0) {
        show_headings(&t);
    }
    if (whole) {
        show_inside(&t, n, 1);
    } else {
        show_part(&t, n, 0);
    }
}
