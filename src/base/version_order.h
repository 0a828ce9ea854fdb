// SPDX-License-Identifier: Apache-2.0
//
// Which of two versions is the newer one, where a yes or a no hangs on it. text_compare_versions()
// puts any two texts in an order, and expectations use that; this says where there is none.
//
// A version is [v]NUMBER.NUMBER..., as many as there are, of which those that are missing are 0.
// Behind them, in this order:
//
//     -rc.1          a pre-release, which comes before the release (SemVer 2.0.0): words between
//                    dots, of which numbers compare as numbers and come before others, which
//                    compare letter by letter, so that rc10 comes before rc9, and rc.9 before rc.10
//     -3-gabcdef0    what git describe adds: so many commits after that
//     -dirty         likewise: changes that are in no commit; above the same without
//     +build         which says nothing of the order
#ifndef VERSION_ORDER_H
#define VERSION_ORDER_H

#include "arena.h"

enum version_rule {
    VERSION_SEMVER, // all of the above
    VERSION_DOTTED, // only the numbers, as ESPHome compares them: what follows them is not looked
                    // at
};

// *order is -1, 0 or 1. NULL, or why the two have no order: a sentence in `a`.
const char *version_order(struct arena *a, const char *version, const char *other,
                          enum version_rule rule, int *order);

#endif
