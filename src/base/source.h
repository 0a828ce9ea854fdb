// SPDX-License-Identifier: Apache-2.0
//
// What can be said of any source of bytes, wherever they come from.
#ifndef SOURCE_H
#define SOURCE_H

#include <otapack/base.h>

#include "arena.h"

// Where two sources first differ; where the shorter one ends, if only that; UINT64_MAX when they
// are the same. Bytes that cannot be read differ.
uint64_t source_difference(const struct otapack_source *a, const struct otapack_source *b);

// How many bytes of the shorter one are others at the same place of the longer one. What cannot be
// read counts.
uint64_t source_differing(const struct otapack_source *a, const struct otapack_source *b);

// The n bytes at `at` in memory, with a NUL behind them; zeros where they cannot be read.
uint8_t *source_bytes(struct arena *a, const struct otapack_source *src, uint64_t at, size_t n);

// Are all bytes from `from` on, up to `to`, this one? True for none.
bool source_is_filled(const struct otapack_source *src, uint64_t from, uint64_t to, uint8_t value);

#endif
