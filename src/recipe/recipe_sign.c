// SPDX-License-Identifier: Apache-2.0
#include "recipe_sign.h"

#include <string.h>

#include "pkcs11.h"
#include "text.h"

const char *const sign_keys[] = {"scheme", "keys", "existing", "passphrase_file", NULL};

// One of the words of a table, by its place; -1 with s->e set.
static int take_word(struct schema *s, struct value *map, const char *key, const char *const *words)
{
    const char *text;
    size_t count = 0, found = 0;
    if (!take_text(s, map, key, &text)) {
        return -1;
    }
    while (words[count] != NULL) {
        count++;
    }
    while (text != NULL && found < count && strcmp(text, words[found]) != 0) {
        found++;
    }
    if (found == count) {
        err_set(s->e, STATUS_CANNOT, "%s: %s '%s' is not known; write %s",
                value_find(map, key)->where, key, text_printable(s->arena, text),
                text_list(s->arena, words, count));
        return -1;
    }
    return (int)found;
}

// A recipe is data, and may come from anywhere; a module that it names would run in this process.
// What --set says, the command line says: then all of the list is its own.
static bool is_of_command_line(const struct recipe_text *key)
{
    return strcmp(key->where, "--set sign.keys") == 0 || strcmp(key->where, "--set sign") == 0;
}

// Files are relative to the recipe, as all its paths are; URIs are what they are.
static bool take_keys(struct schema *s, struct value *map, struct signing *signing)
{
    static const char *const no_modules[] = {NULL};
    struct recipe_text *list = NULL;
    struct signing_key **end = &signing->keys;
    if (!take_texts(s, map, "keys", &list)) {
        return false;
    }
    for (struct recipe_text *t = list; t != NULL; t = t->next) {
        struct signing_key *key = ARENA_NEW(s->arena, struct signing_key);
        bool file = !pkcs11_is_uri(t->text);
        if (!is_of_command_line(t)) {
            signing->options.token.modules = no_modules; // but for those of --allow-module
        }
        *key = (struct signing_key){.where = t->where,
                                    .name = file ? take_relative(s, t->text) : t->text};
        if (file) {
            take_needed(s, t->where, "keys", key->name);
        }
        *end = key;
        end = &key->next;
    }
    return true;
}

static bool take_passphrase(struct schema *s, struct value *map, struct signing *signing)
{
    const char *file;
    if (!take_input(s, map, "passphrase_file", &file)) {
        return false;
    }
    if (file != NULL) {
        const char **list = arena_alloc(s->arena, 2 * sizeof(*list));
        list[0] = file;
        signing->options.passphrase_files = list;
    }
    return true;
}

// The scheme must go with what the recipe builds; where it says none, the usual one does.
static bool take_scheme(struct schema *s, struct value *map, struct signing *signing)
{
    bool esp8266 = s->recipe->esp8266 != NULL, data = s->recipe->image != NULL;
    const struct value *v = value_find(map, "scheme");
    enum signing_subject subject = esp8266 ? SIGNS_UPDATE : data ? SIGNS_DATA : SIGNS_IMAGE;
    enum signing_scheme usual = signing_usual(subject);
    int scheme = v == NULL ? (int)usual : take_word(s, map, "scheme", signing_schemes);
    signing->scheme = scheme < 0 ? usual : (enum signing_scheme)scheme;
    if (v == NULL || scheme < 0) {
        return (v == NULL && !data) ||
               (scheme >= 0 && err_set(s->e, STATUS_CANNOT,
                                       "%s: sign signs no image as it is; give app for an app, or "
                                       "say scheme: %s for data",
                                       map->where, signing_schemes[usual]));
    }
    return signing_subject(signing->scheme) == subject ||
           err_set(s->e, STATUS_CANNOT, "%s: scheme %s is for %s; write %s", v->where,
                   signing_schemes[scheme],
                   esp8266 ? "the ESP32 family, and this is an ESP8266 update"
                   : data  ? "no data, and image is signed as data"
                   : signing_subject(signing->scheme) == SIGNS_DATA
                       ? "data, which the key image names, and there is none"
                       : "an ESP8266 update, and this is none",
                   signing_schemes[usual]);
}

bool recipe_take_sign(struct schema *s, struct value *top)
{
    static const char *const existing[] = {[EXISTING_REFUSE] = "refuse",
                                           [EXISTING_APPEND] = "append",
                                           [EXISTING_REPLACE] = "replace",
                                           NULL};
    struct value *map;
    if (!take_value(s, top, "sign", VALUE_MAP, &map) || map == NULL) {
        return map == NULL && s->e->text[0] == '\0';
    }
    struct signing *signing = ARENA_NEW(s->arena, struct signing);
    int old = take_scheme(s, map, signing) ? take_word(s, map, "existing", existing) : -1;
    if (old < 0 || !take_keys(s, map, signing) || !take_passphrase(s, map, signing) ||
        !taken_all(s, map, sign_keys)) {
        return false;
    }
    signing->existing = (enum signing_existing)old;
    s->recipe->signing = signing;
    if (signing->keys == NULL) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: sign has no keys; list them as - FILE, or as pkcs11: URIs", map->where);
    }
    return s->recipe->app != NULL || s->recipe->esp8266 != NULL || s->recipe->image != NULL ||
           err_set(
               s->e, STATUS_CANNOT,
               "%s: sign signs the app, an ESP8266 update or data, and there is none; give app, "
               "esp8266 or image",
               map->where);
}
