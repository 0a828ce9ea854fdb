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
