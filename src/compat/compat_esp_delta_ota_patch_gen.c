// SPDX-License-Identifier: Apache-2.0
//
// compat esp_delta_ota_patch_gen: the command lines of the script that comes with the example of
// Espressif's component esp_delta_ota.
#include <stdio.h>
#include <string.h>

#include "compat.h"
#include "delta_base.h"
#include "format_list.h"
#include "open_tree.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

// A base that was not appended its SHA-256 devices take all the same, but this script does not.
static bool has_hash(const char *file, struct err *e)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    struct opened base;
    bool good = open_tree(&base, file, &plain, &a, e);
    if (good) {
        good = node_field(base.root, "hash") != NULL ||
               err_set(e, STATUS_NO,
                       "%s: Failed to find validation hash in base binary; give an app with its "
                       "SHA-256 behind it",
                       file);
        open_tree_close(&base);
    }
    arena_free(&a);
    return good;
}

static enum status create(const struct args *args, struct err *e)
{
    static const struct cmd *const list[] = {&cmd_delta, NULL};
    const char *base = args_value(args, "base-binary");
    const char *patch = args_value(args, "patch-file-name");
    const char *said[] = {"delta",
                          "--quiet",
                          "-o",
                          patch == NULL ? "patch.bin" : patch,
                          "--",
                          base,
                          args_value(args, "new-binary")};
    if (patch != NULL && strcmp(patch, "-") == 0) {
        err_set(e, STATUS_CANNOT, "--patch_file_name -: messages go there; name a file");
        return STATUS_CANNOT;
    }
    char *words[COUNT(said)];
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(said); i++) {
        words[i] = arena_string(&a, said[i]);
    }
    enum status status =
        has_hash(base, e) ? cmd_run_inner(args->cmd, list, COUNT(said), words, e) : e->status;
    arena_free(&a);
    if (status == STATUS_OK) {
        printf("Patch created successfully.\nPatch file verified successfully\n");
    }
    return status;
}

// Only a patch makes something of a base: any other file that passes its own checks is none.
static enum status judge_patch(const struct opened *patch, const char *file, struct err *e)
{
    const struct finding *f = first_failure(patch->root);
    if (f != NULL) {
        err_set(e, STATUS_NO, "%s: Failed to verify the patch: %s; %s", file, f->message,
                checks[f->check].remedy);
        return STATUS_NO;
    }
    if (!node_is(patch->root, &format_delta)) {
        err_set(e, STATUS_NO,
                "%s: Failed to verify the patch: %s; name the file that create_patch wrote", file,
                patch->root->summary);
        return STATUS_NO;
    }
    return STATUS_OK;
}

static enum status verify(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct read_options options = {.slot = NULL};
    struct opened patch;
    const char *file = args_value(args, "patch-file-name");
    enum status status = STATUS_CANNOT;
    if (delta_base_take(&options, args_value(args, "base-binary"), &a, e) &&
        delta_made_take(&options, args_value(args, "new-binary"), &a, e) &&
        open_tree_judged(&patch, file, &options, &a, e)) {
        if (input_good(patch.input, e)) {
            status = judge_patch(&patch, file, e);
        }
        open_tree_close(&patch);
    }
    arena_free(&a);
    if (status == STATUS_OK) {
        printf("Patch file verified successfully\n");
    }
    return status;
}

static const struct {
    const char *name;
    enum status (*run)(const struct args *args, struct err *e);
    const char *needs[4]; // options
} commands[] = {
    {"create_patch", create, {"base-binary", "new-binary"}},
    {"verify_patch", verify, {"base-binary", "patch-file-name", "new-binary"}},
};

static enum status run(const struct args *args, struct err *e)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (args->operand_count != 1 || strcmp(args->operands[0], commands[i].name) != 0) {
            continue;
        }
        for (const char *const *need = commands[i].needs; *need != NULL; need++) {
            if (args_value(args, *need) == NULL) {
                err_set(e, STATUS_CANNOT, "%s needs --%s; see its --help", commands[i].name, *need);
                return STATUS_CANNOT;
            }
        }
        return commands[i].run(args, e);
    }
    err_set(e, STATUS_CANNOT, "Invalid command. Use 'create_patch' or 'verify_patch'; see --help");
    return STATUS_CANNOT;
}

static const struct opt *const opts[] = {
    OPTS({0, "chip", OPT_TEXT("CHIP"), "nothing: the apps say it themselves", true},
         {0, "base-binary", OPT_FILE, "the app that devices run", true},
         {0, "new-binary", OPT_FILE, "the app that they are to run", true},
         {0, "patch-file-name", OPT_FILE, "the patch; to write, patch.bin", true}),
    NULL};

#define TOOL(is_raw, most, does)                                                                   \
    {                                                                                              \
        .name = "esp_delta_ota_patch_gen", .parent = "compat ",                                    \
        .summary = "of esp_delta_ota; its create_patch and verify_patch",                          \
        .operands = "create_patch --base_binary FILE --new_binary FILE [--patch_file_name FILE]\n" \
                    "verify_patch --base_binary FILE --patch_file_name FILE --new_binary FILE",    \
        .about =                                                                                   \
            "Takes the command lines of esp_delta_ota_patch_gen.py of Espressif's component\n"     \
            "esp_delta_ota, and does what otapack delta and verify do. A patch is smaller\n"       \
            "than that script's, and devices apply it alike.",                                     \
        .opts = opts, .raw = (is_raw), .max = (most), .run = (does)                                \
    }

static const struct cmd inner = TOOL(false, 1, run);

static enum status esp_delta_ota_patch_gen(const struct args *args, struct err *e)
{
    return compat_run_rows(args, &inner, e);
}

const struct cmd compat_esp_delta_ota_patch_gen = TOOL(true, ARGS_MOST, esp_delta_ota_patch_gen);
