// SPDX-License-Identifier: Apache-2.0
//
// A tree as text, one part below the other, with its fields and what the checks say of it.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "show_parts.h"
#include "text.h"

enum { NAME_COLUMNS = 18, SUMMARY_AT = 39, SUMMARY_LEAST = 24 };

struct tree {
    const struct page *page;
    unsigned depth; // of enum show_depth
};

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

// Where there is no room beside the numbers, a summary has a line of its own.
static void show_summary(const struct page *p, const char *summary, int column, int level)
{
    int at = p->columns < SUMMARY_AT + SUMMARY_LEAST ? 2 * level + 4 : SUMMARY_AT;
    if (at < SUMMARY_AT) {
        printf("\n%*s", at, "");
        column = at;
    } else {
        column += printf("%*s", at > column ? at - column : 1, "");
    }
    page_flow(p, text_printable(p->arena, summary), column, at);
}

// "  name            0x010000     4,096  what it is"
static void show_part(const struct tree *t, const struct node *n, int level)
{
    const struct page *p = t->page;
    const char *name = node_name(p->arena, n);
    int width = NAME_COLUMNS - 2 * level;
    int column = printf("%*s", 2 * level, "");
    page_put(p, n->index < 0 ? PAGE_BOLD : PAGE_DIM, name);
    column += (int)strlen(name);
    column +=
        printf("%*s 0x%06" PRIx64 " %9s", width > (int)strlen(name) ? width - (int)strlen(name) : 0,
               "", n->src.base, text_count(p->arena, n->src.size));
    if (n->summary != NULL) {
        show_summary(p, n->summary, column, level);
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
        if ((t->depth & SHOW_RECORDS) != 0 || !part->record) {
            show_part(t, part, level);
        }
    }
}

void show_tree(const struct page *p, const struct node *n, unsigned depth)
{
    const struct tree t = {p, depth};
    if (n->parent != NULL) {
        show_part(&t, n, 0);
        return;
    }
    show_inside(&t, n, 1);
}
