// SPDX-License-Identifier: Apache-2.0
//
// What targets ask of a published file: its digests, and what its application says of itself.
#ifndef PUBLISH_FACTS_H
#define PUBLISH_FACTS_H

#include "digest.h"
#include "publish.h"

// In hexadecimal. NULL with `e` set.
const char *publish_digest(const struct publishing *p, const struct published *f,
                           enum digest_algorithm algorithm);

// The same of bytes that can be read.
const char *publish_digest_of(struct arena *a, const struct otapack_source *src,
                              enum digest_algorithm algorithm);

// Each is the option's value where one was given, else the file's own. "" where there is none.
const char *publish_name(const struct publishing *p, const struct published *f);    // --name
const char *publish_version(const struct publishing *p, const struct published *f); // --release

// The same, and false with `e` set where one of them is missing. `name` NULL: it need not be there.
bool publish_named(const struct publishing *p, const struct published *f, const char **name,
                   const char **version);

// "ESP32-C6", as tools that flash call it; "" where the file names no chip.
const char *publish_chip(const struct published *f);

// What all files have in common, name and version, is kept first in the list. False with `e` set
// where this one has another.
bool publish_alike(struct publishing *p, const struct published *f);

// Has no app in it another version than a list gives it? A device would be offered such an update
// again and again. False with `e` set, unless that is allowed.
bool publish_of_release(const struct publishing *p, const struct published *f);

// {"name", "version", "builds"}: the manifest of one build for each kind of chip. False with `e`
// set where two are for one kind. Takes the build over.
bool publish_build(struct publishing *p, const struct published *f, json_t *build);
json_t *publish_builds(const struct publishing *p); // all of them; the caller's

#endif
