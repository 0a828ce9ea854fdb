// SPDX-License-Identifier: Apache-2.0
//
// Whether a partition table leaves every partition of the one before it where it is.
#include <inttypes.h>
#include <string.h>

#include "policy_look.h"
#include "text.h"

// The next partition of this label from there on; NULL: there is none.
static const struct node *by_label(const struct node *from, const char *label)
{
    while (from != NULL && (strcmp(from->name, "partitions") != 0 ||
                            strcmp(node_text(from, "label"), label) != 0)) {
        from = from->next;
    }
    return from;
}

// How many partitions before this one have its label: without a label of its own, a partition is
// told by its place among them.
static unsigned place_of(const struct node *table, const struct node *partition, const char *label)
{
    unsigned place = 0;
    for (const struct node *n = by_label(table->parts, label); n != partition; place++) {
        n = by_label(n->next, label);
    }
    return place;
}

static const struct node *same_in(const struct node *table, const char *label, unsigned place)
{
    const struct node *n = by_label(table->parts, label);
    for (; n != NULL && place > 0; place--) {
        n = by_label(n->next, label);
    }
    return n;
}

static const char *kind_of(struct arena *a, const struct node *n)
{
    return text_printable(a,
                          arena_printf(a, "%s %s", node_text(n, "type"), node_text(n, "subtype")));
}

// What has become of it; NULL: it is kept.
static const char *change_of(struct arena *a, const struct node *was, const struct node *is)
{
    if (is == NULL) {
        return "is gone";
    }
    uint64_t at = node_number(is, "offset"), was_at = node_number(was, "offset");
    uint64_t size = node_number(is, "size"), was_size = node_number(was, "size");
    if (at != was_at) {
        return arena_printf(a, "was at 0x%" PRIx64 " and is at 0x%" PRIx64, was_at, at);
    }
    if (size < was_size) {
        return arena_printf(a, "had %s and has %s", text_size(a, was_size), text_size(a, size));
    }
    bool same = node_number(is, "type") == node_number(was, "type") &&
                node_number(is, "subtype") == node_number(was, "subtype");
    return same ? NULL : arena_printf(a, "was %s and is %s", kind_of(a, was), kind_of(a, is));
}

void policy_partitions(struct policy_look *look)
{
    const struct node *is = look->release.table, *was = look->baseline.table;
    unsigned kept = 0, changed = 0;
    unsigned is_closed = is == NULL ? policy_closed(&look->release) : 0;
    unsigned was_closed = was == NULL ? policy_closed(&look->baseline) : 0;
    (void)target_use(&look->release.read->target, TARGET_TABLE);
    if ((is_closed | was_closed) != 0) {
        policy_say_unread(look, is_closed, was_closed);
        return;
    }
    if (is == NULL || was == NULL) {
        policy_say_unmade(look, was != NULL  ? "--partition-table"
                                : is != NULL ? "baseline_partition_table"
                                             : "--partition-table and baseline_partition_table");
        return;
    }
    for (const struct node *n = was->parts; n != NULL; n = n->next) {
        const char *label = node_text(n, "label");
        if (strcmp(n->name, "partitions") != 0) {
            continue;
        }
        const char *change = change_of(look->arena, n, same_in(is, label, place_of(was, n, label)));
        kept += change == NULL;
        changed += change != NULL;
        if (change != NULL) {
            policy_say_no(look, "partition \"%s\" %s", text_printable(look->arena, label), change);
        }
    }
    if (changed == 0) {
        policy_say_yes(look, "%u partition%s of the baseline %s where %s", kept,
                       kept == 1 ? "" : "s", kept == 1 ? "is" : "are",
                       kept == 1 ? "it was" : "they were");
    }
}
