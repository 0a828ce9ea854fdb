// SPDX-License-Identifier: Apache-2.0
#include "edit.h"

#include <string.h>

#include "kinds.h"
#include "layer.h"
#include "os.h"

static bool is_editable(const struct edit *edit, struct err *e)
{
    const struct node *root = edit->image.root;
    if (!is_matter(root)) {
        return err_set(e, STATUS_NO, "%s: not %s: %s; give a Matter OTA image", edit->name,
                       edit->done, root->summary);
    }
    return root->error == NULL ||
           check_refuse(e, CHECK_MATTER_HEADER, "%s: not %s, for its header cannot be read: %s",
                        edit->name, edit->done, root->error);
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
            return check_refuse(e, f->check, "%s: not %s: %s", edit->name, edit->done, f->message);
        }
        if (!edit->quiet) {
            say("%s: warning: %s, which the %s file no longer shows [%s]", edit->name, f->message,
                edit->done, checks[f->check].id);
        }
    }
    return true;
}

bool edit_open(struct edit *edit, const char *file, const struct read_options *options,
               struct arena *a, struct err *e)
{
    if (!open_tree_judged(&edit->image, file, options, a, e)) {
        return false;
    }
    edit->name = input_name(edit->image.input);
    return edit_begin(edit, a, e);
}

bool edit_begin(struct edit *edit, struct arena *a, struct err *e)
{
    if (!is_editable(edit, e) || !is_sound(edit, e)) {
        return false;
    }
    edit->values = matter_values_of(&edit->image.root->src, a);
    return true;
}

bool edit_target_is_file(const struct args *args, struct err *e)
{
    const char *file = args->operands[0];
    struct os_info info;
    bool in_place = args_value(args, "output") == NULL;
    bool known = os_info(file, &info);
    if (in_place && known && info.kind == OS_FOLDER) {
        return err_set(e, STATUS_CANNOT, "%s: is a folder; name a file in it", file);
    }
    if (in_place && (strcmp(file, "-") == 0 || (known && info.kind != OS_FILE))) {
        return err_set(e, STATUS_CANNOT, "%s: is no file that can be written over; give -o FILE",
                       file);
    }
    return true;
}

void edit_close(struct edit *edit)
{
    open_tree_close(&edit->image);
}

enum status edit_write(struct edit *edit, struct build b, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct recipe recipe = {0};
    const struct node *payload = node_find(edit->image.root, "payload", -1);
    if (is_matter_bundle(payload) && !edit->only_header) {
        recipe_add_bundle(&recipe, &a, edit->image.input, payload, &edit->versions);
    } else {
        recipe_add_node(&recipe, &a, edit->image.input, payload);
    }
    recipe_add(&recipe, &a, (struct layer){&layer_matter, NULL, NULL, edit->name, &edit->values});
    b.recipe = &recipe;
    enum status status = build_run(&b, e);
    arena_free(&a);
    return status;
}
