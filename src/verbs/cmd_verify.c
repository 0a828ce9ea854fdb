// SPDX-License-Identifier: Apache-2.0
//
// verify: every check and every expectation holds, or exit status 1 with a line for each that does
// not. With keys, whose signatures an image has as well. Files are judged on all cores
// (verify_file.h), and what there is to say of them is said here, in their order.
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "digest.h"
#include "expect.h"
#include "format.h"
#include "os.h"
#include "report.h"
#include "scheme.h"
#include "seen.h"
#include "show_verified.h"
#include "signed_part.h"
#include "text.h"
#include "verify_file.h"
#include "verify_policy.h"
#include "workers.h"

struct job {
    const struct args *args; // with what the policy gives
    struct verify_policy policy;
    struct arena arena; // what is the same for every file
    struct verb_options options;
    struct trust_options trust;
    struct verify_how how;
    unsigned at_once; // files
    bool quiet;
    const struct show_verified *report; // NULL: text
    void *report_state;
    enum status status; // the worst one so far
};

static const struct show_verified *const reports[] = {&show_verified_json, &show_verified_sarif,
                                                      &show_verified_junit, &show_verified_github};
enum { REPORTS = sizeof(reports) / sizeof(reports[0]) };

static void say_warnings(const struct verified *v, const char *name)
{
    size_t count = verified_failing_warnings(v);
    if (count > 0) {
        say("%s: %zu warning%s, and --warnings fail; mend what %s of, or allow it by name", name,
            count, count == 1 ? "" : "s", count == 1 ? "it warns" : "they warn");
    }
}

static void say_good(const struct job *job, struct verify_file *f)
{
    size_t counts[VERDICT_COUNT] = {0};
    struct err none = ERR_NONE;
    struct arena *a = &f->arena;
    struct node *root = f->image.root;
    const struct node *part = signed_part(root, job->trust.part, f->name, &none);
    bool unjudged = !trust_options_names(&job->trust) && part != NULL && scheme_is_signed(part);
    const char *uncovered = coverage_text(a, f->answer.spans);
    (void)tree_verdict(root, counts);
    printf("%s: %s, ok, %s%s%s%s\n", f->name, format_kind(a, root), report_counts(a, counts),
           unjudged ? "; --key tells whose signature it has" : "",
           *uncovered == '\0' ? "" : "; not signed: ", text_printable(a, uncovered));
}

// All that was found out about a file that could be read.
static void say_file(const struct job *job, struct verify_file *f)
{
    bool warnings = !job->quiet || job->how.warnings_fail;
    if (report_findings(&f->arena, f->image.root, report_one_file, f->name, warnings) == 0) {
        say_warnings(&f->verified, f->name);
    }
    for (const struct verified_expectation *x = f->verified.expectations; x != NULL; x = x->next) {
        if (x->wrong != NULL) {
            say("%s: %s", f->name, x->wrong);
        }
    }
    verify_policy_say(&job->policy, f->verified.policy, f->name,
                      !job->quiet && job->report == NULL);
    if (f->answer.part != NULL) {
        trust_options_say(&job->trust, &f->answer);
    }
    if (f->verified.status == STATUS_OK && !job->quiet && job->report == NULL) {
        say_good(job, f);
    }
}

static void judge_one(void *ctx, size_t i, void *file)
{
    const struct job *job = ctx;
    verify_file_judge(&job->how, job->args->operands[i], file);
}

// What one could not be judged for is said, and the others are judged all the same.
static void take_one(void *ctx, size_t i, void *file)
{
    struct job *job = ctx;
    struct verify_file *f = file;
    enum status status = f->verified.status;
    (void)i;
    if (f->image.root != NULL) {
        say_file(job, f);
    }
    if (job->report != NULL) {
        job->report->file(&f->arena, job->report_state, &f->verified);
    }
    if (f->e.text[0] != '\0') {
        err_print(&f->e);
    }
    job->status = status > job->status ? status : job->status;
    verify_file_close(f);
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

static bool take_trust(struct job *job, struct err *e)
{
    job->trust.part_alone = job->policy.given;
    bool good = trust_options_take(&job->trust, job->args, &job->options.read, &job->arena, e);
    job->trust.tells = !job->quiet && job->report == NULL;
    // As inspect has it in the tree, by the options that inspect has.
    job->how.names_signers = job->report != NULL && job->trust.trusted != NULL &&
                             (*job->trust.trust.keys != NULL || job->trust.trust.ring != NULL);
    return good;
}

static const char *report_name(unsigned i)
{
    return i == 0 ? "text" : i <= REPORTS ? reports[i - 1]->name : NULL;
}

static bool take_report(struct job *job, struct err *e)
{
    int format = verb_options_format(job->args, e);
    int warnings = format < 0 ? -1 : args_choice(job->args, "warnings", 0, e);
    job->report = format > 0 ? reports[format - 1] : NULL;
    job->how.warnings_fail = warnings == 1;
    return warnings >= 0;
}

// Each file is open until what there is to say of it was said, also those that wait for that; and a
// file can open others.
static unsigned at_most(unsigned threads)
{
    size_t room = os_open_most() / ((size_t)2 * WORKERS_AHEAD),
           wanted = threads == 0 ? os_cores() : threads;
    return room == 0 ? 1 : (unsigned)(wanted < room ? wanted : room);
}

// How many files at a time. A key that is asked for things, standard input or a baseline is one for
// all.
static bool take_jobs(struct job *job, struct err *e)
{
    const char *jobs = args_value(job->args, "jobs");
    uint64_t n = 0;
    if (jobs != NULL && (!text_number(jobs, &n) || n < 1 || n > WORKERS_MOST)) {
        return err_set(
            e, STATUS_CANNOT,
            "--jobs %s: write how many files at a time, from 1 to %d; for JSON write --json",
            text_printable(&job->arena, jobs), WORKERS_MOST);
    }
    bool single = args_value(job->args, "decrypt-key") != NULL || job->policy.baseline.root != NULL;
    for (size_t i = 0; i < job->args->operand_count; i++) {
        single = single || strcmp(job->args->operands[i], "-") == 0;
    }
    job->at_once = single ? 1 : at_most((unsigned)n);
    return true;
}

// Each file, in the order of the command line.
static enum status verify_files(struct job *job)
{
    const struct workers workers = {.count = job->args->operand_count,
                                    .at_once = job->at_once,
                                    .result = sizeof(struct verify_file),
                                    .ctx = job,
                                    .work = judge_one,
                                    .take = take_one};
    seen_keep_no_more();
    digest_prepare();
    if (job->report != NULL) {
        job->report->begin(&job->arena, &job->report_state);
    }
    workers_run(&workers);
    if (job->report != NULL) {
        job->report->end(&job->arena, job->report_state);
    }
    return job->status;
}

// What command line and policy ask.
static bool take_asked(struct job *job, struct err *e)
{
    job->args = &job->policy.args;
    job->how = (struct verify_how){
        .args = job->args, .options = &job->options, .policy = &job->policy, .trust = &job->trust};
    return take_report(job, e) && expectations_parse(job->args, e) &&
           verb_options_take(&job->options, job->args, e) && take_trust(job, e);
}

static enum status verify_run(const struct args *args, struct err *e)
{
    struct job job = {.arena = ARENA_EMPTY, .quiet = args_value(args, "quiet") != NULL};
    enum status status = STATUS_CANNOT;
    if (verify_policy_take(&job.policy, args, &job.arena, e) && take_asked(&job, e) &&
        verify_policy_open(&job.policy, &job.options, &job.arena, e) && take_jobs(&job, e)) {
        status = verify_files(&job);
    }
    verify_policy_close(&job.policy);
    verb_options_close(&job.options);
    arena_free(&job.arena);
    return status;
}

const struct opt *const verify_opts[] = {
    OPTS({'e', "expect", OPT_IS("'PATH OP VALUE'", "expectation"),
          "must hold, too; OP is = != < <= > >= ~ (contains)", true}),
    opt_trust,
    opt_seal,
    opt_policy,
    opt_partition_table,
    opt_device,
    esp32_rows,
    opt_running,
    opt_final,
    opt_flash_offset,
    esp8266_rows,
    opt_decrypt_key,
    opt_base,
    opt_made,
    opt_allow,
    OPTS({'W', "warnings", OPT_WORDS("HOW", "show", "fail"),
          "fail: a warning is a no, too, if not allowed", false},
         {'F', "format", OPT_CHOICE_OF("FORMAT", report_name),
          "text, json, or for CI: sarif, junit, github", false},
         {0, "json", NULL, "the answer with the tree: --format json", false},
         {'j', "jobs", OPT_NUMBER("N"), "so many files at a time; else as many as cores", false},
         {'q', "quiet", NULL, "only errors", false}),
    NULL};

const struct cmd cmd_verify = {
    .name = "verify",
    .summary = "exit 0 only if every check, expectation and signature holds",
    .operands = "FILE... [--expect 'PATH OP VALUE']...\n"
                "FILE... --key KEY... [--require N | --trust first-block]\n"
                "FILE... --keys RING [--require-key NAME]...\n"
                "FILE... --key-digest HEX... | --require-signed",
    .about = "Runs every check on each file (- is standard input), and every expectation, and\n"
             "looks whose signatures the application has, or another part. Exit status 1, with\n"
             "a line for each no. Without a key, a signature is only known to be consistent.",
    .examples = "  otapack verify br-ota.bin --partition-table partition-table.bin\n"
                "  otapack verify br-ota.bin -e 'host.desc.version >= 1.4'\n"
                "  otapack verify light.ota --key release.pub.pem\n"
                "  otapack verify light.ota --policy policy.yaml --baseline light-1.4.ota",
    .opts = verify_opts,
    .min = 1,
    .max = ARGS_FILES_MOST,
    .run = verify_run};
