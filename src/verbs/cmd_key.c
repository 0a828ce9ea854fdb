// SPDX-License-Identifier: Apache-2.0
//
// key: keys for signing: new ones, their public part, and the digest that devices have of them.
#include <stdio.h>
#include <string.h>

#include "arduino_header.h"
#include "cmd.h"
#include "fd.h"
#include "key.h"
#include "output.h"
#include "secret.h"
#include "secure_boot.h"
#include "text.h"
#include "verb_options.h"

static bool generate_to(const char *file, enum pk_type type, struct err *e)
{
    char pem[PK_PEM_MOST];
    struct pk_private *key = pk_generate(type, e);
    bool good =
        key != NULL &&
        (pk_private_pem(key, pem) || err_set(e, STATUS_CANNOT, "the key cannot be written")) &&
        secret_to_new_file(file, pem, strlen(pem), e);
    wipe(pem, sizeof(pem));
    pk_private_free(key);
    return good;
}

static enum status generate(const struct args *args, struct err *e)
{
    const char *name = args_value(args, "type");
    const char *file = args->operands[0];
    enum pk_type type = PK_RSA3072;
    if ((name != NULL && !key_type(name, "--type", &type, e)) || !generate_to(file, type, e)) {
        return e->status;
    }
    if (args_value(args, "quiet") == NULL) {
        say("%s: a new %s key, readable by you alone; otapack key public %s prints its public part",
            file, pk_types[type].title, file);
    }
    return STATUS_OK;
}

static struct key_options options_of(const struct args *args)
{
    return (struct key_options){.passphrase_files = args_values(args, "passphrase-file"),
                                .quiet = args_value(args, "quiet") != NULL};
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

// ---- The forms of what is printed ---------------------------------------------------------------

// How a public key is written: the choices of --format, by their places; the first is usual.
typedef enum status write_fn(const struct args *args, const struct pk_public *key, struct err *e);

static enum status write_form(const struct args *args, write_fn *const *forms, struct err *e)
{
    struct key_options o = options_of(args);
    struct pk_public key;
    int form = args_choice(args, "format", 0, e);
    return form >= 0 && key_public(args->operands[0], &o, &key, e) ? forms[form](args, &key, e)
                                                                   : STATUS_CANNOT;
}

static enum status write_pem(const struct args *args, const struct pk_public *key, struct err *e)
{
    char pem[PK_PEM_MOST];
    if (!pk_public_pem(key, pem)) {
        err_set(e, STATUS_CANNOT, "%s: its public part cannot be written", args->operands[0]);
        return STATUS_CANNOT;
    }
    return write_result(args, pem, strlen(pem), e);
}

static enum status write_raw(const struct args *args, const struct pk_public *key, struct err *e)
{
    if (key->type != PK_P256) {
        err_set(e, STATUS_CANNOT,
                "%s: is an %s key, and the raw form is that of Secure Boot v1, which knows only "
                "ECDSA P-256; name such a key",
                args->operands[0], pk_types[key->type].title);
        return STATUS_CANNOT;
    }
    return write_result(args, key->key, pk_types[key->type].signature_size, e);
}

static enum status write_header(const struct args *args, const struct pk_public *key, struct err *e)
{
    char text[ARDUINO_HEADER_MOST];
    return arduino_header(key, args->operands[0], text, e)
               ? write_result(args, text, strlen(text), e)
               : STATUS_CANNOT;
}

static enum status public_part(const struct args *args, struct err *e)
{
    static write_fn *const forms[] = {write_pem, write_raw, write_header};
    return write_form(args, forms, e);
}

static enum status write_digest(const struct args *args, const struct pk_public *key, struct err *e)
{
    uint8_t bytes[KEY_DIGEST_SIZE];
    if (!key_fits_secure_boot(key, args->operands[0], e)) {
        return STATUS_CANNOT;
    }
    secure_boot_key_digest(key, bytes);
    return write_result(args, bytes, sizeof(bytes), e);
}

static enum status write_hex(const struct args *args, const struct pk_public *key, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    uint8_t bytes[KEY_DIGEST_SIZE];
    enum status status = STATUS_CANNOT;
    if (key_fits_secure_boot(key, args->operands[0], e)) {
        secure_boot_key_digest(key, bytes);
        const char *text = arena_printf(&a, "%s\n", text_hex(&a, bytes, sizeof(bytes)));
        status = write_result(args, text, strlen(text), e);
    }
    arena_free(&a);
    return status;
}

static enum status digest(const struct args *args, struct err *e)
{
    static write_fn *const forms[] = {write_hex, write_digest};
    return write_form(args, forms, e);
}

// ---- Command lines ------------------------------------------------------------------------------

static const struct opt opt_output[] = {
    {'o', "output", OPT_FILE, "write here instead of to standard output", false}, OPT_END};
static const struct opt opt_passphrase[] = {
    {0, "passphrase-file", OPT_FILE,
     "its first line decrypts the key; else\nOTAPACK_PASSPHRASE, else the terminal", true},
    OPT_END};

static const char *type_name(unsigned i)
{
    return i < PK_TYPE_COUNT ? pk_types[i].name : NULL;
}

static const struct opt *const generate_opts[] = {
    OPTS({'t', "type", OPT_CHOICE_OF("TYPE", type_name),
          "rsa3072 (usual), ecdsa-p192, ecdsa-p256 or\necdsa-p384; rsa1024, rsa2048 or rsa4096 for "
          "an\nESP8266",
          false}),
    opt_quiet, NULL};

static const struct opt *const public_opts[] = {
    opt_output,
    OPTS({'F', "format", OPT_WORDS("FORM", "pem", "raw", "arduino-header"),
          "pem (usual), raw: the 64 bytes that firmware with\nSecure Boot v1 has, or "
          "arduino-header: "
          "what a\n"
          "sketch for an ESP8266 compiles in",
          false}),
    opt_passphrase, opt_quiet, NULL};

static const struct opt *const digest_opts[] = {
    opt_output,
    OPTS({'F', "format", OPT_WORDS("FORM", "hex", "raw"),
          "hex (usual), or raw: the 32 bytes for\nespefuse burn_key", false}),
    opt_passphrase, opt_quiet, NULL};

static const struct cmd *const subcommands[] = {
    &(const struct cmd){
        .name = "generate",
        .parent = "key ",
        .summary = "a new private key in a file",
        .operands = "FILE [--type TYPE]",
        .about = "Makes a new private key: a PEM file that nobody else can read, and that is not\n"
                 "there yet. It has no passphrase; openssl pkcs8 -topk8 gives it one.",
        .examples = "  otapack key generate release.pem --type ecdsa-p256",
        .opts = generate_opts,
        .min = 1,
        .max = 1,
        .run = generate},
    &(const struct cmd){
        .name = "public",
        .parent = "key ",
        .summary = "the public part of a key",
        .operands = "KEY [-o FILE] [--format FORM]",
        .about =
            "Prints the public part of a key: of a PEM file, private or public, of 64 raw bytes,\n"
            "or of a pkcs11: URI.",
        .examples = "  otapack key public release.pem -o release.pub.pem\n"
                    "  otapack key public sketch.pem --format arduino-header -o Updater_Signing.h",
        .opts = public_opts,
        .min = 1,
        .max = 1,
        .run = public_part},
    &(const struct cmd){
        .name = "digest",
        .parent = "key ",
        .summary = "the digest of a key that devices keep in their eFuses",
        .operands = "KEY [-o FILE] [--format FORM]",
        .about =
            "Prints the digest of a key that devices with Secure Boot v2 have in their eFuses.",
        .examples = "  otapack key digest release.pub.pem",
        .opts = digest_opts,
        .min = 1,
        .max = 1,
        .run = digest},
    NULL};

const struct cmd cmd_key = {.name = "key",
                            .summary = "make a key, print its public part or its eFuse digest",
                            .operands = "generate|public|digest ARGUMENT...",
                            .about = "Keys for Secure Boot, and for updates of an ESP8266:",
                            .inner = subcommands,
                            .more = "Each has its --help.",
                            .examples = "  otapack key generate release.pem\n"
                                        "  otapack key digest release.pem",
                            .min = 1,
                            .max = ARGS_MOST,
                            .raw = true,
                            .run = cmd_run_named};
