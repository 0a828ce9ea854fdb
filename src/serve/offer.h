// SPDX-License-Identifier: Apache-2.0
//
// A file to be served, as it was at one time: it was judged, and what is sent is a copy of the very
// bytes that were. So a file that is written to meanwhile is still sent whole, as it was.
#ifndef OFFER_H
#define OFFER_H

#include <stdint.h>

#include "open_tree.h"
#include "os.h"
#include "runs.h"
#include "trust.h"

// Whoever keeps it has it until he lets it go.
struct offer {
    struct arena arena;
    const char *file; // as messages name it
    const char *sha256, *md5, *etag;
    uint64_t size;
    int64_t modified; // when the file was, as os_now() counts
    int fd;           // the copy, which has no name
    bool is_list;     // of files, which whoever gets it asks for next
    struct runs runs;
    unsigned users;
    struct offer_fit *fits; // what devices it was found to fit, and what not
};

// What a file has to pass beside the checks, which know the keys (NULL: there are none). `allows`
// is asked of one that passed them: false with `e` set (status 1, or 2 where that cannot be found
// out).
struct offer_terms {
    const struct read_options *read;
    struct trusted *trusted;
    bool (*allows)(void *ctx, struct node *root, const char *name, struct arena *a, struct err *e);
    void *ctx;
};

// Kept by the caller; `shown` is how messages name it. NULL with `e` set: status 1 where it is not
// to be served, 2 where that could not be found out.
struct offer *offer_make(const struct offer_terms *terms, const char *file, const char *shown,
                         struct err *e);

// Does it pass on a device of which this is known? It passes on some. False with `e` set: status 1
// where it does not, 2 where that could not be found out.
bool offer_fits(struct offer *o, const struct read_options *device, struct err *e);

ssize_t offer_read(const struct offer *o, void *to, size_t n, uint64_t at);
struct offer *offer_keep(struct offer *o); // the same
void offer_let_go(struct offer *o);        // NULL is allowed

#endif
