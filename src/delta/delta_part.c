// SPDX-License-Identifier: Apache-2.0
#include "delta_part.h"

#include <stdlib.h>

bool delta_parts_begin(struct delta_parts *p)
{
    *p = (struct delta_parts){.room = 1024, .used = 1};
    p->list = calloc(p->room, sizeof(*p->list));
    return p->list != NULL;
}

void delta_parts_end(struct delta_parts *p)
{
    free(p->list);
}

size_t delta_part_hold(struct delta_parts *p, size_t part)
{
    p->list[part].users++;
    return part;
}

void delta_part_drop(struct delta_parts *p, size_t part)
{
    while (part != NO_PART && --p->list[part].users == 0) {
        size_t before = p->list[part].before;
        p->list[part].before = p->free;
        p->free = part;
        part = before;
    }
}

static bool more_room(struct delta_parts *p)
{
    size_t room = p->room * 2;
    if (p->used < p->room) {
        return !p->failed;
    }
    struct delta_part *list = realloc(p->list, room * sizeof(*list));
    if (list == NULL) {
        p->failed = true;
        return false;
    }
    p->list = list;
    p->room = room;
    return !p->failed;
}

size_t delta_part_add(struct delta_parts *p, struct delta_part part)
{
    size_t at = p->free;
    if (at != NO_PART) {
        p->free = p->list[at].before;
    } else if (more_room(p)) {
        at = p->used++;
    } else {
        return NO_PART;
    }
    part.before = part.before == NO_PART ? NO_PART : delta_part_hold(p, part.before);
    part.users = 1;
    p->list[at] = part;
    return at;
}
