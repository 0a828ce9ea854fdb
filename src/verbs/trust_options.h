// SPDX-License-Identifier: Apache-2.0
//
// The options that say whose signatures a file must have, and what comes of asking a file.
#ifndef TRUST_OPTIONS_H
#define TRUST_OPTIONS_H

#include "args.h"
#include "judge.h"
#include "trust.h"

struct trust_options {
    struct trust trust;
    struct target device;    // as `trust` knows it
    struct trusted *trusted; // NULL: no signatures are asked for
    const char *part;        // that they are about; NULL: the application
    bool part_alone;         // may be named without a key: set before anything is taken
    bool tells;              // which signature is whose goes to standard output
};

// False with `e` set. `read` is what the verb's other options say; what is read here is in `a`.
bool trust_options_take(struct trust_options *o, const struct args *args,
                        const struct read_options *read, struct arena *a, struct err *e);

// The signatures of the part that they are about, and what they say of the file. False with `e` set
// where the part is not there. An answer without a part: nothing is asked. `trusted` is that of
// `o`, or what trust_for_file() makes of it.
bool trust_options_ask(const struct trust_options *o, struct trusted *trusted, struct node *root,
                       const char *name, struct arena *a, struct trust_answer *answer,
                       struct err *e);

// Do they name keys, by which it is known whose a signature is?
bool trust_options_names(const struct trust_options *o);

// Standard error has a line of each signature that is missing.
void trust_options_say(const struct trust_options *o, const struct trust_answer *answer);

extern const struct opt opt_trust[];

#endif
