// SPDX-License-Identifier: Apache-2.0
//
// The words of partitions.csv for the numbers of a partition table, and its labels as text.
#ifndef PARTITION_NAME_H
#define PARTITION_NAME_H

#include <otapack/partition_table.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"

const char *partition_type_name(uint8_t type);                                      // or NULL
const char *partition_subtype_name(uint8_t type, uint8_t subtype, struct arena *a); // or NULL
const char *partition_label(struct arena *a, const struct otapack_partition *p);

// The numbers for the words, which are in lower case.
bool partition_type_by_name(const char *name, int64_t *type);
bool partition_subtype_by_name(int64_t type, const char *name, int64_t *subtype);

// "ota, phy, nvs": the words that a type has; "" for none.
const char *partition_subtype_names(uint8_t type, struct arena *a);

#endif
