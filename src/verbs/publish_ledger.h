// SPDX-License-Identifier: Apache-2.0
//
// What Matter's ledger already has of a version: it takes an update of the entry, but most of what
// is in it stays as it is.
#ifndef PUBLISH_LEDGER_H
#define PUBLISH_LEDGER_H

#include "publish.h"

// Makes of a version's new entry what the ledger is told: what differs from its own entry in
// `ledger`, and may. False with `e` set where it is of another version, or would not be taken.
bool publish_ledger_update(json_t *entry, const char *ledger, const struct published *f,
                           struct err *e);

#endif
