// SPDX-License-Identifier: Apache-2.0
//
// Back from a Zigbee OTA file: the recipe that builds the same.
#include <string.h>

#include "layer_zigbee.h"
#include "part_file.h"
#include "recipe_text.h"
#include "rule.h"
#include "text.h"
#include "zigbee_tree.h"

// Has it what no recipe makes? NULL: it has not.
static const char *odd_in(const struct node *n)
{
    if (n->parsed == NULL || !zigbee_is_plain(&n->src, n->parsed)) {
        return "its header is not one that a recipe makes";
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (part->error != NULL || strcmp(part->name, "trailing") == 0 ||
            strcmp(part->name, "cut") == 0) {
            return "its elements do not end where it does";
        }
    }
    return n->has_more ? "it has more elements than otapack looks at" : NULL;
}

static const char *say_fields(struct arena *a, const struct node *n, const char *out)
{
    for (int i = 0; i < ZIGBEE_FIELD_COUNT; i++) {
        const struct zigbee_field *field = &zigbee_fields[i];
        const struct field *f = node_field(n, field->name);
        bool usual = f != NULL && ((field->kind == FIELD_STRING && *f->text == '\0') ||
                                   (field->usual != 0 && f->number == field->usual));
        if (f != NULL && !usual) {
            out = arena_printf(a, "%s  %s: %s\n", out, f->name,
                               f->kind == FIELD_STRING  ? recipe_quoted(a, f->text)
                               : f->kind == FIELD_BYTES ? recipe_quoted(a, f->text)
                                                        : f->text);
        }
    }
    return out;
}

static const char *say_element(struct arena *a, uint16_t tag, const char *file)
{
    const char *name = zigbee_tag_name(tag);
    name = name != NULL ? name : arena_printf(a, "0x%04x", tag);
    return file == NULL ? arena_printf(a, "    - tag: %s\n", name)
                        : arena_printf(a, "    - tag: %s\n      data: %s\n", name, file);
}

// The elements in their order; the image is what is inside, and has no data of its own.
static const char *say_elements(struct arena *a, const struct node *n)
{
    const struct node *image = node_find(n, "image", -1), *record = NULL;
    const char *const *file = part_files(a, n);
    size_t count = 1;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count++;
    }
    const char **lines = arena_alloc(a, count * sizeof(*lines));
    lines[0] = node_find(n, "elements", -1) == NULL ? "  elements: []\n" : "  elements:\n";
    count = 1;
    for (const struct node *part = n->parts; part != NULL; part = part->next, file++) {
        if (part->record) {
            record = part;
        } else { // each part has a record before it
            uint16_t tag = (uint16_t)node_number(record, "tag");
            lines[count++] = say_element(a, tag, part == image ? NULL : *file);
        }
    }
    return text_joined(a, lines, count);
}

const char *recipe_say_zigbee(struct arena *a, const struct node *n, struct err *e)
{
    const char *odd = odd_in(n);
    if (odd != NULL) {
        err_set(e, STATUS_NO, "%s; no recipe can build the same", odd);
        return NULL;
    }
    const struct node *image = node_find(n, "image", -1);
    const char *out = "zigbee:\n";
    if (image != NULL) {
        out = arena_printf(a, "%s: %s\n%s", is_image(image, "app") ? "app" : "image",
                           part_file(a, image), out);
    }
    out = say_fields(a, n, out);
    return image != NULL && node_find(n, "elements", 1) == NULL
               ? out
               : arena_printf(a, "%s%s", out, say_elements(a, n));
}
