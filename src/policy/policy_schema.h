// SPDX-License-Identifier: Apache-2.0
//
// The JSON Schema of policies, made of the rows of their rules, their keys and verify's options.
#ifndef POLICY_SCHEMA_H
#define POLICY_SCHEMA_H

#include "json.h"
#include "opt.h"

json_t *policy_schema(const struct opt *const *groups); // the caller's

#endif
