// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure sign_data: signs what otapack sign signs, and data that are no ESP image.
#include <inttypes.h>
#include <otapack/secure_boot.h>
#include <stdio.h>
#include <string.h>

#include "compat_espsecure.h"
#include "edit.h"
#include "fd.h"
#include "kinds.h"
#include "layer_sign.h"
#include "scheme.h"
#include "signature.h"
#include "text.h"

struct job {
    const struct args *args;
    struct arena arena;
    struct opened image;
    const char *name; // of the file, for messages
    struct signing signing;
    struct espsecure_hsm hsm;
    unsigned keys;
    const struct node *node; // the image, its signatures in it
    unsigned there;          // how many signatures it has
    unsigned kept;           // of these, in what is written
    unsigned blocks;         // how many there are in what is written
    struct err *e;
};

static bool is_v1(const struct job *job)
{
    return !job->signing.scheme->sector;
}

static bool take_version(struct job *job)
{
    bool v1;
    if (!espsecure_version(job->args, NULL, &v1, job->e)) {
        return false;
    }
    job->signing.scheme = v1 ? &scheme_secure_boot_v1 : &scheme_secure_boot_v2;
    return true;
}

static bool has(const struct job *job, const char *option)
{
    return args_value(job->args, option) != NULL;
}

// ---- What is asked for --------------------------------------------------------------------------

static void add_key(struct job *job, struct signing_key ***end, struct signing_key key)
{
    struct signing_key *copy = ARENA_NEW(&job->arena, struct signing_key);
    *copy = key;
    **end = copy;
    *end = &copy->next;
    job->keys++;
}

// The public key of a file comes before that of the token, which may have none.
static bool take_hsm(struct job *job, struct signing_key **end)
{
    const char **public_keys = args_values(job->args, "pub-key");
    if (is_v1(job)) {
        return err_set(job->e, STATUS_CANNOT,
                       "--hsm goes with --version 2 only; for Secure Boot v1, otapack sign takes a "
                       "pkcs11: URI");
    }
    if (public_keys[0] != NULL && public_keys[1] != NULL) {
        return err_set(job->e, STATUS_CANNOT, "--hsm signs with one key; give one --pub-key");
    }
    if (!espsecure_needs(job->args, "hsm-config", job->e) ||
        !espsecure_hsm_open(&job->hsm, args_value(job->args, "hsm-config"), &job->arena, job->e)) {
        return false;
    }
    job->signing.options.token = job->hsm.token;
    add_key(job, &end,
            (struct signing_key){.where = "--hsm",
                                 .name = job->hsm.private_key,
                                 .public_key = public_keys[0] != NULL  ? public_keys[0]
                                               : job->hsm.names_public ? job->hsm.public_key
                                                                       : NULL});
    return true;
}

static bool take_signatures(struct job *job, struct signing_key **end)
{
    const char **signatures = args_values(job->args, "signature");
    const char **public_keys = args_values(job->args, "pub-key");
    for (; *signatures != NULL && *public_keys != NULL; signatures++, public_keys++) {
        add_key(job, &end,
                (struct signing_key){
                    .where = "--signature", .name = *public_keys, .signature = *signatures});
    }
    return (*signatures == NULL && *public_keys == NULL) ||
           err_set(job->e, STATUS_CANNOT, "each --signature needs its --pub-key; add --%s",
                   *signatures != NULL ? "pub-key" : "signature");
}

static bool take_keys(struct job *job)
{
    struct signing_key **end = &job->signing.keys;
    bool hsm = has(job, "hsm"), made = has(job, "signature") || has(job, "pub-key");
    if (has(job, "keyfile") + hsm + (made && !hsm) > 1 || (hsm && has(job, "signature"))) {
        return err_set(job->e, STATUS_CANNOT,
                       "--keyfile, --hsm and --signature exclude each other; give one");
    }
    if (hsm) {
        return take_hsm(job, end);
    }
    if (made) {
        return take_signatures(job, end);
    }
    for (const char **key = args_values(job->args, "keyfile"); *key != NULL; key++) {
        add_key(job, &end, (struct signing_key){.where = "--keyfile", .name = *key});
    }
    return espsecure_needs(job->args, "keyfile", job->e);
}

static bool has_file(const struct job *job)
{
    return job->args->operand_count > 0 ||
           err_set(job->e, STATUS_CANNOT,
                   "sign_data needs a file; name it before --keyfile, --pub-key and --signature, "
                   "which take all words up to the next option");
}

// ---- What is there ------------------------------------------------------------------------------

static bool is_image(const struct job *job)
{
    return is_esp_image(job->image.root);
}

static unsigned count_whole(const struct node *image)
{
    unsigned whole = 0;
    for (unsigned i = 0; i < signature_count(image); i++) {
        whole += espsecure_block_is_whole(signature_at(image, i));
    }
    return whole;
}

// In data, anything may look like a signature of v1 (which begins with zeros): it is one if it
// fits. A sector of v2 is one as long as one of its blocks is, whichever that is.
static bool is_signed_data(const struct job *job, bool *is_signed)
{
    const struct key_options options = {.quiet = true}; // it is read again, and warned of then
    struct pk_public key;
    if (!is_v1(job)) {
        *is_signed = count_whole(job->node) > 0;
        return true;
    }
    if (!key_public(job->signing.keys->name, &options, &key, job->e)) {
        return false;
    }
    *is_signed = signature_v1_fits(job->node, &key);
    return true;
}

static bool find_signatures(struct job *job)
{
    bool is_signed = true;
    enum espsecure_end end = is_v1(job)                 ? END_V1
                             : has(job, "skip-padding") ? END_UNPADDED
                                                        : END_PADDED;
    job->node = espsecure_signed(&job->image, end, &job->arena);
    job->there = signature_count(job->node);
    if (job->there > 0 && !is_image(job) && !is_signed_data(job, &is_signed)) {
        return false;
    }
    job->there = is_signed ? job->there : 0;
    return input_good(job->image.input, job->e);
}

static bool is_aligned(const struct job *job)
{
    return is_image(job) || job->image.root->src.size % OTAPACK_SB_SECTOR_SIZE == 0;
}

// As in the original, blocks that are none leave their places to the new ones. Those behind them,
// which it would lose, stay.
static void keep_whole_blocks(struct job *job)
{
    const char **broken = arena_alloc(&job->arena, (job->there + 1) * sizeof(*broken));
    unsigned count = 0;
    for (unsigned i = 0; i < job->there; i++) {
        if (!espsecure_block_is_whole(signature_at(job->node, i))) {
            broken[count++] = arena_printf(&job->arena, "%u", i);
        }
    }
    broken[count] = NULL;
    bool any = count < job->there;
    job->signing.existing = any ? EXISTING_APPEND : EXISTING_REPLACE;
    job->signing.remove = any ? broken : NULL;
    job->kept = job->there - count;
}

static bool may_sign(struct job *job)
{
    bool v1 = job->there > 0 && signature_is_v1(signature_at(job->node, 0));
    bool can_append = !is_v1(job) && !v1 && is_aligned(job);
    if (job->there == 0) {
        return true;
    }
    if (can_append && has(job, "append-signatures")) {
        keep_whole_blocks(job);
        return true;
    }
    return err_set(job->e, STATUS_NO, "%s: is signed already; %s", job->name,
                   can_append      ? "--append_signatures adds to its signatures, otapack "
                                     "sign --replace takes their place"
                   : is_image(job) ? "otapack sign --replace takes the place of that"
                                   : "sign the file as it was before");
}

static uint64_t signed_length(const struct job *job)
{
    const struct node *root = job->image.root;
    return is_image(job) ? node_number(root, "image_length") : root->src.size;
}

// What the file lacks up to where its signatures begin.
static uint64_t padding(const struct job *job)
{
    uint64_t end = otapack_sb_sector_at(signed_length(job)), size = job->image.root->src.size;
    return is_v1(job) || size > end ? 0 : end - size;
}

// What no bootloader loads is verified by who knows where its signature is.
static bool may_pad(struct job *job)
{
    if (job->image.root->src.size == 0) {
        return err_set(job->e, STATUS_NO, "%s: is empty; sign what the build wrote", job->name);
    }
    job->signing.skip_padding = has(job, "skip-padding") && padding(job) > 0;
    return !job->signing.skip_padding || !is_image(job) ||
           err_set(job->e, STATUS_CANNOT,
                   "%s: ends at no multiple of 4096, where devices look for a signature; leave out "
                   "--skip-padding",
                   job->name);
}

// ---- Signing ------------------------------------------------------------------------------------

static void print_existing(const struct job *job)
{
    if (!has(job, "append-signatures") || is_v1(job)) {
        return;
    }
    for (unsigned i = 0; i < job->there; i++) {
        const struct node *block = signature_at(job->node, i);
        if (espsecure_block_is_whole(block)) {
            printf("Signature block %u is valid (%s).\n", i, espsecure_kind(block));
        }
    }
    if (job->kept > 0) {
        printf("%u valid signature block(s) already present in the signature sector.\n", job->kept);
    } else {
        printf("No valid signature blocks found. Discarding --append-signature and proceeding to "
               "sign the image afresh.\n");
    }
}

static void print_padding(const struct job *job, uint64_t pad)
{
    if (job->signing.skip_padding) {
        printf("Skipping sector padding. Data contents are not sector aligned.\n");
    } else if (pad > 0 && job->there == 0) {
        printf("Padding data contents by %" PRIu64
               " bytes so signature sector aligns at sector boundary\n",
               pad);
    }
}

// A device makes nothing of two signatures by one key.
static void warn_of_repeated(const struct job *job)
{
    if (job->blocks < job->kept + job->keys) {
        say("%s: warning: %u of the signatures would have been a second one by the same key, which "
            "shows nothing more; each key signs once",
            job->name, job->kept + job->keys - job->blocks);
    }
}

// What is signed of data that are signed already is what was signed of them.
static uint64_t covered(const struct job *job)
{
    uint64_t length = signed_length(job);
    return !is_image(job) && job->there > 0          ? signature_signed(job->node).size
           : is_v1(job) || job->signing.skip_padding ? length
                                                     : otapack_sb_sector_at(length);
}

static void print_done(struct job *job)
{
    uint64_t size = covered(job);
    const char *file = text_printable(&job->arena, job->args->operands[0]);
    print_padding(job, padding(job));
    print_existing(job);
    if (has(job, "signature") || has(job, "hsm")) {
        printf("Pre-calculated signatures found\n");
    }
    if (is_v1(job)) {
        printf("Signed %" PRIu64 " bytes of data from %s\n", size, file);
    } else {
        printf("%u signing key(s) found.\n", job->keys);
        printf("Signed %" PRIu64
               " bytes of data from %s. Signature sector now has %u signature blocks.\n",
               size, file, job->blocks);
        warn_of_repeated(job);
    }
}

static bool open_file(struct job *job, const struct build *b)
{
    const char *output = args_value(job->args, "output");
    const char *config = args_value(job->args, "hsm-config");
    if (!open_tree_judged(&job->image, job->args->operands[0], &b->options.read, &job->arena,
                          job->e)) {
        return false;
    }
    if (output != NULL && config != NULL && fd_same_file(output, config)) {
        return err_set(job->e, STATUS_CANNOT, "%s: is also an input; name another file to write",
                       output);
    }
    job->name = input_name(job->image.input);
    return (output == NULL || !input_is_named(job->image.input, output, job->e)) &&
           find_signatures(job) && may_sign(job) && may_pad(job);
}

static enum status run(struct job *job)
{
    struct build b = {.target = args_value(job->args, "output"), .no_summary = true};
    if (!has_file(job)) {
        return job->e->status;
    }
    b.target = b.target == NULL ? job->args->operands[0] : b.target;
    b.options.read.allow[CHECK_KNOWN_FORMAT] = true; // any data may be signed,
    b.options.read.allow[CHECK_DATA_SCHEME] = true;  // for whatever verifies them
    b.options.read.allow[CHECK_SIG_MIXED] = true;    // a device passes over what is not its scheme
    job->signing.once = true;
    job->signing.blocks = &job->blocks;
    if (!take_version(job) || !take_keys(job) || !edit_target_is_file(job->args, job->e) ||
        !open_file(job, &b)) {
        return job->e->status;
    }
    b.options.read.is_unpadded = job->signing.skip_padding;
    struct recipe recipe = {0};
    recipe_add_node(&recipe, &job->arena, job->image.input, job->image.root);
    recipe_add_sign(&recipe, &job->arena, &job->signing);
    b.recipe = &recipe;
    enum status status = build_run(&b, job->e);
    if (status == STATUS_OK && strcmp(b.target, "-") != 0) {
        print_done(job);
    }
    return status;
}

enum status espsecure_sign_data(const struct args *args, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .e = e};
    enum status status = run(&job);
    espsecure_hsm_close(&job.hsm);
    open_tree_close(&job.image);
    arena_free(&job.arena);
    return status;
}
