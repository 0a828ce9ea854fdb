// SPDX-License-Identifier: Apache-2.0
//
// Files that passed every check, told to those who bring them to devices. Each of these is a
// target: one const struct in publish_NAME.c, and one word in the list in publish_list.h. What is
// told is taken from the files, so that it agrees with them; nothing is told before all files are
// known to be good.
#ifndef PUBLISH_H
#define PUBLISH_H

#include "args.h"
#include "err.h"
#include "json.h"
#include "node.h"
#include "read.h"

struct output_folder;
struct trust_options;
struct verb_options;
struct verify_policy;

// What is asked.
struct publication {
    const struct args *args; // files, and the options of targets by name
    const struct read_options *read;
    const struct verb_options *options; // must be of use to the checks; NULL: need not be
    const struct trust_options *trust;  // whose signatures each file must have; NULL: no matter
    const struct verify_policy *policy; // what else must be so of each; NULL: nothing
    const char *folder;                 // that is written; NULL: the target prints
    bool quiet;
};

// A file that passed.
struct published {
    const char *file; // as messages name it
    const char *name; // under which it is published
    const char *url;  // where it will be; NULL: that was not said
    struct node *root;
    struct arena *arena; // as long as the file is open
};

struct publishing {
    const struct publication *asked;
    struct arena arena;
    json_t *list;                 // what the target keeps from file to file
    json_t *names;                // of the files in the folder
    struct output_folder *folder; // NULL: the target prints
    uint64_t cd_version;          // certification declaration version number
    bool has_cd_version;
    struct err *e;
};

enum { PUBLISH_OPTIONS = 6, PUBLISH_FOLDERS = 3 };

struct publish_target {
    struct cmd_topic topic;                // its name for --to, and a line for --help
    const char *needs[PUBLISH_OPTIONS];    // options that must be given, up to NULL
    const char *takes[PUBLISH_OPTIONS];    // options that may be
    bool writes;                           // a folder; else it prints
    bool only_new;                         // that is not there yet
    bool script;                           // with a publish.sh (publish_script.h) in it
    const char *folders[PUBLISH_FOLDERS];  // and what is in it, up to NULL
    bool one;                              // takes one file at a time
    bool names;                            // tells the file's own name where no URL is given
    bool (*fits)(const struct node *root); // NULL: every file
    const char *what;                      // those that fit: "Matter OTA images"
    // With `e` set where a file, or all of them together, cannot be published so. Both may be NULL.
    bool (*add)(struct publishing *p, const struct published *f);
    bool (*end)(struct publishing *p);
    bool (*print)(struct publishing *p); // once all is known to be good
};

extern const struct publish_target publish_dcl_entry; // what inspect --format dcl prints

enum status publish(const struct publish_target *target, const struct publication *asked,
                    struct err *e);

// ---- For targets --------------------------------------------------------------------------------

// Files in the folder; text and JSON take what they are given. False with `e` set.
bool publish_write(struct publishing *p, const char *name, const struct otapack_source *src);
bool publish_text(struct publishing *p, const char *name, const char *text);
bool publish_json(struct publishing *p, const char *name, json_t *value);
bool publish_copy(struct publishing *p, const struct published *f, const char *name);
bool publish_has(const struct publishing *p, const char *name); // was it written?

// The longest name that a file of the folder gets.
enum { PUBLISH_NAME_MOST = 128, PUBLISH_PATH_MOST = PUBLISH_NAME_MOST + 65 };

#endif
