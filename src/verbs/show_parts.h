// SPDX-License-Identifier: Apache-2.0
//
// The sections that inspect's text is made of, in the order in which they stand on the page.
#ifndef SHOW_PARTS_H
#define SHOW_PARTS_H

#include "show_page.h"

// What is asked first, and what did not pass with its remedy.
void show_answer(const struct page *p, const char *file, const struct node *root);

// The file drawn to scale; nothing of one that is all one stretch.
void show_picture(const struct page *p, const struct node *root);

enum show_depth {
    SHOW_SHORT = 0,    // checks that passed are only counted
    SHOW_ALL = 1,      // they are listed, too
    SHOW_RECORDS = 2,  // with the parts that only say where others are
    SHOW_HEADINGS = 4, // of the columns, above it
};

// What is in a node; of a part, the part itself.
void show_tree(const struct page *p, const struct node *n, unsigned depth);

#endif
