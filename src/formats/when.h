// SPDX-License-Identifier: Apache-2.0
//
// Whether a check is made on the device that a node goes to: see enum check_when.
#ifndef WHEN_H
#define WHEN_H

#include "node.h"
#include "target.h"

bool when_applies(enum check_when when, const struct node *n, const struct target *target);

#endif
