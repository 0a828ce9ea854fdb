// SPDX-License-Identifier: Apache-2.0
//
// compat: the command lines of the scripts that otapack replaces, unchanged.
#include <string.h>

#include "argparse.h"
#include "compat.h"
#include "file_path.h"

static const struct cmd *const tools[] = {
#define X(name) &compat_##name,
    COMPAT_LIST(X)
#undef X
        NULL};

// path/to/create_ota_image.py is create_ota_image: a build that calls it so only gets a new first
// word.
static char *script_name(const char *word, struct arena *a)
{
    const char *name = file_path_name(word);
    size_t n = strlen(name);
    return arena_copy(a, name, n > 3 && strcmp(name + n - 3, ".py") == 0 ? n - 3 : n);
}

static enum status compat_run(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    char **words = args_words(args, &a);
    words[0] = script_name(words[0], &a);
    enum status status = cmd_run_inner(args->cmd, tools, args->operand_count, words, e);
    arena_free(&a);
    return status;
}

enum status compat_run_rows(const struct args *args, const struct cmd *inner, struct err *e)
{
    static const char *const no_lists[] = {NULL};
    const struct cmd *const list[] = {inner, NULL};
    struct arena a = ARENA_EMPTY;
    struct argparse_words *given = ARENA_NEW(&a, struct argparse_words);
    struct argparse_words *rows = ARENA_NEW(&a, struct argparse_words);
    enum status status = STATUS_CANNOT;
    given->list[given->count++] = arena_string(&a, inner->name);
    for (size_t i = 0; i < args->operand_count && given->count < ARGS_MOST; i++) {
        given->list[given->count++] = arena_string(&a, args->operands[i]);
    }
    if (argparse_rows(given, inner->opts, no_lists, &a, rows, e)) {
        status = cmd_run_inner(args->cmd, list, rows->count, rows->list, e);
    }
    arena_free(&a);
    return status;
}

const struct cmd cmd_compat = {
    .name = "compat",
    .summary = "take the command line of a script that otapack replaces",
    .operands = "SCRIPT [ARGUMENT]...",
    .about = "Takes the command line of an older script unchanged: put `otapack compat` before\n"
             "it. Output files are the same to the byte; what would break a device is refused.",
    .inner = tools,
    .examples = "  otapack compat create_ota_image --rcp-build-dir rcp/build \\\n"
                "      --target-file spiffs_image/ot_rcp_0/rcp_image\n"
                "  otapack compat ota_image_tool show light.ota\n"
                "  otapack compat espsecure sign_data -v 2 -k release.pem -o signed.bin app.bin",
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = compat_run};
