// SPDX-License-Identifier: Apache-2.0
#include "recipe_set.h"

#include <string.h>

// The map under this key, made where there is none. NULL when the key holds something else, or with
// `e` set where there is no room for it.
static struct value *inner_map(struct value *map, const char *key, const char *where,
                               struct arena *a, struct err *e)
{
    struct value *inner = value_find(map, key);
    if (inner == NULL) {
        if (!value_has_room(map, where, e)) {
            return NULL;
        }
        inner = ARENA_NEW(a, struct value);
        *inner = (struct value){.kind = VALUE_MAP, .where = where, .key = key, .key_where = where};
        inner->items_end = &inner->items;
        value_append(map, inner);
    }
    return inner->kind == VALUE_MAP ? inner : NULL;
}

// Puts the value in the place of the one with its key, or behind the others.
static bool replace(struct value *map, struct value *v, struct err *e)
{
    struct value **link = &map->items;
    while (*link != NULL && strcmp((*link)->key, v->key) != 0) {
        link = &(*link)->next;
    }
    if (*link == NULL) {
        bool room = value_has_room(map, v->key_where, e);
        if (room) {
            value_append(map, v);
        }
        return room;
    }
    v->next = (*link)->next;
    *link = v;
    if (v->next == NULL) {
        map->items_end = &v->next;
    }
    return true;
}

bool recipe_set(struct value *top, const char *set, struct arena *a, struct err *e)
{
    const char *equals = strchr(set, '=');
    if (equals == NULL || equals == set || equals[1] == '\0') {
        return err_set(e, STATUS_CANNOT, "--set %s: %swrite KEY=VALUE, as in rcp.build_dir=build",
                       set, equals != NULL && equals > set ? "has no value; " : "");
    }
    const char *key = arena_copy(a, set, (size_t)(equals - set));
    const char *where = arena_printf(a, "--set %s", key);
    struct value *v = yaml_read_value(where, equals + 1, a, e);
    struct value *map = top->kind == VALUE_MAP ? top : NULL;
    if (v == NULL) {
        return false;
    }
    for (const char *dot; map != NULL && (dot = strchr(key, '.')) != NULL; key = dot + 1) {
        map = inner_map(map, arena_copy(a, key, (size_t)(dot - key)), where, a, e);
    }
    if (map == NULL) {
        return e->text[0] == '\0' &&
               err_set(e, STATUS_CANNOT, "%s: the recipe has no keys there; correct the key",
                       where);
    }
    v->key = key;
    v->key_where = where;
    return replace(map, v, e);
}
