// SPDX-License-Identifier: Apache-2.0
//
// What can be asked for: the schemes, which keys fit them, and what opens these.
#include "esp8266_key.h"
#include "sign.h"

const char *const signing_schemes[SIGNING_SCHEME_COUNT + 1] = {
    [SIGNING_SECURE_BOOT_V2] = "secure-boot-v2",
    [SIGNING_SECURE_BOOT_V1] = "secure-boot-v1",
    [SIGNING_SECURE_BOOT_V2_DATA] = "secure-boot-v2-data",
    [SIGNING_ESP8266] = "esp8266-rsa",
    [SIGNING_ESP8266_LEGACY] = "esp8266-rsa-legacy",
};

bool signing_is_data(enum signing_scheme scheme)
{
    return scheme == SIGNING_SECURE_BOOT_V2_DATA;
}

bool signing_is_esp8266(enum signing_scheme scheme)
{
    return scheme == SIGNING_ESP8266 || scheme == SIGNING_ESP8266_LEGACY;
}

key_fits_fn *signing_key_fits(enum signing_scheme scheme)
{
    return signing_is_esp8266(scheme) ? key_fits_esp8266
           : signing_is_data(scheme)  ? key_fits_signed_data
                                      : key_fits_secure_boot;
}

struct signer *signing_key_open(const struct signing_key *key, const struct key_options *o,
                                struct err *e)
{
    return key->signature != NULL    ? key_of_signature(key->signature, key->name, o, e)
           : key->public_key != NULL ? key_open_by(key->name, key->public_key, o, e)
                                     : key_open(key->name, o, e);
}
