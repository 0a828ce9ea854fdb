// SPDX-License-Identifier: Apache-2.0
//
// A file as a page shows it: one section each for what is asked of it. show_html.c has them in
// their order.
#ifndef SHOW_HTML_H
#define SHOW_HTML_H

#include <stdbool.h>

#include "html_page.h"

struct html_file {
    struct html *to;
    struct arena *arena;
    size_t number; // of the file in its page, from 1: IDs begin with it
    const struct node *root;
    bool linked; // all of its parts are in the tree, to which links lead
};

// Of what a file has any number of, so much is shown; the JSON has all of it.
enum {
    HTML_STRETCHES_MOST = 400,
    HTML_CHECKS_MOST = 1000,
    HTML_NODES_MOST = 1000,
    HTML_PROGRAMS_MOST = 32
};

void show_html_checks(const struct html_file *f);
void show_html_picture(const struct html_file *f);
void show_html_memory(const struct html_file *f);
void show_html_tree(const struct html_file *f);
void show_html_digests(const struct html_file *f);

// A section with its heading; html_close() ends it.
void show_html_section(const struct html_file *f, const char *id, const char *title);

// A part by its path, or by a name that is shown for it, as a link to where it is in the tree.
void show_html_link(const struct html_file *f, const struct node *n);
void show_html_named_link(const struct html_file *f, const struct node *n, const char *name);

// "and 12 more, which otapack inspect --json lists", if that is so.
void show_html_more(const struct html_file *f, size_t count, size_t shown);

#endif
