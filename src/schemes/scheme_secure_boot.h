// SPDX-License-Identifier: Apache-2.0
//
// What the schemes of Secure Boot have in common: members of struct scheme (scheme.h).
#ifndef SCHEME_SECURE_BOOT_H
#define SCHEME_SECURE_BOOT_H

#include "scheme.h"
#include "sign_fault.h"
#include "signature.h"

bool secure_boot_sign(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                      struct err *e);
bool secure_boot_data(const struct signing *s, struct pieces *l, uint64_t from, const char *name,
                      struct err *e);
void secure_boot_stand_in(struct pieces *l); // of v2: their sector, erased
const struct sign_algorithm *secure_boot_algorithm(const struct pk_public *key);
const char *secure_boot_commands(struct arena *a, const struct sign_request *r, const char *data);
bool secure_boot_asks(const struct trusted *x, const struct node *part, const char *where,
                      struct err *e);
void secure_boot_find(const struct trusted *x, struct trust_answer *answer);
bool secure_boot_holds(const struct trusted *x, struct trust_answer *answer);

#define SCHEME_SECURE_BOOT                                                                         \
    .faults = sign_faults_secure_boot, .padded = true, .sign = secure_boot_sign,                   \
    .data = secure_boot_data, .algorithm = secure_boot_algorithm,                                  \
    .commands = secure_boot_commands, .signature = signature_at, .what = "signature",              \
    .nowhere = ", or not where devices look", .asks = secure_boot_asks, .find = secure_boot_find,  \
    .holds = secure_boot_holds

#endif
