// SPDX-License-Identifier: Apache-2.0
//
// What stands behind an image in a file: signatures where devices look for them, and the rest.
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include "node.h"
#include "read.h"

// Where an image of this length ends together with its signature sector, if it has one.
uint64_t signature_extent(const struct otapack_source *src, uint64_t image_length);

// Adds what follows an image of this length in its node: `signature_padding`, `signatures`,
// `signature_rest`, `trailing`. Devices know nothing else there.
void signature_open(struct reader *r, struct node *n, uint64_t image_length);

// The signatures of an image: how many, and each; NULL: not so many.
unsigned signature_count(const struct node *image);
const struct node *signature_at(const struct node *image, unsigned i);

bool signature_is_v1(const struct node *signature); // of Secure Boot v1, else of v2

// The bytes that the signatures of a signed image are made over.
struct otapack_source signature_signed(const struct node *image);

// Does a signature of v1, which holds no key, fit its image and this one? False for v2.
struct pk_public;
bool signature_v1_fits(const struct node *image, const struct pk_public *key);

#endif
