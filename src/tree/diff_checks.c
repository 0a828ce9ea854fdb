// SPDX-License-Identifier: Apache-2.0
#include "diff_inside.h"
#include "judge.h"

// The worst that a check says of a node; NULL: it passes, or was not made.
static const struct finding *worst_of(const struct node *n, enum check_id check)
{
    const struct finding *worst = NULL;
    for (const struct finding *f = n == NULL ? NULL : n->findings; f != NULL; f = f->next) {
        bool worse = worst == NULL ? f->verdict != VERDICT_PASS : f->verdict > worst->verdict;
        worst = f->check == check && worse ? f : worst;
    }
    return worst;
}

static void compare_check(struct diff *d, struct change c, enum check_id check)
{
    const struct finding *old = worst_of(c.old, check), *new = worst_of(c.new, check);
    c.old_verdict = old == NULL ? VERDICT_PASS : old->verdict;
    c.new_verdict = new == NULL ? VERDICT_PASS : new->verdict;
    if (c.old_verdict != c.new_verdict) {
        c.kind = CHANGE_CHANGED;
        c.class = CLASS_CHECK;
        c.check = check;
        c.old_text = old == NULL ? NULL : old->message;
        c.new_text = new == NULL ? NULL : new->message;
        diff_add(d, c);
    }
}

// Each check once: at its first finding in the new node, else in the old one.
static bool is_first(const struct finding *f, const struct finding *list)
{
    while (list != f && list->check != f->check) {
        list = list->next;
    }
    return list == f;
}

void diff_checks(struct diff *d, struct change c)
{
    const struct finding *new = c.new == NULL ? NULL : c.new->findings;
    for (const struct finding *f = new; f != NULL; f = f->next) {
        if (is_first(f, new)) {
            compare_check(d, c, f->check);
        }
    }
    const struct finding *old = c.old == NULL ? NULL : c.old->findings;
    for (const struct finding *f = old; f != NULL; f = f->next) {
        bool fresh = is_first(f, old);
        for (const struct finding *o = new; o != NULL &&fresh; o = o->next) {
            fresh = o->check != f->check;
        }
        if (fresh) {
            compare_check(d, c, f->check);
        }
    }
}

void diff_checks_below(struct diff *d, struct change c)
{
    const struct node *n = c.new == NULL ? c.old : c.new;
    diff_checks(d, c);
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        struct change inner = {.old = c.old == NULL ? NULL : p, .new = c.new == NULL ? NULL : p};
        diff_checks_below(d, inner);
    }
}
