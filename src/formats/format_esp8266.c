// SPDX-License-Identifier: Apache-2.0
//
// Images of the ESP8266 of version 1, which may be an app of ESP8266_RTOS_SDK; and what those of
// version 2 (format_esp8266_v2.c) have like them.
#include <string.h>

#include "app_desc.h"
#include "digest_span.h"
#include "esp8266_tree.h"
#include "esp_tree.h"
#include "format_list.h"
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

bool esp8266_is_any(const struct node *n)
{
    const struct node *image = node_is(n, &format_gzip) ? node_find(n, "content", -1) : n;
    return esp8266_is_image(image) || node_is(image, &format_esp8266_signed) ||
           node_is(n, &format_esp8266_signed) || node_is(n, &format_esp8266_v2) ||
           node_is(n, &format_esp8266_flash);
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

void esp8266_add_settings(struct arena *a, struct node *n, const struct otapack_esp8266_header *h)
{
    add_settings(a, n, h, DERIVED, DERIVED);
}

void esp8266_add_header(struct arena *a, struct node *n, const struct otapack_esp8266_header *h)
{
    node_hex(a, n, "magic", h->magic, QUIET(0, 1));
    node_uint(a, n, "segment_count", h->segment_count, QUIET(1, 1));
    add_settings(a, n, h, SHOWN(2, 1), SHOWN(3, 1));
    node_hex(a, n, "entry_addr", h->entry_addr, SHOWN(4, 4));
}

void esp8266_add_segment(struct arena *a, struct node *n, const char *name, int index, uint64_t at,
                         const struct otapack_esp_segment *seg)
{
    esp_segment_add(a, n, name, index, at, seg,
                    seg->load_addr == 0 ? "IROM" : esp8266_memory_name(seg->load_addr));
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
    n->error = good ? NULL : status_text(r->arena, n, s);
    if (padding_at > 0) {
        esp8266_add_header(a, n, &image->header);
    }
    for (uint32_t i = 0; i < image->segments_read; i++) {
        esp8266_add_segment(a, n, "segments", (int)i, image->segments[i].at - image->at,
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
}

struct node *esp8266_add_image(struct reader *r, struct node *n, const char *name,
                               const struct otapack_esp8266_image *image, struct otapack_status s)
{
    uint64_t end = s.code == OTAPACK_OK ? image->end : n->src.size;
    struct node *part = node_part(r->arena, n, name, -1, image->at, end - image->at);
    part->summary = strcmp(name, "eboot") == 0 ? "the bootloader" : "the application";
    add_image(r, part, image, s);
    return part;
}

// Only an app of ESP8266_RTOS_SDK starts in the flash, where its bootloader has mapped it: a sketch
// starts in RAM, and eboot loads it.
static bool is_rtos_app(const struct otapack_esp8266_image *image)
{
    return esp8266_is_mapped(image->header.entry_addr);
}

struct hash {
    uint8_t stored[32], counted[32];
    bool is_there, fits;
};

// Of an image of version 1 that can be read.
struct kept {
    struct esp8266_headers headers;
    struct otapack_esp8266_image image;
    struct hash hash;
    bool rtos;
};

bool esp8266_is_rtos_app(const struct node *n)
{
    const struct kept *p = node_is(n, &format_esp8266_image) ? n->parsed : NULL;
    return p != NULL && p->rtos;
}

static struct hash read_hash(const struct otapack_source *src,
                             const struct otapack_esp8266_image *image)
{
    struct hash h = {.is_there = false};
    struct otapack_source hashed = otapack_part(src, 0, image->end);
    h.is_there = otapack_has(src, image->end, sizeof(h.stored)) &&
                 otapack_read(src, image->end, h.stored, sizeof(h.stored), "").code == OTAPACK_OK;
    h.fits = h.is_there && digest_of(DIGEST_SHA256, &hashed, h.counted) &&
             memcmp(h.stored, h.counted, sizeof(h.stored)) == 0;
    return h;
}

// What the SDK puts behind an app and its bootloader. Only a SHA-256 that fits is surely one, or
// what follows an app.
static bool is_hash(const struct hash *h, bool rtos)
{
    return h->is_there && (rtos || h->fits);
}

// Returns where the image ends with it.
static uint64_t add_hash(struct reader *r, struct node *n, const struct kept *p)
{
    uint64_t end = p->image.end;
    if (!is_hash(&p->hash, p->rtos)) {
        return end;
    }
    node_bytes(r->arena, n, "hash", p->hash.stored, sizeof(p->hash.stored),
               SHOWN((int64_t)end, sizeof(p->hash.stored)));
    return end + sizeof(p->hash.stored);
}

static void check_hash(struct judge *j, struct node *n)
{
    const struct kept *p = n->parsed;
    const struct hash *h = &p->hash;
    if (p->rtos) {
        found(j, n, CHECK_ESP8266_NO_HASH, h->is_there, "no SHA-256 follows the app");
    }
    if (is_hash(h, p->rtos)) {
        const char *said = text_hex(j->arena, h->stored, sizeof(h->stored));
        const char *given = text_hex(j->arena, h->counted, sizeof(h->counted));
        found(j, n, CHECK_ESP8266_HASH, h->fits, "the SHA-256 is %s, the app gives %s",
              text_beside(j->arena, said, given), text_beside(j->arena, given, said));
    }
}

static void add_desc(struct reader *r, struct node *n, const struct otapack_esp8266_image *image)
{
    struct otapack_app_desc desc;
    uint64_t at = otapack_esp8266_desc_at(&n->src, image);
    if (at != 0 && otapack_app_desc_read(&n->src, at, &desc).code == OTAPACK_OK) {
        app_desc_add(r->arena, n, at, &desc, true);
    }
}

static const char *rtos_title(struct reader *r, const struct node *n)
{
    struct arena *a = r->arena;
    const struct node *desc = node_find(n, "desc", -1);
    const char *idf = desc == NULL ? "" : node_text(desc, "idf_ver");
    const char *name = desc == NULL ? "" : app_desc_name(a, desc);
    return arena_printf(a, "ESP8266 app%s, ESP8266_RTOS_SDK%s%s, for flash %s", name,
                        *idf == '\0' ? "" : " ", idf, node_text(n, "flash_offset"));
}

static void esp8266_image_open(struct reader *r, struct node *n)
{
    struct otapack_esp8266_image image;
    struct otapack_status s = otapack_esp8266_image_open(&n->src, 0, &image);
    uint64_t at;
    n->summary = "ESP8266 image of version 1";
    add_image(r, n, &image, s);
    if (s.code != OTAPACK_OK) {
        return;
    }
    struct kept p = {
        {.first = image.header}, image, read_hash(&n->src, &image), is_rtos_app(&image)};
    if (p.rtos && esp8266_linked_at(&image, &at)) {
        node_hex(r->arena, n, "flash_offset", at, DERIVED);
    }
    add_desc(r, n, &image);
    uint64_t end = add_hash(r, n, &p);
    n->summary = p.rtos            ? rtos_title(r, n)
                 : end > image.end ? "ESP8266 bootloader of ESP8266_RTOS_SDK"
                                   : n->summary;
    esp8266_add_digests(r, n);
    read_rest(r, n, "trailing", -1, end, n->src.size - end);
    NODE_KEEP(r->arena, n, p);
}

static void check_checksum(struct judge *j, struct node *n)
{
    const struct kept *p = n->parsed;
    (p->rtos ? rule_esp8266_checksum : rule_esp8266_sketch_checksum)(j, n, &n->src, &p->image);
}

static void check_place(struct judge *j, struct node *n)
{
    const struct kept *p = n->parsed;
    rule_esp8266_place(j, n, &p->image, p->rtos);
}

static const struct rule rules_sums[] = {
    {.run = rule_esp8266_header, .unread = true},
    {.run = check_hash},
    {.run = check_checksum},
    {.run = NULL},
};
static const struct rule rules_place[] = {{.run = check_place}, {.run = NULL}};

// With its SHA-256, where it has one.
static uint64_t esp8266_image_extent(const struct otapack_source *src)
{
    struct otapack_esp8266_image image;
    if (otapack_esp8266_image_open(src, 0, &image).code != OTAPACK_OK) {
        return src->size;
    }
    struct hash h = read_hash(src, &image);
    return image.end + (h.fits || (h.is_there && is_rtos_app(&image)) ? sizeof(h.stored) : 0);
}

// Of ESP8266_RTOS_SDK: only these say where they belong.
static const char *esp8266_image_kind(struct arena *a, const struct node *n)
{
    (void)a;
    return node_field(n, "flash_offset") != NULL ? "ESP8266 app" : NULL;
}

const struct format format_esp8266_image = {.name = "esp8266_image",
                                            .title = "ESP8266 image of version 1",
                                            .probe = is_esp8266,
                                            .extent = esp8266_image_extent,
                                            .open = esp8266_image_open,
                                            .kind = esp8266_image_kind,
                                            .rules = {rules_sums, rules_esp8266_settings,
                                                      rules_place, rules_esp8266_end,
                                                      rules_esp8266_sent}};
