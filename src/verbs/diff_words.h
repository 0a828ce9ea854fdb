// SPDX-License-Identifier: Apache-2.0
//
// A change in words, for whoever shows it to people.
#ifndef DIFF_WORDS_H
#define DIFF_WORDS_H

#include "diff.h"

// What there was, and what there is: "1,024 bytes", "1,280 bytes (+256, +25.0 %)". "": nothing.
const char *diff_old_words(struct arena *a, const struct change *c);
const char *diff_new_words(struct arena *a, const struct change *c);

// "partition_table.partitions[2].size (ota_0)"; of the root, "the file".
const char *diff_place_words(struct arena *a, const struct change *c);

// "host.desc: app-dirty", of a check.
const char *diff_check_words(struct arena *a, const struct change *c);

// Is it one that people are shown? What follows from others is, where there is nothing else.
bool diff_is_shown(const struct diff *d, const struct change *c);

// Of one that something follows from: does the same follow from the next one that is shown?
bool diff_follows_again(const struct diff *d, const struct change *c);

// "the same, byte for byte", "the same but for build noise", "different".
enum diff_result { DIFF_IDENTICAL, DIFF_NOISE, DIFF_DIFFERENT };
enum diff_result diff_result(const struct diff *d);
const char *diff_result_words(const struct diff *d);

// "3 changes, and 1 check says something else".
const char *diff_count_words(struct arena *a, const struct diff *d);

// "1,234 bytes, ESP32-S3 app demo 1.0; 1 check fails".
const char *diff_file_words(struct arena *a, const struct node *root);

#endif
