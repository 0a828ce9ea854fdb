// SPDX-License-Identifier: Apache-2.0
//
// Where published files will be: --url, one a file, or a single one that ends in / for all.
#ifndef PUBLISH_URL_H
#define PUBLISH_URL_H

#include "args.h"

// Are there as many as there must be? False with `e` set. `names`: where no URL is given, a file's
// own name is told, which standard input does not have.
bool publish_urls_fit(const struct args *args, bool names, struct err *e);

const char *publish_url_of(const struct args *args, size_t n, struct arena *a); // NULL: not said

// Does it begin so ("https://"), then name a host and no user, and have only what may stand in a
// URL?
bool publish_url_is(const char *url, const char *scheme);

// Is it one that devices and gateways can load from, https:// or http://? False with `e` set.
bool publish_url_is_web(const char *url, struct err *e);

#endif
