// SPDX-License-Identifier: Apache-2.0
//
// The keys to sign with: which fit a scheme, and what opens them.
#include "esp8266_key.h"
#include "sign.h"

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
