// SPDX-License-Identifier: Apache-2.0
#include "esp_encrypted.h"

#include <stdlib.h>
#include <string.h>

#include "aes_gcm.h"
#include "flash_cipher.h"

enum { HEADER = OTAPACK_ESP_ENCRYPTED_IMG_HEADER_SIZE };

#define INFO "_esp_enc_img_ecc"

const char *esp_encrypted_title(bool ecies)
{
    return ecies ? "ECIES P-256" : "RSA-3072";
}

bool key_fits_esp_encrypted(const struct pk_public *key, const char *name, struct err *e)
{
    return key->type == PK_RSA3072 || key->type == PK_P256 ||
           err_set(e, STATUS_CANNOT,
                   "%.*s: is no key that devices decrypt updates with; use RSA of 3072 bits, or "
                   "P-256",
                   key_name_length(name), name);
}

bool esp_encrypted_fits(uint64_t size, const char *name, struct err *e)
{
    return size <= ESP_ENCRYPTED_MOST ||
           err_set(
               e, STATUS_CANNOT,
               "%s: has more than the 128 MiB that otapack encrypts or decrypts; name a smaller "
               "file",
               name);
}

bool esp_encrypted_is_sound(const struct otapack_esp_encrypted_img *img)
{
    struct pk_public sender = {.type = PK_P256};
    memcpy(sender.key, img->wrapped_key, OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE);
    return !otapack_esp_encrypted_img_is_ecies(img) || pk_is_sound(&sender);
}

// The key of ECIES, of X that both sides have.
static bool derive(const struct pk_unwrapped *x, const uint8_t *salt, uint8_t key[AES_GCM_KEY],
                   struct err *e)
{
    return hkdf_sha256((struct hkdf_input){x->bytes, x->size},
                       (struct hkdf_input){salt, OTAPACK_ESP_ENCRYPTED_IMG_SALT_SIZE},
                       (struct hkdf_input){(const uint8_t *)INFO, sizeof(INFO) - 1}, key,
                       AES_GCM_KEY, e);
}

static const uint8_t *salt_of(const struct otapack_esp_encrypted_img *img)
{
    return img->wrapped_key + OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE;
}

// Room for the ciphertext and the tag behind it, as the library has them. NULL with `e` set.
static uint8_t *room_for(size_t n, struct err *e)
{
    uint8_t *room = malloc(n + AES_GCM_TAG);
    if (room == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
    }
    return room;
}

// ---- Decrypting ---------------------------------------------------------------------------------

// Of RSA a device takes up to 32 bytes, and zeros for those that are missing.
static bool key_of_rsa(const struct pk_unwrapped *x, const char *name, uint8_t key[AES_GCM_KEY],
                       struct err *e)
{
    memset(key, 0, AES_GCM_KEY);
    if (x->size > AES_GCM_KEY) {
        return err_set(e, STATUS_NO, "%s: " PK_OTHER_KEY_TEXT, name);
    }
    memcpy(key, x->bytes, x->size);
    return true;
}

static bool unwrap(const struct otapack_esp_encrypted_img *img, struct key_holder *u,
                   uint8_t key[AES_GCM_KEY], struct err *e)
{
    struct pk_unwrapped x = {.size = 0};
    bool ecies = otapack_esp_encrypted_img_is_ecies(img);
    enum pk_type type = ecies ? PK_P256 : PK_RSA3072;
    if (u->public_key.type != type) {
        return err_set(e, STATUS_NO,
                       "%s: is a key of %s, and this is encrypted with %s; name the private key of "
                       "the devices that it is for",
                       u->name, pk_types[u->public_key.type].title, esp_encrypted_title(ecies));
    }
    bool good = u->unwrap(u, img->wrapped_key, &x, e) &&
                (ecies ? derive(&x, salt_of(img), key, e) : key_of_rsa(&x, u->name, key, e));
    wipe(&x, sizeof(x));
    return good;
}

static bool decrypt(const struct otapack_source *src, const struct otapack_esp_encrypted_img *img,
                    const uint8_t key[AES_GCM_KEY], uint8_t *plaintext, bool *fits, struct err *e)
{
    uint8_t *in = room_for(img->size, e);
    bool good = in != NULL;
    if (good && otapack_read(src, HEADER, in, img->size, "ciphertext").code != OTAPACK_OK) {
        good = err_set(e, STATUS_CANNOT, "the ciphertext cannot be read; try again");
    }
    if (good) {
        memcpy(in + img->size, img->tag, AES_GCM_TAG);
        good = aes_gcm_decrypt(key, img->iv, in, img->size, plaintext, fits, e);
    }
    free(in);
    return good;
}

bool esp_encrypted_open(const struct otapack_source *src,
                        const struct otapack_esp_encrypted_img *img, struct key_holder *key,
                        uint8_t *plaintext, bool *unwrapped, struct err *e)
{
    uint8_t aes[AES_GCM_KEY];
    bool fits = false;
    *unwrapped = unwrap(img, key, aes, e);
    bool good = *unwrapped && decrypt(src, img, aes, plaintext, &fits, e);
    wipe(aes, sizeof(aes));
    if (good && !fits) {
        good = err_set(e, STATUS_NO,
                       "%s: does not decrypt this: the tag does not fit; name the private key of "
                       "the devices that it is for, or take the file from where it was made",
                       key->name);
    }
    if (!good && img->size > 0) {
        memset(plaintext, 0, img->size);
    }
    return good;
}

// ---- Encrypting ---------------------------------------------------------------------------------

static bool wrap_by_rsa(struct otapack_esp_encrypted_img *img, const struct pk_public *device,
                        uint8_t key[AES_GCM_KEY], struct err *e)
{
    return flash_random(key, AES_GCM_KEY, e) &&
           pk_wrap(device, key, AES_GCM_KEY, img->wrapped_key, e);
}

// The sender's key is for this one image; its private part is gone with this function.
static bool wrap_by_ecies(struct otapack_esp_encrypted_img *img, const struct pk_public *device,
                          uint8_t key[AES_GCM_KEY], struct err *e)
{
    struct pk_unwrapped x = {.size = 0};
    uint8_t salt[OTAPACK_ESP_ENCRYPTED_IMG_SALT_SIZE];
    struct pk_private *sender = pk_generate(PK_P256, e);
    bool good = sender != NULL && flash_random(salt, sizeof(salt), e) &&
                pk_unwrap(sender, device->key, &x, e) && derive(&x, salt, key, e);
    if (good) {
        memcpy(img->wrapped_key, pk_private_public(sender)->key,
               OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE);
        memcpy(img->wrapped_key + OTAPACK_ESP_ENCRYPTED_IMG_POINT_SIZE, salt, sizeof(salt));
    }
    pk_private_free(sender);
    wipe(&x, sizeof(x));
    return good;
}

// `image` has the plaintext where the ciphertext comes.
static bool encrypt(struct otapack_esp_encrypted_img *img, const uint8_t key[AES_GCM_KEY],
                    uint8_t *image, struct err *e)
{
    uint8_t *out = room_for(img->size, e);
    if (out == NULL || !aes_gcm_encrypt(key, img->iv, image + HEADER, img->size, out, e)) {
        free(out);
        return false;
    }
    memcpy(img->tag, out + img->size, AES_GCM_TAG);
    memcpy(image + HEADER, out, img->size);
    otapack_esp_encrypted_img_write(img, image);
    free(out);
    return true;
}

bool esp_encrypted_make(const struct otapack_source *plain, const struct pk_public *key,
                        uint8_t *image, struct err *e)
{
    struct otapack_esp_encrypted_img img = {.size = (uint32_t)plain->size};
    uint8_t aes[AES_GCM_KEY];
    if (otapack_read(plain, 0, image + HEADER, img.size, "plaintext").code != OTAPACK_OK) {
        return err_set(e, STATUS_CANNOT, "what is to be encrypted cannot be read; try again");
    }
    bool good = flash_random(img.iv, sizeof(img.iv), e) &&
                (pk_is_rsa(key->type) ? wrap_by_rsa(&img, key, aes, e)
                                      : wrap_by_ecies(&img, key, aes, e)) &&
                encrypt(&img, aes, image, e);
    wipe(aes, sizeof(aes));
    return good;
}
