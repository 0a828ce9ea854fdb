// SPDX-License-Identifier: Apache-2.0
//
// Where a tree is shown as text: how wide the page is, and what its terminal takes.
#ifndef SHOW_PAGE_H
#define SHOW_PAGE_H

#include <stdbool.h>

#include "arena.h"
#include "check.h"
#include "node.h"

struct page {
    struct arena *arena;
    int columns;
    bool colour;
    bool blocks; // it shows block characters, not only ASCII
};

enum page_style { PAGE_BOLD, PAGE_DIM, PAGE_GREEN, PAGE_YELLOW, PAGE_RED };

// The page that standard output is: as wide as its terminal, within reason; 80 columns where there
// is none.
struct page page_of(struct arena *a, bool colour);

void page_put(const struct page *p, enum page_style style, const char *text);
void page_verdict(const struct page *p, enum verdict v); // of a check: "FAIL", "warn", "note", "ok"
void page_answer(const struct page *p, enum verdict v);  // of a file: "FAIL" or "ok"

// Prints text in lines no longer than the page; the line is at `column`, further ones begin at
// `indent`. Runs of blanks stay as they are, but where a line ends. show_flow() is of 80 columns.
void page_flow(const struct page *p, const char *text, int column, int indent);

// The text, or what of it fits into so many columns, and "..." then.
const char *page_cut(const struct page *p, const char *text, int columns);

#endif
