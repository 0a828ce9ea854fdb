// SPDX-License-Identifier: Apache-2.0
//
// What a seal must be, and whether there is one where options ask for it.
#include <inttypes.h>
#include <string.h>

#include "need.h"
#include "rcp_seal.h"
#include "rule.h"

// ---- Of what the app comes with -----------------------------------------------------------------

// A device that looks for a seal of what it gets passes over that of something else.
static void check_seal(struct judge *j, struct node *n)
{
    const struct node *part = rcp_seal_of(n);
    if (part == NULL || is_partial(n)) {
        return;
    }
    const struct otapack_rcp_seal *seal = part->parsed;
    const char *app = rcp_seal_app_name(n);
    bool empty = otapack_rcp_seal_is_empty(seal);
    bool other =
        otapack_rcp_seal_judge(seal).code == OTAPACK_OK && seal->kind != (uint8_t)rcp_seal_asked(n);
    if (other) {
        found(j, n, CHECK_RCP_SEAL_EMPTY, false, "the %s has the seal of %s, and none of %s", app,
              rcp_seal_kind(seal->kind), rcp_seal_kind(rcp_seal_asked(n)));
        return;
    }
    found(j, n, CHECK_RCP_SEAL_EMPTY, !empty, "the %s has a place for a seal, and it is empty",
          app);
    if (!empty) {
        found(j, n, CHECK_RCP_SEAL, rcp_seal_holds(n), "the %s's seal does not hold: %s", app,
              node_text(n, "sealed") + strlen("no: "));
    }
}

const struct rule rules_rcp_seal[] = {
    {.run = check_seal},
    {.run = NULL},
};

// ---- Of an app alone ----------------------------------------------------------------------------

// What it is a seal of is not there; what no firmware could check, wherever that is, shows.
static void check_known(struct judge *j, struct node *app)
{
    const struct node *part = node_find(app, "seal", -1), *around = app;
    while (around != NULL && !rcp_seal_is_about(around)) {
        around = around->parent;
    }
    if (part == NULL || around != NULL || otapack_rcp_seal_is_empty(part->parsed)) {
        return;
    }
    struct otapack_status s = otapack_rcp_seal_judge(part->parsed);
    found(j, app, CHECK_RCP_SEAL_KNOWN, s.code == OTAPACK_OK,
          "the %s of the seal in it is 0x%" PRIx64 ", which no firmware knows", s.field, s.value);
}

static bool is_hosted(const struct node *app)
{
    return rcp_seal_hosted(app) != NULL;
}

static const char *wrong_with_given(struct judge *j, const struct node *app)
{
    return rcp_seal_wrong_with(j->arena, j->options->coprocessor, rcp_seal_hosted(app)->parsed);
}

static void check_given(struct judge *j, struct node *app)
{
    const char *wrong = wrong_with_given(j, app);
    found(j, app, CHECK_RCP_SEAL, wrong == NULL, "the host's seal does not hold: %s", wrong);
}

const struct rule rules_app_seal[] = {
    {.run = check_known},
    {.run = check_given,
     .concerns = is_hosted,
     .needs = NEED_COPROCESSOR,
     .says = RULE_SAYS(CHECK_RCP_SEAL)},
    {.run = NULL},
};

// ---- What is required ---------------------------------------------------------------------------

// What was found of seals in a file.
struct seen {
    bool any, hosted; // what can be sealed, and a host without its co-processor's firmware
    const struct node *unsealed; // the first that is not
    const char *why;             // "no: ..."
};

static void look(struct judge *j, const struct node *n, struct seen *seen)
{
    const struct otapack_source *firmware = j->options->coprocessor;
    const char *why = NULL;
    if (rcp_seal_is_about(n)) {
        seen->any = true;
        why = rcp_seal_holds(n) ? NULL : node_text(n, "sealed");
    } else if (is_hosted(n)) {
        const char *wrong = firmware == NULL ? NULL : wrong_with_given(j, n);
        seen->hosted = true;
        seen->any = seen->any || firmware != NULL;
        why = wrong == NULL ? NULL : arena_printf(j->arena, "no: %s", wrong);
    } else {
        for (const struct node *part = n->parts; part != NULL; part = part->next) {
            look(j, part, seen); // what lies in a sealed one is sealed with it
        }
    }
    if (why != NULL && seen->unsealed == NULL) {
        seen->unsealed = n;
        seen->why = why;
    }
}

// What is closed could have anything in it.
static const char *nothing_sealed(struct judge *j, const struct node *root, const struct seen *seen)
{
    unsigned needs = seen->hosted ? NEED_COPROCESSOR : node_needs(root);
    return j->options->coprocessor != NULL && needs == 0
               ? "no app in it has the seal of a co-processor's firmware"
           : needs == 0 ? "there is no other processor's firmware in it, so there is nothing to be "
                          "sealed"
                        : arena_printf(j->arena, "what it comes with is not known; that needs %s",
                                       need_text(j->arena, needs));
}

void rule_seal_required(struct judge *j, struct node *root)
{
    struct seen seen = {.any = false};
    if (!j->options->require_seal) {
        return;
    }
    look(j, root, &seen);
    const struct node *n = seen.unsealed;
    found(j, root, CHECK_RCP_SEAL_REQUIRED, seen.any && n == NULL, "%s",
          n == NULL ? nothing_sealed(j, root, &seen)
                    : arena_printf(j->arena, "%s%ssealed: %s", node_path(j->arena, n),
                                   n->parent == NULL ? "" : ": ", seen.why));
}
