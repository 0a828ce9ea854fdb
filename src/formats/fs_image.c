// SPDX-License-Identifier: Apache-2.0
#include "fs_image.h"

#include <inttypes.h>
#include <otapack/littlefs.h>
#include <otapack/spiffs.h>
#include <string.h>

#include "esp8266_tree.h"
#include "format_list.h"
#include "source.h"
#include "text.h"

const struct format *fs_image_probe(const struct otapack_source *src)
{
    return format_littlefs.probe(src) ? &format_littlefs
           : format_spiffs.probe(src) ? &format_spiffs
                                      : NULL;
}

bool fs_image_is(const struct node *n)
{
    return node_is(n, &format_littlefs) || node_is(n, &format_spiffs);
}

uint64_t fs_image_size(const struct node *n)
{
    return node_number(n, "block_size") * node_number(n, "block_count");
}

uint64_t fs_image_end(const struct otapack_source *src)
{
    struct otapack_littlefs littlefs;
    struct otapack_spiffs spiffs;
    return otapack_littlefs_open(src, &littlefs).code == OTAPACK_OK
               ? otapack_littlefs_size(&littlefs)
           : otapack_spiffs_open(src, &spiffs).code == OTAPACK_OK ? otapack_spiffs_size(&spiffs)
                                                                  : 0;
}

// ---- The tree -----------------------------------------------------------------------------------

static void add_blocks(struct reader *r, struct node *n, uint64_t size)
{
    struct node *part = node_part(r->arena, n, "blocks", -1, 0, size);
    part->format = "fs_blocks";
    part->summary = "the file system";
    node_uint(r->arena, part, "data_offset", part->src.base, QUIET(0, size));
}

void fs_image_add(struct reader *r, struct node *n, const char *title, uint64_t size)
{
    uint64_t there = size < n->src.size ? size : n->src.size;
    uint64_t block_size = node_number(n, "block_size");
    n->summary = arena_printf(r->arena, "%s image, %s blocks of %s bytes", title,
                              text_count(r->arena, node_number(n, "block_count")),
                              text_count(r->arena, block_size));
    esp8266_add_digests(r, n);
    add_blocks(r, n, there);
    read_rest(r, n, "trailing", -1, there, n->src.size - there);
}

// Of one by itself; what is around it in a signed update, that judges.
void rule_fs(struct judge *j, struct node *n)
{
    uint64_t size = fs_image_size(n), there = size < n->src.size ? size : n->src.size;
    found(j, n, CHECK_FS_SIZE, there == size, "it has %s bytes of %s", text_count(j->arena, there),
          text_count(j->arena, size));
    if (n->parent == NULL) {
        rule_fs_trailing(j, n);
        rule_fs_esp8266(j, n, n);
    }
}

bool fs_image_is_filling(const struct node *trailing)
{
    return source_is_filled(&trailing->src, 0, trailing->src.size, 0xFF);
}

void rule_fs_trailing(struct judge *j, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    if (trailing == NULL) {
        passed(j, n, CHECK_FS_TRAILING);
    } else {
        found(j, n, CHECK_FS_TRAILING, fs_image_is_filling(trailing),
              "the last block ends at 0x%" PRIx64 ", and the file goes on for %s",
              trailing->src.base, text_size(j->arena, trailing->src.size));
    }
}

// ---- On an ESP8266 ------------------------------------------------------------------------------

enum { CORE_NAME_MAX = 32, CORE_PAGE = 256 };

static void check_space(struct judge *j, struct node *sent, const struct esp8266_device *device)
{
    uint64_t needed = esp8266_sectors(sent->src.size);
    found(j, sent, CHECK_ESP8266_FS_SPACE, needed <= device->fs_size,
          "the update needs %s bytes of flash, and the layout has %s for its file system",
          text_count(j->arena, needed), text_count(j->arena, device->fs_size));
}

// What the core's own LittleFS would say of it; NULL: nothing.
static const char *littlefs_fault(struct judge *j, const struct node *n)
{
    if (text_compare_versions(node_text(n, "version"), "2.0") != 0) {
        return arena_printf(j->arena, "it has LittleFS %s, and no core knows more than 2.0",
                            node_text(n, "version"));
    }
    uint64_t name_max = node_number(n, "name_max");
    return name_max <= CORE_NAME_MAX
               ? NULL
               : arena_printf(j->arena, "its names may have %" PRIu64 " bytes, and the core's %d",
                              name_max, CORE_NAME_MAX);
}

static const char *spiffs_fault(struct judge *j, const struct node *n)
{
    uint64_t page = node_number(n, "page_size");
    return page != CORE_PAGE
               ? arena_printf(j->arena, "its pages have %" PRIu64 " bytes, not %d", page, CORE_PAGE)
           : strcmp(node_text(n, "magic"), SPIFFS_COUNTED) == 0 ? "its magic numbers count blocks"
                                                                : NULL;
}

static void check_format(struct judge *j, struct node *n, const struct esp8266_device *device)
{
    const char *fault = node_is(n, &format_littlefs) ? littlefs_fault(j, n) : spiffs_fault(j, n);
    uint64_t block = node_number(n, "block_size");
    if (fault == NULL && device->fs_size != 0 && block != device->fs_block) {
        fault = arena_printf(j->arena, "its blocks have %s bytes, and the layout's %s",
                             text_count(j->arena, block), text_count(j->arena, device->fs_block));
    }
    found(j, n, CHECK_ESP8266_FS_FORMAT, fault == NULL, "%s", fault);
}

static void check_count(struct judge *j, struct node *n, const struct esp8266_device *device)
{
    uint64_t size = fs_image_size(n);
    if (device->fs_size != 0) {
        found(j, n, CHECK_ESP8266_FS_COUNT, size == device->fs_size,
              "its file system has %s bytes, and the layout's %s", text_count(j->arena, size),
              text_count(j->arena, device->fs_size));
    }
}

void rule_fs_esp8266(struct judge *j, struct node *sent, struct node *n)
{
    const struct esp8266_device *device = &j->options->esp8266;
    bool has_layout = device->fs_start != 0;
    (void)target_use(&j->options->target, NEED_LAYOUT);
    if (has_layout) {
        check_space(j, sent, device);
    }
    if (n->error == NULL && (has_layout || sent != n)) { // only an ESP8266 takes it signed so
        check_format(j, n, device);
        check_count(j, n, device);
    }
}
