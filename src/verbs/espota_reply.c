// SPDX-License-Identifier: Apache-2.0
#include "espota_reply.h"

#include <string.h>

static bool is_count(char c)
{
    return (c >= '0' && c <= '9') || c == '\r' || c == '\n' || c == ' ' || c == '\0';
}

void espota_hear(struct espota_reply *r, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n && !r->ended; i++) {
        bool ends = bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\0';
        if (r->size == 0 && is_count(bytes[i])) {
            continue;
        }
        r->ended = ends || r->size == ESPOTA_TEXT_MOST;
        if (!r->ended) {
            r->text[r->size++] = bytes[i];
            r->text[r->size] = '\0';
        }
    }
}

enum espota_said espota_said(const struct espota_reply *r)
{
    return r->size == 0                     ? ESPOTA_COUNTS
           : strncmp(r->text, "OK", 2) == 0 ? ESPOTA_OK
           : r->ended                       ? ESPOTA_LINE
                                            : ESPOTA_PART;
}
