// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure generate_flash_encryption_key, digest_private_key: keys for eFuses, which are
// nothing but bytes.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "argparse.h"
#include "compat_espsecure.h"
#include "fd.h"
#include "flash_cipher.h"
#include "key.h"
#include "os.h"
#include "output.h"
#include "text.h"

enum { BITS_LEAST = 128, BITS_MOST = FLASH_KEY_MOST * 8, BITS_USUAL = 256, BITS_SHORT = 192 };

static bool is_standard_output(const char *file)
{
    return strcmp(file, "-") == 0;
}

static bool take_length(const struct args *args, uint64_t *bits, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *text = args_value(args, "keylen");
    *bits = BITS_USUAL;
    bool good = text == NULL || argparse_number(text, &a, bits) ||
                err_set(e, STATUS_CANNOT, "--keylen: '%s' is not a valid integer; write 256", text);
    arena_free(&a);
    return good;
}

// ---- A new key ----------------------------------------------------------------------------------

// What is shorter can be guessed, and no eFuses take what is longer.
static bool is_length(uint64_t bits, struct err *e)
{
    return (bits >= BITS_LEAST && bits <= BITS_MOST && bits % 8 == 0) ||
           err_set(e, STATUS_CANNOT,
                   "--keylen: there is no key of %" PRIu64 " bits; write 128, 192, 256 or 512",
                   bits);
}

static void warn_of_length(uint64_t bits)
{
    if (bits != BITS_LEAST && bits != BITS_SHORT && bits != BITS_USUAL && bits != BITS_MOST) {
        say("--keylen: warning: no chip takes a flash encryption key of %" PRIu64
            " bits; they take 128, 192, 256 or 512",
            bits);
    }
}

static bool write_key(const char *file, const uint8_t *key, size_t n, struct err *e)
{
    if (!is_standard_output(file)) {
        return secret_to_new_file(file, key, n, e);
    }
    return fd_write(OS_STDOUT, key, n) || err_errno(e, "standard output", "write");
}

enum status espsecure_generate_flash_key(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    const char *file = args->operands[0];
    uint8_t key[FLASH_KEY_MOST];
    uint64_t bits;
    bool good = take_length(args, &bits, e) && is_length(bits, e) &&
                flash_random(key, (size_t)bits / 8, e) && write_key(file, key, (size_t)bits / 8, e);
    wipe(key, sizeof(key));
    if (good) {
        warn_of_length(bits);
    }
    if (good && !is_standard_output(file)) {
        printf("Writing %" PRIu64 " random bits to key file \"%s\".\n", bits,
               text_printable(&a, file));
    }
    arena_free(&a);
    return good ? STATUS_OK : e->status;
}

// ---- Of a private key ---------------------------------------------------------------------------

// The exit statuses are the script's.
static bool is_of_v1(const struct pk_public *key, const char *name, struct err *e)
{
    return key->type == PK_P256 ||
           err_set(e, pk_is_rsa(key->type) ? STATUS_NO : STATUS_CANNOT,
                   "%s: is an %s key. %s; name such a key", name, pk_types[key->type].title,
                   "Signing key uses incorrect curve. ESP32 Secure Boot only supports NIST256p "
                   "(openssl calls this curve 'prime256v1')");
}

static bool digest_of_key(const char *name, uint8_t digest[PK_PRIVATE_DIGEST_SIZE], struct err *e)
{
    const struct key_options options = {.quiet = true}; // nothing before an error
    struct pk_private *key = key_private(name, &options, e);
    bool good = key != NULL && is_of_v1(pk_private_public(key), name, e) &&
                pk_private_digest(key, digest, e);
    pk_private_free(key);
    return good;
}

// A pipe or a device. By way of output.h, a copy of the key would be in a temporary file.
static bool is_stream(const char *file)
{
    struct os_info info;
    return os_info(file, &info) && info.kind != OS_FILE && info.kind != OS_FOLDER;
}

static bool write_stream(const char *file, const uint8_t *digest, size_t n, struct err *e)
{
    int fd = os_open_write(file);
    if (fd < 0) {
        return err_errno(e, file, "open");
    }
    bool good = fd_write(fd, digest, n) || err_errno(e, file, "write");
    if (!os_close(fd) && good) {
        good = err_errno(e, file, "write");
    }
    return good;
}

static bool write_digest(const char *file, const uint8_t *digest, size_t n, struct err *e)
{
    if (is_standard_output(file)) {
        return write_key(file, digest, n, e);
    }
    if (is_stream(file)) {
        return write_stream(file, digest, n, e);
    }
    struct output *out = output_open_secret(file, e);
    if (out == NULL || !output_write(out, digest, n, e)) {
        output_abandon(out);
        return false;
    }
    return output_commit(out, e);
}

static bool may_write(const char *file, const char *key, struct err *e)
{
    return !fd_same_file(key, file) ||
           err_set(e, STATUS_CANNOT,
                   "%s: is also an input: the input \"%s\" and output \"%s\" should not be the "
                   "same!; name another file to write",
                   file, key, file);
}

static void print_digest(const char *file, const char *key, bool cut)
{
    struct arena a = ARENA_EMPTY;
    key_warn_of_readers(key, "private key");
    if (!is_standard_output(file)) {
        key_warn_of_readers(file, "key"); // which was there, and keeps its mode
        printf("SHA-256 digest of private key \"%s\"%s written to \"%s\".\n",
               text_printable(&a, key), cut ? " (truncated to 192 bits)" : "",
               text_printable(&a, file));
    }
    arena_free(&a);
}

enum status espsecure_digest_private_key(const struct args *args, struct err *e)
{
    const char *file = args->operands[0], *key = args_value(args, "keyfile");
    uint8_t digest[PK_PRIVATE_DIGEST_SIZE];
    uint64_t bits;
    bool good = espsecure_needs(args, "keyfile", e) && take_length(args, &bits, e) &&
                may_write(file, key, e) && digest_of_key(key, digest, e);
    bool cut = good && bits == BITS_SHORT;
    good = good && write_digest(file, digest, cut ? BITS_SHORT / 8 : sizeof(digest), e);
    wipe(digest, sizeof(digest));
    if (good && bits != BITS_SHORT && bits != BITS_USUAL) {
        say("--keylen: warning: the digest has 256 bits, or 192 of them, and not %" PRIu64
            "; all 256 were written",
            bits);
    }
    if (good) {
        print_digest(file, key, cut);
    }
    return good ? STATUS_OK : e->status;
}

// ---- Command lines ------------------------------------------------------------------------------

const struct opt *const espsecure_flash_key_opts[] = {
    OPTS({'l', "keylen", OPT_WORDS("BITS", "128", "192", "256", "512"),
          "128, 192, 256 (usual) or 512", true}),
    NULL};

const struct opt *const espsecure_digest_private_opts[] = {
    OPTS({'k', "keyfile", OPT_FILE, "the private key, ECDSA P-256", true},
         {'l', "keylen", OPT_WORDS("BITS", "192", "256"), "256 (usual) or 192", true}),
    NULL};
