// SPDX-License-Identifier: Apache-2.0
//
// What UF2 and Intel HEX have in common: a file that says of each of its bytes where in the flash
// it goes. It is read to the flash image that is written so, or to what it has of one.
#ifndef FLASH_FILE_H
#define FLASH_FILE_H

#include "read.h"

enum { FLASH_FILE_RUNS_MOST = 64 };

// What stands behind one another in the file, and in the flash.
struct flash_run {
    uint64_t at, size; // in the file
    uint64_t address, length;
};

// So many bytes of the file go to one address.
struct flash_piece {
    uint64_t address, from; // `from` is where the format finds them
    uint32_t size;
};

struct flash_file {
    struct flash_run runs[FLASH_FILE_RUNS_MOST];
    size_t run_count;
    struct flash_piece *pieces; // in the reader's arena
    size_t count, room;
    uint64_t lowest, end; // flash addresses
    uint8_t *image;       // of these, erased where nothing goes; NULL: there is none
    bool overlaps;        // something goes where something else does
    uint64_t overlap_at;  // to which address
};

// Notes that so many bytes go there.
void flash_file_add(struct reader *r, struct flash_file *f, struct flash_piece piece);

// Once all pieces are there: looks for two in one place, and makes room for the image. NULL, or why
// there is none.
const char *flash_file_finish(struct reader *r, struct node *n, struct flash_file *f);

// Notes what is not read for a limit of ours, which is no fault of the file, and gives it back.
const char *flash_file_limit(struct node *n, const char *why);

// Adds the runs as parts, in a format that is called so, and what they hold: "content" the whole,
// "regions" each of several.
void flash_file_show(struct reader *r, struct node *n, const struct flash_file *f,
                     const char *run_format);

// The file cannot be read: all of it stays as it is.
void flash_file_failed(struct reader *r, struct node *n, const char *error);

// What a file of one of these formats holds, for those who judge and rebuild it.
bool flash_file_is_region(const struct node *part); // the bytes of one run
uint64_t flash_file_address(const struct node *region);
const char *flash_file_unknown(const struct node *n); // what nobody knows in it; NULL: it is known

#endif
