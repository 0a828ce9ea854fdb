// SPDX-License-Identifier: Apache-2.0
//
// edit: new values for the fields of a header, around the same payload.
#include <string.h>

#include "cmd.h"
#include "edit.h"
#include "text.h"

static const struct edit_header *const headers[] = {&edit_matter, &edit_zigbee};
enum { HEADERS = sizeof(headers) / sizeof(headers[0]) };

struct job {
    const struct args *args;
    struct arena arena;
    struct edit edit;
    const struct edit_header *header; // of the file
    struct err *e;
};

// The header whose key stands before a field's name, as in --set of build; NULL: none does.
static const struct edit_header *header_named(const char *word)
{
    for (size_t i = 0; i < HEADERS; i++) {
        size_t n = strlen(headers[i]->key);
        if (strncmp(word, headers[i]->key, n) == 0 && word[n] == '.') {
            return headers[i];
        }
    }
    return NULL;
}

// The field that FIELD or FIELD=VALUE names, with that key or without it.
static const char *field_name(struct job *job, const char *word)
{
    const struct edit_header *named = header_named(word);
    word += named == NULL ? 0 : strlen(named->key) + 1;
    return arena_copy(&job->arena, word, strcspn(word, "="));
}

// No word is about a header that the file has not.
static bool are_of_this_header(struct job *job, const char *option)
{
    for (const char **word = args_values(job->args, option); *word != NULL; word++) {
        const struct edit_header *named = header_named(*word);
        if (named != NULL && named != job->header) {
            return err_set(
                job->e, STATUS_CANNOT,
                "%s: --%s %.*s is about %s files, and this is a %s file; write the name of "
                "one of its fields, with %s. before it or alone",
                job->edit.name, option, (int)strcspn(*word, "="), *word, named->title,
                job->header->title, job->header->key);
        }
    }
    return true;
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
    const struct edit_header *header = job->header;
    for (size_t i = 0; sets[i] != NULL; i++) {
        const char *set = field_name(job, sets[i]);
        if (strcmp(set, name) == 0 || (header->together != NULL && header->together(name, set))) {
            return set;
        }
    }
    return NULL;
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
        if (!job->header->set(&job->edit, name, equals + 1, job->e)) {
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
        if (!job->header->unset(&job->edit, name, job->e)) {
            return false;
        }
    }
    return true;
}

// "Matter and Zigbee"
static const char *titles(struct arena *a)
{
    const char *words[HEADERS];
    for (size_t i = 0; i < HEADERS; i++) {
        words[i] = headers[i]->title;
    }
    return arena_printf(a, "%s and %s", text_list(a, words, HEADERS - 1), words[HEADERS - 1]);
}

// Opens the file, and takes the values of its header.
static bool open_file(struct job *job, const struct read_options *options)
{
    struct edit *edit = &job->edit;
    if (!open_tree_judged(&edit->image, job->args->operands[0], options, &job->arena, job->e)) {
        return false;
    }
    edit->name = input_name(edit->image.input);
    size_t i = 0;
    while (i < HEADERS && !headers[i]->is(edit->image.root)) {
        i++;
    }
    if (i == HEADERS) {
        return err_set(job->e, STATUS_NO, "%s: not edited: %s; only %s files have a header to edit",
                       edit->name, edit->image.root->summary, titles(&job->arena));
    }
    job->header = headers[i];
    return job->header->begin(edit, &job->arena, job->e);
}

static enum status edit_run(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    job.edit.quiet = args_value(args, "quiet") != NULL;
    job.edit.done = "edited";
    struct build b = {.args = args, .target = args_value(args, "output"), .quiet = job.edit.quiet};
    b.target = b.target == NULL ? args->operands[0] : b.target;
    bool good = edit_target_is_file(args, e) && verb_options_take(&b.options, args, e) &&
                open_file(&job, &b.options.read) && are_of_this_header(&job, "set") &&
                are_of_this_header(&job, "unset") && take_sets(&job) && take_unsets(&job);
    enum status status = good ? job.header->write(&job.edit, b, e) : e->status;
    edit_close(&job.edit);
    verb_options_close(&b.options);
    arena_free(&job.arena);
    return status;
}

static const char *optional_field(unsigned i)
{
    for (size_t h = 0; h < HEADERS; h++) {
        const char *name;
        for (unsigned k = 0; (name = headers[h]->optional(k)) != NULL; k++) {
            if (i-- == 0) {
                return name;
            }
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
