// SPDX-License-Identifier: Apache-2.0
#include "depfile.h"

#include <string.h>

#include "arena.h"

// Make's quoting: a blank or # with a backslash before it, which doubles those that stand before
// it already; $ doubled.
static const char *quote(struct arena *a, const char *path)
{
    char *out = arena_alloc(a, 4 * strlen(path) + 1);
    char *to = out;
    size_t backslashes = 0;
    for (; *path != '\0'; path++) {
        bool special = *path == ' ' || *path == '\t' || *path == '#';
        for (size_t i = 0; special && i < backslashes + 1; i++) {
            *to++ = '\\';
        }
        if (*path == '$') {
            *to++ = '$';
        }
        backslashes = *path == '\\' ? backslashes + 1 : 0;
        *to++ = *path;
    }
    return out;
}

struct output *depfile_write(const char *depfile, const char *target, const char **inputs,
                             struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *rule = arena_printf(&a, "%s:", quote(&a, target));
    for (; *inputs != NULL; inputs++) {
        if (strcmp(*inputs, "-") != 0) {
            rule = arena_printf(&a, "%s \\\n  %s", rule, quote(&a, *inputs));
        }
    }
    rule = arena_printf(&a, "%s\n", rule);
    struct output *out = output_open(depfile, e);
    if (out != NULL && !output_write(out, (const uint8_t *)rule, strlen(rule), e)) {
        output_abandon(out);
        out = NULL;
    }
    arena_free(&a);
    return out;
}
