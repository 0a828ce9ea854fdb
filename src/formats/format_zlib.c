// SPDX-License-Identifier: Apache-2.0
//
// What zlib packed: an app for the ESP32 family, for an updater that unpacks it.
#include <otapack/zlib.h>

#include <inttypes.h>

#include "deflate.h"
#include "deflated.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "rule.h"

// Two bytes that so many others have say little: they must be ones that compressors write, and what
// follows must begin to unpack.
static bool zlib_probe(const struct otapack_source *src)
{
    enum { LEAST = 64 };
    struct otapack_zlib z;
    if (otapack_zlib_open(src, &z).code != OTAPACK_OK || z.window != 32768) {
        return false;
    }
    struct otapack_source deflated = otapack_part(src, OTAPACK_ZLIB_HEADER_SIZE, src->size);
    struct deflate_unpacked u = deflate_unpack(&deflated, NULL, LEAST, NULL);
    return u.answer == DEFLATE_GOOD || u.answer == DEFLATE_TOO_LARGE;
}

static void add_header(struct arena *a, struct node *n, const struct otapack_zlib *z)
{
    node_uint(a, n, "method", z->method, QUIET(0, 1));
    node_uint(a, n, "window", z->window, QUIET(0, 1));
    node_uint(a, n, "level", z->level, QUIET(1, 1));
}

static uint32_t big_endian(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static uint32_t add_adler(struct reader *r, struct node *n, uint64_t at)
{
    uint8_t raw[OTAPACK_ZLIB_END_SIZE] = {0};
    (void)otapack_read(&n->src, at, raw, sizeof(raw), ""); // read_content has seen that it is there
    uint32_t stored = big_endian(raw);
    node_hex(r->arena, n, "adler32", stored, QUIET((int64_t)at, sizeof(raw)));
    return stored;
}

static void zlib_open(struct reader *r, struct node *n)
{
    static const struct packed_end end = {OTAPACK_ZLIB_END_SIZE, "no Adler-32 follows"};
    struct otapack_zlib z = {0};
    uint64_t end_at;
    (void)otapack_zlib_open(&n->src, &z); // the probe has seen that it can be read
    add_header(r->arena, n, &z);
    if (deflated_read(r, n, OTAPACK_ZLIB_HEADER_SIZE, &end, &end_at)) {
        uint32_t adler = add_adler(r, n, end_at);
        esp8266_add_digests(r, n);
        NODE_KEEP(r->arena, n, adler);
    }
}

static void zlib_judge(struct judge *j, struct node *n)
{
    const uint32_t *adler = n->parsed;
    const struct node *content = node_find(n, "content", -1);
    found(j, n, CHECK_ZLIB_DATA, n->error == NULL, "%s", n->error);
    if (adler == NULL) {
        return;
    }
    uint32_t counted = deflate_adler(content->src.bytes, (size_t)content->src.size);
    found(j, n, CHECK_ZLIB_ADLER, *adler == counted,
          "the Adler-32 is 0x%08" PRIx32 ", what it unpacks to gives 0x%08" PRIx32, *adler,
          counted);
    bool app = is_image(content, "app");
    found(j, n, CHECK_ZLIB_CONTENT, app, "what is compressed is: %s", content->summary);
    if (app && *adler == counted) {
        found(j, n, CHECK_APP_COMPRESSED, false, "what is compressed is: %s", content->summary);
    }
}

static const struct rule rules[] = {{.run = zlib_judge, .unread = true}, {.run = NULL}};

const struct format format_zlib = {.name = "zlib",
                                   .title = "zlib data",
                                   .probe = zlib_probe,
                                   .open = zlib_open,
                                   .content = &transform_deflate,
                                   .rules = {rules},
                                   .outermost = true};
