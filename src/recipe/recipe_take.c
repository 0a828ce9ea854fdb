// SPDX-License-Identifier: Apache-2.0
#include "recipe_take.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "recipe_expand.h"
#include "text.h"

static const char *kind_name(enum value_kind kind)
{
    return kind == VALUE_TEXT ? "a value" : kind == VALUE_LIST ? "a list" : "a map of keys";
}

// Takes a key. *out is NULL when it is not there.
bool take_value(struct schema *s, struct value *map, const char *key, enum value_kind kind,
                struct value **out)
{
    *out = value_find(map, key);
    if (*out == NULL) {
        return true;
    }
    (*out)->taken = true;
    return (*out)->kind == kind ||
           err_set(s->e, STATUS_CANNOT, "%s: %s must be %s, but is %s; see otapack-recipe(5)",
                   (*out)->where, key, kind_name(kind), kind_name((*out)->kind));
}

static bool take_expanded(struct schema *s, struct value *map, const char *key, enum expand_for use,
                          const char **out)
{
    struct value *v;
    *out = NULL;
    if (!take_value(s, map, key, VALUE_TEXT, &v)) {
        return false;
    }
    if (v == NULL) {
        return true;
    }
    *out = recipe_expand(s, v->where, v->text, use);
    if (*out != NULL && **out == '\0') {
        return err_set(s->e, STATUS_CANNOT, "%s: %s is empty; give it a value or remove it",
                       v->where, key);
    }
    return *out != NULL;
}

bool take_text(struct schema *s, struct value *map, const char *key, const char **out)
{
    return take_expanded(s, map, key, EXPAND_TEXT, out);
}

// Paths are relative to the recipe, those of --set too: it says the same thing elsewhere.
const char *take_relative(struct schema *s, const char *path)
{
    const char *slash = strrchr(s->recipe->file, '/');
    if (path[0] == '/' || slash == NULL || strcmp(path, "-") == 0) {
        return path;
    }
    return arena_printf(s->arena, "%.*s/%s", (int)(slash - s->recipe->file), s->recipe->file, path);
}

bool take_path(struct schema *s, struct value *map, const char *key, const char **out)
{
    if (!take_expanded(s, map, key, EXPAND_PATH, out)) {
        return false;
    }
    *out = *out == NULL ? NULL : take_relative(s, *out);
    return true;
}

void take_needed(struct schema *s, const char *where, const char *key, const char *file)
{
    struct needed *n = ARENA_NEW(s->arena, struct needed);
    *n = (struct needed){NULL, where, key, file};
    *s->needed_end = n;
    s->needed_end = &n->next;
}

// The path of something that must be there.
bool take_input(struct schema *s, struct value *map, const char *key, const char **out)
{
    if (!take_path(s, map, key, out)) {
        return false;
    }
    if (*out != NULL && strcmp(*out, "-") == 0) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: %s: a recipe's inputs are files; name one instead of -",
                       value_find(map, key)->where, key);
    }
    if (*out != NULL) {
        take_needed(s, value_find(map, key)->where, key, *out);
    }
    return true;
}

// The recipe's line is named for a missing file: that is where to look.
bool taken_files(struct schema *s)
{
    struct err inner = ERR_NONE;
    for (const struct needed *n = s->needed; n != NULL; n = n->next) {
        struct stat st;
        bool wants_folder = strcmp(n->key, "build_dir") == 0;
        if (access(n->file, R_OK) != 0 || stat(n->file, &st) != 0) {
            err_errno(&inner, n->file, "open");
            return err_set(s->e, STATUS_CANNOT, "%s: %s: %s", n->where, n->key, inner.text);
        }
        if (S_ISDIR(st.st_mode) != wants_folder) {
            return err_set(s->e, STATUS_CANNOT, "%s: %s: %s: is %s", n->where, n->key, n->file,
                           wants_folder ? "no folder; name the RCP's build folder"
                                        : "a folder; name a file in it");
        }
    }
    return true;
}

// Every key must have been taken.
bool taken_all(struct schema *s, const struct value *map, const char *const *keys)
{
    size_t count = 0;
    while (keys[count] != NULL) {
        count++;
    }
    for (const struct value *v = map->items; v != NULL; v = v->next) {
        if (!v->taken) {
            const char *near = text_nearest(v->key, keys, count);
            return err_set(
                s->e, STATUS_CANNOT, "%s: there is no key '%s' here; %s%s%s", v->key_where,
                text_printable(s->arena, v->key), near == NULL ? "the keys are " : "did you mean '",
                near == NULL ? text_list(s->arena, keys, count) : near, near == NULL ? "" : "'?");
        }
    }
    return true;
}

bool take_texts(struct schema *s, struct value *top, const char *key, struct recipe_text **out)
{
    struct value *list;
    if (!take_value(s, top, key, VALUE_LIST, &list)) {
        return false;
    }
    for (struct value *v = list == NULL ? NULL : list->items; v != NULL; v = v->next) {
        if (v->kind != VALUE_TEXT) {
            return err_set(s->e, STATUS_CANNOT, "%s: %s is a list of texts; put quotes around it",
                           v->where, key);
        }
        struct recipe_text *t = ARENA_NEW(s->arena, struct recipe_text);
        const char *text = recipe_expand(s, v->where, v->text, EXPAND_TEXT);
        if (text == NULL) {
            return false;
        }
        *t = (struct recipe_text){NULL, v->where, text};
        *out = t;
        out = &t->next;
    }
    return true;
}
