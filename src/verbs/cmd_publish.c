// SPDX-License-Identifier: Apache-2.0
//
// publish: files that passed every check, as those take them who bring them to devices.
#include <string.h>

#include "cmd.h"
#include "publish_list.h"
#include "trust_options.h"
#include "verb_options.h"
#include "verify_policy.h"

static const struct publish_target *const targets[] = {
#define X(name) &publish_##name,
    PUBLISH_LIST(X)
#undef X
};
enum { TARGETS = sizeof(targets) / sizeof(targets[0]) };

static struct cmd_topic topic(unsigned i)
{
    return i < TARGETS ? targets[i]->topic : (struct cmd_topic){NULL, NULL};
}

static const char *target_name(unsigned i)
{
    return topic(i).name;
}

// The options of targets.
static const struct opt target_rows[] = {
    {'u', "url", OPT_TEXT("URL"), "where the file will be: of each, or ending in /", true},
    {'n', "name", OPT_TEXT("NAME"), "of the product; else the app's project_name", false},
    {'r', "release", OPT_TEXT("VERSION"), "of the product; else the file's own version", false},
    {0, "cd-version-number", OPT_NUMBER("N"), "Matter: of the certification", false},
    {0, "firmware-info", OPT_TEXT("TEXT"), "dcl: its firmwareInformation", false},
    {0, "ledger", OPT_FILE, "dcl: what the ledger has of this version, as JSON", false},
    {0, "id", OPT_TEXT("ID"), "of ThingsBoard's device profile, RainMaker's job", false},
    {0, "signature", OPT_FILE, "aws-iot: made with your code signing key", false},
    {0, "signature-key", OPT_KEY, "aws-iot: its public key", false},
    {0, "certificate", OPT_TEXT("NAME"), "aws-iot: what devices call its certificate", false},
    {0, "field", OPT_TEXT("KEY=VALUE"), "zigbee-index: more of an entry, as modelId=lamp", true},
    {0, "attach", OPT_FILE, "oci: an SBOM, or an attestation", true},
    OPT_END};

static bool has(const char *const names[PUBLISH_OPTIONS], const char *name)
{
    for (size_t i = 0; i < PUBLISH_OPTIONS && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

// Has the target what it needs, and nothing that would do nothing?
static bool options_fit(const struct publish_target *t, const struct args *args, struct err *e)
{
    const char *to = t->topic.name;
    for (const struct opt *o = target_rows; o->name != NULL; o++) {
        bool given = args_value(args, o->name) != NULL;
        if (given && !has(t->needs, o->name) && !has(t->takes, o->name)) {
            return err_set(e, STATUS_CANNOT, "--to %s has no use for --%s; leave it out", to,
                           o->name);
        }
        if (!given && has(t->needs, o->name)) {
            return err_set(e, STATUS_CANNOT, "--to %s needs --%s %s; add it", to, o->name,
                           o->type->arg);
        }
    }
    bool folder = args_value(args, "output") != NULL;
    if (folder != t->writes) {
        return err_set(e, STATUS_CANNOT,
                       folder ? "--to %s prints, and writes no folder; leave out -o"
                              : "--to %s writes a folder; name it with -o DIR",
                       to);
    }
    if (args_value(args, "run") != NULL && !t->script) {
        return err_set(e, STATUS_CANNOT,
                       "--to %s asks no server, so there is nothing to run; leave out --run", to);
    }
    return !t->one || args->operand_count == 1 ||
           err_set(e, STATUS_CANNOT, "--to %s takes one file at a time; call it for each", to);
}

static const struct publish_target *target_of(const struct args *args, struct err *e)
{
    int n = args_choice(args, "to", TARGETS, e);
    if (n == TARGETS) {
        err_set(e, STATUS_CANNOT,
                "publish needs to be told for whom: --to TARGET; otapack publish "
                "--help lists them");
    }
    return n < 0 || n == TARGETS || !options_fit(targets[n], args, e) ? NULL : targets[n];
}

// What command line and policy ask of each file.
static bool take_asked(struct verb_options *options, struct trust_options *trust,
                       struct verify_policy *policy, struct arena *a, struct err *e)
{
    trust->part_alone = policy->given;
    return verb_options_take(options, &policy->args, e) &&
           trust_options_take(trust, &policy->args, &options->read, a, e) &&
           verify_policy_open(policy, options, a, e);
}

static enum status publish_run(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct verb_options options = {.table_path = NULL};
    struct trust_options trust = {.tells = false};
    struct verify_policy policy = {.alone = false};
    enum status status = STATUS_CANNOT;
    unsigned used = 0;
    const struct publish_target *target = target_of(args, e);
    if (target != NULL && verify_policy_take(&policy, args, &a, e) &&
        take_asked(&options, &trust, &policy, &a, e)) {
        struct publication asked = {.args = &policy.args,
                                    .read = &options.read,
                                    .options = &options,
                                    .trust = &trust,
                                    .policy = &policy,
                                    .folder = args_value(args, "output"),
                                    .quiet = args_value(args, "quiet") != NULL};
        options.read.target.used = &used;
        status = publish(target, &asked, e);
    }
    verify_policy_close(&policy);
    verb_options_close(&options);
    arena_free(&a);
    return status;
}

static const struct opt *const opts[] = {
    OPTS({'t', "to", OPT_CHOICE_OF("TARGET", target_name), "for whom; see below", false},
         {'o', "output", OPT_FOLDER, "the folder that is written", false}),
    target_rows,
    opt_policy,
    opt_trust,
    opt_partition_table,
    opt_device_file,
    opt_decrypt_key,
    opt_allow,
    OPTS({0, "run", OPT_TEXT("WORD"), "then run publish.sh with these words: its server", true},
         {'q', "quiet", NULL, "only errors", false}),
    NULL};

const struct cmd cmd_publish = {
    .name = "publish",
    .summary = "files that pass every check, as servers and registries take them",
    .operands = "FILE... --to TARGET [-o DIR]",
    .about = "Checks each file as verify does, and writes or prints what the target takes.\n"
             "Where one file fails, nothing is written, and the exit status is 1.",
    .more = "Targets, which otapack-publish(1) describes:",
    .topic = topic,
    .examples = "  otapack publish light.ota --to folder -o www/ota --key release.pub.pem",
    .opts = opts,
    .min = 1,
    .max = ARGS_MOST,
    .run = publish_run};
