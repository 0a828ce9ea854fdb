// SPDX-License-Identifier: Apache-2.0
//
// Pre-encrypted images (otapack/esp_encrypted_img.h) with their keys: what a device decrypts, and
// what is made for one.
#ifndef ESP_ENCRYPTED_H
#define ESP_ENCRYPTED_H

#include <otapack/esp_encrypted_img.h>

#include "key.h"

// Both are done in memory, with as much again for the library.
enum { ESP_ENCRYPTED_MOST = 128 * 1024 * 1024 }; // bytes of plaintext

// The title of what such an image is encrypted with: "RSA-3072", "ECIES P-256".
const char *esp_encrypted_title(bool ecies);

// Can images be encrypted for this key: RSA-3072, P-256? False with `e` set (status 2).
bool key_fits_esp_encrypted(const struct pk_public *key, const char *name, struct err *e);

// Is what wraps the key possible: with ECIES, a point on the curve? RSA shows it only with its key.
bool esp_encrypted_is_sound(const struct otapack_esp_encrypted_img *img);

// Decrypts an image that is whole (otapack_esp_encrypted_img_check_size) into `img->size` bytes,
// which are 0 after a failure. *unwrapped: the key did open it. False with `e` set: STATUS_NO where
// it did not, or the tag does not fit, STATUS_CANNOT where it could not be tried.
bool esp_encrypted_open(const struct otapack_source *src,
                        const struct otapack_esp_encrypted_img *img, struct key_holder *key,
                        uint8_t *plaintext, bool *unwrapped, struct err *e);

// Is it one that otapack encrypts or decrypts? False with `e` set (status 2), beginning with
// `name`.
bool esp_encrypted_fits(uint64_t size, const char *name, struct err *e);

// Encrypts for a key that fits: the header and the ciphertext, 512 bytes more than `plain` has. A
// key, an IV and what ECIES takes are new with each call. False with `e` set (status 2).
bool esp_encrypted_make(const struct otapack_source *plain, const struct pk_public *key,
                        uint8_t *image, struct err *e);

#endif
