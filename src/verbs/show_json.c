// SPDX-License-Identifier: Apache-2.0
//
// Trees as documents of JSON.
#include "show.h"

#include "judge.h"
#include "node_json.h"

static void *begin(struct arena *a, size_t count)
{
    (void)a, (void)count;
    return json_must(json_array());
}

static void add(void *files, const char *file, const struct node *root)
{
    size_t counts[VERDICT_COUNT] = {0};
    json_t *object = json_must(json_object());
    json_put_text(object, "file", file);
    json_put(object, "size", json_number(root->src.size));
    enum verdict worst = tree_verdict(root, counts);
    worst = worst == VERDICT_NOTE ? VERDICT_PASS : worst; // nothing happens: the file is good
    json_put(object, "verdict", json_string(verdict_name(worst)));
    json_put(object, "root", node_json(root));
    json_add(files, object);
}

static void add_error(void *files, const char *file, const char *error)
{
    json_t *object = json_must(json_object());
    json_put_text(object, "file", file);
    json_put(object, "verdict", json_string("unread"));
    json_put_text(object, "error", error);
    json_add(files, object);
}

static void print(void *files)
{
    json_t *object = json_must(json_object());
    json_put(object, "otapack", json_integer(1));
    json_put(object, "files", files);
    json_print(object);
}

static void drop(void *files)
{
    json_decref(files);
}

const struct show_document show_document_json = {begin, add, add_error, print, drop};

void show_json_place(const struct place_in_tree *place)
{
    json_print(
        json_must(place->field == NULL ? node_json(place->node) : field_value(place->field)));
}
