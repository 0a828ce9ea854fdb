// SPDX-License-Identifier: Apache-2.0
//
// Images of the ESP8266: of version 1, which may be an app of ESP8266_RTOS_SDK, and of version 2.
#include <inttypes.h>
#include <string.h>

#include "app_desc.h"
#include "digest_span.h"
#include "esp8266_links.h"
#include "esp8266_tree.h"
#include "esp_tree.h"
#include "format_list.h"
#include "source.h"
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

static void add_header(struct arena *a, struct node *n, const struct otapack_esp8266_header *h)
{
    node_hex(a, n, "magic", h->magic, QUIET(0, 1));
    node_uint(a, n, "segment_count", h->segment_count, QUIET(1, 1));
    add_settings(a, n, h, SHOWN(2, 1), SHOWN(3, 1));
    node_hex(a, n, "entry_addr", h->entry_addr, SHOWN(4, 4));
}

static void add_segment(struct arena *a, struct node *n, const char *name, int index, uint64_t at,
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
        add_header(a, n, &image->header);
    }
    for (uint32_t i = 0; i < image->segments_read; i++) {
        add_segment(a, n, "segments", (int)i, image->segments[i].at - image->at,
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

// ---- Version 2 ----------------------------------------------------------------------------------

// Of one that can be read.
struct kept_v2 {
    struct esp8266_headers headers;
    struct otapack_esp8266_v2 v2;
};

static bool esp8266_v2_probe(const struct otapack_source *src)
{
    uint8_t head[2];
    return otapack_read(src, 0, head, sizeof(head), "").code == OTAPACK_OK &&
           head[0] == OTAPACK_ESP8266_V2_MAGIC && head[1] == OTAPACK_ESP8266_V2_COUNT;
}

// The first header of what was linked for a slot has its number where else the settings are.
static void add_v2_header(struct arena *a, struct node *n, const struct otapack_esp8266_v2 *v2,
                          unsigned user)
{
    uint8_t slot = otapack_esp8266_v2_slot(v2);
    if (slot == 0) {
        add_header(a, n, &v2->header);
        return;
    }
    node_hex(a, n, "magic", v2->header.magic, QUIET(0, 1));
    node_uint(a, n, "segment_count", v2->header.segment_count, QUIET(1, 1));
    node_uint(a, n, "reserved", v2->header.flash_mode, QUIET(2, 1));
    node_enum(a, n, "slot", slot, user == 1 ? "user1" : "user2", SHOWN(3, 1));
    node_hex(a, n, "entry_addr", v2->header.entry_addr, SHOWN(4, 4));
}

// What was read of a file that cannot be read to its end.
static void v2_give_up(struct reader *r, struct node *n, const struct otapack_esp8266_v2 *v2,
                       struct otapack_status s)
{
    uint64_t read = v2->crc_at > 0          ? v2->crc_at
                    : v2->image_at > 0      ? n->src.size // its own rest is unread
                    : v2->header.magic != 0 ? OTAPACK_ESP8266_HEADER_SIZE
                                            : 0;
    n->error = status_text(r->arena, n, s);
    read_rest(r, n, "unread", -1, read, n->src.size - read);
}

// From here on to the end of the sector.
static bool is_erased(const struct otapack_source *src, uint64_t from)
{
    uint64_t sector = esp8266_sectors(from), end = sector < src->size ? sector : src->size;
    return source_is_filled(src, from, end, 0xFF) || source_is_filled(src, from, end, 0);
}

// Are the four bytes behind the image a CRC? Of what was linked for a slot they are; else if they
// fit, or nothing follows them: rBoot's ROMs have none, whatever is behind them.
static bool is_crc(const struct otapack_source *src, const struct otapack_esp8266_v2 *v2)
{
    uint32_t crc;
    bool erased = v2->crc == UINT32_MAX || (v2->crc == 0 && is_erased(src, v2->crc_at));
    return v2->has_crc && !erased &&
           (otapack_esp8266_v2_slot(v2) != 0 || is_erased(src, v2->end) ||
            (esp8266_count_v2_crc(src, v2->crc_at, &crc).code == OTAPACK_OK && crc == v2->crc));
}

static uint64_t v2_end(const struct otapack_source *src, const struct otapack_esp8266_v2 *v2)
{
    return is_crc(src, v2) ? v2->end : v2->crc_at;
}

// Nothing looks for a CRC there.
static bool is_behind_rboot(const struct node *n)
{
    return n->parent != NULL && node_find(n->parent, "config", -1) != NULL;
}

// Where it was linked for: nothing in it says so but its addresses.
static bool is_linked(const struct node *n, const struct otapack_esp8266_v2 *v2, uint64_t *base)
{
    struct esp8266_links links;
    uint64_t from = v2->irom.at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
    return esp8266_links_count(&n->src, &links) &&
           esp8266_links_base(&links, from, from + v2->irom.data_len, base);
}

// Which of user1.bin and user2.bin it is: esp-link and Espruino count the slots from 0, so that
// their second one has what is the first one's number elsewhere.
static unsigned user_of(uint8_t slot, uint64_t base)
{
    return slot == 1 && base > OTAPACK_ESP8266_SECTOR ? 2 : slot;
}

static void esp8266_v2_open(struct reader *r, struct node *n)
{
    struct otapack_esp8266_v2 v2;
    struct otapack_status s = otapack_esp8266_v2_open(&n->src, &v2);
    uint64_t base = 0;
    bool linked = s.code == OTAPACK_OK && is_linked(n, &v2, &base);
    unsigned user = user_of(otapack_esp8266_v2_slot(&v2), base);
    n->summary = "ESP8266 image of version 2, for the SDK's bootloader";
    if (v2.header.magic != 0) {
        add_v2_header(r->arena, n, &v2, user);
    }
    if (v2.image_at > 0) {
        add_segment(r->arena, n, "irom", -1, v2.irom.at, &v2.irom);
        bool whole = v2.crc_at > 0; // what is missing, if anything, is the CRC
        esp8266_add_image(r, n, "image", &v2.image, whole ? otapack_good() : s);
    }
    if (s.code != OTAPACK_OK) {
        v2_give_up(r, n, &v2, s);
        return;
    }
    uint64_t end = v2_end(&n->src, &v2);
    uint8_t slot = otapack_esp8266_v2_slot(&v2);
    if (end > v2.crc_at) {
        node_hex(r->arena, n, "crc", v2.crc, SHOWN((int64_t)v2.crc_at, 4));
    }
    const char *place = "";
    if (linked) {
        node_hex(r->arena, n, "flash_offset", base, DERIVED);
        place = arena_printf(r->arena, ", for flash %s", node_text(n, "flash_offset"));
    }
    n->summary =
        slot != 0 ? arena_printf(r->arena, "ESP8266 image of version 2, user%u.bin%s", user, place)
                  : arena_printf(r->arena, "ESP8266 image of version 2%s%s",
                                 end == v2.crc_at ? " without CRC" : "", place);
    esp8266_add_digests(r, n);
    read_rest(r, n, "trailing", -1, end, n->src.size - end);
    struct kept_v2 kept = {{.first = slot != 0 ? v2.image.header : v2.header}, v2};
    NODE_KEEP(r->arena, n, kept);
}

const struct otapack_esp8266_v2 *esp8266_v2_of(const struct node *n)
{
    const struct kept_v2 *kept = n->parsed;
    return kept == NULL ? NULL : &kept->v2;
}

static void check_v2_header(struct judge *j, struct node *n)
{
    struct node *image = node_find(n, "image", -1);
    if (image != NULL) {
        rule_esp8266_header(j, image);
    }
    rule_esp8266_header(j, n);
}

static void check_v2_sums(struct judge *j, struct node *n)
{
    bool has_crc = node_field(n, "crc") != NULL;
    rule_esp8266_v2_checksum(j, n, esp8266_v2_of(n));
    if (has_crc || !is_behind_rboot(n)) {
        rule_esp8266_v2_crc(j, n, esp8266_v2_of(n), has_crc);
    }
}

static const struct rule rules_v2[] = {
    {.run = check_v2_header, .unread = true},
    {.run = check_v2_sums},
    {.run = NULL},
};

static uint64_t esp8266_v2_extent(const struct otapack_source *src)
{
    struct otapack_esp8266_v2 v2;
    return otapack_esp8266_v2_open(src, &v2).code == OTAPACK_OK ? v2_end(src, &v2) : src->size;
}

const struct format format_esp8266_v2 = {
    .name = "esp8266_v2",
    .title = "ESP8266 image of version 2",
    .probe = esp8266_v2_probe,
    .extent = esp8266_v2_extent,
    .open = esp8266_v2_open,
    .rules = {rules_v2, rules_esp8266_settings, rules_esp8266_end, rules_esp8266_sent}};
