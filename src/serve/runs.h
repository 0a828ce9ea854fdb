// SPDX-License-Identifier: Apache-2.0
//
// What a device that runs this file says of it, when it asks for an update: the digests of its
// sketch. Of a compressed or signed update they are those of what it becomes on the device.
#ifndef RUNS_H
#define RUNS_H

#include "node.h"

enum runs_on { RUNS_ON_ESP32, RUNS_ON_ESP8266, RUNS_AS_FILE_SYSTEM, RUNS_ON_NEITHER };

enum { RUNS_DIGESTS_MOST = 8 };

struct runs {
    enum runs_on on;
    const char *digests[RUNS_DIGESTS_MOST]; // in hexadecimal, MD5 or SHA-256
    size_t count;
};

void runs_find(struct runs *out, struct arena *a, const struct node *root);

bool runs_is(const struct runs *r, const char *digest); // NULL: it is not said

#endif
