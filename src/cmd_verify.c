// SPDX-License-Identifier: Apache-2.0
//
// verify: every check and every expectation holds, or exit status 1 with a line for each that does
// not.
#include <stdio.h>

#include "cmd.h"
#include "expect.h"
#include "image.h"
#include "report.h"

static enum status verify_file(const struct args *args, const struct options *options,
                               const char *file, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct image image;
    if (!image_open(&image, file, &options->read, &a, e)) {
        arena_free(&a);
        return STATUS_CANNOT;
    }
    bool quiet = args_value(args, "quiet") != NULL;
    const char *name = input_name(image.input);
    size_t counts[3] = {0, 0, 0};
    (void)tree_verdict(image.root, counts);
    size_t failed = report_findings(&a, image.root, report_one_file, name, !quiet);
    enum status status = failed > 0 ? STATUS_NO : STATUS_OK;
    for (const char **x = args_values(args, "expect"); *x != NULL; x++) {
        (void)report_expected(image.root, name, *x, &status);
    }
    if (status == STATUS_OK && !quiet) {
        printf("%s: ok, %zu check%s passed, %zu warning%s\n", name, counts[VERDICT_PASS],
               counts[VERDICT_PASS] == 1 ? "" : "s", counts[VERDICT_WARN],
               counts[VERDICT_WARN] == 1 ? "" : "s");
    }
    image_close(&image);
    arena_free(&a);
    return status;
}

static bool expectations_parse(const struct args *args, struct err *e)
{
    for (const char **x = args_values(args, "expect"); *x != NULL; x++) {
        if (!expect_parse(*x, e)) {
            return false;
        }
    }
    return true;
}

static enum status verify_run(const struct args *args, struct err *e)
{
    struct options options = {.table_input = NULL};
    enum status status = STATUS_OK;
    if (!expectations_parse(args, e) || !options_take(&options, args, e)) {
        options_close(&options);
        return STATUS_CANNOT;
    }
    for (size_t i = 0; i < args->operand_count; i++) {
        struct err one = ERR_NONE;
        enum status s = verify_file(args, &options, args->operands[i], &one);
        if (one.text[0] != '\0') {
            err_print(&one);
        }
        status = s > status ? s : status;
    }
    options_close(&options);
    return status;
}

static const struct opt opts[] = {
    {'e', "expect", "'PATH OP VALUE'",
     "this must hold too; OP is one of\n= != < <= > >= ~ (contains)", true},
    OPT_PARTITION_TABLE,
    OPT_ALLOW,
    {'q', "quiet", NULL, "only errors", false},
    OPT_END,
};

const struct cmd cmd_verify = {
    .name = "verify",
    .summary = "exit 0 only if every check and expectation holds",
    .operands = "FILE... [--expect 'PATH OP VALUE']...",
    .about = "Runs every check on each file (- is standard input), and every expectation.\n"
             "Exit status 1, with a line for each that does not hold. Versions compare as\n"
             "versions: 1.10 is above 1.9.",
    .examples = "  otapack verify br-ota.bin --partition-table partition-table.bin\n"
                "  otapack verify br-ota.bin -e 'host.desc.version >= 1.4' \\\n"
                "      -e 'firmware.chip = esp32h2'",
    .opts = opts,
    .min = 1,
    .max = ARGS_MOST,
    .run = verify_run};
