// SPDX-License-Identifier: Apache-2.0
#include "compose.h"

#include <inttypes.h>

#include "partition_file.h"

bool compose_app(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    uint64_t from = l->size;
    return pieces_add_file(l, recipe->app, e) != NULL &&
           (recipe->signing == NULL || sign(recipe->signing, l, from, recipe->app, e));
}

static bool compose_files(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    uint64_t from = l->size;
    bool good = pieces_add_file(l, recipe->image, e) != NULL;
    for (const struct recipe_text *t = recipe->more; good && t != NULL; t = t->next) {
        good = pieces_add_file(l, t->text, e) != NULL;
    }
    return good && (recipe->signing == NULL || sign(recipe->signing, l, from, recipe->image, e));
}

static bool compose_content(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    return recipe->tree != NULL      ? compose_tree(recipe, l, e)
           : recipe->rcp != NULL     ? compose_rcp_image(recipe, l, e)
           : recipe->flash != NULL   ? compose_flash(recipe, l, e)
           : recipe->esp8266 != NULL ? compose_esp8266(recipe, l, e)
           : recipe->app != NULL     ? compose_app(recipe, l, e)
                                     : compose_files(recipe, l, e);
}

bool compose(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    if (!compose_content(recipe, l, e)) {
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
    return (recipe->matter == NULL || compose_matter(recipe, l, e));
}

enum { TABLE_LAST = 0x40000 }; // where it may lie; behind that, a name alone says nothing

bool compose_table(const struct recipe *recipe, const char *file, uint32_t table_at,
                   int64_t bootloader_at, struct pieces *l, struct err *e)
{
    const struct piece *piece = pieces_add_file(l, file, e);
    if (piece == NULL) {
        return false;
    }
    struct otapack_source src = input_source(piece->input);
    if (!partition_file_is_csv(table_at > TABLE_LAST ? "" : file, &src)) {
        return true;
    }
    struct partition_csv_options options =
        recipe->csv == NULL ? partition_file_options() : *recipe->csv;
    options.table_at = table_at;
    options.bootloader_at = bootloader_at < 0 ? options.bootloader_at : bootloader_at;
    uint8_t *bytes = arena_alloc(l->arena, OTAPACK_PARTITION_TABLE_SIZE);
    bool good = partition_file_convert(piece->file, &src, &options, bytes, e);
    good = input_good(piece->input, e) && good;
    pieces_replace_last(l, bytes, OTAPACK_PARTITION_TABLE_SIZE);
    return good;
}

// What lies lowest is the bootloader, to a table that lies behind it.
static int64_t lowest_before(const struct recipe *recipe, uint32_t address)
{
    int64_t lowest = -1;
    for (const struct recipe_entry *i = recipe->flash; i != NULL; i = i->next) {
        bool lower = i->address < address && (lowest < 0 || i->address < (uint32_t)lowest);
        lowest = lower ? (int64_t)i->address : lowest;
    }
    return lowest;
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

bool compose_flash(const struct recipe *recipe, struct pieces *l, struct err *e)
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
        pieces_add_fill(l, entry->address - offset - l->size);
        if (!compose_table(recipe, entry->file, entry->address,
                           lowest_before(recipe, entry->address), l, e)) {
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
    pieces_add_fill(l, recipe->flash_size == 0 ? 0 : recipe->flash_size - end);
    return true;
}
