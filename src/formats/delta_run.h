// SPDX-License-Identifier: Apache-2.0
//
// A delta patch gone through by the applier that devices have, as they do, within their limits.
#ifndef DELTA_RUN_H
#define DELTA_RUN_H

#include <otapack/delta.h>

// What that showed.
struct delta_run {
    struct otapack_status status;
    uint64_t end;                // of the patch, in the file; where it is sound
    uint64_t size, written;      // of the new app
    uint64_t from_base, changed; // bytes of the base that are in it, and such that it changes
    uint64_t literals;           // bytes that the patch brings
    uint64_t seeks;              // how often the place in the base moved elsewhere
    uint64_t reach;              // the base has at least so many bytes
};

// Without a base: of zeros, so that what the patch does shows, and all that is wrong with it by
// itself.
void delta_run_dry(const struct otapack_source *patch, struct delta_run *run);

// On this base, whose digest is `sha256`; at most `room` bytes go to `to`.
void delta_run_on(const struct otapack_source *patch, const struct otapack_source *base,
                  const uint8_t *sha256, uint8_t *to, size_t room, struct delta_run *run);

#endif
