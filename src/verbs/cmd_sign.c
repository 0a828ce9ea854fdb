// SPDX-License-Identifier: Apache-2.0
//
// sign: Secure Boot signatures for an app or a bootloader, by itself or inside another image, and
// the signature of an ESP8266 update.
#include <string.h>

#include "cmd.h"
#include "edit.h"
#include "fs_image.h"
#include "kinds.h"
#include "layer_sign.h"
#include "scheme.h"
#include "sign_elsewhere.h"
#include "signed_part.h"

struct job {
    const struct args *args;
    struct arena arena;
    struct edit edit; // the file, and the values of its Matter header where it has one
    struct signing signing;
    struct err *e;
};

static bool has(const struct job *job, const char *option)
{
    return args_value(job->args, option) != NULL;
}

// ---- What is asked for --------------------------------------------------------------------------

// Data are signed only where they are said to be data: nothing in them says so.
static bool asks_for_data(const struct job *job)
{
    return has(job, "scheme") && job->signing.scheme->takes != NULL;
}

static bool asks_for_update(const struct job *job)
{
    return has(job, "scheme") && job->signing.scheme->subject == SIGNS_UPDATE;
}

// Where it is not said, what is signed says it: see choose_scheme.
static bool take_scheme(struct job *job)
{
    int at = args_choice(job->args, "scheme", SCHEME_COUNT, job->e);
    job->signing.scheme = at < 0 ? NULL : schemes[at]; // the last one is NULL
    return at >= 0;
}

// Does the scheme go with the part?
static bool choose_scheme(struct job *job, const struct node *part)
{
    const struct scheme *usual = scheme_of(part), *data = scheme_for(SIGNS_DATA);
    if (!has(job, "scheme")) {
        job->signing.scheme = usual;
        return !fs_image_is(part) || // nothing in one says for which chip it is
               err_set(job->e, STATUS_CANNOT,
                       "%s: %s, which does not say for which chip it is; write --scheme %s for an "
                       "ESP8266, or --scheme %s for data that ESP-IDF 6.0 verifies",
                       job->edit.name, part->summary, usual->name, data->name);
    }
    return scheme_takes(job->signing.scheme, part) ||
           err_set(job->e, STATUS_CANNOT, "%s: %s, which is not signed with --scheme %s; write %s",
                   job->edit.name, part->summary, job->signing.scheme->name, usual->name);
}

static void add_key(struct job *job, struct signing_key ***end, const char *name,
                    const char *signature)
{
    struct signing_key *key = ARENA_NEW(&job->arena, struct signing_key);
    *key = (struct signing_key){.where = "", .name = name, .signature = signature};
    **end = key;
    *end = &key->next;
}

// Keys, and pairs of a signature and its public key.
static bool take_keys(struct job *job)
{
    struct signing_key **end = &job->signing.keys;
    const char **keys = args_values(job->args, "key");
    const char **signatures = args_values(job->args, "signature");
    const char **public_keys = args_values(job->args, "public-key");
    for (; *keys != NULL; keys++) {
        add_key(job, &end, *keys, NULL);
    }
    for (; *signatures != NULL && *public_keys != NULL; signatures++, public_keys++) {
        add_key(job, &end, *public_keys, *signatures);
    }
    return (*signatures == NULL && *public_keys == NULL) || has(job, "digest-only") ||
           err_set(job->e, STATUS_CANNOT, "each --signature needs its --public-key; add --%s",
                   *signatures != NULL ? "public-key" : "signature");
}

static bool take_existing(struct job *job)
{
    struct signing *s = &job->signing;
    bool append = has(job, "append"), replace = has(job, "replace");
    s->block = args_value(job->args, "block");
    s->remove = args_values(job->args, "remove");
    s->order = args_value(job->args, "order");
    s->existing = append            ? EXISTING_APPEND
                  : replace         ? EXISTING_REPLACE
                  : s->keys == NULL ? EXISTING_EDIT
                                    : EXISTING_REFUSE;
    if (append && replace) {
        return err_set(job->e, STATUS_CANNOT,
                       "--append and --replace exclude each other; give one");
    }
    if (s->block != NULL && !replace) {
        return err_set(job->e, STATUS_CANNOT,
                       "--block says what --replace replaces; add --replace");
    }
    if (s->block != NULL && s->keys != NULL && s->keys->next != NULL) {
        return err_set(job->e, STATUS_CANNOT, "--block names one signature; give one key for it");
    }
    if (*s->remove != NULL && replace) {
        return err_set(job->e, STATUS_CANNOT,
                       "--replace leaves out what it replaces; give --remove without it");
    }
    if ((append || replace) && s->keys == NULL) {
        return err_set(job->e, STATUS_CANNOT, "--%s needs a key; give --key",
                       append ? "append" : "replace");
    }
    if (s->keys != NULL && *s->remove != NULL && !append) {
        s->existing = EXISTING_APPEND; // what is not removed stays
    }
    return s->keys != NULL || *s->remove != NULL || s->order != NULL ||
           err_set(job->e, STATUS_CANNOT, "sign needs a key; give --key FILE, or a pkcs11: URI");
}

// What --digest-only says is about one key, and changes nothing.
static bool asks_for_one(struct job *job)
{
    static const char *const others[] = {"signature", "remove", "order", "block"};
    size_t keys = 0;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (has(job, others[i])) {
            return err_set(job->e, STATUS_CANNOT,
                           "--digest-only signs nothing, so that --%s does nothing; leave one of "
                           "them out",
                           others[i]);
        }
    }
    while (args_values(job->args, "public-key")[keys] != NULL) {
        keys++;
    }
    return keys + (has(job, "key") ? 1 : 0) <= 1 ||
           err_set(job->e, STATUS_CANNOT,
                   "--digest-only is about one key at a time; give one --public-key");
}

static bool take_signing(struct job *job)
{
    job->signing.options = (struct key_options){
        .passphrase_files = args_values(job->args, "passphrase-file"), .quiet = has(job, "quiet")};
    job->signing.existing = has(job, "append")    ? EXISTING_APPEND
                            : has(job, "replace") ? EXISTING_REPLACE
                                                  : EXISTING_REFUSE;
    if (has(job, "json") && !has(job, "digest-only")) {
        return err_set(
            job->e, STATUS_CANNOT,
            "--json is how --digest-only prints what has to be signed; add that, or leave "
            "it out");
    }
    return take_scheme(job) && take_keys(job) &&
           (has(job, "digest-only") ? asks_for_one(job) : take_existing(job));
}

// ---- Signing ------------------------------------------------------------------------------------

// Opens the file, and finds what is to be signed in it.
static struct node *open_part(struct job *job, const struct read_options *options)
{
    struct edit *edit = &job->edit;
    if (!open_tree_judged(&edit->image, job->args->operands[0], options, &job->arena, job->e)) {
        return NULL;
    }
    edit->name = input_name(edit->image.input);
    edit->quiet = has(job, "quiet");
    edit->done = "signed";
    if (is_matter(edit->image.root) && !edit_begin(edit, &job->arena, job->e)) {
        return NULL;
    }
    const char *path = args_value(job->args, "part");
    const struct scheme *as_data = scheme_for(SIGNS_DATA);
    struct node *root = edit->image.root, *content = matter_content(root);
    bool data = path == NULL && content != NULL && as_data->takes(content);
    if (data && asks_for_data(job)) {
        return content;
    }
    if (data && asks_for_update(job) && signed_inside(content) != NULL &&
        job->signing.scheme->fits(content)) {
        return content; // whole, as an ESP8266 gets it; whether one can start that, a check says
    }
    struct node *part = signed_part(root, path, edit->name, job->e);
    if (part != NULL && !signed_in_place(part, root, edit->name, job->e)) {
        return NULL;
    }
    if (part == NULL && data && asks_for_update(job)) {
        err_set(job->e, STATUS_CANNOT,
                "%s: %s, which the Arduino core does not take as an update; give an Arduino image, "
                "one that gzip packed, or a LittleFS or SPIFFS image",
                edit->name, content->summary);
    } else if (part == NULL && data) {
        err_set(job->e, STATUS_CANNOT, "%s: %s; to sign that as data, write --scheme %s",
                edit->name, content->summary, as_data->name);
    }
    return part;
}

static enum status sign_part(struct job *job, struct build b, const struct node *part)
{
    struct recipe recipe = {.quiet = job->edit.quiet};
    struct input *input = job->edit.image.input;
    recipe_add_node(&recipe, &job->arena, input, part);
    recipe_add_sign(&recipe, &job->arena, &job->signing);
    if (!recipe_add_around(&recipe, &job->arena, input, part, job->e)) {
        return job->e->status;
    }
    b.recipe = &recipe;
    return build_run(&b, job->e);
}

static enum status run(struct job *job)
{
    struct build b = {
        .args = job->args, .target = args_value(job->args, "output"), .quiet = has(job, "quiet")};
    bool digest_only = has(job, "digest-only");
    enum status status = STATUS_CANNOT;
    b.target = b.target == NULL ? job->args->operands[0] : b.target;
    if (take_signing(job) && (digest_only || edit_target_is_file(job->args, job->e)) &&
        verb_options_take(&b.options, job->args, job->e)) {
        struct node *part = open_part(job, &b.options.read);
        if (part == NULL || !choose_scheme(job, part)) {
            status = job->e->status;
        } else if (digest_only) {
            const struct sign_elsewhere elsewhere = {job->args,     &job->arena, &job->edit,
                                                     &job->signing, &b.options,  job->e};
            status = sign_elsewhere(&elsewhere, part) ? STATUS_OK : job->e->status;
        } else {
            status = sign_part(job, b, part);
        }
    }
    verb_options_close(&b.options);
    return status;
}

static enum status sign_run(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    enum status status = run(&job);
    edit_close(&job.edit);
    arena_free(&job.arena);
    return status;
}

static const struct opt *const opts[] = {
    OPTS({'k', "key", OPT_KEY, "sign with this private key: a PEM file or a\npkcs11: URI", true},
         {'o', "output", OPT_FILE, "write here, and leave the file as it is", false},
         {0, "scheme", OPT_CHOICE_OF("SCHEME", scheme_choice),
          "secure-boot-v2 (usual) or secure-boot-v1; for\ndata that are no image "
          "secure-boot-v2-data; "
          "of\n"
          "an ESP8266 update esp8266-rsa (usual) or\nesp8266-rsa-legacy",
          false},
         {0, "part", OPT_IS("PATH", "path"),
          "of a combined, Matter or Zigbee image or a\nbundle: sign this, not its application",
          false},
         {0, "append", NULL, "keep the signatures that are there", false},
         {0, "replace", NULL, "take the place of those that are there", false},
         {0, "block", OPT_TEXT("BLOCK"), "with --replace: only of this one", false},
         {0, "remove", OPT_TEXT("BLOCK"), "leave out this signature", true},
         {0, "order", OPT_TEXT("BLOCK,..."), "put the signatures in this order", false},
         {0, "passphrase-file", OPT_FILE,
          "its first line decrypts a key; else\nOTAPACK_PASSPHRASE, else "
          "the terminal",
          true},
         {0, "digest-only", NULL, "print what has to be signed elsewhere; -o FILE\nwrites it",
          false},
         {'j', "json", NULL, "with --digest-only: print that as JSON", false},
         {0, "signature", OPT_FILE, "attach a signature that was made elsewhere", true},
         {0, "public-key", OPT_KEY, "the public key of --signature or --digest-only", true}),
    opt_partition_table,
    opt_device,
    esp32_rows,
    esp8266_rows,
    opt_allow,
    opt_quiet,
    NULL};

const struct cmd cmd_sign = {
    .name = "sign",
    .summary = "sign an app or bootloader for Secure Boot, or an ESP8266 update",
    .operands = "FILE --key KEY... [--append | --replace] [-o FILE]\n"
                "FILE --remove BLOCK | --order BLOCK,... [-o FILE]\n"
                "FILE --digest-only --public-key KEY [--json] [-o FILE]\n"
                "FILE --signature FILE --public-key KEY [-o FILE]",
    .about = "Signs an app or bootloader, or the application inside a combined or Matter\n"
             "image, a bundle or a Zigbee file, whose layers then follow; or an update for\n"
             "an ESP8266. A BLOCK is an index from 0, or the first digits of the digest of\n"
             "its key. Every signature is verified, and the result passes the checks that\n"
             "build makes, before it is written.",
    .examples = "  otapack sign app.bin --key release.pem -o signed.bin\n"
                "  otapack sign app.bin --key 'pkcs11:token=ci;object=sbv2?pin-source=/run/pin'",
    .opts = opts,
    .min = 1,
    .max = 1,
    .run = sign_run};
