// SPDX-License-Identifier: Apache-2.0
//
// Who was sent the beginning of which file. A device that asks for a file in parts gets all of them
// of the same one, though it may have been replaced in between. Devices are told apart by their
// connections, and by their addresses where they make a new one; where neither says which version
// it began with, no part is sent.
#ifndef BEGUN_H
#define BEGUN_H

#include "offer.h"

// Of the copies that are kept for them, beside those that offers.h keeps.
#define BEGUN_BYTES_MOST (UINT64_C(1) << 30)

struct asker {
    const char *from; // an address
    uint64_t by;      // the number of a connection; 0: not known
    const char *path;
};

struct begun;
struct begun *begun_open(void);
void begun_close(struct begun *b); // NULL is allowed

// The device begins with it, or only looks how long it is.
void begun_note(struct begun *b, const struct asker *who, struct offer *offer, bool only_looks);

// The device has its end.
void begun_end(struct begun *b, const struct asker *who, const struct offer *offer);

// What the device goes on with: `now`, or what it began with; kept by the caller. NULL: it began
// with what is not kept any more, or it is not known with what.
struct offer *begun_find(struct begun *b, const struct asker *who, struct offer *now);

#endif
