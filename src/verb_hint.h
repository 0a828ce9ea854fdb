// SPDX-License-Identifier: Apache-2.0
//
// What those who come from other tools type first, and what does that here.
#ifndef VERB_HINT_H
#define VERB_HINT_H

#include "err.h"

// What to write in place of a word that is no verb. "": nothing is known.
const char *verb_hint(const char *word);

#endif
