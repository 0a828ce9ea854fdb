// SPDX-License-Identifier: Apache-2.0
//
// An image of a LittleFS file system: the numbers of its superblock, and the files of its root
// folder.
#include <inttypes.h>
#include <otapack/esp_image.h>
#include <otapack/littlefs.h>
#include <string.h>

#include "format_list.h"
#include "fs_image.h"
#include "littlefs_files.h"

// What begins as one is one, also where it is damaged; what does not has a second block that is.
static bool littlefs_probe(const struct otapack_source *src)
{
    struct otapack_littlefs fs;
    struct otapack_esp_image image;
    // To whoever verifies signed data, they are just data. Where a whole image is in the first
    // block, no superblock can be in it, and there is no need to look for the second one.
    if (format_signed_data.probe(src) || otapack_esp_image_open(src, &image).code == OTAPACK_OK) {
        return false;
    }
    struct otapack_status s = otapack_littlefs_open(src, &fs);
    return s.code == OTAPACK_OK || s.code == OTAPACK_MISMATCH || s.code == OTAPACK_FORBIDDEN;
}

static const char *version_text(struct arena *a, uint64_t version)
{
    return arena_printf(a, "%" PRIu64 ".%" PRIu64, version >> 16, version & 0xFFFF);
}

static const char *fault(struct reader *r, const struct node *n, struct otapack_status s)
{
    if (s.code == OTAPACK_MISMATCH) {
        return strcmp(s.field, "crc") == 0
                   ? "the superblock is damaged or cut off: no commit of it has a CRC that fits"
                   : "neither of the first two blocks has a superblock";
    }
    return strcmp(s.field, "version") == 0
               ? arena_printf(r->arena, "its version is %s, and devices know 2.0, or 2.1 as well",
                              version_text(r->arena, s.value))
               : status_text(r->arena, n, s);
}

static void give_up(struct reader *r, struct node *n, struct otapack_status s)
{
    n->error = fault(r, n, s);
    n->summary = "LittleFS image that cannot be mounted";
    read_rest(r, n, "unread", -1, 0, n->src.size);
}

// Of one that can be mounted.
struct kept {
    const char *fault; // of its files; NULL: none
};

static void littlefs_open(struct reader *r, struct node *n)
{
    struct otapack_littlefs fs;
    struct otapack_status s = otapack_littlefs_open(&n->src, &fs);
    struct arena *a = r->arena;
    if (s.code != OTAPACK_OK) {
        give_up(r, n, s);
        return;
    }
    int64_t at = (int64_t)fs.superblock_at;
    const char *version = version_text(a, fs.version);
    node_uint(a, n, "revision", fs.revision, QUIET((int64_t)fs.block_at, 4));
    node_string(a, n, "version", version, SIZE_MAX, SHOWN(at, 4));
    node_uint(a, n, "block_size", fs.block_size, SHOWN(at + 4, 4));
    node_uint(a, n, "block_count", fs.block_count, SHOWN(at + 8, 4));
    node_uint(a, n, "name_max", fs.name_max, SHOWN(at + 12, 4));
    node_uint(a, n, "file_max", fs.file_max, SHOWN(at + 16, 4));
    node_uint(a, n, "attr_max", fs.attr_max, SHOWN(at + 20, 4));
    fs_image_add(r, n, arena_printf(a, "LittleFS %s", version), otapack_littlefs_size(&fs));
    struct kept kept = {littlefs_files_add(r, n, &fs)};
    NODE_KEEP(a, n, kept);
}

static void littlefs_judge(struct judge *j, struct node *n)
{
    found(j, n, CHECK_LITTLEFS_SUPERBLOCK, n->error == NULL, "%s", n->error);
    const struct kept *kept = n->parsed;
    if (n->error == NULL) {
        if (kept->fault != NULL || n->cannot == NULL) {
            found(j, n, CHECK_LITTLEFS_FILES, kept->fault == NULL, "%s", kept->fault);
        }
        rule_fs(j, n);
    }
}

static const struct rule rules[] = {{.run = littlefs_judge, .unread = true}, {.run = NULL}};

const struct format format_littlefs = {.name = "littlefs",
                                       .title = "LittleFS image",
                                       .probe = littlefs_probe,
                                       .open = littlefs_open,
                                       .rules = {rules}};
