// SPDX-License-Identifier: Apache-2.0
#include "coverage.h"

#include <string.h>

#include "format_list.h"
#include "kinds.h"
#include "rcp_seal.h"
#include "scheme.h"
#include "source.h"
#include "text.h"

// The list while it is made, from the first byte of the file on.
struct painter {
    struct arena *a;
    const struct node *part;
    unsigned counting;
    uint64_t at, end; // up to here there are spans, and the file
    struct coverage_span *first, *last;
};

// Bytes up to `end` that nobody has spoken for yet. What goes on is one span.
static void put(struct painter *p, enum coverage kind, uint64_t end, const char *part,
                const char *what, enum check_id check)
{
    struct coverage_span *last = p->last;
    end = end < p->end ? end : p->end;
    if (end <= p->at) {
        return;
    }
    if (last != NULL && last->kind == kind && last->check == check &&
        strcmp(last->part, part) == 0 && strcmp(last->what, what) == 0) {
        last->size += end - p->at;
    } else {
        struct coverage_span *s = ARENA_NEW(p->a, struct coverage_span);
        *s = (struct coverage_span){NULL, kind, p->at, end - p->at, part, what, check};
        *(last == NULL ? &p->first : &last->next) = s;
        p->last = s;
    }
    p->at = end;
}

static uint64_t end_of(const struct node *n)
{
    return n->src.base + n->src.size;
}

// 0xFF, as in erased flash, is what anybody would expect; else it is `check` that has a say.
static void put_fill(struct painter *p, const struct node *root, uint64_t end, const char *part,
                     const char *what, enum check_id check)
{
    const uint64_t base = root->src.base;
    bool erased = end > p->at && source_is_filled(&root->src, p->at - base, end - base, 0xFF);
    put(p, erased ? COVERAGE_FIXED : COVERAGE_NONE, end, part, erased ? "erased" : what,
        erased ? CHECK_COUNT : check);
}

// ---- The part that is signed --------------------------------------------------------------------

// Where a block has anything in the bytes that it does not use, a device passes over it, and nobody
// has signed it.
static bool is_clean(const struct node *block)
{
    return finding_against(block, CHECK_SIG_ZEROS) == NULL &&
           finding_against(block, CHECK_SIG_P192) == NULL;
}

static void put_signatures(struct painter *p, const struct scheme *scheme)
{
    const struct node *block;
    for (unsigned i = 0; (block = scheme->signature(p->part, i)) != NULL; i++) {
        bool counts = (p->counting >> i & 1) != 0;
        bool clean = is_clean(block);
        const char *what = !counts ? "signature that does not count"
                           : clean ? scheme->what
                                   : "signature with other bytes in what it does not use";
        put(p, counts && clean ? COVERAGE_FIXED : COVERAGE_NONE, end_of(block),
            node_path(p->a, block), what, CHECK_COUNT);
    }
}

static void put_part(struct painter *p)
{
    const struct node *image = p->part, *rest = node_find(image, "signature_rest", -1);
    const struct scheme *scheme = scheme_of(image);
    const struct node *first = scheme->signature(image, 0);
    const char *path = node_path(p->a, image);
    if (first == NULL || p->counting == 0) {
        put(p, COVERAGE_NONE, end_of(image), path, "not signed", CHECK_COUNT);
        return;
    }
    put(p, COVERAGE_SIGNED, first->src.base, path, "signed", CHECK_COUNT);
    put_signatures(p, scheme);
    if (rest != NULL) {
        put_fill(p, image, end_of(rest), node_path(p->a, rest), "behind the signatures",
                 CHECK_SIG_FILL);
    }
    bool elsewhere = finding_against(image, CHECK_SIG_PLACE) != NULL;
    put_fill(p, image, end_of(image), path, "behind the signatures",
             elsewhere ? CHECK_SIG_PLACE : scheme->trailing);
}

// ---- What is around it --------------------------------------------------------------------------

static const struct container {
    const struct format *format;
    const char *own;   // bytes of it that are no part
    const char *other; // parts of it
} containers[] = {
    {&format_matter, "the Matter header", "another part of the Matter image"},
    {&format_matter_bundle, "the bundle's table", "another image of the bundle"},
    {&format_zigbee, "the Zigbee header", "another element"},
    {&format_rcp_image, "the header table", "another part of the combined image"},
    {&format_flash, "between the parts", "another part of the flash"},
};

static const struct container *container_of(const struct node *n)
{
    static const struct container any = {NULL, "the header", "another part"};
    for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++) {
        if (node_is(n, containers[i].format)) {
            return &containers[i];
        }
    }
    return &any;
}

// Parts that are there only where something is wrong.
static const struct fault {
    const struct format *in;
    const char *name, *what;
    enum check_id check;
} faults[] = {
    {&format_matter, "trailing", "behind the payload", CHECK_MATTER_TRAILING},
    {&format_matter_bundle, "trailing", "behind the last image", CHECK_BUNDLE_TRAILING},
    {&format_matter_bundle, "gap", "between the images", CHECK_BUNDLE_CONTIGUOUS},
    {&format_matter_bundle, "duplicate", "in an image whose ID another has",
     CHECK_BUNDLE_DUPLICATE},
    {&format_zigbee, "trailing", "behind the last element", CHECK_ZIGBEE_TRAILING},
    {&format_rcp_image, "trailing", "behind the last part", CHECK_RCP_TRAILING},
    {&format_rcp_image, "gap", "between the parts", CHECK_RCP_CONTIGUOUS},
    {&format_rcp_image, "unknown", "in a part that devices do not know", CHECK_RCP_TAGS},
    {&format_rcp_image, "duplicate", "in a part that is there twice", CHECK_RCP_DUPLICATE},
};

// NULL: it is none of them.
static const struct fault *fault_of(const struct node *n)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        if (node_is(n->parent, faults[i].in) && strcmp(n->name, faults[i].name) == 0) {
            return &faults[i];
        }
    }
    return NULL;
}

// Of the elements of an array the name will do: there may be very many.
static const char *path_of(struct arena *a, const struct node *n)
{
    const char *in = node_path(a, n->parent);
    return *in == '\0' ? n->name : arena_printf(a, "%s.%s", in, n->name);
}

static bool is_signed(const struct node *part, unsigned counting)
{
    return counting != 0 && scheme_of(part)->signature(part, 0) != NULL;
}

// Is the part what a container's seal lies in, and is it signed? Then what the seal is of is spoken
// for: `n`, or all before the part, where what is asked about lies.
static bool seals(const struct painter *p, const struct node *container, const struct node *n,
                  bool before)
{
    if (p->part->parent != container || !is_sealed(p->part) || !is_signed(p->part, p->counting)) {
        return false;
    }
    const struct node *over = rcp_seal_over(container);
    return over == NULL ? before : over == n;
}

static void put_other(struct painter *p, const struct node *n)
{
    uint64_t start = p->part->src.base;
    bool before = p->at <= start;
    uint64_t end = before && end_of(n) > start ? start : end_of(n); // parts of a bad table overlap
    if (seals(p, n->parent, n, before)) {
        put(p, COVERAGE_SEALED, end, path_of(p->a, n), "sealed", CHECK_COUNT);
        return;
    }
    const struct fault *f = fault_of(n);
    put(p, COVERAGE_NONE, end, path_of(p->a, n),
        f == NULL ? container_of(n->parent)->other : f->what, f == NULL ? CHECK_COUNT : f->check);
}

// Where the place in flash ends that a part of a flash image has: its partition, or in front of the
// partition table the bootloader's; 0 where nothing tells.
static uint64_t place_end(const struct node *flash, const struct node *part)
{
    const struct node *table = node_find(flash, "partition_table", -1);
    uint64_t base = flash->src.base - node_number(flash, "flash_offset"); // of flash address 0
    uint64_t address = part->src.base - base;
    for (const struct node *n = table == NULL ? NULL : table->parts; n != NULL; n = n->next) {
        if (node_field(n, "offset") != NULL && node_number(n, "offset") == address) {
            return part->src.base + node_number(n, "size");
        }
    }
    return table != NULL && part->src.base < table->src.base ? table->src.base : 0;
}

// A device has all of the place written, and no signature says with what.
static void put_place(struct painter *p, const struct node *flash, const struct node *next)
{
    uint64_t end = place_end(flash, p->part), most = end_of(flash);
    end = end == 0 && next != NULL ? end_of(next) : end;
    put_fill(p, flash, end < most ? end : most, next == NULL ? "" : path_of(p->a, next),
             "behind the signatures, in its place in flash", CHECK_ESP_TRAILING);
}

static bool leads_to(const struct node *n, const struct node *part)
{
    while (part != NULL && part != n) {
        part = part->parent;
    }
    return part != NULL;
}

static void put_node(struct painter *p, const struct node *n)
{
    const char *own = container_of(n)->own, *path = node_path(p->a, n);
    if (n == p->part) {
        put_part(p);
        return;
    }
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (part->overlay) {
            continue;
        }
        bool sealed = seals(p, n, NULL, part->src.base <= p->part->src.base);
        put(p, sealed ? COVERAGE_SEALED : COVERAGE_NONE, part->src.base, path, own, CHECK_COUNT);
        if (leads_to(part, p->part)) {
            put_node(p, part);
        } else {
            put_other(p, part);
        }
        if (part == p->part && node_is(n, &format_flash)) {
            put_place(p, n, part->next);
        }
    }
    put(p, COVERAGE_NONE, end_of(n), path, own, CHECK_COUNT);
}

struct coverage_span *coverage_of(struct arena *a, const struct node *root, const struct node *part,
                                  unsigned counting)
{
    struct painter p = {.a = a, .part = part, .counting = counting};
    p.at = root->src.base;
    p.end = end_of(root);
    put_node(&p, root);
    return p.first;
}

// ---- What it comes to ---------------------------------------------------------------------------

const struct coverage_span *coverage_loose(const struct coverage_span *spans, const bool *allow)
{
    while (spans != NULL &&
           (spans->check == CHECK_COUNT || (allow != NULL && allow[spans->check]))) {
        spans = spans->next;
    }
    return spans;
}

static const char *name_of(const struct coverage_span *s)
{
    return *s->part == '\0' ? s->what : s->part;
}

static bool is_named_before(const struct coverage_span *first, const struct coverage_span *s)
{
    while (first != s &&
           (first->kind != COVERAGE_NONE || strcmp(name_of(first), name_of(s)) != 0)) {
        first = first->next;
    }
    return first != s;
}

const char *coverage_text(struct arena *a, const struct coverage_span *spans)
{
    size_t count = 0, n = 0;
    for (const struct coverage_span *s = spans; s != NULL; s = s->next) {
        count += s->kind == COVERAGE_NONE;
    }
    const char **names = arena_alloc(a, (count + 1) * sizeof(*names));
    for (const struct coverage_span *s = spans; s != NULL; s = s->next) {
        if (s->kind == COVERAGE_NONE && !is_named_before(spans, s)) {
            names[n++] = name_of(s);
        }
    }
    return text_list(a, names, n);
}
