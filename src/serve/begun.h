// SPDX-License-Identifier: Apache-2.0
//
// Who was sent the beginning of which file. A device that asks for a file in parts gets all of them
// of the same one, though it may have been replaced in between; devices are told apart by their
// addresses.
#ifndef BEGUN_H
#define BEGUN_H

#include "offer.h"

// Of the copies that are kept for them, beside those that offers.h keeps.
#define BEGUN_BYTES_MOST (UINT64_C(1) << 30)

struct begun;
struct begun *begun_open(void);
void begun_close(struct begun *b); // NULL is allowed

// The device at this address begins with it.
void begun_note(struct begun *b, const char *from, const char *path, struct offer *offer);

// What the device goes on with: `now`, or what it began with; kept by the caller. NULL: it began
// with what is not kept any more.
struct offer *begun_find(struct begun *b, const char *from, const char *path, struct offer *now);

#endif
