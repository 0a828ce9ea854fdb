// SPDX-License-Identifier: Apache-2.0
//
// The options that several verbs have: what they say to those who read and judge a file.
#ifndef VERB_OPTIONS_H
#define VERB_OPTIONS_H

#include "args.h"
#include "input.h"
#include "judge.h"
#include "partition_file.h"

// What --allow, --partition-table, --flash-offset and the options about an ESP8266 say. The table
// stays open until closed.
struct verb_options {
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

bool verb_options_allow(struct verb_options *o, const char *id, struct err *e);
bool verb_options_host_table(struct verb_options *o, const char *file, struct err *e);
bool verb_options_table(struct verb_options *o, const struct args *args,
                        struct err *e); // the table alone
// A device file (NULL: none is given); before the options of a device, which are stronger.
bool verb_options_device(struct verb_options *o, const char *file, struct err *e);
bool verb_options_take(struct verb_options *o, const struct args *args, struct err *e);

void verb_options_close(struct verb_options *o);

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
