// SPDX-License-Identifier: Apache-2.0
//
// Keys in files, private and public: a key that is read is sound, its PEM reads again as the same
// key, what it signs fits; no bytes are both a private and a public key. Encrypted keys are tried
// with the passphrase of the fixtures, unless they ask for more than ITERATIONS rounds, which would
// only be slow.
#include "fuzz.h"

#include "pk.h"

enum { INPUT_MOST = 16 * 1024, ITERATIONS = 5000 };

static const char passphrase[] = "correct horse";

// ---- Encrypted keys that would take long --------------------------------------------------------

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

// All base64 behind this place, whatever is between it. Returns how many bytes.
static size_t decode(const char *text, uint8_t *out)
{
    uint32_t x = 0;
    size_t n = 0;
    for (unsigned bits = 0; *text != '\0'; text++) {
        int value = base64_value(*text);
        if (value < 0) {
            continue;
        }
        x = x << 6 | (uint32_t)value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (uint8_t)(x >> bits);
        }
    }
    return n;
}

// Is there an INTEGER above ITERATIONS anywhere? Ciphertext may look like one, which does no harm.
static bool has_large_integer(const uint8_t *der, size_t n)
{
    for (size_t i = 0; i + 2 < n; i++) {
        uint64_t value = 0;
        size_t size = der[i + 1];
        if (der[i] != 0x02 || size < 2 || size > 8 || i + 2 + size > n) {
            continue;
        }
        for (size_t k = 0; k < size; k++) {
            value = value << 8 | der[i + 2 + k];
        }
        if (value > ITERATIONS) {
            return true;
        }
    }
    return false;
}

static bool would_be_slow(const char *text)
{
    static const char label[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
    static uint8_t der[INPUT_MOST];
    const char *at = strstr(text, label);
    return at != NULL && has_large_integer(der, decode(at + sizeof(label) - 1, der));
}

// ---- Laws ---------------------------------------------------------------------------------------

static void law_public(const struct pk_public *key)
{
    char pem[PK_PEM_MOST];
    struct pk_public again;
    LAW((int)key->type < (int)PK_TYPE_COUNT);
    LAW(pk_is_sound(key));
    LAW(pk_same(key, key));
    LAW(pk_public_pem(key, pem) && strlen(pem) < PK_PEM_MOST);
    LAW(pk_public_read(pem, strlen(pem), &again) == PK_GOOD && pk_same(key, &again));
}

static void law_private(const struct pk_private *key)
{
    char pem[PK_PEM_MOST];
    struct pk_private *again;
    const struct pk_public *own = pk_private_public(key);
    law_public(own);
    LAW(pk_private_pem(key, pem) && strlen(pem) < PK_PEM_MOST);
    LAW(pk_private_read(pem, strlen(pem), NULL, &again) == PK_GOOD);
    LAW(pk_same(own, pk_private_public(again)));
    pk_private_free(again);
    if (!pk_is_rsa(own->type)) { // an RSA key's other numbers may be wrong; sign looks
        uint8_t digest[OTAPACK_SB_MAX_DIGEST] = {1, 2, 3}, signature[PK_MAX_NUMBERS];
        struct err e = ERR_NONE;
        LAW(pk_sign(key, PK_STANDARD, digest, signature, &e));
        LAW(pk_verify(own, PK_STANDARD, pk_types[own->type].digest, digest, signature));
    }
}

static enum pk_fault try_private(const char *text, size_t n, const char *pass)
{
    struct pk_private *key = NULL;
    enum pk_fault fault = pk_private_read(text, n, pass, &key);
    LAW((fault == PK_GOOD) == (key != NULL) && fault != PK_NOT_PUBLIC);
    LAW(pass == NULL || fault != PK_NEEDS_PASSPHRASE);
    LAW(pass != NULL || fault != PK_WRONG_PASSPHRASE);
    if (key != NULL) {
        law_private(key);
    }
    pk_private_free(key);
    return fault;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pk_public public_key;
    if (size >= INPUT_MOST) {
        return 0;
    }
    char *text = malloc(size + 1); // with a NUL behind it, as files are read
    LAW(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    enum pk_fault bare = try_private(text, size, NULL);
    LAW(bare != PK_NEEDS_PASSPHRASE || would_be_slow(text) ||
        try_private(text, size, passphrase) != PK_NEEDS_PASSPHRASE);
    enum pk_fault fault = pk_public_read(text, size, &public_key);
    LAW(fault != PK_NOT_PRIVATE && fault != PK_WRONG_PASSPHRASE);
    if (fault == PK_GOOD) {
        law_public(&public_key);
        LAW(bare == PK_NOT_PRIVATE);
    }
    for (int type = 0; type < PK_TYPE_COUNT; type++) {
        uint8_t signature[PK_MAX_NUMBERS];
        bool der = pk_signature_of_der((enum pk_type)type, data, size, signature);
        LAW(!der || (!pk_is_rsa((enum pk_type)type) && size >= 8));
    }
    free(text);
    return 0;
}
