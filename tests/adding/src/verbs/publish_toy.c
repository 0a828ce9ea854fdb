// SPDX-License-Identifier: Apache-2.0
//
// The toy shop's list of names.
#include "publish.h"

static bool add(struct publishing *p, const struct published *f)
{
    json_add(p->list, json_string(f->name));
    return true;
}

static bool print(struct publishing *p)
{
    json_print(json_incref(p->list));
    return true;
}

const struct publish_target publish_toy = {
    .topic = {"toy", "the list of the toy shop"}, .add = add, .print = print};
