// SPDX-License-Identifier: Apache-2.0
//
// The list of candidates that the Matter SDK's provider app reads.
#include "kinds.h"
#include "matter_model.h"

static bool add(struct publishing *p, const struct published *f)
{
    json_t *o = matter_model_fits(f, p->e) ? matter_model_provider(p, f) : NULL;
    if (o != NULL) {
        json_add(p->list, o);
    }
    return o != NULL;
}

static bool print(struct publishing *p)
{
    json_t *o = json_must(json_object());
    json_put(o, "deviceSoftwareVersionModel", json_incref(p->list));
    json_print(o);
    return true;
}

const struct publish_target publish_ota_provider = {
    .topic = {"ota-provider", "the list that the Matter SDK's provider app reads"},
    .takes = {"url", "cd-version-number"},
    .names = true,
    .fits = is_matter,
    .what = "Matter OTA images",
    .add = add,
    .print = print};
