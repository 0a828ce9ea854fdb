// SPDX-License-Identifier: Apache-2.0
//
// diff: what changed from one file to another, by meaning.
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "diff_words.h"
#include "fd.h"
#include "key_names.h"
#include "show_diff.h"
#include "signers.h"
#include "status.h"

static const struct {
    const char *name;
    show_diff_fn *show;
} shapes[] = {{"text", show_diff_text},
              {"json", show_diff_json},
              {"markdown", show_diff_markdown},
              {"html", show_diff_html}};

struct job {
    const struct args *args;
    struct verb_options options;
    struct key_names keys;
    show_diff_fn *show;
    struct arena arena; // of both trees
};

static bool take_shape(struct job *job, struct err *e)
{
    int format = verb_options_format(job->args, e);
    job->show = format < 0 ? NULL : shapes[format].show;
    return format >= 0;
}

static bool are_two(const struct args *args, struct err *e)
{
    const char **names = args->operands;
    if (strcmp(names[0], "-") == 0 && strcmp(names[1], "-") == 0) {
        return err_set(e, STATUS_CANNOT,
                       "standard input can be only one of the two; name a file for the other");
    }
    if (fd_same_file(names[0], names[1])) {
        say("%s: note: the old and the new name are of this one file", names[1]);
    }
    return true;
}

// What no byte shows cannot be said of files of which a read has failed.
static enum status compare(struct job *job, const struct opened *old, const struct opened *new,
                           struct err *e)
{
    // What one of the two has no use for, the other may have.
    bool failed = first_failure(old->root) != NULL || first_failure(new->root) != NULL;
    if (!verb_options_fit(&job->options, job->args, new->root, input_name(new->input), failed, e)) {
        return STATUS_CANNOT;
    }
    struct shown_diff shown = {.old = input_name(old->input), .new = input_name(new->input)};
    shown.diff = diff_trees(&job->arena, old->root, new->root, &signers_look);
    if (!input_good(old->input, e) || !input_good(new->input, e)) {
        return STATUS_CANNOT;
    }
    job->show(&job->arena, &shown);
    enum diff_result result = diff_result(shown.diff);
    bool exact = args_value(job->args, "exact") != NULL;
    return result == DIFF_IDENTICAL || (result == DIFF_NOISE && !exact) ? STATUS_OK : STATUS_NO;
}

static enum status diff_files(struct job *job, struct err *e)
{
    struct opened old, new;
    const char **names = job->args->operands;
    const struct read_options *read = &job->options.read;
    enum status status = STATUS_CANNOT;
    if (!key_names_open_tree(&job->keys, &old, names[0], read, &job->arena, e)) {
        return STATUS_CANNOT;
    }
    if (key_names_open_tree(&job->keys, &new, names[1], read, &job->arena, e)) {
        status = compare(job, &old, &new, e);
        open_tree_close(&new);
    }
    open_tree_close(&old);
    return status;
}

static enum status diff_run(const struct args *args, struct err *e)
{
    struct job job = {.args = args};
    bool good = take_shape(&job, e) && are_two(args, e) &&
                verb_options_take(&job.options, args, e) &&
                key_names_take(&job.keys, args, &job.options, e);
    enum status status = good ? diff_files(&job, e) : STATUS_CANNOT;
    arena_free(&job.arena);
    verb_options_close(&job.options);
    key_names_close(&job.keys);
    return status;
}

static const char *shape_name(unsigned i)
{
    return i < sizeof(shapes) / sizeof(shapes[0]) ? shapes[i].name : NULL;
}

static const struct opt *const opts[] = {
    OPTS({'j', "json", NULL, "the changes as JSON: --format json", false},
         {'F', "format", OPT_CHOICE_OF("FORMAT", shape_name),
          "text, json; markdown for a pull request; html,\na page with old and new side by side",
          false},
         {'x', "exact", NULL, "exit status 1 for build noise, too", false}),
    opt_key_names,
    opt_partition_table,
    opt_device,
    esp32_rows,
    opt_running,
    opt_flash_offset,
    esp8266_rows,
    opt_decrypt_key,
    opt_allow,
    NULL};

const struct cmd cmd_diff = {
    .name = "diff",
    .summary = "what changed from one file to another, and what that does",
    .operands = "OLD NEW [--format FORMAT]",
    .about = "Compares two files by what they mean: versions, chips, partitions, sizes, keys,\n"
             "and the verdict of every check, with what a device in the field makes of it. Of\n"
             "code and data it says only how many bytes differ. What every build changes\n"
             "(dates, hashes, the bytes of signatures) is set apart as build noise.\n"
             "Exit status 0 where nothing else differs, and 1 where something does.",
    .examples = "  otapack diff v1/br-ota.bin v2/br-ota.bin\n"
                "  otapack diff old.bin new.bin --format markdown >comment.md\n"
                "  otapack diff first.bin second.bin --exact    # is the build reproducible?",
    .opts = opts,
    .min = 2,
    .max = 2,
    .run = diff_run};
