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

bool sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name, struct err *e)
{
    return s->scheme->sign(s, l, from, name, e);
}

bool sign_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
               struct err *e)
{
    return s->scheme->data(s, l, from, name, e);
}

struct key_holder *signing_key_open(const struct signing_key *key, const struct key_options *o,
                                    struct err *e)
{
    return key->signature != NULL    ? key_of_signature(key->signature, key->name, o, e)
           : key->public_key != NULL ? key_open_by(key->name, key->public_key, o, e)
                                     : key_open(key->name, o, e);
}
