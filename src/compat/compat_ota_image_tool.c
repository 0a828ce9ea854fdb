// SPDX-License-Identifier: Apache-2.0
//
// compat ota_image_tool: the command lines of the Matter SDK's script. Its options with one dash
// and several letters, and its @files, are brought into the form that args.h reads; then it is a
// build, an edit, or a look at a header.
#include "compat_ota_image_tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "argparse.h"
#include "compat.h"
#include "edit.h"
#include "kinds.h"
#include "layer_image.h"
#include "matter_digest.h"
#include "output.h"
#include "rule.h"
#include "text.h"

// An option of create and change_header: how the script calls it, and the field it sets.
static const struct argparse_option options[] = {
    {"-v", "vendor-id", "vendor_id"},
    {"-p", "product-id", "product_id"},
    {"-vn", "version", "software_version"},
    {"-vs", "version-str", "software_version_string"},
    {"-da", "digest-algorithm", "image_digest_type"},
    {"-mi", "min-version", "min_applicable_software_version"},
    {"-ma", "max-version", "max_applicable_software_version"},
    {"-rn", "release-notes", "release_notes_url"},
};
enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static bool take_option(const struct argparse_option *o, const char *text, struct arena *a,
                        struct matter_values *values, struct err *e)
{
    uint64_t number;
    const char *where = arena_printf(a, "--%s", o->name);
    enum field_kind kind = matter_field_by_name(o->use)->kind;
    if (kind == FIELD_ENUM && text_number(text, &number)) {
        return err_set(e, STATUS_CANNOT, "%s: '%s' is a number; write the name, as in sha256",
                       where, text);
    }
    if (kind == FIELD_HEX || kind == FIELD_UINT) {
        if (!argparse_number(text, a, &number)) {
            return err_set(e, STATUS_CANNOT, "%s: '%s' is no number from 0 up; correct it", where,
                           text);
        }
        text = arena_printf(a, "%" PRIu64, number);
    }
    return matter_set(values, o->use, text, where, e);
}

static bool take_options(const struct args *args, struct arena *a, struct matter_values *values,
                         struct err *e)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        const char *text = args_value(args, options[i].name);
        if (text != NULL && !take_option(&options[i], text, a, values, e)) {
            return false;
        }
    }
    return true;
}

static const char *missing_option(const struct matter_values *values)
{
    const char *field = matter_missing(values);
    for (size_t i = 0; field != NULL && i < OPTIONS; i++) {
        if (strcmp(options[i].use, field) == 0) {
            return options[i].name;
        }
    }
    return NULL;
}

bool ota_image_tool_values(const struct args *args, struct arena *a, struct matter_values *values,
                           struct err *e)
{
    if (!take_options(args, a, values, e)) {
        return false;
    }
    const char *missing = missing_option(values);
    return missing == NULL ||
           err_set(e, STATUS_CANNOT, "%s needs --%s; see its --help", args->cmd->name, missing);
}

// ---- Subcommands --------------------------------------------------------------------------------

// The script knows nothing of payloads: which it is, and that its version is another, draws only a
// warning.
struct build ota_image_tool_build(const char *target)
{
    struct build b = {.target = target, .no_summary = true};
    b.options.read.allow[CHECK_MATTER_VERSION_MATCH] = true;
    b.options.read.allow[CHECK_SLOT_CONTENT] = true;
    return b;
}

enum status ota_image_tool_create(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct matter_values values = {0};
    struct recipe_image image = {.part.file = args->operands[0]};
    struct recipe_text **more = &image.more;
    struct recipe recipe = {0};
    struct build b = ota_image_tool_build(args->operands[args->operand_count - 1]);
    enum status status = STATUS_CANNOT;
    b.recipe = &recipe;
    recipe_add(&recipe, &a, (struct layer){.type = &layer_image, .is = &image});
    recipe_add(&recipe, &a, (struct layer){&layer_matter, NULL, NULL, b.target, &values});
    for (size_t i = 1; i + 1 < args->operand_count; i++) {
        *more = ARENA_NEW(&a, struct recipe_text);
        (*more)->text = args->operands[i];
        more = &(*more)->next;
    }
    if (ota_image_tool_values(args, &a, &values, e)) {
        status = build_run(&b, e);
    }
    arena_free(&a);
    return status;
}

enum status ota_image_tool_change_header(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct edit edit = {.done = "edited", .only_header = true};
    struct build b = ota_image_tool_build(args->operands[1]);
    bool good = edit_open(&edit, args->operands[0], &b.options.read, &a, e) &&
                take_options(args, &a, &edit.values, e);
    enum status status = good ? edit_write(&edit, b, e) : e->status;
    edit_close(&edit);
    arena_free(&a);
    return status;
}

// Opens a file whose header can be read; nothing else of it is judged. To be closed if good.
bool ota_image_tool_open(struct opened *image, const char *file, struct arena *a, struct err *e)
{
    static const struct read_options plain;
    if (!open_tree(image, file, &plain, a, e)) {
        return false;
    }
    const struct node *root = image->root;
    if (!is_matter(root) || root->error != NULL) {
        err_set(e, STATUS_NO, "%s: %s; name a Matter OTA image, or see otapack inspect", file,
                root->error != NULL ? root->error : root->summary);
        open_tree_close(image);
        return false;
    }
    return true;
}

// What follows the header is not the payload that the header tells of.
static void warn_of_size(struct arena *a, struct node *root, const char *file)
{
    static const struct read_options plain;
    struct judge j = JUDGE_OF(a, &plain);
    rule_matter_sizes(&j, root);
    for (const struct finding *f = root->findings; f != NULL; f = f->next) {
        if (f->verdict != VERDICT_PASS &&
            (f->check == CHECK_MATTER_BOUNDS || f->check == CHECK_MATTER_TRAILING)) {
            say("%s: warning: %s [%s]", file, f->message, checks[f->check].id);
        }
    }
}

enum status ota_image_tool_extract(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct opened image;
    struct output *out = NULL;
    bool good = ota_image_tool_open(&image, args->operands[0], &a, e);
    if (good) {
        struct node *root = image.root;
        uint64_t at = node_find(root, "payload", -1)->src.base;
        struct otapack_source rest = otapack_part(&root->src, at, root->src.size);
        out = input_is_named(image.input, args->operands[1], e) ? NULL
                                                                : output_open(args->operands[1], e);
        warn_of_size(&a, root, args->operands[0]);
        good = out != NULL && output_copy(out, &rest, e) && input_good(image.input, e);
        open_tree_close(&image);
    }
    if (good) {
        good = output_commit(out, e);
    } else {
        output_abandon(out);
    }
    arena_free(&a);
    return good ? STATUS_OK : e->status;
}

// By tags, as the script calls the fields.
static const char *const titles[MATTER_FIELD_COUNT] = {
    "Vendor Id",   "Product Id",  "Version",           "Version String", "Payload Size",
    "Min Version", "Max Version", "Release Notes Url", "Digest Type",    "Digest"};

static void print_header(struct arena *a, const struct node *root)
{
    printf("Magic: %" PRIx64 "\nTotal Size: %" PRIu64 "\nHeader Size: %" PRIu64 "\nHeader TLV:\n",
           node_number(root, "magic"), node_number(root, "total_size"),
           node_number(root, "header_size"));
    for (int tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        const struct field *f = node_field(root, matter_fields[tag].name);
        if (f != NULL && (f->kind == FIELD_STRING || f->kind == FIELD_BYTES)) {
            printf("  [%d] %s: %s\n", tag, titles[tag], text_printable(a, f->text));
        } else if (f != NULL) {
            printf("  [%d] %s: %" PRIu64 " (0x%" PRIx64 ")\n", tag, titles[tag], f->number,
                   f->number);
        }
    }
}

enum status ota_image_tool_show(const struct args *args,
                                void (*more)(const char *file, const struct node *root),
                                struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct opened image;
    bool good = ota_image_tool_open(&image, args->operands[0], &a, e);
    if (good) {
        print_header(&a, image.root);
        if (more != NULL) {
            more(args->operands[0], image.root);
        }
        open_tree_close(&image);
    }
    arena_free(&a);
    return good ? STATUS_OK : e->status;
}

static enum status show(const struct args *args, struct err *e)
{
    return ota_image_tool_show(args, NULL, e);
}

// ---- Command lines ------------------------------------------------------------------------------

// Also -v, -p, -vn, -vs, -da, -mi, -ma, -rn, which take_words turns into these.
static const char *digest_name(unsigned i)
{
    return i < MATTER_DIGEST_COUNT ? matter_digest_names()[i] : NULL;
}

const struct opt *const ota_image_tool_opts[] = {
    OPTS({0, "vendor-id", OPT_NUMBER("ID"), "-v: for whose devices", true},
         {0, "product-id", OPT_NUMBER("ID"), "-p: for which product", true},
         {0, "version", OPT_NUMBER("NUMBER"), "-vn: software version", true},
         {0, "version-str", OPT_TEXT("TEXT"), "-vs: software version as a text", true},
         {0, "digest-algorithm", OPT_CHOICE_OF("NAME", digest_name),
          "-da: sha256, sha256_128, sha256_120, sha256_96,\nsha256_64, sha256_32, sha384, sha512,\n"
          "sha3_224, sha3_256, sha3_384 or sha3_512",
          true},
         {0, "min-version", OPT_NUMBER("NUMBER"), "-mi: lowest version that may update to this",
          true},
         {0, "max-version", OPT_NUMBER("NUMBER"), "-ma: highest version that may", true},
         {0, "release-notes", OPT_TEXT("URL"), "-rn: where the release notes are", true}),
    NULL};

static const struct cmd *const subcommands[] = {
    OTA_IMAGE_TOOL_CREATE("ota_image_tool"),        OTA_IMAGE_TOOL_CREATE_MULTI("ota_image_tool"),
    OTA_IMAGE_TOOL_SHOW("ota_image_tool", show),    OTA_IMAGE_TOOL_EXTRACT("ota_image_tool"),
    OTA_IMAGE_TOOL_CHANGE_HEADER("ota_image_tool"), NULL};

enum status ota_image_tool_run(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct argparse_words *w = ARENA_NEW(&a, struct argparse_words);
    enum status status = STATUS_CANNOT;
    if (argparse_expand(args->operands, args->operand_count, &a, w, e) &&
        argparse_translate(w, options, OPTIONS, &a, e)) {
        status = w->count == 0 ? STATUS_CANNOT
                               : cmd_run_inner(args->cmd, args->cmd->inner, w->count, w->list, e);
        if (w->count == 0) {
            err_set(e, STATUS_CANNOT, "%s needs to be told what to do; see its --help",
                    args->cmd->name);
        }
    }
    arena_free(&a);
    return status;
}

const struct cmd compat_ota_image_tool = {
    .name = "ota_image_tool",
    .parent = "compat ",
    .summary = "of the Matter SDK; all commands and create-multi",
    .operands = "create|create-multi|show|extract|change_header ARGUMENT...",
    .about = "Takes the command lines of the Matter SDK's ota_image_tool.py, @FILE included:",
    .inner = subcommands,
    .more = "Each has its --help. Headers come out the same to the byte; what a device would\n"
            "refuse is refused, and a version that is not the application's draws a warning.",
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = ota_image_tool_run};
