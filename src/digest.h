// SPDX-License-Identifier: Apache-2.0
//
// Digests behind one interface, which is the parsers' own (struct otapack_hash). mbedTLS's PSA API
// knows every algorithm; nettle, where the build found it, takes those it has hardware code for.
#ifndef DIGEST_H
#define DIGEST_H

#include <otapack/base.h>

enum digest_algorithm { DIGEST_SHA256, DIGEST_MD5 };
enum { DIGEST_MAX_SIZE = 32 };

// Which library answers. DIGEST_BEST is for the program, the others for tests that compare.
enum digest_library { DIGEST_BEST, DIGEST_MBEDTLS, DIGEST_NETTLE };

struct digest; // the state of one computation

// NULL when this build does not have that library. Freed with digest_free.
struct digest *digest_new(enum digest_algorithm algorithm, enum digest_library library);
void digest_free(struct digest *d);

// The parsers' hook. May be started again after it finished. A library that fails in the middle
// ends the program with status 2.
struct otapack_hash digest_hash(struct digest *d);

#endif
