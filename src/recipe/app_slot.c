// SPDX-License-Identifier: Apache-2.0
#include "app_slot.h"

#include "format_list.h"
#include "recipe_expand.h"
#include "rule.h"

// How many apps are in it; *app is one of them.
static unsigned count_apps(const struct node *n, const struct node **app)
{
    unsigned count = is_image(n, "app");
    *app = count > 0 ? n : *app;
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        count += count_apps(p, app);
    }
    return count;
}

// The one that a device would start, where that is known.
static const struct node *application(const struct node *root)
{
    const struct node *n = root;
    while (n != NULL && n->opened != NULL && n->opened->application != NULL) {
        n = node_find(n, n->opened->application, -1);
    }
    return n != NULL && is_image(n, "app") ? n : NULL;
}

// What to give in its place. Of several apps, who wrote the recipe knows which one is meant.
static const char *advice(struct arena *a, const struct recipe_part *part, const struct node *root)
{
    const struct node *app = application(root), *any = NULL;
    unsigned count = part->file == NULL ? 0 : count_apps(root, &any);
    app = app == NULL && count == 1 ? any : app;
    return count == 0 ? "give the app itself"
                      : arena_printf(a, "give the app itself, which otapack extract %s %s writes",
                                     part->file, app == NULL ? "PART" : node_path(a, app));
}

bool app_slot_takes(const struct recipe *recipe, const struct recipe_part *part,
                    const struct node *root, struct arena *a, struct err *e)
{
    struct read_options options = {.slot = NULL};
    bool damaged = node_is(root, &format_esp_image) && root->error != NULL;
    recipe_allow(recipe, &options);
    if (is_image(root, "app") || damaged || options.allow[CHECK_SLOT_CONTENT]) {
        return true;
    }
    const char *name = layer_part_name(part);
    bool is_list = node_is(root, &format_manifest); // a text, where its folder is not known
    return node_is_known(root) && !is_list
               ? err_set(e, STATUS_NO,
                         "%s: this slot is for app images, and this is none: %s; %s [%s]", name,
                         root->summary, advice(a, part, root), checks[CHECK_SLOT_CONTENT].id)
               : check_refuse(e, CHECK_KNOWN_FORMAT, "%s: %s", name, root->summary);
}

bool app_slot_holds(const struct recipe *recipe, const struct recipe_part *part, struct pieces *l,
                    uint64_t from, struct err *e)
{
    struct read_options options = {.slot = NULL};
    if (part->content != NULL) {
        layers_tell(part->content, &options);
    }
    const struct node *root = read_tree(l->arena, &options, pieces_from(l, from));
    return pieces_good(l, e) && app_slot_takes(recipe, part, root, l->arena, e);
}

const struct node *app_slot_look(struct schema *s, const struct recipe_part *part)
{
    const char *file = layer_part_file(part);
    const struct node *root = file == NULL ? NULL : recipe_look_into(s, file);
    return root != NULL && app_slot_takes(s->recipe, part, root, s->arena, s->e) ? root : NULL;
}
