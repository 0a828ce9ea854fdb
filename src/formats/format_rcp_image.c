// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <otapack/rcp_image.h>

#include "format_list.h"
#include "rcp_part.h"
#include "rcp_seal.h"
#include "rule.h"

static bool rcp_image_probe(const struct otapack_source *src)
{
    uint8_t tag[4];
    return otapack_read(src, 0, tag, sizeof(tag), "").code == OTAPACK_OK &&
           otapack_le32(tag) == OTAPACK_RCP_TABLE;
}

// What a border router stores of an image ends where its host begins, which went elsewhere.
static bool has_no_host(const struct otapack_source *src, const struct otapack_rcp_entry *e)
{
    uint8_t magic;
    return e->tag == OTAPACK_RCP_HOST &&
           (otapack_read(src, e->offset, &magic, 1, "").code != OTAPACK_OK ||
            magic != OTAPACK_ESP_MAGIC);
}

// Where its last part ends, in a flash; of a table that cannot be read, all.
static uint64_t rcp_image_extent(const struct otapack_source *src)
{
    struct otapack_rcp_image image;
    if (otapack_rcp_image_open(src, &image).code != OTAPACK_OK) {
        return src->size;
    }
    uint64_t end = image.table_size;
    for (uint32_t i = 1; i < image.count; i++) {
        const struct otapack_rcp_entry *e = &image.entries[i];
        uint64_t own = has_no_host(src, e) ? e->offset : otapack_rcp_entry_end(e);
        end = own > end ? own : end;
    }
    return end < src->size ? end : src->size;
}

static void add_table(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
    node_uint(r->arena, n, "table_size", image->table_size, DERIVED_QUIET);
    node_uint(r->arena, n, "entry_count", image->count, DERIVED_QUIET);
    for (uint32_t i = 0; i < image->count; i++) {
        const struct otapack_rcp_entry *e = &image->entries[i];
        const char *name = rcp_part_name(e->tag);
        struct node *part = node_part(r->arena, n, "table", (int)i,
                                      (uint64_t)i * OTAPACK_RCP_ENTRY_SIZE, OTAPACK_RCP_ENTRY_SIZE);
        part->format = "rcp_table_entry";
        part->record = true;
        node_enum(r->arena, part, "tag", e->tag, name, QUIET(0, 4));
        node_uint(r->arena, part, "size", e->size, QUIET(4, 4));
        node_hex(r->arena, part, "offset", e->offset, QUIET(8, 4));
        part->summary = arena_printf(r->arena, "%s: %" PRIu32 " bytes at 0x%" PRIx32,
                                     name == NULL ? "unknown tag" : name, e->size, e->offset);
    }
}

// What a part is read as; NULL: as what it looks like, and rule_slot judges it.
static const struct format *format_of(uint32_t tag)
{
    return tag == OTAPACK_RCP_VERSION      ? &format_text
           : tag == OTAPACK_RCP_FLASH_ARGS ? &format_flash_args
                                           : NULL;
}

// A part that is not opened: it stays in the tree with its error.
static void add_unread(struct reader *r, struct node *n, const char *name, int index,
                       const struct otapack_rcp_entry *e, const char *why)
{
    struct node *part = read_part(r, n, name, index, e->offset, e->size, &format_raw);
    part->error = arena_printf(r->arena, "the table says 0x%" PRIx32 " to 0x%" PRIx64 ", %s",
                               e->offset, otapack_rcp_entry_end(e), why);
}

// `free_at`: where the table or the part before this one ends. Bytes that belong to both are read
// once, or a small file could be read for ever.
static void add_part(struct reader *r, struct node *n, const struct otapack_rcp_image *image,
                     const struct otapack_rcp_entry *e, uint64_t free_at)
{
    const char *name = rcp_part_name(e->tag);
    int index = (int)(e - image->entries);
    if (rcp_part_is_not_stored(n, e)) {
        return;
    }
    if (name == NULL || e->tag == OTAPACK_RCP_TABLE) {
        add_unread(r, n, "unknown", index, e, "with a tag that devices do not know");
    } else if (otapack_rcp_find(image, e->tag) != e) {
        add_unread(r, n, "duplicate", index, e, "a second time");
    } else if (!otapack_has(&n->src, e->offset, e->size)) {
        add_unread(r, n, name, -1, e, "but the file ends before that");
    } else if (e->offset < free_at && e->size > 0) {
        add_unread(r, n, name, -1, e, "where other parts are");
    } else {
        read_part(r, n, name, -1, e->offset, e->size, format_of(e->tag));
    }
}

// The parts in the order in which they lie in the file, with the gaps between them.
static void add_parts(struct reader *r, struct node *n, const struct otapack_rcp_image *image)
{
    bool done[OTAPACK_RCP_MAX_ENTRIES] = {true};
    uint64_t at = image->table_size;
    int gaps = 0;
    for (uint32_t turn = 1; turn < image->count; turn++) {
        uint32_t next = 0;
        for (uint32_t i = 1; i < image->count; i++) {
            if (!done[i] && (next == 0 || image->entries[i].offset < image->entries[next].offset)) {
                next = i;
            }
        }
        const struct otapack_rcp_entry *e = &image->entries[next];
        done[next] = true;
        if (e->offset > at && at < n->src.size) {
            read_rest(r, n, "gap", gaps++, at, e->offset - at);
        }
        add_part(r, n, image, e, at);
        at = otapack_rcp_entry_end(e) > at ? otapack_rcp_entry_end(e) : at;
    }
    read_rest(r, n, "trailing", -1, at, at < n->src.size ? n->src.size - at : 0);
}

// What a border router flashes its RCP with: another device than that which takes the update.
static void mark_rcp(struct node *n)
{
    for (struct node *part = n->parts; part != NULL; part = part->next) {
        part->elsewhere = strcmp(part->name, "host") != 0;
    }
}

static void rcp_image_open(struct reader *r, struct node *n)
{
    struct otapack_rcp_image image;
    struct otapack_status s = otapack_rcp_image_open(&n->src, &image);
    bool good = s.code == OTAPACK_OK;
    if (!good) {
        n->error = status_text(r->arena, n, s);
    }
    n->summary = "Thread border router image that cannot be read";
    add_table(r, n, &image);
    if (!good) {
        uint64_t at = (uint64_t)image.count * OTAPACK_RCP_ENTRY_SIZE;
        read_rest(r, n, "unread", -1, at, n->src.size - at);
        mark_rcp(n);
        return;
    }
    add_parts(r, n, &image);
    mark_rcp(n);
    rcp_seal_tell(r->arena, n);
    n->summary = node_find(n, "host", -1) != NULL ? "Thread border router OTA image, host and RCP"
                                                  : "Thread border router RCP image, no host";
    NODE_KEEP(r->arena, n, image);
}

const struct format format_rcp_image = {.name = "rcp_image",
                                        .title = "RCP combined image",
                                        .probe = rcp_image_probe,
                                        .extent = rcp_image_extent,
                                        .open = rcp_image_open,
                                        .rules = {rules_rcp_table, rules_rcp_parts, rules_rcp_flash,
                                                  rules_rcp_version, rules_rcp_seal, rules_host},
                                        .application = "host",
                                        .container = CONTAINER_RCP};
