// SPDX-License-Identifier: Apache-2.0
#include "read.h"

#include <inttypes.h>

#include "format.h"

enum { DEPTH_MOST = 8 };

const struct format *format_last(void)
{
    return formats.list[formats.count - 1];
}

static bool looks_like(struct reader *r, const struct otapack_source *src, const struct format *f)
{
    return f->find != NULL ? f->find(r, src) : f->probe != NULL && f->probe(src);
}

static const struct format *probe(struct reader *r, const struct otapack_source *src)
{
    size_t i = 0;
    while (i + 1 < formats.count && !looks_like(r, src, formats.list[i])) {
        i++;
    }
    return formats.list[i];
}

// Why something of this format is left closed where the reader is; NULL: it is opened.
static const char *why_closed(const struct reader *r, const struct format *format)
{
    if (r->depth >= DEPTH_MOST) {
        return "nested too deeply to be read";
    }
    if (r->container != NULL && format->outermost) {
        return "which nobody unpacks or verifies in here";
    }
    if (r->unpacked && r->left->parts <= 0) {
        return "not opened, behind 128 parts of what is unpacked";
    }
    return r->container != NULL && format->container >= r->container->container
               ? "which is not opened inside another one"
               : NULL;
}

const struct format *format_of_part(struct reader *r, const struct otapack_source *src)
{
    for (size_t i = 0; i < formats.count; i++) {
        if (formats.list[i]->first && formats.list[i]->probe(src)) {
            return formats.list[i];
        }
    }
    return probe(r, src);
}

bool node_is(const struct node *n, const struct format *f)
{
    return n != NULL && n->format == f->name;
}

bool node_is_known(const struct node *n)
{
    return !node_is(n, format_last());
}

const char *format_kind(struct arena *a, const struct node *n)
{
    for (size_t i = 0; i < formats.count; i++) {
        if (node_is(n, formats.list[i])) {
            const char *kind = formats.list[i]->kind == NULL ? NULL : formats.list[i]->kind(a, n);
            return kind == NULL ? formats.list[i]->title : kind;
        }
    }
    return n->format;
}

const struct field *format_fact(const struct node *n, size_t i)
{
    const struct first_fact *facts = n->opened == NULL ? NULL : n->opened->first_facts;
    if (facts == NULL) {
        return NULL;
    }
    const struct node *part = facts[i].part == NULL ? n : node_find(n, facts[i].part, -1);
    return part == NULL ? NULL : node_field(part, facts[i].field);
}

// Bytes, with what they are and why nobody looks further.
static void leave_closed(struct reader *r, struct node *n, const struct format *format,
                         const char *why)
{
    const char *kind = format->closed == NULL ? format->title : format->closed;
    n->format = format_last()->name;
    node_string(r->arena, n, "kind", kind, SIZE_MAX, QUIET(0, n->src.size));
    n->summary = arena_printf(r->arena, "%s, %s", kind, why);
}

// What is packed says little of how much there is to show of it.
static void count_parts(struct reader *r, const struct node *n)
{
    for (const struct node *part = n->parts; r->unpacked && part != NULL; part = part->next) {
        --r->left->parts;
    }
}

static void open_node(struct reader *r, struct node *n, const struct format *format)
{
    const struct format *around = r->container;
    format = format == NULL ? format_of_part(r, &n->src) : format;
    const char *why = format == format_last() ? NULL : why_closed(r, format);
    if (why != NULL) {
        leave_closed(r, n, format, why);
        return;
    }
    n->format = format->name;
    n->opened = format;
    r->container = format->container > 0 ? format : around;
    r->depth++;
    format->open(r, n);
    count_parts(r, n);
    r->depth--;
    r->container = around;
}

// What it looks like, or what options say that it is.
static const struct format *root_format(struct reader *r, const struct otapack_source *src)
{
    const struct format *format = probe(r, src);
    for (size_t i = 0; i < formats.count; i++) {
        format =
            formats.list[i]->said == NULL ? format : formats.list[i]->said(r->options, src, format);
    }
    return format;
}

struct node *read_tree(struct arena *a, const struct read_options *options,
                       struct otapack_source src)
{
    struct read_left left = READ_LEFT_ALL;
    struct reader r = {.arena = a, .options = options, .left = &left};
    struct node *root = node_root(a, src);
    open_node(&r, root, root_format(&r, &root->src));
    return root;
}

struct node *read_part(struct reader *r, struct node *parent, const char *name, int index,
                       uint64_t at, uint64_t size, const struct format *format)
{
    struct node *n = node_part(r->arena, parent, name, index, at, size);
    open_node(r, n, format);
    return n;
}

struct node *read_unpacked(struct reader *r, struct node *parent, const char *name,
                           struct otapack_source src, const struct format *format)
{
    struct node *n = node_unpacked(r->arena, parent, name, src);
    bool around = r->unpacked;
    r->unpacked = true;
    open_node(r, n, format);
    r->unpacked = around;
    return n;
}

struct node *read_named(struct reader *r, struct node *parent, const char *name,
                        struct otapack_source src, const struct format *format,
                        const struct read_options *options)
{
    struct node *n = node_unpacked(r->arena, parent, name, src);
    struct read_left left = READ_LEFT_ALL;
    struct reader own = {.arena = r->arena, .options = options, .depth = r->depth, .left = &left};
    open_node(&own, n, format == NULL ? probe(&own, &n->src) : format);
    return n;
}

void read_rest(struct reader *r, struct node *parent, const char *name, int index, uint64_t at,
               uint64_t size)
{
    if (size > 0) {
        read_part(r, parent, name, index, at, size, format_last());
    }
}

const char *status_text(struct arena *a, const struct node *n, struct otapack_status s)
{
    uint64_t at = n->src.base + s.at;
    switch (s.code) {
    case OTAPACK_OK:
        break;
    case OTAPACK_NOT_THIS:
        return arena_printf(a, "%s at 0x%" PRIx64 " is 0x%" PRIx64 ", not 0x%" PRIx64, s.field, at,
                            s.value, s.limit);
    case OTAPACK_TRUNCATED:
        return arena_printf(
            a, "%s at 0x%" PRIx64 " needs bytes up to 0x%" PRIx64 ", but they end at 0x%" PRIx64,
            s.field, at, n->src.base + s.value, n->src.base + s.limit);
    case OTAPACK_FORBIDDEN:
        return arena_printf(
            a, "%s at 0x%" PRIx64 " is %" PRIu64 ", which is not allowed (at most %" PRIu64 ")",
            s.field, at, s.value, s.limit);
    case OTAPACK_UNEXPECTED:
        return s.value <= 0xFF
                   ? arena_printf(a,
                                  "%s is missing: at 0x%" PRIx64 " stands the element with tag "
                                  "%" PRIu64,
                                  s.field, at, s.value)
                   : arena_printf(a,
                                  "%s is missing: at 0x%" PRIx64 " is the end, or an element whose "
                                  "tag has no place there",
                                  s.field, at);
    case OTAPACK_WRONG_TYPE:
        return arena_printf(
            a, "%s at 0x%" PRIx64 " has TLV type 0x%02" PRIx64 ", which it cannot have", s.field,
            at, s.value);
    case OTAPACK_READ_FAILED:
        return arena_printf(a, "%s at 0x%" PRIx64 " could not be read", s.field, at);
    case OTAPACK_MISMATCH: // a stream's answers
    case OTAPACK_REFUSED:
        break;
    }
    return "";
}
