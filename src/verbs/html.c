// SPDX-License-Identifier: Apache-2.0
#include "html.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

// Deeper than any tree of parts goes (tree/read.c), with what stands around each.
enum { DEEPEST = 256, ROOM_FIRST = 16 * 1024, SCRATCH_MOST = 256 * 1024 };

struct html {
    struct arena *arena;
    struct arena scratch; // of what is made on the way; given back now and then
    char *bytes;
    size_t size, room;
    const char *elements[DEEPEST]; // that are open
    size_t depth;
    bool in_tag; // of the innermost one, which takes attributes
};

struct html *html_new(struct arena *a)
{
    struct html *h = ARENA_NEW(a, struct html);
    h->arena = a;
    return h;
}

static void put_bytes(struct html *h, const char *bytes, size_t n)
{
    if (h->room - h->size < n) {
        h->room = 2 * (h->room + n) + ROOM_FIRST;
        h->bytes = arena_resize(h->arena, h->bytes, h->room);
    }
    memcpy(h->bytes + h->size, bytes, n);
    h->size += n;
}

static void put(struct html *h, const char *text)
{
    put_bytes(h, text, strlen(text));
}

// U+FFFE and U+FFFF are no characters of HTML and XML.
static const char *no_character(const char *p)
{
    return strncmp(p, "\xef\xbf\xbe", 3) == 0   ? "\\xef\\xbf\\xbe"
           : strncmp(p, "\xef\xbf\xbf", 3) == 0 ? "\\xef\\xbf\\xbf"
                                                : NULL;
}

static void put_safe(struct html *h, const char *text)
{
    const char *p = text_printable(&h->scratch, text);
    while (*p != '\0') {
        size_t plain = strcspn(p, "&<>\"'\xef");
        put_bytes(h, p, plain);
        p += plain;
        const char *entity = text_entity(*p);
        const char *none = entity == NULL ? no_character(p) : NULL;
        if (entity != NULL || none != NULL) {
            put(h, entity != NULL ? entity : none);
            p += entity != NULL ? 1 : 3;
        } else if (*p != '\0') {
            put_bytes(h, p++, 1);
        }
    }
    if (arena_size(&h->scratch) > SCRATCH_MOST) {
        arena_free(&h->scratch);
    }
}

static bool is_one_of(const char *element, const char *const *list)
{
    while (*list != NULL && strcmp(*list, element) != 0) {
        list++;
    }
    return *list != NULL;
}

static void end_tag(struct html *h)
{
    if (h->in_tag) {
        put(h, ">");
        h->in_tag = false;
    }
}

void html_open(struct html *h, const char *element, const char *class_name)
{
    end_tag(h);
    if (h->depth == DEEPEST) {
        abort(); // no tree is so deep
    }
    put(h, "<");
    put(h, element);
    h->elements[h->depth++] = element;
    h->in_tag = true;
    if (class_name != NULL) {
        html_attribute(h, "class", "%s", class_name);
    }
}

void html_attribute(struct html *h, const char *name, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(h, " ");
    put(h, name);
    put(h, "=\"");
    put_safe(h, arena_vprintf(&h->scratch, format, args));
    put(h, "\"");
    va_end(args);
}

void html_close(struct html *h)
{
    // These have no end, and these stand within a line.
    static const char *const empty[] = {"input", "meta", NULL};
    static const char *const inlined[] = {"a",    "b",      "code", "input", "label",
                                          "span", "strong", "text", NULL};
    const char *element = h->elements[--h->depth];
    if (is_one_of(element, empty)) {
        put(h, "/>");
        h->in_tag = false;
    } else {
        end_tag(h);
        put(h, "</");
        put(h, element);
        put(h, ">");
    }
    put(h, is_one_of(element, inlined) ? "" : "\n");
}

void html_text(struct html *h, const char *text)
{
    end_tag(h);
    put_safe(h, text);
}

void html_print(struct html *h, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    html_text(h, arena_vprintf(&h->scratch, format, args));
    va_end(args);
}

void html_leaf(struct html *h, const char *element, const char *class_name, const char *text)
{
    html_open(h, element, class_name);
    html_text(h, text);
    html_close(h);
}

const char *html_end(struct html *h, size_t *size)
{
    arena_free(&h->scratch);
    *size = h->size;
    return h->bytes;
}

void html_append(struct html *h, struct html *part)
{
    size_t size;
    const char *bytes = html_end(part, &size);
    end_tag(h);
    put_bytes(h, bytes, size);
}

void html_embed(struct html *h, const char *element, const char *text)
{
    html_open(h, element, NULL);
    end_tag(h);
    put(h, text);
    html_close(h);
}
