// SPDX-License-Identifier: Apache-2.0
//
// What goes into an image, as a recipe or a command line says it: files, addresses, expectations.
// Nothing is read here but the recipe itself; build.c makes the image.
#ifndef RECIPE_H
#define RECIPE_H

#include <stdint.h>

#include "esp8266.h"
#include "input.h"
#include "matter_field.h"
#include "partition_csv.h"
#include "sign.h"

// One file that goes to one address: of `flash: parts:`, or a record of `rcp: flash_args:`.
struct recipe_entry {
    struct recipe_entry *next;
    const char *where; // for messages
    uint32_t address;
    const char *file; // a path, or the name of an RCP part
};

// An update for an ESP8266.
struct recipe_esp8266 {
    const char *where;
    const char *image;          // an Arduino image, or these two:
    const char *eboot, *sketch; // images of version 1
    const struct esp8266_setting *flash_mode, *flash_freq, *flash_size; // NULL: as it is
    bool compress;
    struct esp8266_device device; // that is to take it
};

struct recipe_text {
    struct recipe_text *next;
    const char *where;
    const char *text;
};

struct recipe_rcp {
    const char *build_dir; // NULL: every part is named
    const char *version, *flash_args, *bootloader, *partition_table, *firmware; // paths
    struct recipe_entry *records; // flash_args given as a list; flash_args is then NULL
};

// An image that is open already, to be laid out again: what edit puts a new header around, or sign
// signs a part of.
struct recipe_tree {
    struct input *input;
    const struct node *root;
    const struct node *signed_part; // in it; NULL: nothing is signed
};

// Paths are as they can be opened from the working directory. NULL: not given.
struct recipe {
    const char *file;
    const char *output;
    const char *app, *image;
    struct recipe_rcp *rcp;
    struct recipe_esp8266 *esp8266; // NULL: no `esp8266`
    struct recipe_entry *flash;     // NULL: no `flash`
    uint64_t flash_size;            // pad up to this address with 0xFF; 0: as long as its parts
    uint64_t flash_offset;          // the address at which the image begins
    struct recipe_text *more;       // files that follow `image`, as ota_image_tool.py joins them
    const struct recipe_tree *tree; // takes the place of a file
    struct signing *signing;        // of the app, the ESP8266 update, image or tree's part, or NULL
    struct matter_values *matter;   // NULL: no Matter header
    const char *matter_where;
    const char *host_table;
    const struct partition_csv_options *csv; // how a partitions.csv is read; NULL: as always
    struct recipe_text *allow, *expect;
    const bool *allowed; // CHECK_COUNT: what the command line allows as well; NULL: nothing
};

// What the command line adds: -D NAME=VALUE and --set KEY=VALUE, NULL-ended.
struct recipe_words {
    const char **defines, **sets;
};

// False with `e` set (status 2, FILE:LINE:COLUMN) for whatever is wrong with it.
bool recipe_read(const char *file, const struct recipe_words *words, struct arena *a,
                 struct recipe *out, struct err *e);

// A build folder's parts where `rcp` does not name them itself.
void recipe_rcp_defaults(struct recipe_rcp *rcp, struct arena *a);

#endif
