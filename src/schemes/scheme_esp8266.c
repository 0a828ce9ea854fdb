// SPDX-License-Identifier: Apache-2.0
//
// The signature of an ESP8266 update, of PKCS#1 v1.5.
#include "scheme_esp8266.h"
#include "sign_request.h"

#include "esp8266_tree.h"
#include "fs_image.h"

bool esp8266_fits(const struct node *part)
{
    return esp8266_is_update(part) || fs_image_is(part);
}

const struct node *esp8266_signature_at(const struct node *part, unsigned i)
{
    return i == 0 ? esp8266_signature(part) : NULL;
}

static const struct sign_algorithm *algorithm(const struct pk_public *key)
{
    static const struct sign_algorithm how = {.text = "RSA PKCS#1 v1.5 with SHA-256",
                                              .hash = "sha256",
                                              .padding = "pkcs1-v1.5",
                                              .digest_info = true};
    (void)key;
    return &how;
}

static const char *commands(struct arena *a, const struct sign_request *r, const char *data)
{
    (void)r;
    return arena_printf(a,
                        "  openssl dgst -sha256 -sign KEY.pem -out signature.bin %s\n"
                        "With a key in a token:\n"
                        "  pkcs11-tool --login --id ID --sign --mechanism SHA256-RSA-PKCS \\\n"
                        "      --input-file %s --output-file signature.bin\n",
                        data, data);
}

const struct scheme scheme_esp8266 = {.name = "esp8266-rsa",
                                      .padding = PK_PKCS1,
                                      .algorithm = algorithm,
                                      .commands = commands,
                                      SCHEME_ESP8266};
