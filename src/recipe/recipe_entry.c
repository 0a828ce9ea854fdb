// SPDX-License-Identifier: Apache-2.0
#include "recipe_entry.h"

#include <string.h>

#include "layer.h"
#include "recipe_expand.h"
#include "text.h"

bool take_number(struct schema *s, const char *where, const char *text, uint64_t most,
                 uint64_t *out)
{
    if (!text_number(text, out)) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: '%s' is no number; write it in decimal or as 0x hexadecimal", where,
                       text_printable(s->arena, text));
    }
    return *out <= most ||
           err_set(s->e, STATUS_CANNOT, "%s: %s is above 0x%llx; give a lower number", where, text,
                   (unsigned long long)most);
}

bool take_named_number(struct schema *s, const struct value *v, const char *const *names,
                       uint64_t most, uint64_t *out)
{
    const char *words[NAMED_MOST];
    const char *text = take_text(s, v);
    size_t n = 0;
    for (uint64_t i = 0; text != NULL && i < NAMED_MOST; i++) {
        if (names[i] != NULL && strcmp(names[i], text) == 0) {
            *out = i;
            return true;
        }
        if (names[i] != NULL) {
            words[n++] = names[i];
        }
    }
    if (text == NULL || text_number(text, out)) {
        return text != NULL && take_number(s, v->where, text, most, out);
    }
    return err_unknown(
        s->e, text_nearest(text, words, n),
        arena_printf(s->arena, "write %s or a number", text_list(s->arena, words, n)),
        "%s: %s '%s' is not known", v->where, v->key, text_printable(s->arena, text));
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
