// SPDX-License-Identifier: Apache-2.0
//
// The options that several verbs have: what they say to those who read and judge a file.
#ifndef VERB_OPTIONS_H
#define VERB_OPTIONS_H

#include "args.h"
#include "input.h"
#include "judge.h"
#include "partition_file.h"

// What --allow, --partition-table, --flash-offset, --decrypt-key and the options about an ESP8266
// say. Table and key stay open until closed. Once it was told something it is not moved:
// read.target.used leads into it.
struct verb_options {
    struct read_options read;
    const char *device_table; // the partition table that a device file names; NULL: none
    const char *table_where,
        *layout_where;      // what a device file says of these, as its reader has it
    unsigned device_facts;  // that a device file says
    const char *table_path; // as it was given; NULL: none was
    struct input *table_input;
    struct otapack_source table;
    struct arena table_arena;                          // of its tree
    uint8_t table_bytes[OTAPACK_PARTITION_TABLE_SIZE]; // of a partitions.csv
    struct partition_csv_options csv;
    bool table_is_csv;
    unsigned used;      // of what is known of the device, by the checks of a file
    struct arena arena; // of these
};

bool verb_options_allow(struct verb_options *o, const char *id, struct err *e);
bool verb_options_host_table(struct verb_options *o, const char *file, struct err *e);
bool verb_options_table(struct verb_options *o, const struct args *args,
                        struct err *e); // the table alone
// What a device file says, and the options of a device, which are stronger.
bool verb_options_device(struct verb_options *o, const struct args *args, struct err *e);
bool verb_options_take(struct verb_options *o, const struct args *args, struct err *e);

// Which of its choices --format is, of a verb whose first two are text and json; --json is the
// second, too. -1 with `e` set.
int verb_options_format(const struct args *args, struct err *e);

// A number that has to be in a range; *n stays where it is not given. False with `e` set.
bool verb_options_number(const struct args *args, const char *option, uint64_t least, uint64_t most,
                         uint64_t *n, struct err *e);

void verb_options_close(struct verb_options *o);

// Did the checks of a file have a use for each option that was given? It would pass for a check
// that was made, unless one has `failed`; how a file is to be read is wrong all the same. False
// with `e` set (status 2). Whoever looks at several files sets `used` to 0 before each; or lets it
// add up, and asks at their end with NULL for root and name.
bool verb_options_fit(const struct verb_options *o, const struct args *args,
                      const struct node *root, const char *name, bool failed, struct err *e);

// The groups of option rows behind these, for the verbs' tables.
extern const struct opt opt_partition_table[], opt_csv[]; // that has --csv with it
extern const struct opt opt_device_file[]; // of verbs that have no other option of a device
extern const struct opt opt_device[], opt_running[], opt_flash_offset[], opt_allow[];
extern const struct opt opt_seal[], opt_decrypt_key[], opt_base[], opt_made[], opt_quiet[];
extern const struct opt opt_allow_long[]; // without its letter, which may be mistaken for another

#endif
