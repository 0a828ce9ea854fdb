// SPDX-License-Identifier: Apache-2.0
//
// What a server of updates answers, and how long it goes on.
#ifndef SERVE_H
#define SERVE_H

#include "access_log.h"
#include "http.h"
#include "offers.h"

struct serve_options {
    const char *const *paths; // folders and files
    size_t count;
    struct offer_terms terms;
    const char *table; // which Arduino device gets which file; NULL: what it asks for
    const char *bind;  // the address, in figures
    uint16_t port;     // 0: any that is free
    struct http_tls tls;
    enum access_log_form log;
    bool once;         // ends when a file was sent up to its end
    uint64_t deadline; // milliseconds after which it ends; 0: none
    bool quiet;        // says nothing of what is not served
};

// Serves until it is asked to end. What `once` waits for and did not come up to the deadline is
// status 1.
enum status serve(const struct serve_options *options, struct err *e);

// What is served, without a network: what the server asks for each answer. NULL with `e` set.
struct serve;
struct serve *serve_open(const struct serve_options *options, struct err *e);
void serve_answer(void *ctx, const struct http_request *r, struct http_answer *out);
void serve_ended(void *ctx, const struct http_request *r, const struct http_answer *answer,
                 uint64_t sent, bool whole);
void serve_close(struct serve *s);

#endif
