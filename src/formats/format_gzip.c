// SPDX-License-Identifier: Apache-2.0
//
// What gzip packed: is it sound? What an ESP8266 makes of it, rule_esp8266_gzip.c says.
#include <inttypes.h>
#include <otapack/gzip.h>

#include "crc.h"
#include "deflated.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "source.h"
#include "text.h"

static bool gzip_probe(const struct otapack_source *src)
{
    uint8_t head[2];
    return otapack_read(src, 0, head, sizeof(head), "").code == OTAPACK_OK &&
           otapack_le16(head) == OTAPACK_GZIP_MAGIC;
}

// Of a file whose header can be read.
struct kept {
    uint32_t crc, length; // as they stand behind the data
};

static void add_text(struct arena *a, struct node *n, const char *name,
                     struct otapack_gzip_span span)
{
    if (span.at != 0) {
        const char *text = (const char *)source_bytes(a, &n->src, span.at, span.size);
        node_string(a, n, name, text, span.size, SHOWN((int64_t)span.at, (uint64_t)span.size + 1));
    }
}

static void add_header(struct arena *a, struct node *n, const struct otapack_gzip *gz)
{
    node_hex(a, n, "magic", OTAPACK_GZIP_MAGIC, QUIET(0, 2));
    node_uint(a, n, "method", OTAPACK_GZIP_METHOD, QUIET(2, 1));
    node_hex(a, n, "flags", gz->flags, QUIET(3, 1));
    node_uint(a, n, "mtime", gz->mtime, QUIET(4, 4));
    node_uint(a, n, "extra_flags", gz->extra_flags, QUIET(8, 1));
    node_uint(a, n, "os", gz->os, QUIET(9, 1));
    if (gz->extra.at != 0) {
        int64_t at = (int64_t)gz->extra.at;
        node_uint(a, n, "extra_size", gz->extra.size, QUIET(at - 2, 2));
        node_bytes(a, n, "extra", source_bytes(a, &n->src, gz->extra.at, gz->extra.size),
                   gz->extra.size, QUIET(at, gz->extra.size));
    }
    add_text(a, n, "name", gz->name);
    add_text(a, n, "comment", gz->comment);
    if (gz->header_crc_at != 0) {
        node_hex(a, n, "header_crc", gz->header_crc, QUIET((int64_t)gz->header_crc_at, 2));
    }
}

static void add_end(struct reader *r, struct node *n, uint64_t at, struct kept *kept)
{
    uint8_t end[OTAPACK_GZIP_END_SIZE] = {0};
    (void)otapack_read(&n->src, at, end, sizeof(end), ""); // read_content has seen that it is there
    kept->crc = otapack_le32(end);
    kept->length = otapack_le32(end + 4);
    node_hex(r->arena, n, "crc32", kept->crc, QUIET((int64_t)at, 4));
    node_uint(r->arena, n, "length", kept->length, SHOWN((int64_t)at + 4, 4));
}

static void check_end(struct judge *j, struct node *n)
{
    const struct kept *kept = n->parsed;
    const struct otapack_source *content = &node_find(n, "content", -1)->src;
    uint32_t crc = crc_32(0, content->bytes, (size_t)content->size);
    found(j, n, CHECK_GZIP_CRC, kept->crc == crc,
          "the CRC is 0x%08" PRIx32 ", what it unpacks to gives 0x%08" PRIx32, kept->crc, crc);
    found(j, n, CHECK_GZIP_LENGTH, kept->length == content->size,
          "the length says %s bytes, and it unpacks to %s", text_count(j->arena, kept->length),
          text_count(j->arena, content->size));
}

static void gzip_open(struct reader *r, struct node *n)
{
    static const struct packed_end end = {OTAPACK_GZIP_END_SIZE, "no CRC and length follow"};
    struct otapack_gzip gz;
    struct kept kept = {0};
    struct otapack_status s = otapack_gzip_open(&n->src, &gz);
    uint64_t end_at;
    if (s.code != OTAPACK_OK) {
        read_failed(r, n, 0, status_text(r->arena, n, s));
        return;
    }
    add_header(r->arena, n, &gz);
    if (deflated_read(r, n, gz.compressed_at, &end, &end_at)) {
        add_end(r, n, end_at, &kept);
        esp8266_add_digests(r, n);
    }
    NODE_KEEP(r->arena, n, kept);
}

static void check_header(struct judge *j, struct node *n)
{
    found(j, n, CHECK_GZIP_HEADER, n->parsed != NULL, "%s", n->error);
}

static void check_data(struct judge *j, struct node *n)
{
    found(j, n, CHECK_GZIP_DATA, n->error == NULL, "%s", n->error);
}

static bool is_unpacked(const struct node *n)
{
    return n->error == NULL;
}

static const struct rule rules[] = {
    {.run = check_header, .unread = true},
    {.run = check_data},
    {.run = check_end, .concerns = is_unpacked},
    {.run = NULL},
};

const struct format format_gzip = {.name = "gzip",
                                   .title = "gzip file",
                                   .probe = gzip_probe,
                                   .first = true,
                                   .open = gzip_open,
                                   .signable = true,
                                   .content = &transform_deflate,
                                   .closed = "gzip",
                                   .rules = {rules, rules_esp8266_gzip},
                                   .outermost = true};
