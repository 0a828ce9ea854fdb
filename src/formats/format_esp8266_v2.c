// SPDX-License-Identifier: Apache-2.0
//
// Images of the ESP8266 of version 2, for the SDK's bootloader and for rBoot.
#include "esp8266.h"
#include "esp8266_links.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "source.h"
#include "text.h"

// Of one that can be read.
struct kept_v2 {
    struct esp8266_headers headers;
    struct otapack_esp8266_v2 v2;
};

static bool esp8266_v2_probe(const struct otapack_source *src)
{
    uint8_t head[2];
    return otapack_read(src, 0, head, sizeof(head), "").code == OTAPACK_OK &&
           head[0] == OTAPACK_ESP8266_V2_MAGIC && head[1] == OTAPACK_ESP8266_V2_COUNT;
}

// The first header of what was linked for a slot has its number where else the settings are.
static void add_v2_header(struct arena *a, struct node *n, const struct otapack_esp8266_v2 *v2,
                          unsigned user)
{
    uint8_t slot = otapack_esp8266_v2_slot(v2);
    if (slot == 0) {
        esp8266_add_header(a, n, &v2->header);
        return;
    }
    node_hex(a, n, "magic", v2->header.magic, QUIET(0, 1));
    node_uint(a, n, "segment_count", v2->header.segment_count, QUIET(1, 1));
    node_uint(a, n, "reserved", v2->header.flash_mode, QUIET(2, 1));
    node_enum(a, n, "slot", slot, user == 1 ? "user1" : "user2", SHOWN(3, 1));
    node_hex(a, n, "entry_addr", v2->header.entry_addr, SHOWN(4, 4));
}

// What was read of a file that cannot be read to its end.
static void v2_give_up(struct reader *r, struct node *n, const struct otapack_esp8266_v2 *v2,
                       struct otapack_status s)
{
    uint64_t read = v2->crc_at > 0          ? v2->crc_at
                    : v2->image_at > 0      ? n->src.size // its own rest is unread
                    : v2->header.magic != 0 ? OTAPACK_ESP8266_HEADER_SIZE
                                            : 0;
    n->error = status_text(r->arena, n, s);
    read_rest(r, n, "unread", -1, read, n->src.size - read);
}

// From here on to the end of the sector.
static bool is_erased(const struct otapack_source *src, uint64_t from)
{
    uint64_t sector = esp8266_sectors(from), end = sector < src->size ? sector : src->size;
    return source_is_filled(src, from, end, 0xFF) || source_is_filled(src, from, end, 0);
}

// Are the four bytes behind the image a CRC? Of what was linked for a slot they are; else if they
// fit, or nothing follows them: rBoot's ROMs have none, whatever is behind them.
static bool is_crc(const struct otapack_source *src, const struct otapack_esp8266_v2 *v2)
{
    uint32_t crc;
    bool erased = v2->crc == UINT32_MAX || (v2->crc == 0 && is_erased(src, v2->crc_at));
    return v2->has_crc && !erased &&
           (otapack_esp8266_v2_slot(v2) != 0 || is_erased(src, v2->end) ||
            (esp8266_count_v2_crc(src, v2->crc_at, &crc).code == OTAPACK_OK && crc == v2->crc));
}

static uint64_t v2_end(const struct otapack_source *src, const struct otapack_esp8266_v2 *v2)
{
    return is_crc(src, v2) ? v2->end : v2->crc_at;
}

// Nothing looks for a CRC there.
static bool is_behind_rboot(const struct node *n)
{
    return n->parent != NULL && node_find(n->parent, "config", -1) != NULL;
}

// Where it was linked for: nothing in it says so but its addresses.
static bool is_linked(const struct node *n, const struct otapack_esp8266_v2 *v2, uint64_t *base)
{
    struct esp8266_links links;
    uint64_t from = v2->irom.at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
    return esp8266_links_count(&n->src, &links) &&
           esp8266_links_base(&links, from, from + v2->irom.data_len, base);
}

// Which of user1.bin and user2.bin it is: esp-link and Espruino count the slots from 0, so that
// their second one has what is the first one's number elsewhere.
static unsigned user_of(uint8_t slot, uint64_t base)
{
    return slot == 1 && base > OTAPACK_ESP8266_SECTOR ? 2 : slot;
}

static void esp8266_v2_open(struct reader *r, struct node *n)
{
    struct otapack_esp8266_v2 v2;
    struct otapack_status s = otapack_esp8266_v2_open(&n->src, &v2);
    uint64_t base = 0;
    bool linked = s.code == OTAPACK_OK && is_linked(n, &v2, &base);
    unsigned user = user_of(otapack_esp8266_v2_slot(&v2), base);
    n->summary = "ESP8266 image of version 2, for the SDK's bootloader";
    if (v2.header.magic != 0) {
        add_v2_header(r->arena, n, &v2, user);
    }
    if (v2.image_at > 0) {
        esp8266_add_segment(r->arena, n, "irom", -1, v2.irom.at, &v2.irom);
        bool whole = v2.crc_at > 0; // what is missing, if anything, is the CRC
        esp8266_add_image(r, n, "image", &v2.image, whole ? otapack_good() : s);
    }
    if (s.code != OTAPACK_OK) {
        v2_give_up(r, n, &v2, s);
        return;
    }
    uint64_t end = v2_end(&n->src, &v2);
    uint8_t slot = otapack_esp8266_v2_slot(&v2);
    if (end > v2.crc_at) {
        node_hex(r->arena, n, "crc", v2.crc, SHOWN((int64_t)v2.crc_at, 4));
    }
    const char *place = "";
    if (linked) {
        node_hex(r->arena, n, "flash_offset", base, DERIVED);
        place = arena_printf(r->arena, ", for flash %s", node_text(n, "flash_offset"));
    }
    n->summary =
        slot != 0 ? arena_printf(r->arena, "ESP8266 image of version 2, user%u.bin%s", user, place)
                  : arena_printf(r->arena, "ESP8266 image of version 2%s%s",
                                 end == v2.crc_at ? " without CRC" : "", place);
    esp8266_add_digests(r, n);
    read_rest(r, n, "trailing", -1, end, n->src.size - end);
    struct kept_v2 kept = {{.first = slot != 0 ? v2.image.header : v2.header}, v2};
    NODE_KEEP(r->arena, n, kept);
}

const struct otapack_esp8266_v2 *esp8266_v2_of(const struct node *n)
{
    const struct kept_v2 *kept = n->parsed;
    return kept == NULL ? NULL : &kept->v2;
}

static void check_v2_header(struct judge *j, struct node *n)
{
    struct node *image = node_find(n, "image", -1);
    if (image != NULL) {
        rule_esp8266_header(j, image);
    }
    rule_esp8266_header(j, n);
}

static void check_v2_sums(struct judge *j, struct node *n)
{
    bool has_crc = node_field(n, "crc") != NULL;
    rule_esp8266_v2_checksum(j, n, esp8266_v2_of(n));
    if (has_crc || !is_behind_rboot(n)) {
        rule_esp8266_v2_crc(j, n, esp8266_v2_of(n), has_crc);
    }
}

static const struct rule rules_v2[] = {
    {.run = check_v2_header, .unread = true},
    {.run = check_v2_sums},
    {.run = NULL},
};

static uint64_t esp8266_v2_extent(const struct otapack_source *src)
{
    struct otapack_esp8266_v2 v2;
    return otapack_esp8266_v2_open(src, &v2).code == OTAPACK_OK ? v2_end(src, &v2) : src->size;
}

const struct format format_esp8266_v2 = {
    .name = "esp8266_v2",
    .title = "ESP8266 image of version 2",
    .probe = esp8266_v2_probe,
    .extent = esp8266_v2_extent,
    .open = esp8266_v2_open,
    .rules = {rules_v2, rules_esp8266_settings, rules_esp8266_end, rules_esp8266_sent}};
