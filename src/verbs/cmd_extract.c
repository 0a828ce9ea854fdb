// SPDX-License-Identifier: Apache-2.0
//
// extract: parts of an image as files, and the recipe that puts them together again.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd.h"
#include "fd.h"
#include "file_path.h"
#include "need.h"
#include "open_tree.h"
#include "os.h"
#include "output.h"
#include "output_folder.h"
#include "part_file.h"
#include "path.h"
#include "recipe.h"
#include "recipe_of_tree.h"
#include "report.h"
#include "source.h"
#include "verb_options.h"

struct job {
    const struct args *args;
    struct arena arena;
    struct opened image;
    const char *name; // of the file, for messages
    struct err *e;
};

#define RECIPE "recipe.yaml"
#define NOT_OVER "; name another place, or remove it"

// Is it none of the files that are read?
static bool is_no_input(struct job *job, const char *file)
{
    static const char *const inputs[] = {"decrypt-key", "passphrase-file"};
    bool used = false;
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        for (const char **input = args_values(job->args, inputs[i]); *input != NULL; input++) {
            used = used || fd_same_file(file, *input);
        }
    }
    return !input_is_named(job->image.input, file, job->e) &&
           (!used || err_set(job->e, STATUS_CANNOT,
                             "%s: is also an input; name another file to write", file));
}

// A file that was not named is not written over.
static bool must_be_new(struct job *job, const char *file)
{
    struct os_info info;
    return !os_info(file, &info) ||
           err_set(job->e, STATUS_CANNOT, "%s: is there already" NOT_OVER, file);
}

// The first part below a node that has bytes; NULL: none.
static const struct node *first_with_bytes(const struct node *n)
{
    const struct node *found = NULL;
    for (const struct node *p = n->parts; p != NULL && found == NULL; p = p->next) {
        found = p->src.size > 0 ? p : first_with_bytes(p);
    }
    return found;
}

// Of what only names others, as a list of files does, there is nothing to write.
static bool no_bytes(struct job *job, const struct node *n, const char *what)
{
    const struct node *inside = first_with_bytes(n);
    return err_set(job->e, STATUS_NO, "%s: %s; %s%s", job->name, what,
                   inside == NULL ? "otapack inspect shows what is in the file"
                                  : "name one that has bytes, such as ",
                   inside == NULL ? "" : node_path(&job->arena, inside));
}

// ---- One part -----------------------------------------------------------------------------------

static bool write_part(struct job *job, const struct node *part, const char *file, bool over)
{
    struct output *out = over ? output_open(file, job->e) : output_open_new(file, NOT_OVER, job->e);
    if (out == NULL) {
        return false;
    }
    if (!output_copy(out, &part->src, job->e)) {
        (void)input_good(job->image.input, job->e); // names the input where that is at fault
        output_abandon(out);
        return false;
    }
    return output_commit(out, job->e);
}

static bool extract_one(struct job *job, const char *path, const char *to)
{
    struct place_in_tree place;
    struct err inner = ERR_NONE;
    if (!path_find(NULL, job->image.root, path, &place, &inner)) {
        return err_at(job->e, job->name, &inner);
    }
    if (place.field != NULL) {
        return err_set(job->e, STATUS_CANNOT,
                       "%s: %s is a value, not a part; print it with otapack inspect --get %s",
                       job->name, path, path);
    }
    if (place.node->needs != 0) {
        return err_set(job->e, STATUS_CANNOT, "%s: %s was not read; give %s", job->name, path,
                       need_text(&job->arena, place.node->needs));
    }
    if (place.node->src.size == 0) {
        return no_bytes(job, place.node, arena_printf(&job->arena, "%s has no bytes", path));
    }
    const char *file = to == NULL ? part_file(&job->arena, place.node) : to;
    if (!is_no_input(job, file) || !write_part(job, place.node, file, to != NULL)) {
        return false;
    }
    if (to == NULL) {
        printf("%s\n", file);
    }
    return true;
}

// ---- Several parts ------------------------------------------------------------------------------

struct part {
    const char *name; // of its file
    struct otapack_source src;
};

// What goes into a folder.
struct parts {
    const char *folder;
    struct part *list;
    size_t count;
};

typedef bool takes_fn(const struct node *part);

static struct parts parts_of(struct job *job, const struct node *parent, takes_fn *takes,
                             const char *folder)
{
    const char **files = part_files(&job->arena, parent);
    size_t count = 0;
    while (files[count] != NULL) {
        count++;
    }
    // Room for a recipe as well.
    struct parts parts = {folder, arena_alloc(&job->arena, (count + 1) * sizeof(*parts.list)), 0};
    for (const struct node *p = parent->parts; p != NULL; p = p->next, files++) {
        if (takes(p)) {
            parts.list[parts.count++] = (struct part){*files, p->src};
        }
    }
    return parts;
}

static const char *path_in(struct job *job, const struct parts *parts, size_t i)
{
    return arena_printf(&job->arena, "%s/%s", parts->folder, parts->list[i].name);
}

// None of the files is the one that is read, nor, with `must_be_new_too`, there at all.
static bool are_free(struct job *job, const struct parts *parts, bool must_be_new_too)
{
    for (size_t i = 0; i < parts->count; i++) {
        const char *file = path_in(job, parts, i);
        if ((must_be_new_too && !must_be_new(job, file)) || !is_no_input(job, file)) {
            return false;
        }
    }
    return true;
}

static bool add_all(struct job *job, struct output_folder *f, const struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (!output_folder_add(f, parts->list[i].name, &parts->list[i].src, job->e)) {
            (void)input_good(job->image.input, job->e); // names the input where that is at fault
            return false;
        }
    }
    return true;
}

static bool commit(struct job *job, struct output_folder *f, const struct parts *parts)
{
    if (!output_folder_commit(f, job->e)) {
        return false;
    }
    for (size_t i = 0; i < parts->count; i++) {
        printf("%s\n", path_in(job, parts, i));
    }
    return true;
}

// "x.bin", with no / behind it.
static bool is_called_like_a_file(const char *name)
{
    static const char *const endings[] = {".bin", ".ota", ".img", ".gz", ".hex"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t own = strlen(endings[i]);
        if (n > own && strcasecmp(name + n - own, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *without_slashes(struct arena *a, const char *folder)
{
    size_t n = strlen(folder);
    while (n > 1 && os_is_separator(folder[n - 1])) {
        n--;
    }
    return arena_copy(a, folder, n);
}

static bool has_file(const struct node *part)
{
    return part_is_file(part) && part->src.size > 0;
}

static bool extract_all(struct job *job, const char *to)
{
    const char *base = file_path_name(job->args->operands[0]);
    const char *folder =
        to != NULL ? without_slashes(&job->arena, to) : arena_printf(&job->arena, "%s.parts", base);
    struct parts parts = parts_of(job, job->image.root, has_file, folder);
    struct os_info info;
    if (parts.count == 0) {
        return no_bytes(job, job->image.root, "it has no parts to write");
    }
    bool is_folder = to != NULL && os_info(to, &info) && info.kind == OS_FOLDER;
    if (to != NULL && !is_folder && is_called_like_a_file(to)) {
        return err_set(job->e, STATUS_CANNOT,
                       "%s: is called like a file, and all parts go into a folder; name the part "
                       "before -o, such as %s, or write %s/",
                       to, node_name(&job->arena, job->image.root->parts), to);
    }
    if ((to == NULL && !must_be_new(job, folder)) || !are_free(job, &parts, false)) {
        return false;
    }
    struct output_folder *f = output_folder_open(folder, NULL, job->e);
    if (f == NULL || !add_all(job, f, &parts)) {
        output_folder_abandon(f);
        return false;
    }
    return commit(job, f, &parts);
}

// ---- A recipe -----------------------------------------------------------------------------------

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

// A message from the staging folder, as it will be true of the folder itself.
static const char *as_named(struct job *job, const char *text, const char *staging,
                            const char *folder)
{
    size_t n = strlen(staging);
    return strncmp(text, staging, n) == 0 ? arena_printf(&job->arena, "%s%s", folder, text + n)
                                          : text;
}

// Lays the recipe out and compares: the promise that it builds the same bytes is kept or taken
// back, in `e`.
static bool prove_recipe(struct job *job, const char *staging, const char *folder, struct err *e)
{
    const char *none[] = {NULL};
    struct recipe_words words = {none, none};
    struct recipe recipe;
    struct pieces layout = PIECES_EMPTY(&job->arena);
    struct err inner = ERR_NONE;
    const char *file = arena_printf(&job->arena, "%s/" RECIPE, staging);
    bool good = (recipe_read(file, &words, &job->arena, &recipe, &inner) &&
                 compose(&recipe, &layout, &inner)) ||
                err_set(e, STATUS_NO, "%s: no recipe makes this file: %s", job->name,
                        as_named(job, inner.text, staging, folder));
    struct otapack_source rebuilt = pieces_source(&layout);
    uint64_t at = good ? source_difference(&rebuilt, &job->image.root->src) : UINT64_MAX;
    if (at != UINT64_MAX) {
        static const struct read_options plain;
        const struct node *again = read_tree(&job->arena, &plain, rebuilt);
        const char *field = changed_field(job->image.root, again);
        good = err_set(e, STATUS_NO,
                       "%s: %s is what no recipe makes, so that the files differ from 0x%" PRIx64
                       "; %s/" RECIPE " builds the rest, but not the same file",
                       job->name, field != NULL ? field : name_at(job, at), at, folder);
    }
    pieces_close(&layout);
    return good;
}

// The parts that the recipe takes, or the image whole; and the recipe, if there is one.
static struct parts inputs_of(struct job *job, const char *folder, const char *recipe)
{
    const struct node *content = recipe_content(job->image.root);
    bool takes_parts = recipe_takes_parts(content);
    struct parts parts =
        takes_parts ? parts_of(job, content, recipe_takes, folder)
                    : (struct parts){folder, arena_alloc(&job->arena, 2 * sizeof(*parts.list)), 0};
    if (!takes_parts) {
        parts.list[parts.count++] = (struct part){part_file(&job->arena, content), content->src};
    }
    if (recipe != NULL) {
        struct otapack_source text = otapack_memory((const uint8_t *)recipe, strlen(recipe));
        parts.list[parts.count++] = (struct part){RECIPE, text};
    }
    return parts;
}

// The proof comes before the files get their names: what it needs is still what was judged then.
static bool extract_recipe(struct job *job, const char *folder)
{
    struct err proof = ERR_NONE, inner = ERR_NONE;
    const char *text = recipe_of_tree(&job->arena, job->image.root, &inner);
    struct parts parts = inputs_of(job, folder, text);
    if (!must_be_new(job, arena_printf(&job->arena, "%s/" RECIPE, folder)) ||
        !are_free(job, &parts, true)) {
        return false;
    }
    struct output_folder *f = output_folder_open(folder, NOT_OVER, job->e);
    if (f == NULL || !add_all(job, f, &parts)) {
        output_folder_abandon(f);
        return false;
    }
    bool good = text == NULL ? err_at(&proof, job->name, &inner)
                             : prove_recipe(job, output_folder_staging(f), folder, &proof);
    if (!commit(job, f, &parts)) {
        return false;
    }
    if (!good) {
        *job->e = proof;
    }
    return good;
}

static bool choose(struct job *job)
{
    const char *folder = args_value(job->args, "recipe");
    const char *to = args_value(job->args, "output");
    if (folder != NULL && (to != NULL || job->args->operand_count > 1)) {
        return err_set(job->e, STATUS_CANNOT, "--recipe DIR takes all parts; leave out %s",
                       to != NULL ? "-o" : "the path");
    }
    if (folder != NULL) {
        return extract_recipe(job, folder);
    }
    return job->args->operand_count > 1 ? extract_one(job, job->args->operands[1], to)
                                        : extract_all(job, to);
}

static enum status extract_run(const struct args *args, struct err *e)
{
    struct verb_options options = {.table_path = NULL};
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    enum status status = STATUS_CANNOT;
    if (verb_options_take(&options, args, e) &&
        open_tree_judged(&job.image, args->operands[0], &options.read, &job.arena, e)) {
        size_t counts[VERDICT_COUNT] = {0};
        job.name = input_name(job.image.input);
        bool good = choose(&job) && input_good(job.image.input, e);
        report_findings(&job.arena, job.image.root, report_one_file, job.name, false);
        status = tree_verdict(job.image.root, counts) == VERDICT_FAIL ? STATUS_NO : STATUS_OK;
        status = good ? status : e->status;
        open_tree_close(&job.image);
    }
    verb_options_close(&options);
    arena_free(&job.arena);
    return status;
}

static const struct opt *const opts[] = {
    OPTS({'o', "output", OPT_IS("FILE|DIR", "file"),
          "where to write, over what is there: the part's\nfile, or the folder "
          "for all parts",
          false},
         {'r', "recipe", OPT_FOLDER,
          "all parts into DIR, with a recipe.yaml that\nbuilds the same file again", false}),
    opt_flash_offset,
    opt_csv,
    opt_decrypt_key,
    opt_base,
    NULL};

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
