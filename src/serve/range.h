// SPDX-License-Identifier: Apache-2.0
//
// The header Range, as clients that update devices send it.
#ifndef RANGE_H
#define RANGE_H

#include <stdint.h>

struct range {
    uint64_t at, size; // of the file
};

enum range_answer {
    RANGE_WHOLE,  // none is asked for, or none that is understood: the whole file
    RANGE_PART,   // what *out says
    RANGE_BEHIND, // it begins where the file has ended
};

// `text` is the header's value, NULL: there is none. Of a file of `size` bytes: one that ends
// behind it ends with it. More than one range is answered with the whole, as it may be.
enum range_answer range_read(const char *text, uint64_t size, struct range *out);

#endif
