// SPDX-License-Identifier: Apache-2.0
//
// toy: says of each file whether it is one.
#include <stdio.h>

#include "cmd.h"
#include "format.h"
#include "verb_options.h"

static const struct opt *const opts[] = {OPTS({'l', "loud", NULL, "say it louder", false}),
                                         opt_quiet, NULL};

static enum status toy_run(const struct args *args, struct err *e)
{
    (void)e;
    bool loud = args_value(args, "loud") != NULL, quiet = args_value(args, "quiet") != NULL;
    for (size_t i = 0; i < args->operand_count && !quiet; i++) {
        printf("%s plays%s\n", args->operands[i], loud ? "!" : "");
    }
    return STATUS_OK;
}

const struct cmd cmd_toy = {.name = "toy",
                            .summary = "play",
                            .operands = "FILE...",
                            .about = "Plays with each file.",
                            .opts = opts,
                            .min = 1,
                            .max = ARGS_MOST,
                            .run = toy_run};
