// SPDX-License-Identifier: Apache-2.0
#include "depfile.h"

#include <string.h>

#include "output.h"

// Make's quoting: blanks and # with a backslash, $ doubled.
static const char *quote(struct arena *a, const char *path)
{
    char *out = arena_alloc(a, 2 * strlen(path) + 1);
    char *to = out;
    for (; *path != '\0'; path++) {
        if (*path == ' ' || *path == '#' || *path == '\t') {
            *to++ = '\\';
        } else if (*path == '$') {
            *to++ = '$';
        }
        *to++ = *path;
    }
    return out;
}

static const char *add(struct arena *a, const char *rule, const char *path)
{
    return path == NULL ? rule : arena_printf(a, "%s \\\n  %s", rule, quote(a, path));
}

bool depfile_write(const struct build *b, const struct layout *l, struct arena *a, struct err *e)
{
    const struct recipe *r = b->recipe;
    const char *rule = arena_printf(a, "%s:", quote(a, b->target));
    rule = add(a, rule, r->file);
    for (size_t i = 0; i < l->count; i++) {
        bool made = l->pieces[i].input == NULL && l->pieces[i].file == NULL;
        rule = made ? rule : add(a, rule, l->pieces[i].file);
    }
    if (b->options.table_input != NULL) {
        rule = add(a, rule, input_name(b->options.table_input));
    }
    rule = arena_printf(a, "%s\n", rule);
    struct output *out = output_open(b->depfile, e);
    if (out == NULL) {
        return false;
    }
    if (!output_write(out, (const uint8_t *)rule, strlen(rule), e)) {
        output_abandon(out);
        return false;
    }
    return output_commit(out, e);
}
