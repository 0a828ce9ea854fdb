// SPDX-License-Identifier: Apache-2.0
#include "need.h"

static unsigned when(bool known, unsigned need)
{
    return known ? need : 0;
}

unsigned need_known(const struct judge *j, const struct node *n)
{
    const struct read_options *o = j->options;
    const struct esp8266_device *d = &o->esp8266;
    return target_for(j, n)->known | when(o->host_table != NULL, TARGET_TABLE) |
           when(d->has_free_space || d->fs_start != 0, NEED_ROOM) |
           when(d->fs_start != 0, NEED_LAYOUT) | when(d->flash_size != 0, NEED_ESP8266_SIZE) |
           when(d->flash_mode != NULL, NEED_ESP8266_MODE) | when(n->compared, NEED_KEY);
}

const char *need_option(unsigned need)
{
    static const char *const rows[NEED_BITS] = {
        "chip",        "chip-revision",   "flash-size", "flash-mode", "idf",
        "secure-boot", "partition-table", "running",    "free-space", "layout",
        "flash-size",  "flash-mode",      "key",
    };
    unsigned bit = 0;
    while (bit + 1 < NEED_BITS && need >> bit != 1) {
        bit++;
    }
    return rows[bit];
}
