// SPDX-License-Identifier: Apache-2.0
#include "recipe_of_tree.h"

#include <inttypes.h>
#include <string.h>

#include "format_list.h"
#include "matter_field.h"
#include "part_file.h"

bool part_is_file(const struct node *n)
{
    bool made = n->unpacked && node_is(n->parent, &format_partition_csv); // for what it is read
    return made || (!n->overlay && !n->record);
}

const struct node *recipe_content(const struct node *root)
{
    const struct node *payload =
        node_is(root, &format_matter) ? node_find(root, "payload", -1) : NULL;
    return payload == NULL ? root : payload;
}

bool recipe_takes_parts(const struct node *content)
{
    return node_is(content, &format_rcp_image) || node_is(content, &format_flash);
}

bool recipe_takes(const struct node *part)
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

// A text as a recipe takes it whatever is in it: in single quotes, which are doubled inside, as is
// the dollar that would begin a name.
static const char *quoted(struct arena *a, const char *text)
{
    const char *out = "'";
    for (size_t n; *text != '\0'; text += n) {
        n = text[0] == '\'' || text[0] == '$' ? 1 : strcspn(text, "'$");
        bool twice = text[0] == '\'' || strncmp(text, "${", 2) == 0;
        out = arena_printf(a, "%s%s%.*s", out, twice ? (text[0] == '$' ? "$" : "'") : "", (int)n,
                           text);
    }
    return arena_printf(a, "%s'", out);
}

static const char *matter_recipe(struct arena *a, const struct node *root)
{
    const char *out = "matter:\n";
    for (const char *const *name = matter_field_names; *name != NULL; name++) {
        const struct field *f = node_field(root, *name);
        if (f != NULL) {
            out = arena_printf(a, "%s  %s: %s\n", out, f->name,
                               f->kind == FIELD_STRING ? quoted(a, f->text) : f->text);
        }
    }
    return out;
}

static const char *flash_recipe(struct arena *a, const struct node *root)
{
    uint64_t offset = node_number(root, "flash_offset");
    const char *text = arena_printf(a, "flash:\n  size: %" PRIu64 "\n", offset + root->src.size);
    if (offset > 0) {
        text = arena_printf(a, "%s  offset: 0x%" PRIx64 "\n", text, offset);
    }
    text = arena_printf(a, "%s  parts:\n", text);
    for (const struct node *p = root->parts; p != NULL; p = p->next) {
        if (recipe_takes(p)) {
            text = arena_printf(a, "%s    - 0x%" PRIx64 ": %s\n", text,
                                p->src.base - root->src.base + offset, part_file(a, p));
        }
    }
    return text;
}

const char *recipe_of_tree(struct arena *a, const struct node *root, struct err *e)
{
    const struct node *content = recipe_content(root);
    const char *text = node_is(content, &format_rcp_image) ? rcp_recipe(a, content, e)
                       : node_is(content, &format_flash)
                           ? flash_recipe(a, content)
                           : arena_printf(a, "image: %s\n", part_file(a, content));
    return text == NULL ? NULL
                        : arena_printf(a, "otapack: 1\noutput: %s\n%s%s", PART_FILE_REBUILT, text,
                                       content == root ? "" : matter_recipe(a, root));
}
