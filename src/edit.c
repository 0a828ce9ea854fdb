// SPDX-License-Identifier: Apache-2.0
#include "edit.h"

#include "format.h"

static bool is_editable(const struct edit *edit, struct err *e)
{
    const struct node *root = edit->image.root;
    if (!node_is(root, &format_matter)) {
        return err_set(e, STATUS_NO,
                       "%s: not edited: %s; only Matter OTA images have a header to edit",
                       edit->name, root->summary);
    }
    return root->error == NULL ||
           err_set(e, STATUS_NO, "%s: not edited, for its header cannot be read: %s; %s [%s]",
                   edit->name, root->error, checks[CHECK_MATTER_HEADER].remedy,
                   checks[CHECK_MATTER_HEADER].id);
}

static bool concerns_payload(enum check_id check)
{
    return check == CHECK_MATTER_BOUNDS || check == CHECK_MATTER_TRAILING ||
           check == CHECK_MATTER_DIGEST_TYPE || check == CHECK_MATTER_DIGEST;
}

// A new header would hide that the payload was damaged, cut off or added to.
static bool is_sound(const struct edit *edit, struct err *e)
{
    for (const struct finding *f = edit->image.root->findings; f != NULL; f = f->next) {
        if (!concerns_payload(f->check) || f->verdict == VERDICT_PASS) {
            continue;
        }
        if (f->verdict == VERDICT_FAIL) {
            return err_set(e, STATUS_NO, "%s: not edited: %s; %s [%s]", edit->name, f->message,
                           checks[f->check].remedy, checks[f->check].id);
        }
        if (!edit->quiet) {
            say("%s: warning: %s, which the edited file no longer shows [%s]", edit->name,
                f->message, checks[f->check].id);
        }
    }
    return true;
}

bool edit_open(struct edit *edit, const char *file, const struct read_options *options,
               struct arena *a, struct err *e)
{
    if (!image_open(&edit->image, file, options, a, e)) {
        return false;
    }
    edit->name = input_name(edit->image.input);
    if (!is_editable(edit, e) || !is_sound(edit, e)) {
        return false;
    }
    edit->values = matter_values_of(&edit->image.root->src, a);
    return true;
}

void edit_close(struct edit *edit)
{
    image_close(&edit->image);
}

enum status edit_write(struct edit *edit, struct build b, struct err *e)
{
    const struct node *payload = node_find(edit->image.root, "payload", -1);
    struct recipe_part part = {edit->image.input, payload->src.base, payload->src.size};
    struct recipe recipe = {.part = &part, .matter = &edit->values, .matter_where = edit->name};
    b.recipe = &recipe;
    return build_run(&b, e);
}
