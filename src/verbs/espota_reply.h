// SPDX-License-Identifier: Apache-2.0
//
// What a device says while it takes a file: counts of bytes, with nothing between them, then "OK"
// or a line of text. It arrives in pieces of any size.
#ifndef ESPOTA_REPLY_H
#define ESPOTA_REPLY_H

#include <stdbool.h>
#include <stddef.h>

enum { ESPOTA_TEXT_MOST = 200 }; // what is longer is cut off

struct espota_reply {
    char text[ESPOTA_TEXT_MOST + 1]; // behind the counts
    size_t size;
    bool ended; // the line is whole, or as long as it may be
};

enum espota_said {
    ESPOTA_COUNTS, // or nothing
    ESPOTA_PART,   // of a line, or of OK
    ESPOTA_OK,
    ESPOTA_LINE,
};

void espota_hear(struct espota_reply *r, const char *bytes, size_t n);
enum espota_said espota_said(const struct espota_reply *r);

#endif
