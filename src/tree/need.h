// SPDX-License-Identifier: Apache-2.0
//
// What a rule can ask for beyond the file: what is known of the device that is to take it, and
// keys: the bits of enum target_fact (target.h).
#ifndef NEED_H
#define NEED_H

#include "judge.h"

// What is known of the device that a node goes to.
unsigned need_known(const struct judge *j, const struct node *n);
unsigned need_said(const struct read_options *o); // and of what else is said

// The option that says it, without dashes; of one bit.
const char *need_option(unsigned need);

#endif
