// SPDX-License-Identifier: Apache-2.0
//
// A file opened and read into its tree: how every verb begins.
#ifndef IMAGE_H
#define IMAGE_H

#include "args.h"
#include "input.h"
#include "judge.h"
#include "partition_file.h"

struct image {
    struct input *input;
    struct node *root;
};

// False with `e` set when the file cannot be read (status 2). What is wrong *in* it is in the tree:
// as findings, where it is judged.
bool image_open(struct image *image, const char *name, const struct read_options *options,
                struct arena *a, struct err *e);
bool image_open_judged(struct image *image, const char *name, const struct read_options *options,
                       struct arena *a, struct err *e);
void image_close(struct image *image);

// What --allow, --partition-table, --flash-offset and the options about an ESP8266 say. The table
// stays open until closed.
struct options {
    struct read_options read;
    const char *device_table; // the partition table that a device file names; NULL: none
    const char *table_path;   // as it was given; NULL: none was
    struct input *table_input;
    struct otapack_source table;
    struct arena table_arena;                          // of its tree
    uint8_t table_bytes[OTAPACK_PARTITION_TABLE_SIZE]; // of a partitions.csv
    struct partition_csv_options csv;
    bool table_is_csv;
    struct arena arena; // of these
};

bool options_allow(struct options *o, const char *id, struct err *e);
bool options_host_table(struct options *o, const char *file, struct err *e);
bool options_table(struct options *o, const struct args *args, struct err *e); // the table alone
// A device file (NULL: none is given); before the options of a device, which are stronger.
bool options_device(struct options *o, const char *file, struct err *e);
bool options_take(struct options *o, const struct args *args, struct err *e);

void options_close(struct options *o);

// The option rows behind these, for the verbs' tables.
#define OPT_PARTITION_TABLE                                                                        \
    {'p', "partition-table", "FILE",                                                               \
     "the device's partition table (or partitions.csv):\ndoes the app fit its OTA slot, "          \
     "and an RCP its\nstorage?",                                                                   \
     false},                                                                                       \
        OPT_CSV
#define OPT_FLASH_OFFSET                                                                           \
    {                                                                                              \
        0, "flash-offset", "ADDRESS",                                                              \
            "the flash address at which a merged image begins,\nwhere it does not show", false     \
    }
#define OPT_ALLOW                                                                                  \
    {                                                                                              \
        'a', "allow", "CHECK-ID", "let this check pass with a warning\n(see otapack help checks)", \
            true                                                                                   \
    }

#endif
