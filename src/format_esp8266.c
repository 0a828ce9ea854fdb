// SPDX-License-Identifier: Apache-2.0
//
// Images of the ESP8266: of version 1, of version 2, and Arduino's, which are two of version 1.
#include <inttypes.h>
#include <string.h>

#include "digest.h"
#include "esp8266_tree.h"
#include "format.h"
#include "rule.h"
#include "text.h"

static void add_digest(struct reader *r, struct node *n, const char *name,
                       enum digest_algorithm algorithm, size_t size)
{
    uint8_t bytes[DIGEST_MAX_SIZE];
    if (digest_of(algorithm, &n->src, bytes)) {
        node_bytes(r->arena, n, name, bytes, size, DERIVED);
    }
}

void esp8266_add_digests(struct reader *r, struct node *n)
{
    add_digest(r, n, "md5", DIGEST_MD5, 16);
    add_digest(r, n, "sha256", DIGEST_SHA256, 32);
}

bool esp8266_is_image(const struct node *n)
{
    return node_is(n, &format_esp8266_arduino) || node_is(n, &format_esp8266_image);
}

bool esp8266_is_update(const struct node *n)
{
    return esp8266_is_image(n) || node_is(n, &format_gzip) || node_is(n, &format_esp8266_signed);
}

// ---- Headers and segments -----------------------------------------------------------------------

static const char *setting_name(const struct esp8266_setting *rows, uint8_t value)
{
    const struct esp8266_setting *row = esp8266_setting(rows, value);
    return row == NULL ? NULL : row->name;
}

static void add_settings(struct arena *a, struct node *n, const struct otapack_esp8266_header *h,
                         struct place mode, struct place freq_and_size)
{
    node_enum(a, n, "flash_mode", h->flash_mode, setting_name(esp8266_modes, h->flash_mode), mode);
    node_enum(a, n, "flash_freq", h->flash_freq, setting_name(esp8266_frequencies, h->flash_freq),
              freq_and_size);
    node_enum(a, n, "flash_size", h->flash_size, setting_name(esp8266_sizes, h->flash_size),
              freq_and_size);
}

static void add_header(struct arena *a, struct node *n, const struct otapack_esp8266_header *h)
{
    node_hex(a, n, "magic", h->magic, QUIET(0, 1));
    node_uint(a, n, "segment_count", h->segment_count, QUIET(1, 1));
    add_settings(a, n, h, SHOWN(2, 1), SHOWN(3, 1));
    node_hex(a, n, "entry_addr", h->entry_addr, SHOWN(4, 4));
}

// `at`: of the segment's header, in the node.
static void add_segment(struct arena *a, struct node *n, const char *name, int index, uint64_t at,
                        const struct otapack_esp_segment *seg)
{
    const uint32_t head = OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
    struct node *part = node_part(a, n, name, index, at, head + (uint64_t)seg->data_len);
    const char *memory = seg->load_addr == 0 ? "IROM" : esp8266_memory_name(seg->load_addr);
    part->format = "esp_segment";
    node_hex(a, part, "load_addr", seg->load_addr, QUIET(0, 4));
    node_uint(a, part, "data_len", seg->data_len, QUIET(4, 4));
    node_string(a, part, "memory", memory, strlen(memory), DERIVED_QUIET);
    node_uint(a, part, "data_offset", part->src.base + head, QUIET(head, seg->data_len));
    part->summary = arena_printf(a, "0x%08" PRIx32 "  %s", seg->load_addr, memory);
}

// ---- Version 1 ----------------------------------------------------------------------------------

// What was read of an image: `n` begins where the image does. `s` is what its parser said.
static void add_image(struct reader *r, struct node *n, const struct otapack_esp8266_image *image,
                      struct otapack_status s)
{
    struct arena *a = r->arena;
    uint64_t padding_at = image->padding_at - image->at;
    bool good = s.code == OTAPACK_OK;
    s.at -= image->at; // as the node has it
    n->format = format_esp8266_image.name;
    n->error = good ? NULL : status_text(r, n, s);
    if (padding_at > 0) {
        add_header(a, n, &image->header);
    }
    for (uint32_t i = 0; i < image->segments_read; i++) {
        add_segment(a, n, "segments", (int)i, image->segments[i].at - image->at,
                    &image->segments[i]);
    }
    if (good) {
        uint64_t checksum_at = image->checksum_at - image->at;
        node_uint(a, n, "padding", checksum_at - padding_at,
                  QUIET((int64_t)padding_at, checksum_at - padding_at));
        node_hex(a, n, "checksum", image->checksum, SHOWN((int64_t)checksum_at, 1));
    } else {
        read_rest(r, n, "unread", -1, padding_at, n->src.size - padding_at);
    }
    found(r, n, CHECK_ESP8266_HEADER, good, "%s", n->error);
}

static struct node *add_image_part(struct reader *r, struct node *n, const char *name,
                                   const struct otapack_esp8266_image *image,
                                   struct otapack_status s)
{
    uint64_t end = s.code == OTAPACK_OK ? image->end : n->src.size;
    struct node *part = node_part(r->arena, n, name, -1, image->at, end - image->at);
    part->summary = strcmp(name, "eboot") == 0 ? "the bootloader" : "the application";
    add_image(r, part, image, s);
    return part;
}

static void esp8266_image_open(struct reader *r, struct node *n)
{
    struct otapack_esp8266_image image;
    struct otapack_status s = otapack_esp8266_image_open(&n->src, 0, &image);
    n->summary = "ESP8266 image of version 1";
    add_image(r, n, &image, s);
    if (s.code != OTAPACK_OK) {
        return;
    }
    esp8266_add_digests(r, n);
    rule_esp8266_sketch_checksum(r, n, &n->src, &image);
    rule_esp8266_settings(r, n, &image.header, NULL);
    rule_esp8266_place(r, n, &image);
    esp8266_add_trailing(r, n, image.end);
    rule_esp8266_space(r, n);
}

const struct format format_esp8266_image = {.name = "esp8266_image",
                                            .title = "ESP8266 image of version 1",
                                            .probe = is_esp8266,
                                            .open = esp8266_image_open};

// ---- Version 2 ----------------------------------------------------------------------------------

static bool esp8266_v2_probe(const struct otapack_source *src)
{
    uint8_t head[2];
    return otapack_read(src, 0, head, sizeof(head), "").code == OTAPACK_OK &&
           head[0] == OTAPACK_ESP8266_V2_MAGIC && head[1] == OTAPACK_ESP8266_V2_COUNT;
}

static void esp8266_v2_open(struct reader *r, struct node *n)
{
    struct otapack_esp8266_v2 v2;
    struct otapack_status s = otapack_esp8266_v2_open(&n->src, &v2);
    n->summary = "ESP8266 image of version 2, for the SDK's bootloader";
    if (v2.header.magic != 0) {
        add_header(r->arena, n, &v2.header);
    }
    if (v2.image_at > 0) {
        add_segment(r->arena, n, "irom", -1, v2.irom.at, &v2.irom);
        bool whole = v2.crc_at > 0; // what is missing, if anything, is the CRC
        add_image_part(r, n, "image", &v2.image, whole ? otapack_good() : s);
    }
    if (s.code != OTAPACK_OK) {
        n->error = status_text(r, n, s);
        uint64_t read = v2.crc_at > 0          ? v2.crc_at
                        : v2.image_at > 0      ? n->src.size // its own rest is unread
                        : v2.header.magic != 0 ? OTAPACK_ESP8266_HEADER_SIZE
                                               : 0;
        read_rest(r, n, "unread", -1, read, n->src.size - read);
        found(r, n, CHECK_ESP8266_HEADER, false, "%s", n->error);
        return;
    }
    node_hex(r->arena, n, "crc", v2.crc, SHOWN((int64_t)v2.crc_at, 4));
    esp8266_add_digests(r, n);
    passed(r, n, CHECK_ESP8266_HEADER);
    rule_esp8266_checksum(r, n, &n->src, &v2.image);
    rule_esp8266_v2_crc(r, n, &v2);
    rule_esp8266_settings(r, n, &v2.header, NULL);
    esp8266_add_trailing(r, n, v2.end);
    rule_esp8266_space(r, n);
}

const struct format format_esp8266_v2 = {.name = "esp8266_v2",
                                         .title = "ESP8266 image of version 2",
                                         .probe = esp8266_v2_probe,
                                         .open = esp8266_v2_open};

// ---- Arduino ------------------------------------------------------------------------------------

static void add_stamp(struct reader *r, struct node *n, const struct otapack_esp8266_arduino *a)
{
    struct node *part = node_part(r->arena, n, "stamp", -1, OTAPACK_ESP8266_LENGTH_AT, 8);
    part->format = "esp8266_stamp";
    part->overlay = true;
    part->summary = "length and CRC of the whole";
    node_uint(r->arena, part, "length", a->stored_length, SHOWN(0, 4));
    node_hex(r->arena, part, "crc", a->crc, SHOWN(4, 4));
}

static void summarise(struct reader *r, struct node *n, const char *what)
{
    n->summary = arena_printf(r->arena, "%s, %s flash, %s %s", what, node_text(n, "flash_size"),
                              node_text(n, "flash_mode"), node_text(n, "flash_freq"));
}

static void esp8266_arduino_open(struct reader *r, struct node *n)
{
    struct otapack_esp8266_arduino a;
    struct otapack_status s = otapack_esp8266_arduino_open(&n->src, &a);
    struct arena *arena = r->arena;
    bool good = s.code == OTAPACK_OK, eboot_good = a.sketch.at != 0;
    add_settings(arena, n, &a.eboot.header, DERIVED, DERIVED);
    summarise(r, n, "ESP8266 Arduino image");
    struct node *eboot = add_image_part(r, n, "eboot", &a.eboot, eboot_good ? otapack_good() : s);
    if (!eboot_good) { // its probe has read it: the file changes, or its disk fails
        n->error = status_text(r, n, s);
        return;
    }
    read_rest(r, n, "eboot_padding", -1, a.eboot.end, OTAPACK_ESP8266_SKETCH_AT - a.eboot.end);
    struct node *sketch = add_image_part(r, n, "sketch", &a.sketch, s);
    if (!good) {
        n->error = status_text(r, n, s);
        return;
    }
    add_stamp(r, n, &a);
    esp8266_add_digests(r, n);
    rule_esp8266_checksum(r, eboot, &n->src, &a.eboot);
    rule_esp8266_sketch_checksum(r, sketch, &n->src, &a.sketch);
    rule_esp8266_settings(r, n, &a.eboot.header, &a.sketch.header);
    rule_esp8266_place(r, sketch, &a.sketch);
    rule_esp8266_words(r, n, &a);
    esp8266_add_trailing(r, n, a.sketch.end);
    rule_esp8266_space(r, n);
}

const struct format format_esp8266_arduino = {.name = "esp8266_arduino",
                                              .title = "ESP8266 Arduino image",
                                              .probe = is_esp8266_arduino,
                                              .open = esp8266_arduino_open};
