// SPDX-License-Identifier: Apache-2.0
//
// The keys of a policy that are options of verify.
#ifndef POLICY_OPTION_H
#define POLICY_OPTION_H

#include "policy.h"

// Takes every key that has not been taken yet as the option of its name. False with s->e set, also
// for one that is none.
bool policy_options_take(struct schema *s, struct value *top, const struct opt *const *groups,
                         struct policy *p);

#endif
