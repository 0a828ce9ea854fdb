// SPDX-License-Identifier: Apache-2.0
//
// The chip's memory, and what each program loads to it: a bar for each region, to scale.
#include <inttypes.h>

#include "html_bar.h"
#include "memory_map.h"
#include "show_html.h"
#include "text.h"

struct programs {
    const struct html_file *f;
    size_t count; // so many were shown, or would have been
};

static void put_row(const struct html_file *f, const struct loaded *l, const char *region,
                    const char *id, size_t number)
{
    html_open(f->to, "tr", NULL);
    html_attribute(f->to, "id", "%s-%zu", id, number);
    html_leaf(f->to, "td", "number", arena_printf(f->arena, "%zu", number));
    html_open(f->to, "td", NULL);
    show_html_link(f, l->segment);
    html_leaf(f->to, "div", "what", region);
    html_close(f->to);
    html_leaf(f->to, "td", "number", arena_printf(f->arena, "0x%08" PRIx64, l->from));
    html_leaf(f->to, "td", "number", text_count(f->arena, l->size));
    html_close(f->to);
}

static const char *region_text(struct arena *a, const struct memory_region *r)
{
    if (r->mapped) {
        return arena_printf(a, "%s that stay in flash, and are read from there; up to %s could be",
                            text_size(a, r->bytes), text_size(a, r->to - r->from));
    }
    unsigned percent = (unsigned)(r->bytes * 100 / (r->to - r->from));
    return arena_printf(a, "%s of %s are loaded, %s %%", text_size(a, r->bytes),
                        text_size(a, r->to - r->from),
                        percent == 0 ? "less than 1" : arena_printf(a, "%u", percent));
}

// Of what is mapped from flash there are many megabytes, of which an app fills the beginning: only
// that is drawn, in whole pages of the MMU.
static void set_window(struct bar *bar, const struct memory_region *r)
{
    const uint64_t page = UINT64_C(64) * 1024;
    uint64_t end = r->from;
    bar->at = r->mapped ? r->loaded->from / page * page : r->from;
    for (const struct loaded *l = r->loaded; l != NULL && r->mapped; l = l->next) {
        end = l->from + l->size > end ? l->from + l->size : end;
    }
    end = (end + page - 1) / page * page;
    end = r->mapped && end > bar->at && end < r->to ? end : r->to;
    bar->size = end - bar->at;
}

// Segments of a broken file may lie one over the other, and reach beyond: then only the first one,
// and only so much of it, is drawn.
static void set_parts(const struct html_file *f, struct bar *bar, const struct memory_region *r,
                      const char *id, size_t number)
{
    struct bar_part **end = &bar->parts;
    uint64_t drawn = bar->at;
    for (const struct loaded *l = r->loaded; l != NULL; l = l->next, number++) {
        uint64_t to =
            l->from + l->size < bar->at + bar->size ? l->from + l->size : bar->at + bar->size;
        if (l->from < drawn || l->from >= to) {
            continue;
        }
        *end = ARENA_NEW(f->arena, struct bar_part);
        **end = (struct bar_part){.at = l->from,
                                  .size = to - l->from,
                                  .name = node_name(f->arena, l->segment),
                                  .text = arena_printf(f->arena, "%s, %s at 0x%08" PRIx64,
                                                       node_path(f->arena, l->segment),
                                                       text_size(f->arena, l->size), l->from),
                                  .href = arena_printf(f->arena, "#%s-%zu", id, number),
                                  .number = number};
        end = &(*end)->next;
        drawn = to;
    }
}

static void put_region(const struct html_file *f, const struct memory_region *r, const char *id,
                       size_t number)
{
    struct bar bar = {.id = arena_printf(f->arena, "%s-at-%zu", id, number)};
    set_window(&bar, r);
    set_parts(f, &bar, r, id, number);
    bar.title = arena_printf(f->arena, "%s, 0x%08" PRIx64 " to 0x%08" PRIx64, r->names, bar.at,
                             bar.at + bar.size);
    html_leaf(f->to, "h5", NULL, bar.title);
    html_leaf(f->to, "p", "note", region_text(f->arena, r));
    html_bar(f->to, &bar);
}

static void put_table(const struct html_file *f, const struct memory_map *map, const char *id,
                      const char *title)
{
    size_t number = 0;
    html_table(f->to, arena_printf(f->arena, "%s: where its segments go", title),
               (const char *const[]){"No.", "Segment", "Address", "Bytes", NULL});
    for (const struct memory_region *r = map->regions; r != NULL; r = r->next) {
        for (const struct loaded *l = r->loaded; l != NULL; l = l->next) {
            put_row(f, l, r->names, id, ++number);
        }
    }
    for (const struct loaded *l = map->nowhere; l != NULL; l = l->next) {
        put_row(f, l, "no memory of the chip", id, ++number);
    }
    html_close(f->to);
    html_close(f->to);
}

static void put_map(struct programs *p, const struct node *n, const struct memory_map *map)
{
    const struct html_file *f = p->f;
    const char *path = node_path(f->arena, n);
    const char *title = *path == '\0' ? "The file" : path;
    const char *id =
        html_id(f->arena, f->number, "memory", arena_printf(f->arena, "%zu", p->count));
    size_t number = 1;
    html_leaf(f->to, "h4", NULL, arena_printf(f->arena, "%s, on the %s", title, map->chip));
    for (const struct memory_region *r = map->regions; r != NULL; r = r->next) {
        put_region(f, r, id, number);
        for (const struct loaded *l = r->loaded; l != NULL; l = l->next) {
            number++;
        }
    }
    put_table(f, map, id, title);
}

static void put_programs(struct programs *p, const struct node *n)
{
    struct memory_map *map = memory_map_of(p->f->arena, n);
    if (map != NULL && p->count++ < HTML_PROGRAMS_MOST) {
        if (p->count == 1) {
            show_html_section(p->f, "memory", "Memory of the chip");
        }
        put_map(p, n, map);
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        put_programs(p, part);
    }
}

void show_html_memory(const struct html_file *f)
{
    struct programs p = {.f = f};
    put_programs(&p, f->root);
    if (p.count > 0) {
        show_html_more(f, p.count, HTML_PROGRAMS_MOST);
        html_close(f->to);
    }
}
