// SPDX-License-Identifier: Apache-2.0
#include "recipe_entry.h"

#include "layer.h"
#include "recipe_expand.h"
#include "text.h"

bool take_number(struct schema *s, const char *where, const char *text, uint64_t most,
                 uint64_t *out)
{
    return (text_number(text, out) && *out <= most) ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: '%s' is no number up to 0x%llx; write it in decimal or as 0x hexadecimal",
                   where, text_printable(s->arena, text), (unsigned long long)most);
}

static bool take_pair(struct schema *s, struct value *pair, bool address_first,
                      struct recipe_entry *entry)
{
    bool content = pair->kind == VALUE_MAP;
    uint64_t address;
    const char *text = content ? "" : recipe_expand(s, pair->where, pair->text, EXPAND_PATH);
    entry->where = pair->key_where;
    entry->part.where = pair->where;
    if (text == NULL || !take_number(s, address_first ? pair->key_where : pair->where,
                                     address_first ? pair->key : text, UINT32_MAX, &address)) {
        return false;
    }
    entry->address = (uint32_t)address;
    if (content) {
        return take_layers(s, pair, &entry->part.content);
    }
    if (address_first) {
        entry->part.file = take_relative(s, text);
        take_needed(s, entry->where, "flash", entry->part.file);
    } else {
        entry->name = pair->key;
    }
    return true;
}

bool take_entries(struct schema *s, struct value *list, bool address_first,
                  struct recipe_entry **out)
{
    for (struct value *v = list->items; v != NULL; v = v->next) {
        struct value *pair = v->kind == VALUE_MAP ? v->items : NULL;
        if (pair == NULL || pair->next != NULL ||
            !(pair->kind == VALUE_TEXT || (address_first && layers_are_in(pair)))) {
            return err_set(s->e, STATUS_CANNOT, "%s: write one pair a line, as in - %s", v->where,
                           address_first ? "0x10000: app.bin" : "firmware: 0x10000");
        }
        *out = ARENA_NEW(s->arena, struct recipe_entry);
        if (!take_pair(s, pair, address_first, *out)) {
            return false;
        }
        out = &(*out)->next;
    }
    return true;
}
