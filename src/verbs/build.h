// SPDX-License-Identifier: Apache-2.0
//
// From a recipe to a file: lay out, judge, write, read back, name.
#ifndef BUILD_H
#define BUILD_H

#include "recipe.h"
#include "verb_options.h"

struct build {
    const struct recipe *recipe;
    const struct args *args; // whose options must be of use to it; NULL: they need not
    const char *target;      // where the image goes
    const char *depfile;     // or NULL
    bool make_folders;       // create the target's folders, as create_ota_image.py does
    bool quiet;              // neither warnings nor what was made
    bool no_summary;         // not what was made
    struct verb_options options;
};

// What failed has been said on standard error; `e` is set where the reason is not a check.
enum status build_run(struct build *b, struct err *e);

#endif
