// SPDX-License-Identifier: Apache-2.0
//
// A page of HTML, in one file: its head with style and script, and what stands around every page.
// The page asks the network for nothing, and runs no script but its own: it says so to the browser
// by digests of both. Nothing in it may have an attribute `style` or `onclick`.
//
// What pages have in common, by classes of page.css:
//   good, warned, failed, noted     what has a verdict; html_verdict_class()
//   verdict                         the sentence that says it, of a file
//   badge                           a word that says it, of anything smaller
//   facts                           a <dl> of <div>s with <dt> and <dd>
//   plain                           a table
//   copied                          a <code> that gets a button to copy it
//   tree                            nested lists of <details>
#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include "html.h"
#include "node.h"

// Begins a page, up to and with its only <h1>, which is its title; the header stays open for what
// leads into the page, such as a list of what is in it.
void html_page_begin(struct html *h, const char *title);
void html_page_main(struct html *h); // closes the header, opens the part that is the page
void html_page_end(struct html *h);

// The page, on standard output.
void html_page_print(struct html *h);

const char *html_verdict_class(enum verdict verdict);
void html_badge(struct html *h, enum verdict verdict);           // the word, with a sign
void html_verdict(struct html *h, enum verdict v, const char *); // of a file: "Good: " and the text

// A row of a <dl>.
void html_fact(struct html *h, const char *term, const char *text);

// A table up to its body, by the titles of its columns up to NULL: two times html_close() end it.
// The second one has its caption for screen readers only, where a heading says it above.
void html_table(struct html *h, const char *caption, const char *const *titles);
void html_headed_table(struct html *h, const char *class_name, const char *caption,
                       const char *const *titles);

// The ID of what a page has of a part of its second file: "f2-KIND-host.segments.0-", and the same
// in links to it.
const char *html_id(struct arena *a, size_t file, const char *kind, const char *path);

#endif
