// SPDX-License-Identifier: Apache-2.0
#include "flash_cipher.h"

#include <psa/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "secret_memory.h"

enum {
    PIECE = 4096,             // how much goes to the library at once
    UNIT = 128,               // what one tweak of AES-XTS is for
    UNITS = PIECE / UNIT + 1, // that a piece can touch
    SPAN = 32,                // what one key of the ESP32's scheme is for
    ADDRESS_FROM = 5,         // the address's bits from here on change that key,
    ADDRESS_BITS = 19,        // up to those of 16 MiB
    AES_KEY = 32,
};

struct flash_cipher {
    enum flash_scheme scheme;
    bool decrypt;
    psa_key_id_t data, tweak;             // of AES-XTS; 0: none
    uint8_t key[AES_KEY];                 // of the ESP32's scheme,
    uint8_t flips[ADDRESS_BITS][AES_KEY]; // and which of its bits a bit of the address flips
    uint8_t in[PIECE], out[PIECE], masks[PIECE];
};

static bool failed(psa_status_t status, const char *what, struct err *e)
{
    return err_set(e, STATUS_CANNOT, "mbedTLS cannot %s (PSA error %d)", what, (int)status);
}

// ---- Keys ---------------------------------------------------------------------------------------

bool flash_key_extend(const struct secret *file, struct flash_key *out, struct err *e)
{
    const uint8_t *bytes = (const uint8_t *)file->bytes;
    size_t n = 0;
    *out = (struct flash_key){.size = file->size > AES_KEY ? FLASH_KEY_MOST : AES_KEY};
    if (file->size == 16) {
        psa_status_t status = psa_crypto_init();
        status = status != PSA_SUCCESS ? status
                                       : psa_hash_compute(PSA_ALG_SHA_256, bytes, file->size,
                                                          out->bytes, AES_KEY, &n);
        return status == PSA_SUCCESS || failed(status, "extend the key", e);
    }
    memcpy(out->bytes, bytes, file->size);
    if (file->size == 24) {
        memcpy(out->bytes + 24, bytes + 8, 8);
    }
    return true;
}

bool flash_key_is_doubled(const struct flash_key *key)
{
    return memcmp(key->bytes, key->bytes + key->size / 2, key->size / 2) == 0;
}

bool flash_random(uint8_t *bytes, size_t n, struct err *e)
{
    secret_guard(); // they become a key
    psa_status_t status = psa_crypto_init();
    status = status != PSA_SUCCESS ? status : psa_generate_random(bytes, n);
    return status == PSA_SUCCESS || failed(status, "make random bytes", e);
}

// ---- AES, block by block ------------------------------------------------------------------------

static psa_status_t import(const uint8_t *key, size_t n, psa_key_id_t *id)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&a, PSA_KEY_TYPE_AES);
    psa_set_key_bits(&a, n * 8);
    psa_set_key_algorithm(&a, PSA_ALG_ECB_NO_PADDING);
    psa_set_key_usage_flags(&a, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT);
    return psa_import_key(&a, key, n, id);
}

static psa_status_t ecb(psa_key_id_t id, bool decrypt, const uint8_t *in, size_t n, uint8_t *out)
{
    size_t got = 0;
    return decrypt ? psa_cipher_decrypt(id, PSA_ALG_ECB_NO_PADDING, in, n, out, n, &got)
                   : psa_cipher_encrypt(id, PSA_ALG_ECB_NO_PADDING, in, n, out, n, &got);
}

// The hardware has all bytes of a block the other way round.
static void reverse_blocks(const uint8_t *from, size_t n, uint8_t *to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i - i % FLASH_BLOCK + FLASH_BLOCK - 1 - i % FLASH_BLOCK];
    }
}

static void mix(uint8_t *to, const uint8_t *with, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] ^= with[i];
    }
}

// ---- The ESP32's scheme -------------------------------------------------------------------------

// The key's bits, from the first one on, are four runs of 67, 65, 63 and 61. In each, bits of the
// address stand opposite them: three times those from 23 down to 5, then as many as are left, down
// to 5 again. A bit of FLASH_CRYPT_CONFIG switches a run on.
static void set_flips(struct flash_cipher *c, unsigned config)
{
    unsigned at = 0;
    for (unsigned run = 0; run < 4; run++) {
        unsigned n = 67 - 2 * run;
        for (unsigned i = 0; i < n; i++, at++) {
            unsigned bit = i < 3 * ADDRESS_BITS ? ADDRESS_BITS - 1 - i % ADDRESS_BITS : n - 1 - i;
            if ((config >> run & 1) != 0) {
                c->flips[bit][at / 8] |= (uint8_t)(0x80 >> at % 8);
            }
        }
    }
}

static psa_status_t import_at(const struct flash_cipher *c, uint32_t address, psa_key_id_t *id)
{
    uint8_t key[AES_KEY];
    memcpy(key, c->key, sizeof(key));
    for (unsigned bit = 0; bit < ADDRESS_BITS; bit++) {
        if ((address >> (ADDRESS_FROM + bit) & 1) != 0) {
            mix(key, c->flips[bit], sizeof(key));
        }
    }
    psa_status_t status = import(key, sizeof(key), id);
    wipe(key, sizeof(key));
    return status;
}

// Flash is encrypted by what is decryption everywhere else.
static psa_status_t run_esp32(struct flash_cipher *c, uint32_t address, size_t n)
{
    psa_status_t status = PSA_SUCCESS;
    for (size_t at = 0, size; status == PSA_SUCCESS && at < n; at += size) {
        psa_key_id_t id;
        size = SPAN - (address + at) % SPAN;
        size = size < n - at ? size : n - at;
        status = import_at(c, address + (uint32_t)at, &id);
        if (status == PSA_SUCCESS) {
            status = ecb(id, !c->decrypt, c->in + at, size, c->out + at);
            (void)psa_destroy_key(id);
        }
    }
    return status;
}

// ---- AES-XTS ------------------------------------------------------------------------------------

// The next block's tweak: times x in GF(2^128), little-endian.
static void double_tweak(uint8_t *tweak)
{
    uint8_t carry = 0;
    for (size_t i = 0; i < FLASH_BLOCK; i++) {
        uint8_t out = tweak[i] >> 7;
        tweak[i] = (uint8_t)(tweak[i] << 1 | carry);
        carry = out;
    }
    tweak[0] ^= carry != 0 ? 0x87 : 0;
}

// The tweaks of a unit's blocks. Its bytes too are the other way round, so that the last block of
// flash is the first one of AES-XTS. Of the unit, `n` bytes from `from` on are wanted.
static void unit_masks(uint8_t *tweak, size_t from, size_t n, uint8_t *masks)
{
    for (size_t at = UNIT - FLASH_BLOCK;; at -= FLASH_BLOCK) {
        if (at >= from && at < from + n) {
            memcpy(masks + (at - from), tweak, FLASH_BLOCK);
        }
        if (at == 0) {
            return;
        }
        double_tweak(tweak);
    }
}

// A unit's number is its address.
static psa_status_t set_masks(struct flash_cipher *c, uint32_t address, size_t n)
{
    uint8_t units[UNITS * FLASH_BLOCK] = {0}, tweaks[UNITS * FLASH_BLOCK];
    size_t skipped = address % UNIT, count = (skipped + n + UNIT - 1) / UNIT;
    for (size_t i = 0; i < count; i++) {
        uint32_t unit = address - (uint32_t)skipped + (uint32_t)i * UNIT;
        for (size_t k = 0; k < 4; k++) {
            units[i * FLASH_BLOCK + k] = (uint8_t)(unit >> 8 * k);
        }
    }
    psa_status_t status = ecb(c->tweak, false, units, count * FLASH_BLOCK, tweaks);
    for (size_t i = 0, at = 0; status == PSA_SUCCESS && i < count; i++) {
        size_t from = i == 0 ? skipped : 0, size = UNIT - from < n - at ? UNIT - from : n - at;
        unit_masks(tweaks + i * FLASH_BLOCK, from, size, c->masks + at);
        at += size;
    }
    return status;
}

static psa_status_t run_xts(struct flash_cipher *c, uint32_t address, size_t n)
{
    psa_status_t status = set_masks(c, address, n);
    mix(c->in, c->masks, n);
    status = status != PSA_SUCCESS ? status : ecb(c->data, c->decrypt, c->in, n, c->out);
    mix(c->out, c->masks, n);
    return status;
}

// ---- Both ---------------------------------------------------------------------------------------

static psa_status_t set_key(struct flash_cipher *c, const struct flash_key *key, unsigned config)
{
    size_t half = key->size / 2;
    psa_status_t status = psa_crypto_init();
    if (c->scheme == FLASH_ESP32) {
        memcpy(c->key, key->bytes, sizeof(c->key));
        set_flips(c, config);
        return status;
    }
    status = status != PSA_SUCCESS ? status : import(key->bytes, half, &c->data);
    return status != PSA_SUCCESS ? status : import(key->bytes + half, half, &c->tweak);
}

struct flash_cipher *flash_cipher_new(enum flash_scheme scheme, const struct flash_key *key,
                                      unsigned config, bool decrypt, struct err *e)
{
    struct flash_cipher *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    c->scheme = scheme;
    c->decrypt = decrypt;
    psa_status_t status = set_key(c, key, config);
    if (status != PSA_SUCCESS) {
        failed(status, "take this key", e);
        flash_cipher_free(c);
        return NULL;
    }
    return c;
}

void flash_cipher_free(struct flash_cipher *c)
{
    if (c != NULL) {
        (void)psa_destroy_key(c->data); // which wipes it, and does nothing with 0
        (void)psa_destroy_key(c->tweak);
        wipe(c, sizeof(*c));
        free(c);
    }
}

bool flash_cipher_run(struct flash_cipher *c, uint32_t address, uint8_t *bytes, size_t n,
                      struct err *e)
{
    psa_status_t status = PSA_SUCCESS;
    for (size_t at = 0, size; status == PSA_SUCCESS && at < n; at += size) {
        uint32_t from = address + (uint32_t)at;
        size = n - at < PIECE ? n - at : PIECE;
        reverse_blocks(bytes + at, size, c->in);
        status = c->scheme == FLASH_ESP32 ? run_esp32(c, from, size) : run_xts(c, from, size);
        reverse_blocks(c->out, size, bytes + at);
    }
    return status == PSA_SUCCESS || failed(status, c->decrypt ? "decrypt this" : "encrypt this", e);
}
