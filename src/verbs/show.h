// SPDX-License-Identifier: Apache-2.0
//
// Trees on standard output: as text for people, as JSON for programs, as one value.
#ifndef SHOW_H
#define SHOW_H

#include "err.h"
#include "node.h"
#include "path.h"

// How much of a file: what is asked first, with what did not pass; with the file drawn and its
// whole tree; with the checks that passed, too.
enum show_amount { SHOW_BRIEF, SHOW_USUAL, SHOW_MUCH };

// A file as text, at the terminal's width. `colour`: the terminal takes it.
void show_text(struct arena *a, const char *file, const struct node *root, bool colour,
               enum show_amount amount);

// One value, or the text of the part that the path names.
void show_value(struct arena *a, const struct place_in_tree *place, bool colour,
                enum show_amount amount);

// "HOST_DESC_VERSION=1.4.2" of the path host.desc.version, for shells and CI. A value with other
// characters than those of words is in single quotes.
void show_assignment(struct arena *a, const char *path, const char *value);

// The same of a value alone.
void show_quoted(const char *value);

// Prints text in lines of 80 columns; the line is at `column`, further ones begin at `indent`. Runs
// of blanks stay as they are, but where a line ends.
void show_flow(const char *text, int column, int indent);

// A document of all files together: they are added one by one, and printed at the end.
struct show_document {
    void *(*begin)(struct arena *a,
                   size_t files); // how many there will be; `a` lives until the end
    void (*add)(void *document, const char *file, const struct node *root); // which was judged
    void (*add_error)(void *document, const char *file, const char *error); // it cannot be read
    void (*print)(void *document); // one of these two ends it
    void (*drop)(void *document);
};

// The JSON of otapack inspect (its schema: packaging/otapack-inspect.schema.json.in).
extern const struct show_document show_document_json;
// A page for people: one file of HTML, with all that is known of each file.
extern const struct show_document show_document_html;

void show_json_place(const struct place_in_tree *place); // one value or part

#endif
