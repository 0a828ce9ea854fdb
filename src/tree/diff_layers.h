// SPDX-License-Identifier: Apache-2.0
//
// Two nodes of different kinds, such as an app and a container around one: what both hold can be
// compared all the same.
#ifndef DIFF_LAYERS_H
#define DIFF_LAYERS_H

#include "diff.h"

// Adds the change from one kind to the other. True: *old and *new are what both hold.
bool diff_layers(struct diff *d, struct change c, const struct node **old, const struct node **new);

#endif
