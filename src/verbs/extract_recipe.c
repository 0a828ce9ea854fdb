// SPDX-License-Identifier: Apache-2.0
//
// extract --recipe: parts as files, and the recipe that builds the same file of them, which is
// tried before they get their names.
#include <inttypes.h>
#include <string.h>

#include "extract.h"
#include "part_file.h"
#include "recipe.h"
#include "recipe_of_tree.h"
#include "source.h"

#define RECIPE "recipe.yaml"

static const struct node *node_at(const struct node *n, uint64_t at)
{
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        if (!p->overlay && at >= p->src.base && at - p->src.base < p->src.size) {
            return node_at(p, at);
        }
    }
    return n;
}

// What lies at this offset, for a sentence: "firmware", "image_digest", or "the file".
static const char *name_at(struct extract *x, uint64_t at)
{
    const struct node *n = node_at(x->image.root, at);
    const char *path = node_path(&x->arena, n);
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        if (f->has_span && at >= f->at && at - f->at < f->size) {
            return arena_printf(&x->arena, "%s%s%s", path, *path == '\0' ? "" : ".", f->name);
        }
    }
    return *path == '\0' ? "the file" : path;
}

// The first field that is not there again, or has another size: what makes others differ.
static const char *changed_field(const struct node *root, const struct node *rebuilt)
{
    for (const struct field *f = root->fields; f != NULL; f = f->next) {
        const struct field *again = node_field(rebuilt, f->name);
        if (again == NULL || again->size != f->size) {
            return f->name;
        }
    }
    return NULL;
}

// A message from the staging folder, as it will be true of the folder itself.
static const char *as_named(struct extract *x, const char *text, const char *staging,
                            const char *folder)
{
    size_t n = strlen(staging);
    return strncmp(text, staging, n) == 0 ? arena_printf(&x->arena, "%s%s", folder, text + n)
                                          : text;
}

// Lays the recipe out and compares: the promise that it builds the same bytes is kept or taken
// back, in `e`.
static bool prove_recipe(struct extract *x, const char *staging, const char *folder, struct err *e)
{
    const char *none[] = {NULL};
    struct recipe_words words = {none, none};
    struct recipe recipe;
    struct pieces layout = PIECES_EMPTY(&x->arena);
    struct err inner = ERR_NONE;
    const char *file = arena_printf(&x->arena, "%s/" RECIPE, staging);
    bool good = (recipe_read(file, &words, &x->arena, &recipe, &inner) &&
                 compose(&recipe, &layout, &inner)) ||
                err_set(e, STATUS_NO, "%s: no recipe makes this file: %s", x->name,
                        as_named(x, inner.text, staging, folder));
    struct otapack_source rebuilt = pieces_source(&layout);
    uint64_t at = good ? source_difference(&rebuilt, &x->image.root->src) : UINT64_MAX;
    if (at != UINT64_MAX) {
        static const struct read_options plain;
        const struct node *again = read_tree(&x->arena, &plain, rebuilt);
        const char *field = changed_field(x->image.root, again);
        good = err_set(e, STATUS_NO,
                       "%s: %s is what no recipe makes, so that the files differ from 0x%" PRIx64
                       "; %s/" RECIPE " builds the rest, but not the same file",
                       x->name, field != NULL ? field : name_at(x, at), at, folder);
    }
    pieces_close(&layout);
    return good;
}

// The parts that the recipe takes, or the image whole; and the recipe, if there is one.
static struct extract_parts inputs_of(struct extract *x, const char *folder, const char *recipe)
{
    const struct node *content = recipe_content(x->image.root);
    bool takes_parts = recipe_takes_parts(content);
    struct extract_parts parts =
        takes_parts
            ? extract_parts_of(x, content, recipe_takes, folder)
            : (struct extract_parts){folder, arena_alloc(&x->arena, 2 * sizeof(*parts.list)), 0};
    if (!takes_parts) {
        parts.list[parts.count++] =
            (struct extract_part){part_file(&x->arena, content), content->src};
    }
    if (recipe != NULL) {
        struct otapack_source text = otapack_memory((const uint8_t *)recipe, strlen(recipe));
        parts.list[parts.count++] = (struct extract_part){RECIPE, text};
    }
    return parts;
}

// The proof comes before the files get their names: what it needs is still what was judged then.
bool extract_recipe(struct extract *x, const char *folder)
{
    struct err proof = ERR_NONE, inner = ERR_NONE;
    const char *text = recipe_of_tree(&x->arena, x->image.root, &inner);
    struct extract_parts parts = inputs_of(x, folder, text);
    if (!extract_is_new(x, arena_printf(&x->arena, "%s/" RECIPE, folder)) ||
        !extract_are_free(x, &parts, true)) {
        return false;
    }
    struct output_folder *f = output_folder_open(folder, EXTRACT_NOT_OVER, x->e);
    if (f == NULL || !extract_add(x, f, &parts)) {
        output_folder_abandon(f);
        return false;
    }
    bool good = text == NULL ? err_at(&proof, x->name, &inner)
                             : prove_recipe(x, output_folder_staging(f), folder, &proof);
    if (!extract_commit(x, f, &parts)) {
        return false;
    }
    if (!good) {
        *x->e = proof;
    }
    return good;
}
