// SPDX-License-Identifier: Apache-2.0
//
// Of what use the options were: one that no check of the file could use is refused, or it would
// pass for a check that was made.
#include <string.h>

#include "need.h"
#include "verb_options.h"

// What the rows of this name give, in all groups.
static unsigned facts_of(const struct args *args, const char *name)
{
    unsigned gives = 0;
    for (const struct opt *const *group = args->cmd->opts; *group != NULL; group++) {
        for (const struct opt *o = *group; o->name != NULL; o++) {
            gives |= o->type != NULL && strcmp(o->name, name) == 0 ? o->type->gives : 0;
        }
    }
    return gives;
}

// What is known and was used; of a device file it is enough that one thing in it is.
static unsigned facts_used(const struct verb_options *o)
{
    unsigned used = *o->read.target.used & (o->read.target.known | need_said(&o->read));
    return used | (o->table_is_csv ? TARGET_CSV : 0U) |
           ((used & o->device_facts) != 0 ? TARGET_DEVICE : 0U);
}

// What a check needs that would use these facts too; 0: there is no such check.
static unsigned needed_beside(const struct node *n, unsigned facts)
{
    unsigned needs = 0;
    for (const struct unmade *u = n->unmade; u != NULL && needs == 0; u = u->next) {
        needs = (u->uses & facts & ~u->needs) != 0 ? u->needs : 0;
    }
    for (const struct node *p = n->parts; p != NULL && needs == 0; p = p->next) {
        needs = needed_beside(p, facts);
    }
    return needs;
}

// No check could use an option; perhaps one would, of what stayed closed, or with another option.
static bool is_of_no_use(const char *option, const struct node *root, const char *name,
                         unsigned gives, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    if (root == NULL) {
        return err_set(e, STATUS_CANNOT, "no check of these files can use --%s; leave it out",
                       option);
    }
    unsigned needs = node_needs(root) != 0 ? node_needs(root) : needed_beside(root, gives);
    err_set(e, STATUS_CANNOT, "%s: %s, of which no check can use --%s; %s%sleave it out", name,
            root->summary, option,
            needs == 0 ? "" : arena_printf(&a, "give %s", need_text(&a, needs)),
            needs == 0 ? "" : ", or ");
    arena_free(&a);
    return false;
}

bool verb_options_fit(const struct verb_options *o, const struct args *args,
                      const struct node *root, const char *name, bool failed, struct err *e)
{
    unsigned used = facts_used(o);
    for (size_t i = 0; args->rows[i] != NULL; i++) {
        const struct opt *row = args->rows[i];
        const char *option = row->name;
        unsigned gives = args->values[i] == NULL ? 0 : facts_of(args, option);
        if (gives == 0 || (gives & used) != 0) {
            continue;
        }
        const char *about = row->type->take == NULL ? row->type->wrong : NULL;
        if (about != NULL && root == NULL) {
            return err_set(e, STATUS_CANNOT,
                           "--%s is about %s, and none of these files is one; "
                           "leave it out",
                           option, about);
        }
        if (about != NULL) {
            return err_set(e, STATUS_CANNOT, "%s: %s, and --%s is about %s; leave it out", name,
                           root->summary, option, about);
        }
        if (!failed) {
            return is_of_no_use(option, root, name, gives, e);
        }
    }
    return true;
}
