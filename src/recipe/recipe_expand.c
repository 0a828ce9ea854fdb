// SPDX-License-Identifier: Apache-2.0
#include "recipe_expand.h"

#include <stdlib.h>
#include <string.h>

#include "file_path.h"
#include "layer.h"
#include "open_tree.h"
#include "os.h"
#include "path.h"
#include "secret.h"
#include "text.h"

// No recipe needs more. What could, would make gigabytes of a few lines: a value may be as long as
// the environment lets it be.
enum { NAME_MOST = 256, USES_MOST = 4096, BROUGHT_MOST = 1 << 20 };

struct looked_into {
    struct looked_into *next;
    const char *file;
    struct node *root;
};

static const char *define(const char **defines, const char *name)
{
    size_t n = strlen(name);
    const char *value = NULL;
    for (; defines != NULL && *defines != NULL; defines++) {
        if (strncmp(*defines, name, n) == 0 && (*defines)[n] == '=') {
            value = *defines + n + 1;
        }
    }
    return value;
}

struct node *recipe_look_into(struct schema *s, const char *file)
{
    // It is judged when it goes in.
    static const struct read_options plain;
    struct looked_into *in = s->into;
    struct opened image;
    while (in != NULL && strcmp(in->file, file) != 0) {
        in = in->next;
    }
    if (in == NULL && open_tree(&image, file, &plain, s->arena, s->e)) {
        open_tree_close(&image);
        in = ARENA_NEW(s->arena, struct looked_into);
        *in = (struct looked_into){s->into, file, image.root};
        s->into = in;
    }
    return in == NULL ? NULL : in->root;
}

// The input that a name begins with: of the map that it stands in, else of those around it.
static const char *find_input(const struct schema *s, const char *name, const char **rest)
{
    const char *file = NULL;
    for (const struct layers_around *at = s->around; at != NULL && file == NULL; at = at->next) {
        file = layers_input(*at->outermost, name, rest);
    }
    return file == NULL ? layers_input(s->recipe->layers, name, rest) : file;
}

// A value out of the tree of an input.
static const char *look_up(struct schema *s, const char *where, const char *name,
                           enum expand_for use)
{
    const char *rest = "";
    const char *file = find_input(s, name, &rest);
    struct place_in_tree place;
    if (file == NULL) {
        err_set(s->e, STATUS_CANNOT,
                "%s: ${%s}: the recipe has no such input here or around it; %s can be used behind "
                "them",
                where, name, layers_input_names(s->arena));
        return NULL;
    }
    struct node *root = recipe_look_into(s, file);
    if (root == NULL) {
        return NULL;
    }
    struct err inner = ERR_NONE;
    bool good = path_find(NULL, root, rest, &place, &inner);
    if (!good || place.field == NULL) {
        err_set(s->e, STATUS_CANNOT, "%s: ${%s}: %s: %s", where, name, file,
                good ? "that is a part, not a value; name one of its fields" : inner.text);
        return NULL;
    }
    if ((use == EXPAND_PATH && !file_path_is_name(place.field->text)) ||
        strcmp(place.field->text, text_printable(s->arena, place.field->text)) != 0) {
        err_set(s->e, STATUS_CANNOT, "%s: ${%s}: is '%s' in %s, with %s", where, name,
                place.field->text, file,
                use == EXPAND_PATH ? "a character that no file name may have"
                                   : "a control character");
        return NULL;
    }
    return place.field->text;
}

static const char *value_of(struct schema *s, const char *where, const char *name,
                            enum expand_for use)
{
    const char *value = define(s->defines, name);
    if (value == NULL && secret_is_variable(name)) {
        err_set(s->e, STATUS_CANNOT,
                "%s: ${%s} is a secret, and what a recipe says may be read by anybody; remove it",
                where, name);
        return NULL;
    }
    value = value == NULL ? os_variable(name) : value;
    if (value == NULL && s->defines == NULL) {
        err_set(s->e, STATUS_CANNOT, "%s: ${%s} is not defined; set it in the environment", where,
                name);
    } else if (value == NULL && strchr(name, '.') != NULL) {
        return look_up(s, where, name, use);
    } else if (value == NULL) {
        err_set(s->e, STATUS_CANNOT,
                "%s: ${%s} is not defined; give -D %s=VALUE or set it in the "
                "environment",
                where, name, name);
    }
    return value;
}

// The value of the ${NAME} that begins here; *end is where it ends. NULL with s->e set.
static const char *use_of(struct schema *s, const char *where, const char *dollar,
                          enum expand_for use, const char **end)
{
    const char *brace = strchr(dollar, '}');
    size_t n = brace == NULL ? 0 : (size_t)(brace - dollar - 2);
    if (n == 0 || n >= NAME_MOST) {
        err_set(s->e, STATUS_CANNOT,
                "%s: ${ without a name and }; write ${NAME}, or $${ for a "
                "plain ${",
                where);
        return NULL;
    }
    *end = brace + 1;
    if (++s->uses > USES_MOST) {
        err_set(s->e, STATUS_CANNOT, "%s: a recipe has at most %d ${...}; write some of them out",
                where, USES_MOST);
        return NULL;
    }
    const char *value = value_of(s, where, arena_copy(s->arena, dollar + 2, n), use);
    s->brought += value == NULL ? 0 : strlen(value);
    if (s->brought > BROUGHT_MOST) {
        err_set(s->e, STATUS_CANNOT,
                "%s: what ${...} stand for in a recipe has at most %d bytes in all; use shorter "
                "values",
                where, BROUGHT_MOST);
        return NULL;
    }
    return value;
}

// A text that grows at its end.
struct growing {
    struct arena *arena;
    char *text;
    size_t n, room;
};

static void grow(struct growing *g, const char *text, size_t n)
{
    if (g->text == NULL || n > g->room - g->n) {
        size_t room = (g->n + n) * 2;
        char *more = arena_alloc(g->arena, room + 1);
        if (g->n > 0) {
            memcpy(more, g->text, g->n);
        }
        g->text = more;
        g->room = room;
    }
    memcpy(g->text + g->n, text, n);
    g->n += n;
}

const char *recipe_expand(struct schema *s, const char *where, const char *text,
                          enum expand_for use)
{
    struct growing out = {.arena = s->arena};
    for (const char *dollar; (dollar = strstr(text, "${")) != NULL;) {
        if (dollar > text && dollar[-1] == '$') {
            grow(&out, text, (size_t)(dollar - 1 - text));
            grow(&out, "${", 2);
            text = dollar + 2;
            continue;
        }
        const char *end = dollar;
        const char *value = use_of(s, where, dollar, use, &end);
        if (value == NULL) {
            return NULL;
        }
        grow(&out, text, (size_t)(dollar - text));
        grow(&out, value, strlen(value));
        text = end;
    }
    grow(&out, text, strlen(text));
    return out.text;
}
