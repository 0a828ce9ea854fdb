// SPDX-License-Identifier: Apache-2.0
//
// A Matter bundle as a tree: its table, and a part for each image that it names.
#ifndef MATTER_BUNDLE_TREE_H
#define MATTER_BUNDLE_TREE_H

#include <otapack/matter_bundle.h>

#include "judge.h"

// What a bundle's node keeps for those who judge it.
struct matter_bundle_parsed {
    struct otapack_bundle head;
    const struct otapack_bundle_entry *entries;
    struct node *const *parts; // of each entry; NULL: where that says, it has no bytes of its own
};

// What the platform calls an image: "application", "rcp"; NULL: nothing.
const char *matter_bundle_id_name(uint32_t id);

bool is_matter_bundle(const struct node *n); // one that can be read

// The application that a bundle updates the device with; NULL: there is none.
struct node *matter_bundle_application(const struct node *bundle);

extern const struct rule rules_matter_bundle[];

// Is the version that the bundle in a Matter image says of its application the header's?
void rule_matter_bundle_version(struct judge *j, struct node *matter, const struct node *bundle);

#endif
