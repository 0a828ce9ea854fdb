// SPDX-License-Identifier: Apache-2.0
//
// compat signing: the command lines of signing.py, which the ESP8266's Arduino core calls with
// every build, also for sketches that have no keys.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "arduino_header.h"
#include "compat.h"
#include "fd.h"
#include "key.h"
#include "os.h"
#include "output.h"
#include "pkcs11.h"
#include "secret.h"
#include "text.h"

static bool needs(const struct args *args, const char *option, struct err *e)
{
    return args_value(args, option) != NULL ||
           err_set(e, STATUS_CANNOT, "signing --mode %s needs --%s; see its --help",
                   args_value(args, "mode"), option);
}

// Builds name the files where keys would be: one that is not there means that none is wanted.
static bool is_missing(const char *key)
{
    struct os_info info;
    return !pkcs11_is_uri(key) && !os_info(key, &info) && (errno == ENOENT || errno == ENOTDIR);
}

// ---- sign ---------------------------------------------------------------------------------------

// `otapack sign --scheme SCHEME --key KEY --output OUTPUT --quiet -- FILE`.
static enum status run_sign(const struct args *args, const char *scheme, const char *output,
                            struct err *e)
{
    static const struct cmd *const verbs[] = {&cmd_sign, NULL};
    struct arena a = ARENA_EMPTY;
    char *words[] = {arena_string(&a, "sign"),
                     arena_printf(&a, "--scheme=%s", scheme),
                     arena_printf(&a, "--key=%s", args_value(args, "privatekey")),
                     arena_printf(&a, "--output=%s", output),
                     arena_string(&a, "--quiet"),
                     arena_string(&a, "--"),
                     arena_string(&a, args_value(args, "bin"))};
    enum status status =
        cmd_run_inner(args->cmd, verbs, sizeof(words) / sizeof(words[0]), words, e);
    arena_free(&a);
    return status;
}

static void tell(const char *what, const char *output)
{
    struct arena a = ARENA_EMPTY;
    (void)fprintf(stderr, "%s: %s\n", what, text_printable(&a, output));
    arena_free(&a);
}

// Both files or none of them.
static enum status sign_both(const struct args *args, const char *output, const char *legacy,
                             struct err *e)
{
    bool both = legacy != NULL && *legacy != '\0';
    if (both && fd_same_target(output, legacy)) {
        err_set(e, STATUS_CANNOT, "%s: is --out and --legacy at once; name another file", legacy);
        return STATUS_CANNOT;
    }
    output_together_begin();
    enum status status = both ? run_sign(args, "esp8266-rsa-legacy", legacy, e) : STATUS_OK;
    if (status == STATUS_OK) {
        status = run_sign(args, "esp8266-rsa", output, e);
    }
    if (!output_together_end(status == STATUS_OK, e)) {
        return status == STATUS_OK ? e->status : status;
    }
    tell("Signed binary", output);
    if (both) {
        tell("Legacy signed binary", legacy);
    }
    return STATUS_OK;
}

static enum status mode_sign(const struct args *args, struct err *e)
{
    if (!needs(args, "privatekey", e) || !needs(args, "bin", e) || !needs(args, "out", e)) {
        return STATUS_CANNOT;
    }
    const char *key = args_value(args, "privatekey");
    if (is_missing(key)) {
        say("%s: is not there, so nothing was signed; put the private key there to sign updates",
            key);
        return STATUS_OK;
    }
    return sign_both(args, args_value(args, "out"), args_value(args, "legacy"), e);
}

// ---- header -------------------------------------------------------------------------------------

static bool has_text(const char *file, const char *text)
{
    struct secret there;
    struct err unused = ERR_NONE;
    if (strcmp(file, "-") == 0 || !secret_of_file(file, ARDUINO_HEADER_MOST, &there, &unused)) {
        return false;
    }
    bool same = there.size == strlen(text) && memcmp(there.bytes, text, there.size) == 0;
    secret_wipe(&there);
    return same;
}

// What is there already stays as it is, or the core would be compiled anew with every build.
static enum status write_header(const char *file, const char *text, struct err *e)
{
    if (has_text(file, text)) {
        return STATUS_OK;
    }
    struct output *out = output_open_deep(file, e);
    if (out == NULL || !output_write(out, (const uint8_t *)text, strlen(text), e)) {
        output_abandon(out);
        return e->status;
    }
    return output_commit(out, e) ? STATUS_OK : e->status;
}

static enum status mode_header(const struct args *args, struct err *e)
{
    static const struct key_options options = {.quiet = true, .public_only = true};
    char text[ARDUINO_HEADER_MOST];
    struct pk_public key;
    if (!needs(args, "publickey", e) || !needs(args, "out", e)) {
        return STATUS_CANNOT;
    }
    const char *name = args_value(args, "publickey"), *out = args_value(args, "out");
    if (fd_same_file(out, name)) {
        err_set(e, STATUS_CANNOT, "%s: is also an input; name another file to write", out);
        return STATUS_CANNOT;
    }
    if (is_missing(name)) {
        return write_header(out, ARDUINO_HEADER_NONE, e);
    }
    if (!key_public(name, &options, &key, e) || !arduino_header(&key, name, text, e)) {
        return STATUS_CANNOT;
    }
    enum status status = write_header(out, text, e);
    if (status == STATUS_OK) {
        (void)fprintf(stderr, "Enabling binary signing\n");
    }
    return status;
}

// ---- Command lines ------------------------------------------------------------------------------

static enum status run_mode(const struct args *args, struct err *e)
{
    static enum status (*const modes[])(const struct args *args, struct err *e) = {mode_sign,
                                                                                   mode_header};
    enum { NONE = sizeof(modes) / sizeof(modes[0]) };
    int mode = args_choice(args, "mode", NONE, e);
    if (mode == NONE) {
        err_set(e, STATUS_CANNOT, "signing needs --mode; write --mode sign or --mode header");
    }
    return mode >= 0 && mode < NONE ? modes[mode](args, e) : STATUS_CANNOT;
}

// As in the original, the last of an option given twice holds.
static const struct opt *const opts[] = {
    OPTS({'m', "mode", OPT_WORDS("MODE", "sign", "header"), "sign, or header", true},
         {'b', "bin", OPT_FILE, "sign: what is signed", true},
         {'o', "out", OPT_FILE, "write here; header: its folders are made", true},
         {'l', "legacy", OPT_FILE_IF_ANY, "sign: write here what cores up to 2.5.2 take", true},
         {'p', "publickey", OPT_FILE, "header: the RSA key; none there: no signing", true},
         {'s', "privatekey", OPT_FILE, "sign: the RSA key; none there: nothing is written", true}),
    NULL};

#define SIGNING(is_raw, most, does)                                                                \
    {                                                                                              \
        .name = "signing", .parent = "compat ",                                                    \
        .summary = "of the ESP8266's Arduino core; signatures, header",                            \
        .operands = "--mode sign --bin FILE --out FILE --privatekey FILE [--legacy FILE]\n"        \
                    "--mode header --publickey FILE --out FILE",                                   \
        .about =                                                                                   \
            "Takes the command lines of tools/signing.py of the Arduino core for the ESP8266,\n"   \
            "which signs sketches and writes the header by which they know the key.",              \
        .opts = opts, .raw = (is_raw), .max = (most), .run = (does)                                \
    }

static const struct cmd inner = SIGNING(false, 0, run_mode);

static enum status signing(const struct args *args, struct err *e)
{
    return compat_run_rows(args, &inner, e);
}

const struct cmd compat_signing = SIGNING(true, ARGS_MOST, signing);
