// SPDX-License-Identifier: Apache-2.0
//
// The top of a recipe: layers, and what is to be so of the whole.
#include "recipe.h"

#include <stddef.h>
#include <string.h>

#include "expect.h"
#include "layer.h"
#include "recipe_csv.h"
#include "recipe_set.h"
#include "text.h"

enum { RECIPE_MOST = 256 * 1024 };

static bool take_expect(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_text **list = to;
    struct err inner = ERR_NONE;
    if (!key_texts.take(s, v, key, to)) {
        return false;
    }
    for (const struct recipe_text *t = *list; t != NULL; t = t->next) {
        if (!expect_parse(t->text, &inner)) {
            return err_at(s->e, t->where, &inner);
        }
    }
    return true;
}

static const struct key_kind key_expect = {"list", take_expect};

// Those beside the layers, in the order in which they are taken.
const struct recipe_key recipe_keys[] = {
    {"otapack", &key_version, 0, "the version of the recipe language: 1", "recipe"},
    {"partition_table", &key_input, offsetof(struct recipe, host_table), "the device's", NULL},
    {"partition_csv", &key_csv, offsetof(struct recipe, csv), "how a partitions.csv is read",
     csv_keys},
    {"output", &key_path, offsetof(struct recipe, output), "what to write", NULL},
    {"allow", &key_texts, offsetof(struct recipe, allow), "checks that may fail", NULL},
    {"expect", &key_expect, offsetof(struct recipe, expect), "what the image must be", NULL},
    {0},
};

// What "did you mean" chooses from.
static const char *const names[] = {"otapack",       "output", LAYER_KEYS "partition_table",
                                    "partition_csv", "allow",  "expect"};

static bool take_all(struct schema *s, struct value *top)
{
    struct recipe *r = s->recipe;
    if (top->kind != VALUE_MAP) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: a recipe is a map of keys; it begins with: "
                       "otapack: 1",
                       top->where);
    }
    if (value_find(top, recipe_keys[0].name) == NULL) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: the key otapack is missing; a recipe for this otapack says: otapack: 1",
                       r->file);
    }
    // Inputs first: what follows may use their values.
    bool good = take_map_key(s, top, &recipe_keys[0], r) && take_layer_keys(s, top, &r->layers);
    for (const struct recipe_key *key = &recipe_keys[1]; good && key->name != NULL; key++) {
        good = take_map_key(s, top, key, r);
    }
    return good && taken_all(s, top, names, sizeof(names) / sizeof(names[0])) &&
           check_layers(s, top, r->file) && taken_files(s) && complete_layers(s);
}

bool recipe_read_text(const char *file, const char *text, const struct recipe_words *words,
                      struct arena *a, struct recipe *out, struct err *e)
{
    struct schema s = {
        .recipe = out, .page = "otapack-recipe(5)", .defines = words->defines, .arena = a, .e = e};
    *out = (struct recipe){.file = arena_string(a, file)};
    s.needed_end = &s.needed;
    s.layers_end = &s.layers;
    for (const char **d = words->defines; *d != NULL; d++) {
        if (strchr(*d, '=') == NULL) {
            return err_set(e, STATUS_CANNOT, "-D %s: write NAME=VALUE", *d);
        }
    }
    struct value *top = yaml_read(file, text, a, e);
    if (top == NULL) {
        return false;
    }
    for (const char **set = words->sets; *set != NULL; set++) {
        if (!recipe_set(top, *set, a, e)) {
            return false;
        }
    }
    return take_all(&s, top);
}

bool recipe_read(const char *file, const struct recipe_words *words, struct arena *a,
                 struct recipe *out, struct err *e)
{
    const char *text = input_text(file, RECIPE_MOST, a, e);
    return text != NULL && recipe_read_text(file, text, words, a, out, e);
}
