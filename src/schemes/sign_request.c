// SPDX-License-Identifier: Apache-2.0
#include "sign_request.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "secure_boot.h"
#include "text.h"

static bool is_rsa(const struct sign_request *r)
{
    return pk_is_rsa(r->key->type);
}

static const char *hash_name(const struct sign_request *r)
{
    return pk_types[r->key->type].digest == DIGEST_SHA384 ? "sha384" : "sha256";
}

static void print_facts(const struct sign_request *r, struct arena *a)
{
    const struct pk_type_facts *s = &pk_types[r->key->type];
    uint64_t padding = r->size - r->image_length;
    uint8_t key_digest[KEY_DIGEST_SIZE];
    secure_boot_key_digest(r->key, key_digest);
    printf("scheme: %s\n", signing_schemes[r->scheme]);
    printf("key: %s\n", s->title);
    if (r->scheme != SIGNING_SECURE_BOOT_V1) {
        printf("key_digest: %s\n", text_hex(a, key_digest, sizeof(key_digest)));
    }
    printf("algorithm: %s\n", is_rsa(r)                    ? "RSA-PSS with SHA-256 and MGF1-SHA-256"
                              : s->digest == DIGEST_SHA384 ? "ECDSA with SHA-384"
                                                           : "ECDSA with SHA-256");
    if (is_rsa(r)) {
        printf("salt_length: 32\n");
    }
    printf("digest: %s\n", text_hex(a, r->digest, s->digest_size));
    printf("size: %" PRIu64 "\n", r->size);
    printf("padding: %" PRIu64 "\n", padding);
}

static const char *words(struct arena *a, const char *option, const char *value)
{
    return value == NULL ? "" : arena_printf(a, " %s %s", option, text_printable(a, value));
}

// What is to be said last: how the signature comes back.
static void print_attach(const struct sign_request *r, struct arena *a)
{
    bool image = signing_subject(r->scheme) != SIGNS_DATA; // which must always be said
    bool usual = image && r->scheme == signing_usual(signing_subject(r->scheme));
    printf("Then:\n  otapack sign %s%s%s --signature signature.bin \\\n      --public-key %s -o "
           "signed.bin\n",
           text_printable(a, r->file),
           usual ? "" : arena_printf(a, " --scheme %s", signing_schemes[r->scheme]),
           words(a, "--part", r->part), text_printable(a, r->key_name));
}

// The commands that do it. A signer hashes the data itself, or is given the digest.
static void print_commands(const struct sign_request *r, const char *data)
{
    const char *hash = hash_name(r);
    const char *pss =
        is_rsa(r) ? " \\\n      -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32" : "";
    printf("  openssl dgst -%s -sign KEY.pem%s \\\n      -out signature.bin %s\n", hash, pss, data);
    printf("With a key in a token:\n  openssl dgst -%s -binary -out digest.bin %s\n", hash, data);
    printf("  pkcs11-tool --login --id ID --sign --mechanism %s \\\n%s"
           "      --input-file digest.bin --output-file signature.bin\n",
           is_rsa(r) ? "RSA-PKCS-PSS" : "ECDSA",
           is_rsa(r) ? "      --hash-algorithm SHA256 --mgf MGF1-SHA256 --salt-len 32 \\\n" : "");
}

// ---- ESP8266 ------------------------------------------------------------------------------------

static void print_esp8266_facts(const struct sign_request *r, struct arena *a)
{
    bool legacy = r->scheme == SIGNING_ESP8266_LEGACY;
    printf("scheme: %s\n", signing_schemes[r->scheme]);
    printf("key: %s\n", pk_types[r->key->type].title);
    printf("algorithm: RSA PKCS#1 v1.5 %s\n",
           legacy ? "of the 32 bytes of the SHA-256, without a DigestInfo" : "with SHA-256");
    printf("digest: %s\n", text_hex(a, r->digest, pk_types[r->key->type].digest_size));
    printf("size: %" PRIu64 "\n", r->size);
}

static void print_esp8266_commands(const struct sign_request *r, const char *data)
{
    if (r->scheme == SIGNING_ESP8266_LEGACY) {
        printf("  openssl dgst -sha256 -binary -out digest.bin %s\n"
               "  openssl pkeyutl -sign -inkey KEY.pem -in digest.bin -out signature.bin\n"
               "With a key in a token:\n"
               "  pkcs11-tool --login --id ID --sign --mechanism RSA-PKCS \\\n"
               "      --input-file digest.bin --output-file signature.bin\n",
               data);
        return;
    }
    printf("  openssl dgst -sha256 -sign KEY.pem -out signature.bin %s\n"
           "With a key in a token:\n"
           "  pkcs11-tool --login --id ID --sign --mechanism SHA256-RSA-PKCS \\\n"
           "      --input-file %s --output-file signature.bin\n",
           data, data);
}

// ---- Both ---------------------------------------------------------------------------------------

void sign_request_print(const struct sign_request *r)
{
    struct arena a = ARENA_EMPTY;
    bool esp8266 = signing_subject(r->scheme) == SIGNS_UPDATE;
    const char *data = r->data == NULL ? "data.bin" : text_printable(&a, r->data);
    (esp8266 ? print_esp8266_facts : print_facts)(r, &a);
    printf("\nWith a key in a file%s:\n",
           r->data == NULL ? " (-o data.bin writes what is signed)" : "");
    (esp8266 ? print_esp8266_commands : print_commands)(r, data);
    print_attach(r, &a);
    arena_free(&a);
}
