// SPDX-License-Identifier: Apache-2.0
#include "scheme.h"

#include <string.h>

#define X(name) &scheme_##name,
const struct scheme *const schemes[] = {SCHEME_LIST(X) NULL};
#undef X

const char *scheme_choice(unsigned i)
{
    return schemes[i] == NULL ? NULL : schemes[i]->name;
}

const struct scheme *scheme_by_name(const char *name)
{
    const struct scheme *const *s = schemes;
    while (*s != NULL && strcmp((*s)->name, name) != 0) {
        s++;
    }
    return *s;
}

const struct scheme *scheme_for(enum scheme_subject subject)
{
    const struct scheme *const *s = schemes;
    while ((*s)->subject != subject) {
        s++;
    }
    return *s;
}

const struct scheme *scheme_fitting(const struct node *part)
{
    const struct scheme *const *s = schemes;
    while (*s != NULL && !(*s)->fits(part)) {
        s++;
    }
    return *s;
}

const struct scheme *scheme_of(const struct node *part)
{
    const struct scheme *s = scheme_fitting(part);
    return s == NULL ? schemes[0] : s;
}

bool scheme_takes(const struct scheme *scheme, const struct node *part)
{
    return scheme->fits(part) || (scheme->takes != NULL && scheme->takes(part));
}

bool scheme_is_signed(const struct node *part)
{
    return scheme_of(part)->signature(part, 0) != NULL;
}
