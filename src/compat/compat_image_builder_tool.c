// SPDX-License-Identifier: Apache-2.0
//
// compat image_builder_tool: the command line of esp-zigbee-sdk's script, which names the file that
// it writes itself.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "argparse.h"
#include "build.h"
#include "compat.h"
#include "layer_zigbee.h"
#include "os.h"
#include "text.h"

// An option, and the field that it sets. The script takes a 0 for some as if they were not given.
static const struct field_option {
    const char *name;
    enum zigbee_field_id field;
    bool zero_is_usual;
} fields[] = {
    {"header-version", ZIGBEE_HEADER_VERSION, true},
    {"manuf-id", ZIGBEE_MANUFACTURER, false},
    {"image-type", ZIGBEE_IMAGE_TYPE, false},
    {"file-version", ZIGBEE_FILE_VERSION, false},
    {"stack-version", ZIGBEE_STACK_VERSION, true},
    {"header-string", ZIGBEE_HEADER_STRING, false},
    {"security-credentials", ZIGBEE_SECURITY_VERSION, false},
    {"upgrade-dest", ZIGBEE_DESTINATION, false},
    {"min-hw-ver", ZIGBEE_MIN_HARDWARE, false},
    {"max-hw-ver", ZIGBEE_MAX_HARDWARE, false},
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

struct job {
    const struct args *args;
    struct arena arena;
    struct recipe_zigbee zigbee;
    struct err *e;
};

static bool take_number(struct job *job, const char *option, const char *text, uint64_t *out)
{
    return argparse_number(text, &job->arena, out) ||
           err_set(job->e, STATUS_CANNOT, "--%s: '%s' is no number from 0 up; correct it", option,
                   text);
}

static bool take_field(struct job *job, const struct field_option *o, const char *text)
{
    const struct zigbee_field *f = &zigbee_fields[o->field];
    const char *where = arena_printf(&job->arena, "--%s", o->name);
    uint64_t number = 0;
    if (f->kind == FIELD_STRING || f->kind == FIELD_BYTES) {
        return (*text == '\0' && f->kind == FIELD_STRING) ||
               zigbee_set(&job->zigbee.values, f->name, text, where, job->e);
    }
    if (!take_number(job, o->name, text, &number)) {
        return false;
    }
    text = arena_printf(&job->arena, "%" PRIu64, number);
    return (number == 0 && o->zero_is_usual) ||
           zigbee_set(&job->zigbee.values, f->name, text, where, job->e);
}

// The file ID may be given, and is what it is: by another one no gateway knows the file.
static bool take_file_id(struct job *job)
{
    const char *text = args_value(job->args, "file-id");
    uint64_t id = 0;
    return text == NULL ||
           (take_number(job, "file-id", text, &id) &&
            (id == 0 || id == OTAPACK_ZIGBEE_MAGIC ||
             err_set(job->e, STATUS_NO,
                     "--file-id: 0x%08" PRIX64 " is not what Zigbee files begin with, and gateways "
                     "refuse the file; leave it out",
                     id)));
}

static bool take_fields(struct job *job)
{
    for (size_t i = 0; i < FIELDS; i++) {
        const char *text = args_value(job->args, fields[i].name);
        if (text != NULL && !take_field(job, &fields[i], text)) {
            return false;
        }
    }
    for (size_t i = 0; i < FIELDS; i++) {
        const struct zigbee_field *f = &zigbee_fields[fields[i].field];
        if (f->needed && args_value(job->args, fields[i].name) == NULL) {
            return err_set(job->e, STATUS_CANNOT, "image_builder_tool needs --%s; see its --help",
                           fields[i].name);
        }
    }
    bool lowest = args_value(job->args, "min-hw-ver") != NULL;
    if (lowest != (args_value(job->args, "max-hw-ver") != NULL)) {
        return err_set(job->e, STATUS_CANNOT,
                       "--%s goes with --%s, without which no bit of the header tells of it; give "
                       "both, or none",
                       lowest ? "min-hw-ver" : "max-hw-ver", lowest ? "max-hw-ver" : "min-hw-ver");
    }
    return take_file_id(job);
}

// ---- Elements -----------------------------------------------------------------------------------

// TAG_ID [TAG_LENGTH] TAG_FILE.
static bool take_tag(struct job *job, const char *const *words, size_t count,
                     struct recipe_zigbee_element *out)
{
    uint64_t tag = 0, length = 0;
    if (count != 2 && count != 3) {
        return err_set(job->e, STATUS_CANNOT,
                       "--tag takes TAG_ID [TAG_LENGTH] TAG_FILE, and not %zu words; correct it",
                       count);
    }
    if (!take_number(job, "tag", words[0], &tag) ||
        (count == 3 && !take_number(job, "tag", words[1], &length))) {
        return false;
    }
    if (tag > UINT16_MAX || length > UINT32_MAX) {
        return err_set(job->e, STATUS_CANNOT, "--tag: '%s' is above 0x%x; give a lower number",
                       tag > UINT16_MAX ? words[0] : words[1],
                       tag > UINT16_MAX ? UINT16_MAX : UINT32_MAX);
    }
    *out = (struct recipe_zigbee_element){.where = "--tag",
                                          .tag = (uint16_t)tag,
                                          .has_tag = true,
                                          .has_length = count == 3,
                                          .length = (uint32_t)length,
                                          .data.file = words[count - 1]};
    return os_may_read(out->data.file) || err_errno(job->e, out->data.file, "open");
}

// The values of --tag are how many words each has, which are the operands: see image_builder_tool.
static bool take_tags(struct job *job)
{
    const struct args *args = job->args;
    struct recipe_zigbee_element **out = &job->zigbee.elements;
    size_t at = 0;
    for (const char **tag = args_values(args, "tag"); *tag != NULL; tag++) {
        uint64_t count = 0;
        *out = ARENA_NEW(&job->arena, struct recipe_zigbee_element);
        if (!text_number(*tag, &count) || count > args->operand_count - at ||
            !take_tag(job, args->operands + at, (size_t)count, *out)) {
            return false;
        }
        at += (size_t)count;
        out = &(*out)->next;
    }
    return true;
}

// ---- The file -----------------------------------------------------------------------------------

// The script knows nothing of what it packs: that there is no image, and what it is, draws only a
// warning.
static enum status build(struct job *job)
{
    const struct zigbee_value *of = job->zigbee.values.of;
    struct recipe recipe = {0};
    struct os_info info;
    const char *target = arena_printf(
        &job->arena, "%04X-%04X-%08X-ota-file.zigbee", (unsigned)of[ZIGBEE_MANUFACTURER].number,
        (unsigned)of[ZIGBEE_IMAGE_TYPE].number, (unsigned)of[ZIGBEE_FILE_VERSION].number);
    struct build b = {.recipe = &recipe, .target = target, .no_summary = true};
    b.options.read.allow[CHECK_ZIGBEE_IMAGE] = true;
    b.options.read.allow[CHECK_SLOT_CONTENT] = true;
    recipe_add(&recipe, &job->arena,
               (struct layer){&layer_zigbee, NULL, NULL, target, &job->zigbee});
    enum status status = build_run(&b, job->e);
    if (status == STATUS_OK && os_info(target, &info)) {
        printf("File size: %" PRIu64 " bytes\nGenerated OTA file: %s\n", info.size, target);
    }
    return status;
}

static enum status run(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    bool good = take_fields(&job) && take_tags(&job) &&
                zigbee_is_complete(&job.zigbee, false, "image_builder_tool", e);
    enum status status = good ? build(&job) : e->status;
    arena_free(&job.arena);
    return status;
}

// ---- Command lines ------------------------------------------------------------------------------

// As in the original, the last of an option given twice holds.
static const struct opt *const opts[] = {
    OPTS({'d', "file-id", OPT_NUMBER("ID"), "0x0BEEF11E, the only one there is", true},
         {'r', "header-version", OPT_NUMBER("N"), "0x0100, the only one there is", true},
         {'m', "manuf-id", OPT_NUMBER("ID"), "the manufacturer's code", true},
         {'i', "image-type", OPT_NUMBER("TYPE"), "which of that manufacturer's images it is", true},
         {'v', "file-version", OPT_NUMBER("VERSION"), "by which devices decide", true},
         {'s', "stack-version", OPT_NUMBER("N"), "2, Zigbee Pro, where it is not given", true},
         {'g', "header-string", OPT_TEXT("TEXT"), "a text for people", true},
         {0, "security-credentials", OPT_NUMBER("N"), "which credentials it needs", true},
         {0, "upgrade-dest", OPT_TEXT("EUI64"), "the one device that it is for", true},
         {0, "min-hw-ver", OPT_NUMBER("N"), "the lowest hardware version that may take it", true},
         {0, "max-hw-ver", OPT_NUMBER("N"), "the highest", true},
         {0, "tag", OPT_TEXT("ID [LENGTH] FILE"), "an element: what it is, and its file", true}),
    NULL};

// The same, once each --tag is followed by how many words it has, and all these words stand behind.
static const struct cmd parsed = {.name = "image_builder_tool",
                                  .parent = "compat ",
                                  .operands = "",
                                  .opts = opts,
                                  .max = ARGS_MOST,
                                  .run = run};

// By its name, or a beginning of it that no other option has.
static bool is_tag(const char *word)
{
    size_t n = strcspn(word, "=");
    return n > 2 && n <= strlen("--tag") && strncmp(word, "--tag", n) == 0;
}

// Puts the words of each --tag aside, which argparse reads as one value; false: there is no room.
static bool part_tags(const struct argparse_words *given, struct arena *a,
                      struct argparse_words *rest, struct argparse_words *tags)
{
    for (size_t i = 0; i < given->count; i++) {
        char *word = given->list[i];
        if (!is_tag(word)) {
            rest->list[rest->count++] = word;
            continue;
        }
        char *joined = strchr(word, '=');
        size_t n = joined != NULL ? 1 : argparse_values_behind(given, i);
        rest->list[rest->count++] = arena_printf(a, "--tag=%zu", n);
        for (size_t k = 0; k < n; k++) {
            tags->list[tags->count++] = joined != NULL ? joined + 1 : given->list[++i];
        }
    }
    return rest->count + tags->count < ARGS_MOST;
}

static bool is_stray(const struct argparse_words *rows, struct err *e)
{
    for (size_t i = 1; i < rows->count; i++) {
        if (rows->list[i][0] != '-' || strcmp(rows->list[i], "--") == 0) {
            return err_set(e, STATUS_CANNOT, "'%s' belongs to no option; see --help",
                           rows->list[i]);
        }
    }
    return true;
}

static enum status image_builder_tool(const struct args *args, struct err *e)
{
    static const char *const no_lists[] = {NULL};
    const struct cmd *const list[] = {&parsed, NULL};
    struct arena a = ARENA_EMPTY;
    struct argparse_words *given = ARENA_NEW(&a, struct argparse_words);
    struct argparse_words *rest = ARENA_NEW(&a, struct argparse_words);
    struct argparse_words *tags = ARENA_NEW(&a, struct argparse_words);
    struct argparse_words *rows = ARENA_NEW(&a, struct argparse_words);
    enum status status = STATUS_CANNOT;
    given->list[given->count++] = arena_string(&a, parsed.name);
    for (size_t i = 0; i < args->operand_count && given->count < ARGS_MOST; i++) {
        given->list[given->count++] = arena_string(&a, args->operands[i]);
    }
    if (!part_tags(given, &a, rest, tags)) {
        err_set(e, STATUS_CANNOT, "there are more than %d arguments; give fewer", ARGS_MOST);
    } else if (argparse_rows(rest, opts, no_lists, &a, rows, e) && is_stray(rows, e)) {
        if (tags->count > 0) {
            rows->list[rows->count++] = arena_string(&a, "--");
        }
        for (size_t i = 0; i < tags->count && rows->count < ARGS_MOST; i++) {
            rows->list[rows->count++] = tags->list[i];
        }
        status = cmd_run_inner(args->cmd, list, rows->count, rows->list, e);
    }
    arena_free(&a);
    return status;
}

const struct cmd compat_image_builder_tool = {
    .name = "image_builder_tool",
    .parent = "compat ",
    .summary = "of esp-zigbee-sdk; Zigbee OTA files",
    .operands = "-m ID -i TYPE -v VERSION [OPTION]...",
    .about =
        "Writes a Zigbee OTA file as esp-zigbee-sdk's image_builder_tool.py does, the same to\n"
        "the byte, into MMMM-TTTT-VVVVVVVV-ota-file.zigbee here. What no device could take is\n"
        "refused; a file without an image draws a warning.",
    .opts = opts,
    .max = ARGS_MOST,
    .raw = true,
    .run = image_builder_tool};
