// SPDX-License-Identifier: Apache-2.0
//
// extract --recipe: parts as files, and the recipe that builds the same file of them. It is tried
// before they get their names: what no recipe makes leaves nothing, and a recipe that does not
// build all of it, or that build refuses, begins with lines that say so.
#include <inttypes.h>
#include <string.h>

#include "extract.h"
#include "judge.h"
#include "layer.h"
#include "part_file.h"
#include "recipe.h"
#include "recipe_differs.h"
#include "recipe_of_tree.h"
#include "source.h"
#include "yaml_tree.h"

#define RECIPE "recipe.yaml"

// What became of a recipe that was tried.
struct trial {
    const char *head; // comments that say what it lacks, ""; NULL: it makes nothing
    struct err e;     // why it does not keep the promise, unless the image's own checks say it
};

// ---- What build says to it ----------------------------------------------------------------------

// A message of who read the recipe, without the place where it will not be:
// "STAGING/recipe.yaml:3:1: what", "STAGING/part.bin: what".
static const char *without_place(struct arena *a, const char *text, const char *staging)
{
    const char *folder = arena_printf(a, "%s/", staging), *out = "";
    for (const char *at; (at = strstr(text, folder)) != NULL;) {
        out = arena_printf(a, "%s%.*s", out, (int)(at - text), text);
        text = at + strlen(folder);
    }
    out = arena_printf(a, "%s%s", out, text);
    if (strncmp(out, RECIPE ":", strlen(RECIPE) + 1) == 0) {
        const char *behind = strstr(out, ": ");
        out = behind == NULL ? out : behind + 2;
    }
    return out;
}

static bool no_recipe(struct extract *x, const struct err *why, struct err *e, const char *staging)
{
    return err_set(e, STATUS_NO, "%s: no recipe makes this file: %s", x->name,
                   without_place(&x->arena, why->text, staging));
}

// The checks that fail, each once.
struct failing {
    bool is[CHECK_COUNT];
    bool any, allowable;
};

static void note_failing(const struct node *n, struct failing *failing)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        if (f->verdict == VERDICT_FAIL) {
            failing->is[f->check] = true;
            failing->any = true;
            failing->allowable = failing->allowable && checks[f->check].allowable;
        }
    }
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        note_failing(p, failing);
    }
}

static const char *ids_of(struct arena *a, const struct failing *failing, const char *before)
{
    const char *out = "";
    for (int i = 0; i < CHECK_COUNT; i++) {
        if (failing->is[i]) {
            out = arena_printf(a, "%s%s%s", out, before, checks[i].id);
        }
    }
    return out;
}

// Of what a recipe makes but build does not write. The image may pass by itself, where the options
// of this run have said more of it.
static void judge_trial(struct extract *x, const struct node *made, struct trial *t)
{
    struct failing failing = {.allowable = true};
    note_failing(made, &failing);
    if (failing.any) {
        const char *ids = ids_of(&x->arena, &failing, " ");
        t->head = arena_printf(&x->arena, "%s# otapack build refuses this as it is:%s; %s%s\n",
                               t->head, ids,
                               failing.allowable ? "to have it all the same:"
                                                 : "mend what is wrong, it cannot be allowed",
                               failing.allowable ? ids_of(&x->arena, &failing, " --allow ") : "");
    }
    const struct finding *f = failing.any ? first_failure(made) : NULL;
    if (f != NULL && first_failure(x->image.root) == NULL && t->e.status == STATUS_OK) {
        check_refuse(&t->e, f->check, "%s: build refuses what its recipe makes: %s", x->name,
                     f->message);
    }
}

static void compare_trial(struct extract *x, const struct node *made, const char *folder,
                          struct trial *t)
{
    uint64_t at = source_difference(&made->src, &x->image.root->src);
    if (at == UINT64_MAX) {
        return;
    }
    const char *what = arena_printf(&x->arena, "%s, so that the files differ from 0x%" PRIx64,
                                    recipe_differs(&x->arena, x->image.root, made), at);
    t->head = arena_printf(&x->arena, "%s# It makes another file: %s.\n", t->head, what);
    err_set(&t->e, STATUS_NO, "%s: %s; %s/" RECIPE " builds the rest, but not the same file",
            x->name, what, folder);
}

// Is it a file of which nothing can be built? What only names others, or is no image.
static bool is_no_image(struct extract *x, const struct node *made, struct trial *t)
{
    const struct finding *f = finding_against(made, CHECK_KNOWN_FORMAT);
    if (f == NULL || f->verdict != VERDICT_FAIL) {
        return false;
    }
    t->head = NULL;
    f = finding_against(x->image.root, CHECK_KNOWN_FORMAT);
    err_set(&t->e, STATUS_NO, "%s: no recipe makes this file, which %s", x->name,
            f == NULL || f->verdict != VERDICT_FAIL
                ? "only names others; take the recipe of one of those"
                : "is none that otapack knows; nothing was written");
    return true;
}

// Lays the recipe out, and does all that build does with it but write.
static struct trial try_recipe(struct extract *x, const char *text, const char *staging,
                               const char *folder)
{
    const char *none[] = {NULL};
    struct recipe_words words = {none, none};
    struct recipe recipe;
    struct read_options options = {.slot = NULL};
    struct pieces layout = PIECES_EMPTY(&x->arena);
    struct err inner = ERR_NONE;
    struct trial t = {NULL, ERR_NONE};
    const char *file = arena_printf(&x->arena, "%s/" RECIPE, staging);
    if (recipe_read_text(file, text, &words, &x->arena, &recipe, &inner) &&
        compose(&recipe, &layout, &inner)) {
        options.table_csv = recipe.csv;
        layers_tell(recipe.layers, &options);
        const struct node *made = read_and_judge(&x->arena, &options, pieces_source(&layout));
        t.head = "";
        if (!is_no_image(x, made, &t)) {
            compare_trial(x, made, folder, &t);
            judge_trial(x, made, &t);
        }
    } else {
        no_recipe(x, &inner, &t.e, staging);
    }
    pieces_close(&layout);
    return t;
}

// ---- The files ----------------------------------------------------------------------------------

// The parts that the recipe takes, or the image whole; with room for the recipe.
static struct extract_parts inputs_of(struct extract *x, const char *folder)
{
    const struct node *content = recipe_content(x->image.root);
    if (recipe_takes_parts(content)) {
        return extract_parts_of(x, content, recipe_takes, folder);
    }
    struct extract_parts parts = {folder, arena_alloc(&x->arena, 2 * sizeof(*parts.list)), 1};
    parts.list[0] = (struct extract_part){part_file(&x->arena, content), content->src};
    return parts;
}

// The files that it takes are there while it is tried; then the recipe comes to them. True where
// it is one, with what it does not keep in `unkept`.
static bool write_recipe(struct extract *x, struct output_folder *f, struct extract_parts *parts,
                         const char *text, struct err *unkept)
{
    if (!extract_add(x, f, parts)) {
        return false;
    }
    struct trial t = try_recipe(x, text, output_folder_staging(f), parts->folder);
    if (t.head == NULL) {
        *x->e = t.e;
        return false;
    }
    text = arena_printf(&x->arena, "%s%s", t.head, text);
    struct extract_part recipe = {RECIPE, otapack_memory((const uint8_t *)text, strlen(text))};
    struct extract_parts last = {parts->folder, &recipe, 1};
    parts->list[parts->count++] = recipe;
    *unkept = t.e;
    return extract_add(x, f, &last);
}

bool extract_recipe(struct extract *x, const char *to)
{
    const char *folder = extract_folder(&x->arena, to);
    struct err inner = ERR_NONE, unkept = ERR_NONE;
    const char *text = recipe_of_tree(&x->arena, x->image.root, x->options, &inner);
    if (!extract_is_new(x, arena_printf(&x->arena, "%s/" RECIPE, folder))) {
        return false;
    }
    if (text == NULL) {
        return err_at(x->e, x->name, &inner);
    }
    // What is too much for a recipe is known before its files are written.
    if (yaml_read("./" RECIPE, text, &x->arena, &inner) == NULL) {
        return no_recipe(x, &inner, x->e, ".");
    }
    struct extract_parts parts = inputs_of(x, folder);
    struct output_folder *f = extract_are_free(x, &parts, true)
                                  ? output_folder_open(folder, EXTRACT_NOT_OVER, x->e)
                                  : NULL;
    if (f == NULL || !write_recipe(x, f, &parts, text, &unkept)) {
        output_folder_abandon(f);
        return false;
    }
    if (!extract_commit(x, f, &parts)) {
        return false;
    }
    *x->e = unkept;
    return unkept.status == STATUS_OK;
}
