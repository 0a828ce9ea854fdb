// SPDX-License-Identifier: Apache-2.0
#include "key_names.h"

bool key_names_take(struct key_names *k, const struct args *args, const struct verb_options *o,
                    struct err *e)
{
    static const char *none[] = {NULL};
    const char *const *passphrases = args_values(args, "passphrase-file");
    k->trust = (struct trust){.keys = args_values(args, "key"),
                              .key_digests = none,
                              .ring = args_value(args, "keys"),
                              .allow = o->read.allow,
                              .device = &o->read.target,
                              .options = {.passphrase_files = passphrases, .quiet = true}};
    if (!trust_is_asked(&k->trust)) {
        return true;
    }
    k->trusted = trust_open(&k->trust, &k->arena, e);
    return k->trusted != NULL;
}

void key_names_close(struct key_names *k)
{
    arena_free(&k->arena);
}

bool key_names_open_tree(const struct key_names *k, struct opened *image, const char *name,
                         const struct read_options *options, struct arena *a, struct err *e)
{
    bool good = trust_open_tree(k->trusted, image, name, options, a, e);
    if (good && k->trusted != NULL) {
        trust_name_signers(k->trusted, a, image->root);
    }
    return good;
}

const struct opt opt_key_names[] = {
    {'k', "key", OPT_KEY, "a public key by which it may be signed: by which\nof them is shown",
     true},
    {0, "keys", OPT_RING,
     "the same of keys with names: a folder of\nNAME.pub.pem and NAME.digest, or YAML", false},
    OPT_END};
