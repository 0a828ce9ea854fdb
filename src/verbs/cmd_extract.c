// SPDX-License-Identifier: Apache-2.0
//
// extract: parts of an image as files, and the recipe that puts them together again.
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd.h"
#include "extract.h"
#include "file_path.h"
#include "need.h"
#include "os.h"
#include "output.h"
#include "part_file.h"
#include "path.h"
#include "recipe_of_tree.h"
#include "report.h"
#include "verb_options.h"

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
static bool no_bytes(struct extract *x, const struct node *n, const char *what)
{
    const struct node *inside = first_with_bytes(n);
    return err_set(x->e, STATUS_NO, "%s: %s; %s%s", x->name, what,
                   inside == NULL ? "otapack inspect shows what is in the file"
                                  : "name one that has bytes, such as ",
                   inside == NULL ? "" : node_path(&x->arena, inside));
}

// ---- One part -----------------------------------------------------------------------------------

static bool write_part(struct extract *x, const struct node *part, const char *file, bool over)
{
    struct output *out =
        over ? output_open(file, x->e) : output_open_new(file, EXTRACT_NOT_OVER, x->e);
    if (out == NULL) {
        return false;
    }
    if (!output_copy(out, &part->src, x->e)) {
        (void)input_good(x->image.input, x->e); // names the input where that is at fault
        output_abandon(out);
        return false;
    }
    return output_commit(out, x->e);
}

static bool extract_one(struct extract *x, const char *path, const char *to)
{
    struct place_in_tree place;
    struct err inner = ERR_NONE;
    if (!path_find(NULL, x->image.root, path, &place, &inner)) {
        return err_at(x->e, x->name, &inner);
    }
    if (place.field != NULL) {
        return err_set(x->e, STATUS_CANNOT,
                       "%s: %s is a value, not a part; print it with otapack inspect --get %s",
                       x->name, path, path);
    }
    if (place.node->needs != 0) {
        return err_set(x->e, STATUS_CANNOT, "%s: %s was not read; give %s", x->name, path,
                       need_text(&x->arena, place.node->needs));
    }
    if (place.node->src.size == 0) {
        return no_bytes(x, place.node, arena_printf(&x->arena, "%s has no bytes", path));
    }
    const char *file = to == NULL ? part_file(&x->arena, place.node) : to;
    if (!extract_is_no_input(x, file) || !write_part(x, place.node, file, to != NULL)) {
        return false;
    }
    if (to == NULL) {
        printf("%s\n", file);
    }
    return true;
}

// ---- All parts ----------------------------------------------------------------------------------

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

static bool has_file(const struct node *part)
{
    return part_is_file(part) && part->src.size > 0;
}

static bool extract_all(struct extract *x, const char *to)
{
    bool is_stdin = strcmp(x->args->operands[0], "-") == 0;
    const char *base = file_path_name(x->args->operands[0]);
    const char *folder = to != NULL
                             ? extract_folder(&x->arena, to)
                             : arena_printf(&x->arena, "%s.parts", is_stdin ? "image" : base);
    struct extract_parts parts = extract_parts_of(x, x->image.root, has_file, folder);
    struct os_info info;
    if (parts.count == 0) {
        return no_bytes(x, x->image.root, "it has no parts to write");
    }
    bool is_folder = to != NULL && os_info(to, &info) && info.kind == OS_FOLDER;
    if (to != NULL && !is_folder && is_called_like_a_file(to)) {
        return err_set(x->e, STATUS_CANNOT,
                       "%s: is called like a file, and all parts go into a folder; name the part "
                       "before -o, such as %s, or write %s/",
                       to, node_name(&x->arena, x->image.root->parts), to);
    }
    if ((to == NULL && !extract_is_new(x, folder)) || !extract_are_free(x, &parts, false)) {
        return false;
    }
    struct output_folder *f = output_folder_open(folder, NULL, x->e);
    if (f == NULL || !extract_add(x, f, &parts)) {
        output_folder_abandon(f);
        return false;
    }
    return extract_commit(x, f, &parts);
}

// ---- The verb -----------------------------------------------------------------------------------

// A folder has a name, and all parts have no other place.
static bool is_place(struct extract *x, const char *option, bool for_all)
{
    const char *place = args_value(x->args, option);
    return place == NULL || !for_all || strcmp(place, "-") != 0 ||
           err_set(x->e, STATUS_CANNOT,
                   "--%s - is standard output, and all parts go into a folder; name that%s", option,
                   strcmp(option, "output") == 0 ? ", or one part before -o" : "");
}

static bool choose(struct extract *x)
{
    const char *folder = args_value(x->args, "recipe");
    const char *to = args_value(x->args, "output");
    if (folder != NULL && (to != NULL || x->args->operand_count > 1)) {
        return err_set(x->e, STATUS_CANNOT, "--recipe DIR takes all parts; leave out %s",
                       to != NULL ? "-o" : "the path");
    }
    if (!is_place(x, "recipe", true) || !is_place(x, "output", x->args->operand_count == 1)) {
        return false;
    }
    if (folder != NULL) {
        return extract_recipe(x, folder);
    }
    return x->args->operand_count > 1 ? extract_one(x, x->args->operands[1], to)
                                      : extract_all(x, to);
}

static enum status extract_run(const struct args *args, struct err *e)
{
    struct verb_options options = {.table_path = NULL};
    struct extract x = {.args = args, .options = &options.read, .arena = ARENA_EMPTY, .e = e};
    enum status status = STATUS_CANNOT;
    if (verb_options_take(&options, args, e) &&
        open_tree_judged(&x.image, args->operands[0], &options.read, &x.arena, e)) {
        size_t counts[VERDICT_COUNT] = {0};
        x.name = input_name(x.image.input);
        bool fit = verb_options_fit(&options, args, x.image.root, x.name,
                                    first_failure(x.image.root) != NULL, e);
        bool good = fit && choose(&x) && input_good(x.image.input, e);
        report_findings(&x.arena, x.image.root, report_one_file, x.name, false);
        status = tree_verdict(x.image.root, counts) == VERDICT_FAIL ? STATUS_NO : STATUS_OK;
        status = good ? status : e->status;
        open_tree_close(&x.image);
    }
    verb_options_close(&options);
    arena_free(&x.arena);
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
