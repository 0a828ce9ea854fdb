// SPDX-License-Identifier: Apache-2.0
//
// A tree as jansson's objects: what inspect --json and verify --json have in common. Each answer is
// the caller's.
#ifndef NODE_JSON_H
#define NODE_JSON_H

#include "json.h"
#include "node.h"

json_t *node_json(const struct node *n);     // a node with all that is in it
json_t *field_value(const struct field *f);  // its value alone
json_t *who_json(const struct check *check); // names of who makes it on a device

#endif
