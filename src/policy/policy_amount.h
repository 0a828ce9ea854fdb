// SPDX-License-Identifier: Apache-2.0
//
// Amounts in a policy: bytes ("4096", "64K"), or hundredths of a whole ("10%"); with a '-', less.
#ifndef POLICY_AMOUNT_H
#define POLICY_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "recipe_take.h"

struct policy_amount {
    const char *text; // as it was written; NULL: it was not given
    bool percent;
    int64_t number;
};

struct policy_range {
    struct policy_amount min, max;
};

// False: it is none. The text is kept.
bool policy_amount_parse(const char *text, struct policy_amount *out);

// -1, 0 or 1: so many bytes are less than this amount, just it, or more. `whole` is what it is a
// share of.
int policy_amount_compare(int64_t bytes, const struct policy_amount *amount, uint64_t whole);

extern const struct key_kind key_amount, key_room; // struct policy_amount; no less than 0

#endif
