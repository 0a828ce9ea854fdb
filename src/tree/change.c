// SPDX-License-Identifier: Apache-2.0
#include "change.h"

#include <string.h>

// The rows of each kind, of those in changes.def.
#define CHANGE(format, name, kind, class, follows)
#define SAME(format, part, part_format, field, beside, follows)
#define PLACES(format, origin, follows)
#define PAIR(format, field)

#undef CHANGE
#define CHANGE(format, name, kind, class, follows)                                                 \
    {format, name, CHANGE_##kind, CLASS_##class, follows},
static const struct change_row change_rows[] = {
#include "changes.def"
};
#undef CHANGE
#define CHANGE(format, name, kind, class, follows)

#undef SAME
#define SAME(format, part, part_format, field, beside, follows)                                    \
    {format, part, part_format, field, beside, follows},
static const struct same_row same_rows[] = {
#include "changes.def"
};
#undef SAME
#define SAME(format, part, part_format, field, beside, follows)

#undef PLACES
#define PLACES(format, origin, follows) {format, origin, follows},
static const struct places_row places_rows[] = {
#include "changes.def"
};
#undef PLACES
#define PLACES(format, origin, follows)

#undef PAIR
#define PAIR(format, field) {format, field},
static const struct pair_row pair_rows[] = {
#include "changes.def"
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

// A row about a value that changed is about one that was raised or lowered, too.
static bool is_about(const struct change_row *row, enum change_kind kind)
{
    bool value = kind == CHANGE_RAISED || kind == CHANGE_LOWERED;
    return row->kind == kind || row->kind == CHANGE_ANY || (row->kind == CHANGE_CHANGED && value);
}

const struct change_row *change_row(const char *format, const char *name, enum change_kind kind)
{
    const struct change_row *any = NULL;
    for (size_t i = 0; i < COUNT(change_rows); i++) {
        const struct change_row *row = &change_rows[i];
        if (!is_about(row, kind) || strcmp(row->name, name) != 0) {
            continue;
        }
        if (strcmp(row->format, format) == 0) {
            return row;
        }
        any = any == NULL && *row->format == '\0' ? row : any;
    }
    return any;
}

const struct same_row *change_same(size_t i)
{
    return i < COUNT(same_rows) ? &same_rows[i] : NULL;
}

const struct places_row *change_places(const char *format)
{
    size_t i = 0;
    while (i < COUNT(places_rows) && strcmp(places_rows[i].format, format) != 0) {
        i++;
    }
    return i < COUNT(places_rows) ? &places_rows[i] : NULL;
}

const struct pair_row *change_pair(const char *format, unsigned i)
{
    for (size_t row = 0; row < COUNT(pair_rows); row++) {
        if (strcmp(pair_rows[row].format, format) == 0 && i-- == 0) {
            return &pair_rows[row];
        }
    }
    return NULL;
}

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[CHANGE_KINDS] = {
        [CHANGE_ADDED] = "added",   [CHANGE_DROPPED] = "dropped", [CHANGE_CHANGED] = "changed",
        [CHANGE_RAISED] = "raised", [CHANGE_LOWERED] = "lowered", [CHANGE_GROWN] = "grown",
        [CHANGE_SHRUNK] = "shrunk", [CHANGE_MOVED] = "moved",     [CHANGE_REORDERED] = "reordered",
        [CHANGE_BYTES] = "bytes",   [CHANGE_SAME] = "same"};
    return names[kind];
}

const char *change_class_name(enum change_class class)
{
    static const char *const names[CLASS_COUNT] = {[CLASS_MEANING] = "meaning",
                                                   [CLASS_CHECK] = "check",
                                                   [CLASS_BYTES] = "bytes",
                                                   [CLASS_DERIVED] = "derived",
                                                   [CLASS_NOISE] = "noise"};
    return names[class];
}
