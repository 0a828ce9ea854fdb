// SPDX-License-Identifier: Apache-2.0
//
// The seal in a host's app as a part of it, and what it says of the combined image around.
#ifndef RCP_SEAL_H
#define RCP_SEAL_H

#include <otapack/rcp_seal.h>

#include "judge.h"

extern const struct rule rules_rcp_seal[], // of a combined image
    rules_rcp_seal_app[];                  // of an app

// Of a whole file, where options say so: is there a combined image, and is each sealed?
void rule_seal_required(struct judge *j, struct node *root);

// Adds "seal", an overlay of an app, where it has a place for one.
void rcp_seal_add(struct arena *a, struct node *app);

// Says of a combined image, whose host was read, whether it is sealed: its field "sealed".
void rcp_seal_tell(struct arena *a, struct node *image);

// The seal in its host, as a part; NULL: there is no place for one.
const struct node *rcp_seal_of(const struct node *image);

// Does "sealed" say yes?
bool rcp_seal_holds(const struct node *image);

#endif
