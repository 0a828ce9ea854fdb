// SPDX-License-Identifier: Apache-2.0
//
// What gzip packed. An ESP8266 unpacks it by itself; of the ESP32 family, only apps that bring what
// does.
#include <inttypes.h>
#include <otapack/gzip.h>

#include "deflate.h"
#include "deflated.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "need.h"
#include "rule.h"
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
    uint64_t compressed_at;
    struct deflate_unpacked unpacked;
    uint32_t crc, length; // as they stand behind the data
    bool all;             // of what it unpacks to was opened: what was left closed nobody judges
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

// Shows the bytes from `at` on as they are.
static void give_up(struct reader *r, struct node *n, uint64_t at, const char *error)
{
    n->error = error;
    n->summary = "gzip file that cannot be unpacked";
    read_rest(r, n, "unread", -1, at, n->src.size - at);
}

// The deflated data, CRC and length: false where they do not end as they should.
static bool unpack(struct reader *r, struct node *n, uint64_t at, struct deflate_unpacked *u)
{
    const char *fault = deflated_try(r, n, at, u);
    if (fault == NULL && !otapack_has(&n->src, at + u->packed, OTAPACK_GZIP_END_SIZE)) {
        fault = "the compressed data end, and no CRC and length follow";
    }
    if (fault != NULL) {
        give_up(r, n, at, fault);
    }
    return fault == NULL;
}

static bool is_esp32(const struct node *content)
{
    return node_is(content, &format_esp_image) || node_is(content, &format_flash);
}

static void check_content(struct judge *j, struct node *n)
{
    const struct node *content = node_find(n, "content", -1);
    bool holds_signed = node_is(content, &format_esp8266_signed);
    const struct node *image = holds_signed ? node_find(content, "image", -1) : content;
    bool other = is_esp32(content);
    // Signed as only an ESP8266 looks at it, it is for that, where eboot unpacks what comes.
    bool by_eboot = n->parent != NULL && node_is(n->parent, &format_esp8266_signed);
    // A whole flash, too: eboot unpacks to address 0, and the ROM starts what is there then.
    bool known = esp8266_is_image(image) || node_is(image, &format_esp8266_flash) ||
                 fs_image_is(image) || (other && !by_eboot);
    const struct kept *kept = n->parsed;
    found(j, n, CHECK_GZIP_CONTENT, known && kept->all, "what is compressed is: %s%s",
          content->summary, kept->all ? "" : ", with more parts than the 128 that are looked at");
    if (known) {
        found(j, n, CHECK_APP_COMPRESSED, !other, "what is compressed is: %s", content->summary);
    }
    if (holds_signed) {
        found(j, n, CHECK_ESP8266_SIG_INSIDE, false, "what is compressed is signed already");
    }
}

static void add_end(struct reader *r, struct node *n, uint64_t at, struct kept *kept)
{
    uint8_t end[OTAPACK_GZIP_END_SIZE] = {0};
    (void)otapack_read(&n->src, at, end, sizeof(end), ""); // unpack() has seen that it is there
    kept->crc = otapack_le32(end);
    kept->length = otapack_le32(end + 4);
    node_hex(r->arena, n, "crc32", kept->crc, QUIET((int64_t)at, 4));
    node_uint(r->arena, n, "length", kept->length, SHOWN((int64_t)at + 4, 4));
}

static void check_end(struct judge *j, struct node *n)
{
    const struct kept *kept = n->parsed;
    const struct deflate_unpacked *u = &kept->unpacked;
    found(j, n, CHECK_GZIP_CRC, kept->crc == u->crc,
          "the CRC is 0x%08" PRIx32 ", what it unpacks to gives 0x%08" PRIx32, kept->crc, u->crc);
    found(j, n, CHECK_GZIP_LENGTH, kept->length == u->size,
          "the length says %s bytes, and it unpacks to %s", text_count(j->arena, kept->length),
          text_count(j->arena, u->size));
}

static void gzip_open(struct reader *r, struct node *n)
{
    struct otapack_gzip gz;
    struct otapack_status s = otapack_gzip_open(&n->src, &gz);
    if (s.code != OTAPACK_OK) {
        give_up(r, n, 0, status_text(r->arena, n, s));
        return;
    }
    struct kept kept = {.compressed_at = gz.compressed_at};
    const struct deflate_unpacked *u = &kept.unpacked;
    add_header(r->arena, n, &gz);
    if (unpack(r, n, gz.compressed_at, &kept.unpacked)) {
        uint64_t end = gz.compressed_at + u->packed;
        deflated_add(r->arena, n, gz.compressed_at, u->packed);
        add_end(r, n, end, &kept);
        esp8266_add_digests(r, n);
        const struct node *content = deflated_content(r, n, gz.compressed_at, u);
        n->summary = arena_printf(r->arena, "gzip of %s: %s", text_size(r->arena, u->size),
                                  content->summary);
        kept.all = r->left->parts > 0;
        end += OTAPACK_GZIP_END_SIZE;
        read_rest(r, n, "trailing", -1, end, n->src.size - end);
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

// Else it is for the ESP32 family, whose unpackers do not look for the length at the end of the
// file.
static bool is_for_esp8266(const struct node *n)
{
    return is_unpacked(n) && !is_esp32(node_find(n, "content", -1));
}

static bool holds_sketch(const struct node *n)
{
    return is_for_esp8266(n) && !fs_image_is(node_find(n, "content", -1));
}

static bool is_sent_sketch(const struct node *n)
{
    return holds_sketch(n) && esp8266_is_sent(n);
}

static void check_copy(struct judge *j, struct node *n)
{
    const struct kept *kept = n->parsed;
    rule_esp8266_copy(j, n, kept->compressed_at, kept->unpacked.size);
}

static const struct rule rules[] = {
    {.run = check_header, .unread = true},
    {.run = check_data},
    {.run = check_end, .concerns = is_unpacked},
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

const struct format format_gzip = {.name = "gzip",
                                   .title = "gzip file",
                                   .probe = gzip_probe,
                                   .first = true,
                                   .open = gzip_open,
                                   .closed = "gzip",
                                   .rules = {rules},
                                   .outermost = true};
