// SPDX-License-Identifier: Apache-2.0
//
// inspect: what a file is, what is in it, and what every check says of it.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "key_names.h"
#include "os.h"
#include "publish_list.h"
#include "report.h"
#include "show.h"

// What --format takes: the trees one by one or in a document, or what is published of the image.
enum shape { AS_TEXT, AS_JSON, AS_HTML, AS_ENV, AS_DCL, AS_OTA_PROVIDER };

static const struct {
    const char *name;
    const struct show_document *document;
    const struct publish_target *publish;
    bool whole; // --get has no place in it
} shapes[] = {[AS_TEXT] = {"text", NULL, NULL, false},
              [AS_JSON] = {"json", &show_document_json, NULL, false},
              [AS_HTML] = {"html", &show_document_html, NULL, true},
              [AS_ENV] = {"env", NULL, NULL, false},
              [AS_DCL] = {"dcl", NULL, &publish_dcl_entry, true},
              [AS_OTA_PROVIDER] = {"ota-provider", NULL, &publish_ota_provider, true}};

struct job {
    const struct args *args;
    enum shape shape;
    struct verb_options options;
    const char **paths; // of --get, NULL-ended
    struct key_names keys;
    bool colour;
    enum show_amount amount;
    const struct show_document *kind; // of the document; NULL: there is none
    void *document;
    bool failed; // one of the files
    enum status status;
};

static void worsen(struct job *job, enum status status)
{
    job->status = status > job->status ? status : job->status;
}

static bool show_places(struct job *job, struct arena *a, const struct opened *image, struct err *e)
{
    const char *name = input_name(image->input);
    for (const char **path = job->paths; *path != NULL; path++) {
        struct place_in_tree place;
        struct err inner = ERR_NONE;
        if (!path_find(a, image->root, *path, &place, &inner)) {
            return err_at(e, name, &inner);
        }
        if (job->shape == AS_TEXT) {
            show_value(a, &place, job->colour, job->amount);
        } else if (job->shape == AS_JSON) {
            show_json_place(&place);
        } else if (place.field != NULL) {
            show_assignment(a, *path, place.field->text);
        } else {
            return err_set(e, STATUS_CANNOT,
                           "%s: %s is a part, not a value; name one of its fields, such as %s.size",
                           name, *path, *path);
        }
    }
    report_findings(a, image->root, report_one_file, name, false);
    return true;
}

// What is shown would pass for the answer to options that no check of the file could use. Of
// several files it is enough that one has a use for it: they are shown with one set of options.
static bool open_file(struct job *job, struct opened *image, const char *file, struct arena *a,
                      struct err *e)
{
    if (!key_names_open_tree(&job->keys, image, file, &job->options.read, a, e)) {
        return false;
    }
    job->failed = job->failed || first_failure(image->root) != NULL;
    bool fit =
        job->args->operand_count > 1 || verb_options_fit(&job->options, job->args, image->root,
                                                         input_name(image->input), job->failed, e);
    if (!fit) {
        open_tree_close(image);
    }
    return fit;
}

static bool inspect_file(struct job *job, const char *file, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct opened image;
    size_t counts[VERDICT_COUNT] = {0};
    bool good = open_file(job, &image, file, &a, e);
    if (good) {
        const char *name = input_name(image.input);
        if (*job->paths != NULL) {
            good = show_places(job, &a, &image, e);
        } else if (job->kind != NULL) {
            job->kind->add(job->document, file, image.root);
        } else {
            show_text(&a, name, image.root, job->colour, job->amount);
        }
        worsen(job, tree_verdict(image.root, counts) == VERDICT_FAIL ? STATUS_NO : STATUS_OK);
        open_tree_close(&image);
    } else if (job->kind != NULL) {
        job->kind->add_error(job->document, file, e->text);
    }
    arena_free(&a);
    return good;
}

// auto: on a terminal that takes it, unless NO_COLOR is set (no-color.org).
static bool wants_colour(const struct args *args, bool *colour, struct err *e)
{
    enum { AUTO, ALWAYS, NEVER };
    int when = args_choice(args, "color", AUTO, e);
    const char *no = os_variable("NO_COLOR");
    bool terminal = os_shows_colours() && (no == NULL || *no == '\0');
    *colour = when == AUTO ? terminal : when == ALWAYS;
    return when >= 0;
}

static bool find_format(struct job *job, enum shape *shape, struct err *e)
{
    int format = verb_options_format(job->args, e);
    *shape = format < 0 ? AS_TEXT : (enum shape)format;
    return format >= 0;
}

static bool wants_format(struct job *job, struct err *e)
{
    if (!find_format(job, &job->shape, e)) {
        return false;
    }
    if (job->shape == AS_ENV && *job->paths == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "--format env is of values; name each with --get, such as --get size");
    }
    if (shapes[job->shape].publish == NULL &&
        (args_value(job->args, "url") != NULL ||
         args_value(job->args, "cd-version-number") != NULL)) {
        return err_set(e, STATUS_CANNOT,
                       "--url and --cd-version-number are for --format dcl or ota-provider; add "
                       "it");
    }
    return !shapes[job->shape].whole || *job->paths == NULL ||
           err_set(e, STATUS_CANNOT, "--get has no place in --format %s; leave one out",
                   shapes[job->shape].name);
}

// Each file as text, or all in one document.
static enum status show(struct job *job, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const struct args *args = job->args;
    job->kind = *job->paths == NULL ? shapes[job->shape].document : NULL;
    job->document = job->kind == NULL ? NULL : job->kind->begin(&a, args->operand_count);
    for (size_t i = 0; i < args->operand_count; i++) {
        struct err one = ERR_NONE;
        if (i > 0 && job->kind == NULL && *job->paths == NULL) {
            putchar('\n');
        }
        if (!inspect_file(job, args->operands[i], &one)) {
            (void)fflush(stdout);
            err_print(&one);
            worsen(job, one.status);
        }
    }
    bool fit = args->operand_count == 1 || job->status == STATUS_CANNOT ||
               verb_options_fit(&job->options, args, NULL, NULL, job->failed, e);
    if (job->kind != NULL) {
        (fit ? job->kind->print : job->kind->drop)(job->document);
    }
    arena_free(&a);
    return fit ? job->status : STATUS_CANNOT;
}

static bool wants_amount(struct job *job, struct err *e)
{
    bool brief = args_value(job->args, "brief") != NULL;
    bool much = args_value(job->args, "verbose") != NULL;
    job->amount = brief ? SHOW_BRIEF : much ? SHOW_MUCH : SHOW_USUAL;
    if (brief && (much || *job->paths != NULL)) {
        return err_set(e, STATUS_CANNOT, "--brief shows less than %s; leave one out",
                       much ? "--verbose" : "--get");
    }
    return job->shape == AS_TEXT || (!brief && !much) ||
           err_set(e, STATUS_CANNOT, "--%s is about the text; leave it out with --format %s",
                   brief ? "brief" : "verbose", shapes[job->shape].name);
}

static enum status inspect_run(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .paths = args_values(args, "get")};
    enum status status = STATUS_CANNOT;
    if (wants_colour(args, &job.colour, e) && wants_format(&job, e) && wants_amount(&job, e) &&
        verb_options_take(&job.options, args, e) &&
        key_names_take(&job.keys, args, &job.options, e)) {
        const struct publish_target *target = shapes[job.shape].publish;
        const struct publication publication = {
            .args = args, .read = &job.options.read, .options = &job.options};
        status = target != NULL ? publish(target, &publication, e) : show(&job, e);
    }
    verb_options_close(&job.options);
    key_names_close(&job.keys);
    return status;
}

static const char *shape_name(unsigned i)
{
    return i < sizeof(shapes) / sizeof(shapes[0]) ? shapes[i].name : NULL;
}

static const struct opt *const opts[] = {
    OPTS(
        {'b', "brief", NULL, "only what it is, and what did not pass", false},
        {'v', "verbose", NULL, "the checks that passed, and those not made, too", false},
        {'j', "json", NULL, "the tree as JSON: --format json", false},
        {'F', "format", OPT_CHOICE_OF("FORMAT", shape_name),
         "text, json, html (a page to read and to send);\nenv: NAME=VALUE of each --get; of a "
         "Matter image\ndcl (an entry of the compliance ledger) or\nota-provider (a list for the "
         "SDK's "
         "provider app)",
         false},
        {0, "url", OPT_TEXT("URL"),
         "dcl, ota-provider: where the image will be; one a\nfile, or one ending in / for all",
         true},
        {0, "cd-version-number", OPT_NUMBER("N"), "dcl, ota-provider: of the certification", false},
        {'g', "get", OPT_IS("PATH", "path"), "only this value or part, such as\nhost.desc.version",
         true}),
    opt_partition_table,
    opt_device,
    esp32_rows,
    opt_running,
    opt_final,
    opt_flash_offset,
    esp8266_rows,
    opt_key_names,
    opt_seal,
    opt_decrypt_key,
    opt_base,
    opt_made,
    opt_allow,
    OPTS(
        {0, "color", OPT_WORDS("WHEN", "auto", "always", "never"), "auto, always or never", false}),
    NULL};

const struct cmd cmd_inspect = {
    .name = "inspect",
    .summary = "show what is in a file, and what every check says of it",
    .operands = "FILE... [--json | --get PATH | --format FORMAT]",
    .about = "Shows what each file is (- is standard input), what did not pass, the file drawn\n"
             "to scale, and the tree of its parts with their fields.\n"
             "Exit status 1 when a check fails or the file is no image.",
    .examples = "  otapack inspect br-ota.bin\n"
                "  otapack inspect --brief build/*.bin\n"
                "  otapack inspect br-ota.bin --get host.desc.version\n"
                "  otapack inspect --json build/*.bin | jq '.files[].verdict'\n"
                "  otapack inspect br-ota.bin --format html >br-ota.html\n"
                "  otapack inspect light.ota --format dcl --url https://example.com/light.ota",
    .opts = opts,
    .min = 1,
    .max = ARGS_FILES_MOST,
    .run = inspect_run};
