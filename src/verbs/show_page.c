// SPDX-License-Identifier: Apache-2.0
#include "show_page.h"

#include <stdio.h>
#include <string.h>

#include "judge.h"
#include "os.h"
#include "show.h"
#include "text.h"

enum { COLUMNS = 80, COLUMNS_LEAST = 40, COLUMNS_MOST = 160 };

// Of the terminal; where there is none, as COLUMNS says.
static int columns_known(void)
{
    uint64_t columns = (uint64_t)os_columns();
    const char *said = os_variable("COLUMNS");
    if (columns == 0 && (said == NULL || !text_number(said, &columns))) {
        columns = COLUMNS;
    }
    return columns < COLUMNS_LEAST  ? COLUMNS_LEAST
           : columns > COLUMNS_MOST ? COLUMNS_MOST
                                    : (int)columns;
}

struct page page_of(struct arena *a, bool colour)
{
    return (struct page){
        .arena = a, .columns = columns_known(), .colour = colour, .blocks = os_shows_blocks()};
}

void page_put(const struct page *p, enum page_style style, const char *text)
{
    static const char *const on[] = {[PAGE_BOLD] = "\033[1m",
                                     [PAGE_DIM] = "\033[2m",
                                     [PAGE_GREEN] = "\033[32m",
                                     [PAGE_YELLOW] = "\033[33m",
                                     [PAGE_RED] = "\033[1;31m"};
    if (p->colour) {
        printf("%s%s\033[0m", on[style], text);
    } else {
        fputs(text, stdout);
    }
}

void page_verdict(const struct page *p, enum verdict v)
{
    static const enum page_style styles[VERDICT_COUNT] = {[VERDICT_PASS] = PAGE_GREEN,
                                                          [VERDICT_NOTE] = PAGE_DIM,
                                                          [VERDICT_WARN] = PAGE_YELLOW,
                                                          [VERDICT_FAIL] = PAGE_RED};
    page_put(p, styles[v], verdict_word(v));
}

// As the exit status has it; what is good with warnings has their colour.
void page_answer(const struct page *p, enum verdict v)
{
    page_put(p,
             v == VERDICT_FAIL   ? PAGE_RED
             : v == VERDICT_WARN ? PAGE_YELLOW
                                 : PAGE_GREEN,
             v == VERDICT_FAIL ? "FAIL" : "ok");
}

void page_flow(const struct page *p, const char *text, int column, int indent)
{
    while (*text != '\0') {
        int blanks = (int)strspn(text, " ");
        int n = (int)strcspn(text + blanks, " ");
        if (column > indent && column + blanks + n > p->columns) {
            printf("\n%*s", indent, "");
            column = indent;
            blanks = 0;
            text += strspn(text, " ");
        }
        printf("%.*s", blanks + n, text);
        column += blanks + n;
        text += blanks + n;
    }
}

void show_flow(const char *text, int column, int indent)
{
    page_flow(&(struct page){.columns = COLUMNS}, text, column, indent);
}

const char *page_cut(const struct page *p, const char *text, int columns)
{
    enum { DOTS = 3 };
    if ((int)strlen(text) <= columns) {
        return text;
    }
    int n = columns > DOTS ? columns - DOTS : 0;
    while (n > 0 && ((unsigned char)text[n] & 0xC0U) == 0x80U) {
        n--; // within a character
    }
    return arena_printf(p->arena, "%.*s...", n, text);
}
