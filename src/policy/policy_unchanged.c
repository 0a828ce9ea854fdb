// SPDX-License-Identifier: Apache-2.0
//
// Fields and parts that must be what they were.
#include <string.h>

#include "path.h"
#include "policy_look.h"
#include "source.h"
#include "text.h"

// What a place holds, for a person.
static const char *value_text(struct policy_look *look, const struct place_in_tree *place)
{
    return place->field != NULL ? arena_printf(look->arena, "\"%s\"",
                                               text_printable(look->arena, place->field->text))
                                : arena_printf(look->arena, "%s bytes",
                                               text_count(look->arena, place->node->src.size));
}

static void compare(struct policy_look *look, const char *path, const struct place_in_tree *is,
                    const struct place_in_tree *was)
{
    if ((is->field == NULL) != (was->field == NULL)) {
        policy_say_no(look, "%s is a %s, in the baseline a %s", path,
                      is->field == NULL ? "part" : "field", was->field == NULL ? "part" : "field");
        return;
    }
    bool same = is->field != NULL
                    ? strcmp(is->field->text, was->field->text) == 0
                    : source_difference(&is->node->src, &was->node->src) == UINT64_MAX;
    (same ? policy_say_yes : policy_say_no)(look, "%s is %s, in the baseline %s%s", path,
                                            value_text(look, is), value_text(look, was),
                                            same || is->field != NULL ? "" : ", and they differ");
}

// A path that leads into what stayed closed ends there.
static void check_path(struct policy_look *look, const char *path)
{
    struct place_in_tree is, was;
    struct err lost = ERR_NONE, was_lost = ERR_NONE;
    bool there = path_find(look->arena, look->release.root, path, &is, &lost);
    bool was_there = path_find(look->arena, look->baseline.root, path, &was, &was_lost);
    if ((is.node->needs | was.node->needs) != 0) {
        policy_say_unread(look, is.node->needs, was.node->needs);
    } else if (!there) {
        policy_say_no(look, "%s", lost.text);
    } else if (!was_there) {
        policy_say_no(look, "in the baseline: %s", was_lost.text);
    } else {
        compare(look, path, &is, &was);
    }
}

void policy_unchanged(struct policy_look *look)
{
    for (const struct recipe_text *t = look->asked->unchanged; t != NULL; t = t->next) {
        look->path = t->text;
        check_path(look, t->text);
    }
    look->path = NULL;
}
