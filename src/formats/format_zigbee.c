// SPDX-License-Identifier: Apache-2.0
//
// A Zigbee OTA file, as far as its header: who made it, for what, and how long it is. What it
// carries is not looked at.
//
//     offset size
//          0    4  0x0BEEF11E
//          4    2  header version
//          6    2  header length: 56, and optional fields
//          8    2  field control
//         10    2  manufacturer code
//         12    2  image type
//         14    4  file version
//         18    2  stack version
//         20   32  header string
//         52    4  total size of the file
#include <inttypes.h>

#include "format_list.h"
#include "source.h"
#include "text.h"

#define MAGIC UINT32_C(0x0BEEF11E)

enum { HEADER_SIZE = 56, STRING_AT = 20, STRING_SIZE = 32, TOTAL_AT = 52 };

// Of a header that can be read.
struct parsed {
    uint64_t total, header_end, end; // as it says, where the header ends in the file, and the whole
    unsigned header_length;          // as it says
    bool whole;                      // what it says fits, and all of it is there
};

static bool zigbee_probe(const struct otapack_source *src)
{
    uint8_t magic[4];
    return otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le32(magic) == MAGIC;
}

// Where a container holds more than the file says that it has.
static uint64_t zigbee_extent(const struct otapack_source *src)
{
    uint8_t total[4];
    bool read = otapack_read(src, TOTAL_AT, total, sizeof(total), "").code == OTAPACK_OK;
    return read && otapack_le32(total) < src->size ? otapack_le32(total) : src->size;
}

static void add_header(struct arena *a, struct node *n, const uint8_t *h, uint64_t end)
{
    node_hex(a, n, "magic", otapack_le32(h), QUIET(0, 4));
    node_hex(a, n, "header_version", otapack_le16(h + 4), QUIET(4, 2));
    node_uint(a, n, "header_length", otapack_le16(h + 6), QUIET(6, 2));
    node_hex(a, n, "field_control", otapack_le16(h + 8), QUIET(8, 2));
    node_hex(a, n, "manufacturer", otapack_le16(h + 10), SHOWN(10, 2));
    node_hex(a, n, "image_type", otapack_le16(h + 12), SHOWN(12, 2));
    node_hex(a, n, "file_version", otapack_le32(h + 14), SHOWN(14, 4));
    node_hex(a, n, "stack_version", otapack_le16(h + 18), QUIET(18, 2));
    node_string(a, n, "header_string", (const char *)h + STRING_AT, STRING_SIZE,
                SHOWN(STRING_AT, STRING_SIZE));
    node_uint(a, n, "total_size", otapack_le32(h + TOTAL_AT), SHOWN(TOTAL_AT, 4));
    if (end > HEADER_SIZE) {
        size_t size = (size_t)end - HEADER_SIZE;
        node_bytes(a, n, "optional", source_bytes(a, &n->src, HEADER_SIZE, size), size,
                   QUIET(HEADER_SIZE, size));
    }
}

static void give_up(struct reader *r, struct node *n, const char *error)
{
    n->error = error;
    n->summary = "Zigbee OTA file that cannot be read";
    read_rest(r, n, "unread", -1, 0, n->src.size);
}

// A header that is longer than all there is is shown as far as it goes.
static void zigbee_open(struct reader *r, struct node *n)
{
    uint8_t h[HEADER_SIZE];
    struct otapack_status s = otapack_read(&n->src, 0, h, sizeof(h), "header");
    if (s.code != OTAPACK_OK) {
        give_up(r, n, status_text(r->arena, n, s));
        return;
    }
    uint64_t size = n->src.size, total = otapack_le32(h + TOTAL_AT), header = otapack_le16(h + 6);
    uint64_t end = total < size ? total : size;
    bool whole = header >= HEADER_SIZE && header <= total && total <= size;
    header = header < HEADER_SIZE || header > size ? HEADER_SIZE : header;
    end = end < header ? header : end;
    add_header(r->arena, n, h, header);
    read_rest(r, n, "elements", -1, header, end - header);
    read_rest(r, n, "trailing", -1, end, size - end);
    n->summary = arena_printf(
        r->arena,
        "Zigbee OTA file, manufacturer 0x%04x, image type 0x%04x, file version 0x%08" PRIx32,
        otapack_le16(h + 10), otapack_le16(h + 12), otapack_le32(h + 14));
    struct parsed parsed = {total, header, end, otapack_le16(h + 6), whole};
    NODE_KEEP(r->arena, n, parsed);
}

static void zigbee_judge(struct judge *j, struct node *n)
{
    const struct parsed *p = n->parsed;
    uint64_t size = n->src.size;
    if (p == NULL) {
        found(j, n, CHECK_ZIGBEE_SIZE, false, "%s", n->error);
        return;
    }
    found(j, n, CHECK_ZIGBEE_SIZE, p->whole,
          "total_size says %s bytes, the header has %u, and the file %s",
          text_count(j->arena, p->total), p->header_length, text_count(j->arena, size));
    found(j, n, CHECK_ZIGBEE_TRAILING, !p->whole || p->end == size,
          "it ends at 0x%" PRIx64 ", and the file goes on for %s", p->end,
          text_size(j->arena, size - p->end));
    found(j, n, CHECK_ZIGBEE_ELEMENTS, !p->whole || p->end == p->header_end,
          "otapack does not look yet at what the file carries, %s",
          text_size(j->arena, p->end - p->header_end));
}

static const struct rule rules[] = {{.run = zigbee_judge, .unread = true}, {.run = NULL}};

const struct format format_zigbee = {.name = "zigbee",
                                     .title = "Zigbee OTA file",
                                     .probe = zigbee_probe,
                                     .extent = zigbee_extent,
                                     .open = zigbee_open,
                                     .rules = {rules}};
