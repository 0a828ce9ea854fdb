// SPDX-License-Identifier: Apache-2.0
//
// HTTP, by libmicrohttpd: who asks, and what is answered. Everything runs in the caller's thread,
// inside of http_run(). Nothing of a request is trusted here, and nothing is known of files.
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "err.h"
#include "os.h"

struct http_request {
    struct arena *arena; // lives as long as its answer is being sent
    const char *method;  // "GET"
    const char *target;  // as it was sent: "/a%20b?c"
    const char *version; // "HTTP/1.1"
    const char *from;    // the address of who asks
    uint64_t by;         // the number of the connection; 0: not known
    // The value of a header, by its name in any case; NULL: it was not sent.
    const char *(*header)(const struct http_request *r, const char *name);
    void *connection; // for that
};

enum { HTTP_HEADERS_MOST = 12, HTTP_PIECE = 64 * 1024 };

// What is answered: a short text, or `size` bytes that are read from `at` on as they are sent.
struct http_answer {
    unsigned status;
    const char *headers[HTTP_HEADERS_MOST][2]; // names and values
    size_t header_count;
    const char *text; // NULL: the bytes
    uint64_t at, size;
    ssize_t (*read)(void *ctx, void *to, size_t n, uint64_t at);
    void *ctx; // of read, and for whoever is told how it ended
};

void http_add(struct http_answer *answer, const char *name, const char *value);

// Who answers. `ended` is called once for each answer, when it was sent or the other end is gone:
// how many bytes of the body were handed on, and whether that was the whole answer.
struct http_handler {
    void *ctx;
    void (*answer)(void *ctx, const struct http_request *r, struct http_answer *out);
    void (*ended)(void *ctx, const struct http_request *r, const struct http_answer *answer,
                  uint64_t sent, bool whole);
};

struct http_tls {
    char *certificate, *key; // as PEM; NULL: plain HTTP
};

struct http;
// Takes over a socket that listens. NULL with `e` set (status 2), which is so too where this
// otapack was built without the library, or it is not installed.
struct http *http_open(os_socket listening, const struct http_tls *tls,
                       const struct http_handler *h, struct err *e);
bool http_is_there(struct err *e); // could there be one at all? False with `e` set

// Serves for at most so many milliseconds. False where that failed for good.
bool http_run(struct http *s, unsigned milliseconds);

// From now on nobody is let in; those that are being sent something go on.
void http_stop_listening(struct http *s);
size_t http_busy(const struct http *s); // how many are

void http_close(struct http *s); // NULL is allowed

const char *http_status_text(unsigned status); // "Not Found"

#endif
