// SPDX-License-Identifier: Apache-2.0
//
// The words of partitions.csv for the numbers of a partition table.
#ifndef PARTITION_NAME_H
#define PARTITION_NAME_H

#include <stdint.h>

#include "arena.h"

const char *partition_type_name(uint8_t type);                                      // or NULL
const char *partition_subtype_name(uint8_t type, uint8_t subtype, struct arena *a); // or NULL

#endif
