// SPDX-License-Identifier: Apache-2.0
#include "sign_elsewhere.h"

#include <stdio.h>
#include <string.h>

#include "fd.h"
#include "layer_sign.h"
#include "output.h"
#include "report.h"
#include "scheme.h"
#include "secure_boot.h"
#include "seen.h"
#include "show_request.h"
#include "sign_request.h"
#include "signature.h"

// Can the data be written there: to a file that is none of those that are read?
static bool is_free(const struct sign_elsewhere *job, const char *data)
{
    static const char *const inputs[] = {"key", "public-key", "signature", "passphrase-file",
                                         "partition-table"};
    if (data == NULL) {
        return true;
    }
    if (strcmp(data, "-") == 0) {
        return err_set(job->e, STATUS_CANNOT,
                       "--digest-only prints on standard output; give -o a file");
    }
    bool used = fd_same_file(data, job->args->operands[0]);
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        for (const char **file = args_values(job->args, inputs[i]); *file != NULL; file++) {
            used = used || fd_same_file(data, *file);
        }
    }
    return !used ||
           err_set(job->e, STATUS_CANNOT, "%s: is also an input; name another file to write", data);
}

// The file as sign would write it, but for the signature, whose place stays erased; what has to be
// signed goes to signing.data. An image that build would not write is not signed elsewhere either:
// it would be seen when the signature comes back, and keys in a safe are not taken out twice.
static bool lay_out(const struct sign_elsewhere *job, const struct node *part, struct pieces *l,
                    struct otapack_source *data)
{
    struct input *input = job->edit->image.input;
    struct recipe recipe = {.quiet = job->edit->quiet};
    if (job->signing->scheme->takes != NULL) { // data, of any length: there is nothing around them
        pieces_add_part(l, input, part->src.base, part->src.size);
        bool good = sign_data(job->signing, l, 0, job->edit->name, job->e);
        *data = pieces_source(l);
        return good;
    }
    job->signing->data = data;
    recipe_add_node(&recipe, job->arena, input, part);
    recipe_add_sign(&recipe, job->arena, job->signing);
    return recipe_add_around(&recipe, job->arena, input, part, job->e) &&
           compose(&recipe, l, job->e);
}

static bool is_sound(const struct sign_elsewhere *job, struct pieces *l)
{
    const struct node *root = job->edit->image.root;
    size_t failed = 0;
    if (job->signing->scheme->takes == NULL) { // of data, nothing is known
        struct read_options unsigned_yet = job->options->read;
        (void)target_use(&unsigned_yet.target, TARGET_SECURE_BOOT); // for which this is done
        unsigned_yet.target.known &= ~(unsigned)TARGET_SECURE_BOOT;
        root = read_and_judge(job->arena, &unsigned_yet, pieces_source(l));
        if (!pieces_good(l, job->e)) {
            return false;
        }
        failed =
            report_findings(job->arena, root, report_one_file, job->edit->name, !job->edit->quiet);
    }
    if (failed > 0) {
        return err_set(job->e, STATUS_NO,
                       "%s: nothing to sign is given: %zu check%s failed, see above",
                       job->edit->name, failed, failed == 1 ? "" : "s");
    }
    return verb_options_fit(job->options, job->args, root, job->edit->name, false, job->e);
}

// What is signed elsewhere: said, and written where -o says so.
static bool give(const struct sign_elsewhere *job, const struct node *part, struct pieces *l)
{
    const struct signing_key *key = job->signing->keys;
    const char *data = args_value(job->args, "output");
    const char *name = args_value(job->args, "public-key");
    struct pk_public public_key;
    struct otapack_source src = {0};
    name = name == NULL && key != NULL ? key->name : name;
    if (name == NULL) {
        return err_set(job->e, STATUS_CANNOT,
                       "--digest-only needs --public-key: digest and algorithm depend on the key");
    }
    if (!is_free(job, data)) {
        return false;
    }
    if (!key_public(name, &job->signing->options, &public_key, job->e) ||
        !job->signing->scheme->fits_key(&public_key, name, job->e) ||
        !lay_out(job, part, l, &src) || !is_sound(job, l)) {
        return false;
    }
    uint8_t digest[OTAPACK_SB_MAX_DIGEST];
    if (!secure_boot_digest(public_key.type, &src, digest)) {
        return pieces_good(l, job->e) &&
               err_set(job->e, STATUS_CANNOT, "%s: could not be read", job->edit->name);
    }
    // What is said is what was written, and both are what is still there.
    if (!(data == NULL ? seen_settle(job->e) : output_write_file(data, &src, job->e))) {
        (void)pieces_good(l, job->e); // names the input where that is at fault
        return false;
    }
    struct sign_request r = {
        job->signing->scheme,          &public_key, name,   job->args->operands[0],
        args_value(job->args, "part"), data,        digest, src.size,
        signature_unpadded(part)};
    if (args_value(job->args, "json") != NULL) {
        show_request_json(job->arena, &r);
    } else {
        fputs(sign_request_text(job->arena, &r), stdout);
    }
    return true;
}

bool sign_elsewhere(const struct sign_elsewhere *job, const struct node *part)
{
    struct pieces l = PIECES_EMPTY(job->arena);
    bool good = give(job, part, &l);
    pieces_close(&l);
    return good;
}
