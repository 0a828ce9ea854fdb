// SPDX-License-Identifier: Apache-2.0
#include "delta_way.h"

#include <stdlib.h>
#include <string.h>

enum {
    WAYS = 24,      // alignments that are followed at a time
    MATCHES = 4,    // that are taken from the suffix array at a byte
    BACK = 64,      // bytes by which a way may begin before its match
    SURE = 16,      // bytes at a time that are seen to agree
    ZERO_COST = 1,  // 16 bits for 128 bytes
    LITERAL = 72,   // 9 bits
    ALIKE_MOST = 2, // bytes without difference behind which a run of them has begun
    LAST = 4,       // differences that are remembered of a way
    TELL = 65536,
};

struct way {
    uint64_t cost;
    int64_t shift;
    size_t part;
    uint8_t alike;      // bytes without difference at its end, up to ALIKE_MOST
    uint8_t newest;     // in `last`
    uint8_t last[LAST]; // differences
};

struct search {
    const struct delta_pair *pair;
    const struct delta_model *model;
    struct delta_parts *parts;
    struct way ways[WAYS], extra;
    size_t count;
    struct way back[BACK]; // the best at each of the last bytes
    uint32_t sure;         // up to where no way is looked for
};

// ---- Costs --------------------------------------------------------------------------------------

static unsigned number_cost(int64_t n)
{
    uint64_t size = (uint64_t)(n < 0 ? -n : n);
    unsigned cost = size == 0 ? LITERAL / 8 : LITERAL;
    for (size >>= 6; size > 0; size >>= 7) {
        cost += LITERAL;
    }
    return cost;
}

// Of a new step at byte `at`, from the end of what `last` has taken from the base.
static unsigned jump_cost(const struct search *p, const struct way *last, uint32_t at,
                          int64_t shift)
{
    const struct delta_part *part = &p->parts->list[last->part];
    int64_t end = part->extra ? (int64_t)part->from : (int64_t)at;
    return p->model->jump + number_cost((int64_t)at + shift - end - part->shift);
}

// Short runs of zeros cost no more than their bytes as literals.
static unsigned same_cost(const struct search *p, unsigned alike)
{
    return alike == 0   ? p->model->again * 9 / 16
           : alike == 1 ? p->model->again * 7 / 16
                        : ZERO_COST;
}

static uint8_t difference(const struct search *p, int64_t shift, uint32_t at)
{
    int64_t in_base = (int64_t)at + shift;
    return (uint8_t)(p->pair->bytes[at] - p->pair->base->bytes[in_base]);
}

static bool is_same(const struct search *p, int64_t shift, uint32_t at)
{
    return difference(p, shift, at) == 0;
}

static bool is_inside(const struct search *p, int64_t shift, uint32_t at)
{
    int64_t in_base = (int64_t)at + shift;
    return in_base >= 0 && in_base < (int64_t)p->pair->base->size;
}

// ---- Ways ---------------------------------------------------------------------------------------

static const struct way *best_way(const struct search *p)
{
    const struct way *best = &p->extra;
    for (size_t i = 0; i < p->count; i++) {
        best = p->ways[i].cost < best->cost ? &p->ways[i] : best;
    }
    return best;
}

static bool is_followed(const struct search *p, int64_t shift)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->ways[i].shift == shift) {
            return true;
        }
    }
    return false;
}

static size_t worst_way(const struct search *p)
{
    size_t worst = 0;
    for (size_t i = 1; i < p->count; i++) {
        worst = p->ways[i].cost > p->ways[worst].cost ? i : worst;
    }
    return worst;
}

static void put_way(struct search *p, const struct way *way)
{
    size_t at = p->count;
    if (p->count == WAYS) {
        at = worst_way(p);
        if (p->ways[at].cost <= way->cost) {
            delta_part_drop(p->parts, way->part);
            return;
        }
        delta_part_drop(p->parts, p->ways[at].part);
    } else {
        p->count++;
    }
    p->ways[at] = *way;
}

// A way that goes on with this shift at byte `at`, from where that is cheapest: its bytes may agree
// well enough before those that were found.
static void open_way(struct search *p, uint32_t at, int64_t shift)
{
    uint64_t between = 0, least = UINT64_MAX;
    uint32_t from = at, best = at;
    unsigned alike = 0;
    bool ends = false;
    if (!is_inside(p, shift, at) || is_followed(p, shift)) {
        return;
    }
    for (;; from--) {
        const struct way *last = &p->back[from % BACK];
        uint64_t cost = last->cost + jump_cost(p, last, from, shift) + between;
        best = cost < least ? from : best;
        least = cost < least ? cost : least;
        if (at - from == BACK - 1 || from == 0 || !is_inside(p, shift, from - 1)) {
            break;
        }
        bool same = is_same(p, shift, from - 1);
        ends = ends || !same;
        alike += !ends && alike < ALIKE_MOST;
        between += same ? ZERO_COST : p->model->differs + p->model->again;
    }
    unsigned run = at - best < alike ? at - best : alike;
    size_t before = p->back[best % BACK].part;
    size_t part = delta_part_add(
        p->parts, (struct delta_part){.from = best, .before = before, .shift = shift});
    if (part != NO_PART) {
        put_way(p, &(struct way){least, shift, part, (uint8_t)run, 0, {0}});
    }
}

// Where the best way goes on as the base does no other one is looked for: one that is better behind
// that is found there, and begins before it.
static void look_for_ways(struct search *p, uint32_t at, const struct way *best)
{
    struct suffix_match found[MATCHES];
    uint32_t left = p->pair->size - at, agrees = 0;
    if (at < p->sure) {
        return;
    }
    while (best != &p->extra && agrees < SURE && agrees < left &&
           is_inside(p, best->shift, at + agrees) && is_same(p, best->shift, at + agrees)) {
        agrees++;
    }
    if (agrees > 0) {
        p->sure = at + agrees;
        return;
    }
    size_t count = suffix_find(p->pair->base, p->pair->bytes + at, left, found, MATCHES);
    for (size_t i = 0; i < count; i++) {
        open_way(p, at, (int64_t)found[i].at - (int64_t)at);
    }
}

// ---- Byte by byte -------------------------------------------------------------------------------

static void note_best(struct search *p, uint32_t at, const struct way *best)
{
    struct way *back = &p->back[at % BACK];
    delta_part_hold(p->parts, best->part);
    delta_part_drop(p->parts, back->part);
    *back = *best;
}

// A byte of its own, behind what is best so far.
static void step_extra(struct search *p, uint32_t at, const struct way *best)
{
    if (best != &p->extra) {
        struct delta_part part = {.from = at,
                                  .before = best->part,
                                  .shift = p->parts->list[best->part].shift,
                                  .extra = true};
        uint64_t cost = best->cost + LITERAL / 2;
        size_t added = cost < p->extra.cost ? delta_part_add(p->parts, part) : NO_PART;
        if (added != NO_PART) {
            delta_part_drop(p->parts, p->extra.part);
            p->extra = (struct way){.cost = cost, .part = added};
        }
    }
    p->extra.cost += p->pair->costs[at];
}

// The same difference as one shortly before it: often an address that moved by as much, and the
// zeros behind it are alike too.
static unsigned differ_cost(const struct search *p, struct way *way, uint8_t difference)
{
    if (memchr(way->last, difference, LAST) != NULL) {
        return p->model->repeats;
    }
    way->newest = (uint8_t)((way->newest + 1U) % LAST);
    way->last[way->newest] = difference;
    return p->model->differs;
}

static void step_ways(struct search *p, uint32_t at)
{
    for (size_t i = 0; i < p->count;) {
        struct way *way = &p->ways[i];
        if (!is_inside(p, way->shift, at)) {
            delta_part_drop(p->parts, way->part);
            *way = p->ways[--p->count];
            continue;
        }
        if (is_same(p, way->shift, at)) {
            way->cost += same_cost(p, way->alike);
            way->alike = (uint8_t)(way->alike + (way->alike < ALIKE_MOST));
        } else {
            way->cost += differ_cost(p, way, difference(p, way->shift, at));
            way->alike = 0;
        }
        i++;
    }
}

// What a jump from the best way would be cheaper than is not followed.
static void prune(struct search *p)
{
    uint64_t most = best_way(p)->cost + p->model->jump + number_cost(1 << 13);
    for (size_t i = 0; i < p->count;) {
        if (p->ways[i].cost > most) {
            delta_part_drop(p->parts, p->ways[i].part);
            p->ways[i] = p->ways[--p->count];
        } else {
            i++;
        }
    }
}

static void step(struct search *p, uint32_t at)
{
    note_best(p, at, best_way(p));
    look_for_ways(p, at, best_way(p));
    step_extra(p, at, best_way(p));
    step_ways(p, at);
    prune(p);
}

// ---- The best one -------------------------------------------------------------------------------

bool delta_way(const struct delta_pair *pair, const struct delta_model *model,
               struct delta_parts *parts, size_t *last)
{
    struct search *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return false;
    }
    p->pair = pair;
    p->model = model;
    p->parts = parts;
    p->extra.part = delta_part_add(parts, (struct delta_part){.extra = true});
    for (uint32_t at = 0; !parts->failed && at < pair->size; at++) {
        step(p, at);
        if (pair->told != NULL && at % TELL == 0) {
            pair->told(pair->ctx, at);
        }
    }
    *last = best_way(p)->part;
    free(p);
    return !parts->failed;
}
