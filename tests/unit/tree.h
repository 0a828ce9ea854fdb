// SPDX-License-Identifier: Apache-2.0
//
// A small tree, as an inspected border router image would give it, for the tests of what works on
// trees.
#ifndef TREE_H
#define TREE_H

#include "node.h"

// Every node of a tree that was read has a format.
static inline void give_formats(struct node *n)
{
    n->format = n->parent == NULL ? "rcp_image" : n->name;
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        give_formats(part);
    }
}

static inline struct node *small_tree(struct arena *a)
{
    static const uint8_t sha[4] = {0xDE, 0xAD, 0xBE, 0xEF};
    struct node *root = node_root(a, (struct otapack_source){.size = 4096});
    struct node *version = node_part(a, root, "version", -1, 50, 10);
    struct node *host = node_part(a, root, "host", -1, 100, 1000);
    struct node *desc = node_part(a, host, "desc", -1, 32, 256);
    desc->overlay = true;
    node_string(a, version, "text", "openthread; esp32h2", 19, SHOWN(0, 10));
    node_string(a, desc, "project_name", "esp_ot_br", 9, SHOWN(48, 32));
    node_string(a, desc, "version", "v5.4.1-dirty", 12, SHOWN(16, 32));
    node_string(a, desc, "date", "Nov 20 2025", 11, SHOWN(96, 16));
    node_uint(a, desc, "secure_version", 3, SHOWN(4, 4));
    node_bytes(a, desc, "app_elf_sha256", sha, sizeof(sha), SHOWN(144, 32));
    node_string(a, host, "chip", "esp32h2", 7, SHOWN(12, 2));
    node_revision(a, host, "max_chip_rev_full", 199, SHOWN(17, 2));
    node_revision(a, host, "min_efuse_blk_rev_full", 65535, QUIET(19, 2));
    node_revision(a, host, "max_efuse_blk_rev_full", 65535, QUIET(21, 2));
    node_enum(a, host, "spi_size", 4, "16MB", QUIET(3, 1));
    node_enum(a, host, "odd_size", 6, "4MB-c1", QUIET(3, 1));
    node_bool(a, host, "encrypted", true, DERIVED);
    node_enum(a, host, "spi_mode", 2, "dio", SHOWN(2, 1));
    for (int i = 0; i < 3; i++) {
        struct node *segment = node_part(a, host, "segments", i, 300 + 8 * (uint64_t)i, 8);
        node_hex(a, segment, "load_addr", UINT64_C(0x42000020) + (unsigned)i, QUIET(0, 4));
    }
    give_formats(root);
    return root;
}

#endif
