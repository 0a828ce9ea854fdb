// SPDX-License-Identifier: Apache-2.0
//
// What an Arduino sketch for the ESP8266 is sent as: two images of version 1, eboot and the sketch.
#include "esp8266_tree.h"
#include "format_list.h"

// Of an image that can be read.
struct kept {
    struct esp8266_headers headers;
    struct otapack_esp8266_arduino arduino;
};

static const struct otapack_esp8266_arduino *arduino_of(const struct node *n)
{
    const struct kept *kept = n->parsed;
    return &kept->arduino;
}

static void add_stamp(struct reader *r, struct node *n, const struct otapack_esp8266_arduino *a)
{
    struct node *part =
        node_part(r->arena, n, "stamp", -1, a->stamp_at, OTAPACK_ESP8266_STAMP_SIZE);
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
    esp8266_add_settings(arena, n, &a.eboot.header);
    summarise(r, n, "ESP8266 Arduino image");
    (void)esp8266_add_image(r, n, "eboot", &a.eboot, eboot_good ? otapack_good() : s);
    if (!eboot_good) { // its probe has read it: the file changes, or its disk fails
        n->error = status_text(r->arena, n, s);
        return;
    }
    read_rest(r, n, "eboot_padding", -1, a.eboot.end, OTAPACK_ESP8266_SKETCH_AT - a.eboot.end);
    (void)esp8266_add_image(r, n, "sketch", &a.sketch, s);
    if (!good) {
        n->error = status_text(r->arena, n, s);
        return;
    }
    if (a.stamp_at != 0) {
        add_stamp(r, n, &a);
    }
    esp8266_add_digests(r, n);
    read_rest(r, n, "trailing", -1, a.sketch.end, n->src.size - a.sketch.end);
    struct kept kept = {{a.eboot.header, a.sketch.header, true}, a};
    NODE_KEEP(arena, n, kept);
}

static void check_header(struct judge *j, struct node *n)
{
    struct node *sketch = node_find(n, "sketch", -1);
    rule_esp8266_header(j, node_find(n, "eboot", -1));
    if (sketch != NULL) {
        rule_esp8266_header(j, sketch);
    }
}

static void check_sums(struct judge *j, struct node *n)
{
    const struct otapack_esp8266_arduino *a = arduino_of(n);
    rule_esp8266_checksum(j, node_find(n, "eboot", -1), &n->src, &a->eboot);
    rule_esp8266_sketch_checksum(j, node_find(n, "sketch", -1), &n->src, &a->sketch);
}

static void check_place(struct judge *j, struct node *n)
{
    rule_esp8266_place(j, node_find(n, "sketch", -1), &arduino_of(n)->sketch, false);
}

static void check_words(struct judge *j, struct node *n)
{
    rule_esp8266_words(j, n, arduino_of(n));
}

static const struct rule rules_before[] = {
    {.run = check_header, .unread = true},
    {.run = check_sums},
    {.run = NULL},
};
static const struct rule rules_behind[] = {
    {.run = check_place},
    {.run = check_words},
    {.run = NULL},
};

const struct format format_esp8266_arduino = {.name = "esp8266_arduino",
                                              .title = "ESP8266 Arduino image",
                                              .probe = is_esp8266_arduino,
                                              .open = esp8266_arduino_open,
                                              .signable = true,
                                              .rules = {rules_before, rules_esp8266_settings,
                                                        rules_behind, rules_esp8266_end,
                                                        rules_esp8266_sent}};
