// SPDX-License-Identifier: Apache-2.0
#include "recipe_of_tree.h"

#include <string.h>

#include "flash_file.h"
#include "format_list.h"
#include "layer.h"
#include "part_file.h"
#include "recipe_csv.h"

bool part_is_file(const struct node *n)
{
    bool made = n->unpacked && node_is(n->parent, &format_partition_csv); // for what it is read
    return made || flash_file_is_region(n) || (!n->overlay && !n->record);
}

// What this layer is around; NULL: nothing that a recipe would say by itself.
static const struct node *inside(const struct node *n)
{
    const struct layer_type *type = layer_type_of(n);
    return type->inside == NULL ? NULL : type->inside(n);
}

const struct node *recipe_content(const struct node *root)
{
    const struct node *n = root;
    while (inside(n) != NULL) {
        n = inside(n);
    }
    return n;
}

bool recipe_takes_parts(const struct node *content)
{
    return layer_type_of(content)->of_parts;
}

bool recipe_takes(const struct node *part)
{
    bool erased = node_is(part, &format_raw) && strcmp(node_text(part, "kind"), "erased") == 0;
    return part_is_file(part) && !node_is(part, &format_flash_args) &&
           !(erased && strcmp(part->name, "unused") == 0);
}

const char *recipe_of_tree(struct arena *a, const struct node *root,
                           const struct read_options *options, struct err *e)
{
    const char *text = "";
    for (const struct node *n = root; n != NULL; n = inside(n)) {
        bool lacks = layer_type_of(n)->inside != NULL && inside(n) == NULL;
        const struct layer_type *type = lacks ? &layer_image : layer_type_of(n);
        const char *said = type->say(a, n, e);
        if (said == NULL) {
            return NULL;
        }
        const char *why = lacks ? layer_type_of(n)->lacks : NULL;
        said = why == NULL ? said : arena_printf(a, "# As it is: %s.\n%s", why, said);
        text = arena_printf(a, "%s%s", said, text);
    }
    const char *csv = node_is(root, &format_partition_csv) ? csv_say(a, options->table_csv) : "";
    return arena_printf(a, "otapack: 1\noutput: %s\n%s%s", PART_FILE_REBUILT, csv, text);
}
