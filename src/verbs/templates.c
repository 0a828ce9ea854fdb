// SPDX-License-Identifier: Apache-2.0
#include "templates.h"

#include <stddef.h>
#include <string.h>

const struct template templates[] = {
#define TEMPLATE(name, text) {name, text},
#include "templates.def"
#undef TEMPLATE
    {NULL, NULL}};

const struct template *template_find(const char *name)
{
    const struct template *t = templates;
    while (t->name != NULL && strcmp(t->name, name) != 0) {
        t++;
    }
    return t->name == NULL ? NULL : t;
}
