// SPDX-License-Identifier: Apache-2.0
#include "verify_file.h"

#include "signed_part.h"

// Where no part is named and a check has failed, what has no application is no signed image: an
// answer, and not a wrong question.
static bool is_no_image(const struct verify_how *how, struct verify_file *f, enum status status)
{
    struct err none = ERR_NONE;
    return status == STATUS_NO && how->trust->part == NULL &&
           signed_part(f->image.root, NULL, f->name, &none) == NULL;
}

// All that is asked of a file that could be read.
static enum status judge(const struct verify_how *how, struct verify_file *f)
{
    struct node *root = f->image.root;
    bool failed = first_failure(root) != NULL || verified_failing_warnings(&f->verified) > 0;
    enum status status = failed ? STATUS_NO : STATUS_OK;
    enum status expected =
        verified_expect(&f->verified, root, args_values(how->args, "expect"), &f->arena);
    status = expected > status ? expected : status;
    enum status asked = verify_policy_ask(how->policy, &f->options.read, root, how->trust->part,
                                          &f->arena, &f->verified);
    status = asked > status ? asked : status;
    // What fails is said; only what passes could be taken for more than it is.
    if (!verb_options_fit(&f->options, how->args, root, f->name, status != STATUS_OK, &f->e)) {
        return STATUS_CANNOT;
    }
    if (!trust_options_ask(how->trust, f->trusted, root, f->name, &f->arena, &f->answer, &f->e)) {
        return is_no_image(how, f, status) ? STATUS_NO : STATUS_CANNOT;
    }
    bool holds = f->answer.part == NULL || f->answer.holds;
    return holds || status == STATUS_CANNOT ? status : STATUS_NO;
}

void verify_file_judge(const struct verify_how *how, const char *file, struct verify_file *f)
{
    f->trusted = trust_for_file(how->trust->trusted, &f->arena);
    f->options = *how->options;
    f->options.read.target.used = &f->used;
    f->verified = (struct verified){.file = file,
                                    .answer = &f->answer,
                                    .status = STATUS_CANNOT,
                                    .error = f->e.text,
                                    .pardoned = how->options->read.allow,
                                    .warnings_fail = how->warnings_fail};
    if (!trust_open_tree(f->trusted, &f->image, file, &f->options.read, &f->arena, &f->e)) {
        f->image.root = NULL;
        return;
    }
    f->verified.root = f->image.root;
    f->name = input_name(f->image.input);
    f->verified.status = judge(how, f);
    if (!input_good(f->image.input, &f->e) || !verify_policy_good(how->policy, &f->e)) {
        f->verified.status = STATUS_CANNOT;
    }
    if (how->names_signers) {
        trust_name_signers(f->trusted, &f->arena, f->image.root);
    }
}

void verify_file_close(struct verify_file *f)
{
    open_tree_close(&f->image);
    arena_free(&f->arena);
}
