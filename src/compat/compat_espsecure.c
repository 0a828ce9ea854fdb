// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure: the command lines of Espressif's tool for Secure Boot and flash encryption, of
// esptool 4 (espsecure.py sign_data) and 5 (espsecure sign-data).
#include "compat_espsecure.h"

#include "argparse.h"
#include "compat.h"

bool espsecure_needs(const struct args *args, const char *option, struct err *e)
{
    return args_value(args, option) != NULL ||
           err_set(e, STATUS_CANNOT, "%s needs --%s; see its --help", args->cmd->name, option);
}

bool espsecure_version(const struct args *args, const char *usual, bool *v1, struct err *e)
{
    if (usual == NULL && !espsecure_needs(args, "version", e)) {
        return false;
    }
    int version = args_choice(args, "version", usual == NULL || *usual == '1' ? 0 : 1, e);
    *v1 = version == 0;
    return version >= 0;
}

// ---- Command lines ------------------------------------------------------------------------------

// As in the original, the last of an option given twice holds.
#define OPT_VERSION(usual)                                                                         \
    {                                                                                              \
        'v', "version", OPT_WORDS("N", "1", "2"), "of Secure Boot: 1 or 2" usual, true             \
    }
#define OPT_HSM                                                                                    \
    {                                                                                              \
        0, "hsm", NULL, "the key is in an HSM", true                                               \
    }
#define OPT_HSM_CONFIG                                                                             \
    {                                                                                              \
        0, "hsm-config", OPT_FILE,                                                                 \
            "[hsm_config] with pkcs11_lib, slot, label,\nlabel_pubkey, credentials", true          \
    }

static const struct opt *const sign_opts[] = {
    OPTS(OPT_VERSION(""),
         {'k', "keyfile", OPT_FILE, "private keys: all words up to the next option", true},
         {'o', "output", OPT_FILE, "write here, and leave the file as it is", true},
         {'a', "append-signatures", NULL, "keep the signatures that are there", true}, OPT_HSM,
         OPT_HSM_CONFIG,
         {0, "pub-key", OPT_FILE, "public keys of the signatures; also several", true},
         {0, "signature", OPT_FILE, "signatures that were made elsewhere; also several", true},
         {0, "skip-padding", NULL,
          "data keep their length; what is no data must not need\nany padding", true}),
    NULL};

static const struct opt *const verify_opts[] = {
    OPTS(OPT_VERSION(""),
         {'k', "keyfile", OPT_FILE, "the key that must have signed, private or public", true},
         OPT_HSM, OPT_HSM_CONFIG,
         {0, "skip-padding", NULL, "data were signed with --skip-padding", true}),
    NULL};

static const struct opt *const generate_opts[] = {
    OPTS(OPT_VERSION("; 1 is usual"),
         {'s', "scheme", OPT_CHOICE_OF("KIND", espsecure_key_kind),
          "rsa3072 (usual with 2), ecdsa192, ecdsa256 (usual\nwith 1), ecdsa384", true}),
    NULL};

static const struct opt *const extract_opts[] = {
    OPTS(OPT_VERSION("; 1 is usual, and\nwrites 64 raw bytes, 2 writes PEM"),
         {'k', "keyfile", OPT_FILE, "the private key", true}),
    NULL};

static const struct opt *const digest_opts[] = {
    OPTS({'k', "keyfile", OPT_FILE, "the key, private or public", true},
         {'o', "output", OPT_FILE, "write the 32 bytes here", true}),
    NULL};

#define COMMAND(command, short, words, what, rows, least, most, does)                              \
    (&(const struct cmd){.name = (command),                                                        \
                         .parent = "compat espsecure ",                                            \
                         .summary = (short),                                                       \
                         .operands = (words),                                                      \
                         .about = (what),                                                          \
                         .opts = (rows),                                                           \
                         .min = (least),                                                           \
                         .max = (most),                                                            \
                         .run = (does)})

static const struct cmd *const subcommands[] = {
    COMMAND("sign_data", "signs a file", "FILE -v 1|2 -k KEY... [-a] [-o FILE]",
            "Signs an app or bootloader, or any other data, in place without -o. Instead of\n"
            "-k KEY...: --pub-key KEY... --signature FILE..., or --hsm --hsm-config FILE, also\n"
            "with --pub-key KEY where the token has none.",
            sign_opts, 0, 1, espsecure_sign_data),
    COMMAND("verify_signature", "is a file signed with this key?", "FILE -v 1|2 -k KEY",
            "Is a file signed with this key? Exit status 1: no. In place of -k KEY: --hsm\n"
            "--hsm-config FILE.",
            verify_opts, 1, 1, espsecure_verify_signature),
    COMMAND("signature_info_v2", "whose signatures a file has", "FILE",
            "Prints the signatures and the digests of their keys.", NULL, 1, 1,
            espsecure_signature_info),
    COMMAND("generate_signing_key", "a new private key", "[-v 1|2] [-s KIND] FILE",
            "Makes a new private key: a PEM file that nobody else can read, and that is not\n"
            "there yet.",
            generate_opts, 1, 1, espsecure_generate_key),
    COMMAND("extract_public_key", "the public part of a key", "[-v 1|2] -k KEY FILE",
            "Writes the public part of a key.", extract_opts, 1, 1, espsecure_extract_public_key),
    COMMAND("digest_sbv2_public_key", "what devices have of it in their eFuses", "-k KEY -o FILE",
            "Writes the digest of a key that devices with Secure Boot v2 keep in eFuses.",
            digest_opts, 0, 0, espsecure_digest_public_key),
    COMMAND("digest_rsa_public_key", "an older name of the same", "-k KEY -o FILE",
            "An older name of digest_sbv2_public_key.", digest_opts, 0, 0,
            espsecure_digest_public_key),
    COMMAND("encrypt_flash_data", "encrypts what flash is to have",
            "FILE [-x] -k KEY -a ADDRESS -o FILE",
            "Encrypts what is written to the flash of a device with flash encryption.",
            espsecure_crypt_opts, 1, 1, espsecure_encrypt_flash),
    COMMAND("decrypt_flash_data", "decrypts what flash has", "FILE [-x] -k KEY -a ADDRESS -o FILE",
            "Decrypts what was read from the flash of a device with flash encryption.",
            espsecure_crypt_opts, 1, 1, espsecure_decrypt_flash),
    COMMAND("generate_flash_encryption_key", "a new key for that", "[-l BITS] FILE",
            "Makes a new key: a file that nobody else can read, and that is not there yet.",
            espsecure_flash_key_opts, 1, 1, espsecure_generate_flash_key),
    COMMAND("digest_private_key", "an ESP32's key, made of a private key", "-k KEY [-l BITS] FILE",
            "Writes the SHA-256 of a private key, as a key for an ESP32's eFuses.",
            espsecure_digest_private_opts, 1, 1, espsecure_digest_private_key),
    NULL};

static const char *const lists[] = {"keyfile", "pub-key", "signature", NULL};
static const char *const no_lists[] = {NULL};

// sign-data, as esptool 5 calls it, is sign_data.
static void take_command(const struct args *args, struct arena *a, struct argparse_words *out)
{
    for (size_t i = 0; i < args->operand_count && i < ARGS_MOST; i++) {
        out->list[out->count++] = arena_string(a, args->operands[i]);
    }
    for (char *p = out->list[0]; *p != '\0'; p++) {
        *p = *p == '-' ? '_' : *p;
    }
}

// Only sign_data takes several keys.
static bool read_rows(const struct cmd *cmd, const struct argparse_words *given, struct arena *a,
                      struct argparse_words *out, struct err *e)
{
    return argparse_rows(given, cmd->opts, cmd->opts == sign_opts ? lists : no_lists, a, out, e);
}

static enum status espsecure(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct argparse_words *given = ARENA_NEW(&a, struct argparse_words);
    struct argparse_words *words = ARENA_NEW(&a, struct argparse_words);
    const char *near;
    take_command(args, &a, given);
    const struct cmd *cmd = cmd_find(subcommands, given->list[0], &near);
    if (cmd == NULL) {
        *words = (struct argparse_words){{given->list[0]}, 1};
    }
    bool good = cmd == NULL || read_rows(cmd, given, &a, words, e);
    enum status status =
        good ? cmd_run_inner(args->cmd, subcommands, words->count, words->list, e) : STATUS_CANNOT;
    arena_free(&a);
    return status;
}

const struct cmd compat_espsecure = {
    .name = "espsecure",
    .parent = "compat ",
    .summary = "of esptool 4, 5; Secure Boot and flash encryption",
    .operands = "COMMAND ARGUMENT...",
    .about = "Takes the command lines of espsecure about Secure Boot and flash encryption, as\n"
             "esptool 4 has them (sign_data) and as esptool 5 has them (sign-data):",
    .inner = subcommands,
    .more = "Each has its --help. What a device would refuse is not signed; what is signed\n"
            "already, only with --append_signatures.",
    .min = 1,
    .max = ARGS_MOST,
    .raw = true,
    .run = espsecure};
