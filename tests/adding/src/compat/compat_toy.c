// SPDX-License-Identifier: Apache-2.0
//
// compat toy: the toy shop's own script, which says the names of toys.
#include <stdio.h>

#include "compat.h"

static enum status toy_run(const struct args *args, struct err *e)
{
    (void)e;
    printf("toy: %s%s\n", args->operands[0],
           args_value(args, "wind-up") != NULL ? ", wound up" : "");
    return STATUS_OK;
}

static const struct opt *const opts[] = {OPTS({0, "wind-up", NULL, "wind it up first", false}),
                                         NULL};

const struct cmd compat_toy = {.name = "toy",
                               .summary = "the toy shop's own script",
                               .operands = "FILE",
                               .about = "Says the name of a toy.",
                               .opts = opts,
                               .min = 1,
                               .max = 1,
                               .run = toy_run};
