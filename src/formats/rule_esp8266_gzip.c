// SPDX-License-Identifier: Apache-2.0
//
// What gzip packed, and who is to undo it: the ESP8266's eboot does by itself; of the ESP32 family,
// only apps that bring what does.
#include <inttypes.h>

#include "eboot.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"

// What it unpacks to; NULL: it cannot be unpacked.
static const struct node *content_of(const struct node *n)
{
    return node_find(n, "content", -1);
}

static bool is_unpacked(const struct node *n)
{
    return content_of(n) != NULL;
}

static bool is_esp32(const struct node *content)
{
    return node_is(content, &format_esp_image) || node_is(content, &format_flash);
}

// Else it is for the ESP32 family, whose unpackers do not look for the length at the end of the
// file.
static bool is_for_esp8266(const struct node *n)
{
    return is_unpacked(n) && !is_esp32(content_of(n));
}

static bool holds_sketch(const struct node *n)
{
    return is_for_esp8266(n) && !fs_image_is(content_of(n));
}

static bool is_sent_sketch(const struct node *n)
{
    return holds_sketch(n) && esp8266_is_sent(n);
}

static void check_content(struct judge *j, struct node *n)
{
    const struct node *content = content_of(n);
    bool holds_signed = node_is(content, &format_esp8266_signed);
    const struct node *image = holds_signed ? node_find(content, "image", -1) : content;
    bool other = is_esp32(content);
    // Signed as only an ESP8266 looks at it, it is for that, where eboot unpacks what comes.
    bool by_eboot = n->parent != NULL && node_is(n->parent, &format_esp8266_signed);
    // A whole flash, too: eboot unpacks to address 0, and the ROM starts what is there then.
    bool known = esp8266_is_image(image) || node_is(image, &format_esp8266_flash) ||
                 fs_image_is(image) || (other && !by_eboot);
    found(j, n, CHECK_GZIP_CONTENT, known && !content->has_more, "what is compressed is: %s%s",
          content->summary,
          content->has_more ? ", with more parts than the 128 that are looked at" : "");
    if (known) {
        found(j, n, CHECK_APP_COMPRESSED, !other, "what is compressed is: %s", content->summary);
    }
    if (holds_signed) {
        found(j, n, CHECK_ESP8266_SIG_INSIDE, false, "what is compressed is signed already");
    }
}

// Does eboot write over what it has yet to read, or over the file system?
static void check_copy(struct judge *j, struct node *n)
{
    const uint64_t fs_start = j->options->esp8266.fs_start; // it is known: see needs
    const struct node *sent = node_is(n->parent, &format_esp8266_signed) ? n->parent : n;
    const struct otapack_source *deflated = &node_find(n, "compressed", -1)->src;
    if (!esp8266_is_sent(sent)) {
        return;
    }
    struct eboot_copy copy = {.fs_start = fs_start,
                              .sent = esp8266_sectors(sent->src.size),
                              .packed = n->src.size,
                              .compressed_at = deflated->base - n->src.base,
                              .size = content_of(n)->src.size};
    eboot_copy(&copy, deflated);
    const char *what = copy.sent > fs_start ? "the update itself is larger than what lies before "
                                              "the file system"
                       : copy.hits_unread   ? "eboot would write over compressed data that it has "
                                              "not read yet"
                                            : "what it unpacks to would reach into the file system";
    found(j, n, CHECK_ESP8266_COPY, copy.needed <= fs_start,
          "%s, at 0x%" PRIx64 " of the flash; this update needs a file system that begins at "
          "0x%" PRIx64 " or later, and this one begins at 0x%" PRIx64,
          what, copy.hit_at, copy.needed, fs_start);
}

const struct rule rules_esp8266_gzip[] = {
    {.run = rule_esp8266_end, .concerns = is_for_esp8266},
    {.run = check_content, .concerns = is_unpacked},
    {.run = rule_esp8266_space,
     .concerns = is_sent_sketch,
     .needs = NEED_ROOM,
     .says = RULE_SAYS(CHECK_ESP8266_FREE_SPACE)},
    {.run = check_copy,
     .concerns = holds_sketch,
     .needs = NEED_LAYOUT,
     .says = RULE_SAYS(CHECK_ESP8266_COPY)},
    {.run = NULL},
};
