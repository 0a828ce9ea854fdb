// SPDX-License-Identifier: Apache-2.0
//
// The kinds of signature that verify knows, by what is signed.
#include "esp8266_tree.h"
#include "fs_image.h"
#include "trust_inside.h"

static bool is_update(const struct node *part)
{
    return esp8266_is_update(part) || fs_image_is(part);
}

static bool is_any(const struct node *part)
{
    return part != NULL;
}

// The first that is so; the last takes everything.
static const struct kind {
    bool (*is)(const struct node *part);
    trust_fits_fn *fits;
    trust_ask_fn *ask;
} kinds[] = {
    {is_update, trust_fits_esp8266, trust_ask_esp8266},
    {is_any, trust_fits_secure_boot, trust_ask_secure_boot},
};

static const struct kind *kind_of(const struct node *part)
{
    const struct kind *kind = kinds;
    while (!kind->is(part)) {
        kind++;
    }
    return kind;
}

bool trust_fits(const struct trusted *t, const struct node *part, const char *where, struct err *e)
{
    return kind_of(part)->fits(t, part, where, e);
}

struct trust_answer trust_ask(const struct trusted *t, const struct node *root,
                              const struct node *part, const char *where, struct arena *a)
{
    return kind_of(part)->ask(t, root, part, where, a);
}
