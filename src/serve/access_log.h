// SPDX-License-Identifier: Apache-2.0
//
// A line for each request, on standard output.
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

#endif
