// SPDX-License-Identifier: Apache-2.0
//
// Source of the facts: Updater.cpp of the cores for the ESP8266 (3.1) and the ESP32 (3.3). The one
// for the ESP8266 writes whatever begins with 0xE9 or 0x1F, and what was sent is copied to the
// start of the flash.
#include "arduino_upload.h"

#include "esp8266_flash.h"
#include "esp8266_tree.h"
#include "esp_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "kinds.h"

// What an ESP8266 starts, copied to the start of its flash: no app that was linked for another
// place, as those of ESP8266_RTOS_SDK are.
static bool is_sketch(const struct node *n)
{
    if (esp8266_signature(n) != NULL) {
        n = node_find(n, "image", -1);
    }
    if (n != NULL && node_is(n, &format_gzip)) {
        n = node_find(n, "content", -1);
    }
    return n != NULL && ((esp8266_is_image(n) && !esp8266_is_rtos_app(n)) ||
                         (node_is(n, &format_esp8266_flash) && esp8266_flash_base(n) == 0));
}

static bool is_app(const struct node *n)
{
    return is_esp_image(n) && n->parsed != NULL && esp_is_app(n);
}

bool arduino_upload_of(const struct node *root, bool filesystem, struct arduino_upload *out)
{
    bool is_fs = is_fs_update(root) || (filesystem && node_is(root, &format_raw));
    bool is_signed = esp8266_signature(root) != NULL;
    out->filesystem = is_fs;
    out->core = is_app(root)                              ? ARDUINO_ESP32
                : is_sketch(root) || (is_fs && is_signed) ? ARDUINO_ESP8266
                                                          : ARDUINO_ANY;
    return is_fs || out->core != ARDUINO_ANY;
}

// The first part that is one, of those that are for the same device as the file.
static const struct node *find(const struct node *n, bool filesystem)
{
    const struct node *found = NULL;
    for (const struct node *part = n->parts; part != NULL && found == NULL; part = part->next) {
        struct arduino_upload is;
        bool takes = part->opened != NULL && !node_is_elsewhere(part) &&
                     arduino_upload_of(part, false, &is) && is.filesystem == filesystem;
        found = takes ? part : find(part, filesystem);
    }
    return found;
}

// What is encrypted shows no more than that.
static bool is_closed(const struct node *n)
{
    bool closed = (n->needs & NEED_DECRYPT_KEY) != 0;
    for (const struct node *part = n->parts; part != NULL && !closed; part = part->next) {
        closed = is_closed(part);
    }
    return closed;
}

const char *arduino_upload_inside(struct arena *a, const struct node *root)
{
    const struct node *part = find(root, false);
    part = part == NULL ? find(root, true) : part;
    return part != NULL ? node_path(a, part) : is_closed(root) ? "content --decrypt-key KEY" : NULL;
}
