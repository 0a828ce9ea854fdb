// SPDX-License-Identifier: Apache-2.0
//
// serve: gives devices their updates over HTTP, those that pass every check and no others.
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "key.h"
#include "seen.h"
#include "serve.h"
#include "text.h"
#include "trust_options.h"
#include "verb_options.h"
#include "verify_policy.h"

enum { PORT = 8070, TIMEOUT_MOST = 7 * 24 * 60 * 60, MILLISECONDS = 1000 };

#define LOOPBACK "127.0.0.1"

struct job {
    const struct args *args; // with what the policy gives
    struct arena arena;
    struct verb_options options;
    struct trust_options trust;
    struct verify_policy policy;
    struct secret certificate, key;
    struct serve_options serve;
};

static bool take_network(struct job *job, struct err *e)
{
    const char *bind = args_value(job->args, "bind");
    uint64_t port = PORT, seconds = 0;
    int log = args_choice(job->args, "log", LOG_COMMON, e);
    if (log < 0 || !verb_options_number(job->args, "port", 0, UINT16_MAX, &port, e) ||
        !verb_options_number(job->args, "timeout", 1, TIMEOUT_MOST, &seconds, e)) {
        return false;
    }
    job->serve.bind = bind == NULL ? LOOPBACK : bind;
    job->serve.port = (uint16_t)port;
    job->serve.log = (enum access_log_form)log;
    job->serve.deadline = seconds * MILLISECONDS;
    job->serve.table = args_value(job->args, "updates");
    job->serve.once = args_value(job->args, "once") != NULL;
    job->serve.quiet = args_value(job->args, "quiet") != NULL;
    return true;
}

static bool take_tls(struct job *job, struct err *e)
{
    const char *certificate = args_value(job->args, "tls-cert");
    const char *key = args_value(job->args, "tls-key");
    if ((certificate == NULL) != (key == NULL)) {
        return err_set(e, STATUS_CANNOT, "--tls-cert and --tls-key belong together; give both");
    }
    if (key == NULL) {
        return true;
    }
    if (!secret_of_file(certificate, KEY_IN_FILE_MOST, &job->certificate, e) ||
        !secret_of_file(key, KEY_IN_FILE_MOST, &job->key, e)) {
        return false;
    }
    if (!job->serve.quiet) {
        key_warn_of_readers(key, "private key");
    }
    job->serve.tls = (struct http_tls){job->certificate.bytes, job->key.bytes};
    return true;
}

// ---- What is served beyond what passes the checks ----------------------------------------------

// What has no part that could be signed is not signed.
static bool is_trusted(const struct job *job, struct node *root, const char *name, struct arena *a,
                       struct err *e)
{
    struct trust_answer answer = {.part = NULL};
    if (!trust_options_ask(&job->trust, job->trust.trusted, root, name, a, &answer, e)) {
        e->status = STATUS_NO;
        return false;
    }
    return answer.part == NULL || answer.holds ||
           err_set(e, STATUS_NO, "%s: %s", answer.where, answer.missing->text);
}

// One line has the first thing that is against it as a whole, and the others by their names. What
// could not be read will not be the next time.
static bool is_allowed(const struct job *job, struct node *root, const char *name, struct arena *a,
                       struct err *e)
{
    const struct policy_refusal *first =
        verify_policy_refuse(&job->policy, &job->options.read, root, a);
    const char *others = "";
    if (first == NULL) {
        return verify_policy_good(&job->policy, e);
    }
    for (const struct policy_refusal *r = first->next; r != NULL; r = r->next) {
        others = arena_printf(a, "%s%s%s", others, *others == '\0' ? "; also against it: " : ", ",
                              r->by);
    }
    return err_set(e, STATUS_NO, "%s: %s%s", name, first->text, others);
}

static bool allows(void *ctx, struct node *root, const char *name, struct arena *a, struct err *e)
{
    const struct job *job = ctx;
    return is_trusted(job, root, name, a, e) && is_allowed(job, root, name, a, e);
}

// Standard error has what nobody would think of: a policy that is asked only in part.
static void say_unasked(const struct job *job)
{
    if (!job->serve.quiet && verify_policy_lacks_baseline(&job->policy)) {
        say("%s: note: its rules that compare with a baseline are not asked; --baseline names one",
            job->policy.policy.file);
    }
}

static bool take_terms(struct job *job, struct err *e)
{
    job->policy.alone = true;
    if (!verify_policy_take(&job->policy, job->args, &job->arena, e)) {
        return false;
    }
    job->trust.part_alone = job->policy.given;
    job->args = &job->policy.args;
    job->serve.terms.read = &job->options.read;
    job->serve.terms.allows = allows;
    job->serve.terms.ctx = job;
    if (!verb_options_take(&job->options, job->args, e) ||
        !trust_options_take(&job->trust, job->args, &job->options.read, &job->arena, e) ||
        !verify_policy_open(&job->policy, &job->options, &job->arena, e)) {
        return false;
    }
    job->serve.terms.trusted = job->trust.trusted;
    say_unasked(job);
    return true;
}

static enum status serve_run(const struct args *args, struct err *e)
{
    unsigned used = 0;
    struct job job = {.args = args,
                      .arena = ARENA_EMPTY,
                      .certificate = SECRET_NONE,
                      .key = SECRET_NONE,
                      .serve = {.paths = args->operands, .count = args->operand_count}};
    enum status status = STATUS_CANNOT;
    job.options.read.target.used = &used;
    seen_end(); // each file is judged for itself, as often as it changes
    if (take_network(&job, e) && take_terms(&job, e) && take_tls(&job, e)) {
        status = serve(&job.serve, e);
    }
    secret_wipe(&job.certificate);
    secret_wipe(&job.key);
    verify_policy_close(&job.policy);
    verb_options_close(&job.options);
    arena_free(&job.arena);
    return status;
}

static const struct opt *const opts[] = {
    OPTS(
        {0, "port", OPT_NUMBER("N"), "where it listens; 0: any that is free. Else 8070", false},
        {0, "bind", OPT_TEXT("ADDRESS"),
         "of this machine, at which devices reach it, in\nfigures; 0.0.0.0: all. Else 127.0.0.1, "
         "which only\nthis machine reaches",
         false},
        {0, "tls-cert", OPT_FILE,
         "HTTPS: the server's certificate, in PEM, with\nthose that it was signed with behind it",
         false},
        {0, "tls-key", OPT_FILE, "and its private key, in PEM", false},
        {0, "updates", OPT_FILE,
         "which ESP8266 or ESP32 with an Arduino core gets\nwhich file, in YAML; else the one that "
         "it asks for",
         false}),
    opt_policy,
    opt_trust,
    opt_partition_table,
    OPTS({'d', "device", OPT_FILE,
          "what is known of the devices, in YAML, as\notapack verify takes it", false}),
    opt_allow,
    OPTS({0, "log", OPT_WORDS("FORM", "common", "json", "none"),
          "a line for each request on standard output; else\ncommon, as web servers have it",
          false},
         {0, "once", NULL, "end when a file was sent up to its end", false},
         {0, "timeout", OPT_NUMBER("SECONDS"), "end after so long; with --once it is a no then",
          false},
         {'q', "quiet", NULL, "do not say what is not served, and why", false}),
    NULL};

const struct cmd cmd_serve = {
    .name = "serve",
    .summary = "give devices their updates over HTTP: what passes the checks",
    .operands = "DIR|FILE... [--bind ADDRESS] [--port N] [OPTION]...\n"
                "DIR|FILE... --tls-cert FILE --tls-key FILE [OPTION]...",
    .about = "Serves files, and those in folders, to devices that update themselves. Says its\n"
             "address in the first line of standard output. A file is served when it passes\n"
             "every check of otapack verify, and is signed where that is asked for; what does\n"
             "not is not found, and a line on standard error says why. It is sent as it was\n"
             "when it was judged, whatever is written to it meanwhile.\n"
             "Ends when it is interrupted. otapack-serving(7) walks through it for each kind\n"
             "of device.",
    .examples = "  otapack serve build --bind 0.0.0.0\n"
                "  otapack serve br-ota.bin --bind 0.0.0.0 --tls-cert ca_cert.pem \\\n"
                "      --tls-key ca_key.pem --port 8070\n"
                "  otapack serve app.bin --port 0 --once --timeout 60",
    .opts = opts,
    .min = 1,
    .max = ARGS_MOST,
    .run = serve_run};
