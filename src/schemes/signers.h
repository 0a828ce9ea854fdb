// SPDX-License-Identifier: Apache-2.0
//
// By which keys two files are signed, compared: what a device that trusts the old ones does with
// the new file.
#ifndef SIGNERS_H
#define SIGNERS_H

#include "diff.h"

// Adds a change `signatures` to parts that are signed by other keys, or by the same in another
// order. A key has the name that trust_name_signers() gave it, or the beginning of its digest.
extern const struct diff_look signers_look;

#endif
