// SPDX-License-Identifier: Apache-2.0
#include "recipe_expand.h"

#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "path.h"
#include "text.h"

enum { NAME_MOST = 256 };

static const char *define(const char **defines, const char *name)
{
    size_t n = strlen(name);
    const char *value = NULL;
    for (; *defines != NULL; defines++) {
        if (strncmp(*defines, name, n) == 0 && (*defines)[n] == '=') {
            value = *defines + n + 1;
        }
    }
    return value;
}

// The input that the first words of a dotted name stand for; *rest is the path inside it.
static const char *input_of(const struct recipe *recipe, const char *name, const char **rest)
{
    const struct recipe_rcp none = {0};
    const struct recipe_rcp *rcp = recipe->rcp == NULL ? &none : recipe->rcp;
    const struct {
        const char *prefix, *file;
    } rows[] = {
        {"app.", recipe->app},
        {"image.", recipe->image},
        {"esp8266.image.", recipe->esp8266 == NULL ? NULL : recipe->esp8266->image},
        {"rcp.bootloader.", rcp->bootloader},
        {"rcp.partition_table.", rcp->partition_table},
        {"rcp.firmware.", rcp->firmware},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strncmp(name, rows[i].prefix, strlen(rows[i].prefix)) == 0) {
            *rest = name + strlen(rows[i].prefix);
            return rows[i].file;
        }
    }
    return NULL;
}

// A value out of the tree of an input.
static const char *look_up(const struct recipe *recipe, const char *where, const char *name,
                           enum expand_for use, struct arena *a, struct err *e)
{
    static const struct read_options plain = {.structure_only =
                                                  true}; // it is judged when it goes in
    const char *rest = "";
    const char *file = input_of(recipe, name, &rest);
    struct image image;
    struct place_in_tree place;
    if (file == NULL) {
        err_set(e, STATUS_CANNOT,
                "%s: ${%s}: the recipe has no such input here; app, image, esp8266.image, "
                "rcp.bootloader, rcp.partition_table and rcp.firmware can be used behind them",
                where, name);
        return NULL;
    }
    if (!image_open(&image, file, &plain, a, e)) {
        return NULL;
    }
    struct err inner = ERR_NONE;
    bool good = path_find(image.root, rest, &place, &inner);
    image_close(&image);
    if (!good || place.field == NULL) {
        err_set(e, STATUS_CANNOT, "%s: ${%s}: %s: %s", where, name, file,
                good ? "that is a part, not a value; name one of its fields" : inner.text);
        return NULL;
    }
    if ((use == EXPAND_PATH && strchr(place.field->text, '/') != NULL) ||
        strcmp(place.field->text, text_printable(a, place.field->text)) != 0) {
        err_set(e, STATUS_CANNOT, "%s: ${%s}: is '%s' in %s, with %s", where, name,
                place.field->text, file,
                use == EXPAND_PATH ? "a character that no file name may have"
                                   : "a control character");
        return NULL;
    }
    return place.field->text;
}

static const char *value_of(const struct recipe *recipe, const char **defines, const char *where,
                            const char *name, enum expand_for use, struct arena *a, struct err *e)
{
    const char *value = define(defines, name);
    if (value == NULL) {
        value = getenv(name);
    }
    if (value != NULL) {
        return value;
    }
    if (strchr(name, '.') != NULL) {
        return look_up(recipe, where, name, use, a, e);
    }
    err_set(e, STATUS_CANNOT,
            "%s: ${%s} is not defined; give -D %s=VALUE or set it in the "
            "environment",
            where, name, name);
    return NULL;
}

const char *recipe_expand(const struct recipe *recipe, const char **defines, const char *where,
                          const char *text, enum expand_for use, struct arena *a, struct err *e)
{
    const char *out = "";
    for (;;) {
        const char *dollar = strstr(text, "${");
        if (dollar == NULL) {
            return arena_printf(a, "%s%s", out, text);
        }
        if (dollar > text && dollar[-1] == '$') {
            out = arena_printf(a, "%s%.*s${", out, (int)(dollar - 1 - text), text);
            text = dollar + 2;
            continue;
        }
        const char *end = strchr(dollar, '}');
        size_t n = end == NULL ? 0 : (size_t)(end - dollar - 2);
        if (n == 0 || n >= NAME_MOST) {
            err_set(e, STATUS_CANNOT,
                    "%s: ${ without a name and }; write ${NAME}, or $${ for a "
                    "plain ${",
                    where);
            return NULL;
        }
        const char *name = arena_copy(a, dollar + 2, n);
        const char *value = value_of(recipe, defines, where, name, use, a, e);
        if (value == NULL) {
            return NULL;
        }
        out = arena_printf(a, "%s%.*s%s", out, (int)(dollar - text), text, value);
        text = end + 1;
    }
}
