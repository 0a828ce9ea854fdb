// SPDX-License-Identifier: Apache-2.0
//
// extract: parts of an image as files, and the recipe that puts them together again.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "emit.h"
#include "image.h"
#include "output.h"
#include "part_recipe.h"
#include "path.h"
#include "report.h"
#include "source.h"

struct job {
    const struct args *args;
    struct arena arena;
    struct image image;
    const char *name; // of the file, for messages
    bool lists;       // the files written are named: the user did not
    struct err *e;
};

static bool write_source(struct job *job, struct otapack_source src, const char *file)
{
    bool good =
        !input_is_named(job->image.input, file, job->e) && output_write_file(file, &src, job->e);
    if (!good) {
        (void)input_good(job->image.input, job->e); // names the input where that is at fault
    }
    if (good && job->lists) {
        printf("%s\n", file);
    }
    return good;
}

// A file that was not named is not written over.
static bool must_be_new(struct job *job, const char *file)
{
    return access(file, F_OK) != 0 ||
           err_set(job->e, STATUS_CANNOT, "%s: is there already; name another place, or remove it",
                   file);
}

static bool extract_one(struct job *job, const char *path, const char *to)
{
    struct place_in_tree place;
    struct err inner = ERR_NONE;
    if (!path_find(job->image.root, path, &place, &inner)) {
        return err_set(job->e, STATUS_CANNOT, "%s: %s", job->name, inner.text);
    }
    if (place.field != NULL) {
        return err_set(job->e, STATUS_CANNOT,
                       "%s: %s is a value, not a part; print it with otapack inspect --get %s",
                       job->name, path, path);
    }
    const char *file = to == NULL ? part_file(&job->arena, place.node) : to;
    job->lists = to == NULL;
    return (to != NULL || must_be_new(job, file)) && write_source(job, place.node->src, file);
}

static bool make_folder(struct job *job, const char *folder)
{
    return mkdir(folder, 0777) == 0 || errno == EEXIST ||
           err_errno(job->e, folder, "make the folder");
}

static const char *file_in(struct job *job, const char *folder, const struct node *n)
{
    return arena_printf(&job->arena, "%s/%s", folder, part_file(&job->arena, n));
}

static bool extract_parts(struct job *job, const char *folder)
{
    for (const struct node *p = job->image.root->parts; p != NULL; p = p->next) {
        if (part_is_file(p) && !write_source(job, p->src, file_in(job, folder, p))) {
            return false;
        }
    }
    return true;
}

// The files of a recipe: the parts that it takes, or the image whole. With `only_look`, they must
// not be there yet.
static bool extract_inputs(struct job *job, const char *folder, bool only_look)
{
    const struct node *content = part_recipe_content(job->image.root);
    bool whole = !part_recipe_takes_parts(content);
    for (const struct node *p = whole ? content : content->parts; p != NULL;
         p = whole ? NULL : p->next) {
        const char *file = file_in(job, folder, p);
        if (!whole && !part_recipe_takes(p)) {
            continue;
        }
        if (only_look ? !must_be_new(job, file) : !write_source(job, p->src, file)) {
            return false;
        }
    }
    return true;
}

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
static const char *name_at(struct job *job, uint64_t at)
{
    const struct node *n = node_at(job->image.root, at);
    const char *path = node_path(&job->arena, n);
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        if (f->has_span && at >= f->at && at - f->at < f->size) {
            return arena_printf(&job->arena, "%s%s%s", path, *path == '\0' ? "" : ".", f->name);
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

// Lays the recipe out and compares: the promise that it builds the same bytes is kept or taken
// back.
static bool prove_recipe(struct job *job, const char *file)
{
    const char *none[] = {NULL};
    struct recipe_words words = {none, none};
    struct recipe recipe;
    struct layout layout = LAYOUT_EMPTY(&job->arena);
    struct err inner = ERR_NONE;
    bool good =
        (recipe_read(file, &words, &job->arena, &recipe, &inner) &&
         emit(&recipe, &layout, &inner)) ||
        err_set(job->e, STATUS_NO, "%s: no recipe makes this file: %s", job->name, inner.text);
    struct otapack_source rebuilt = layout_source(&layout);
    uint64_t at = good ? source_difference(&rebuilt, &job->image.root->src) : UINT64_MAX;
    if (at != UINT64_MAX) {
        static const struct read_options plain = {.structure_only = true};
        const struct node *again = read_tree(&job->arena, &plain, rebuilt);
        const char *field = changed_field(job->image.root, again);
        good = err_set(job->e, STATUS_NO,
                       "%s: %s is what no recipe makes, so that the files differ from 0x%" PRIx64
                       "; %s builds the rest, but not the same file",
                       job->name, field != NULL ? field : name_at(job, at), at, file);
    }
    layout_close(&layout);
    return good;
}

static bool extract_recipe(struct job *job, const char *folder)
{
    struct err inner = ERR_NONE;
    const char *text = part_recipe(&job->arena, job->image.root, &inner);
    const char *file = arena_printf(&job->arena, "%s/recipe.yaml", folder);
    if (!must_be_new(job, file) || !extract_inputs(job, folder, true) ||
        !make_folder(job, folder) || !extract_inputs(job, folder, false)) {
        return false;
    }
    if (text == NULL) {
        return err_set(job->e, inner.status, "%s: %s", job->name, inner.text);
    }
    return write_source(job, otapack_memory((const uint8_t *)text, strlen(text)), file) &&
           prove_recipe(job, file);
}

static bool extract_all(struct job *job, const char *to)
{
    const char *base = strrchr(job->args->operands[0], '/');
    base = base == NULL ? job->args->operands[0] : base + 1;
    const char *folder = to != NULL ? to : arena_printf(&job->arena, "%s.parts", base);
    return (to != NULL || must_be_new(job, folder)) && make_folder(job, folder) &&
           extract_parts(job, folder);
}

static bool choose(struct job *job)
{
    const char *folder = args_value(job->args, "recipe");
    const char *to = args_value(job->args, "output");
    if (folder != NULL && (to != NULL || job->args->operand_count > 1)) {
        return err_set(job->e, STATUS_CANNOT, "--recipe DIR takes all parts; leave out %s",
                       to != NULL ? "-o" : "the path");
    }
    job->lists = true;
    if (folder != NULL) {
        return extract_recipe(job, folder);
    }
    return job->args->operand_count > 1 ? extract_one(job, job->args->operands[1], to)
                                        : extract_all(job, to);
}

static enum status extract_run(const struct args *args, struct err *e)
{
    struct options options = {.table_path = NULL};
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    enum status status = STATUS_CANNOT;
    if (options_take(&options, args, e) &&
        image_open(&job.image, args->operands[0], &options.read, &job.arena, e)) {
        size_t counts[VERDICT_COUNT] = {0};
        job.name = input_name(job.image.input);
        bool good = choose(&job) && input_good(job.image.input, e);
        report_findings(&job.arena, job.image.root, report_one_file, job.name, false);
        status = tree_verdict(job.image.root, counts) == VERDICT_FAIL ? STATUS_NO : STATUS_OK;
        status = good ? status : e->status;
        image_close(&job.image);
    }
    options_close(&options);
    arena_free(&job.arena);
    return status;
}

static const struct opt opts[] = {
    {'o', "output", "FILE|DIR",
     "where to write, over what is there: the part's\nfile, or the folder "
     "for all parts",
     false},
    {'r', "recipe", "DIR",
     "all parts into DIR, with a recipe.yaml that\nbuilds the same file again", false},
    OPT_FLASH_OFFSET,
    OPT_CSV,
    OPT_END,
};

const struct cmd cmd_extract = {
    .name = "extract",
    .summary = "write parts of an image as files, with a recipe to rebuild it",
    .operands = "FILE [PATH] [-o FILE|DIR]\n"
                "FILE --recipe DIR",
    .about = "Writes the part that PATH names, or all parts into a folder (FILE.parts unless\n"
             "-o says otherwise), byte for byte. Files that were not named with -o are not\n"
             "written over; what is written is listed. Exit status 1 when a check of the image\n"
             "fails; the parts are written all the same.",
    .examples = "  otapack extract br-ota.bin firmware -o esp_ot_rcp.bin\n"
                "  otapack extract br-ota.bin --recipe br && otapack build br/recipe.yaml",
    .opts = opts,
    .min = 1,
    .max = 2,
    .run = extract_run};
