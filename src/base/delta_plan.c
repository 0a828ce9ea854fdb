// SPDX-License-Identifier: Apache-2.0
#include "delta_plan.h"

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

// A way through the bytes so far is a list from its last part to the first. Several have their
// beginnings in common; a part goes when the last of these does.
struct part {
    uint32_t from;  // in the new image
    uint32_t users; // ways and parts behind it; of a free one, the next free one
    size_t before;  // the part before it
    int64_t shift;  // of base against new image
    bool extra;     // bytes of their own; `shift` is that of the part before it
};

enum { NO_PART = 0 }; // the first is none

struct way {
    uint64_t cost;
    int64_t shift;
    size_t part;
    uint8_t alike;      // bytes without difference at its end, up to ALIKE_MOST
    uint8_t newest;     // in `last`
    uint8_t last[LAST]; // differences
};

struct planning {
    const struct delta_pair *pair;
    const struct delta_model *model;
    struct part *parts;
    size_t room, used, free;
    bool failed; // out of memory
    struct way ways[WAYS], extra;
    size_t count;
    struct way back[BACK]; // the best at each of the last bytes
    uint32_t sure;         // up to where no way is looked for
};

// ---- Parts --------------------------------------------------------------------------------------

static size_t hold(struct planning *p, size_t part)
{
    p->parts[part].users++;
    return part;
}

static void drop(struct planning *p, size_t part)
{
    while (part != NO_PART && --p->parts[part].users == 0) {
        size_t before = p->parts[part].before;
        p->parts[part].before = p->free;
        p->free = part;
        part = before;
    }
}

static bool more_room(struct planning *p)
{
    size_t room = p->room * 2;
    if (p->used < p->room) {
        return !p->failed;
    }
    struct part *parts = realloc(p->parts, room * sizeof(*parts));
    if (parts == NULL) {
        p->failed = true;
        return false;
    }
    p->parts = parts;
    p->room = room;
    return !p->failed;
}

// Takes over nothing: the new part holds the one before it.
static size_t add_part(struct planning *p, struct part part)
{
    size_t at = p->free;
    if (at != NO_PART) {
        p->free = p->parts[at].before;
    } else if (more_room(p)) {
        at = p->used++;
    } else {
        return NO_PART;
    }
    part.before = part.before == NO_PART ? NO_PART : hold(p, part.before);
    part.users = 1;
    p->parts[at] = part;
    return at;
}

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
static unsigned jump_cost(const struct planning *p, const struct way *last, uint32_t at,
                          int64_t shift)
{
    const struct part *part = &p->parts[last->part];
    int64_t end = part->extra ? (int64_t)part->from : (int64_t)at;
    return p->model->jump + number_cost((int64_t)at + shift - end - part->shift);
}

// Short runs of zeros cost no more than their bytes as literals.
static unsigned same_cost(const struct planning *p, unsigned alike)
{
    return alike == 0   ? p->model->again * 9 / 16
           : alike == 1 ? p->model->again * 7 / 16
                        : ZERO_COST;
}

static uint8_t difference(const struct planning *p, int64_t shift, uint32_t at)
{
    int64_t in_base = (int64_t)at + shift;
    return (uint8_t)(p->pair->bytes[at] - p->pair->base->bytes[in_base]);
}

static bool is_same(const struct planning *p, int64_t shift, uint32_t at)
{
    return difference(p, shift, at) == 0;
}

static bool is_inside(const struct planning *p, int64_t shift, uint32_t at)
{
    int64_t in_base = (int64_t)at + shift;
    return in_base >= 0 && in_base < (int64_t)p->pair->base->size;
}

// ---- Ways ---------------------------------------------------------------------------------------

static const struct way *best_way(const struct planning *p)
{
    const struct way *best = &p->extra;
    for (size_t i = 0; i < p->count; i++) {
        best = p->ways[i].cost < best->cost ? &p->ways[i] : best;
    }
    return best;
}

static bool is_followed(const struct planning *p, int64_t shift)
{
    for (size_t i = 0; i < p->count; i++) {
        if (p->ways[i].shift == shift) {
            return true;
        }
    }
    return false;
}

static size_t worst_way(const struct planning *p)
{
    size_t worst = 0;
    for (size_t i = 1; i < p->count; i++) {
        worst = p->ways[i].cost > p->ways[worst].cost ? i : worst;
    }
    return worst;
}

static void put_way(struct planning *p, const struct way *way)
{
    size_t at = p->count;
    if (p->count == WAYS) {
        at = worst_way(p);
        if (p->ways[at].cost <= way->cost) {
            drop(p, way->part);
            return;
        }
        drop(p, p->ways[at].part);
    } else {
        p->count++;
    }
    p->ways[at] = *way;
}

// A way that goes on with this shift at byte `at`, from where that is cheapest: its bytes may agree
// well enough before those that were found.
static void open_way(struct planning *p, uint32_t at, int64_t shift)
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
    size_t part = add_part(p, (struct part){.from = best, .before = before, .shift = shift});
    if (part != NO_PART) {
        put_way(p, &(struct way){least, shift, part, (uint8_t)run, 0, {0}});
    }
}

// Where the best way goes on as the base does no other one is looked for: one that is better behind
// that is found there, and begins before it.
static void look_for_ways(struct planning *p, uint32_t at, const struct way *best)
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

static void note_best(struct planning *p, uint32_t at, const struct way *best)
{
    struct way *back = &p->back[at % BACK];
    hold(p, best->part);
    drop(p, back->part);
    *back = *best;
}

// A byte of its own, behind what is best so far.
static void step_extra(struct planning *p, uint32_t at, const struct way *best)
{
    if (best != &p->extra) {
        struct part part = {
            .from = at, .before = best->part, .shift = p->parts[best->part].shift, .extra = true};
        uint64_t cost = best->cost + LITERAL / 2;
        size_t added = cost < p->extra.cost ? add_part(p, part) : NO_PART;
        if (added != NO_PART) {
            drop(p, p->extra.part);
            p->extra = (struct way){.cost = cost, .part = added};
        }
    }
    p->extra.cost += p->pair->costs[at];
}

// The same difference as one shortly before it: often an address that moved by as much, and the
// zeros behind it are alike too.
static unsigned differ_cost(const struct planning *p, struct way *way, uint8_t difference)
{
    if (memchr(way->last, difference, LAST) != NULL) {
        return p->model->repeats;
    }
    way->newest = (uint8_t)((way->newest + 1U) % LAST);
    way->last[way->newest] = difference;
    return p->model->differs;
}

static void step_ways(struct planning *p, uint32_t at)
{
    for (size_t i = 0; i < p->count;) {
        struct way *way = &p->ways[i];
        if (!is_inside(p, way->shift, at)) {
            drop(p, way->part);
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
static void prune(struct planning *p)
{
    uint64_t most = best_way(p)->cost + p->model->jump + number_cost(1 << 13);
    for (size_t i = 0; i < p->count;) {
        if (p->ways[i].cost > most) {
            drop(p, p->ways[i].part);
            p->ways[i] = p->ways[--p->count];
        } else {
            i++;
        }
    }
}

static void step(struct planning *p, uint32_t at)
{
    note_best(p, at, best_way(p));
    look_for_ways(p, at, best_way(p));
    step_extra(p, at, best_way(p));
    step_ways(p, at);
    prune(p);
}

// ---- The plan -----------------------------------------------------------------------------------

// The parts from the last one to the first, as steps that end before `to`; what is extra goes to
// the step before it. Where these begin.
static struct delta_step *write_steps(const struct planning *p, struct delta_step *to)
{
    uint32_t end = p->pair->size, extra = 0;
    for (size_t part = best_way(p)->part; part != NO_PART; part = p->parts[part].before) {
        const struct part *is = &p->parts[part];
        uint32_t size = end - is->from;
        end = is->from;
        if (is->extra) {
            extra = size;
        } else {
            *--to = (struct delta_step){(uint32_t)((int64_t)is->from + is->shift), size, extra};
            extra = 0;
        }
    }
    if (extra > 0) {
        *--to = (struct delta_step){0, 0, extra};
    }
    return to;
}

// A patch begins where its base does. Where the first step does not, a byte of its own goes before
// its jump. Where the steps begin now.
static struct delta_step *begin_with_base(struct delta_step *first, const struct delta_step *end)
{
    struct delta_step *to = first;
    if (first == end) { // of nothing
        return to;
    }
    if (first->base != 0 && first->diff == 1) {
        *first = (struct delta_step){0, 0, first->extra + 1};
    } else if (first->base != 0) {
        *first = (struct delta_step){first->base + 1, first->diff - 1, first->extra};
        *--to = (struct delta_step){0, 0, 1};
    }
    return to;
}

static bool write_plan(struct planning *p, struct delta_plan *plan)
{
    size_t most = 1;
    for (size_t part = best_way(p)->part; part != NO_PART; part = p->parts[part].before) {
        most++;
    }
    plan->steps = calloc(most, sizeof(*plan->steps));
    if (plan->steps == NULL) {
        return false;
    }
    struct delta_step *end = plan->steps + most;
    struct delta_step *first = begin_with_base(write_steps(p, end), end);
    plan->count = (size_t)(end - first);
    memmove(plan->steps, first, plan->count * sizeof(*first));
    return true;
}

static bool begin(struct planning *p)
{
    p->room = 1024;
    p->used = 1;
    p->parts = calloc(p->room, sizeof(*p->parts));
    if (p->parts == NULL) {
        return false;
    }
    p->extra.part = add_part(p, (struct part){.extra = true});
    return true;
}

bool delta_plan(const struct delta_pair *pair, const struct delta_model *model,
                struct delta_plan *plan)
{
    struct planning *p = calloc(1, sizeof(*p));
    bool good = false;
    if (p != NULL) {
        p->pair = pair;
        p->model = model;
        good = begin(p);
        for (uint32_t at = 0; good && !p->failed && at < pair->size; at++) {
            step(p, at);
            if (pair->told != NULL && at % TELL == 0) {
                pair->told(pair->ctx, at);
            }
        }
        good = good && !p->failed && write_plan(p, plan);
        free(p->parts);
    }
    free(p);
    return good;
}
