// SPDX-License-Identifier: Apache-2.0
//
// An image of a SPIFFS file system, as far as its magic numbers and lookup pages tell, and those of
// its files that hold what a device takes out of it.
#include <otapack/spiffs.h>

#include "format_list.h"
#include "fs_image.h"
#include "spiffs_files.h"

static bool spiffs_probe(const struct otapack_source *src)
{
    struct otapack_spiffs fs;
    return otapack_spiffs_open(src, &fs).code == OTAPACK_OK && !format_signed_data.probe(src);
}

static void spiffs_open(struct reader *r, struct node *n)
{
    struct otapack_spiffs fs;
    struct arena *a = r->arena;
    (void)otapack_spiffs_open(&n->src, &fs); // the probe has seen that it can be read
    node_uint(a, n, "page_size", fs.page_size, DERIVED);
    node_uint(a, n, "block_size", fs.block_size, DERIVED);
    node_uint(a, n, "block_count", fs.block_count, DERIVED);
    node_string(a, n, "magic", fs.counted ? SPIFFS_COUNTED : "plain", SIZE_MAX, DERIVED);
    node_uint(a, n, "unerased_blocks", fs.unerased, DERIVED_QUIET);
    node_uint(a, n, "pages", fs.pages, DERIVED);
    node_uint(a, n, "used_pages", fs.used_pages, DERIVED);
    node_uint(a, n, "deleted_pages", fs.deleted_pages, DERIVED_QUIET);
    fs_image_add(r, n, "SPIFFS", otapack_spiffs_size(&fs));
    spiffs_files_add(r, n, &fs);
}

static const struct rule rules[] = {{.run = rule_fs, .unread = true}, {.run = NULL}};

const struct format format_spiffs = {.name = "spiffs",
                                     .title = "SPIFFS image",
                                     .probe = spiffs_probe,
                                     .open = spiffs_open,
                                     .rules = {rules}};
