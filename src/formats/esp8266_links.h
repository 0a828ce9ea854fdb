// SPDX-License-Identifier: Apache-2.0
//
// Where a program for the ESP8266 was linked to, when nothing in its file says so: by the addresses
// in it. A program has hundreds of its own functions and texts that stay in flash, and hardly one
// of what is not there. Measured on 20 published files, whole and cut, all of which it tells right.
#ifndef ESP8266_LINKS_H
#define ESP8266_LINKS_H

#include <otapack/base.h>

enum {
    ESP8266_LINKS_SECTORS = 256, // of the MiB of flash that is mapped
    ESP8266_LINKS_FEW = 8, // what fewer are may be there by chance: bootloaders have up to three
};

// How many words of a program are addresses in each sector.
struct esp8266_links {
    uint64_t words[ESP8266_LINKS_SECTORS], total;
};

// Of the whole of `src`. False: it cannot be read.
bool esp8266_links_count(const struct otapack_source *src, struct esp8266_links *links);

// The flash address of the program whose bytes `from` to `to` run from flash: the lowest multiple
// of 4096 to which most words fit. False: too few do.
bool esp8266_links_base(const struct esp8266_links *links, uint64_t from, uint64_t to,
                        uint64_t *base);

// Does a program that lies at `base` of the flash use what is behind its end, relative to its own
// start? *uses: how many addresses of it; *ends_there: one is the end itself.
bool esp8266_links_behind(const struct otapack_source *src, uint64_t base, uint64_t end,
                          uint64_t *uses, bool *ends_there);

#endif
