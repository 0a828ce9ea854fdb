// SPDX-License-Identifier: Apache-2.0
//
// What to know of a signature of Secure Boot that is made elsewhere.
#include "scheme_secure_boot.h"
#include "secure_boot.h"
#include "sign_request.h"
#include "text.h"

const char *secure_boot_facts(struct arena *a, const struct sign_request *r)
{
    uint8_t digest[KEY_DIGEST_SIZE];
    const char *key_digest = "";
    secure_boot_key_digest(r->key, digest);
    if (r->scheme->sector) {
        key_digest = arena_printf(a, "key_digest: %s\n", text_hex(a, digest, sizeof(digest)));
    }
    return arena_printf(a, "%salgorithm: %s\n", key_digest,
                        pk_is_rsa(r->key->type)
                            ? "RSA-PSS with SHA-256 and MGF1-SHA-256\nsalt_length: 32"
                        : pk_types[r->key->type].digest == DIGEST_SHA384 ? "ECDSA with SHA-384"
                                                                         : "ECDSA with SHA-256");
}

// A signer hashes the data itself, or is given the digest.
const char *secure_boot_commands(struct arena *a, const struct sign_request *r, const char *data)
{
    bool rsa = pk_is_rsa(r->key->type);
    const char *hash = pk_types[r->key->type].digest == DIGEST_SHA384 ? "sha384" : "sha256";
    return arena_printf(
        a,
        "  openssl dgst -%s -sign KEY.pem%s \\\n      -out signature.bin %s\n"
        "With a key in a token:\n  openssl dgst -%s -binary -out digest.bin %s\n"
        "  pkcs11-tool --login --id ID --sign --mechanism %s \\\n"
        "      --input-file digest.bin --output-file signature.bin\n",
        hash, rsa ? " \\\n      -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32" : "", data,
        hash, data,
        rsa ? "RSA-PKCS-PSS \\\n      --hash-algorithm SHA256 --mgf MGF1-SHA256 --salt-len 32"
            : "ECDSA");
}
