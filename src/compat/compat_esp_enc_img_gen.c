// SPDX-License-Identifier: Apache-2.0
//
// compat esp_enc_img_gen: the command lines of the script that comes with Espressif's component
// esp_encrypted_img. What it prints is printed once all is well.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compat.h"
#include "esp_encrypted.h"
#include "fd.h"
#include "flash_cipher.h"
#include "input.h"
#include "output.h"
#include "secret.h"

enum { HEADER = OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE };

// IN KEY OUT, as they stand behind the command.
struct job {
    const char *in, *key, *out;
    struct otapack_source src; // the bytes of `in`
};

// Lines of the script, whose output somebody may read. `ecies` adds those about its keys.
static void tell(const char *out, const char *text)
{
    if (strcmp(out, "-") != 0) {
        (void)fputs(text, stdout);
    }
}

static bool out_of_memory(struct err *e)
{
    return err_set(e, STATUS_CANNOT, "out of memory");
}

static bool write_out(const struct job *job, const uint8_t *bytes, size_t n, struct err *e)
{
    struct otapack_source src = otapack_memory(bytes, n);
    if (fd_same_file(job->out, job->key)) {
        return err_set(e, STATUS_CANNOT, "%s: is also the key; name another file to write",
                       job->out);
    }
    return output_write_file(job->out, &src, e);
}

// ---- encrypt ------------------------------------------------------------------------------------

static bool encrypt_for(const struct job *job, const struct pk_public *key, struct err *e)
{
    struct err inner = ERR_NONE;
    size_t n = HEADER + (size_t)job->src.size;
    uint8_t *image = malloc(n);
    if (image == NULL) {
        return out_of_memory(e);
    }
    bool good = esp_encrypted_make(&job->src, key, image, &inner) || err_at(e, job->in, &inner);
    good = good && write_out(job, image, n, e);
    free(image);
    return good;
}

static bool encrypt(const struct job *job, struct err *e)
{
    static const struct key_options options = {.quiet = true};
    struct pk_public key;
    if (!esp_encrypted_fits(job->src.size, job->in, e) ||
        !key_public(job->key, &options, &key, e) || !key_fits_esp_encrypted(&key, job->key, e) ||
        !encrypt_for(job, &key, e)) {
        return false;
    }
    tell(job->out, "Encrypting image ...\n");
    tell(job->out, pk_is_rsa(key.type) ? ""
                                       : "Server ECC-256 keypair generated successfully\n"
                                         "ECDH key exchange completed successfully\n");
    tell(job->out, "Done\n");
    return true;
}

// ---- decrypt ------------------------------------------------------------------------------------

// The header of an image that a device would take to its end.
static bool take_header(const struct job *job, struct otapack_esp_encrypted_img *img, struct err *e)
{
    struct otapack_status s = otapack_esp_encrypted_img_open(&job->src, img);
    if (s.code == OTAPACK_NOT_THIS) {
        return err_set(e, STATUS_NO,
                       "%s: Magic Verification Failed: it is no pre-encrypted image; name what "
                       "encrypt wrote",
                       job->in);
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_esp_encrypted_img_check_size(&job->src, img);
    }
    if (s.code == OTAPACK_TRUNCATED || s.code == OTAPACK_FORBIDDEN) {
        return err_set(e, STATUS_NO,
                       "%s: has %" PRIu64 " bytes, where its header says %" PRIu64
                       "; take the file from where it was made",
                       job->in, job->src.size, s.code == OTAPACK_TRUNCATED ? s.value : s.limit);
    }
    return s.code == OTAPACK_OK ? esp_encrypted_fits(img->size, job->in, e)
                                : err_set(e, STATUS_CANNOT, "%s: cannot be read", job->in);
}

static bool decrypt_with(const struct job *job, const struct otapack_esp_encrypted_img *img,
                         struct key_holder *key, struct err *e)
{
    uint8_t *plaintext = malloc(img->size + 1U);
    if (plaintext == NULL) {
        return out_of_memory(e);
    }
    bool unwrapped;
    bool good = esp_encrypted_open(&job->src, img, key, plaintext, &unwrapped, e) &&
                write_out(job, plaintext, img->size, e);
    free(plaintext);
    return good;
}

static bool decrypt(const struct job *job, struct err *e)
{
    static const struct key_options options = {.quiet = true, .decrypts = true};
    struct otapack_esp_encrypted_img img;
    struct key_holder *key = NULL;
    bool good = take_header(job, &img, e) && (key = key_open(job->key, &options, e)) != NULL &&
                decrypt_with(job, &img, key, e);
    key_close(key);
    if (good) {
        tell(job->out, "Decrypting image ...\n");
        tell(job->out, otapack_esp_encrypted_img_is_ecies(&img)
                           ? "ECDH key exchange completed successfully\n"
                           : "");
        tell(job->out, "Magic verified successfully\n");
    }
    if (good && strcmp(job->out, "-") != 0) {
        printf("Binary size: %" PRIu32 "\nDone\n", img.size);
    }
    return good;
}

static const struct {
    const char *name;
    bool (*run)(const struct job *job, struct err *e);
} operations[] = {{"encrypt", encrypt}, {"decrypt", decrypt}};

static enum status run_operation(const struct args *args,
                                 bool (*run)(const struct job *, struct err *), struct err *e)
{
    struct job job = {args->operands[1], args->operands[2], args->operands[3], {0}};
    struct input *in = input_open(job.in, e);
    bool good = false;
    if (in != NULL) {
        job.src = input_source(in);
        good = !input_is_named(in, job.out, e) && run(&job, e) && input_good(in, e);
    }
    input_close(in);
    return good ? STATUS_OK : e->status;
}

// ---- Keys ---------------------------------------------------------------------------------------

// Both files, or none; never over another.
static bool write_pair(const char *secret, const void *bytes, size_t n, const char *public_name,
                       const struct pk_public *key, struct err *e)
{
    static const char why[] = ", and a key is not written over; name another folder";
    char pem[PK_PEM_MOST];
    struct output *outs[2] = {output_open_new_secret(secret, why, e), NULL};
    outs[1] = outs[0] == NULL ? NULL : output_open_new(public_name, why, e);
    if (outs[1] != NULL && !pk_public_pem(key, pem)) {
        err_set(e, STATUS_CANNOT, "%s: cannot be written in PEM", public_name);
    } else if (outs[1] != NULL && output_write(outs[0], bytes, n, e) &&
               output_write(outs[1], (const uint8_t *)pem, strlen(pem), e)) {
        return output_commit_all(outs, 2, e);
    }
    output_abandon(outs[0]);
    output_abandon(outs[1]);
    return false;
}

static bool generate_rsa(struct err *e)
{
    char pem[PK_PEM_MOST];
    struct pk_private *key = pk_generate(PK_RSA3072, e);
    bool good = key != NULL && (pk_private_pem(key, pem) ||
                                err_set(e, STATUS_CANNOT, "the key cannot be written in PEM"));
    good = good && write_pair("rsa_priv_key.pem", pem, strlen(pem), "rsa_pub_key.pem",
                              pk_private_public(key), e);
    wipe(pem, sizeof(pem));
    pk_private_free(key);
    return good;
}

// Of nearly any 32 bytes a key comes: all but 1 of 4 thousand million.
static bool generate_ecc(struct err *e)
{
    uint8_t hmac_key[KEY_HMAC_SIZE];
    struct pk_private *key = NULL;
    bool good = true;
    while (good && key == NULL) {
        good = flash_random(hmac_key, sizeof(hmac_key), e);
        key = good ? key_of_hmac_key(hmac_key) : NULL;
    }
    good = good && write_pair("device_hmac_key.bin", hmac_key, sizeof(hmac_key),
                              "device_pub_key.pem", pk_private_public(key), e);
    wipe(hmac_key, sizeof(hmac_key));
    pk_private_free(key);
    return good;
}

static const struct {
    const char *option;
    bool (*run)(struct err *e);
    const char *text;
} generators[] = {
    {"generate-ecc-key", generate_ecc,
     "ECC-256 key generated successfully\n"
     "Server ECC-256 keypair generated successfully\n"
     "Key generation completed successfully\n"},
    {"generate-rsa-key", generate_rsa,
     "Server RSA-3072 keypair generated successfully\n"
     "Key generation completed successfully\n"},
};

// ---- Command lines ------------------------------------------------------------------------------

static enum status run_tool(const struct args *args, struct err *e)
{
    for (size_t i = 0; i < sizeof(generators) / sizeof(generators[0]); i++) {
        if (args_value(args, generators[i].option) != NULL) {
            bool good = generators[i].run(e);
            tell("", good ? generators[i].text : "");
            return good ? STATUS_OK : e->status;
        }
    }
    for (size_t i = 0; args->operand_count == 4 && i < sizeof(operations) / sizeof(operations[0]);
         i++) {
        if (strcmp(args->operands[0], operations[i].name) == 0) {
            return run_operation(args, operations[i].run, e);
        }
    }
    err_set(e, STATUS_CANNOT,
            "esp_enc_img_gen takes encrypt or decrypt with INPUT KEY OUTPUT, --generate_ecc_key or "
            "--generate_rsa_key; see its --help");
    return STATUS_CANNOT;
}

static const struct opt *const opts[] = {
    OPTS({0, "generate-ecc-key", NULL, "make device_hmac_key.bin and device_pub_key.pem", true},
         {0, "generate-rsa-key", NULL, "make rsa_priv_key.pem and rsa_pub_key.pem", true}),
    NULL};

#define TOOL(is_raw, most, does)                                                                   \
    {                                                                                              \
        .name = "esp_enc_img_gen", .parent = "compat ",                                            \
        .summary = "of esp_encrypted_img; its encrypt, decrypt and keys",                          \
        .operands = "encrypt INPUT PUBLIC-KEY OUTPUT\n"                                            \
                    "decrypt INPUT PRIVATE-KEY OUTPUT\n"                                           \
                    "--generate_ecc_key\n"                                                         \
                    "--generate_rsa_key",                                                          \
        .about =                                                                                   \
            "Takes the command lines of esp_enc_img_gen.py of Espressif's esp_encrypted_img,\n"    \
            "which encrypts an update before it is published, and decrypts it again. The key\n"    \
            "is RSA-3072 or P-256, in a file, or in a token by its pkcs11: URI; to decrypt\n"      \
            "also a device's HMAC key of 32 bytes.",                                               \
        .opts = opts, .raw = (is_raw), .max = (most), .run = (does)                                \
    }

static const struct cmd inner = TOOL(false, 4, run_tool);

static enum status esp_enc_img_gen(const struct args *args, struct err *e)
{
    return compat_run_rows(args, &inner, e);
}

const struct cmd compat_esp_enc_img_gen = TOOL(true, ARGS_MOST, esp_enc_img_gen);
