// SPDX-License-Identifier: Apache-2.0
#include "trust_options.h"

#include <stdio.h>

#include "signed_part.h"
#include "text.h"

static bool take_required(struct trust *trust, const struct args *args, struct err *e)
{
    const char *required = args_value(args, "require");
    uint64_t n = 0;
    if (required != NULL && (!text_number(required, &n) || n < 1 || n > 3)) {
        return err_set(e, STATUS_CANNOT,
                       "--require %s: write 1, 2 or 3: an image has no more signatures", required);
    }
    trust->needed = (unsigned)n;
    return true;
}

bool trust_options_take(struct trust_options *o, const struct args *args,
                        const struct read_options *read, struct arena *a, struct err *e)
{
    bool quiet = args_value(args, "quiet") != NULL;
    int how = args_choice(args, "trust", 1, e);
    o->part = args_value(args, "part");
    o->device = read->target;
    o->device.used = NULL; // one for all files, which are judged on threads
    o->trust = (struct trust){
        .keys = args_values(args, "key"),
        .key_digests = args_values(args, "key-digest"),
        .ring = args_value(args, "keys"),
        .required = args_values(args, "require-key"),
        .first_block = how == 0,
        .sealed = read->require_seal,
        .signed_ = args_value(args, "require-signed") != NULL,
        .allow = read->allow,
        .device = &o->device,
        .options = {.passphrase_files = args_values(args, "passphrase-file"), .quiet = quiet},
    };
    if (how < 0 || !take_required(&o->trust, args, e)) {
        return false;
    }
    if (!trust_is_asked(&o->trust)) {
        return o->part == NULL || o->part_alone ||
               err_set(e, STATUS_CANNOT,
                       "--part says whose signatures to verify; add --key, "
                       "--keys, --key-digest or --require-signed");
    }
    o->trusted = trust_open(&o->trust, a, e);
    return o->trusted != NULL;
}

bool trust_options_names(const struct trust_options *o)
{
    const struct trust *t = &o->trust;
    return *t->keys != NULL || *t->key_digests != NULL || t->ring != NULL;
}

void trust_options_say(const struct trust_options *o, const struct trust_answer *answer)
{
    const char *where = answer->where;
    struct arena *a = answer->arena;
    bool told = o->tells && trust_options_names(o);
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

bool trust_options_ask(const struct trust_options *o, struct trusted *trusted, struct node *root,
                       const char *name, struct arena *a, struct trust_answer *answer,
                       struct err *e)
{
    if (trusted == NULL) {
        return true;
    }
    const struct node *part = signed_part(root, o->part, name, e);
    if (part == NULL) {
        return false;
    }
    const char *path = node_path(a, part);
    const char *where = *path == '\0' ? name : arena_printf(a, "%s: %s", name, path);
    bool fits = trust_fits(trusted, part, where, e);
    if (fits) {
        *answer = trust_ask(trusted, part, a);
        answer->where = where;
    }
    return fits;
}

const struct opt opt_trust[] = {
    {'k', "key", OPT_KEY, "it must be signed with this public key", true},
    {0, "key-digest", OPT_TEXT("HEX"), "or with one that has one of these eFuse digests", true},
    {0, "keys", OPT_RING,
     "or with one of these, by their names: a folder of\nNAME.pub.pem and NAME.digest, or YAML",
     false},
    {0, "require-key", OPT_TEXT("NAME"), "with this one of --keys", true},
    {0, "require", OPT_NUMBER("N"), "with so many of all these, whichever", false},
    {0, "trust", OPT_WORDS("HOW", "first-block"), "first-block: only the first signature counts",
     false},
    {0, "require-signed", NULL, "it must be signed, by whomever", false},
    {0, "part", OPT_IS("PATH", "path"), "these are about this part, not the application", false},
    OPT_END};
