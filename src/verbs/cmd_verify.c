// SPDX-License-Identifier: Apache-2.0
//
// verify: every check and every expectation holds, or exit status 1 with a line for each that does
// not. With keys, whose signatures an image has as well.
#include <stdio.h>

#include "cmd.h"
#include "expect.h"
#include "format.h"
#include "open_tree.h"
#include "report.h"
#include "scheme.h"
#include "show_verified.h"
#include "signed_part.h"
#include "text.h"
#include "trust.h"
#include "verb_options.h"
#include "verify_policy.h"

struct job {
    const struct args *args; // with what the policy gives
    struct verify_policy policy;
    struct arena arena; // what is the same for every file
    struct verb_options options;
    struct trust trust;
    struct trusted *trusted; // NULL: no signatures are asked for
    const char *part;
    unsigned used; // of what is known of the device, by the checks of one file
    bool quiet;
    bool warnings_fail;
    const struct show_verified *report; // NULL: text
    void *report_state;
};

static const struct show_verified *const reports[] = {&show_verified_json, &show_verified_sarif,
                                                      &show_verified_junit, &show_verified_github};
enum { REPORTS = sizeof(reports) / sizeof(reports[0]) };

// Which signature is whose, and what is missing.
static void say_trust(const struct job *job, const struct trust_answer *answer, const char *where)
{
    struct arena *a = answer->arena;
    bool told =
        !job->quiet && job->report == NULL &&
        (*job->trust.keys != NULL || *job->trust.key_digests != NULL || job->trust.ring != NULL);
    for (size_t i = 0; told && i < answer->count; i++) {
        const struct trust_signature *s = &answer->signatures[i];
        const char *name = node_name(a, s->node);
        printf("%s: %s: %s\n", text_printable(a, where), name, text_printable(a, s->text));
    }
    (void)fflush(stdout); // what is missing is said behind it
    for (const struct trust_missing *m = answer->missing; m != NULL; m = m->next) {
        say("%s: %s", where, m->text);
    }
}

// The signatures of the part that they are about, and what they say of the file. False with `e` set
// where it is not there. An answer without a part: nothing is asked.
static bool check_signatures(const struct job *job, struct node *root, const char *name,
                             struct arena *a, struct trust_answer *answer, struct err *e)
{
    if (job->trusted == NULL) {
        return true;
    }
    const struct node *part = signed_part(root, job->part, name, e);
    if (part == NULL) {
        return false;
    }
    const char *path = node_path(a, part);
    const char *where = *path == '\0' ? name : arena_printf(a, "%s: %s", name, path);
    bool fits = trust_fits(job->trusted, part, where, e);
    if (fits) {
        *answer = trust_ask(job->trusted, part, a);
        say_trust(job, answer, where);
    }
    return fits;
}

static void say_good(const struct job *job, struct arena *a, struct node *root, const char *name,
                     const struct trust_answer *answer)
{
    size_t counts[VERDICT_COUNT] = {0};
    struct err none = ERR_NONE;
    const struct node *part = signed_part(root, job->part, name, &none);
    bool unjudged = job->trusted == NULL && part != NULL && scheme_is_signed(part);
    const char *uncovered = coverage_text(a, answer->spans);
    (void)tree_verdict(root, counts);
    printf("%s: %s, ok, %s%s%s%s\n", name, format_kind(a, root), report_counts(a, counts),
           unjudged ? "; --key tells whose signature it has" : "",
           *uncovered == '\0' ? "" : "; not signed: ", text_printable(a, uncovered));
}

// Where no part is named and a check has failed, what has no application is no signed image: an
// answer, and not a wrong question.
static bool is_no_image(const struct job *job, struct node *root, const char *name,
                        enum status status)
{
    struct err none = ERR_NONE;
    return status == STATUS_NO && job->part == NULL && signed_part(root, NULL, name, &none) == NULL;
}

static enum status check_warnings(const struct verified *v, const char *name)
{
    size_t count = verified_failing_warnings(v);
    if (count > 0) {
        say("%s: %zu warning%s, and --warnings fail; mend what %s of, or allow it by name", name,
            count, count == 1 ? "" : "s", count == 1 ? "it warns" : "they warn");
    }
    return count > 0 ? STATUS_NO : STATUS_OK;
}

static enum status check_expectations(const struct job *job, struct arena *a, struct verified *v,
                                      struct node *root, const char *name)
{
    enum status worst = STATUS_OK;
    struct verified_expectation **end = &v->expectations;
    for (const char **text = args_values(job->args, "expect"); *text != NULL; text++) {
        struct err e = ERR_NONE;
        struct verified_expectation *x = ARENA_NEW(a, struct verified_expectation);
        bool holds = report_expected(root, name, *text, &e);
        *x = (struct verified_expectation){NULL, *text, holds ? NULL : arena_string(a, e.text),
                                           e.status};
        worst = e.status > worst ? e.status : worst;
        *end = x;
        end = &x->next;
    }
    return worst;
}

// All that is asked of a file that could be read.
static enum status judge(struct job *job, struct arena *a, const struct opened *image,
                         struct trust_answer *answer, struct verified *v, struct err *e)
{
    const char *name = input_name(image->input);
    struct node *root = image->root;
    bool warnings = !job->quiet || job->warnings_fail;
    size_t failed = report_findings(a, root, report_one_file, name, warnings);
    enum status status = failed > 0 ? STATUS_NO : check_warnings(v, name);
    enum status expected = check_expectations(job, a, v, root, name);
    status = expected > status ? expected : status;
    enum status asked =
        verify_policy_ask(&job->policy, &job->options.read, root, name, job->part, a, v);
    status = asked > status ? asked : status;
    if (!job->quiet && job->report == NULL) {
        verify_policy_print(&job->policy, v->policy, name);
    }
    // What fails is said; only what passes could be taken for more than it is.
    if (!verb_options_fit(&job->options, job->args, root, name, status != STATUS_OK, e)) {
        return STATUS_CANNOT;
    }
    if (!check_signatures(job, root, name, a, answer, e)) {
        return is_no_image(job, root, name, status) ? STATUS_NO : STATUS_CANNOT;
    }
    bool holds = answer->part == NULL || answer->holds;
    return holds || status == STATUS_CANNOT ? status : STATUS_NO;
}

// What was found out goes into the report.
static void report_file(const struct job *job, struct arena *a, struct verified *v,
                        enum status status, const struct err *e)
{
    v->status = status;
    v->error = e->text;
    if (job->report != NULL) {
        job->report->file(a, job->report_state, v);
    }
}

static enum status verify_file(struct job *job, const char *file, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct opened image;
    struct trust_answer answer = {.part = NULL};
    struct verified v = {.file = file,
                         .answer = &answer,
                         .pardoned = job->options.read.allow,
                         .warnings_fail = job->warnings_fail};
    enum status status = STATUS_CANNOT;
    job->used = 0;
    if (!trust_open_tree(job->trusted, &image, file, &job->options.read, &a, e)) {
        report_file(job, &a, &v, STATUS_CANNOT, e);
        arena_free(&a);
        return STATUS_CANNOT;
    }
    v.root = image.root;
    status = judge(job, &a, &image, &answer, &v, e);
    if (status == STATUS_OK && !job->quiet && job->report == NULL) {
        say_good(job, &a, image.root, input_name(image.input), &answer);
    }
    if (!input_good(image.input, e) || !verify_policy_good(&job->policy, e)) {
        status = STATUS_CANNOT;
    }
    // As inspect has it in the tree, by the options that inspect has.
    bool named = *job->trust.keys != NULL || job->trust.ring != NULL;
    if (job->report != NULL && named) {
        trust_name_signers(job->trusted, &a, image.root);
    }
    report_file(job, &a, &v, status, e);
    open_tree_close(&image);
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

static bool take_required(struct job *job, struct err *e)
{
    const char *required = args_value(job->args, "require");
    uint64_t n = 0;
    if (required != NULL && (!text_number(required, &n) || n < 1 || n > 3)) {
        return err_set(e, STATUS_CANNOT,
                       "--require %s: write 1, 2 or 3: an image has no more signatures", required);
    }
    job->trust.needed = (unsigned)n;
    return true;
}

static bool take_trust(struct job *job, struct err *e)
{
    const struct args *args = job->args;
    int how = args_choice(args, "trust", 1, e);
    job->trust = (struct trust){
        .keys = args_values(args, "key"),
        .key_digests = args_values(args, "key-digest"),
        .ring = args_value(args, "keys"),
        .required = args_values(args, "require-key"),
        .first_block = how == 0,
        .signed_ = args_value(args, "require-signed") != NULL,
        .allow = job->options.read.allow,
        .device = &job->options.read.target,
        .options = {.passphrase_files = args_values(args, "passphrase-file"), .quiet = job->quiet},
    };
    if (how < 0 || !take_required(job, e)) {
        return false;
    }
    if (!trust_is_asked(&job->trust)) {
        return job->part == NULL || job->policy.given ||
               err_set(e, STATUS_CANNOT,
                       "--part says whose signatures to verify; add --key, "
                       "--keys, --key-digest or --require-signed");
    }
    job->trusted = trust_open(&job->trust, &job->arena, e);
    return job->trusted != NULL;
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
    job->warnings_fail = warnings == 1;
    return warnings >= 0;
}

// Each file, in the order of the command line. What one could not be judged for is said, and the
// others are judged all the same.
static enum status verify_files(struct job *job)
{
    enum status status = STATUS_OK;
    if (job->report != NULL) {
        job->report->begin(&job->arena, &job->report_state);
    }
    for (size_t i = 0; i < job->args->operand_count; i++) {
        struct err one = ERR_NONE;
        enum status s = verify_file(job, job->args->operands[i], &one);
        if (one.text[0] != '\0') {
            err_print(&one);
        }
        status = s > status ? s : status;
    }
    if (job->report != NULL) {
        job->report->end(&job->arena, job->report_state);
    }
    return status;
}

// What command line and policy ask.
static bool take_asked(struct job *job, struct err *e)
{
    job->args = &job->policy.args;
    job->part = args_value(job->args, "part");
    return take_report(job, e) && expectations_parse(job->args, e) &&
           verb_options_take(&job->options, job->args, e) && take_trust(job, e);
}

static enum status verify_run(const struct args *args, struct err *e)
{
    struct job job = {.arena = ARENA_EMPTY, .quiet = args_value(args, "quiet") != NULL};
    enum status status = STATUS_CANNOT;
    if (verify_policy_take(&job.policy, args, &job.arena, e) && take_asked(&job, e) &&
        verify_policy_open(&job.policy, &job.options, &job.arena, e)) {
        job.options.read.target.used = &job.used;
        status = verify_files(&job);
    }
    verify_policy_close(&job.policy);
    verb_options_close(&job.options);
    arena_free(&job.arena);
    return status;
}

const struct opt *const verify_opts[] = {
    OPTS(
        {'e', "expect", OPT_IS("'PATH OP VALUE'", "expectation"),
         "this must hold too; OP is one of\n= != < <= > >= ~ (contains)", true},
        {'k', "key", OPT_KEY, "it must be signed with this public key", true},
        {0, "key-digest", OPT_TEXT("HEX"), "or with one that has one of these eFuse digests", true},
        {0, "keys", OPT_RING,
         "or with one of these, by their names: a folder of\nNAME.pub.pem and NAME.digest, or YAML",
         false},
        {0, "require-key", OPT_TEXT("NAME"), "with this one of --keys", true},
        {0, "require", OPT_NUMBER("N"), "with so many of all these, whichever", false},
        {0, "trust", OPT_WORDS("HOW", "first-block"),
         "first-block: only the first signature counts", false},
        {0, "require-signed", NULL, "it must be signed, by whomever", false},
        {0, "part", OPT_IS("PATH", "path"), "these are about this part, not the application",
         false}),
    OPTS({0, "policy", OPT_FILE, "what a release must be: otapack init policy", false},
         {0, "baseline", OPT_FILE, "the release before this one, to compare with", false}),
    opt_partition_table,
    opt_device,
    esp32_rows,
    opt_running,
    opt_flash_offset,
    esp8266_rows,
    opt_decrypt_key,
    opt_allow,
    OPTS({'W', "warnings", OPT_WORDS("HOW", "show", "fail"),
          "fail: a warning is a no, too, if not allowed", false},
         {'F', "format", OPT_CHOICE_OF("FORMAT", report_name),
          "text, json, or for CI: sarif, junit, github", false},
         {'j', "json", NULL, "the answer with the tree: --format json", false},
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
             "a line for each that does not hold. Versions compare as versions: 1.10 is above\n"
             "1.9. Without a key, a signature is only known to be consistent.",
    .examples = "  otapack verify br-ota.bin --partition-table partition-table.bin\n"
                "  otapack verify br-ota.bin -e 'host.desc.version >= 1.4' \\\n"
                "      -e 'firmware.chip = esp32h2'\n"
                "  otapack verify light.ota --key release.pub.pem\n"
                "  otapack verify light.ota --policy policy.yaml --baseline light-1.4.ota",
    .opts = verify_opts,
    .min = 1,
    .max = ARGS_MOST,
    .run = verify_run};
