// SPDX-License-Identifier: Apache-2.0
//
// What is learnt of a file while it arrives in a pipe. A device's own parser (otapack/stream.h)
// goes along with the bytes, so that the checksums and hashes of what it takes are known when the
// last byte is there, and nobody has to read it all a second time for them.
#ifndef ARRIVAL_H
#define ARRIVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arrival;

// The next n bytes of the file, for input_open_tee: `place` is that of a struct arrival *, NULL
// before the first. Nothing is made for a file that does not come through a pipe.
void arrival_push(void *place, const uint8_t *bytes, size_t n);
void arrival_free(struct arrival *a);

// Are checksum and appended hash of the image at this offset of the file known to be right? And
// the digest in the header of a Matter image that begins the file? `a` may be NULL. False only
// means that somebody has to look.
bool arrival_image_is_good(const struct arrival *a, uint64_t at);
bool arrival_payload_is_good(const struct arrival *a);

#endif
