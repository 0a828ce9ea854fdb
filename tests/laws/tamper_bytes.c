// SPDX-License-Identifier: Apache-2.0
//
// Operations on bytes, whatever they mean, each in several variants; most of them at each edge.
#include "tamper.h"

#include "run.h"

static const size_t sizes[] = {1, 4, 16, 4096, 32 * 1024};
enum { FILLS = 3, SIZES = 5 };

// Zeros, erased flash, or the file itself over and over.
static struct image junk(const struct subject *s, size_t fill, size_t n)
{
    struct image out = image_fill(fill == 0 ? 0x00 : 0xFF, n);
    for (size_t i = 0; fill == 2 && i < n; i++) {
        out.p[i] = s->im.p[i % s->im.n];
    }
    return out;
}

static void splice_junk(const struct subject *s, struct image *t, size_t at, size_t fill, size_t n)
{
    struct image bytes = junk(s, fill, n);
    image_splice(t, at, 0, bytes.p, bytes.n);
    image_free(&bytes);
}

// Each changes `t`, which is a copy of the file; `at` is an edge, with its number, and `next` the
// one behind it.
struct place {
    size_t index, at, next;
};
typedef void apply_fn(const struct subject *s, size_t variant, const struct place *p,
                      struct image *t);

static void append(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    (void)p;
    splice_junk(s, t, t->n, v % FILLS, sizes[v / FILLS]);
}

static void prepend(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    (void)p;
    splice_junk(s, t, 0, v % FILLS, sizes[v / FILLS]);
}

static void append_other(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    (void)p;
    image_splice(t, v == 0 ? t->n : 0, 0, s->donor.p, s->donor.n);
}

static void insert(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    splice_junk(s, t, p->at, (v + p->index) % FILLS, sizes[v]);
}

static void take_away(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    size_t n = sizes[v] < t->n - p->at ? sizes[v] : t->n - p->at;
    (void)s;
    image_splice(t, p->at, n, "", 0);
}

static void cut(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    size_t end = p->at + v; // one before, at, one behind
    (void)s;
    if (end > 1 && end - 1 < t->n) {
        image_splice(t, end - 1, t->n - (end - 1), "", 0);
    }
}

static void drop(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    (void)s;
    (void)v;
    image_splice(t, p->at, p->next - p->at, "", 0);
}

static void repeat(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    (void)v;
    image_splice(t, p->next, 0, s->im.p + p->at, p->next - p->at);
}

// This range and the one behind it change places.
static void swap(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    (void)v;
    if (p->index + 2 < s->count) {
        size_t n = p->next - p->at, m = s->edges[p->index + 2] - p->next;
        memcpy(t->p + p->at, s->im.p + p->next, m);
        memcpy(t->p + p->at + m, s->im.p + p->at, n);
    }
}

static void fill(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    (void)s;
    memset(t->p + p->at, v == 0 ? 0x00 : 0xFF, p->next - p->at);
}

// What another good file has there; and all of it up to there, or from there on.
static void exchange(const struct subject *s, size_t v, const struct place *p, struct image *t)
{
    size_t from = v == 1 ? 0 : p->at, to = v == 2 ? t->n : p->next;
    to = to < s->donor.n ? to : s->donor.n;
    if (from < to) {
        memcpy(t->p + from, s->donor.p + from, to - from);
    }
}

static const struct operation {
    const char *name;
    size_t variants;
    bool everywhere; // at each edge
    apply_fn *apply;
} operations[] = {
    {"bytes appended", (size_t)FILLS *SIZES, false, append},
    {"bytes before it", (size_t)FILLS *SIZES, false, prepend},
    {"another file joined", 2, false, append_other},
    {"bytes inserted", SIZES - 1, true, insert},
    {"bytes taken away", SIZES - 1, true, take_away},
    {"cut", 3, true, cut},
    {"a part left out", 1, true, drop},
    {"a part twice", 1, true, repeat},
    {"two parts exchanged", 1, true, swap},
    {"a part overwritten", 2, true, fill},
    {"a part of another file", 3, true, exchange},
};

static void try_one(const struct subject *s, const struct operation *o, size_t variant, size_t i)
{
    struct place p = {i, s->edges[i], s->edges[i + 1 < s->count ? i + 1 : i]};
    if (tamper_turn(o->everywhere ? s->step : 1)) {
        struct image t = image_copy(&s->im);
        o->apply(s, variant, &p, &t);
        tamper_try(s, &t, "%s (%zu) at 0x%zx", o->name, variant, o->everywhere ? p.at : 0);
        image_free(&t);
    }
}

void tamper_all(const struct subject *s)
{
    for (size_t k = 0; k < COUNT(operations); k++) {
        size_t places = operations[k].everywhere ? s->count : 1;
        for (size_t n = 0; n < operations[k].variants * places; n++) {
            try_one(s, &operations[k], n / places, n % places);
        }
    }
}
