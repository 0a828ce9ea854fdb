// SPDX-License-Identifier: Apache-2.0
#include "espota_response.h"

#include <stdio.h>
#include <string.h>

#include "digest.h"
#include "os.h"
#include "pk.h"
#include "secret.h"

enum { MD5_SIZE = 16, MD5_DIGITS = 32, SHA256_SIZE = 32, SHA256_DIGITS = 64, TURNS = 10000 };

static size_t digest_size(enum espota_scheme scheme)
{
    return scheme == ESPOTA_MD5 ? MD5_SIZE : SHA256_SIZE;
}

bool espota_scheme_of(const char *nonce, enum espota_scheme *out)
{
    size_t n = strlen(nonce);
    *out = n == MD5_DIGITS ? ESPOTA_MD5 : ESPOTA_SHA256;
    return (n == MD5_DIGITS || n == SHA256_DIGITS) && strspn(nonce, "0123456789abcdef") == n;
}

static void hex(const uint8_t *bytes, size_t n, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * n] = '\0';
}

bool espota_cnonce(enum espota_scheme scheme, char cnonce[ESPOTA_TEXT_ROOM])
{
    uint8_t bytes[SHA256_SIZE];
    bool good = os_random(bytes, digest_size(scheme));
    hex(bytes, digest_size(scheme), cnonce);
    return good;
}

// The digest of these texts with a colon between each two, as text. NULL ends them.
static bool digest_text(enum digest_algorithm algorithm, const char *const *texts,
                        char out[ESPOTA_TEXT_ROOM])
{
    uint8_t bytes[DIGEST_MAX_SIZE];
    struct digest *d = digest_new(algorithm, DIGEST_BEST);
    if (d == NULL) {
        return false;
    }
    struct otapack_hash h = digest_hash(d);
    h.start(h.ctx);
    for (size_t i = 0; texts[i] != NULL; i++) {
        h.update(h.ctx, (const uint8_t *)":", i > 0);
        h.update(h.ctx, (const uint8_t *)texts[i], strlen(texts[i]));
    }
    h.finish(h.ctx, bytes);
    hex(bytes, algorithm == DIGEST_MD5 ? MD5_SIZE : SHA256_SIZE, out);
    digest_free(d);
    wipe(bytes, sizeof(bytes));
    return true;
}

// The newer cores make a key of the password's digest first, which takes them a while.
static bool derive(const char *password, const char *nonce, const char *cnonce,
                   char key[ESPOTA_TEXT_ROOM])
{
    char salt[2 * ESPOTA_TEXT_ROOM];
    uint8_t bytes[SHA256_SIZE];
    int n = snprintf(salt, sizeof(salt), "%s:%s", nonce, cnonce);
    bool good = pk_pbkdf2_sha256(password, strlen(password), (const uint8_t *)salt, (size_t)n,
                                 TURNS, bytes, sizeof(bytes));
    hex(bytes, sizeof(bytes), key);
    wipe(bytes, sizeof(bytes));
    return good;
}

bool espota_respond(enum espota_scheme scheme, const struct secret *password, const char *nonce,
                    const char *cnonce, char response[ESPOTA_TEXT_ROOM])
{
    char digest[ESPOTA_TEXT_ROOM], key[ESPOTA_TEXT_ROOM];
    bool plain = scheme == ESPOTA_MD5;
    bool good =
        strlen(nonce) < ESPOTA_TEXT_ROOM && strlen(cnonce) < ESPOTA_TEXT_ROOM &&
        digest_text(scheme == ESPOTA_SHA256 ? DIGEST_SHA256 : DIGEST_MD5,
                    (const char *const[]){password->bytes, NULL}, digest) &&
        (plain || derive(digest, nonce, cnonce, key)) &&
        digest_text(plain ? DIGEST_MD5 : DIGEST_SHA256,
                    (const char *const[]){plain ? digest : key, nonce, cnonce, NULL}, response);
    wipe(digest, sizeof(digest));
    wipe(key, sizeof(key));
    return good;
}
