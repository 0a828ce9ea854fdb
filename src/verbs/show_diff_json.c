// SPDX-License-Identifier: Apache-2.0
#include "show_diff.h"

#include "diff_words.h"
#include "json.h"
#include "judge.h"

static json_t *file_json(const char *name, const struct node *root)
{
    size_t counts[VERDICT_COUNT] = {0};
    json_t *object = json_must(json_object());
    enum verdict worst = tree_verdict(root, counts);
    json_put_text(object, "file", name);
    json_put(object, "size", json_number(root->src.size));
    json_put_text(object, "format", root->format);
    json_put_text(object, "summary", root->summary);
    json_put_text(object, "verdict", verdict_name(worst == VERDICT_NOTE ? VERDICT_PASS : worst));
    return object;
}

// Sizes and places as numbers, all else as people read it.
static void put_values(json_t *object, const struct change *c)
{
    if (c->kind == CHANGE_GROWN || c->kind == CHANGE_SHRUNK) {
        json_put(object, "old_size", json_number(c->old_number));
        json_put(object, "new_size", json_number(c->new_number));
    } else if (c->kind == CHANGE_MOVED) {
        json_put(object, "old_offset", json_number(c->old_number));
        json_put(object, "new_offset", json_number(c->new_number));
    } else if (c->kind == CHANGE_BYTES && c->bytes > 0) {
        json_put(object, "bytes", json_number(c->bytes));
    } else if (c->class != CLASS_CHECK) {
        json_put_text(object, "old", c->old_text);
        json_put_text(object, "new", c->new_text);
    }
}

static void put_check(json_t *object, const struct change *c)
{
    json_put_text(object, "check", checks[c->check].id);
    json_put_text(object, "old_verdict", verdict_name(c->old_verdict));
    json_put_text(object, "new_verdict", verdict_name(c->new_verdict));
    json_put_text(object, "message", c->new_text);
}

static json_t *change_json(struct arena *a, const struct change *c)
{
    json_t *object = json_must(json_object());
    json_put_text(object, "class", change_class_name(c->class));
    json_put_text(object, "kind", change_kind_name(c->kind));
    if (c->old != NULL) {
        json_put_text(object, "old_path", change_path(a, c, true));
    }
    if (c->new != NULL) {
        json_put_text(object, "new_path", change_path(a, c, false));
    }
    json_put_text(object, "of", c->of);
    put_values(object, c);
    if (c->class == CLASS_CHECK) {
        put_check(object, c);
    }
    json_put_text(object, "follows", c->follows);
    return object;
}

void show_diff_json(struct arena *a, const struct shown_diff *s)
{
    static const char *const results[] = {
        [DIFF_IDENTICAL] = "identical", [DIFF_NOISE] = "noise", [DIFF_DIFFERENT] = "different"};
    json_t *object = json_must(json_object()), *changes = json_must(json_array());
    json_put(object, "otapack", json_integer(1));
    json_put(object, "old", file_json(s->old, s->diff->old));
    json_put(object, "new", file_json(s->new, s->diff->new));
    json_put_text(object, "result", results[diff_result(s->diff)]);
    for (const struct change *c = s->diff->first; c != NULL; c = c->next) {
        json_add(changes, change_json(a, c));
    }
    json_put(object, "changes", changes);
    json_print(object);
}
