// SPDX-License-Identifier: Apache-2.0
//
// The signature that cores for the ESP8266 up to 2.5.2 take: PKCS#1 v1.5 without a DigestInfo.
#include "scheme_esp8266.h"
#include "sign_request.h"

static const struct sign_algorithm *algorithm(const struct pk_public *key)
{
    static const struct sign_algorithm how = {
        .text = "RSA PKCS#1 v1.5 of the 32 bytes of the SHA-256, without a DigestInfo",
        .hash = "sha256",
        .padding = "pkcs1-v1.5",
        .digest_info = false};
    (void)key;
    return &how;
}

static const char *commands(struct arena *a, const struct sign_request *r, const char *data)
{
    (void)r;
    return arena_printf(a,
                        "  openssl dgst -sha256 -binary -out digest.bin %s\n"
                        "  openssl pkeyutl -sign -inkey KEY.pem -in digest.bin -out signature.bin\n"
                        "With a key in a token:\n"
                        "  pkcs11-tool --login --id ID --sign --mechanism RSA-PKCS \\\n"
                        "      --input-file digest.bin --output-file signature.bin\n",
                        data);
}

const struct scheme scheme_esp8266_legacy = {.name = "esp8266-rsa-legacy",
                                             .padding = PK_PKCS1_BARE,
                                             .algorithm = algorithm,
                                             .commands = commands,
                                             SCHEME_ESP8266};
