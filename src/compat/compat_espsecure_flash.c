// SPDX-License-Identifier: Apache-2.0
//
// compat espsecure encrypt_flash_data, decrypt_flash_data: what a device with flash encryption has
// in its flash, and what it reads there.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "argparse.h"
#include "compat_espsecure.h"
#include "fd.h"
#include "flash_cipher.h"
#include "input.h"
#include "key.h"
#include "output.h"

enum { CHUNK = 64 * 1024, KEY_FILE_MOST = 1024 };

struct job {
    const struct args *args;
    struct arena arena;
    bool decrypt;
    enum flash_scheme scheme;
    uint64_t address, config;
    const char *keyfile, *data, *target;
    struct flash_key key;
    size_t key_bits; // of its file
    struct input *input;
    struct otapack_source src;
    struct err *e;
};

// How far each scheme goes: the ESP32's key knows 24 bits of an address, a tweak of AES-XTS 32.
static const struct {
    uint64_t most;
    const char *title;
} ends[] = {[FLASH_ESP32] = {UINT64_C(1) << 24, "16 MiB that an ESP32 can encrypt"},
            [FLASH_XTS] = {UINT64_C(1) << 32, "4 GiB that an address can say"}};

// ---- What is asked for --------------------------------------------------------------------------

static bool take_number(struct job *job, const char *option, uint64_t usual, uint64_t *out)
{
    const char *text = args_value(job->args, option);
    *out = usual;
    return text == NULL || argparse_number(text, &job->arena, out) ||
           err_set(job->e, STATUS_CANNOT,
                   "--%s: '%s' is not a valid integer; write it as 0x10000 or 65536", option, text);
}

static bool take_config(struct job *job)
{
    return take_number(job, "flash-crypt-conf", FLASH_CRYPT_CONFIG_MOST, &job->config) &&
           (job->scheme == FLASH_XTS || job->config <= FLASH_CRYPT_CONFIG_MOST ||
            err_set(job->e, STATUS_CANNOT,
                    "--flash_crypt_conf: 0x%" PRIx64 " is more than the four bits of that eFuse; "
                    "write 0 to 0xf",
                    job->config));
}

// Both names of one file, or standard input twice.
static bool are_apart(const struct job *job)
{
    const char *const inputs[] = {job->keyfile, job->data};
    for (size_t i = 0; i < 2; i++) {
        if (fd_same_file(inputs[i], job->target)) {
            return err_set(job->e, STATUS_CANNOT,
                           "%s: is also an input: the input \"%s\" and output \"%s\" should not be "
                           "the same!; name another file to write",
                           job->target, inputs[i], job->target);
        }
    }
    return strcmp(job->keyfile, "-") != 0 || strcmp(job->data, "-") != 0 ||
           err_set(job->e, STATUS_CANNOT,
                   "standard input cannot be both key and data; name a file for one of them");
}

static bool take_options(struct job *job)
{
    static const char *const needed[] = {"keyfile", "output", "address"};
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (!espsecure_needs(job->args, needed[i], job->e)) {
            return false;
        }
    }
    job->scheme = args_value(job->args, "aes-xts") != NULL ? FLASH_XTS : FLASH_ESP32;
    job->keyfile = args_value(job->args, "keyfile");
    job->data = job->args->operands[0];
    job->target = args_value(job->args, "output");
    return take_number(job, "address", 0, &job->address) && take_config(job) && are_apart(job);
}

// ---- The key ------------------------------------------------------------------------------------

static bool fits_scheme(const struct job *job, size_t size)
{
    bool xts = job->scheme == FLASH_XTS;
    if (size != 16 && size != 24 && size != 32 && size != 64) {
        return err_set(job->e, STATUS_CANNOT,
                       "%s: Key file contains wrong length (%zu bytes), 16, 24, 32 or 64 expected; "
                       "name the file of a key",
                       job->keyfile, size);
    }
    if (xts && size == 24) {
        return err_set(job->e, STATUS_CANNOT,
                       "%s: AES_XTS supports only 128, 256, and 512-bit keys. Provided key is 192 "
                       "bits; name another, or leave out --aes_xts for an ESP32",
                       job->keyfile);
    }
    return xts || size == 24 || size == 32 ||
           err_set(job->e, STATUS_CANNOT,
                   "%s: ESP32 supports only 192 and 256-bit keys. Provided key is %zu bits. Use "
                   "--aes_xts for other chips; or name another",
                   job->keyfile, size * 8);
}

// A chip that has such a key can still be read.
static bool may_encrypt(const struct job *job)
{
    return job->decrypt || job->scheme == FLASH_ESP32 || !flash_key_is_doubled(&job->key) ||
           err_set(job->e, STATUS_NO,
                   "%s: In XTS mode duplicated keys are not allowed: its halves are the same; take "
                   "another key",
                   job->keyfile);
}

static bool take_key(struct job *job)
{
    struct secret file;
    if (!secret_of_file(job->keyfile, KEY_FILE_MOST, &file, job->e)) {
        return false;
    }
    job->key_bits = file.size * 8;
    bool good = fits_scheme(job, file.size) && flash_key_extend(&file, &job->key, job->e);
    secret_wipe(&file);
    return good && may_encrypt(job);
}

// ---- The data -----------------------------------------------------------------------------------

static bool is_in_flash(const struct job *job)
{
    if (job->address % FLASH_BLOCK != 0) {
        return err_set(job->e, STATUS_CANNOT,
                       "--address: Starting flash address 0x%" PRIx64 " must be a multiple of 16; "
                       "correct it",
                       job->address);
    }
    uint64_t most = ends[job->scheme].most;
    return (job->address <= most && job->src.size <= most - job->address) ||
           err_set(job->e, STATUS_CANNOT,
                   "--address: %" PRIu64 " bytes at 0x%" PRIx64 " end beyond the %s; correct it%s",
                   job->src.size, job->address, ends[job->scheme].title,
                   job->scheme == FLASH_ESP32 ? ", or add --aes_xts for other chips" : "");
}

static bool is_in_blocks(const struct job *job)
{
    const char *name = input_name(job->input);
    if (job->scheme == FLASH_XTS && job->src.size == 0) {
        return err_set(job->e, STATUS_CANNOT,
                       "%s: Input data must be longer than 0; name what the build wrote", name);
    }
    if (job->src.size % FLASH_BLOCK == 0 || (job->scheme == FLASH_ESP32 && !job->decrypt)) {
        return true;
    }
    return job->scheme == FLASH_XTS
               ? err_set(job->e, STATUS_CANNOT,
                         "%s: Input data length (%" PRIu64 ") must be a multiple of 16; %s", name,
                         job->src.size,
                         job->decrypt ? "read whole blocks from flash" : "fill it up with 0xff")
               : err_set(job->e, STATUS_CANNOT,
                         "%s: Data length is not a multiple of 16 bytes; read whole blocks from "
                         "flash",
                         name);
}

static size_t padding(const struct job *job)
{
    return (size_t)(-job->src.size % FLASH_BLOCK);
}

// Where the result goes to standard output, nothing else does.
static void print_what(const struct job *job)
{
    if (job->scheme == FLASH_ESP32 && job->config == 0) {
        say("--flash_crypt_conf: warning: Setting FLASH_CRYPT_CONF to zero is not recommended: the "
            "same bytes are then the same everywhere in flash; 0xf is usual");
    }
    key_warn_of_readers(job->keyfile, "flash encryption key");
    if (strcmp(job->target, "-") == 0) {
        return;
    }
    printf("Using %zu-bit key%s.\n", job->key_bits,
           job->key_bits == 128 || job->key_bits == 192 ? " (extended)" : "");
    if (padding(job) > 0) {
        printf("Note: Padding with %zu bytes of random data (encrypted data must be multiple of 16 "
               "bytes long).\n",
               padding(job));
    }
}

// ---- The work -----------------------------------------------------------------------------------

static bool run_chunk(const struct job *job, struct flash_cipher *c, uint64_t at, uint8_t *chunk,
                      struct output *out)
{
    size_t n = job->src.size - at < CHUNK ? (size_t)(job->src.size - at) : CHUNK;
    size_t more = n % FLASH_BLOCK == 0 ? 0 : padding(job);
    if (otapack_read(&job->src, at, chunk, n, "").code != OTAPACK_OK) {
        return input_good(job->input, job->e) && // which says why
               err_set(job->e, STATUS_CANNOT, "%s: cannot be read", input_name(job->input));
    }
    return (more == 0 || flash_random(chunk + n, more, job->e)) &&
           flash_cipher_run(c, (uint32_t)(job->address + at), chunk, n + more, job->e) &&
           output_write(out, chunk, n + more, job->e);
}

static bool write_chunks(struct job *job, struct flash_cipher *c, struct output *out)
{
    uint8_t *chunk = arena_alloc(&job->arena, CHUNK);
    bool good = true;
    for (uint64_t at = 0; good && at < job->src.size; at += CHUNK) {
        good = run_chunk(job, c, at, chunk, out);
    }
    return good;
}

// Nothing of the key is left when the file gets its name, for which a pipe has to wait.
static bool write_all(struct job *job)
{
    struct flash_cipher *c =
        flash_cipher_new(job->scheme, &job->key, (unsigned)job->config, job->decrypt, job->e);
    wipe(&job->key, sizeof(job->key));
    struct output *out = c == NULL ? NULL : output_open(job->target, job->e);
    bool good = out != NULL && write_chunks(job, c, out);
    flash_cipher_free(c);
    if (good) {
        return output_commit(out, job->e);
    }
    output_abandon(out);
    return false;
}

static bool take_data(struct job *job)
{
    job->input = input_open(job->data, job->e);
    if (job->input == NULL) {
        return false;
    }
    job->src = input_source(job->input);
    return is_in_flash(job) && is_in_blocks(job);
}

static enum status run(const struct args *args, bool decrypt, struct err *e)
{
    struct job job = {.args = args, .arena = ARENA_EMPTY, .decrypt = decrypt, .e = e};
    bool good = take_options(&job) && take_key(&job) && take_data(&job) && write_all(&job);
    if (good) {
        print_what(&job);
    }
    wipe(&job.key, sizeof(job.key));
    input_close(job.input);
    arena_free(&job.arena);
    return good ? STATUS_OK : e->status;
}

enum status espsecure_encrypt_flash(const struct args *args, struct err *e)
{
    return run(args, false, e);
}

enum status espsecure_decrypt_flash(const struct args *args, struct err *e)
{
    return run(args, true, e);
}

const struct opt *const espsecure_crypt_opts[] = {
    OPTS({'x', "aes-xts", NULL, "as all chips but the ESP32 have it", true},
         {'k', "keyfile", OPT_FILE,
          "the key: 24 or 32 bytes of an ESP32, 16, 32 or 64\nof other chips", true},
         {'o', "output", OPT_FILE, "write here", true},
         {'a', "address", OPT_NUMBER("ADDRESS"), "where in flash the data begin", true},
         {0, "flash-crypt-conf", OPT_NUMBER("N"),
          "the ESP32's eFuse FLASH_CRYPT_CONFIG; 0xf is usual", true}),
    NULL};
