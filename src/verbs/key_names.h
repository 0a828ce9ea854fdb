// SPDX-License-Identifier: Apache-2.0
//
// --key and --keys of the verbs that show by whom a file is signed, and ask no more than that.
#ifndef KEY_NAMES_H
#define KEY_NAMES_H

#include "trust.h"
#include "verb_options.h"

struct key_names {
    struct trust trust;
    struct trusted *trusted; // NULL: no keys
    struct arena arena;
};

// False with `e` set (status 2). What they say lives as long as `k`, which key_names_close() ends.
bool key_names_take(struct key_names *k, const struct args *args, const struct verb_options *o,
                    struct err *e);
void key_names_close(struct key_names *k);

// trust_open_tree(), and whose each signature is.
bool key_names_open_tree(const struct key_names *k, struct opened *image, const char *name,
                         const struct read_options *options, struct arena *a, struct err *e);

extern const struct opt opt_key_names[];

#endif
