// SPDX-License-Identifier: Apache-2.0
//
// One line of a partitions.csv: from its fields to numbers. Inside of partition_csv.c.
#ifndef PARTITION_CSV_ROW_H
#define PARTITION_CSV_ROW_H

#include "csv_text.h"
#include "partition_csv.h"

enum { CSV_ROWS_MOST = OTAPACK_PARTITION_TABLE_SIZE / OTAPACK_PARTITION_ENTRY_SIZE };

// A line's values, before it is known that they fit into a partition.
struct csv_row {
    struct csv_span name;
    int64_t type, subtype, offset, size;
    bool has_offset;
    uint32_t flags;
};

struct csv_reading {
    const struct partition_csv_options *options;
    struct arena *arena;
    struct partition_csv *out;
    struct csv_row rows[CSV_ROWS_MOST];
    unsigned line;   // that is looked at
    size_t expanded; // bytes of all lines so far, with their variables
};

// Says what is wrong with the line, and what to do. False.
bool csv_refuse(struct csv_reading *r, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

const char *csv_shown(struct csv_reading *r, struct csv_span s); // for a message

bool csv_take_type(struct csv_reading *r, struct csv_span s, struct csv_row *row);

// All fields of a line, in an empty row. What a field has no value for stays 0; false where one is
// refused.
bool csv_take_fields(struct csv_reading *r, struct csv_span line, struct csv_row *row);

#endif
