// SPDX-License-Identifier: Apache-2.0
//
// A stretch of flash of which a file says a little here and a little there. In memory are the pages
// in which something is: as much as the file has, however far apart that lies.
#ifndef FLASH_PAGES_H
#define FLASH_PAGES_H

#include <otapack/base.h>

#include "arena.h"

struct flash_pages;

// So many bytes of it, all of them erased.
struct flash_pages *flash_pages_new(struct arena *a, uint64_t size);

// Puts n bytes at `at`, both inside, over what is there.
void flash_pages_put(struct flash_pages *pages, uint64_t at, const uint8_t *bytes, size_t n);

// The bytes from `at` on, as a source that begins with 0.
struct otapack_source flash_pages_part(struct flash_pages *pages, uint64_t at, uint64_t size);

#endif
