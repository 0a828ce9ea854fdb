// SPDX-License-Identifier: Apache-2.0
#include <inttypes.h>
#include <otapack/esp_image.h>

#include "format_list.h"
#include "rule.h"
#include "source.h"
#include "zigbee_tree.h"

static bool zigbee_probe(const struct otapack_source *src)
{
    uint8_t magic[4];
    return otapack_read(src, 0, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le32(magic) == OTAPACK_ZIGBEE_MAGIC;
}

// Where a container holds more than the file says that it has.
static uint64_t zigbee_extent(const struct otapack_source *src)
{
    struct otapack_zigbee z;
    (void)otapack_zigbee_open(src, &z);
    return z.total_size == 0 ? src->size : otapack_zigbee_end(src, &z);
}

// Its first bytes, as tag and length, are an element that leaves the file.
bool zigbee_is_bare(const struct otapack_source *src, const struct otapack_zigbee *z)
{
    uint64_t end = otapack_zigbee_end(src, z), from = z->header_length;
    struct otapack_source rest = otapack_part(src, from, end > from ? end - from : 0);
    struct otapack_zigbee_element e;
    struct otapack_esp_image image;
    return otapack_zigbee_element_read(src, z, from, &e).code != OTAPACK_OK &&
           otapack_esp_image_open(&rest, &image).code == OTAPACK_OK;
}

// ---- The header ---------------------------------------------------------------------------------

static void add_fixed(struct arena *a, struct node *n, const struct otapack_zigbee *z)
{
    node_hex(a, n, "magic", OTAPACK_ZIGBEE_MAGIC, QUIET(0, 4));
    node_hex(a, n, "header_version", z->header_version, QUIET(4, 2));
    node_uint(a, n, "header_length", z->header_length, QUIET(6, 2));
    node_hex(a, n, "field_control", z->field_control, QUIET(8, 2));
    node_hex(a, n, "manufacturer", z->manufacturer, SHOWN(10, 2));
    node_hex(a, n, "image_type", z->image_type, SHOWN(12, 2));
    node_hex(a, n, "file_version", z->file_version, SHOWN(14, 4));
    node_hex(a, n, "stack_version", z->stack_version, QUIET(18, 2));
    node_string(a, n, "header_string", z->header_string, sizeof(z->header_string),
                SHOWN(20, sizeof(z->header_string)));
    node_uint(a, n, "total_size", z->total_size, SHOWN(52, 4));
}

// The fields that field_control names, and what else the header has: up to `end`.
static void add_optional(struct arena *a, struct node *n, const struct otapack_zigbee *z,
                         uint64_t end)
{
    uint32_t at = OTAPACK_ZIGBEE_FIXED_SIZE;
    if (z->has_security_version) {
        node_uint(a, n, "security_credential_version", z->security_version, SHOWN(at, 1));
        at += 1;
    }
    if (z->has_destination) {
        node_bytes(a, n, "destination", z->destination, sizeof(z->destination),
                   SHOWN(at, sizeof(z->destination)));
        at += sizeof(z->destination);
    }
    if (z->has_hardware) {
        node_hex(a, n, "min_hardware_version", z->min_hardware, SHOWN(at, 2));
        node_hex(a, n, "max_hardware_version", z->max_hardware, SHOWN(at + 2, 2));
        at += 4;
    }
    if (end > at) {
        size_t size = (size_t)end - at;
        node_bytes(a, n, "optional", source_bytes(a, &n->src, at, size), size, QUIET(at, size));
    }
}

// ---- The elements -------------------------------------------------------------------------------

// Walks through the elements, and numbers those that have no name of their own.
struct walk {
    struct reader *reader;
    struct node *node;
    int count, manufacturer, reserved, duplicate;
};

static void add_record(struct walk *w, const struct otapack_zigbee_element *e)
{
    struct arena *a = w->reader->arena;
    const char *name = zigbee_tag_name(e->tag);
    struct node *part =
        node_part(a, w->node, "elements", w->count++, e->at, OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE);
    part->format = "zigbee_element";
    part->record = true;
    node_enum(a, part, "tag", e->tag, name, QUIET(0, 2));
    node_uint(a, part, "length", e->length, QUIET(2, 4));
    part->summary = name != NULL
                        ? arena_printf(a, "%s: %" PRIu32 " bytes", name, e->length)
                        : arena_printf(a, "tag 0x%04x: %" PRIu32 " bytes", e->tag, e->length);
}

// What an element holds is a part by its tag's name; what would be a second one, or has no name, is
// one of several.
static void add_data(struct walk *w, const struct otapack_zigbee_element *e, uint64_t size)
{
    const char *name = zigbee_tag_name(e->tag);
    int index = -1;
    if (name == NULL) {
        bool own = e->tag >= OTAPACK_ZIGBEE_MANUFACTURER;
        name = own ? "manufacturer" : "reserved";
        index = own ? w->manufacturer++ : w->reserved++;
    } else if (node_find(w->node, name, -1) != NULL) {
        name = "duplicate";
        index = w->duplicate++;
    }
    bool whole = size == e->length;
    struct node *part = read_part(w->reader, w->node, name, index, e->data_at, size,
                                  whole && e->tag == OTAPACK_ZIGBEE_IMAGE ? NULL : &format_raw);
    if (!whole) {
        part->error = arena_printf(
            w->reader->arena, "the element has %" PRIu32 " bytes, but only %" PRIu64 " are there",
            e->length, size);
    }
}

// Returns where what could be read ends.
static uint64_t add_elements(struct reader *r, struct node *n, const struct otapack_zigbee *z)
{
    struct walk w = {.reader = r, .node = n};
    uint64_t at = z->header_length, end = otapack_zigbee_end(&n->src, z);
    while (at < end && w.count < ZIGBEE_ELEMENTS_MOST) {
        struct otapack_zigbee_element e;
        bool whole = otapack_zigbee_element_read(&n->src, z, at, &e).code == OTAPACK_OK;
        if (!whole && e.data_at == 0) {
            return at; // not even its tag and length are there
        }
        add_record(&w, &e);
        add_data(&w, &e, whole ? e.length : end - e.data_at);
        at = whole ? otapack_zigbee_element_end(&e) : end;
    }
    return at;
}

// ---- The file -----------------------------------------------------------------------------------

static const char *summary_of(struct arena *a, const struct otapack_zigbee *z)
{
    return arena_printf(
        a, "Zigbee OTA file, manufacturer 0x%04x, image type 0x%04x, file version 0x%08" PRIx32,
        z->manufacturer, z->image_type, z->file_version);
}

// A header that cannot be read is shown as far as it goes.
static void give_up(struct reader *r, struct node *n, const struct otapack_zigbee *z,
                    struct otapack_status s)
{
    uint64_t size = n->src.size, at = 0;
    n->error = status_text(r->arena, n, s);
    n->summary = "Zigbee OTA file that cannot be read";
    if (s.code == OTAPACK_TRUNCATED || s.code == OTAPACK_FORBIDDEN) {
        at = size < OTAPACK_ZIGBEE_FIXED_SIZE ? 0 : OTAPACK_ZIGBEE_FIXED_SIZE;
    }
    if (at > 0) {
        add_fixed(r->arena, n, z);
        n->summary = summary_of(r->arena, z);
    }
    read_rest(r, n, "unread", -1, at, size - at);
}

static void zigbee_open(struct reader *r, struct node *n)
{
    struct otapack_zigbee z;
    struct otapack_status s = otapack_zigbee_open(&n->src, &z);
    if (s.code != OTAPACK_OK) {
        give_up(r, n, &z, s);
        return;
    }
    uint64_t end = otapack_zigbee_end(&n->src, &z);
    n->summary = summary_of(r->arena, &z);
    add_fixed(r->arena, n, &z);
    add_optional(r->arena, n, &z, z.header_length);
    end = end < z.header_length ? z.header_length : end;
    bool bare = zigbee_is_bare(&n->src, &z);
    if (bare) {
        (void)read_part(r, n, "image", -1, z.header_length, end - z.header_length,
                        &format_esp_image);
    }
    uint64_t at = bare ? end : add_elements(r, n, &z);
    n->has_more = at < end && node_find(n, "elements", ZIGBEE_ELEMENTS_MOST - 1) != NULL;
    read_rest(r, n, n->has_more ? "more" : "cut", -1, at, end - at);
    read_rest(r, n, "trailing", -1, end, n->src.size - end);
    NODE_KEEP(r->arena, n, z);
}

const struct format format_zigbee = {.name = "zigbee",
                                     .title = "Zigbee OTA file",
                                     .probe = zigbee_probe,
                                     .extent = zigbee_extent,
                                     .open = zigbee_open,
                                     .rules = {rules_zigbee},
                                     .application = "image",
                                     .container = CONTAINER_MATTER};
