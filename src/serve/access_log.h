// SPDX-License-Identifier: Apache-2.0
//
// A line for each request, on standard output; and, where a person looks on, how far what is being
// sent has come.
#ifndef ACCESS_LOG_H
#define ACCESS_LOG_H

#include "http.h"

enum access_log_form { LOG_COMMON, LOG_JSON, LOG_NONE };

struct access_line {
    const struct http_request *request;
    unsigned status;
    uint64_t bytes;     // of the body, that were sent
    bool whole;         // all that was to be sent was
    const char *file;   // that was served; NULL: none
    const char *sha256; // of that
    const char *why;    // nothing was sent; NULL: something was, or there is no reason to give
};

void access_log(enum access_log_form form, const struct access_line *line);

// The address at which the server is, as the first line.
void access_log_ready(enum access_log_form form, const char *url);

// "app.bin to 192.168.1.7: 43 %", in a line of its own that the next one takes the place of; at
// most ten times a second, and only on a terminal. Cleared before anything else is said.
void progress_show(const char *file, const char *from, uint64_t done, uint64_t size);
void progress_clear(void);

#endif
