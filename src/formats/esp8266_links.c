// SPDX-License-Identifier: Apache-2.0
#include "esp8266_links.h"

#include <otapack/esp8266_image.h>

enum { BLOCK = 4096 };

typedef void visit_fn(void *ctx, uint64_t flash);

// Tells of each word that is an address in the flash which.
static bool visit(const struct otapack_source *src, visit_fn *each, void *ctx)
{
    uint8_t block[BLOCK];
    for (uint64_t at = 0; at < src->size; at += sizeof(block)) {
        uint64_t left = src->size - at;
        size_t n = left < sizeof(block) ? (size_t)left : sizeof(block);
        if (otapack_read(src, at, block, n, "").code != OTAPACK_OK) {
            return false;
        }
        for (size_t i = 0; i + 4 <= n; i += 4) {
            uint32_t word = otapack_le32(block + i);
            if (word >= OTAPACK_ESP8266_MAPPED_AT) {
                each(ctx, word - OTAPACK_ESP8266_MAPPED_AT);
            }
        }
    }
    return true;
}

static void count(void *ctx, uint64_t flash)
{
    struct esp8266_links *links = ctx;
    uint64_t sector = flash / OTAPACK_ESP8266_SECTOR;
    if (sector < ESP8266_LINKS_SECTORS) {
        links->words[sector]++;
        links->total++;
    }
}

bool esp8266_links_count(const struct otapack_source *src, struct esp8266_links *links)
{
    *links = (struct esp8266_links){.total = 0};
    return visit(src, count, links);
}

// Words in the sectors that lie from `first` on, up to `last`.
static uint64_t sum(const struct esp8266_links *links, uint64_t first, uint64_t last)
{
    uint64_t all = 0;
    for (uint64_t i = first; i <= last && i < ESP8266_LINKS_SECTORS; i++) {
        all += links->words[i];
    }
    return all;
}

bool esp8266_links_base(const struct esp8266_links *links, uint64_t from, uint64_t to,
                        uint64_t *base)
{
    const uint64_t sector = OTAPACK_ESP8266_SECTOR;
    uint64_t first = from / sector, last = to == 0 ? 0 : (to - 1) / sector, most = 0;
    for (uint64_t i = 0; i < ESP8266_LINKS_SECTORS; i++) {
        uint64_t words = sum(links, i + first, i + last);
        if (words > most) {
            most = words;
            *base = i * sector;
        }
    }
    return most >= ESP8266_LINKS_FEW && most > links->total / 2;
}

// ---- What is behind the end ---------------------------------------------------------------------

// Addresses in front of the end, at it, and behind it, as far as `reach`.
struct near {
    uint64_t end, reach, before, at, behind;
};

enum { NEAR, FAR, REACHES };

static void compare(void *ctx, uint64_t flash)
{
    struct near *near = ctx;
    for (int i = 0; i < REACHES; i++) {
        struct near *n = &near[i];
        if (flash + n->reach >= n->end && flash <= n->end + n->reach) {
            uint64_t *words = flash < n->end ? &n->before : flash == n->end ? &n->at : &n->behind;
            (*words)++;
        }
    }
}

static bool refers(const struct near *n, uint64_t part)
{
    return n->behind >= ESP8266_LINKS_FEW && n->behind > n->before / part;
}

// Of firmware that is whole, some 5 addresses in 1000 are, by chance, of what is behind it. Of what
// lacks its last hundredth, 50 of those near the end are; of what lacks more, 200 of all.
bool esp8266_links_behind(const struct otapack_source *src, uint64_t base, uint64_t end,
                          uint64_t *uses, bool *ends_there)
{
    struct near near[REACHES] = {{.end = base + end, .reach = 0x10000},
                                 {.end = base + end, .reach = 0x40000}};
    if (!visit(src, compare, near)) {
        return false;
    }
    *uses = near[FAR].behind;
    *ends_there = near[NEAR].at > 0;
    return refers(&near[NEAR], 40) || refers(&near[FAR], 8);
}
