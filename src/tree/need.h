// SPDX-License-Identifier: Apache-2.0
//
// What a rule can ask for beyond the file: what is known of the device that is to take it, and
// keys: the bits of enum target_fact (target.h).
#ifndef NEED_H
#define NEED_H

#include "read.h"

unsigned need_said(const struct read_options *o); // what is known beside the device

// What there is of it before anything is judged: what reading was given.
unsigned need_of_reading(const struct read_options *options);

// Is a check that was not made for want of this worth a word? What is to replace another part of
// the flash than the app, only its maker can say, and asks.
bool need_is_told(unsigned needs);

// The option that says it, without dashes; of one bit.
const char *need_option(unsigned need);

const char *need_text(struct arena *a, unsigned needs); // "--flash-size and --partition-table"

#endif
