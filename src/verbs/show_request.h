// SPDX-License-Identifier: Apache-2.0
//
// What has to be signed elsewhere, as JSON for scripts: otapack sign --digest-only --json (its
// schema: packaging/otapack-sign.schema.json).
#ifndef SHOW_REQUEST_H
#define SHOW_REQUEST_H

#include "sign_request.h"

void show_request_json(struct arena *a, const struct sign_request *r);

#endif
