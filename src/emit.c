// SPDX-License-Identifier: Apache-2.0
#include "emit.h"

#include <inttypes.h>

bool emit(const struct recipe *recipe, struct layout *l, struct err *e)
{
    if (recipe->rcp != NULL) {
        return emit_rcp_image(recipe, l, e);
    }
    if (recipe->flash != NULL) {
        return emit_flash(recipe, l, e);
    }
    return layout_add_file(l, recipe->app != NULL ? recipe->app : recipe->image, e) != NULL;
}

// Entries need not be in order; a file must not reach into the next one.
static const struct recipe_entry *next_entry(const struct recipe *recipe, uint64_t done,
                                             const struct recipe_entry *last)
{
    const struct recipe_entry *next = NULL;
    for (const struct recipe_entry *i = recipe->flash; i != NULL; i = i->next) {
        if (i != last && i->address >= done && (next == NULL || i->address < next->address)) {
            next = i;
        }
    }
    return next;
}

bool emit_flash(const struct recipe *recipe, struct layout *l, struct err *e)
{
    size_t placed = 0, count = 0;
    const struct recipe_entry *last = NULL;
    for (const struct recipe_entry *i = recipe->flash; i != NULL; i = i->next) {
        count++;
    }
    for (; placed < count; placed++) {
        const struct recipe_entry *entry =
            next_entry(recipe, last == NULL ? 0 : last->address, last);
        if (entry == NULL || entry->address < l->size) {
            entry = entry == NULL ? last : entry;
            return err_set(e, STATUS_CANNOT,
                           "%s: what goes to 0x%" PRIx32 " overlaps what lies before it; correct "
                           "the addresses",
                           entry->where, entry->address);
        }
        layout_add_fill(l, entry->address - l->size);
        if (layout_add_file(l, entry->file, e) == NULL) {
            return false;
        }
        last = entry;
    }
    if (recipe->flash_size != 0 && l->size > recipe->flash_size) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the parts need %" PRIu64 " bytes of flash, size says %" PRIu64
                       "; correct one of them",
                       recipe->file, l->size, recipe->flash_size);
    }
    layout_add_fill(l, recipe->flash_size == 0 ? 0 : recipe->flash_size - l->size);
    return true;
}
