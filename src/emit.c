// SPDX-License-Identifier: Apache-2.0
#include "emit.h"

#include <inttypes.h>

bool emit_app(const struct recipe *recipe, struct layout *l, struct err *e)
{
    uint64_t from = l->size;
    return layout_add_file(l, recipe->app, e) != NULL &&
           (recipe->signing == NULL || sign(recipe->signing, l, from, recipe->app, e));
}

static bool emit_files(const struct recipe *recipe, struct layout *l, struct err *e)
{
    bool good = layout_add_file(l, recipe->image, e) != NULL;
    for (const struct recipe_text *t = recipe->more; good && t != NULL; t = t->next) {
        good = layout_add_file(l, t->text, e) != NULL;
    }
    return good;
}

static bool emit_content(const struct recipe *recipe, struct layout *l, struct err *e)
{
    return recipe->tree != NULL      ? emit_tree(recipe, l, e)
           : recipe->rcp != NULL     ? emit_rcp_image(recipe, l, e)
           : recipe->flash != NULL   ? emit_flash(recipe, l, e)
           : recipe->esp8266 != NULL ? emit_esp8266(recipe, l, e)
           : recipe->app != NULL     ? emit_app(recipe, l, e)
                                     : emit_files(recipe, l, e);
}

bool emit(const struct recipe *recipe, struct layout *l, struct err *e)
{
    if (!emit_content(recipe, l, e)) {
        return false;
    }
    uint64_t header =
        recipe->matter == NULL ? 0 : OTAPACK_MATTER_FIXED_SIZE + OTAPACK_MATTER_MAX_TLV;
    if (l->size + header > INPUT_MOST) {
        return err_set(e, STATUS_CANNOT,
                       "the parts have %" PRIu64 " bytes together, more than the 4 GiB that an "
                       "image may have; leave something out",
                       l->size);
    }
    return (recipe->matter == NULL || emit_matter(recipe, l, e));
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
    const uint64_t offset = recipe->flash_offset;
    const struct recipe_entry *last = NULL;
    for (const struct recipe_entry *i = recipe->flash; i != NULL; i = i->next) {
        count++;
    }
    for (; placed < count; placed++) {
        const struct recipe_entry *entry =
            next_entry(recipe, last == NULL ? 0 : last->address, last);
        if (entry != NULL && entry->address < offset) {
            return err_set(e, STATUS_CANNOT,
                           "%s: 0x%" PRIx32 " lies before the offset 0x%" PRIx64 " at which the "
                           "image begins; correct one of them",
                           entry->where, entry->address, offset);
        }
        if (entry == NULL || entry->address - offset < l->size) {
            entry = entry == NULL ? last : entry;
            return err_set(e, STATUS_CANNOT,
                           "%s: what goes to 0x%" PRIx32 " overlaps what lies before it; correct "
                           "the addresses",
                           entry->where, entry->address);
        }
        layout_add_fill(l, entry->address - offset - l->size);
        if (layout_add_file(l, entry->file, e) == NULL) {
            return false;
        }
        last = entry;
    }
    uint64_t end = offset + l->size;
    if (recipe->flash_size != 0 && end > recipe->flash_size) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the parts need %" PRIu64 " bytes of flash, size says %" PRIu64
                       "; correct one of them",
                       recipe->file, end, recipe->flash_size);
    }
    layout_add_fill(l, recipe->flash_size == 0 ? 0 : recipe->flash_size - end);
    return true;
}
