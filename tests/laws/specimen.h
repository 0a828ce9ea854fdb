// SPDX-License-Identifier: Apache-2.0
//
// One file, and all that was said of it, for the laws of law_images.c.
#ifndef SPECIMEN_H
#define SPECIMEN_H

#include "run.h"

#include "image.h"

struct specimen {
    const char *name;   // from the folder that the tests run in: fixtures/esp_image/good-....bin
    const char *folder; // fixtures/esp_image: "esp_image"; of real firmware: ""
    bool good, bad;     // good-*, bad-*
    struct image bytes;
    int status;            // of inspect --json
    char *json, *json_err; // what it printed
    const json_t *doc, *file, *root;
    char *text, *text_err; // inspect
    int text_status;
    char *verify_err;
    int verify_status;
};

void specimen_breaks(const struct specimen *s, const char *law, const char *what);

int verdict_rank(const char *verdict); // 2: fail, 1: warn, 0

// Those that look at the text.
void law_unmade(const struct specimen *s);
void law_text(const struct specimen *s);
void law_places(const struct specimen *s);
void law_columns(const struct specimen *s);

void law_recipe(const struct specimen *s); // what extract --recipe leaves

#endif
