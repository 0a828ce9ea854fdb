// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "show_parts.h"
#include "text.h"

enum { LABEL_LEAST = 8, LABEL_MOST = 22, INDENT = 2, COMPLAINTS_MOST = 40 };

static int label_width(const struct answer *answer)
{
    int width = LABEL_LEAST;
    for (const struct answer_row *row = answer->rows; row != NULL; row = row->next) {
        int n = (int)strlen(row->label);
        width = n > width ? n : width;
    }
    return width < LABEL_MOST ? width : LABEL_MOST;
}

// "  version   1.4.2"
static void show_label(const struct page *p, const char *label, int width)
{
    int rest = width - (int)strlen(label);
    printf("%*s", INDENT, "");
    page_put(p, PAGE_DIM, label);
    printf("%*s", (rest > 0 ? rest : 0) + INDENT, "");
}

static void show_row(const struct page *p, const char *label, const char *text, int width)
{
    int at = width + 2 * INDENT;
    const char *safe = text_printable(p->arena, label);
    int column = (int)strlen(safe) > width ? (int)strlen(safe) + 2 * INDENT : at;
    show_label(p, safe, width);
    page_flow(p, text_printable(p->arena, text), column, at);
    putchar('\n');
}

static void show_verdict(const struct page *p, const struct answer *answer, int width)
{
    show_label(p, "verdict", width);
    page_answer(p, answer->worst);
    page_flow(p,
              answer->unmade == 0
                  ? arena_printf(p->arena, ": %s", answer->verdict)
                  : arena_printf(p->arena, ": %s; %zu not made", answer->verdict, answer->unmade),
              width + 2 * INDENT + 4, width + 2 * INDENT);
    putchar('\n');
}

// "  warn  host.desc: the version is "1.2-dirty"; build from a committed tree [app-dirty]"
static void show_complaint(const struct page *p, const struct complaint *c)
{
    enum { TEXT_AT = 8 };
    const struct check *check = &checks[c->finding->check];
    const char *path = node_path(p->arena, c->node);
    printf("%*s", INDENT, "");
    page_verdict(p, c->finding->verdict);
    page_flow(p,
              arena_printf(p->arena, "  %s%s%s; %s [%s]", path, *path == '\0' ? "" : ": ",
                           text_printable(p->arena, c->finding->message), check->remedy, check->id),
              INDENT + 4, TEXT_AT);
    putchar('\n');
}

static void show_complaints(const struct page *p, const struct node *root)
{
    struct complaint *first = complaints_of(p->arena, root);
    size_t count = 0;
    if (first != NULL) {
        putchar('\n');
    }
    for (const struct complaint *c = first; c != NULL; c = c->next) {
        if (count++ < COMPLAINTS_MOST) {
            show_complaint(p, c);
        }
    }
    if (count > COMPLAINTS_MOST) {
        printf("  and %zu more, which stand at their parts\n", count - COMPLAINTS_MOST);
    }
}

void show_answer(const struct page *p, const char *file, const struct node *root)
{
    struct answer answer = answer_of(p->arena, root);
    int width = label_width(&answer);
    const char *name = text_printable(p->arena, file);
    page_put(p, PAGE_BOLD, name);
    putchar(':');
    page_flow(p,
              arena_printf(p->arena, " %s, %s", text_size(p->arena, answer.size),
                           text_printable(p->arena, answer.kind)),
              (int)strlen(name) + 1, INDENT);
    putchar('\n');
    for (const struct answer_row *row = answer.rows; row != NULL; row = row->next) {
        show_row(p, row->label, row->text, width);
    }
    show_verdict(p, &answer, width);
    show_complaints(p, root);
}
