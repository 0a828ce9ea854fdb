// SPDX-License-Identifier: Apache-2.0
//
// What goes to which address: a list of `- KEY: VALUE`, of which one is the address.
#ifndef RECIPE_ENTRY_H
#define RECIPE_ENTRY_H

#include "recipe_take.h"

// One thing that goes to one address: of `flash: parts:`, or a record of `rcp: flash_args:`.
struct recipe_entry {
    struct recipe_entry *next;
    const char *where; // for messages
    uint32_t address;
    const char *name;        // of an RCP part, where the address is the value
    struct recipe_part part; // where it is the key
};

bool take_entries(struct schema *s, struct value *list, bool address_first,
                  struct recipe_entry **out);

bool take_number(struct schema *s, const char *where, const char *text, uint64_t most,
                 uint64_t *out);

// The same, or a word that stands for a number: names[NUMBER], NULL where it has none.
enum { NAMED_MOST = 8 };
bool take_named_number(struct schema *s, const struct value *v, const char *const *names,
                       uint64_t most, uint64_t *out);

#endif
