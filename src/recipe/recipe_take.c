// SPDX-License-Identifier: Apache-2.0
#include "recipe_take.h"

#include <string.h>
#include <strings.h>

#include "file_path.h"
#include "opt.h"
#include "os.h"
#include "recipe_expand.h"
#include "text.h"

// A file that the recipe names, and where.
struct needed {
    struct needed *next;
    const char *where, *key, *file;
    bool folder;
};

// ---- Values -------------------------------------------------------------------------------------

static const char *kind_name(enum value_kind kind)
{
    return kind == VALUE_TEXT ? "a value" : kind == VALUE_LIST ? "a list" : "a map of keys";
}

static bool is_empty(const struct value *v)
{
    return v->kind == VALUE_TEXT && *v->text == '\0';
}

// How to write what was meant.
static const char *kind_advice(struct schema *s, const struct value *v, enum value_kind kind)
{
    if (kind == VALUE_LIST) {
        return v->kind == VALUE_TEXT && !is_empty(v)
                   ? arena_printf(s->arena, "write %s: [%s]", v->key,
                                  text_printable(s->arena, v->text))
                   : "write a - and a blank in front of each of its lines";
    }
    return kind == VALUE_MAP && is_empty(v) ? "write its keys below it, each behind two blanks more"
                                            : arena_printf(s->arena, "see %s", s->page);
}

bool take_kind(struct schema *s, const struct value *v, enum value_kind kind)
{
    return v->kind == kind ||
           err_set(s->e, STATUS_CANNOT, "%s: %s must be %s, but is %s; %s", v->where, v->key,
                   kind_name(kind), is_empty(v) ? "empty" : kind_name(v->kind),
                   kind_advice(s, v, kind));
}

static const char *take_expanded(struct schema *s, const struct value *v, enum expand_for use)
{
    const char *text =
        take_kind(s, v, VALUE_TEXT) ? recipe_expand(s, v->where, v->text, use) : NULL;
    if (text != NULL && *text == '\0') {
        err_set(s->e, STATUS_CANNOT, "%s: %s is empty; give it a value or remove it", v->where,
                v->key);
        return NULL;
    }
    return text;
}

const char *take_text(struct schema *s, const struct value *v)
{
    return take_expanded(s, v, EXPAND_TEXT);
}

const char *take_relative(struct schema *s, const char *path)
{
    return strcmp(path, "-") == 0 ? path : file_path_beside(s->arena, s->recipe->file, path);
}

// ---- Files --------------------------------------------------------------------------------------

static void need(struct schema *s, const char *where, const char *key, const char *file,
                 bool folder)
{
    struct needed *n = ARENA_NEW(s->arena, struct needed);
    *n = (struct needed){NULL, where, key, file, folder};
    *s->needed_end = n;
    s->needed_end = &n->next;
}

void take_needed(struct schema *s, const char *where, const char *key, const char *file)
{
    need(s, where, key, file, false);
}

// The recipe's line is named for a missing file: that is where to look.
bool taken_files(struct schema *s)
{
    struct err inner = ERR_NONE;
    for (const struct needed *n = s->needed; n != NULL; n = n->next) {
        struct os_info info;
        if (!os_may_read(n->file) || !os_info(n->file, &info)) {
            err_errno(&inner, n->file, "open");
            return err_set(s->e, STATUS_CANNOT, "%s: %s: %s", n->where, n->key, inner.text);
        }
        if ((info.kind == OS_FOLDER) != n->folder) {
            return err_set(s->e, STATUS_CANNOT, "%s: %s: %s: is %s", n->where, n->key, n->file,
                           n->folder ? "no folder; name the RCP's build folder"
                                     : "a folder; name a file in it");
        }
    }
    return true;
}

static bool take_path(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    (void)key;
    const char *path = take_expanded(s, v, EXPAND_PATH);
    *(const char **)to = path == NULL ? NULL : take_relative(s, path);
    return path != NULL;
}

static bool take_existing(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    if (!take_path(s, v, key, to)) {
        return false;
    }
    const char *file = *(const char **)to;
    if (strcmp(file, "-") == 0) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: %s: a recipe's inputs are files; name one instead of -", v->where,
                       v->key);
    }
    need(s, v->where, v->key, file, key != NULL && key->kind == &key_folder);
    return true;
}

// ---- Others -------------------------------------------------------------------------------------

static bool take_a_text(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    (void)key;
    const char *text = take_text(s, v);
    *(const char **)to = text;
    return text != NULL;
}

static bool take_texts(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_text **out = to;
    if (!take_kind(s, v, VALUE_LIST)) {
        return false;
    }
    for (const struct value *item = v->items; item != NULL; item = item->next) {
        if (item->kind != VALUE_TEXT) {
            return err_set(s->e, STATUS_CANNOT, "%s: %s is a list of texts; put quotes around it",
                           item->where, key->name);
        }
        const char *text = recipe_expand(s, item->where, item->text, EXPAND_TEXT);
        if (text == NULL) {
            return false;
        }
        *out = ARENA_NEW(s->arena, struct recipe_text);
        **out = (struct recipe_text){NULL, item->where, text};
        out = &(*out)->next;
    }
    return true;
}

static bool take_choice(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *text = take_text(s, v), *list = "", *word = NULL;
    unsigned i = 0;
    for (; text != NULL && (word = opt_choice(key->of, i)) != NULL && strcmp(text, word) != 0;
         i++) {
        list = arena_printf(s->arena, "%s%s%s", list, i == 0 ? "" : ", ", word);
    }
    *(struct recipe_choice *)to = (struct recipe_choice){i + 1, v->where};
    return word != NULL ||
           (text != NULL && err_set(s->e, STATUS_CANNOT, "%s: %s '%s' is not known; write %s",
                                    v->where, v->key, text_printable(s->arena, text), list));
}

// What other dialects of YAML take for true and false.
static const char *bool_meant(const char *text)
{
    static const char *const words[][2] = {{"yes", "true"}, {"on", "true"},   {"y", "true"},
                                           {"no", "false"}, {"off", "false"}, {"n", "false"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i][0]) == 0) {
            return words[i][1];
        }
    }
    return "true or false";
}

static bool take_bool(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *text = take_text(s, v);
    bool yes = text != NULL && strcmp(text, "true") == 0;
    (void)key;
    *(bool *)to = yes;
    return yes || (text != NULL &&
                   (strcmp(text, "false") == 0 ||
                    err_set(s->e, STATUS_CANNOT, "%s: %s is '%s', which is a word here; write %s",
                            v->where, v->key, text_printable(s->arena, text), bool_meant(text))));
}

static bool take_version(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *what = key->of;
    (void)to;
    return take_kind(s, v, VALUE_TEXT) &&
           (strcmp(v->text, "1") == 0 ||
            err_set(s->e, STATUS_CANNOT,
                    "%s: %s version '%s' is not known; a %s for this otapack says: otapack: 1",
                    v->where, what, text_printable(s->arena, v->text), what));
}

static bool take_map(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    return take_kind(s, v, VALUE_MAP) && take_map_keys(s, v, key->of, to);
}

const struct key_kind key_text = {"text", take_a_text}, key_path = {"file", take_path},
                      key_input = {"file", take_existing}, key_folder = {"folder", take_existing},
                      key_texts = {"list", take_texts}, key_choice = {"choice", take_choice},
                      key_bool = {"bool", take_bool}, key_map = {"map", take_map},
                      key_version = {"number", take_version};

// ---- Maps ---------------------------------------------------------------------------------------

bool taken_all(struct schema *s, const struct value *map, const char *const *names, size_t count)
{
    for (const struct value *v = map->items; v != NULL; v = v->next) {
        if (!v->taken) {
            return value_no_key(v, names, count, s->arena, s->e);
        }
    }
    return true;
}

bool take_map_key(struct schema *s, const struct value *map, const struct recipe_key *key, void *to)
{
    struct value *v = value_find(map, key->name);
    if (v == NULL) {
        return true;
    }
    v->taken = true;
    return key->kind->take(s, v, key, (char *)to + key->at);
}

bool take_map_keys(struct schema *s, const struct value *map, const struct recipe_key *keys,
                   void *to)
{
    const char *names[MAP_KEYS_MOST];
    size_t count = 0;
    for (const struct recipe_key *key = keys; key->name != NULL; key++) {
        names[count++] = key->name;
        if (!take_map_key(s, map, key, to)) {
            return false;
        }
    }
    return taken_all(s, map, names, count);
}
