// SPDX-License-Identifier: Apache-2.0
//
// compat: the command lines of the scripts that otapack replaces, unchanged.
#include <string.h>

#include "cmd.h"
#include "text.h"

static const struct cmd *const tools[] = {&compat_create_ota_image};
enum { TOOL_COUNT = sizeof(tools) / sizeof(tools[0]) };

// path/to/create_ota_image.py is create_ota_image: a build that calls it so only gets a new first
// word.
static const struct cmd *find(const char *name, struct err *e)
{
    const char *names[TOOL_COUNT];
    const char *slash = strrchr(name, '/');
    name = slash == NULL ? name : slash + 1;
    size_t n = strlen(name);
    n -= n > 3 && strcmp(name + n - 3, ".py") == 0 ? 3 : 0;
    for (size_t i = 0; i < TOOL_COUNT; i++) {
        names[i] = tools[i]->name;
        if (strlen(names[i]) == n && strncmp(names[i], name, n) == 0) {
            return tools[i];
        }
    }
    const char *near = text_nearest(name, names, TOOL_COUNT);
    err_set(e, STATUS_CANNOT, "compat does not know '%s'; %s%s", name,
            near == NULL ? "see otapack compat --help" : "did you mean ", near == NULL ? "" : near);
    return NULL;
}

static enum status compat_run(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct args inner = {.cmd = NULL};
    bool help;
    enum status status = STATUS_CANNOT;
    const struct cmd *tool = find(args->operands[0], e);
    char **words = arena_alloc(&a, (args->operand_count + 1) * sizeof(*words));
    for (size_t i = 1; i < args->operand_count; i++) {
        words[i - 1] = arena_string(&a, args->operands[i]);
    }
    if (tool != NULL &&
        args_read(tool, (int)args->operand_count - 1, words, &a, &inner, &help, e)) {
        if (help) {
            args_print_help(tool);
        }
        status = help ? STATUS_OK : tool->run(&inner, e);
    }
    arena_free(&a);
    return status;
}

static const struct opt opts[] = {OPT_END};

const struct cmd cmd_compat = {
    .name = "compat",
    .summary = "take the command line of a script that otapack replaces",
    .operands = "SCRIPT [ARGUMENT]...",
    .about = "Takes the command line of an older script unchanged: put `otapack compat` before\n"
             "it. Output files are the same to the byte; what would break a device is refused.\n"
             "\n"
             "  create_ota_image   of esp-thread-br; makes the target's folders, as it does",
    .examples = "  otapack compat create_ota_image --rcp-build-dir rcp/build \\\n"
                "      --target-file spiffs_image/ot_rcp_0/rcp_image",
    .opts = opts,
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = compat_run};
