// SPDX-License-Identifier: Apache-2.0
//
// A compressed image: an app that xz packed, with a header of its own in front, and the app's own
// header before that where updates are taken by esp_ota. Signed, it is signed data, as which it is
// read; then what fills it up is behind its end.
#include <otapack/compressed_image.h>

#include <inttypes.h>
#include <string.h>

#include "crc.h"
#include "digest_span.h"
#include "format_list.h"
#include "rule.h"
#include "signature.h"
#include "source.h"
#include "text.h"
#include "transform.h"
#include "xz.h"

enum {
    HEADER = OTAPACK_COMPRESSED_IMAGE_HEADER_SIZE,
    APP_HEADER = OTAPACK_COMPRESSED_IMAGE_APP_HEADER_SIZE,
    DICTIONARY_USUAL = 64 * 1024,
    SEGMENTS_AT = 1, // in an app's header
};

// Of one whose header can be read.
struct parsed {
    struct otapack_compressed_image img;
    uint64_t dictionary; // 0: not known
    unsigned failed;     // by which check it could not be unpacked; CHECK_COUNT: it could
};

// ---- What is inside -----------------------------------------------------------------------------

static const struct {
    const char *text;
    unsigned check;
} faults[] = {
    [XZ_NOT_XZ] = {"the data are none that xz wrote", CHECK_COMPRESSED_XZ},
    [XZ_CHECKSUM] = {"the checksums of the xz data are neither CRC-32 nor none",
                     CHECK_COMPRESSED_XZ},
    [XZ_FILTERED] = {"the xz data have filters besides LZMA2, such as --x86 or --delta",
                     CHECK_COMPRESSED_XZ},
    [XZ_DICTIONARY] = {"the xz data want a dictionary of more than 512 KiB",
                       CHECK_COMPRESSED_DICTIONARY},
    [XZ_DAMAGED] = {"the xz data are damaged", CHECK_COMPRESSED_XZ},
    [XZ_TRUNCATED] = {"the xz data are cut off", CHECK_COMPRESSED_XZ},
    [XZ_TOO_LARGE] = {NULL, CHECK_COMPRESSED_XZ},
    [XZ_READ_FAILED] = {"the xz data could not be read", CHECK_COMPRESSED_XZ},
};

static void unpack(const struct reader *r, const struct otapack_source *src, uint64_t at,
                   uint64_t most, struct unpacked *u)
{
    struct otapack_compressed_image img;
    (void)otapack_compressed_image_open(src, &img); // which was good before
    struct otapack_source data = otapack_part(src, at, img.length);
    struct xz_unpacked x = xz_unpack(&data, r->arena, most);
    u->content = otapack_memory(x.bytes, x.answer == XZ_GOOD ? (size_t)x.size : 0);
    u->packed = x.packed;
    u->cost = x.size;
    if (x.answer == XZ_NO_LIBRARY) {
        u->cannot = "this otapack was built without liblzma, and unpacks no xz; build it with that "
                    "(Debian: liblzma-dev)";
    } else if (x.answer != XZ_GOOD) {
        u->too_large = x.answer == XZ_TOO_LARGE;
        u->fault = faults[x.answer].text;
        u->check = faults[x.answer].check;
    }
}

static const struct transform transform_xz = {
    .name = "xz", .title = "xz data", .part = "compressed", .expands = true, .open = unpack};

// ---- The header ---------------------------------------------------------------------------------

// The magic number, or an app's header without segments and the magic number behind it. One that
// is signed is signed data, whose data it is.
static bool compressed_probe(const struct otapack_source *src)
{
    struct otapack_compressed_image img;
    struct otapack_status s = otapack_compressed_image_open(src, &img);
    bool magic = s.code == OTAPACK_OK || s.code == OTAPACK_FORBIDDEN ||
                 (s.code == OTAPACK_TRUNCATED && strcmp(s.field, "header") == 0);
    return magic && (img.header_at > 0 || !format_signed_data.probe(src));
}

// Where a partition or a signature holds more.
static uint64_t compressed_extent(const struct otapack_source *src)
{
    struct otapack_compressed_image img;
    bool good = otapack_compressed_image_open(src, &img).code == OTAPACK_OK;
    uint64_t end = good ? otapack_compressed_image_end(&img) : src->size;
    return end < src->size ? end : src->size;
}

static void add_header(struct arena *a, struct node *n, const struct parsed *p)
{
    const struct otapack_compressed_image *img = &p->img;
    const char *type = img->type == OTAPACK_COMPRESSED_IMAGE_XZ ? "xz" : NULL;
    node_hex(a, n, "magic", OTAPACK_COMPRESSED_IMAGE_MAGIC, QUIET(0, 4));
    node_uint(a, n, "version", img->version, QUIET(4, 1));
    node_enum(a, n, "type", img->type, type, SHOWN(5, 1));
    node_uint(a, n, "reserved_bits", img->reserved_bits, QUIET(5, 1));
    node_bytes(a, n, "reserved", img->reserved, sizeof(img->reserved),
               QUIET(6, sizeof(img->reserved)));
    node_uint(a, n, "length", img->length, SHOWN(16, 4));
    node_bytes(a, n, "md5", img->md5, sizeof(img->md5), QUIET(20, sizeof(img->md5)));
    node_hex(a, n, "crc32", img->crc32, QUIET(OTAPACK_COMPRESSED_IMAGE_CRC_AT, 4));
    if (p->dictionary > 0) {
        node_uint(a, n, "dictionary", p->dictionary, DERIVED_QUIET);
    }
}

static void give_up(struct reader *r, struct node *n, uint64_t at, const char *error)
{
    n->error = error;
    n->summary = "compressed image that cannot be unpacked";
    read_rest(r, n, "unread", -1, at, n->src.size - at);
}

// Why nobody unpacks it; NULL: it may be possible.
static const char *why_closed(struct arena *a, const struct node *n, struct parsed *p)
{
    uint64_t there = n->src.size - HEADER;
    if (p->img.type != OTAPACK_COMPRESSED_IMAGE_XZ) {
        p->failed = CHECK_COMPRESSED_TYPE;
        return arena_printf(a, "type is %u, which is not xz", p->img.type);
    }
    if (p->img.length > there) {
        p->failed = CHECK_COMPRESSED_LENGTH;
        return arena_printf(a, "length says %s bytes, and %s follow the header",
                            text_count(a, p->img.length), text_count(a, there));
    }
    return NULL;
}

static void open_data(struct reader *r, struct node *n, struct parsed *p)
{
    static const struct packed_end end = {0, ""};
    const char *why = why_closed(r->arena, n, p);
    uint64_t end_at;
    if (why != NULL) {
        give_up(r, n, HEADER, why);
        return;
    }
    const struct node *content = read_content(r, n, HEADER, &end, &end_at);
    if (content == NULL) {
        p->failed = transform_unpack(r, n->opened->content, &n->src, HEADER)->check;
    } else {
        n->summary = arena_printf(r->arena, "compressed image of %s: %s",
                                  text_size(r->arena, content->src.size), content->summary);
    }
}

// Behind an app's header: one by itself, or signed.
static void open_behind_app_header(struct reader *r, struct node *n)
{
    read_part(r, n, "app_header", -1, 0, APP_HEADER, format_last());
    const struct node *image =
        read_part(r, n, "image", -1, APP_HEADER, n->src.size - APP_HEADER, NULL);
    n->summary = arena_printf(r->arena, "behind an app's header: %s", image->summary);
}

static void compressed_open(struct reader *r, struct node *n)
{
    struct parsed p = {.failed = CHECK_COUNT};
    struct otapack_status s = otapack_compressed_image_open(&n->src, &p.img);
    if (s.code != OTAPACK_OK && p.img.header_at == 0) {
        give_up(r, n, 0, status_text(r->arena, n, s));
        return;
    }
    if (p.img.header_at > 0) {
        open_behind_app_header(r, n);
    } else {
        struct otapack_source data = otapack_part(&n->src, HEADER, p.img.length);
        p.dictionary = p.img.type == OTAPACK_COMPRESSED_IMAGE_XZ ? xz_dictionary(&data) : 0;
        add_header(r->arena, n, &p);
        open_data(r, n, &p);
    }
    NODE_KEEP(r->arena, n, p);
}

// ---- What can be wrong --------------------------------------------------------------------------

static bool is_behind_app_header(const struct node *n)
{
    return n->parsed != NULL && ((const struct parsed *)n->parsed)->img.header_at > 0;
}

static bool has_header(const struct node *n)
{
    return n->parsed != NULL && !is_behind_app_header(n);
}

static bool has_data(const struct node *n)
{
    return has_header(n) && ((const struct parsed *)n->parsed)->failed != CHECK_COMPRESSED_LENGTH;
}

static const struct node *content_of(const struct node *n)
{
    return node_find(n, "content", -1);
}

static bool is_unpacked(const struct node *n)
{
    return content_of(n) != NULL;
}

static void check_header(struct judge *j, struct node *n)
{
    const struct parsed *p = n->parsed;
    found(j, n, CHECK_COMPRESSED_HEADER, p != NULL, "%s", n->error);
    if (p == NULL || !has_header(n)) {
        return;
    }
    struct otapack_status s = otapack_compressed_image_check_crc(&n->src, &p->img, crc_32);
    found(j, n, CHECK_COMPRESSED_CRC, s.code == OTAPACK_OK,
          "the CRC-32 is 0x%08" PRIx64 ", the header gives 0x%08" PRIx64, s.value, s.limit);
    found(j, n, CHECK_COMPRESSED_TYPE, p->failed != CHECK_COMPRESSED_TYPE, "%s", n->error);
    if (p->failed != CHECK_COMPRESSED_TYPE) {
        found(j, n, CHECK_COMPRESSED_LENGTH, p->failed != CHECK_COMPRESSED_LENGTH, "%s", n->error);
    }
}

static void check_md5(struct judge *j, struct node *n)
{
    const struct otapack_compressed_image *img = &((const struct parsed *)n->parsed)->img;
    struct otapack_source data = otapack_part(&n->src, HEADER, img->length);
    uint8_t md5[OTAPACK_COMPRESSED_IMAGE_MD5_SIZE];
    if (data.size == img->length && digest_of(DIGEST_MD5, &data, md5)) {
        found(j, n, CHECK_COMPRESSED_MD5, memcmp(md5, img->md5, sizeof(md5)) == 0,
              "the MD5 is %s, the data give %s", text_hex(j->arena, img->md5, sizeof(md5)),
              text_hex(j->arena, md5, sizeof(md5)));
    }
}

static void check_data(struct judge *j, struct node *n)
{
    const struct parsed *p = n->parsed;
    bool dictionary = p->failed == CHECK_COMPRESSED_DICTIONARY;
    if (n->cannot != NULL || p->failed == CHECK_COMPRESSED_TYPE) {
        return;
    }
    found(j, n, CHECK_COMPRESSED_DICTIONARY, !dictionary, "%s", n->error);
    if (!dictionary) {
        found(j, n, CHECK_COMPRESSED_MEMORY, p->dictionary <= DICTIONARY_USUAL,
              "the dictionary has %s", text_size(j->arena, p->dictionary));
        found(j, n, CHECK_COMPRESSED_XZ, p->failed == CHECK_COUNT, "%s", n->error);
    }
}

static void check_content(struct judge *j, struct node *n)
{
    const struct node *content = content_of(n);
    found(j, n, CHECK_COMPRESSED_CONTENT, is_image(content, "app"), "what is compressed is: %s",
          content->summary);
}

// Signed data are filled up to a sector.
static void check_trailing(struct judge *j, struct node *n)
{
    const struct node *trailing = node_find(n, "trailing", -1);
    uint64_t size = trailing == NULL ? 0 : trailing->src.size;
    uint64_t end = otapack_compressed_image_end(&((const struct parsed *)n->parsed)->img);
    bool filling = node_is(n->parent, &format_signed_data) && size < OTAPACK_SB_SECTOR_SIZE &&
                   source_is_filled(&n->src, end, n->src.size, 0xFF);
    found(j, n, CHECK_COMPRESSED_TRAILING, size == 0 || filling, "%s %s what xz wrote",
          text_size(j->arena, size), size == 1 ? "follows" : "follow");
}

// NULL: it could not be unpacked.
static const struct node *app_behind(const struct node *n)
{
    const struct node *image = node_find(n, "image", -1);
    image = node_is(image, &format_signed_data) ? node_find(image, "data", -1) : image;
    return content_of(image);
}

static void check_app_header(struct judge *j, struct node *n)
{
    const struct node *app = app_behind(n);
    if (app == NULL) {
        return;
    }
    const uint8_t *is = source_bytes(j->arena, &n->src, 0, APP_HEADER);
    uint8_t *inside = source_bytes(j->arena, &app->src, 0, APP_HEADER);
    inside[SEGMENTS_AT] = 0;
    size_t at = 0;
    while (at < APP_HEADER && is[at] == inside[at]) {
        at++;
    }
    found(j, n, CHECK_COMPRESSED_APP_HEADER, at == APP_HEADER,
          "the header in front differs from that of the app inside at 0x%zx", at);
}

// The bootloader of a device with Secure Boot verifies what is packed before it unpacks it over the
// app that runs, where apps are signed with RSA (its code for that is built with no other scheme).
static bool is_signed_with_rsa(const struct node *n)
{
    const struct node *first = is_unpacked(n) ? signature_at(content_of(n), 0) : NULL;
    enum pk_type type;
    return first != NULL && !signature_is_v1(first) && signature_type(first, &type) &&
           type == PK_RSA3072;
}

static void check_signed(struct judge *j, struct node *n)
{
    const struct node *around = node_is(n->parent, &format_signed_data) ? n->parent : NULL;
    if (j->options->target.secure_boot == SECURE_BOOT_V2) {
        found(j, n, CHECK_DEVICE_SIGNATURE, around != NULL && signature_at(around, 0) != NULL,
              "the device wants a signature of Secure Boot v2 behind what is compressed as well, "
              "with scheme secure-boot-v2-data, and there is none");
    }
}

static const struct rule rules[] = {
    {.run = check_header, .unread = true},
    {.run = check_md5, .concerns = has_data, .unread = true},
    {.run = check_data, .concerns = has_data, .unread = true},
    {.run = check_content, .concerns = is_unpacked},
    {.run = check_trailing, .concerns = is_unpacked},
    {.run = check_app_header, .concerns = is_behind_app_header},
    {.run = check_signed,
     .concerns = is_signed_with_rsa,
     .needs = TARGET_SECURE_BOOT,
     .says = RULE_SAYS(CHECK_DEVICE_SIGNATURE)},
    {.run = NULL},
};

const struct format format_compressed_image = {.name = "compressed_image",
                                               .title = "compressed image",
                                               .probe = compressed_probe,
                                               .extent = compressed_extent,
                                               .open = compressed_open,
                                               .content = &transform_xz,
                                               .rules = {rules}};
