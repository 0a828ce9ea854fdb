// SPDX-License-Identifier: Apache-2.0
//
// One line for each stretch of a file; a bar says where it is, and how much of the whole.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "picture.h"
#include "show_parts.h"
#include "text.h"

enum { STRETCHES_MOST = 100, INDENT = 2, GAP = 2 };
enum { NAME_LEAST = 8, NAME_MOST = 24, BAR_LEAST = 8, BAR_MOST = 50, WHAT_LEAST = 12 };

struct drawing {
    const struct page *page;
    const struct picture *picture;
    int name, offset, size, bar, what; // columns of each; 0: it is not shown
};

// By its path; of what is unpacked only what follows the path that stands above.
static const char *name_of(const struct page *p, const struct picture *picture,
                           const struct stretch *s)
{
    const char *space = node_path(p->arena, picture->space);
    size_t n = strlen(space);
    bool inside = n > 0 && strncmp(s->name, space, n) == 0 && s->name[n] == '.';
    return text_printable(p->arena, inside ? s->name + n + 1 : s->name);
}

static const char *offset_text(const struct page *p, const struct stretch *s)
{
    return arena_printf(p->arena, "0x%06" PRIx64, s->at);
}

static struct drawing drawing_of(const struct page *p, const struct picture *picture)
{
    struct drawing d = {p, picture, NAME_LEAST, (int)strlen("offset"), (int)strlen("size"), 0, 0};
    for (const struct stretch *s = picture->stretches; s != NULL; s = s->next) {
        int name = (int)strlen(name_of(p, picture, s));
        int offset = (int)strlen(offset_text(p, s));
        int size = (int)strlen(text_count(p->arena, s->size));
        d.name = name > d.name ? name : d.name;
        d.offset = offset > d.offset ? offset : d.offset;
        d.size = size > d.size ? size : d.size;
    }
    int room = p->columns - INDENT - 2 * GAP - d.offset - d.size; // for names, and what follows
    int most = room < NAME_MOST ? room : NAME_MOST;
    d.name = d.name < most ? d.name : most;
    int rest = room - d.name - GAP;
    if (rest >= BAR_LEAST + GAP + WHAT_LEAST) {
        d.bar = rest * 2 / 5 < BAR_MOST ? rest * 2 / 5 : BAR_MOST;
        d.what = rest - d.bar - GAP;
    } else if (rest >= BAR_LEAST) {
        d.bar = rest;
    }
    return d;
}

static void put_padded(const struct drawing *d, enum page_style style, const char *text,
                       int columns)
{
    page_put(d->page, style, text);
    int rest = columns - (int)strlen(text);
    printf("%*s", rest > 0 ? rest : 0, "");
}

static void put_headings(const struct drawing *d)
{
    printf("%*s", INDENT, "");
    put_padded(d, PAGE_DIM, "part", d->name + GAP);
    put_padded(d, PAGE_DIM, "offset", d->offset + GAP + d->size - (int)strlen("size"));
    put_padded(d, PAGE_DIM, "size", (int)strlen("size"));
    if (d->what > 0) {
        printf("%*s", d->bar + 2 * GAP, "");
        page_put(d->page, PAGE_DIM, "what it is");
    }
    putchar('\n');
}

// A full column where more than half of one is taken, else its edge.
static const char *mark_of(const struct drawing *d, const struct stretch *s, uint64_t unit)
{
    bool thin = s->size < unit / 2;
    return s->kind == STRETCH_UNUSED ? "."
           : d->page->blocks         ? (thin ? "\xE2\x96\x8F" : "\xE2\x96\x88")
           : thin                    ? ":"
                                     : "#";
}

// Frames, and between them the columns into which its bytes fall: one at least.
static void put_bar(const struct drawing *d, const struct stretch *s)
{
    int columns = d->bar - 2;
    uint64_t unit = d->picture->size / (uint64_t)columns + 1;
    int from = (int)((s->at - d->picture->at) / unit);
    int to = (int)((s->at - d->picture->at + s->size - 1) / unit);
    const char *mark = mark_of(d, s, unit);
    printf("%*s|", GAP, "");
    for (int i = 0; i < columns; i++) {
        fputs(i >= from && i <= to ? mark : " ", stdout);
    }
    putchar('|');
}

static void put_stretch(const struct drawing *d, const struct stretch *s)
{
    const struct page *p = d->page;
    const char *what = s->what == NULL ? "" : text_printable(p->arena, s->what);
    printf("%*s", INDENT, "");
    put_padded(d, s->kind == STRETCH_PART || s->kind == STRETCH_LISTED ? PAGE_BOLD : PAGE_DIM,
               page_cut(p, name_of(p, d->picture, s), d->name), d->name + GAP);
    printf("%-*s%*s%*s", d->offset, offset_text(p, s), GAP, "", d->size,
           text_count(p->arena, s->size));
    if (d->bar > 0) {
        put_bar(d, s);
    }
    if (d->what > 0 && *what != '\0') {
        printf("%*s%s", GAP, "", page_cut(p, what, d->what));
    }
    putchar('\n');
}

static void show_one(const struct page *p, const struct picture *picture)
{
    struct drawing d = drawing_of(p, picture);
    size_t count = 0;
    const char *path = node_path(p->arena, picture->space);
    putchar('\n');
    if (picture->memory != NULL) {
        page_flow(p, arena_printf(p->arena, "%s:", picture->memory), 0, INDENT);
        putchar('\n');
    } else if (*path != '\0') {
        page_put(p, PAGE_BOLD, text_printable(p->arena, path));
        printf(", unpacked:\n");
    }
    put_headings(&d);
    for (const struct stretch *s = picture->stretches; s != NULL; s = s->next) {
        if (count++ < STRETCHES_MOST) {
            put_stretch(&d, s);
        }
    }
    if (count > STRETCHES_MOST) {
        printf("  and %zu more\n", count - STRETCHES_MOST);
    }
}

void show_picture(const struct page *p, const struct node *root)
{
    for (const struct picture *i = pictures_of(p->arena, root); i != NULL; i = i->next) {
        if (i->stretches != NULL && i->stretches->next != NULL) {
            show_one(p, i);
        }
    }
}
