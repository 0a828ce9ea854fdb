// SPDX-License-Identifier: Apache-2.0
//
// What was read of files, block by block, so that what is written is what was judged: a block that
// is read again must be what it was, through whichever input, and before a file gets its name all
// blocks are read once more. What is the same twice was there at one moment: then, when the first
// reading had ended and the second had not begun. So a file that others write meanwhile is either
// taken in one of its states or refused.
//
// Without seen_begin, as in unit tests, each input stands alone, and seen_settle has nothing to do.
#ifndef SEEN_H
#define SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "os.h"

enum { SEEN_BLOCK = 4096 };

struct seen;

// Between these two, what was seen of files is kept when they are closed. They do not nest.
void seen_begin(void);
void seen_end(void);

// Of what is opened from here on nothing is kept, and each input stands alone: for a verb that
// writes nothing, whatever number of files it reads, on whatever number of threads.
void seen_keep_no_more(void);

// Of this regular file, from `start` on, `size` bytes. `path` NULL: it has no name, and what `fd`
// is is read again. NULL with `e` set.
struct seen *seen_open(const char *path, int fd, const struct os_info *info, uint64_t start,
                       uint64_t size, const char *shown, struct err *e);
void seen_close(struct seen *s); // NULL is allowed

// The block's bytes, as they were just read: are they what was there before?
bool seen_block(struct seen *s, uint64_t block, const uint8_t *bytes, size_t n);

// The digests of what was seen: whoever opens the file again finds them, as long as it is kept.
struct digest_cache;
struct digest_cache *seen_digests(struct seen *s);

// A read that failed: errno; or -1: the file ended.
void seen_failed(struct seen *s, int reason);

// Has nothing failed or changed that was read, up to now? False with `e` set (status 2).
bool seen_settle(struct err *e);

// What is said of a file that changed.
bool seen_changed(const char *shown, struct err *e);

#endif
