// SPDX-License-Identifier: Apache-2.0
//
// inspect: what a file is, what is in it, and what every check says of it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "image.h"
#include "report.h"
#include "show.h"
#include "text.h"

struct job {
    const struct args *args;
    struct options options;
    const char **paths; // of --get, NULL-ended
    bool colour;
    struct show_json *json; // NULL: text
    enum status status;
};

static void worsen(struct job *job, enum status status)
{
    job->status = status > job->status ? status : job->status;
}

static bool show_places(struct job *job, struct arena *a, const struct image *image, struct err *e)
{
    const char *name = input_name(image->input);
    for (const char **path = job->paths; *path != NULL; path++) {
        struct place_in_tree place;
        struct err inner = ERR_NONE;
        if (!path_find(image->root, *path, &place, &inner)) {
            return err_set(e, STATUS_CANNOT, "%s: %s", name, inner.text);
        }
        if (args_value(job->args, "json") == NULL) {
            show_value(a, &place, job->colour);
        } else {
            show_json_place(&place);
        }
    }
    report_findings(a, image->root, report_one_file, name, false);
    return true;
}

static bool inspect_file(struct job *job, const char *file, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct image image;
    size_t counts[3] = {0, 0, 0};
    bool good = image_open(&image, file, &job->options.read, &a, e);
    if (good) {
        const char *name = input_name(image.input);
        if (*job->paths != NULL) {
            good = show_places(job, &a, &image, e);
        } else if (job->json != NULL) {
            show_json_add(job->json, text_utf8(&a, file, strlen(file)), image.root);
        } else {
            show_text(&a, name, image.root, job->colour);
        }
        worsen(job, tree_verdict(image.root, counts) == VERDICT_FAIL ? STATUS_NO : STATUS_OK);
        image_close(&image);
    } else if (job->json != NULL) {
        show_json_add_error(&a, job->json, text_utf8(&a, file, strlen(file)), e->text);
    }
    arena_free(&a);
    return good;
}

// auto: on a terminal that takes it, unless NO_COLOR is set (no-color.org).
static bool wants_colour(const struct args *args, bool *colour, struct err *e)
{
    const char *when = args_value(args, "color");
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    bool terminal = isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0 &&
                    (no == NULL || *no == '\0');
    if (when != NULL && strcmp(when, "always") != 0 && strcmp(when, "never") != 0 &&
        strcmp(when, "auto") != 0) {
        return err_set(e, STATUS_CANNOT, "--color %s is not known; write auto, always or never",
                       when);
    }
    *colour = when == NULL || strcmp(when, "auto") == 0 ? terminal : strcmp(when, "always") == 0;
    return true;
}

static enum status inspect_run(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct job job = {.args = args, .paths = args_values(args, "get")};
    if (!wants_colour(args, &job.colour, e) || !options_take(&job.options, args, e)) {
        options_close(&job.options);
        return STATUS_CANNOT;
    }
    job.json = args_value(args, "json") != NULL && *job.paths == NULL ? show_json_new(&a) : NULL;
    for (size_t i = 0; i < args->operand_count; i++) {
        struct err one = ERR_NONE;
        if (i > 0 && job.json == NULL && *job.paths == NULL) {
            putchar('\n');
        }
        if (!inspect_file(&job, args->operands[i], &one)) {
            (void)fflush(stdout);
            err_print(&one);
            worsen(&job, one.status);
        }
    }
    if (job.json != NULL) {
        show_json_print(job.json);
    }
    options_close(&job.options);
    arena_free(&a);
    return job.status;
}

static const struct opt opts[] = {
    {'j', "json", NULL, "the tree as JSON", false},
    {'g', "get", "PATH", "only this value or part, such as\nhost.desc.version", true},
    OPT_PARTITION_TABLE,
    OPT_ALLOW,
    {0, "color", "WHEN", "auto, always or never", false},
    OPT_END,
};

const struct cmd cmd_inspect = {
    .name = "inspect",
    .summary = "show what is in a file, and what every check says of it",
    .operands = "FILE... [--json | --get PATH]",
    .about = "Shows the tree of what is in each file (- is standard input): its parts with\n"
             "offset and size, their fields, and the verdict of every check.\n"
             "Exit status 1 when a check fails or the file is no image.",
    .examples = "  otapack inspect br-ota.bin\n"
                "  otapack inspect br-ota.bin --get host.desc.version\n"
                "  otapack inspect --json build/*.bin | jq '.files[].verdict'",
    .opts = opts,
    .min = 1,
    .max = ARGS_MOST,
    .run = inspect_run};
