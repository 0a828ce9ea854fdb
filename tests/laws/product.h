// SPDX-License-Identifier: Apache-2.0
//
// What a run said and what it wrote, as tests/cli-lib.sh has it: each of these fails the test
// unless it is so of the last run.
#ifndef PRODUCT_H
#define PRODUCT_H

#include "image.h"
#include "run.h"

void want_out(const char *regex); // a line matches
void want_err(const char *regex);
void want_not_err(const char *regex); // no line does
void want_no_findings(void);          // no warning, and no check's ID
void want_no_out(void);
void want_no_err(void);
void want_out_is(const char *text); // exactly, but for the last newline
void want_one_line(void);           // on standard error, one that begins as our messages do
unsigned err_lines(const char *regex);
void want_only_check(const char *id); // no other check failed, by standard error

// `inspect` of a file with --get PATH says this, and nothing on standard error.
void want_get(const char *file, const char *path, const char *text);

// The names in an object, in their order, with a blank between them. Good until the next call.
const char *keys_of(const json_t *object);

// ---- Files --------------------------------------------------------------------------------------

void text_file(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool there_is(const char *name);
void want_no_file(const char *name);
void want_same(const char *a, const char *b);                           // of two files
void want_bytes(const char *name, const void *bytes, size_t n);         // a file is these
void want_folder(const char *name, unsigned count);                     // so many names are in it
void copy_file(const char *from, const char *to, unsigned mode);        // over what is there
void copy_range(const char *from, size_t at, size_t n, const char *to); // n 0: all that follows
void take_key(const char *name); // of the fixtures, as ./NAME.pem that only its owner can read
void remove_all(const char *name);
void fresh_folder(const char *name); // empty

// ---- Building -----------------------------------------------------------------------------------

// `build WORDS` exits 1 with a line that names `part` (a regular expression), says what to do, and
// ends in [ID]; nothing is written, and an old target stays as it is.
void refuse(const char *id, const char *part, const char *words);
// The same with --allow ID passes, warns, and writes what `expected` holds.
void allow(const char *id, const char *expected, const char *words);
// recipe.yaml is refused at LINE:COLUMN (a regular expression; NULL: what is missing has no place)
// in one line that says this, and nothing is written.
void recipe_refused(const char *place, const char *regex);

// ---- Lists of words -----------------------------------------------------------------------------

enum { ITEM_ROOM = 512 };
// The next item of a list that | divides; false behind the last. "" is a list of one empty item.
bool next_item(const char **list, char item[ITEM_ROOM]);
#define EACH_ITEM(item, list) for (const char *item##_rest = (list); next_item(&item##_rest, item);)

#endif
