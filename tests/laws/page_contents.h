// SPDX-License-Identifier: Apache-2.0
//
// What a page shows, against the JSON of the same files.
#ifndef PAGE_CONTENTS_H
#define PAGE_CONTENTS_H

#include <jansson.h>

#include "words.h"

// Complains (run.h) of what only one of them has. `shown` is what the page has, in any order:
// "part PATH", "VERDICT ID PATH", "unmade ID", "field NAME".
void page_compare(const char *name, struct words *shown, const json_t *document);

#endif
