// SPDX-License-Identifier: Apache-2.0
//
// edit: new values for the fields of a header, around the same payload.
#include <string.h>

#include "cmd.h"
#include "edit_zigbee.h"
#include "kinds.h"

struct job {
    const struct args *args;
    struct arena arena;
    struct edit edit;
    bool zigbee; // it is a Zigbee file, whose fields these are:
    struct zigbee_values values;
    struct err *e;
};

// The field that FIELD or FIELD=VALUE names, plain or as --set of build names it.
static const char *field_name(struct job *job, const char *word)
{
    word += strncmp(word, "matter.", 7) == 0 || strncmp(word, "zigbee.", 7) == 0 ? 7 : 0;
    return arena_copy(&job->arena, word, strcspn(word, "="));
}

static bool is_named(struct job *job, const char **words, size_t count, const char *name)
{
    for (size_t i = 0; i < count && words[i] != NULL; i++) {
        if (strcmp(field_name(job, words[i]), name) == 0) {
            return true;
        }
    }
    return false;
}

// The name of what is set though `name`, which is unset, takes it along; NULL: nothing.
static const char *set_as_well(struct job *job, const char **sets, const char *name)
{
    for (size_t i = 0; sets[i] != NULL; i++) {
        const char *set = field_name(job, sets[i]);
        if (strcmp(set, name) == 0 || (job->zigbee && zigbee_together(name, set))) {
            return set;
        }
    }
    return NULL;
}

static bool set_field(struct job *job, const char *name, const char *value)
{
    return job->zigbee ? zigbee_set(&job->values, name, value, "--set", job->e)
           : strchr(name, '.') != NULL
               ? edit_set_inside(&job->edit, name, value, job->e)
               : matter_set(&job->edit.values, name, value, "--set", job->e);
}

static bool unset_field(struct job *job, const char *name)
{
    return job->zigbee ? zigbee_unset(&job->values, name, "--unset", job->e)
                       : matter_unset(&job->edit.values, name, "--unset", job->e);
}

static bool take_sets(struct job *job)
{
    const char **sets = args_values(job->args, "set");
    for (size_t i = 0; sets[i] != NULL; i++) {
        const char *equals = strchr(sets[i], '=');
        const char *name = field_name(job, sets[i]);
        if (equals == NULL || *name == '\0') {
            return err_set(job->e, STATUS_CANNOT,
                           "--set %s: write FIELD=VALUE, as in software_version=3", sets[i]);
        }
        if (is_named(job, sets, i, name)) {
            return err_set(job->e, STATUS_CANNOT, "--set: %s is given twice; give it once", name);
        }
        if (!set_field(job, name, equals + 1)) {
            return false;
        }
    }
    return true;
}

static bool take_unsets(struct job *job)
{
    const char **sets = args_values(job->args, "set");
    for (const char **word = args_values(job->args, "unset"); *word != NULL; word++) {
        const char *name = field_name(job, *word), *set = set_as_well(job, sets, name);
        if (set != NULL) {
            return err_set(job->e, STATUS_CANNOT,
                           strcmp(set, name) == 0
                               ? "--unset: %s is set as well; give one of the two"
                               : "--unset: with %s goes %s, which is set; give one of the two",
                           name, set);
        }
        if (!unset_field(job, name)) {
            return false;
        }
    }
    return true;
}

// Opens the file, and takes the values of its header.
static bool open_file(struct job *job, const struct read_options *options)
{
    struct edit *edit = &job->edit;
    if (!open_tree_judged(&edit->image, job->args->operands[0], options, &job->arena, job->e)) {
        return false;
    }
    edit->name = input_name(edit->image.input);
    job->zigbee = is_zigbee(edit->image.root);
    return job->zigbee ? edit_zigbee_begin(edit, &job->values, &job->arena, job->e)
                       : edit_begin(edit, &job->arena, job->e);
}

static enum status edit_run(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    job.edit.quiet = args_value(args, "quiet") != NULL;
    job.edit.done = "edited";
    struct build b = {.target = args_value(args, "output"), .quiet = job.edit.quiet};
    b.target = b.target == NULL ? args->operands[0] : b.target;
    bool good = edit_target_is_file(args, e) && verb_options_take(&b.options, args, e) &&
                open_file(&job, &b.options.read) && take_sets(&job) && take_unsets(&job);
    enum status status = !good        ? e->status
                         : job.zigbee ? edit_zigbee_write(&job.edit, &job.values, b, e)
                                      : edit_write(&job.edit, b, e);
    edit_close(&job.edit);
    verb_options_close(&b.options);
    arena_free(&job.arena);
    return status;
}

static const char *optional_field(unsigned i)
{
    for (int tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        if (!matter_fields[tag].needed && !matter_fields[tag].computed && i-- == 0) {
            return matter_fields[tag].name;
        }
    }
    for (int id = 0; id < ZIGBEE_FIELD_COUNT; id++) {
        if (zigbee_optional(id) && i-- == 0) {
            return zigbee_fields[id].name;
        }
    }
    return NULL;
}

static const struct opt *const opts[] = {
    OPTS(
        {'s', "set", OPT_TEXT("FIELD=VALUE"), "a new value, such as software_version=3", true},
        {'u', "unset", OPT_CHOICE_OF("FIELD", optional_field), "leave out an optional field", true},
        {'o', "output", OPT_FILE, "write here, and leave the file as it is", false}),
    opt_partition_table, opt_allow, opt_quiet, NULL};

const struct cmd cmd_edit = {
    .name = "edit",
    .summary = "change fields of a Matter or Zigbee header; sizes follow",
    .operands = "FILE [--set FIELD=VALUE]... [--unset FIELD]... [-o FILE]",
    .about = "Changes fields of a Matter OTA image's header, around the same payload:\n"
             "vendor_id, product_id, software_version, software_version_string,\n"
             "release_notes_url, min_ and max_applicable_software_version,\n"
             "image_digest_type; or of a Zigbee OTA file's: manufacturer, image_type,\n"
             "file_version, stack_version, header_version, header_string, destination,\n"
             "security_credential_version, min_ and max_hardware_version. Sizes and digest\n"
             "follow, and without any field the header is only redone. The result must pass\n"
             "the checks that build makes; a payload that does not fit its digest is not\n"
             "given a new one. - is standard input, and needs -o.",
    .examples = "  otapack edit light.ota --set vendor_id=0x131B --set product_id=2\n"
                "  otapack edit light.ota --unset release_notes_url -o plain.ota",
    .opts = opts,
    .min = 1,
    .max = 1,
    .run = edit_run};
