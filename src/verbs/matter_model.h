// SPDX-License-Identifier: Apache-2.0
//
// What is told of a Matter image where it is published: the entry of its version in the Distributed
// Compliance Ledger, and the candidate of the SDK's provider app. Every value is the image's own.
#ifndef MATTER_MODEL_H
#define MATTER_MODEL_H

#include "publish.h"

// Is it one that others can be updated to? False with `e` set (STATUS_NO).
bool matter_model_fits(const struct published *f, struct err *e);

// Each of the ledger's names and its value. NULL with `e` set. Without a URL of the file there is
// no otaUrl.
json_t *matter_model_ledger(const struct publishing *p, const struct published *f);

// What the provider app reads. The app opens otaURL as a file, compares it with these values, and
// ends where they differ.
json_t *matter_model_provider(const struct publishing *p, const struct published *f);

#endif
