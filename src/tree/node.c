// SPDX-License-Identifier: Apache-2.0
#include "node.h"

#include <inttypes.h>
#include <string.h>

#include "text.h"

struct node *node_root(struct arena *a, struct otapack_source src)
{
    struct node *n = ARENA_NEW(a, struct node);
    n->index = -1;
    n->src = src;
    n->parts_end = &n->parts;
    n->fields_end = &n->fields;
    n->findings_end = &n->findings;
    n->unmade_end = &n->unmade;
    return n;
}

struct node *node_part(struct arena *a, struct node *parent, const char *name, int index,
                       uint64_t at, uint64_t size)
{
    struct node *n = node_root(a, otapack_part(&parent->src, at, size));
    n->name = name;
    n->index = index;
    n->parent = parent;
    *parent->parts_end = n;
    parent->parts_end = &n->next;
    return n;
}

struct node *node_unpacked(struct arena *a, struct node *parent, const char *name,
                           struct otapack_source src)
{
    struct node *n = node_part(a, parent, name, -1, 0, 0);
    n->overlay = true;
    n->unpacked = true;
    n->src = src;
    return n;
}

struct node *node_find(const struct node *n, const char *name, int index)
{
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        if (strcmp(part->name, name) == 0 && (index < 0 || part->index == index)) {
            return part;
        }
    }
    return NULL;
}

struct field *node_field(const struct node *n, const char *name)
{
    for (struct field *f = n->fields; f != NULL; f = f->next) {
        if (strcmp(f->name, name) == 0) {
            return f;
        }
    }
    return NULL;
}

const char *node_text(const struct node *n, const char *field)
{
    const struct field *f = node_field(n, field);
    return f == NULL ? "" : f->text;
}

uint64_t node_number(const struct node *n, const char *field)
{
    const struct field *f = node_field(n, field);
    return f == NULL ? 0 : f->number;
}

void *node_copy(struct arena *a, const void *bytes, size_t n)
{
    return memcpy(arena_alloc(a, n), bytes, n);
}

bool node_is_elsewhere(const struct node *n)
{
    while (n != NULL && !n->elsewhere) {
        n = n->parent;
    }
    return n != NULL;
}

unsigned node_needs(const struct node *n)
{
    unsigned needs = n->needs;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        needs |= node_needs(part);
    }
    return needs;
}

const char *node_name(struct arena *a, const struct node *n)
{
    return n->index < 0 ? n->name : arena_printf(a, "%s[%d]", n->name, n->index);
}

const char *node_path(struct arena *a, const struct node *n)
{
    const char *path = "";
    for (; n != NULL && n->name != NULL; n = n->parent) {
        const char *name = node_name(a, n);
        path = *path == '\0' ? name : arena_printf(a, "%s.%s", name, path);
    }
    return path;
}

static struct field *add(struct arena *a, struct node *n, const char *name, enum field_kind kind,
                         uint64_t number, const char *text, struct place p)
{
    struct field *f = ARENA_NEW(a, struct field);
    *f = (struct field){
        .name = name, .kind = kind, .number = number, .text = text, .shown = p.shown};
    if (p.at >= 0) {
        f->has_span = true;
        f->at = n->src.base + (uint64_t)p.at;
        f->size = p.size;
    }
    *n->fields_end = f;
    n->fields_end = &f->next;
    return f;
}

void node_uint(struct arena *a, struct node *n, const char *name, uint64_t v, struct place p)
{
    add(a, n, name, FIELD_UINT, v, arena_printf(a, "%" PRIu64, v), p);
}

void node_hex(struct arena *a, struct node *n, const char *name, uint64_t v, struct place p)
{
    add(a, n, name, FIELD_HEX, v, arena_printf(a, "0x%" PRIx64, v), p);
}

void node_enum(struct arena *a, struct node *n, const char *name, uint64_t v, const char *text,
               struct place p)
{
    add(a, n, name, FIELD_ENUM, v, text != NULL ? text : arena_printf(a, "%" PRIu64, v), p);
}

void node_revision(struct arena *a, struct node *n, const char *name, uint64_t v, struct place p)
{
    const char *text =
        v == UINT16_MAX ? "any" : arena_printf(a, "v%" PRIu64 ".%" PRIu64, v / 100, v % 100);
    add(a, n, name, FIELD_REVISION, v, text, p);
}

void node_bool(struct arena *a, struct node *n, const char *name, bool v, struct place p)
{
    add(a, n, name, FIELD_BOOL, v, v ? "true" : "false", p);
}

void node_string(struct arena *a, struct node *n, const char *name, const char *bytes, size_t size,
                 struct place p)
{
    const char *text = text_utf8(a, bytes, otapack_text_length(bytes, size));
    add(a, n, name, FIELD_STRING, 0, text, p);
}

void node_bytes(struct arena *a, struct node *n, const char *name, const uint8_t *bytes,
                size_t size, struct place p)
{
    add(a, n, name, FIELD_BYTES, 0, text_hex(a, bytes, size), p);
}
