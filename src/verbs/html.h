// SPDX-License-Identifier: Apache-2.0
//
// HTML as it is written: elements, attributes and text, in memory. Whatever is text is made safe
// here, and nothing else can be put in: what a file says is shown, and is never markup. What would
// act on a reader (control characters, marks that turn the direction of text) becomes \xNN.
//
// The elements are written so that XML reads them, too.
#ifndef HTML_H
#define HTML_H

#include <stddef.h>

#include "arena.h"

struct html;

struct html *html_new(struct arena *a);

// <element class="...">, without a class where that is NULL. Attributes come next, then what is in
// it, then html_close(), which closes the innermost element that is open.
void html_open(struct html *h, const char *element, const char *class_name);
void html_attribute(struct html *h, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void html_close(struct html *h);

void html_text(struct html *h, const char *text);
void html_print(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

// An element with nothing but text in it.
void html_leaf(struct html *h, const char *element, const char *class_name, const char *text);

// What was written into another one, which ends with that: as it is.
void html_append(struct html *h, struct html *part);

// An element of ours whose text is no HTML, and stands as it is: `text` is a constant of otapack.
void html_embed(struct html *h, const char *element, const char *text);

// All that was written, of which nothing is open any more. Nothing more can be written.
const char *html_end(struct html *h, size_t *size);

#endif
