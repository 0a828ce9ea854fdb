// SPDX-License-Identifier: Apache-2.0
//
// The digests that a Matter header may have: their numbers, their names, and how they are computed.
#ifndef MATTER_DIGEST_H
#define MATTER_DIGEST_H

#include <otapack/matter.h>

#include "digest.h"
#include "err.h"

enum { MATTER_DIGEST_COUNT = 12 };

const char *matter_digest_name(uint8_t type); // "sha256_128"; NULL for no known type
uint8_t matter_digest_type(const char *name); // 0 for no known name
const char *const *matter_digest_names(void); // MATTER_DIGEST_COUNT of them, in order

// The computation of a digest of this type, which must exist, and of which
// otapack_matter_digest_size(type) bytes are the digest. NULL when this build cannot do it. Freed
// with digest_free.
struct digest *matter_digest_new(uint8_t type);
bool matter_digest_can(uint8_t type); // is there one?

// The digest of all of `src`, otapack_matter_digest_size(type) bytes of it. False with `e` set
// (status 2) when this build cannot compute it, or the bytes cannot be read.
bool matter_digest(uint8_t type, const struct otapack_source *src,
                   uint8_t out[OTAPACK_MATTER_MAX_DIGEST], struct err *e);

#endif
