// SPDX-License-Identifier: Apache-2.0
//
// key: keys for signing: new ones, their public part, and the digest that devices have of them.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "fd.h"
#include "key.h"
#include "output.h"
#include "secret.h"
#include "secure_boot.h"
#include "text.h"

// A new file that only its owner can read; never over another.
static bool write_new(const char *file, const char *pem, struct err *e)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 && access(file, F_OK) == 0) {
        return err_set(e, STATUS_CANNOT,
                       "%s: is there already, and a key is not written over; name "
                       "another file",
                       file);
    }
    if (fd < 0) {
        return err_errno(e, file, "make");
    }
    bool good = fd_write(fd, (const uint8_t *)pem, strlen(pem)) && fsync(fd) == 0;
    if (close(fd) != 0 || !good) {
        err_errno(e, file, "write");
        (void)unlink(file);
        return false;
    }
    return true;
}

// An interrupt waits until the key is whole.
static bool write_private(const char *file, const char *pem, struct err *e)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    bool good = write_new(file, pem, e);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return good;
}

static bool generate_to(const char *file, enum otapack_sb_scheme scheme, struct err *e)
{
    char pem[PK_PEM_MOST];
    struct pk_private *key = pk_generate(scheme, e);
    bool good =
        key != NULL &&
        (pk_private_pem(key, pem) || err_set(e, STATUS_CANNOT, "the key cannot be written")) &&
        write_private(file, pem, e);
    wipe(pem, sizeof(pem));
    pk_private_free(key);
    return good;
}

static enum status generate(const struct args *args, struct err *e)
{
    const char *type = args_value(args, "type");
    const char *file = args->operands[0];
    enum otapack_sb_scheme scheme = OTAPACK_SB_RSA3072;
    if ((type != NULL && !key_scheme(type, "--type", &scheme, e)) ||
        !generate_to(file, scheme, e)) {
        return e->status;
    }
    if (args_value(args, "quiet") == NULL) {
        say("%s: a new %s key, readable by you alone; otapack key public %s prints its public part",
            file, pk_schemes[scheme].title, file);
    }
    return STATUS_OK;
}

static struct key_options options_of(const struct args *args)
{
    return (struct key_options){args_values(args, "passphrase-file"),
                                args_value(args, "quiet") != NULL};
}

// To the file of --output, else to standard output.
static enum status write_result(const struct args *args, const void *bytes, size_t n, struct err *e)
{
    const char *file = args_value(args, "output");
    struct otapack_source src = otapack_memory(bytes, n);
    bool used = file != NULL && fd_same_file(file, args->operands[0]);
    for (const char **p = args_values(args, "passphrase-file"); *p != NULL; p++) {
        used = used || (file != NULL && fd_same_file(file, *p));
    }
    if (used) {
        err_set(e, STATUS_CANNOT, "%s: is also an input; name another file to write", file);
        return STATUS_CANNOT;
    }
    return output_write_file(file == NULL ? "-" : file, &src, e) ? STATUS_OK : e->status;
}

// Which of the two forms is asked for: the first one, when nothing is said.
static bool take_form(const struct args *args, const char *first, const char *second,
                      bool *is_second, struct err *e)
{
    const char *form = args_value(args, "format");
    *is_second = form != NULL && strcmp(form, second) == 0;
    return form == NULL || *is_second || strcmp(form, first) == 0 ||
           err_set(e, STATUS_CANNOT, "--format %s is not known; write %s or %s", form, first,
                   second);
}

static enum status public_part(const struct args *args, struct err *e)
{
    struct key_options o = options_of(args);
    struct pk_public key;
    char pem[PK_PEM_MOST];
    bool raw;
    if (!take_form(args, "pem", "raw", &raw, e) || !key_public(args->operands[0], &o, &key, e)) {
        return STATUS_CANNOT;
    }
    if (raw && key.scheme != OTAPACK_SB_P256) {
        err_set(e, STATUS_CANNOT,
                "%s: is an %s key; the raw form is that of Secure Boot v1, which knows only "
                "ECDSA P-256",
                args->operands[0], pk_schemes[key.scheme].title);
        return STATUS_CANNOT;
    }
    if (raw) {
        return write_result(args, key.key, pk_schemes[key.scheme].signature_size, e);
    }
    if (!pk_public_pem(&key, pem)) {
        err_set(e, STATUS_CANNOT, "%s: its public part cannot be written", args->operands[0]);
        return STATUS_CANNOT;
    }
    return write_result(args, pem, strlen(pem), e);
}

static enum status digest(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct key_options o = options_of(args);
    struct pk_public key;
    uint8_t bytes[KEY_DIGEST_SIZE];
    bool binary;
    enum status status = STATUS_CANNOT;
    if (take_form(args, "hex", "raw", &binary, e) && key_public(args->operands[0], &o, &key, e)) {
        secure_boot_key_digest(&key, bytes);
        const char *text = arena_printf(&a, "%s\n", text_hex(&a, bytes, sizeof(bytes)));
        status = binary ? write_result(args, bytes, sizeof(bytes), e)
                        : write_result(args, text, strlen(text), e);
    }
    arena_free(&a);
    return status;
}

// ---- Command lines ------------------------------------------------------------------------------

#define OPT_OUTPUT                                                                                 \
    {                                                                                              \
        'o', "output", "FILE", "write here instead of to standard output", false                   \
    }
#define OPT_PASSPHRASE                                                                             \
    {                                                                                              \
        0, "passphrase-file", "FILE",                                                              \
            "its first line decrypts the key; else\nOTAPACK_PASSPHRASE, else the terminal", true   \
    }
#define OPT_QUIET                                                                                  \
    {                                                                                              \
        'q', "quiet", NULL, "say nothing when all is well", false                                  \
    }

static const struct opt generate_opts[] = {
    {'t', "type", "TYPE", "rsa3072 (usual), ecdsa-p192, ecdsa-p256 or\necdsa-p384", false},
    OPT_QUIET,
    OPT_END,
};

static const struct opt public_opts[] = {
    OPT_OUTPUT,
    {'F', "format", "FORM",
     "pem (usual), or raw: the 64 bytes that firmware\nwith Secure Boot v1 has", false},
    OPT_PASSPHRASE,
    OPT_QUIET,
    OPT_END,
};

static const struct opt digest_opts[] = {
    OPT_OUTPUT,
    {'F', "format", "FORM", "hex (usual), or raw: the 32 bytes for\nespefuse burn_key", false},
    OPT_PASSPHRASE,
    OPT_QUIET,
    OPT_END,
};

static const struct cmd subcommands[] = {
    {.name = "generate",
     .parent = "key ",
     .operands = "FILE [--type TYPE]",
     .about = "Makes a new private key: a PEM file that nobody else can read, and that is not\n"
              "there yet. It has no passphrase; openssl pkcs8 -topk8 gives it one.",
     .examples = "  otapack key generate release.pem --type ecdsa-p256",
     .opts = generate_opts,
     .min = 1,
     .max = 1,
     .run = generate},
    {.name = "public",
     .parent = "key ",
     .operands = "KEY [-o FILE] [--format FORM]",
     .about =
         "Prints the public part of a key: of a PEM file, private or public, of 64 raw bytes,\n"
         "or of a pkcs11: URI.",
     .examples = "  otapack key public release.pem -o release.pub.pem",
     .opts = public_opts,
     .min = 1,
     .max = 1,
     .run = public_part},
    {.name = "digest",
     .parent = "key ",
     .operands = "KEY [-o FILE] [--format FORM]",
     .about = "Prints the digest of a key that devices with Secure Boot v2 have in their eFuses.",
     .examples = "  otapack key digest release.pub.pem",
     .opts = digest_opts,
     .min = 1,
     .max = 1,
     .run = digest},
};
enum { SUBCOMMANDS = sizeof(subcommands) / sizeof(subcommands[0]) };

static enum status key_run(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const struct cmd *list[SUBCOMMANDS];
    char **words = arena_alloc(&a, (args->operand_count + 1) * sizeof(*words));
    for (size_t i = 0; i < SUBCOMMANDS; i++) {
        list[i] = &subcommands[i];
    }
    for (size_t i = 0; i < args->operand_count; i++) {
        words[i] = arena_string(&a, args->operands[i]);
    }
    enum status status = cmd_run_inner(args->cmd, list, SUBCOMMANDS, words[0],
                                       args->operand_count - 1, words + 1, e);
    arena_free(&a);
    return status;
}

static const struct opt opts[] = {OPT_END};

const struct cmd cmd_key = {
    .name = "key",
    .summary = "make a key, print its public part or its eFuse digest",
    .operands = "generate|public|digest ARGUMENT...",
    .about = "Keys for Secure Boot:\n"
             "\n"
             "  generate   a new private key in a file\n"
             "  public     the public part of a key\n"
             "  digest     the digest of a key that devices keep in their eFuses\n"
             "\n"
             "Each has its --help.",
    .examples = "  otapack key generate release.pem\n"
                "  otapack key digest release.pem",
    .opts = opts,
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = key_run};
