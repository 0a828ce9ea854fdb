// SPDX-License-Identifier: Apache-2.0
//
// The spans of a tree, as inspect --json says them.
#include "tiling.h"

#include "run.h"

struct span {
    json_int_t from, to;
};

static int by_place(const void *a, const void *b)
{
    const struct span *p = a, *q = b;
    json_int_t d = p->from != q->from ? p->from - q->from : p->to - q->to;
    return d < 0 ? -1 : d > 0;
}

struct spans {
    struct span *of;
    size_t count, room;
};

static void span_add(struct spans *s, json_int_t at, json_int_t size)
{
    if (s->count == s->room) {
        s->room = s->room == 0 ? 64 : 2 * s->room;
        s->of = realloc(s->of, s->room * sizeof(*s->of));
        assert_non_null(s->of);
    }
    s->of[s->count++] = (struct span){at, at + size};
}

static void spans_sort(struct spans *s)
{
    if (s->count > 0) {
        qsort(s->of, s->count, sizeof(*s->of), by_place);
    }
}

// A node: the file that it is in, and the path to it.
struct tiling {
    const char *name, *path;
    struct spans parts, all;
    struct span node;
};

static void broken(const struct tiling *t, const char *what)
{
    complain("%s: '%s': %s", t->name, t->path, what);
}

static void tile_part(struct tiling *t, const json_t *part)
{
    json_int_t from = number_at(part, "offset"), size = number_at(part, "size");
    bool unpacked = json_object_get(part, "unpacked") != NULL;
    bool overlay = json_object_get(part, "overlay") != NULL;
    if (unpacked && (from != 0 || !overlay)) {
        broken(t, "what is unpacked has no space of its own");
    }
    if (!unpacked && (from < t->node.from || from + size > t->node.to)) {
        broken(t, "a part sticks out");
    }
    if (!overlay && size > 0) {
        span_add(&t->parts, from, size);
        span_add(&t->all, from, size);
    }
}

static void tile_check(struct tiling *t, bool covered)
{
    json_int_t at = t->node.from;
    spans_sort(&t->all);
    spans_sort(&t->parts);
    for (size_t i = 0; covered && i < t->all.count; i++) {
        if (t->all.of[i].from > at) {
            complain("%s: %s: not covered: %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT,
                     t->name, t->path, at, t->all.of[i].from);
        }
        at = t->all.of[i].to > at ? t->all.of[i].to : at;
    }
    if (covered && at != t->node.to) {
        broken(t, "its end is not covered");
    }
    for (size_t i = 1; i < t->parts.count; i++) {
        if (t->parts.of[i].from < t->parts.of[i - 1].to) {
            broken(t, "parts overlap");
        }
    }
}

static void tile(void *ctx, const char *path, const json_t *node)
{
    struct tiling t = {.name = ctx, .path = path};
    const char *name;
    json_t *field, *part;
    t.node.from = number_at(node, "offset");
    t.node.to = t.node.from + number_at(node, "size");
    json_object_foreach(json_object_get(node, "fields"), name, field)
    {
        json_int_t at = number_at(field, "offset"), size = number_at(field, "size");
        if (at >= 0 && size > 0) {
            span_add(&t.all, at, size);
        }
        if (at >= 0 && (at < t.node.from || at + size > t.node.to)) {
            complain("%s: %s: a field sticks out: %s", t.name, path, name);
        }
    }
    json_object_foreach(json_object_get(node, "parts"), name, part)
    {
        for (size_t i = 0; i < (json_is_array(part) ? json_array_size(part) : 1); i++) {
            tile_part(&t, json_is_array(part) ? json_array_get(part, i) : part);
        }
    }
    tile_check(&t, strcmp(text_at(node, "format"), "raw") != 0);
    free(t.all.of);
    free(t.parts.of);
}

void tiles_hold(const char *name, const json_t *root)
{
    each_node(root, tile, (void *)(uintptr_t)name);
}
