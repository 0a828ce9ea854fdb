// SPDX-License-Identifier: Apache-2.0
//
// Which part of a file its signatures are about: the one that is named, or the application.
#ifndef SIGNED_PART_H
#define SIGNED_PART_H

#include "err.h"
#include "node.h"

// The app, bootloader or signed data at this path; without a path, the application that the file
// brings: the image or the signed data itself, a Matter image's payload, what is decrypted of
// either, what is unpacked of a compressed app, the host of a combined image; an ESP8266 update, or
// the image of a file system, is signed as a whole. NULL with `e` set (status 2) where there is
// none; `name` is the file's.
struct node *signed_part(struct node *root, const char *path, const char *name, struct err *e);

// The app that a device unpacks of what is compressed, and whose signature it looks at then; or the
// signed data that this is behind an app's header. NULL: this is nothing of that kind.
struct node *signed_inside(const struct node *n);

// Does the part lie in something that is unpacked? A signature of it comes before that is packed.
bool signed_is_packed(const struct node *part);

// Can the part be signed where it lies? False with `e` set (status 2) for what is packed.
bool signed_in_place(const struct node *part, const struct node *root, const char *name,
                     struct err *e);

#endif
