// SPDX-License-Identifier: Apache-2.0
//
// What a Zigbee OTA file must be for a gateway to offer it, and for a device to take it.
//
// Source of the facts: esp-zigbee-sdk, its OTA client example of 2026 and of 1.x, which the Arduino
// core has; zigpy, image.py; Koenkk/zigbee-OTA, common.ts.
#include <inttypes.h>

#include "device.h"
#include "format_list.h"
#include "partition_name.h"
#include "rule.h"
#include "text.h"
#include "zigbee_tree.h"

// ---- The header ---------------------------------------------------------------------------------

static void check_readable(struct judge *j, struct node *n)
{
    found(j, n, CHECK_ZIGBEE_HEADER, n->error == NULL, "%s", n->error);
}

static void check_header(struct judge *j, struct node *n)
{
    const struct otapack_zigbee *z = n->parsed;
    uint32_t size = otapack_zigbee_header_size(z->field_control);
    bool room = z->header_length <= OTAPACK_ZIGBEE_MAX_HEADER;
    found(j, n, CHECK_ZIGBEE_HEADER_ROOM, room, "header_length is %u", z->header_length);
    if (room) {
        found(j, n, CHECK_ZIGBEE_FIELDS, z->header_length == size,
              "header_length is %u, the fields of field_control 0x%x make it %" PRIu32,
              z->header_length, z->field_control, size);
    }
    found(j, n, CHECK_ZIGBEE_VERSION, z->header_version == OTAPACK_ZIGBEE_HEADER_VERSION,
          "header_version is 0x%x", z->header_version);
}

static void check_size(struct judge *j, struct node *n)
{
    const struct otapack_zigbee *z = n->parsed;
    uint64_t size = n->src.size;
    bool whole = z->header_length <= z->total_size && z->total_size <= size;
    found(j, n, CHECK_ZIGBEE_SIZE, whole,
          "total_size says %s bytes, the header has %u, and the file %s",
          text_count(j->arena, z->total_size), z->header_length, text_count(j->arena, size));
    found(j, n, CHECK_ZIGBEE_TRAILING, !whole || z->total_size == size,
          "it ends at 0x%" PRIx32 ", and the file goes on for %s", z->total_size,
          text_size(j->arena, whole ? size - z->total_size : 0));
}

static void check_hardware(struct judge *j, struct node *n)
{
    const struct otapack_zigbee *z = n->parsed;
    found(j, n, CHECK_ZIGBEE_HARDWARE, z->min_hardware <= z->max_hardware,
          "min_hardware_version 0x%x is above max_hardware_version 0x%x", z->min_hardware,
          z->max_hardware);
}

static void check_wild_cards(struct judge *j, struct node *n)
{
    const struct otapack_zigbee *z = n->parsed;
    const char *what = z->manufacturer == ZIGBEE_WILD_CARD ? "manufacturer is 0xffff"
                       : z->image_type == ZIGBEE_WILD_CARD ? "image_type is 0xffff"
                       : z->file_version == UINT32_MAX     ? "file_version is 0xffffffff"
                                                           : NULL;
    found(j, n, CHECK_ZIGBEE_WILD_CARD, what == NULL, "%s", what);
}

static bool begins_with_magic(const struct otapack_source *src, uint64_t at)
{
    uint8_t magic[4];
    return otapack_read(src, at, magic, sizeof(magic), "").code == OTAPACK_OK &&
           otapack_le32(magic) == OTAPACK_ZIGBEE_MAGIC;
}

static bool is_double(const struct node *n)
{
    return begins_with_magic(&n->src, ((const struct otapack_zigbee *)n->parsed)->header_length);
}

static bool is_firmware(const struct node *n)
{
    return otapack_zigbee_is_firmware_(((const struct otapack_zigbee *)n->parsed)->image_type);
}

// Has it all of its elements, and no other header in their place?
static bool has_elements(const struct node *n)
{
    const struct otapack_zigbee *z = n->parsed;
    return z->header_length <= z->total_size && z->total_size <= n->src.size && !is_double(n);
}

// ---- The elements -------------------------------------------------------------------------------

// What there is of elements, told of the first one that is at fault.
struct elements {
    uint64_t count, images;
    bool ends; // the last one ends where the file does
    struct otapack_zigbee_element last, empty, tag, length;
    bool has_empty, has_tag, has_length;
};

static void count_element(struct elements *s, const struct otapack_zigbee_element *e, uint64_t end)
{
    uint32_t size = zigbee_tag_size(e->tag);
    bool known = zigbee_tag_name(e->tag) != NULL || e->tag >= OTAPACK_ZIGBEE_MANUFACTURER;
    s->count++;
    s->images += e->tag == OTAPACK_ZIGBEE_IMAGE ? 1 : 0;
    if (!s->has_empty && e->length == 0 && e->data_at < end) {
        s->has_empty = true;
        s->empty = *e;
    }
    if (!s->has_tag && !known) {
        s->has_tag = true;
        s->tag = *e;
    }
    if (!s->has_length && size != 0 && e->length != size) {
        s->has_length = true;
        s->length = *e;
    }
}

static struct elements elements_of(const struct node *n)
{
    const struct otapack_zigbee *z = n->parsed;
    struct elements s = {.ends = true};
    uint64_t at = z->header_length, end = otapack_zigbee_end(&n->src, z);
    while (s.ends && at < end) {
        s.ends = otapack_zigbee_element_read(&n->src, z, at, &s.last).code == OTAPACK_OK;
        if (s.last.data_at != 0) {
            count_element(&s, &s.last, end);
        }
        at = otapack_zigbee_element_end(&s.last);
    }
    return s;
}

static void tell_element_size(struct judge *j, struct node *n, const struct elements *s)
{
    const struct otapack_zigbee_element *e = &s->last;
    uint64_t end = otapack_zigbee_end(&n->src, n->parsed);
    if (!s->ends && e->data_at == 0) {
        found(j, n, CHECK_ZIGBEE_ELEMENT_SIZE, false,
              "behind the elements are bytes too few for another one's tag and length");
        return;
    }
    found(j, n, CHECK_ZIGBEE_ELEMENT_SIZE, s->ends,
          "the element at 0x%" PRIx64 " with tag 0x%x says that it ends at 0x%" PRIx64
          ", the file's end is 0x%" PRIx64,
          e->at, e->tag, otapack_zigbee_element_end(e), end);
}

static bool is_bare(const struct node *n)
{
    return zigbee_is_bare(&n->src, n->parsed);
}

static void check_elements(struct judge *j, struct node *n)
{
    struct elements s = elements_of(n);
    found(j, n, CHECK_ZIGBEE_BARE, !is_bare(n), "an app stands right behind the header");
    if (is_bare(n)) {
        return;
    }
    tell_element_size(j, n, &s);
    if (!s.ends) {
        return; // what stands behind one that is too long is anything
    }
    found(j, n, CHECK_ZIGBEE_ELEMENT_EMPTY, !s.has_empty,
          "the element at 0x%" PRIx64 " with tag 0x%x has no bytes, and others follow it",
          s.empty.at, s.empty.tag);
    found(j, n, CHECK_ZIGBEE_ELEMENT_TAG, !s.has_tag,
          "the element at 0x%" PRIx64 " has tag 0x%x, which Zigbee has reserved", s.tag.at,
          s.tag.tag);
    found(j, n, CHECK_ZIGBEE_ELEMENT_LENGTH, !s.has_length,
          "the element at 0x%" PRIx64 ", %s, has %" PRIu32 " bytes, and should have %" PRIu32,
          s.length.at, s.has_length ? zigbee_tag_name(s.length.tag) : "", s.length.length,
          zigbee_tag_size(s.length.tag));
    found(j, n, CHECK_ZIGBEE_IMAGES, s.images <= 1, "there are %s images",
          text_count(j->arena, s.images));
    if (is_firmware(n)) {
        found(j, n, CHECK_ZIGBEE_IMAGE, s.images > 0 && node_find(n, "image", -1) != NULL,
              s.images == 0 ? "none of its elements has tag 0"
                            : "its image lies behind 256 others, more than otapack looks at");
        found(j, n, CHECK_ZIGBEE_ELEMENT_ALONE, s.images != 1 || s.count == 1,
              "elements beside the image: %s", text_count(j->arena, s.count - 1));
    }
}

// ---- The image ----------------------------------------------------------------------------------

static struct node *image_of(const struct node *n)
{
    return node_find(n, "image", -1);
}

// One that a device is to run.
static bool has_image(const struct node *n)
{
    const struct node *image = image_of(n);
    return image != NULL && image->error == NULL && is_firmware(n);
}

static bool has_app(const struct node *n)
{
    return has_image(n) && is_image(image_of(n), "app");
}

static bool has_hardware(const struct node *n)
{
    return ((const struct otapack_zigbee *)n->parsed)->has_hardware;
}

static void check_double(struct judge *j, struct node *n)
{
    const struct node *image = image_of(n);
    bool behind = is_double(n);
    bool inside = image != NULL && begins_with_magic(&image->src, 0);
    found(j, n, CHECK_ZIGBEE_DOUBLE, !behind && !inside, "%s",
          behind ? "behind the header stands another one" : "its image is a Zigbee OTA file again");
}

static void check_image(struct judge *j, struct node *n)
{
    struct node *image = image_of(n);
    bool bad = rule_is_no_update(image);
    if (begins_with_magic(&image->src, 0)) {
        return; // which says more
    }
    if (j->options->slot != NULL) {
        rule_slot(j, image, j->options->slot);
    } else {
        found(j, image, CHECK_SLOT_CONTENT, !bad, "no device can be updated with this image: %s",
              image->summary);
    }
    if (!bad) {
        bool known = node_is(image, &format_esp_image) || node_is(image, &format_delta) ||
                     node_is(image, &format_rcp_image);
        found(j, n, CHECK_ZIGBEE_PAYLOAD, known, "the image: %s", image->summary);
    }
}

// The client compares what it is to write, and the 6 bytes before it.
static void check_partition(struct judge *j, struct node *n)
{
    struct device d;
    const struct node *image = image_of(n);
    if (!device_open(&d, j->options->host_table)) {
        return; // which is refused already
    }
    struct device_outlook o = device_outlook(&d);
    const struct otapack_partition *smallest = device_smallest_slot(&d, &o);
    if (smallest != NULL && image->src.size <= smallest->size) { // or host-slot says so
        uint32_t head = is_bare(n) ? 0 : OTAPACK_ZIGBEE_ELEMENT_HEAD_SIZE;
        found(j, n, CHECK_ZIGBEE_PARTITION, image->src.size + head <= smallest->size,
              "the app has %s bytes, and 6 before them, OTA partition %s has %s",
              text_count(j->arena, image->src.size), partition_label(j->arena, smallest),
              text_count(j->arena, smallest->size));
    }
}

const struct rule rules_zigbee[] = {
    {.run = check_readable, .unread = true},
    {.run = check_header},
    {.run = check_size},
    {.run = check_hardware, .concerns = has_hardware},
    {.run = check_wild_cards},
    {.run = check_elements, .concerns = has_elements},
    {.run = check_double},
    {.run = check_image, .concerns = has_image},
    {.run = check_partition,
     .concerns = has_app,
     .needs = TARGET_TABLE,
     .says = RULE_SAYS(CHECK_ZIGBEE_PARTITION)},
    {.run = NULL},
};
