// SPDX-License-Identifier: Apache-2.0
#include "html_bar.h"

#include <string.h>

#include "text.h"

// Widths are parts of a million of the picture's, whatever width that has on a screen. What is
// below SMALL, 12 pixels of the smallest one, is drawn again.
#define WHOLE 1000000u
enum {
    SMALL = 42000,
    NARROW = 280, // pixels of a picture on a small phone, and of one on a larger screen (page.css)
    WIDE = 920,
    CHARACTER = 8, // pixels, with some to spare
    ROW = 8,       // parts in a row of the enlarged ones
    ENLARGED_MOST = 64,
    HEIGHT = 44,
};

static const struct {
    const char *name, *meaning;
} looks[BAR_LOOKS] = {[BAR_PART] = {"part", "a part"},
                      [BAR_FIELDS] = {"fields", "headers, checksums"},
                      [BAR_UNUSED] = {"unused", "erased or unused"}};

static uint64_t share(uint64_t n, const struct bar *bar)
{
    return (uint64_t)((double)n / (double)bar->size * WHOLE + 0.5);
}

// "12.3456%".
static void put_length(struct html *h, const char *name, uint64_t millionths)
{
    html_attribute(h, name, "%u.%04u%%", (unsigned)(millionths / 10000),
                   (unsigned)(millionths % 10000));
}

static void open_picture(struct html *h, const struct bar *bar, const char *kind, unsigned height)
{
    html_open(h, "svg", kind);
    html_attribute(h, "width", "100%%");
    html_attribute(h, "height", "%u", height);
    html_attribute(h, "role", "group");
    html_attribute(h, "aria-labelledby", "%s-%s", bar->id, kind);
    html_open(h, "desc", NULL);
    html_attribute(h, "id", "%s-%s", bar->id, kind);
    html_text(h, bar->title);
    html_text(h, strcmp(kind, "scale") == 0 ? ", to scale" : ": its small parts, enlarged");
    html_close(h);
}

static void put_shape(struct html *h, const struct bar_part *p, uint64_t x, uint64_t width,
                      unsigned y)
{
    html_open(h, "rect", looks[p->look].name);
    put_length(h, "x", x);
    html_attribute(h, "y", "%u", y);
    put_length(h, "width", width);
    html_attribute(h, "height", "%d", HEIGHT);
    html_close(h);
}

static void put_label(struct html *h, const char *class_name, uint64_t middle, unsigned y,
                      const char *text)
{
    if (text != NULL) {
        html_open(h, "text", class_name);
        put_length(h, "x", middle);
        html_attribute(h, "y", "%u", y);
        html_attribute(h, "aria-hidden", "true"); // the link has a name of its own
        html_text(h, text);
        html_close(h);
    }
}

// What has room for it in this many pixels: the name, or else the number; NULL: neither.
static const char *fitting(const char *name, const char *number, uint64_t pixels)
{
    return strlen(name) * CHARACTER <= pixels     ? name
           : strlen(number) * CHARACTER <= pixels ? number
                                                  : NULL;
}

// One text where it is the same on all screens, otherwise one for each.
static void put_labels(struct html *h, const struct bar_part *p, uint64_t x, uint64_t width,
                       unsigned y)
{
    struct arena a = ARENA_EMPTY;
    const char *number = arena_printf(&a, "%zu", p->number);
    const char *name = text_printable(&a, p->name);
    const char *narrow = fitting(name, number, width * NARROW / WHOLE);
    const char *wide = fitting(name, number, width * WIDE / WHOLE);
    uint64_t middle = x + width / 2;
    if (narrow == wide) {
        put_label(h, NULL, middle, y, narrow);
    } else {
        put_label(h, "narrow", middle, y, narrow);
        put_label(h, "wide", middle, y, wide);
    }
    arena_free(&a);
}

static void open_link(struct html *h, const struct bar_part *p)
{
    html_open(h, "a", NULL);
    html_attribute(h, "href", "%s", p->href);
    html_open(h, "title", NULL);
    html_print(h, "%zu: %s", p->number, p->text);
    html_close(h);
}

static bool is_small(const struct bar *bar, const struct bar_part *p)
{
    return share(p->size, bar) < SMALL;
}

static size_t put_scale(struct html *h, const struct bar *bar)
{
    size_t small = 0;
    open_picture(h, bar, "scale", HEIGHT);
    for (const struct bar_part *p = bar->parts; p != NULL; p = p->next) {
        uint64_t x = share(p->at - bar->at, bar), width = share(p->size, bar);
        if (is_small(bar, p)) { // nothing to aim at: the link is below
            small++;
            put_shape(h, p, x, width, 0);
            continue;
        }
        open_link(h, p);
        put_shape(h, p, x, width, 0);
        put_labels(h, p, x, width, HEIGHT / 2 + 5);
        html_close(h);
    }
    html_close(h);
    return small;
}

static void put_enlarged(struct html *h, const struct bar *bar, size_t count)
{
    size_t i = 0, rows = ((count < ENLARGED_MOST ? count : ENLARGED_MOST) + ROW - 1) / ROW;
    open_picture(h, bar, "small", (unsigned)rows * (HEIGHT + 4));
    for (const struct bar_part *p = bar->parts; p != NULL && i < ENLARGED_MOST; p = p->next) {
        if (is_small(bar, p)) {
            uint64_t width = WHOLE / ROW, x = i % ROW * width;
            unsigned y = (unsigned)(i / ROW) * (HEIGHT + 4);
            open_link(h, p);
            put_shape(h, p, x, width, y);
            put_labels(h, p, x, width, y + HEIGHT / 2 + 5);
            html_close(h);
            i++;
        }
    }
    html_close(h);
}

void html_bar(struct html *h, const struct bar *bar)
{
    html_open(h, "div", "bar");
    size_t small = put_scale(h, bar);
    if (small > 0) {
        html_open(h, "p", "note");
        html_print(h, "Its small parts once more (%zu), enlarged and not to scale%s.", small,
                   small > ENLARGED_MOST ? "; the first of them are drawn" : "");
        html_close(h);
        put_enlarged(h, bar, small);
    }
    html_close(h);
}

// ---- Looks --------------------------------------------------------------------------------------

// Strokes of a square that is repeated.
static void put_pattern(struct html *h, const char *id, const char *path)
{
    html_open(h, "pattern", NULL);
    html_attribute(h, "id", "%s", id);
    html_attribute(h, "width", "8");
    html_attribute(h, "height", "8");
    html_attribute(h, "patternUnits", "userSpaceOnUse");
    html_open(h, "rect", "ground");
    html_attribute(h, "width", "8");
    html_attribute(h, "height", "8");
    html_close(h);
    html_open(h, "path", "strokes");
    html_attribute(h, "d", "%s", path);
    html_close(h);
    html_close(h);
}

void html_bar_patterns(struct html *h)
{
    html_open(h, "svg", "patterns");
    html_attribute(h, "width", "0");
    html_attribute(h, "height", "0");
    html_attribute(h, "aria-hidden", "true");
    html_open(h, "defs", NULL);
    put_pattern(h, "fields", "M-2 2L2 -2M0 8L8 0M6 10L10 6");
    put_pattern(h, "unused", "M2 2h1M6 6h1");
    html_close(h);
    html_close(h);
}

void html_bar_legend(struct html *h)
{
    html_open(h, "ul", "legend");
    for (size_t i = 0; i < BAR_LOOKS; i++) {
        html_open(h, "li", NULL);
        html_open(h, "svg", NULL);
        html_attribute(h, "width", "24");
        html_attribute(h, "height", "16");
        html_attribute(h, "aria-hidden", "true");
        html_open(h, "rect", looks[i].name);
        html_attribute(h, "width", "24");
        html_attribute(h, "height", "16");
        html_close(h);
        html_close(h);
        html_text(h, " ");
        html_text(h, looks[i].meaning);
        html_close(h);
    }
    html_close(h);
}
