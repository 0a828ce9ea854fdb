// SPDX-License-Identifier: Apache-2.0
//
// sign --digest-only: what has to be signed by a key that is not here.
#ifndef SIGN_ELSEWHERE_H
#define SIGN_ELSEWHERE_H

#include "edit.h"
#include "sign.h"

struct sign_elsewhere {
    const struct args *args;
    struct arena *arena;
    struct edit *edit; // the file, which is open and judged
    struct signing *signing;
    const struct verb_options *options;
    struct err *e;
};

// Says what of this part has to be signed and how, and writes it where --output says so. False with
// `e` set: status 1 where sign --key would not sign the file.
bool sign_elsewhere(const struct sign_elsewhere *job, const struct node *part);

#endif
