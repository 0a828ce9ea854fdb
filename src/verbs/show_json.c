// SPDX-License-Identifier: Apache-2.0
//
// Trees as documents of JSON.
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "judge.h"
#include "node_json.h"
#include "text.h"

struct show_json {
    json_t *files;
};

struct show_json *show_json_new(struct arena *a)
{
    struct show_json *json = ARENA_NEW(a, struct show_json);
    json->files = json_must(json_array());
    return json;
}

static void add(struct show_json *json, json_t *file)
{
    json_must_do(json_array_append_new(json->files, file));
}

void show_json_add(struct show_json *json, const char *file, const struct node *root)
{
    size_t counts[VERDICT_COUNT] = {0};
    json_t *object = json_must(json_object());
    json_put(object, "file", json_string(file));
    json_put(object, "size", json_number(root->src.size));
    enum verdict worst = tree_verdict(root, counts);
    worst = worst == VERDICT_NOTE ? VERDICT_PASS : worst; // nothing happens: the file is good
    json_put(object, "verdict", json_string(verdict_name(worst)));
    json_put(object, "root", node_json(root));
    add(json, object);
}

void show_json_add_error(struct arena *a, struct show_json *json, const char *file,
                         const char *error)
{
    json_t *object = json_must(json_object());
    json_put(object, "file", json_string(file));
    json_put(object, "verdict", json_string("unread"));
    json_put(object, "error", json_string(text_utf8(a, error, strlen(error))));
    add(json, object);
}

// What standard output does not take is main's to say.
static void print(json_t *value)
{
    (void)json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    json_decref(value);
    putchar('\n');
}

void show_json_print(struct show_json *json)
{
    json_t *object = json_must(json_object());
    json_put(object, "otapack", json_integer(1));
    json_put(object, "files", json->files);
    print(object);
}

void show_json_place(const struct place_in_tree *place)
{
    print(json_must(place->field == NULL ? node_json(place->node) : field_value(place->field)));
}

static json_t *pairs_json(const struct json_pair *pairs)
{
    json_t *object = json_must(json_object());
    for (const struct json_pair *p = pairs; p->key != NULL; p++) {
        json_put(object, p->key,
                 p->kind == JSON_PAIR_NUMBER ? json_number(p->number)
                 : p->kind == JSON_PAIR_TEXT ? json_string(p->text)
                                             : json_true());
    }
    return object;
}

void show_json_object(const struct json_pair *pairs)
{
    print(pairs_json(pairs));
}

void show_json_objects(const char *name, const struct json_pair *const *list)
{
    json_t *object = json_must(json_object());
    json_t *array = json_must(json_array());
    for (; *list != NULL; list++) {
        json_must_do(json_array_append_new(array, pairs_json(*list)));
    }
    json_put(object, name, array);
    print(object);
}
