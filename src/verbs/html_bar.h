// SPDX-License-Identifier: Apache-2.0
//
// A bar of stretches as a picture (SVG), to scale: of a file, of a chip's memory. What is too small
// to be seen there is drawn once more below, enlarged. Each stretch has a number, by which a table
// beside the picture has it, too.
#ifndef HTML_BAR_H
#define HTML_BAR_H

#include <stdint.h>

#include "html.h"

enum bar_look { BAR_PART, BAR_FIELDS, BAR_UNUSED, BAR_LOOKS };

struct bar_part {
    struct bar_part *next;
    uint64_t at, size;
    enum bar_look look;
    const char *name; // short
    const char *text; // what it is, in a sentence
    const char *href; // where more is said of it, with its "#"
    size_t number;
};

struct bar {
    uint64_t at, size;      // of the whole
    const char *id;         // IDs of the picture begin with it
    const char *title;      // what is drawn
    struct bar_part *parts; // by place, not one over the other
};

// The patterns by which looks differ without colour: once in a page.
void html_bar_patterns(struct html *h);

// What the looks mean, in words beside their patterns.
void html_bar_legend(struct html *h);

void html_bar(struct html *h, const struct bar *bar);

#endif
