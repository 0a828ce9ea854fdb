// SPDX-License-Identifier: Apache-2.0
#include "part_recipe.h"

#include <inttypes.h>
#include <string.h>

#include "format.h"

const char *part_file(struct arena *a, const struct node *n)
{
    const char *end = node_is(n, &format_text) ? "txt" : "bin";
    if (n->name == NULL) {
        return "image.bin";
    }
    return n->index < 0 ? arena_printf(a, "%s.%s", n->name, end)
                        : arena_printf(a, "%s-%d.%s", n->name, n->index, end);
}

bool part_is_file(const struct node *n)
{
    return !n->overlay && !n->record;
}

bool part_recipe_takes_parts(const struct node *root)
{
    return node_is(root, &format_rcp_image) || node_is(root, &format_flash);
}

bool part_recipe_takes(const struct node *part)
{
    bool erased = node_is(part, &format_raw) && strcmp(node_text(part, "kind"), "erased") == 0;
    return part_is_file(part) && !node_is(part, &format_flash_args) &&
           !(erased && strcmp(part->name, "unused") == 0);
}

static const char *rcp_recipe(struct arena *a, const struct node *root, struct err *e)
{
    static const char *const names[] = {"version", "bootloader", "partition_table", "firmware"};
    const struct node *host = node_find(root, "host", -1);
    const struct node *args = node_find(root, "flash_args", -1);
    const char *text = host == NULL ? "" : arena_printf(a, "app: %s\n", part_file(a, host));
    text = arena_printf(a, "%srcp:\n", text);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct node *part = node_find(root, names[i], -1);
        if (part == NULL || args == NULL) {
            err_set(e, STATUS_NO,
                    "there is no %s, which an RCP image must have; no recipe can "
                    "build the same",
                    part == NULL ? names[i] : "flash_args");
            return NULL;
        }
        text = arena_printf(a, "%s  %s: %s\n", text, names[i], part_file(a, part));
    }
    text = arena_printf(a, "%s  flash_args:\n", text);
    for (const struct node *p = args->parts; p != NULL; p = p->next) {
        text =
            arena_printf(a, "%s    - %s: %s\n", text, node_text(p, "tag"), node_text(p, "address"));
    }
    return text;
}

static const char *flash_recipe(struct arena *a, const struct node *root)
{
    const char *text = arena_printf(a, "flash:\n  size: %" PRIu64 "\n  parts:\n", root->src.size);
    for (const struct node *p = root->parts; p != NULL; p = p->next) {
        if (part_recipe_takes(p)) {
            text =
                arena_printf(a, "%s    - 0x%" PRIx64 ": %s\n", text, p->src.base, part_file(a, p));
        }
    }
    return text;
}

const char *part_recipe(struct arena *a, const struct node *root, struct err *e)
{
    const char *content = node_is(root, &format_rcp_image) ? rcp_recipe(a, root, e)
                          : node_is(root, &format_flash)
                              ? flash_recipe(a, root)
                              : arena_printf(a, "image: %s\n", part_file(a, root));
    return content == NULL ? NULL : arena_printf(a, "otapack: 1\noutput: rebuilt.bin\n%s", content);
}
