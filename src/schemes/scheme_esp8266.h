// SPDX-License-Identifier: Apache-2.0
//
// What the two formats of an ESP8266's signatures have in common: members of struct scheme.
#ifndef SCHEME_ESP8266_H
#define SCHEME_ESP8266_H

#include "esp8266_key.h"
#include "scheme.h"
#include "sign_fault.h"

bool esp8266_fits(const struct node *part);
bool esp8266_sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                  struct err *e);
bool esp8266_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                  struct err *e);
void esp8266_stand_in(struct pieces *l);
const struct node *esp8266_signature_at(const struct node *part, unsigned i);
bool esp8266_asks(const struct trusted *x, const struct node *part, const char *where,
                  struct err *e);
void esp8266_compare(const struct trusted *x, struct arena *a, struct node *update);
void esp8266_find(const struct trusted *x, struct trust_answer *answer);
bool esp8266_holds(const struct trusted *x, struct trust_answer *answer);

#define SCHEME_ESP8266                                                                             \
    .subject = SIGNS_UPDATE, .fits = esp8266_fits, .fits_key = key_fits_esp8266,                   \
    .faults = sign_faults_esp8266, .sign = esp8266_sign, .data = esp8266_data,                     \
    .stand_in = esp8266_stand_in, .signature = esp8266_signature_at,                               \
    .what = "signature and its length", .nowhere = "", .trailing = CHECK_COUNT,                    \
    .asks = esp8266_asks, .compare = esp8266_compare, .find = esp8266_find, .holds = esp8266_holds

#endif
