// SPDX-License-Identifier: Apache-2.0
//
// What a command line can say: rows of options. A row's type says what its value is, for messages,
// help, completion, and `otapack help --json`.
#ifndef OPT_H
#define OPT_H

#include <stdbool.h>

#include "arena.h"

struct opt_type {
    const char *arg;                   // what the value is called: "FILE"
    const char *kind;                  // what it is: "file", "folder", "number", "choice", ...
    const char *const *choices;        // its values, or usual ones, NULL-ended; NULL: none
    const char *(*choice)(unsigned i); // the same one by one, up to NULL; NULL: as above
    bool may_be_empty;                 // a file that scripts leave out so
    // Of what is said of a device: the facts that it gives, as bits; puts a value where it belongs,
    // or says that it is none; and what is said then.
    unsigned gives;
    bool (*take)(void *to, const char *value);
    const char *wrong; // "is no revision; write major and minor, such as v3.1"
};

struct opt {
    char letter;                 // 0: only the long form
    const char *name;            // without the dashes; NULL ends the rows
    const struct opt_type *type; // NULL: takes no value
    const char *help;
    bool repeats; // may be given more than once
};

// An option that another program has for what is meant otherwise here. It is never taken for the
// beginning of one of ours, and its value is not repeated.
struct opt_habit {
    char letter;      // 0: none
    const char *name; // NULL ends the rows
    const char *todo; // "the device is --host ADDR"
};

#define OPT_END                                                                                    \
    {                                                                                              \
        0, NULL, NULL, NULL, false                                                                 \
    }
// A group of rows, where the groups of a command are listed.
#define OPTS(...) ((const struct opt[]){__VA_ARGS__, OPT_END})

#define OPT_IS(word, what) (&(const struct opt_type){.arg = (word), .kind = (what)})
#define OPT_FILE OPT_IS("FILE", "file")
#define OPT_FILE_IF_ANY                                                                            \
    (&(const struct opt_type){.arg = "FILE", .kind = "file", .may_be_empty = true})
#define OPT_FOLDER OPT_IS("DIR", "folder")
#define OPT_KEY OPT_IS("KEY", "key")
#define OPT_RING OPT_IS("RING", "keys")
#define OPT_NUMBER(word) OPT_IS(word, "number")
#define OPT_SIZE OPT_IS("BYTES", "size")
#define OPT_TEXT(word) OPT_IS(word, "text")
#define OPT_CHOICE(word, list)                                                                     \
    (&(const struct opt_type){.arg = (word), .kind = "choice", .choices = (list)})
#define OPT_WORDS(word, ...) OPT_CHOICE(word, ((const char *const[]){__VA_ARGS__, NULL}))
#define OPT_CHOICE_OF(word, one)                                                                   \
    (&(const struct opt_type){.arg = (word), .kind = "choice", .choice = (one)})

// The type of what is said of a device.
#define OPT_FACT(word, what, one, facts, taker, otherwise)                                         \
    (&(const struct opt_type){.arg = (word),                                                       \
                              .kind = (what),                                                      \
                              .choice = (one),                                                     \
                              .gives = (facts),                                                    \
                              .take = (taker),                                                     \
                              .wrong = (otherwise)})

// The rows of these groups (NULL: none), each name once, NULL-ended.
const struct opt *const *opt_rows(const struct opt *const *groups, struct arena *a);

// The option that a key of a recipe or of a device file is: "flash-size" of "flash_size".
const char *opt_of_key(struct arena *a, const char *key);
const char *opt_key(struct arena *a, const char *option); // the other way

const char *opt_choice(const struct opt_type *type, unsigned i); // NULL: it has no more

#endif
