// SPDX-License-Identifier: Apache-2.0
//
// An ESP8266 update with a signature behind it. What it holds is whatever could be sent without.
#include <inttypes.h>
#include <otapack/esp8266_signature.h>
#include <otapack/gzip.h>

#include "esp8266_flash.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "fs_image.h"
#include "source.h"
#include "text.h"
#include "transform.h"

// ---- The tree -----------------------------------------------------------------------------------

// Where what is at the start of `src` ends; 0 where it is something else, or cannot be read.
static uint64_t end_of_image(const struct otapack_source *src)
{
    struct otapack_esp8266_arduino a;
    struct otapack_esp8266_image image;
    if (is_esp8266_arduino(src)) {
        return otapack_esp8266_arduino_open(src, &a).code == OTAPACK_OK ? a.sketch.end : 0;
    }
    return otapack_esp8266_image_open(src, 0, &image).code == OTAPACK_OK ? image.end : 0;
}

static uint64_t end_of_gzip(struct reader *r, const struct otapack_source *src)
{
    struct otapack_gzip gz;
    if (otapack_gzip_open(src, &gz).code != OTAPACK_OK) {
        return 0;
    }
    const struct unpacked *u = transform_unpack(r, format_gzip.content, src, gz.compressed_at);
    return u->fault == NULL ? gz.compressed_at + u->packed + OTAPACK_GZIP_END_SIZE : 0;
}

static uint64_t end_of(struct reader *r, const struct otapack_source *src)
{
    return format_gzip.probe(src) ? end_of_gzip(r, src)
           : is_esp8266(src)      ? end_of_image(src)
                                  : fs_image_end(src);
}

// The end of an unsigned image can look like the length of a signature: it is one if there is
// something in front of it. A whole flash is no update, and its code ends with any word.
static bool esp8266_signed_find(struct reader *r, const struct otapack_source *src)
{
    struct otapack_esp8266_signature sig;
    if (otapack_esp8266_signature_read(src, &sig).code != OTAPACK_OK) {
        return false;
    }
    struct otapack_source covered = otapack_part(src, 0, sig.at);
    uint64_t end = end_of(r, src);
    return end != 0 && end <= sig.at &&
           (is_esp8266_arduino(src) || esp8266_boot_end(&covered) == 0);
}

void esp8266_signature_is(struct arena *a, struct node *n, const struct esp8266_signature *sig)
{
    uint32_t size = sig->size;
    n->format = "esp8266_signature";
    NODE_KEEP(a, n, *sig);
    n->summary = arena_printf(a, "RSA signature of %" PRIu32 " bits", size * 8);
    n->fields = NULL; // those that were there come again
    n->fields_end = &n->fields;
    if (sig->by != NULL) {
        node_string(a, n, "scheme", sig->scheme, SIZE_MAX, DERIVED);
        node_string(a, n, "key", sig->by, SIZE_MAX, DERIVED);
        n->summary = arena_printf(a, "%s by %s%s", n->summary, sig->by,
                                  sig->legacy ? ", in the legacy format of cores up to 2.5.2" : "");
    }
    node_bytes(a, n, "signature", sig->bytes, size, QUIET(0, size));
    node_uint(a, n, "length", size, SHOWN(size, OTAPACK_ESP8266_SIGNATURE_END_SIZE));
}

static const struct node *unpacked(const struct node *image)
{
    return node_is(image, &format_gzip) ? node_find(image, "content", -1) : NULL;
}

// What a signature is over. A device looks for one: another one inside would be a part of the
// image.
static const struct format *format_inside(const struct otapack_source *src)
{
    return format_gzip.probe(src)    ? &format_gzip
           : is_esp8266_arduino(src) ? &format_esp8266_arduino
           : is_esp8266(src)         ? &format_esp8266_image
                                     : fs_image_probe(src);
}

// What the keys say.
static void check_signer(struct judge *j, struct node *update)
{
    struct node *n = node_find(update, "signature", -1);
    const struct esp8266_signature *sig = n->parsed;
    bool packed = unpacked(node_find(update, "image", -1)) != NULL;
    if (sig->by != NULL) {
        passed(j, n, CHECK_ESP8266_SIGNATURE);
        found(j, n, CHECK_ESP8266_SIG_LEGACY, !sig->legacy || packed,
              "it is in the legacy format, of which only cores up to 2.5.2 know");
        found(j, n, CHECK_ESP8266_SIG_LEGACY_GZIP, !sig->legacy || !packed,
              "it is in the legacy format, and what it signs is compressed");
    } else if (sig->content_by != NULL) {
        found(j, n, CHECK_ESP8266_SIG_CONTENT, false,
              "it is made over what the update unpacks to, with %s", sig->content_by);
    } else {
        found(j, n, CHECK_ESP8266_SIGNATURE, false, "it fits none of the keys, or other bytes");
    }
}

// Can what stands in front of a signature of `size` bytes be a part of it, or another one?
static bool is_of_signature(const struct node *trailing, uint32_t size)
{
    struct otapack_esp8266_signature other;
    return esp8266_is_signature_size(trailing->src.size + size) ||
           (otapack_esp8266_signature_read(&trailing->src, &other).code == OTAPACK_OK &&
            other.at == 0);
}

// What stands between the image and the signature is a part of it by a wrong length, or was signed
// along: a signature that fits tells, and so does what only fills a sector, or has another size.
static void check_length(struct judge *j, struct node *n, struct node *image)
{
    const struct esp8266_signature *sig = n->parsed;
    const struct node *trailing = node_find(image, "trailing", -1);
    uint64_t more = trailing == NULL ? 0 : trailing->src.size;
    uint32_t size = sig->size;
    bool signed_along = more > 0 && (sig->by != NULL || esp8266_is_filling(trailing) ||
                                     !is_of_signature(trailing, size));
    if (signed_along && fs_image_is(image)) {
        rule_fs_trailing(j, image);
    } else if (signed_along) {
        rule_esp8266_trailing(j, image);
    }
    found(j, n, CHECK_ESP8266_SIG_LENGTH, more == 0 || signed_along,
          "it says %" PRIu32 ", but %" PRIu64
          " bytes stand between the image and this length: a device takes the last %" PRIu32
          " of them for the signature",
          size, size + more, size);
}

static void esp8266_signed_open(struct reader *r, struct node *n)
{
    struct otapack_esp8266_signature s;
    (void)otapack_esp8266_signature_read(&n->src, &s); // it was found because it can be read
    struct esp8266_signature sig = {.bytes = source_bytes(r->arena, &n->src, s.at, s.size),
                                    .size = s.size};
    struct otapack_source covered = otapack_part(&n->src, 0, s.at);
    n->format = format_esp8266_signed.name; // its parts look for it
    struct node *image = read_part(r, n, "image", -1, 0, s.at, format_inside(&covered));
    struct node *signature = node_part(r->arena, n, "signature", -1, s.at, n->src.size - s.at);
    esp8266_signature_is(r->arena, signature, &sig);
    n->summary = arena_printf(r->arena, "signed: %s", image->summary);
    esp8266_add_digests(r, n);
}

static void check_end(struct judge *j, struct node *n)
{
    struct node *image = node_find(n, "image", -1), *signature = node_find(n, "signature", -1);
    check_length(j, signature, image);
    found(j, signature, CHECK_ESP8266_SIG_ALIGN, image->src.size % 4 == 0,
          "what is signed has %s bytes", text_count(j->arena, image->src.size));
}

static bool holds_fs(const struct node *n)
{
    return fs_image_is(node_find(n, "image", -1));
}

static bool is_sent_sketch(const struct node *n)
{
    return !holds_fs(n) && esp8266_is_sent(n);
}

static void check_fs(struct judge *j, struct node *n)
{
    rule_fs_esp8266(j, n, node_find(n, "image", -1));
}

static const struct rule rules[] = {
    {.run = check_end, .unread = true},
    {.run = check_signer,
     .needs = NEED_KEY,
     .unread = true,
     .says = RULE_SAYS(CHECK_ESP8266_SIGNATURE)},
    {.run = check_fs, .concerns = holds_fs, .unread = true},
    {.run = rule_esp8266_space,
     .concerns = is_sent_sketch,
     .needs = NEED_ROOM,
     .unread = true,
     .says = RULE_SAYS(CHECK_ESP8266_FREE_SPACE)},
    {.run = NULL},
};

const struct node *esp8266_signature(const struct node *root)
{
    return node_is(root, &format_esp8266_signed) ? node_find(root, "signature", -1) : NULL;
}

const struct format format_esp8266_signed = {.name = "esp8266_signed",
                                             .title = "signed ESP8266 update",
                                             .find = esp8266_signed_find,
                                             .open = esp8266_signed_open,
                                             .rules = {rules},
                                             .outermost = true};
