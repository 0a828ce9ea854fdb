// SPDX-License-Identifier: Apache-2.0
//
// A merged flash image: each part at its address, 0xFF between them.
#include <inttypes.h>
#include <stddef.h>

#include "flash_layout.h"
#include "format_list.h"
#include "layer.h"
#include "part_file.h"
#include "recipe_csv.h"
#include "recipe_entry.h"
#include "recipe_of_tree.h"
#include "text.h"

struct recipe_flash {
    uint64_t size;   // pad up to this address with 0xFF; 0: as long as its parts
    uint64_t offset; // the address at which the image begins
    struct recipe_entry *parts;
};

// ---- From a recipe ------------------------------------------------------------------------------

static bool take_size(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    uint64_t *size = to;
    const char *text = take_text(s, v);
    (void)key;
    return text != NULL &&
           ((text_bytes(text, size) && *size <= UINT32_MAX) ||
            err_set(s->e, STATUS_CANNOT, "%s: '%s' is no flash size; write 4MB, 512KB or bytes",
                    v->where, text_printable(s->arena, text)));
}

static bool take_offset(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    uint64_t *offset = to;
    const char *text = take_text(s, v);
    (void)key;
    return text != NULL && take_number(s, v->where, text, UINT32_MAX, offset) &&
           (*offset % FLASH_SECTOR == 0 ||
            err_set(s->e, STATUS_CANNOT,
                    "%s: '%s' is no multiple of 0x1000, the size of a flash sector; write the "
                    "address at which the image begins",
                    v->where, text_printable(s->arena, text)));
}

static bool take_parts(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    (void)key;
    return take_kind(s, v, VALUE_LIST) && take_entries(s, v, true, to);
}

static const struct key_kind key_size = {"size", take_size}, key_offset = {"number", take_offset},
                             key_parts = {"list", take_parts};

static const struct recipe_key keys[] = {
    {"size", &key_size, offsetof(struct recipe_flash, size), "of the flash: 0xFF up to there",
     NULL},
    {"offset", &key_offset, offsetof(struct recipe_flash, offset), "where the image begins", NULL},
    {"parts", &key_parts, offsetof(struct recipe_flash, parts), "what goes to which address", NULL},
    {0},
};

static bool has_parts(struct schema *s, struct layer *layer)
{
    const struct recipe_flash *flash = layer->is;
    return flash->parts != NULL ||
           err_set(s->e, STATUS_CANNOT, "%s: flash has no parts; list them as - ADDRESS: FILE",
                   layer->where);
}

// ---- The image ----------------------------------------------------------------------------------

// What lies lowest is the bootloader, to a table that lies behind it.
static int64_t lowest_before(const struct recipe_flash *flash, uint32_t address)
{
    int64_t lowest = -1;
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next) {
        bool lower = i->address < address && (lowest < 0 || i->address < (uint32_t)lowest);
        lowest = lower ? (int64_t)i->address : lowest;
    }
    return lowest;
}

// Entries need not be in order; a file must not reach into the next one.
static const struct recipe_entry *next_entry(const struct recipe_flash *flash,
                                             const struct recipe_entry *last)
{
    uint32_t done = last == NULL ? 0 : last->address;
    const struct recipe_entry *next = NULL;
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next) {
        if (i != last && i->address >= done && (next == NULL || i->address < next->address)) {
            next = i;
        }
    }
    return next;
}

// Is there a place for it behind what ends at the address `end`?
static bool has_place(const struct recipe_flash *flash, const struct recipe_entry *entry,
                      const struct recipe_entry *last, uint64_t end, struct err *e)
{
    if (entry != NULL && entry->address < flash->offset) {
        return err_set(e, STATUS_CANNOT,
                       "%s: 0x%" PRIx32 " lies before the offset 0x%" PRIx64 " at which the "
                       "image begins; correct one of them",
                       entry->where, entry->address, flash->offset);
    }
    if (entry == NULL || entry->address < end) {
        entry = entry == NULL ? last : entry; // which is there: a first part there always is
        return err_set(e, STATUS_CANNOT,
                       "%s: what goes to 0x%" PRIx32 " overlaps what lies before it; correct "
                       "the addresses",
                       // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
                       entry->where, entry->address);
    }
    return true;
}

static bool compose_flash(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct err *e)
{
    const struct recipe_flash *flash = layer->is;
    const struct recipe_entry *last = NULL;
    const uint64_t from = l->size;
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next) {
        const struct recipe_entry *entry = next_entry(flash, last);
        uint64_t end = flash->offset + l->size - from;
        if (!has_place(flash, entry, last, end, e)) {
            return false;
        }
        pieces_add_fill(l, entry->address - end);
        if (!compose_table(&entry->part, recipe, entry->address,
                           lowest_before(flash, entry->address), l, e)) {
            return false;
        }
        last = entry;
    }
    uint64_t end = flash->offset + l->size - from;
    if (flash->size != 0 && end > flash->size) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the parts need %" PRIu64 " bytes of flash, size says %" PRIu64
                       "; correct one of them",
                       recipe->file, end, flash->size);
    }
    pieces_add_fill(l, flash->size == 0 ? 0 : flash->size - end);
    return true;
}

static void tell(const struct layer *layer, struct read_options *options)
{
    options->is_flash = true;
    options->flash_offset_given = true;
    options->flash_offset = ((const struct recipe_flash *)layer->is)->offset;
}

// ---- Back from a node ---------------------------------------------------------------------------

static const char *say_flash(struct arena *a, const struct node *n, struct err *e)
{
    uint64_t offset = node_number(n, "flash_offset");
    const char *text = arena_printf(a, "flash:\n  size: %" PRIu64 "\n", offset + n->src.size);
    (void)e;
    if (offset > 0) {
        text = arena_printf(a, "%s  offset: 0x%" PRIx64 "\n", text, offset);
    }
    text = arena_printf(a, "%s  parts:\n", text);
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        if (recipe_takes(p)) {
            text = arena_printf(a, "%s    - 0x%" PRIx64 ": %s\n", text,
                                p->src.base - n->src.base + offset, part_file(a, p));
        }
    }
    return text;
}

const struct layer_type layer_flash = {
    .key = {"flash", &key_map, 0, "a merged flash image", keys},
    .size = sizeof(struct recipe_flash),
    .place = PLACE_CONTENT,
    .taken = has_parts,
    .compose = compose_flash,
    .tell = tell,
    .format = &format_flash,
    .of_parts = true,
    .say = say_flash,
};
