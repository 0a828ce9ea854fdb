// SPDX-License-Identifier: Apache-2.0
//
// What is served: folders, and files by their own names. A file is judged when it is first asked
// for, and again when it is not what it was; what was said of it is kept meanwhile.
#ifndef OFFERS_H
#define OFFERS_H

#include "offer.h"

struct offers;
// NULL with `e` set (status 2): a path is not there, or two files have one name.
struct offers *offers_open(const char *const *paths, size_t count, const struct offer_terms *terms,
                           struct err *e);
void offers_close(struct offers *o); // NULL is allowed

// The file at this path (asked_path.h), kept by the caller. NULL with `e` set: status 1 where it is
// not there or not to be served, 2 where that could not be found out.
struct offer *offers_find(struct offers *o, const char *path, struct err *e);

// The same of a file that is named by whom it belongs to, and may lie anywhere.
struct offer *offers_of_file(struct offers *o, const char *file, struct err *e);

#endif
