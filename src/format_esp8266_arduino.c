// SPDX-License-Identifier: Apache-2.0
//
// What an Arduino sketch for the ESP8266 is sent as: two images of version 1, eboot and the sketch.
#include "esp8266_tree.h"
#include "format.h"
#include "rule.h"
#include "source.h"
#include "text.h"

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
    struct node *eboot =
        esp8266_add_image(r, n, "eboot", &a.eboot, eboot_good ? otapack_good() : s);
    if (!eboot_good) { // its probe has read it: the file changes, or its disk fails
        n->error = status_text(r, n, s);
        return;
    }
    read_rest(r, n, "eboot_padding", -1, a.eboot.end, OTAPACK_ESP8266_SKETCH_AT - a.eboot.end);
    struct node *sketch = esp8266_add_image(r, n, "sketch", &a.sketch, s);
    if (!good) {
        n->error = status_text(r, n, s);
        return;
    }
    if (a.stamp_at != 0) {
        add_stamp(r, n, &a);
    }
    esp8266_add_digests(r, n);
    rule_esp8266_checksum(r, eboot, &n->src, &a.eboot);
    rule_esp8266_sketch_checksum(r, sketch, &n->src, &a.sketch);
    rule_esp8266_settings(r, n, &a.eboot.header, &a.sketch.header);
    rule_esp8266_place(r, sketch, &a.sketch, false);
    rule_esp8266_words(r, n, &a);
    esp8266_add_trailing(r, n, a.sketch.end);
    rule_esp8266_space(r, n);
}

const struct format format_esp8266_arduino = {.name = "esp8266_arduino",
                                              .title = "ESP8266 Arduino image",
                                              .probe = is_esp8266_arduino,
                                              .open = esp8266_arduino_open};
