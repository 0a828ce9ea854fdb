// SPDX-License-Identifier: Apache-2.0
//
// What to know of a signature of Secure Boot that is made elsewhere.
#include "scheme_secure_boot.h"
#include "sign_request.h"

const struct sign_algorithm *secure_boot_algorithm(const struct pk_public *key)
{
    static const struct sign_algorithm rsa = {.text = "RSA-PSS with SHA-256 and MGF1-SHA-256",
                                              .hash = "sha256",
                                              .padding = "pss",
                                              .mgf = "mgf1-sha256",
                                              .salt_length = 32},
                                       ecdsa_sha256 = {.text = "ECDSA with SHA-256",
                                                       .hash = "sha256"},
                                       ecdsa_sha384 = {.text = "ECDSA with SHA-384",
                                                       .hash = "sha384"};
    return pk_is_rsa(key->type)                          ? &rsa
           : pk_types[key->type].digest == DIGEST_SHA384 ? &ecdsa_sha384
                                                         : &ecdsa_sha256;
}

// A signer hashes the data itself, or is given the digest.
const char *secure_boot_commands(struct arena *a, const struct sign_request *r, const char *data)
{
    bool rsa = pk_is_rsa(r->key->type);
    const char *hash = sign_request_algorithm(r)->hash;
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
