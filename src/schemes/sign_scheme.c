// SPDX-License-Identifier: Apache-2.0
//
// What can be asked for: the schemes, which keys fit them, and what opens these.
#include "esp8266_key.h"
#include "sign.h"

static const struct scheme {
    enum signing_subject subject;
    key_fits_fn *key_fits;
    sign_fn *sign, *data;
} schemes[SIGNING_SCHEME_COUNT] = {
    [SIGNING_SECURE_BOOT_V2] = {SIGNS_IMAGE, key_fits_secure_boot, sign_secure_boot,
                                sign_secure_boot_data},
    [SIGNING_SECURE_BOOT_V1] = {SIGNS_IMAGE, key_fits_secure_boot, sign_secure_boot,
                                sign_secure_boot_data},
    [SIGNING_SECURE_BOOT_V2_DATA] = {SIGNS_DATA, key_fits_signed_data, sign_secure_boot,
                                     sign_secure_boot_data},
    [SIGNING_ESP8266] = {SIGNS_UPDATE, key_fits_esp8266, sign_esp8266, sign_esp8266_data},
    [SIGNING_ESP8266_LEGACY] = {SIGNS_UPDATE, key_fits_esp8266, sign_esp8266, sign_esp8266_data},
};

const char *const signing_schemes[SIGNING_SCHEME_COUNT + 1] = {
    [SIGNING_SECURE_BOOT_V2] = "secure-boot-v2",
    [SIGNING_SECURE_BOOT_V1] = "secure-boot-v1",
    [SIGNING_SECURE_BOOT_V2_DATA] = "secure-boot-v2-data",
    [SIGNING_ESP8266] = "esp8266-rsa",
    [SIGNING_ESP8266_LEGACY] = "esp8266-rsa-legacy",
};

enum signing_subject signing_subject(enum signing_scheme scheme)
{
    return schemes[scheme].subject;
}

// The first of them.
enum signing_scheme signing_usual(enum signing_subject subject)
{
    int i = 0;
    while (i + 1 < SIGNING_SCHEME_COUNT && schemes[i].subject != subject) {
        i++;
    }
    return (enum signing_scheme)i;
}

key_fits_fn *signing_key_fits(enum signing_scheme scheme)
{
    return schemes[scheme].key_fits;
}

bool sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name, struct err *e)
{
    return schemes[s->scheme].sign(s, l, from, name, e);
}

bool sign_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
               struct err *e)
{
    return schemes[s->scheme].data(s, l, from, name, e);
}

struct signer *signing_key_open(const struct signing_key *key, const struct key_options *o,
                                struct err *e)
{
    return key->signature != NULL    ? key_of_signature(key->signature, key->name, o, e)
           : key->public_key != NULL ? key_open_by(key->name, key->public_key, o, e)
                                     : key_open(key->name, o, e);
}
