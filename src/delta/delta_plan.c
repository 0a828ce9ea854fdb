// SPDX-License-Identifier: Apache-2.0
#include "delta_plan.h"

#include <stdlib.h>
#include <string.h>

// The parts from the last one to the first, as steps that end before `to`; what is extra goes to
// the step before it. Where these begin.
static struct delta_step *write_steps(const struct delta_parts *parts, size_t last, uint32_t end,
                                      struct delta_step *to)
{
    uint32_t extra = 0;
    for (size_t part = last; part != NO_PART; part = parts->list[part].before) {
        const struct delta_part *is = &parts->list[part];
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

static bool write_plan(const struct delta_parts *parts, size_t last, uint32_t size,
                       struct delta_plan *plan)
{
    size_t most = 1;
    for (size_t part = last; part != NO_PART; part = parts->list[part].before) {
        most++;
    }
    plan->steps = calloc(most, sizeof(*plan->steps));
    if (plan->steps == NULL) {
        return false;
    }
    struct delta_step *end = plan->steps + most;
    struct delta_step *first = begin_with_base(write_steps(parts, last, size, end), end);
    plan->count = (size_t)(end - first);
    memmove(plan->steps, first, plan->count * sizeof(*first));
    return true;
}

bool delta_plan(const struct delta_pair *pair, const struct delta_model *model,
                struct delta_plan *plan)
{
    struct delta_parts parts;
    size_t last = NO_PART;
    bool good = delta_parts_begin(&parts) && delta_way(pair, model, &parts, &last) &&
                write_plan(&parts, last, pair->size, plan);
    delta_parts_end(&parts);
    return good;
}
