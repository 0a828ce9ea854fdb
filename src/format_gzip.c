// SPDX-License-Identifier: Apache-2.0
//
// What gzip packed. An ESP8266 unpacks it by itself; of the ESP32 family, only apps that bring what
// does.
#include <inttypes.h>
#include <otapack/gzip.h>

#include "deflated.h"
#include "esp8266_tree.h"
#include "format.h"
#include "fs_image.h"
#include "rule.h"
#include "source.h"
#include "text.h"
#include "zip.h"

static bool gzip_probe(const struct otapack_source *src)
{
    uint8_t head[2];
    return otapack_read(src, 0, head, sizeof(head), "").code == OTAPACK_OK &&
           otapack_le16(head) == OTAPACK_GZIP_MAGIC;
}

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

// Says what is wrong, and shows the bytes from `at` on as they are.
static void give_up(struct reader *r, struct node *n, enum check_id check, uint64_t at,
                    const char *error)
{
    n->error = error;
    n->summary = "gzip file that cannot be unpacked";
    read_rest(r, n, "unread", -1, at, n->src.size - at);
    found(r, n, check, false, "%s", error);
}

// The deflated data, CRC and length: false where they do not end as they should.
static bool unpack(struct reader *r, struct node *n, uint64_t at, struct zip_unpacked *u)
{
    const char *fault = deflated_try(r, n, at, u);
    if (fault == NULL && !otapack_has(&n->src, at + u->packed, OTAPACK_GZIP_END_SIZE)) {
        fault = "the compressed data end, and no CRC and length follow";
    }
    if (fault != NULL) {
        give_up(r, n, CHECK_GZIP_DATA, at, fault);
    }
    return fault == NULL;
}

static bool is_esp32(const struct node *content)
{
    return node_is(content, &format_esp_image) || node_is(content, &format_flash);
}

static void check_content(struct reader *r, struct node *n, const struct node *content)
{
    bool holds_signed = node_is(content, &format_esp8266_signed);
    const struct node *image = holds_signed ? node_find(content, "image", -1) : content;
    bool other = is_esp32(content);
    // Signed as only an ESP8266 looks at it, it is for that, where eboot unpacks what comes.
    bool by_eboot = n->parent != NULL && node_is(n->parent, &format_esp8266_signed);
    // A whole flash, too: eboot unpacks to address 0, and the ROM starts what is there then.
    bool known = esp8266_is_image(image) || node_is(image, &format_esp8266_flash) ||
                 fs_image_is(image) || (other && !by_eboot);
    bool all = r->left->parts > 0; // what was left closed has been judged by nobody
    found(r, n, CHECK_GZIP_CONTENT, known && all, "what is compressed is: %s%s", content->summary,
          all ? "" : ", with more parts than the 128 that are looked at");
    if (known) {
        found(r, n, CHECK_APP_COMPRESSED, !other, "what is compressed is: %s", content->summary);
    }
    if (holds_signed) {
        found(r, n, CHECK_ESP8266_SIG_INSIDE, false, "what is compressed is signed already");
    }
}

static void check_end(struct reader *r, struct node *n, uint64_t at, const struct zip_unpacked *u)
{
    uint8_t end[OTAPACK_GZIP_END_SIZE] = {0};
    (void)otapack_read(&n->src, at, end, sizeof(end), ""); // unpack() has seen that it is there
    uint32_t crc = otapack_le32(end), length = otapack_le32(end + 4);
    node_hex(r->arena, n, "crc32", crc, QUIET((int64_t)at, 4));
    node_uint(r->arena, n, "length", length, SHOWN((int64_t)at + 4, 4));
    found(r, n, CHECK_GZIP_CRC, crc == u->crc,
          "the CRC is 0x%08" PRIx32 ", what it unpacks to gives 0x%08" PRIx32, crc, u->crc);
    found(r, n, CHECK_GZIP_LENGTH, length == u->size,
          "the length says %s bytes, and it unpacks to %s", text_count(r->arena, length),
          text_count(r->arena, u->size));
}

static void gzip_open(struct reader *r, struct node *n)
{
    struct otapack_gzip gz;
    struct zip_unpacked u;
    struct otapack_status s = otapack_gzip_open(&n->src, &gz);
    if (s.code != OTAPACK_OK) {
        give_up(r, n, CHECK_GZIP_HEADER, 0, status_text(r, n, s));
        return;
    }
    add_header(r->arena, n, &gz);
    passed(r, n, CHECK_GZIP_HEADER);
    if (!unpack(r, n, gz.compressed_at, &u)) {
        return;
    }
    uint64_t end = gz.compressed_at + u.packed;
    passed(r, n, CHECK_GZIP_DATA);
    deflated_add(r->arena, n, gz.compressed_at, u.packed);
    check_end(r, n, end, &u);
    esp8266_add_digests(r, n);
    struct node *content = deflated_content(r, n, gz.compressed_at, &u);
    n->summary =
        arena_printf(r->arena, "gzip of %s: %s", text_size(r->arena, u.size), content->summary);
    end += OTAPACK_GZIP_END_SIZE;
    if (is_esp32(content)) { // whose unpackers do not look for the length at the end of the file
        read_rest(r, n, "trailing", -1, end, n->src.size - end);
    } else {
        esp8266_add_trailing(r, n, end);
    }
    check_content(r, n, content);
    bool sketch = !is_esp32(content) && !fs_image_is(content);
    if (sketch) {
        rule_esp8266_space(r, n);
    }
    if (sketch && !r->options->structure_only) {
        rule_esp8266_copy(r, n, gz.compressed_at, u.size);
    }
}

const struct format format_gzip = {.name = "gzip",
                                   .title = "gzip file",
                                   .probe = gzip_probe,
                                   .open = gzip_open,
                                   .outermost = true};
