// SPDX-License-Identifier: Apache-2.0
//
// Bytes that no format claims, named for what they look like, so that a person sees at once what
// was downloaded, built or copied instead of the image.
#include "format_list.h"

#include <string.h>

#include "foreign.h"

// Flash encryption leaves no marks: that it is one is a guess.
static const char *summary_of(struct arena *a, const char *kind, const char *instead)
{
    const char *lead = strcmp(kind, "encrypted") == 0     ? "may be "
                       : strncmp(kind, "damaged", 7) == 0 ? ""
                                                          : "looks like ";
    if (instead != NULL) {
        return arena_printf(a, "%s%s (%s)", lead, kind, instead);
    }
    return strcmp(kind, "unknown") == 0 ? "bytes of no known format"
           : strcmp(kind, "empty") == 0 ? "the file is empty"
                                        : arena_printf(a, "all bytes are %s", kind);
}

static void raw_open(struct reader *r, struct node *n)
{
    struct foreign f = foreign_find(r->arena, &n->src);
    node_string(r->arena, n, "kind", f.kind, strlen(f.kind), QUIET(0, n->src.size));
    n->summary = n->parent == NULL                  ? summary_of(r->arena, f.kind, f.instead)
                 : strcmp(f.kind, "encrypted") == 0 ? "may be encrypted"
                                                    : f.kind;
}

const struct format format_raw = {
    .name = "raw", .title = "bytes of no known format", .open = raw_open};
