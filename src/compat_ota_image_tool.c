// SPDX-License-Identifier: Apache-2.0
//
// compat ota_image_tool: the command lines of the Matter SDK's script. Its options with one dash
// and several letters, and its @files, are brought into the form that args.h reads; then it is a
// build, an edit, or a look at a header.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "argparse.h"
#include "cmd.h"
#include "edit.h"
#include "matter_digest.h"
#include "output.h"
#include "source.h"
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
    bool digest = strcmp(o->use, "image_digest_type") == 0;
    bool is_text =
        strcmp(o->use, "software_version_string") == 0 || strcmp(o->use, "release_notes_url") == 0;
    if (digest && matter_digest_type(text) == 0) {
        return err_set(e, STATUS_CANNOT, "%s: '%s' is no digest; see its --help", where, text);
    }
    if (!digest && !is_text) {
        if (!argparse_number(text, a, &number)) {
            return err_set(e, STATUS_CANNOT, "%s: '%s' is no number", where, text);
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

// ---- Subcommands --------------------------------------------------------------------------------

// The script knows nothing of payloads: what it passed, and a device takes, goes through with a
// warning.
static struct build build_for(const char *target)
{
    struct build b = {.target = target, .no_summary = true};
    b.options.read.allow[CHECK_MATTER_VERSION_MATCH] = true;
    return b;
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

static enum status create(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct matter_values values = {0};
    struct recipe recipe = {.image = args->operands[0], .matter = &values};
    struct recipe_text **more = &recipe.more;
    struct build b = build_for(args->operands[args->operand_count - 1]);
    enum status status = STATUS_CANNOT;
    b.recipe = &recipe;
    recipe.matter_where = b.target;
    for (size_t i = 1; i + 1 < args->operand_count; i++) {
        *more = ARENA_NEW(&a, struct recipe_text);
        (*more)->text = args->operands[i];
        more = &(*more)->next;
    }
    if (take_options(args, &a, &values, e)) {
        const char *missing = missing_option(&values);
        status = missing == NULL ? build_run(&b, e) : STATUS_CANNOT;
        if (missing != NULL) {
            err_set(e, STATUS_CANNOT, "create needs --%s; see its --help", missing);
        }
    }
    arena_free(&a);
    return status;
}

static enum status change_header(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct edit edit = {.name = NULL};
    struct build b = build_for(args->operands[1]);
    bool good = edit_open(&edit, args->operands[0], &b.options.read, &a, e) &&
                take_options(args, &a, &edit.values, e);
    enum status status = good ? edit_write(&edit, &b, e) : e->status;
    edit_close(&edit);
    arena_free(&a);
    return status;
}

// A file whose header can be read; nothing else of it is judged.
static struct input *open_header(const char *file, struct otapack_matter *m, struct err *e)
{
    struct input *in = input_open(file, e);
    struct otapack_source src;
    if (in == NULL) {
        return NULL;
    }
    src = input_source(in);
    struct otapack_status s = otapack_matter_open(&src, m);
    if (s.code != OTAPACK_OK && input_good(in, e)) {
        err_set(e, STATUS_NO,
                "%s: is no Matter OTA image with a header that devices read: %s at 0x%" PRIx64
                "; otapack inspect says more",
                input_name(in), s.field, s.at);
    }
    if (s.code != OTAPACK_OK) {
        input_close(in);
        return NULL;
    }
    return in;
}

static enum status extract(const struct args *args, struct err *e)
{
    struct otapack_matter m;
    struct input *in = open_header(args->operands[0], &m, e);
    struct output *out = in == NULL || input_is_named(in, args->operands[1], e)
                             ? NULL
                             : output_open(args->operands[1], e);
    bool good = false;
    if (out != NULL) {
        struct otapack_source src = input_source(in);
        struct otapack_source payload =
            otapack_part(&src, otapack_matter_payload_at(&m), UINT64_MAX);
        good = output_copy(out, &payload, e);
        (void)input_good(in, e);
        if (good) {
            good = output_commit(out, e);
        } else {
            output_abandon(out);
        }
    }
    input_close(in);
    return good ? STATUS_OK : e->status;
}

static void show_text_of(const struct otapack_source *src, struct otapack_matter_text text, int tag,
                         const char *name, struct arena *a)
{
    const uint8_t *bytes = source_bytes(a, src, text.at, text.size);
    printf("  [%d] %s: %s\n", tag, name,
           tag == OTAPACK_MATTER_IMAGE_DIGEST ? text_hex(a, bytes, text.size)
                                              : text_printable(a, text_utf8(a, bytes, text.size)));
}

static void show_number(int tag, const char *name, uint64_t number)
{
    printf("  [%d] %s: %" PRIu64 " (0x%" PRIx64 ")\n", tag, name, number, number);
}

static void show_header(const struct otapack_source *src, const struct otapack_matter *m,
                        struct arena *a)
{
    printf("Magic: %x\nTotal Size: %" PRIu64 "\nHeader Size: %" PRIu32 "\nHeader TLV:\n",
           OTAPACK_MATTER_MAGIC, m->total_size, m->header_size);
    show_number(OTAPACK_MATTER_VENDOR_ID, "Vendor Id", m->vendor_id);
    show_number(OTAPACK_MATTER_PRODUCT_ID, "Product Id", m->product_id);
    show_number(OTAPACK_MATTER_SOFTWARE_VERSION, "Version", m->software_version);
    show_text_of(src, m->software_version_string, OTAPACK_MATTER_SOFTWARE_VERSION_STRING,
                 "Version String", a);
    show_number(OTAPACK_MATTER_PAYLOAD_SIZE, "Payload Size", m->payload_size);
    if (m->has_min_applicable_software_version) {
        show_number(OTAPACK_MATTER_MIN_VERSION, "Min Version", m->min_applicable_software_version);
    }
    if (m->has_max_applicable_software_version) {
        show_number(OTAPACK_MATTER_MAX_VERSION, "Max Version", m->max_applicable_software_version);
    }
    if (m->has_release_notes_url) {
        show_text_of(src, m->release_notes_url, OTAPACK_MATTER_RELEASE_NOTES_URL,
                     "Release Notes Url", a);
    }
    show_number(OTAPACK_MATTER_IMAGE_DIGEST_TYPE, "Digest Type", m->image_digest_type);
    show_text_of(src, m->image_digest, OTAPACK_MATTER_IMAGE_DIGEST, "Digest", a);
}

static enum status show(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct otapack_matter m;
    struct input *in = open_header(args->operands[0], &m, e);
    if (in != NULL) {
        struct otapack_source src = input_source(in);
        show_header(&src, &m, &a);
    }
    bool good = in != NULL && input_good(in, e);
    input_close(in);
    arena_free(&a);
    return good ? STATUS_OK : e->status;
}

// ---- Command lines ------------------------------------------------------------------------------

// Also -v, -p, -vn, -vs, -da, -mi, -ma, -rn, which take_words turns into these.
static const struct opt header_opts[] = {
    {0, "vendor-id", "ID", "-v: for whose devices", true},
    {0, "product-id", "ID", "-p: for which product", true},
    {0, "version", "NUMBER", "-vn: software version", true},
    {0, "version-str", "TEXT", "-vs: software version as a text", true},
    {0, "digest-algorithm", "NAME",
     "-da: sha256, sha256_128, sha256_120, sha256_96,\nsha256_64, sha256_32, sha384, sha512,\n"
     "sha3_224, sha3_256, sha3_384 or sha3_512",
     true},
    {0, "min-version", "NUMBER", "-mi: lowest version that may update to this", true},
    {0, "max-version", "NUMBER", "-ma: highest version that may", true},
    {0, "release-notes", "URL", "-rn: where the release notes are", true},
    OPT_END,
};
static const struct opt no_opts[] = {OPT_END};

static const struct cmd subcommands[] = {
    {.name = "create",
     .parent = "compat ota_image_tool ",
     .operands = "-v ID -p ID -vn NUMBER -vs TEXT -da NAME INPUT... OUTPUT",
     .about = "Writes a Matter OTA image: a header, and the inputs behind it.",
     .opts = header_opts,
     .min = 2,
     .max = ARGS_MOST,
     .run = create},
    {.name = "show",
     .parent = "compat ota_image_tool ",
     .operands = "IMAGE",
     .about = "Prints the header of a Matter OTA image.",
     .opts = no_opts,
     .min = 1,
     .max = 1,
     .run = show},
    {.name = "extract",
     .parent = "compat ota_image_tool ",
     .operands = "IMAGE OUTPUT",
     .about = "Writes what follows the header of a Matter OTA image.",
     .opts = no_opts,
     .min = 2,
     .max = 2,
     .run = extract},
    {.name = "change_header",
     .parent = "compat ota_image_tool ",
     .operands = "[OPTION]... IMAGE OUTPUT",
     .about = "Writes a Matter OTA image with other values in its header. The digest is computed\n"
              "anew.",
     .opts = header_opts,
     .min = 2,
     .max = 2,
     .run = change_header},
};
enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

static enum status ota_image_tool(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct argparse_words *w = ARENA_NEW(&a, struct argparse_words);
    const struct cmd *list[SUBCOMMANDS];
    enum status status = STATUS_CANNOT;
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        list[i] = &subcommands[i];
    }
    if (argparse_expand(args->operands, args->operand_count, &a, w, e) &&
        argparse_translate(w, options, OPTIONS, &a, e)) {
        status = w->count == 0 ? STATUS_CANNOT
                               : cmd_run_inner(args->cmd, list, SUBCOMMANDS, w->list[0],
                                               w->count - 1, w->list + 1, e);
        if (w->count == 0) {
            err_set(e, STATUS_CANNOT, "ota_image_tool needs to be told what to do; see its --help");
        }
    }
    arena_free(&a);
    return status;
}

const struct cmd compat_ota_image_tool = {
    .name = "ota_image_tool",
    .parent = "compat ",
    .summary = "ota_image_tool.py of the Matter SDK",
    .operands = "create|show|extract|change_header ARGUMENT...",
    .about = "Takes the command lines of the Matter SDK's ota_image_tool.py, @FILE included:\n"
             "\n"
             "  create         a header around one file or several\n"
             "  show           the header of an image\n"
             "  extract        what follows the header\n"
             "  change_header  another header around the same payload, its digest redone\n"
             "\n"
             "Each has its --help. Headers come out the same to the byte; what a device would\n"
             "refuse is refused, and a version that is not the application's draws a warning.",
    .opts = no_opts,
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = ota_image_tool};
