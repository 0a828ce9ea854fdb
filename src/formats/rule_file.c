// SPDX-License-Identifier: Apache-2.0
//
// What can be wrong with a file as a whole, once all that is in it has been judged.

#include "foreign.h"
#include "format_list.h"
#include "rcp_seal.h"
#include "rule.h"

static void rule_known(struct judge *j, struct node *root)
{
    found(j, root, CHECK_KNOWN_FORMAT, node_is_known(root), "%s", root->summary);
}

// Behind the header of Matter or Zigbee, it is the payload's slot. What replaces another part than
// the app is that part alone.
static void rule_slot_of_file(struct judge *j, struct node *root)
{
    const char *final = target_final_slot(&j->options->target);
    const char *slot = j->options->slot == NULL ? final : j->options->slot;
    bool inside =
        j->options->slot_inside && (node_is(root, &format_matter) || node_is(root, &format_zigbee));
    if (slot != NULL && (final != NULL || !inside)) {
        rule_slot(j, root, slot);
    }
}

// Which check finds what a copy as text did is chance: the first one says the reason, too.
static void tell_text_mode(struct judge *j, struct node *root)
{
    struct finding *f = node_is_known(root) ? first_failure(root) : NULL;
    const char *why = f == NULL ? NULL : foreign_text_mode_of_image(&root->src);
    if (why != NULL) {
        f->message = arena_printf(j->arena, "%s, and %s: copy it as binary", f->message, why);
    }
}

const struct rule rules_file[] = {{.run = rule_known, .unread = true},
                                  {.run = rule_slot_of_file, .unread = true},
                                  {.run = rule_seal_required, .unread = true},
                                  {.run = tell_text_mode, .unread = true},
                                  {.run = NULL}};
