// SPDX-License-Identifier: Apache-2.0
//
// What an ESP image's node keeps for those who judge it: what its parsers said of one that can be
// read.
#ifndef ESP_TREE_H
#define ESP_TREE_H

#include <otapack/app_desc.h>
#include <otapack/esp_image.h>

#include "chip.h"
#include "judge.h"
#include "node.h"

struct esp_tree {
    struct otapack_esp_image image;
    const struct chip *chip; // NULL: none that otapack knows
    struct otapack_app_desc app;
    const struct otapack_app_desc *desc; // an app's description: `app`; NULL: it has none
};

// Of a node of this format that can be read.
const struct esp_tree *esp_tree(const struct node *n);

// Adds a segment, of either family of chips: `at` is that of its header in the node.
void esp_segment_add(struct arena *a, struct node *n, const char *name, int index, uint64_t at,
                     const struct otapack_esp_segment *seg, const char *memory);

bool esp_is_app(const struct node *n);
bool esp_is_bootloader(const struct node *n);
bool esp_has_chip(const struct node *n); // one that otapack knows

// The rules, in the order in which they are asked.
extern const struct rule rules_esp_image[], rules_esp_load[], rules_esp_revision[], rules_device[],
    rules_esp_signatures[], rules_app_desc[];

#endif
