// SPDX-License-Identifier: Apache-2.0
//
// What the files of serve share: the server, and one answer of it.
#ifndef SERVE_STATE_H
#define SERVE_STATE_H

#include "begun.h"
#include "progress.h"
#include "serve.h"
#include "update_table.h"
#include "updater.h"

struct serve {
    const struct serve_options *options;
    struct offers *offers;
    struct begun *begun;
    struct update_table *table; // NULL: there is none
    struct progress progress;   // of what is being sent; cleared before anything else is said
    bool sent_one;              // a file, up to its end
};

struct transfer {
    struct serve *serve;
    const struct http_request *request;
    const char *path; // that is asked for; NULL: none
    struct asker asker;
    struct offer *offer; // kept; NULL: none
    const char *why;     // nothing is sent; NULL: something is
    const char *shown;   // while it is sent: "app.bin to 192.168.1.7"
    struct updater updater;
};

// What is sent to the updater of an Arduino core: sets t->offer (kept), or the status and why
// nothing is sent. False where that is so.
bool serve_updater(struct serve *s, struct transfer *t, unsigned *status, struct err *e);

#endif
