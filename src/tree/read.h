// SPDX-License-Identifier: Apache-2.0
//
// Bytes to tree: the bytes are offered to each format, the one that knows them opens a node, and
// offers its parts again. A node that cannot be read keeps its error; its siblings are still read.
#ifndef READ_H
#define READ_H

#include "esp8266.h"
#include "node.h"
#include "target.h"

struct format;
struct beside;
struct delta_base;
struct unpacked_kept;
struct key_holder;
struct partition_csv_options;

struct read_options {
    bool allow[CHECK_COUNT];                       // these checks only warn
    const struct otapack_source *host_table;       // the host's partition table, or NULL
    const struct node *host_table_tree;            // what is in it, where its own faults count
    const struct partition_csv_options *table_csv; // how a partitions.csv is read; NULL: as always
    const char *slot;                              // what the file must be ("app"), NULL: any image
    bool slot_inside;     // the slot is for what a header of Matter or Zigbee stands before
    struct target target; // the device of the ESP32 family
    struct esp8266_device esp8266;            // that is to take the update
    struct key_holder *decrypt;               // what opens what is encrypted, or NULL
    const struct delta_base *base;            // the app that a patch is for, or NULL
    const struct otapack_source *made;        // what a patch is to make, or NULL
    struct beside *beside;                    // the folder it lies in, or NULL: none
    const struct otapack_source *coprocessor; // its firmware, which a host vouches for, or NULL
    bool require_seal;       // other processors' firmware is there, and its host vouches for it
    bool is_flash;           // a flash image is what was built, whatever it looks like
    bool is_unpadded;        // signed data, whose sector lies where no place tells of it
    bool flash_offset_given; // the flash address of a merged image's first byte is known:
    uint64_t flash_offset;
};

// What is unpacked of one file, all of it together: as much as an ESP8266 can have.
#define UNPACKED_MOST (UINT64_C(16) << 20)

// How many parts of what is unpacked are shown: a few packed bytes could be any number of them, and
// each is shown in more bytes than it has. What is more is named, and left closed.
enum { UNPACKED_PARTS_MOST = 128 };

// How far apart what goes to flash addresses may lie: as far as in the largest flash that esptool
// knows. Little of it may be there, and all of it is looked at.
#define FLASH_MOST (UINT64_C(128) << 20)

// What is left of these, for the whole file, and what was unpacked of it.
struct read_left {
    uint64_t unpacked, flash;
    int parts;
    struct unpacked_kept *kept;
};
#define READ_LEFT_ALL                                                                              \
    {                                                                                              \
        UNPACKED_MOST, FLASH_MOST, UNPACKED_PARTS_MOST, NULL                                       \
    }

struct reader {
    struct arena *arena;
    const struct read_options *options;
    int depth;
    const struct format *container; // the innermost one that is open, NULL: none
    struct read_left *left;
    bool unpacked; // what is read now was packed
};

// The tree of a file, with no findings yet: those are judge_tree()'s.
struct node *read_tree(struct arena *a, const struct read_options *options,
                       struct otapack_source src);

// A part of `parent` (see node_part), opened as `format`, or as what it looks like when NULL. What
// has no place in the containers around it is named, and left closed: so that what is read of a
// file grows as the file does, and not as what could be nested in it.
struct node *read_part(struct reader *r, struct node *parent, const char *name, int index,
                       uint64_t at, uint64_t size, const struct format *format);

// What a part stands for: bytes that live as long as the reader's arena, opened as `format`, or as
// what they look like when NULL. Where a few could be any number of them, transform.h counts them.
struct node *read_unpacked(struct reader *r, struct node *parent, const char *name,
                           struct otapack_source src, const struct format *format);

// What a part names, outside of the file: another file's bytes, opened as `format`, or as what they
// look like when NULL; by these options. It is a space of its own.
struct node *read_named(struct reader *r, struct node *parent, const char *name,
                        struct otapack_source src, const struct format *format,
                        const struct read_options *options);

// A part that no format claims: a gap, what follows, what could not be read. Nothing for size 0.
void read_rest(struct reader *r, struct node *parent, const char *name, int index, uint64_t at,
               uint64_t size);

// A parser's answer as a sentence: which field, where in the file, what it is and may be.
const char *status_text(struct arena *a, const struct node *n, struct otapack_status s);

#endif
