// SPDX-License-Identifier: Apache-2.0
#include "key.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "os.h"
#include "secret.h"
#include "text.h"

enum { RAW_SIZE = 64 };

#define PASSPHRASE_REMEDY                                                                          \
    "give --passphrase-file (in a recipe, passphrase_file) or set OTAPACK_PASSPHRASE"

// What is wrong with a key file, and what to do.
static const char *const faults[] = {
    [PK_NO_KEY] = "holds no key; name a PEM file with one",
    [PK_CORRUPT] = "the key in it is damaged; take it from where it was kept",
    [PK_NOT_PUBLIC] = "is a private key, and the public one is wanted; name that",
    [PK_NEEDS_PASSPHRASE] = "is encrypted; " PASSPHRASE_REMEDY,
    [PK_WRONG_PASSPHRASE] = "cannot be decrypted with this passphrase; correct the passphrase",
    [PK_UNKNOWN_CIPHER] = "is encrypted in a way that otapack does not know; encrypt it anew with "
                          "openssl pkcs8 -topk8 -v2 aes-256-cbc",
    [PK_TOO_MANY_TURNS] =
        "is encrypted with more rounds than otapack makes, which are 1,300,000 with SHA-1, "
        "1,000,000 "
        "with SHA-256 and 700,000 with SHA-384 or SHA-512; encrypt it anew with openssl pkcs8 "
        "-topk8 -v2 aes-256-cbc -iter 600000",
    [PK_OTHER_KEY] = "is no key that otapack knows; use RSA of 1024, 2048, 3072 or 4096 bits, or "
                     "ECDSA with P-192, P-256 or P-384",
};

static bool key_fault(const char *name, enum pk_fault fault, const struct key_options *o,
                      struct err *e)
{
    return fault == PK_NOT_PRIVATE
               ? err_set(e, STATUS_CANNOT,
                         "%s: is a public key, and %s takes the private one; name that", name,
                         o->decrypts ? "decrypting" : "signing")
               : err_set(e, STATUS_CANNOT, "%s: %s", name, faults[fault]);
}

bool key_type(const char *name, const char *where, enum pk_type *out, struct err *e)
{
    const char *names[PK_TYPE_COUNT];
    for (int i = 0; i < PK_TYPE_COUNT; i++) {
        names[i] = pk_types[i].name;
        if (strcmp(name, names[i]) == 0) {
            *out = (enum pk_type)i;
            return true;
        }
    }
    const char *near = text_nearest(name, names, PK_TYPE_COUNT);
    return err_unknown(e, near,
                       "write rsa1024, rsa2048, rsa3072, rsa4096, ecdsa-p192, ecdsa-p256 or "
                       "ecdsa-p384",
                       "%s: there is no kind of key '%s'", where, name);
}

int key_name_length(const char *name)
{
    return (int)(pkcs11_is_uri(name) ? strcspn(name, "?") : strlen(name));
}

bool key_fits_secure_boot(const struct pk_public *key, const char *name, struct err *e)
{
    return pk_is_secure_boot(key) ||
           err_set(e, STATUS_CANNOT,
                   "%.*s: is no key that Secure Boot knows; use RSA of 3072 bits, or ECDSA with "
                   "P-192, P-256 or P-384",
                   key_name_length(name), name);
}

bool key_fits_secure_boot_v1(const struct pk_public *key, const char *name, struct err *e)
{
    return key->type == PK_P256 ||
           err_set(
               e, STATUS_CANNOT,
               "%.*s: is an %s key, and Secure Boot v1 knows only ECDSA P-256; name another key",
               key_name_length(name), name, pk_types[key->type].title);
}

bool key_fits_signed_data(const struct pk_public *key, const char *name, struct err *e)
{
    return (pk_is_secure_boot(key) && key->type != PK_P192) ||
           err_set(e, STATUS_CANNOT,
                   "%.*s: is no key for signed data; use RSA of 3072 bits, or ECDSA with P-256 or "
                   "P-384",
                   key_name_length(name), name);
}

// ---- Private keys in files ----------------------------------------------------------------------

struct file_holder {
    struct key_holder holder; // first: the one is cast to the other
    struct pk_private *key;
    char name[];
};

static bool file_sign(struct key_holder *h, enum pk_padding padding, const uint8_t *digest,
                      uint8_t *signature, struct err *e)
{
    struct err inner = ERR_NONE;
    return pk_sign(((struct file_holder *)h)->key, padding, digest, signature, &inner) ||
           err_at(e, h->name, &inner);
}

static bool file_unwrap(struct key_holder *h, const uint8_t *in, struct pk_unwrapped *out,
                        struct err *e)
{
    struct err inner = ERR_NONE;
    return pk_unwrap(((struct file_holder *)h)->key, in, out, &inner) || err_at(e, h->name, &inner);
}

static void file_close(struct key_holder *h)
{
    pk_private_free(((struct file_holder *)h)->key);
    free(h);
}

static struct key_holder *file_holder_new(const char *name, struct pk_private *key, struct err *e)
{
    struct file_holder *f = calloc(1, sizeof(*f) + strlen(name) + 1);
    if (f == NULL) {
        pk_private_free(key);
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    memcpy(f->name, name, strlen(name) + 1);
    f->key = key;
    f->holder =
        (struct key_holder){f->name, *pk_private_public(key), file_sign, file_unwrap, file_close};
    return &f->holder;
}

void key_warn_of_readers(const char *name, const char *what)
{
    struct os_info info;
    if (os_info(name, &info) && info.kind == OS_FILE && info.for_others) {
        say("%s: warning: others than its owner can read this %s; chmod 600 it", name, what);
    }
}

// Tries the passphrases there are, one after the other.
static enum pk_fault decrypt(const char *name, const struct secret *file,
                             const struct key_options *o, struct pk_private **out, struct err *e)
{
    struct secret passphrase;
    struct arena a = ARENA_EMPTY;
    enum pk_fault fault = PK_NEEDS_PASSPHRASE;
    for (const char *const *p = o->passphrase_files;
         p != NULL && *p != NULL && fault != PK_GOOD && fault != PK_UNKNOWN_CIPHER; p++) {
        if (!secret_line_of_file(*p, &passphrase, e)) {
            return PK_NEEDS_PASSPHRASE;
        }
        fault = pk_private_read(file->bytes, file->size, passphrase.bytes, out);
        secret_wipe(&passphrase);
    }
    if (fault == PK_NEEDS_PASSPHRASE && (secret_of_environment("OTAPACK_PASSPHRASE", &passphrase) ||
                                         secret_ask(arena_printf(&a, "the passphrase of %s", name),
                                                    PASSPHRASE_REMEDY, &passphrase, e))) {
        fault = pk_private_read(file->bytes, file->size, passphrase.bytes, out);
        secret_wipe(&passphrase);
    }
    arena_free(&a);
    return fault;
}

static struct pk_private *read_pem(const char *name, const struct secret *file,
                                   const struct key_options *o, struct err *e)
{
    struct pk_private *key = NULL;
    struct err inner = ERR_NONE;
    enum pk_fault fault = pk_private_read(file->bytes, file->size, NULL, &key);
    if (fault == PK_NEEDS_PASSPHRASE) {
        fault = decrypt(name, file, o, &key, &inner);
    }
    if (inner.text[0] != '\0') {
        *e = inner;
    } else if (fault != PK_GOOD) {
        key_fault(name, fault, o, e);
    } else if (!o->quiet) {
        key_warn_of_readers(name, "private key");
    }
    return key;
}

static struct pk_private *read_hmac_key(const char *name, const struct secret *file,
                                        const struct key_options *o, struct err *e)
{
    struct pk_private *key = key_of_hmac_key(file->bytes);
    if (key == NULL) {
        err_set(e, STATUS_CANNOT,
                "%s: no key of P-256 comes of this HMAC key, and a device would refuse it too; "
                "make another one",
                name);
    } else if (!o->quiet) {
        key_warn_of_readers(name, "HMAC key");
    }
    return key;
}

struct pk_private *key_private(const char *name, const struct key_options *o, struct err *e)
{
    struct secret file;
    if (pkcs11_is_uri(name)) {
        err_set(e, STATUS_CANNOT, "%.*s: does not leave its token; name a PEM file",
                key_name_length(name), name);
        return NULL;
    }
    if (!secret_of_file(name, KEY_IN_FILE_MOST, &file, e)) {
        return NULL;
    }
    // A key in DER is longer than an HMAC key, and PEM is too.
    struct pk_private *key = o->decrypts && file.size == KEY_HMAC_SIZE
                                 ? read_hmac_key(name, &file, o, e)
                                 : read_pem(name, &file, o, e);
    secret_wipe(&file);
    return key;
}

struct key_holder *key_open(const char *name, const struct key_options *o, struct err *e)
{
    if (pkcs11_is_uri(name)) {
        return pkcs11_open(name, &o->token, NULL, e);
    }
    struct pk_private *key = key_private(name, o, e);
    return key == NULL ? NULL : file_holder_new(name, key, e);
}

void key_close(struct key_holder *h)
{
    if (h != NULL) {
        h->close(h);
    }
}

// ---- Public keys --------------------------------------------------------------------------------

static bool take_raw(const struct secret *file, struct pk_public *out)
{
    *out = (struct pk_public){.type = PK_P256};
    memcpy(out->key, file->bytes, RAW_SIZE);
    return pk_is_sound(out);
}

static bool read_public(const char *name, const struct secret *file, const struct key_options *o,
                        struct pk_public *out, struct err *e)
{
    if (file->size == RAW_SIZE && take_raw(file, out)) {
        return true;
    }
    enum pk_fault fault = pk_public_read(file->bytes, file->size, out);
    bool der = file->size > 0 && (uint8_t)file->bytes[0] == 0x30; // which does not say what it is
    if (o->public_only || (fault != PK_NOT_PUBLIC && !(fault == PK_CORRUPT && der))) {
        return fault == PK_GOOD || key_fault(name, fault, o, e);
    }
    struct pk_private *key = read_pem(name, file, o, e);
    if (key == NULL) {
        return false;
    }
    *out = *pk_private_public(key);
    pk_private_free(key);
    return true;
}

bool key_public(const char *name, const struct key_options *o, struct pk_public *out, struct err *e)
{
    struct secret file;
    if (pkcs11_is_uri(name)) {
        return pkcs11_public(name, &o->token, out, e);
    }
    if (!secret_of_file(name, KEY_IN_FILE_MOST, &file, e)) {
        return false;
    }
    bool good = read_public(name, &file, o, out, e);
    secret_wipe(&file);
    return good;
}

struct key_holder *key_open_by(const char *name, const char *public_key,
                               const struct key_options *o, struct err *e)
{
    struct pk_public known;
    return key_public(public_key, o, &known, e) ? pkcs11_open(name, &o->token, &known, e) : NULL;
}
