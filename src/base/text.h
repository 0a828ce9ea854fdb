// SPDX-License-Identifier: Apache-2.0
//
// Text for people: made safe for a terminal, counted, compared, guessed.
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

// The bytes as valid UTF-8: what is not becomes \xNN. For JSON and for comparing.
char *text_utf8(struct arena *a, const void *bytes, size_t n);

// The same without anything that a terminal would act on: control characters become \xNN too.
char *text_printable(struct arena *a, const char *text);

// What stands for a character in HTML and XML, in text and in attributes; NULL: it stands as it is.
const char *text_entity(char c);

char *text_hex(struct arena *a, const uint8_t *bytes, size_t n); // "00ff..."
int text_hex_digit(char c);                                      // -1: it is none
int text_hex_byte(const char *p);              // of two digits; -1 where they are none
char *text_count(struct arena *a, uint64_t n); // "1,234,567"
char *text_size(struct arena *a, uint64_t n);  // "4 KiB" where that is exact, "1,234 bytes" else

// A whole number in decimal or 0x hexadecimal, nothing around it.
bool text_number(const char *text, uint64_t *out);

// A number of bytes: the same, or with K, M, KB, MB behind it (1024 and 1024 * 1024), as flash
// sizes are written; or as text_count() and text_size() write it.
bool text_bytes(const char *text, uint64_t *out);

// -1, 0, 1. Runs of digits compare as numbers, so v1.10 is above v1.9. 1.2-rc1 is below 1.2; what
// git describe adds (1.2-3-gabcdef, 1.2-dirty) is above it.
int text_compare_versions(const char *a, const char *b);
bool text_is_version(const char *text); // [v]N.N...

// Two runs of digits of any length as numbers: -1, 0, 1 or the like. Moves both behind them.
int text_compare_runs(const char **a, const char **b);

// A long text, cut short in a message beside another one: its first characters and "...", or all of
// it where the other begins alike, so that what differs is always seen.
const char *text_beside(struct arena *a, const char *text, const char *other);

// Lines, or whatever it is, one right behind the other: what is put together of many is copied
// once.
const char *text_joined(struct arena *a, const char *const *lines, size_t n);

// "one, two, three".
const char *text_list(struct arena *a, const char *const *words, size_t n);

// Its place among these; n: it is none of them.
size_t text_place(const char *word, const char *const *words, size_t n);

// The candidate that `word` was most likely meant to be: one that is spelt nearly so, else the only
// one that begins so. NULL when none is near.
const char *text_nearest(const char *word, const char *const *candidates, size_t n);

#endif
