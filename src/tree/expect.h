// SPDX-License-Identifier: Apache-2.0
//
// Expectations: `PATH OP VALUE`, as verify --expect and a recipe's `expect` take them.
//
//     host.desc.project_name = esp_ot_br
//     firmware.chip = esp32h2
//     host.desc.version >= 1.4        (versions compare as versions)
//     host.desc.secure_version >= 3   (numbers as numbers, decimal or 0x)
//     version.text ~ esp32h2          (contains)
//     host                            (is there)
#ifndef EXPECT_H
#define EXPECT_H

#include "err.h"
#include "node.h"

// Is the expression well formed? False with `e` set (status 2).
bool expect_parse(const char *expression, struct err *e);

// Does it hold? False with `e` set: status 1 when the answer is no, 2 when it cannot be asked.
bool expect_holds(struct node *root, const char *expression, struct err *e);

#endif
