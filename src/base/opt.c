// SPDX-License-Identifier: Apache-2.0
#include "opt.h"

#include <string.h>

static bool has_row(const struct opt **rows, const char *name)
{
    while (*rows != NULL && strcmp((*rows)->name, name) != 0) {
        rows++;
    }
    return *rows != NULL;
}

const struct opt *const *opt_rows(const struct opt *const *groups, struct arena *a)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; groups != NULL && groups[i] != NULL; i++) {
        for (const struct opt *o = groups[i]; o->name != NULL; o++) {
            most++;
        }
    }
    const struct opt **rows = arena_alloc(a, (most + 1) * sizeof(const struct opt *));
    for (size_t i = 0; count < most && groups[i] != NULL; i++) {
        for (const struct opt *o = groups[i]; o->name != NULL; o++) {
            if (!has_row(rows, o->name)) {
                rows[count++] = o;
            }
        }
    }
    return rows;
}

const char *opt_choice(const struct opt_type *type, unsigned i)
{
    return type->choice != NULL ? type->choice(i) : type->choices == NULL ? NULL : type->choices[i];
}

static const char *exchanged(struct arena *a, const char *text, char from, char to)
{
    char *copy = arena_string(a, text);
    for (char *c = copy; (c = strchr(c, from)) != NULL;) {
        *c = to;
    }
    return copy;
}

const char *opt_of_key(struct arena *a, const char *key)
{
    return exchanged(a, key, '_', '-');
}

const char *opt_key(struct arena *a, const char *option)
{
    return exchanged(a, option, '-', '_');
}
