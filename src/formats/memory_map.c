// SPDX-License-Identifier: Apache-2.0
#include "memory_map.h"

#include "chip_memory.h"
#include "esp8266.h"
#include "format_list.h"
#include "rule.h"

// The rows of the chip that a program is for.
struct memory {
    const struct chip_memory *rows;
    const struct chip *chip; // NULL: an ESP8266
};

static bool is_segment(const struct node *n)
{
    return node_field(n, "load_addr") != NULL;
}

// What has segments, and is no image of the ESP32 family, is one of the ESP8266's kinds.
static bool memory_of(const struct node *n, struct memory *out)
{
    bool esp32 = node_is(n, &format_esp_image), segments = false;
    const struct chip *chip = esp32 && n->error == NULL ? image_chip(n) : NULL;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        segments = segments || is_segment(part);
    }
    *out = (struct memory){chip == NULL ? esp8266_memory : chip->memory, chip};
    return segments && n->error == NULL && (chip != NULL || !esp32);
}

// Of the rows that take all of it, or else its beginning, the smallest: others are larger ones
// around it.
static const struct chip_memory *row_of(const struct chip_memory *rows, uint64_t from, uint64_t to)
{
    const struct chip_memory *best = NULL;
    bool best_whole = false;
    for (const struct chip_memory *m = rows; m->name != NULL; m++) {
        bool whole = to <= m->to;
        if (from >= m->from && from < m->to && whole >= best_whole &&
            (best == NULL || whole > best_whole || m->to - m->from < best->to - best->from)) {
            best = m;
            best_whole = whole;
        }
    }
    return best;
}

static const char *names_of(struct arena *a, const struct chip_memory *rows,
                            const struct chip_memory *row)
{
    const char *names = "";
    for (const struct chip_memory *m = rows; m->name != NULL; m++) {
        if (m->from == row->from && m->to == row->to) {
            names = arena_printf(a, "%s%s%s", names, *names == '\0' ? "" : ", ", m->name);
        }
    }
    return names;
}

static struct memory_region *region_of(struct arena *a, struct memory_map *map,
                                       const struct memory *memory, const struct chip_memory *row)
{
    struct memory_region **at = &map->regions;
    while (*at != NULL && (*at)->from <= row->from) {
        if ((*at)->from == row->from && (*at)->to == row->to) {
            return *at;
        }
        at = &(*at)->next;
    }
    struct memory_region *region = ARENA_NEW(a, struct memory_region);
    *region = (struct memory_region){.next = *at,
                                     .names = names_of(a, memory->rows, row),
                                     .from = row->from,
                                     .to = row->to,
                                     .mapped = memory->chip == NULL
                                                   ? esp8266_is_mapped(row->from)
                                                   : chip_is_flash_mapped(memory->chip, row->from)};
    *at = region;
    return region;
}

static void add_loaded(struct arena *a, struct loaded **list, const struct node *segment,
                       uint64_t from, uint64_t size)
{
    while (*list != NULL && (*list)->from <= from) {
        list = &(*list)->next;
    }
    struct loaded *loaded = ARENA_NEW(a, struct loaded);
    *loaded = (struct loaded){*list, segment, from, size};
    *list = loaded;
}

static void add_segment(struct arena *a, struct memory_map *map, const struct memory *memory,
                        const struct node *segment)
{
    uint64_t from = node_number(segment, "load_addr"), size = node_number(segment, "data_len");
    const struct chip_memory *row = row_of(memory->rows, from, from + size);
    if (row == NULL) {
        add_loaded(a, &map->nowhere, segment, from, size);
        return;
    }
    struct memory_region *region = region_of(a, map, memory, row);
    add_loaded(a, &region->loaded, segment, from, size);
    region->bytes += size;
}

struct memory_map *memory_map_of(struct arena *a, const struct node *n)
{
    struct memory memory;
    if (!memory_of(n, &memory)) {
        return NULL;
    }
    struct memory_map *map = ARENA_NEW(a, struct memory_map);
    map->chip = memory.chip == NULL ? "ESP8266" : memory.chip->title;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (is_segment(part)) {
            add_segment(a, map, &memory, part);
        }
    }
    return map;
}
