// SPDX-License-Identifier: Apache-2.0
#include "esp8266_key.h"

bool key_fits_esp8266(const struct pk_public *key, const char *name, struct err *e)
{
    return pk_is_rsa(key->type) ||
           err_set(e, STATUS_CANNOT,
                   "%.*s: is an %s key, and an ESP8266 verifies RSA only; use an RSA key of 2048 "
                   "bits (otapack key generate FILE --type rsa2048 makes one)",
                   key_name_length(name), name, pk_types[key->type].title);
}

bool esp8266_keys_open(const char **names, const struct key_options *o, struct arena *a,
                       struct esp8266_key **out, struct err *e)
{
    *out = NULL;
    for (; *names != NULL; names++) {
        struct esp8266_key *key = ARENA_NEW(a, struct esp8266_key);
        if (!key_public(*names, o, &key->key, e)) {
            return false;
        }
        key->name = *names;
        if (pk_is_rsa(key->key.type)) {
            *out = key;
            out = &key->next;
        }
    }
    return true;
}

enum pk_padding esp8266_padding(bool legacy)
{
    return legacy ? PK_PKCS1_BARE : PK_PKCS1;
}
