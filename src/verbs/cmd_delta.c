// SPDX-License-Identifier: Apache-2.0
//
// delta: a patch that makes the new app of the one that devices run.
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "cmd.h"
#include "deflate.h"
#include "delta_make.h"
#include "fd.h"
#include "json.h"
#include "layer_delta.h"
#include "layer_image.h"
#include "progress.h"
#include "text.h"

// Where a patch is larger than half of the new app, what gzip makes of that is looked at.
enum { WORTH_PACKING = 2 };

struct job {
    const struct args *args;
    struct build build;
    struct recipe recipe;
    struct recipe_delta *delta;
    struct progress progress;
    struct arena arena;
    size_t gzip; // bytes that gzip makes of the new app; 0: not looked at
};

static const char *operand(const struct job *job, size_t i)
{
    return job->args->operands[i];
}

static void show_progress(void *ctx, uint64_t done, uint64_t total)
{
    struct job *job = ctx;
    progress_at(&job->progress, job->build.target, done, total);
}

// ---- What is said -------------------------------------------------------------------------------

static bool is_worth_it(const struct job *job)
{
    return job->delta->size < job->delta->made.size;
}

static void look_at_gzip(struct job *job)
{
    const struct otapack_source *made = &job->delta->made;
    if (job->delta->size > made->size / WORTH_PACKING) {
        free(deflate_pack(made->bytes, (size_t)made->size, false, &job->gzip));
    }
}

static json_t *file_json(const char *file, uint64_t size)
{
    json_t *object = json_must(json_object());
    json_put_text(object, "file", file);
    json_put(object, "size", json_number(size));
    return object;
}

static void show_json(struct job *job)
{
    const struct recipe_delta *delta = job->delta;
    json_t *object = json_must(json_object()),
           *base = file_json(operand(job, 0), delta->of.src.size);
    json_put(object, "otapack", json_number(1));
    json_put_text(base, "sha256",
                  text_hex(&job->arena, delta->of.sha256, sizeof(delta->of.sha256)));
    json_put(object, "base", base);
    json_put(object, "new", file_json(operand(job, 1), delta->made.size));
    json_put(object, "patch", file_json(job->build.target, delta->size));
    if (job->gzip > 0) {
        json_put(object, "gzip_size", json_number(job->gzip));
    }
    json_put_text(object, "better", is_worth_it(job) ? "patch" : "new");
    json_print(object);
}

static void show_text(struct job *job)
{
    const struct recipe_delta *delta = job->delta;
    uint64_t permille = (delta->size * UINT64_C(1000) + delta->made.size / 2) / delta->made.size;
    say("%s: a patch of %s, %" PRIu64 ".%" PRIu64 " %% of the %s of %s, for devices that run %s",
        job->build.target, text_size(&job->arena, delta->size), permille / 10, permille % 10,
        text_size(&job->arena, delta->made.size), operand(job, 1), operand(job, 0));
}

// A patch asks for the one base, and for the time to apply it: it has to be worth that.
static void show_notes(struct job *job)
{
    const struct recipe_delta *delta = job->delta;
    if (!is_worth_it(job)) {
        say("%s: warning: is no smaller than %s; send that as it is, to devices with any app",
            job->build.target, operand(job, 1));
    } else if (job->gzip > 0 && job->gzip < delta->size) {
        say("%s: note: gzip makes %s of %s; for devices that unpack that, it is the better update",
            job->build.target, text_size(&job->arena, job->gzip), operand(job, 1));
    }
}

// ---- Making -------------------------------------------------------------------------------------

static void lay_out(struct job *job)
{
    struct recipe_image *image = ARENA_NEW(&job->arena, struct recipe_image);
    image->part = (struct recipe_part){.where = operand(job, 1), .file = operand(job, 1)};
    recipe_add(&job->recipe, &job->arena,
               (struct layer){.type = &layer_image, .where = operand(job, 1), .is = image});
    job->delta = recipe_add_delta(&job->recipe, &job->arena, operand(job, 0));
    job->delta->told = show_progress;
    job->delta->ctx = job;
    job->recipe.quiet = job->build.quiet;
    job->recipe.said = &job->build.options.read;
    job->build.recipe = &job->recipe;
}

static bool are_two(const struct args *args, struct err *e)
{
    const char **names = args->operands;
    if (strcmp(names[0], "-") == 0 && strcmp(names[1], "-") == 0) {
        return err_set(e, STATUS_CANNOT,
                       "standard input can be only one of the two; name a file for the other");
    }
    if (args_value(args, "quiet") == NULL && fd_same_file(names[0], names[1])) {
        say("%s: note: base and new app are this one file", names[1]);
    }
    return true;
}

static bool take_target(struct job *job, struct err *e)
{
    job->build.args = job->args;
    job->build.target = args_value(job->args, "output");
    job->build.quiet = args_value(job->args, "quiet") != NULL;
    job->build.no_summary = true;
    if (job->build.target == NULL) {
        return err_set(e, STATUS_CANNOT, "delta needs the file to write; give -o PATCH");
    }
    return strcmp(job->build.target, "-") != 0 || args_value(job->args, "json") == NULL ||
           err_set(e, STATUS_CANNOT,
                   "--json prints on standard output; give -o a file, or leave it out");
}

static enum status make(struct job *job, struct err *e)
{
    lay_out(job);
    if (!recipe_delta_open(job->delta, &job->arena, e)) {
        return e->status;
    }
    job->progress = progress_begin(job->build.quiet);
    enum status status = build_run(&job->build, e);
    progress_clear(&job->progress);
    return status;
}

static void show(struct job *job)
{
    bool json = args_value(job->args, "json") != NULL;
    look_at_gzip(job);
    if (json) {
        show_json(job);
    } else if (!job->build.quiet) {
        show_text(job);
    }
    if (!job->build.quiet) {
        show_notes(job);
    }
}

static enum status delta_run(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY};
    enum status status = STATUS_CANNOT;
    if (take_target(&job, e) && delta_can(e) && are_two(args, e) &&
        verb_options_take(&job.build.options, args, e)) {
        status = make(&job, e);
    }
    if (status == STATUS_OK) {
        show(&job);
    }
    verb_options_close(&job.build.options);
    arena_free(&job.arena);
    return status;
}

static const struct opt *const opts[] = {OPTS({'o', "output", OPT_FILE, "the patch", false},
                                              {'j', "json", NULL, "the sizes as JSON", false}),
                                         opt_partition_table,
                                         opt_device,
                                         esp32_rows,
                                         opt_allow,
                                         opt_quiet,
                                         NULL};

const struct cmd cmd_delta = {
    .name = "delta",
    .summary = "a patch that makes a new app of the one that devices run",
    .operands = "BASE NEW -o PATCH",
    .about = "Makes a patch for devices with Espressif's component esp_delta_ota, which run\n"
             "BASE and make NEW of it. BASE is byte for byte what was flashed, its signature\n"
             "included; a device with another app refuses the patch. Before the patch is\n"
             "written it is applied as a device does: what comes out is NEW, and passes the\n"
             "checks of an app. Says when NEW itself is the better update.",
    .examples = "  otapack delta v1/app.bin v2/app.bin -o v1-to-v2.patch\n"
                "  otapack verify v1-to-v2.patch --base v1/app.bin --new v2/app.bin",
    .opts = opts,
    .min = 2,
    .max = 2,
    .run = delta_run};
