// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <otapack/partition_table.h>

#include "format_list.h"
#include "partition_name.h"
#include "rule.h"
#include "text.h"

static bool partition_table_probe(const struct otapack_source *src)
{
    uint8_t magic[2];
    return otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le16(magic) == OTAPACK_PARTITION_MAGIC;
}

static uint64_t partition_table_extent(const struct otapack_source *src)
{
    return src->size < OTAPACK_PARTITION_TABLE_SIZE ? src->size : OTAPACK_PARTITION_TABLE_SIZE;
}

static void add_partition(struct reader *r, struct node *n, uint32_t i)
{
    struct otapack_partition p;
    struct arena *a = r->arena;
    struct node *part =
        node_part(a, n, "partitions", (int)i, (uint64_t)i * OTAPACK_PARTITION_ENTRY_SIZE,
                  OTAPACK_PARTITION_ENTRY_SIZE);
    struct otapack_status s = otapack_partition_read(&n->src, i, &p);
    part->format = "partition";
    if (s.code != OTAPACK_OK) {
        part->error = status_text(r->arena, part, s);
        return;
    }
    node_hex(a, part, "magic", OTAPACK_PARTITION_MAGIC, QUIET(0, 2));
    node_enum(a, part, "type", p.type, partition_type_name(p.type), QUIET(2, 1));
    node_enum(a, part, "subtype", p.subtype, partition_subtype_name(p.type, p.subtype, a),
              QUIET(3, 1));
    node_hex(a, part, "offset", p.offset, QUIET(4, 4));
    node_uint(a, part, "size", p.size, QUIET(8, 4));
    node_string(a, part, "label", p.label, sizeof(p.label), QUIET(12, 16));
    node_hex(a, part, "flags", p.flags, QUIET(28, 4));
    part->summary = arena_printf(a, "%-11s %-4s %-7s 0x%06" PRIx32 " %s", node_text(part, "label"),
                                 node_text(part, "type"), node_text(part, "subtype"), p.offset,
                                 text_size(a, p.size));
}

static void partition_table_open(struct reader *r, struct node *n)
{
    struct otapack_partition_table t;
    struct otapack_status s = otapack_partition_table_open(&n->src, &t);
    uint64_t rest = t.end;
    node_uint(r->arena, n, "entry_count", t.count, DERIVED_QUIET);
    if (t.has_md5) {
        node_hex(r->arena, n, "md5_magic", OTAPACK_PARTITION_MD5_MAGIC,
                 QUIET((int64_t)t.md5_at, OTAPACK_PARTITION_MD5_SIZE));
        node_bytes(r->arena, n, "md5", t.md5, sizeof(t.md5),
                   QUIET((int64_t)t.md5_at + OTAPACK_PARTITION_MD5_SIZE, sizeof(t.md5)));
    }
    for (uint32_t i = 0; i < t.count; i++) {
        add_partition(r, n, i);
    }
    n->error = s.code == OTAPACK_OK ? NULL : status_text(r->arena, n, s);
    read_rest(r, n, s.code == OTAPACK_OK ? "unused" : "unread", -1, rest, n->src.size - rest);
    n->summary = arena_printf(r->arena, "partition table, %" PRIu32 " partition%s", t.count,
                              t.count == 1 ? "" : "s");
    NODE_KEEP(r->arena, n, t);
}

static const struct layout layout = {.memory = "The flash, up to the end of its last partition",
                                     .part = "partitions",
                                     .label = "label",
                                     .at = "offset",
                                     .size = "size",
                                     .type = "type",
                                     .subtype = "subtype"};

const struct format format_partition_table = {.name = "partition_table",
                                              .title = "partition table",
                                              .probe = partition_table_probe,
                                              .extent = partition_table_extent,
                                              .open = partition_table_open,
                                              .layout = &layout,
                                              .rules = {rules_partition_table, rules_final_table}};
