// SPDX-License-Identifier: Apache-2.0
//
// A host's app with its seal: the digest of what its container has before it. The host's size
// stands in that, so the container is told it first; and what is signed has the seal in it, so the
// signature comes last.
#ifndef SEAL_H
#define SEAL_H

#include "layer.h"

struct seal {
    uint64_t from; // where the container begins in the layout
    bool required; // a host that is not signed will not do
    // Tells the container, all of whose other bytes before the host are laid out, the host's size.
    bool (*tell_size)(void *container, uint64_t host_from, uint64_t size, struct err *e);
    void *container;
};

// Adds a host, signed where `host` is a layer of signatures, to the layout, in place of
// compose_layer(). False with `e` set: status 1 where its app has no place for a seal, or has
// signatures that would not hold any more.
bool compose_sealed(const struct layer *host, const struct seal *seal, const struct recipe *recipe,
                    struct pieces *l, struct err *e);

#endif
