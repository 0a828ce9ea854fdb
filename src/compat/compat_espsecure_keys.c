// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure: what it does with keys alone is mostly what the verb `key` does.
#include <stdio.h>
#include <string.h>

#include "compat.h"
#include "compat_espsecure.h"
#include "fd.h"
#include "key.h"
#include "output.h"
#include "text.h"

// `otapack key SUBCOMMAND OPTION OUTPUT-OPTION --quiet -- FILE`.
static enum status run_key(const struct args *args, const char *subcommand, const char *option,
                           const char *output, const char *file, struct err *e)
{
    static const struct cmd *const verbs[] = {&cmd_key, NULL};
    struct arena a = ARENA_EMPTY;
    const char *const words[] = {"key", subcommand, option, "--quiet", output, "--", file};
    char *argv[sizeof(words) / sizeof(words[0])];
    size_t n = 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (words[i] != NULL) {
            argv[n++] = arena_string(&a, words[i]);
        }
    }
    enum status status = cmd_run_inner(args->cmd, verbs, n, argv, e);
    arena_free(&a);
    return status;
}

static enum status write_of_key(const struct args *args, const char *subcommand, const char *form,
                                const char *output, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *key = args_value(args, "keyfile");
    enum status status =
        run_key(args, subcommand, form, arena_printf(&a, "--output=%s", output), key, e);
    arena_free(&a);
    return status;
}

// ---- Commands -----------------------------------------------------------------------------------

static const struct {
    const char *scheme, *option,
        *title; // as espsecure says it, as `key` takes it, as it is printed
} schemes[] = {
    {"rsa3072", "--type=rsa3072", "RSA 3072"},
    {"ecdsa192", "--type=ecdsa-p192", "ECDSA NIST192p"},
    {"ecdsa256", "--type=ecdsa-p256", "ECDSA NIST256p"},
    {"ecdsa384", "--type=ecdsa-p384", "ECDSA NIST384p"},
};

const char *espsecure_key_kind(unsigned i)
{
    return i < sizeof(schemes) / sizeof(schemes[0]) ? schemes[i].scheme : NULL;
}

static bool take_scheme(const struct args *args, size_t *at, struct err *e)
{
    bool v1;
    enum { RSA3072 = 0, ECDSA256 = 2 };
    if (!espsecure_version(args, "1", &v1, e)) {
        return false;
    }
    int scheme = args_choice(args, "scheme", v1 ? ECDSA256 : RSA3072, e);
    if (scheme < 0) {
        return false;
    }
    *at = (size_t)scheme;
    return !v1 || scheme == ECDSA256 ||
           err_set(e, STATUS_CANNOT,
                   "--scheme %s: Secure Boot v1 knows only ecdsa256; add --version 2",
                   schemes[scheme].scheme);
}

enum status espsecure_generate_key(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *file = args->operands[0];
    size_t at;
    enum status status = STATUS_CANNOT;
    if (take_scheme(args, &at, e)) {
        status = run_key(args, "generate", schemes[at].option, NULL, file, e);
    }
    if (status == STATUS_OK) {
        printf("%s private key in PEM format written to %s\n", schemes[at].title,
               text_printable(&a, file));
    }
    arena_free(&a);
    return status;
}

// `key public` takes keys that Secure Boot does not know.
static enum status write_public(const char *name, const char *file, struct err *e)
{
    const struct key_options options = {.quiet = true};
    struct pk_public key;
    char pem[PK_PEM_MOST];
    if (!key_public(name, &options, &key, e) || !key_fits_secure_boot(&key, name, e)) {
        return STATUS_CANNOT;
    }
    if (fd_same_file(file, name)) {
        err_set(e, STATUS_CANNOT, "%s: is also an input; name another file to write", file);
        return STATUS_CANNOT;
    }
    if (!pk_public_pem(&key, pem)) {
        err_set(e, STATUS_CANNOT, "%s: its public part cannot be written", name);
        return STATUS_CANNOT;
    }
    struct otapack_source src = otapack_memory((const uint8_t *)pem, strlen(pem));
    return output_write_file(file, &src, e) ? STATUS_OK : e->status;
}

enum status espsecure_extract_public_key(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *file = args->operands[0], *key = args_value(args, "keyfile");
    bool v1;
    enum status status = STATUS_CANNOT;
    if (espsecure_version(args, "1", &v1, e) && espsecure_needs(args, "keyfile", e)) {
        status =
            v1 ? write_of_key(args, "public", "--format=raw", file, e) : write_public(key, file, e);
    }
    if (status == STATUS_OK && strcmp(file, "-") != 0) {
        printf("%s public key extracted to %s\n", text_printable(&a, key),
               text_printable(&a, file));
    }
    arena_free(&a);
    return status;
}

// The sentence of esptool 5, which scripts look for.
static void warn_of_old_name(const struct args *args)
{
    if (strcmp(args->cmd->name, "digest_rsa_public_key") == 0) {
        say("DeprecationWarning: The command 'digest-rsa-public-key' is deprecated.; call "
            "digest_sbv2_public_key");
    }
}

enum status espsecure_digest_public_key(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *file = args_value(args, "output"), *key = args_value(args, "keyfile");
    enum status status = STATUS_CANNOT;
    if (espsecure_needs(args, "keyfile", e) && espsecure_needs(args, "output", e)) {
        warn_of_old_name(args);
        status = write_of_key(args, "digest", "--format=raw", file, e);
    }
    if (status == STATUS_OK && strcmp(file, "-") != 0) {
        printf("Writing the public key digest of %s to %s.\n", text_printable(&a, key),
               text_printable(&a, file));
    }
    arena_free(&a);
    return status;
}
