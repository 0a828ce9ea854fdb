// SPDX-License-Identifier: Apache-2.0
//
// Recipes: the YAML as a tree of values that know where they stand, then the schema on top of it,
// with --set and -D. Paths of inputs are only looked for, never written to.
#include "fuzz_file.h"

#include "layer.h"
#include "yaml_tree.h"

enum { RECIPE_MOST = 4096 };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_folder_make();
    return 0;
}

// Keys are different in one map, positions are inside the text, nesting is bounded.
static void law_value(const struct value *v, int depth)
{
    LAW(depth <= 40 && v->where != NULL);
    LAW(strncmp(v->where, "r.yaml:", 7) == 0);
    if (v->kind == VALUE_TEXT) {
        LAW(v->text != NULL && v->items == NULL);
        return;
    }
    for (const struct value *item = v->items; item != NULL; item = item->next) {
        LAW((item->key != NULL) == (v->kind == VALUE_MAP));
        LAW(item->key == NULL || value_find(v, item->key) == item);
        law_value(item, depth + 1);
    }
}

static void law_yaml(const char *text)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    const struct value *v = yaml_read("r.yaml", text, &a, &e);
    LAW((v == NULL) == (e.status == STATUS_CANNOT));
    LAW(v != NULL || strncmp(e.text, "r.yaml", 6) == 0);
    if (v != NULL) {
        law_value(v, 0);
    }
    arena_free(&a);
}

static void law_recipe(const struct recipe *r)
{
    LAW(r->output == NULL || r->output[0] != '\0');
    LAW(r->layers != NULL && r->layers->outer == NULL);
    int combined = 0;
    for (const struct layer *layer = r->layers; layer != NULL; layer = layer->inner) {
        LAW(layer->where != NULL && layer_name(layer) != NULL);
        LAW(layer->inner == NULL ||
            (layer->inner->outer == layer && layer->inner->type->place < layer->type->place));
        combined += layer->type->place == PLACE_COMBINED;
    }
    LAW(combined == 1 || layer_innermost(r->layers)->type->place == PLACE_CONTENT);
}

static void law_schema(const char *text, const char *const *sets)
{
    static const char *defines[] = {"NAME=value", "EMPTY=", NULL};
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct recipe recipe;
    struct recipe_words words = {defines, (const char **)arena_alloc(&a, 3 * sizeof(char *))};
    memcpy(words.sets, sets, 2 * sizeof(char *));
    fuzz_file_write(FUZZ_INPUT, text, strlen(text));
    bool good = recipe_read(fuzz_file(FUZZ_INPUT), &words, &a, &recipe, &e);
    LAW(good == (e.status == STATUS_OK) && (good || (e.status == STATUS_CANNOT && e.text[0])));
    if (good) {
        law_recipe(&recipe);
    }
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[RECIPE_MOST];
    if (size >= sizeof(text) || memchr(data, 0, size) != NULL) {
        return 0;
    }
    memcpy(text, data, size);
    text[size] = '\0';
    // What stands behind a line that is "--" is the value of a --set.
    char *set = strstr(text, "\n--\n");
    const char *sets[2] = {NULL, NULL};
    if (set != NULL) {
        set[1] = '\0';
        sets[0] = set + 4;
    }
    law_yaml(text);
    law_schema(text, sets);
    return 0;
}
