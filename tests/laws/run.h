// SPDX-License-Identifier: Apache-2.0
//
// The program's command lines, run in this process: what a test in tests/cli says of ten of them
// costs here what it costs there to start one. Everything happens in a scratch folder, in which
// `fixtures` leads to the fixtures and, where there is real firmware, `vectors` to that.
#ifndef RUN_H
#define RUN_H

#include "../unit/unit.h"

#include <jansson.h>
#include <stdbool.h>

// What a run left behind; good until the next one.
struct run {
    int status;
    const char *out, *err; // NUL-ended
    size_t out_size, err_size;
};

// Set-up and tear-down of a group of tests.
int run_begin(void **group);
int run_end(void **group);
bool run_has_vectors(void);

// Was this otapack built without what the files, options or digests that these words name take: xz,
// of all that is called compressed, or SHA-3? And the test is skipped then, which is said.
bool run_lacks(const char *words);
void run_needs(const char *words);

// `otapack` with these words, which blanks keep apart. A run that does not end within a minute ends
// the process, and is named.
const struct run *run(const char *format, ...) __attribute__((format(printf, 1, 2)));
// The same with words that may hold anything; NULL-ended.
const struct run *run_words(const char *const *words);

// Standard input of the next run: these bytes, through a pipe, in pieces of this size (0: as they
// go in), or a descriptor that stays the caller's. Otherwise it is empty.
void run_pipe(const void *bytes, size_t n, size_t piece);
void run_stdin(int fd);

// The run that was the last one.
const struct run *last_run(void);

// The same as run(), and any other exit status fails the test.
const struct run *expect(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));

// A line of `text` matches (an extended regular expression, as grep -E).
bool says(const char *text, const char *regex);

// Fails the test with all that the last run said. want(condition, ...) does, unless it holds.
_Noreturn void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
#define want(condition, ...) ((condition) ? (void)0 : wrong(__VA_ARGS__))

// Notes what is wrong and goes on; the test fails in the end, when complaints_end() is called.
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complaints_end(void);

// Removes a folder with all that is in it; there may be none.
void run_remove(const char *folder);

// From here on in this test, a signal that ends the process says with which command it did, too:
// cmocka takes those for each test. What else does (a sanitizer, exit(), time) always says so.
void run_watch(void);

// ---- What inspect --json says -------------------------------------------------------------------

// The document on standard output of the last run, which must be one. Lives until the next tree().
const json_t *document(void);
void document_end(void); // run_end() calls it

// `inspect --json` with these words, whatever its exit status (0 or 1; the run is the last one
// then): the tree of the first file.
const json_t *tree(const char *format, ...) __attribute__((format(printf, 1, 2)));

// "parts.segments[1].fields.load_addr.value" of a tree; NULL where there is none.
const json_t *at(const json_t *node, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *text_at(const json_t *node, const char *path); // "" where there is none
bool text_is(const json_t *node, const char *path, const char *text);
json_int_t number_at(const json_t *node, const char *path);   // -1 where there is none
json_int_t field(const json_t *node, const char *name);       // fields.NAME.value; -1
const char *field_text(const json_t *node, const char *name); // the same of a text; ""

// Calls this with a node and all below it; `path` leads to it from the first ("" for that).
typedef void node_fn(void *ctx, const char *path, const json_t *node);
void each_node(const json_t *root, node_fn *fn, void *ctx);

// The IDs of the checks that have not passed, each once, in the order of the alphabet, with a blank
// between them. Good until the next call.
const char *failing(const json_t *root);
bool has_check(const json_t *root, const char *id); // was it made?
bool has_failed(const json_t *root, const char *id);
const char *verdict_of(const json_t *root, const char *id); // the worst; "" if not made

#endif
