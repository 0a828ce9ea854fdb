// SPDX-License-Identifier: Apache-2.0
//
// The JSON of otapack verify (its schema: packaging/otapack-verify.schema.json): the verdict on
// each file, and what is signed of it. Files are added one by one, and printed together.
#ifndef SHOW_VERIFIED_H
#define SHOW_VERIFIED_H

#include "err.h"
#include "node.h"
#include "trust.h"

struct show_verified; // NULL: nothing is done
struct show_verified *show_verified_new(struct arena *a);

// A file by the name that it was given by. `root` NULL: it could not be read. `e` says why
// something could not be judged, where it is set.
void show_verified_add(struct show_verified *json, struct arena *a, const char *file,
                       const struct node *root, enum status status,
                       const struct trust_answer *answer, const struct err *e);
void show_verified_print(struct show_verified *json);

#endif
