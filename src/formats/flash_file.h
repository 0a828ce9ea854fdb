// SPDX-License-Identifier: Apache-2.0
//
// What UF2 and Intel HEX have in common: a file that says of each of its bytes where in the flash
// it goes. It is read to the flash image that is written so, or to what it has of one.
#ifndef FLASH_FILE_H
#define FLASH_FILE_H

#include "flash_pages.h"
#include "read.h"

// More than the parts that one command line of esptool merges.
enum { FLASH_FILE_RUNS_MOST = 2048 };

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
    struct flash_run *runs; // in the reader's arena, as all of it
    size_t run_count, run_room;
    struct flash_piece *pieces;
    size_t count, room;
    uint64_t lowest, end;      // flash addresses
    struct flash_pages *image; // of these, erased where nothing goes; NULL: there is none
    bool overlaps;             // something goes where something else does
    uint64_t overlap_at;       // to which address
};

// Begins another run. False: there are more than are read.
bool flash_file_begin(struct reader *r, struct flash_file *f, struct flash_run run);

// NULL, or why no flash has these bytes: they go to where there is none.
const char *flash_file_outside(struct arena *a, uint64_t address, uint32_t size);

// Notes that so many bytes go there.
void flash_file_add(struct reader *r, struct flash_file *f, struct flash_piece piece);

// Once all pieces are there: looks for two in one place, and makes room for the image. NULL, or why
// there is none.
const char *flash_file_finish(struct reader *r, struct node *n, struct flash_file *f);

// Makes one run of all where that is said, or two lie over each other and no two pieces do: the
// pieces of several runs are mixed in the file, which then does not say what belongs together.
void flash_file_unmix(struct reader *r, struct flash_file *f, bool mixed);

// Puts the bytes of a piece into the image.
void flash_file_put(struct flash_file *f, const struct flash_piece *piece, const uint8_t *bytes);

// Notes that there are more runs than are read, for a limit of ours, which is no fault of the file,
// and says so; `what` they are of.
const char *flash_file_many(struct reader *r, struct node *n, const char *what);

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
