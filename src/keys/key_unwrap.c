// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "key.h"
#include "secret.h"

enum { HMAC_KEY_TURNS = 2048, P256_NUMBER = 32 };

// With it, esp_encrypted_img makes a key of P-256 out of the HMAC key in a device's eFuses.
static const uint8_t hmac_key_salt[] = {
    0x0E, 0x21, 0x60, 0x64, 0x2D, 0xAE, 0x76, 0xD3, 0x34, 0x48, 0xE4, 0x3D, 0x77, 0x20, 0x12, 0x3D,
    0x9F, 0x3B, 0x1E, 0xCE, 0xB8, 0x8E, 0x57, 0x3A, 0x4E, 0x8F, 0x7F, 0xB9, 0x4F, 0xF0, 0xC8, 0x69,
};

struct file_unwrapper {
    struct unwrapper unwrapper; // first: the one is cast to the other
    struct pk_private *key;
    char name[];
};

static bool file_unwrap(struct unwrapper *u, const uint8_t *in, struct pk_unwrapped *out,
                        struct err *e)
{
    struct err inner = ERR_NONE;
    return pk_unwrap(((struct file_unwrapper *)u)->key, in, out, &inner) ||
           err_set(e, inner.status, "%s: %s", u->name, inner.text);
}

static void file_close(struct unwrapper *u)
{
    pk_private_free(((struct file_unwrapper *)u)->key);
    free(u);
}

static struct unwrapper *file_unwrapper_new(const char *name, struct pk_private *key, struct err *e)
{
    struct file_unwrapper *f = calloc(1, sizeof(*f) + strlen(name) + 1);
    if (f == NULL) {
        pk_private_free(key);
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    memcpy(f->name, name, strlen(name) + 1);
    f->key = key;
    f->unwrapper = (struct unwrapper){f->name, *pk_private_public(key), file_unwrap, file_close};
    return &f->unwrapper;
}

struct pk_private *key_of_hmac_key(const void *hmac_key)
{
    uint8_t number[P256_NUMBER];
    bool good = pk_pbkdf2_sha256(hmac_key, KEY_HMAC_SIZE, hmac_key_salt, sizeof(hmac_key_salt),
                                 HMAC_KEY_TURNS, number, sizeof(number));
    struct pk_private *key = good ? pk_private_of_number(PK_P256, number) : NULL;
    wipe(number, sizeof(number));
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

struct unwrapper *key_open_unwrapper(const char *name, const struct key_options *o, struct err *e)
{
    struct secret file;
    struct key_options decrypting = *o;
    decrypting.purpose = "decrypting";
    if (pkcs11_is_uri(name)) {
        return pkcs11_unwrapper(name, &o->token, e);
    }
    if (!secret_of_file(name, KEY_IN_FILE_MOST, &file, e)) {
        return NULL;
    }
    // A key in DER is longer than this, and PEM is too.
    struct pk_private *key = file.size == KEY_HMAC_SIZE
                                 ? read_hmac_key(name, &file, o, e)
                                 : key_private_in(name, &file, &decrypting, e);
    secret_wipe(&file);
    return key == NULL ? NULL : file_unwrapper_new(name, key, e);
}

void key_close_unwrapper(struct unwrapper *u)
{
    if (u != NULL) {
        u->close(u);
    }
}
