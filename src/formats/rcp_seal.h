// SPDX-License-Identifier: Apache-2.0
//
// The seal in a host's app as a part of it, and what it says of what the app comes with.
#ifndef RCP_SEAL_H
#define RCP_SEAL_H

#include <otapack/rcp_seal.h>

#include "judge.h"

extern const struct rule rules_rcp_seal[], // of what has the app, and what it vouches for, in it
    rules_app_seal[];                      // of an app alone

// Of a whole file, where options say so: is there what can be sealed, and is each sealed?
void rule_seal_required(struct judge *j, struct node *root);

// Adds "seal", an overlay of an app, where it has a place for one.
void rcp_seal_add(struct arena *a, struct node *app);

// Says of what could be sealed, whose parts were read, whether it is: its field "sealed". That is a
// combined image, a Matter bundle with more than the application, and a flash with the firmware of
// a co-processor in it.
void rcp_seal_tell(struct arena *a, struct node *n);
void rcp_seal_tell_stored(struct arena *a, struct node *flash); // the same of images in a flash
bool rcp_seal_is_about(const struct node *n);                   // does it have that field,
bool rcp_seal_holds(const struct node *n);                      // and does it say yes?

// Of such a one: the app that vouches, and its seal, as a part of that; NULL: there is none.
const struct node *rcp_seal_app(const struct node *n);
const struct node *rcp_seal_of(const struct node *n);

// What the seal is of; NULL: of all that comes before the app.
const struct node *rcp_seal_over(const struct node *n);

// What its seal must be of, and what messages call the app.
enum otapack_seal_kind rcp_seal_asked(const struct node *n);
const char *rcp_seal_app_name(const struct node *n);
const char *rcp_seal_kind(unsigned kind); // "a combined image"

// The seal of a co-processor's firmware in an app that does not come with any; of the apps of a
// flash only in the one that is booted. NULL: there is none.
const struct node *rcp_seal_hosted(const struct node *app);

// Why such a seal is not of this firmware; NULL: it is.
const char *rcp_seal_wrong_with(struct arena *a, const struct otapack_source *firmware,
                                const struct otapack_rcp_seal *seal);

#endif
