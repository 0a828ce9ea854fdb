// SPDX-License-Identifier: Apache-2.0
//
// The file as it lies: a bar to scale, and the same as a table. What is unpacked inside, and each
// program, has one of its own.
#include <inttypes.h>
#include <string.h>

#include "format.h"
#include "html_bar.h"
#include "memory_map.h"
#include "picture.h"
#include "show_html.h"
#include "source.h"
#include "text.h"

struct drawn {
    const struct html_file *f;
    size_t pictures; // so many were drawn, or would have been
};

static bool is_erased(const struct node *n)
{
    return node_is(n, format_last()) && source_is_filled(&n->src, 0, n->src.size, 0xFF);
}

static enum bar_look look_of(const struct stretch *s)
{
    return s->kind == STRETCH_FIELDS                         ? BAR_FIELDS
           : s->kind == STRETCH_UNUSED || is_erased(s->node) ? BAR_UNUSED
                                                             : BAR_PART;
}

// The last word of a path, which a bar has room for.
static const char *short_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot == NULL || dot[1] == '\0' ? path : dot + 1;
}

static struct bar_part *bar_part_of(const struct html_file *f, const struct stretch *s,
                                    const char *id, size_t number)
{
    struct bar_part *p = ARENA_NEW(f->arena, struct bar_part);
    *p = (struct bar_part){.at = s->at,
                           .size = s->size,
                           .look = look_of(s),
                           .name = s->kind == STRETCH_PART ? short_name(s->name) : s->name,
                           .text = arena_printf(f->arena, "%s, %s at 0x%" PRIx64 "%s%s", s->name,
                                                text_size(f->arena, s->size), s->at,
                                                s->what == NULL ? "" : ": ",
                                                s->what == NULL ? "" : s->what),
                           .href = arena_printf(f->arena, "#%s-%zu", id, number),
                           .number = number};
    return p;
}

static void put_name(const struct html_file *f, const struct stretch *s)
{
    html_open(f->to, "td", NULL);
    if (s->kind == STRETCH_PART || s->kind == STRETCH_LISTED) {
        show_html_named_link(f, s->node, s->name);
    } else {
        html_text(f->to, s->name);
    }
    if (s->what != NULL) {
        html_leaf(f->to, "div", "what", s->what);
    }
    html_close(f->to);
}

static void put_row(const struct html_file *f, const struct stretch *s, const char *id,
                    size_t number)
{
    html_open(f->to, "tr", NULL);
    html_attribute(f->to, "id", "%s-%zu", id, number);
    html_leaf(f->to, "td", "number", arena_printf(f->arena, "%zu", number));
    put_name(f, s);
    html_leaf(f->to, "td", "number", arena_printf(f->arena, "0x%" PRIx64, s->at));
    html_leaf(f->to, "td", "number", text_count(f->arena, s->size));
    html_close(f->to);
}

static void put_table(const struct html_file *f, const struct picture *picture, const char *id,
                      const char *title)
{
    size_t number = 0;
    html_table(f->to, title, (const char *const[]){"No.", "Part", "Offset", "Bytes", NULL});
    for (const struct stretch *s = picture->stretches; s != NULL; s = s->next) {
        if (number++ < HTML_STRETCHES_MOST) {
            put_row(f, s, id, number);
        }
    }
    html_close(f->to);
    html_close(f->to);
    show_html_more(f, number, HTML_STRETCHES_MOST);
}

// Of what a broken table lists one over the other, only the first is drawn; the table has all.
static void set_parts(const struct html_file *f, struct bar *bar, const struct picture *picture)
{
    struct bar_part **end = &bar->parts;
    uint64_t drawn = picture->at;
    size_t number = 0;
    for (const struct stretch *s = picture->stretches; s != NULL && number < HTML_STRETCHES_MOST;
         s = s->next) {
        number++;
        if (s->at >= drawn) {
            *end = bar_part_of(f, s, bar->id, number);
            end = &(*end)->next;
            drawn = s->at + s->size;
        }
    }
}

static void put_picture(struct drawn *d, const struct picture *picture)
{
    const struct html_file *f = d->f;
    if (picture->size == 0 || d->pictures++ >= HTML_PROGRAMS_MOST) {
        return;
    }
    const char *path = node_path(f->arena, picture->space);
    const char *id =
        html_id(f->arena, f->number, "picture", arena_printf(f->arena, "%zu", d->pictures));
    const char *title = picture->memory != NULL ? picture->memory
                        : *path == '\0'         ? "The file"
                                                : path;
    struct bar bar = {.at = picture->at, .size = picture->size, .id = id, .title = title};
    set_parts(f, &bar, picture);
    html_leaf(f->to, "h4", NULL, title);
    html_bar(f->to, &bar);
    put_table(f, picture, id,
              arena_printf(f->arena, "%s, %s", title, text_size(f->arena, picture->size)));
}

// Programs inside another file are one stretch of its picture.
static void put_programs(struct drawn *d, const struct node *n)
{
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (!part->unpacked && memory_map_of(d->f->arena, part) != NULL) {
            put_picture(d, picture_of(d->f->arena, part));
        }
        put_programs(d, part);
    }
}

void show_html_picture(const struct html_file *f)
{
    struct drawn d = {f, 0};
    show_html_section(f, "picture", "Picture");
    html_bar_legend(f->to);
    for (const struct picture *p = pictures_of(f->arena, f->root); p != NULL; p = p->next) {
        put_picture(&d, p);
    }
    put_programs(&d, f->root);
    show_html_more(f, d.pictures, HTML_PROGRAMS_MOST);
    html_close(f->to);
}
