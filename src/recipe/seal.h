// SPDX-License-Identifier: Apache-2.0
//
// A host's app with its seal: the digest of what its container has before it, or of what it is sent
// with. The app's size stands in a container's table, so the container is told it first; and what
// is signed has the seal in it, so the signature comes last.
#ifndef SEAL_H
#define SEAL_H

#include <otapack/rcp_seal.h>

#include "layer.h"
#include "recipe_take.h"

// The words of a recipe's `seal`, as a choice counts them; 0: it says nothing.
enum seal_how { SEAL_FALSE = 1, SEAL_TRUE, SEAL_REQUIRED };
#define SEAL_WORDS OPT_WORDS("HOW", "false", "true", "required")

struct seal {
    enum otapack_seal_kind kind;
    bool required;     // an app that is not signed will not do,
    bool signed_later; // and a layer around it signs it
    // What the seal is of. A container, all of whose other bytes before the app are laid out, hears
    // the app's place and its size in the end.
    bool (*sealed)(void *container, uint64_t app_from, uint64_t size, struct otapack_source *of,
                   struct err *e);
    void *container;
};

// Adds an app, signed where `app` is a layer of signatures, to the layout, in place of
// compose_layer(). False with `e` set: status 1 where it has no place for a seal, or has signatures
// that would not hold any more.
bool compose_sealed(const struct layer *app, const struct seal *seal, const struct recipe *recipe,
                    struct pieces *l, struct err *e);

#endif
