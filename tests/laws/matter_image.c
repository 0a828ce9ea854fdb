// SPDX-License-Identifier: Apache-2.0
//
// The writing half of matter_image.h: settings, elements, and images of them. matter_device.c has
// the judging half.
#include "matter_image.h"

#include "../unit/unit.h"

#include <unistd.h>

#define MAGIC 0x1BEEF11Eu

// ---- Settings -----------------------------------------------------------------------------------

struct value {
    const char *p; // NULL: it is not there
    size_t n;
};

// The last one that is said.
static struct value setting(const char *settings, const char *key)
{
    struct value found = {NULL, 0};
    size_t key_n = strlen(key);
    for (const char *item = settings; item != NULL;) {
        size_t n = strcspn(item, "|");
        if (n > key_n && strncmp(item, key, key_n) == 0 && item[key_n] == '=') {
            found = (struct value){item + key_n + 1, n - key_n - 1};
        }
        item = item[n] == '|' ? item + n + 1 : NULL;
    }
    return found;
}

static uint64_t number_of(const char *settings, const char *key, uint64_t otherwise)
{
    struct value v = setting(settings, key);
    return v.p == NULL ? otherwise : strtoull(v.p, NULL, 0);
}

static bool left_out(struct value v)
{
    return v.p != NULL && v.n == 1 && *v.p == '-';
}

static unsigned digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = strchr(digits, c);
    assert_true(c != '\0' && found != NULL);
    return (unsigned)(found - digits);
}

static void put_hex(struct image *to, struct value hex)
{
    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        uint8_t byte = (uint8_t)(digit(hex.p[i]) << 4 | digit(hex.p[i + 1]));
        image_append(to, &byte, 1);
    }
}

// ---- Elements -----------------------------------------------------------------------------------

static void put_number(struct image *to, uint64_t number, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        uint8_t byte = (uint8_t)(number >> 8 * i);
        image_append(to, &byte, 1);
    }
}

static void put_head(struct image *to, unsigned kind, unsigned tag, uint64_t number, unsigned wide)
{
    unsigned log = 0;
    while ((1u << log) < wide || (log < 3 && number >> (8u << log) != 0)) {
        log++;
    }
    const uint8_t head[] = {(uint8_t)(kind + log), (uint8_t)tag};
    image_append(to, head, sizeof(head));
    put_number(to, number, (size_t)1 << log);
}

void matter_integer(struct image *to, unsigned tag, uint64_t number, unsigned wide)
{
    put_head(to, 0x24, tag, number, wide);
}

void matter_string(struct image *to, unsigned kind, unsigned tag, const void *bytes, size_t n,
                   unsigned wide)
{
    put_head(to, kind, tag, n, wide);
    image_append(to, bytes, n);
}

// ---- Images -------------------------------------------------------------------------------------

static unsigned type_of(const char *settings)
{
    struct value v = setting(settings, "type");
    for (unsigned i = 0; v.p != NULL && i < DIGEST_TYPES; i++) {
        if (strlen(digest_types[i]) == v.n && strncmp(digest_types[i], v.p, v.n) == 0) {
            return i + 1;
        }
    }
    return (unsigned)number_of(settings, "type", 1);
}

// A string that is said as text or as hex, or what it is otherwise (NULL: left out).
static void put_text(struct image *to, const char *settings, unsigned tag, const char *key,
                     const char *hex_key, const char *otherwise)
{
    struct value text = setting(settings, key), hex = setting(settings, hex_key);
    struct image bytes = image_fill(0, 0);
    if (hex.p != NULL) {
        put_hex(&bytes, hex);
    } else if (text.p != NULL && !left_out(text)) {
        image_append(&bytes, text.p, text.n);
    } else if (text.p == NULL && otherwise != NULL) {
        image_append(&bytes, otherwise, strlen(otherwise));
    }
    if (hex.p != NULL || (text.p != NULL ? !left_out(text) : otherwise != NULL)) {
        matter_string(to, MATTER_TEXT, tag, bytes.p, bytes.n,
                      (unsigned)number_of(settings, "wide", 0));
    }
    image_free(&bytes);
}

static void put_digest(struct image *to, const char *settings, const struct image *payload)
{
    struct value hex = setting(settings, "digest");
    struct image bytes = image_fill(0, DIGEST_MOST);
    if (hex.p != NULL) {
        bytes.n = 0;
        put_hex(&bytes, hex);
    } else {
        bytes.n = digest_by_type(type_of(settings), payload->p, payload->n, bytes.p);
    }
    if (!left_out(hex)) {
        matter_string(to, MATTER_BYTES, 9, bytes.p, bytes.n,
                      (unsigned)number_of(settings, "wide", 0));
    }
    image_free(&bytes);
}

static void put_element(struct image *to, const char *settings, unsigned tag,
                        const struct image *payload)
{
    static const struct {
        const char *key;
        uint64_t otherwise;
        bool optional;
    } numbers[] = {{"vendor_id", 0xFFF1, false},
                   {"product_id", 0x8000, false},
                   {"software_version", 2, false},
                   {NULL, 0, false},
                   {"payload_size", 0, false},
                   {"min", 0, true},
                   {"max", 0, true},
                   {NULL, 0, false},
                   {"type", 1, false}};
    const char anew[] = {(char)('0' + tag), '\0'};
    if (setting(settings, anew).p != NULL) {
        put_hex(to, setting(settings, anew));
    } else if (tag == 3) {
        put_text(to, settings, tag, "software_version_string", "text", "2.0");
    } else if (tag == 7) {
        put_text(to, settings, tag, "url", "url_text", NULL);
    } else if (tag == 9) {
        put_digest(to, settings, payload);
    } else {
        struct value v = setting(settings, numbers[tag].key);
        uint64_t number =
            number_of(settings, numbers[tag].key, tag == 4 ? payload->n : numbers[tag].otherwise);
        if (v.p != NULL ? !left_out(v) : !numbers[tag].optional) {
            matter_integer(to, tag, tag == 8 ? type_of(settings) : number,
                           (unsigned)number_of(settings, "wide", 0));
        }
    }
}

struct image matter_around(const struct image *tlv, const struct image *payload,
                           const char *settings)
{
    struct image im = image_fill(0, 0);
    put_number(&im, MAGIC, 4);
    put_number(&im, number_of(settings, "total_size", MATTER_FIXED + tlv->n + payload->n), 8);
    put_number(&im, number_of(settings, "header_size", tlv->n), 4);
    image_append(&im, tlv->p, tlv->n);
    image_append(&im, payload->p, payload->n);
    return im;
}

struct image matter_image(const struct image *payload, const char *settings)
{
    struct image tlv = image_fill(0x15, 1);
    if (setting(settings, "tlv").p != NULL) {
        tlv.n = 0;
        put_hex(&tlv, setting(settings, "tlv"));
    } else {
        for (unsigned tag = 0; tag <= 9; tag++) {
            put_element(&tlv, settings, tag, payload);
        }
        put_hex(&tlv, setting(settings, "extra"));
        image_append(&tlv, "\x18", 1);
    }
    put_hex(&tlv, setting(settings, "behind"));
    struct image im = matter_around(&tlv, payload, settings);
    put_hex(&im, setting(settings, "trailing"));
    image_free(&tlv);
    return im;
}

void matter_make(const char *to, const char *payload, const char *settings)
{
    struct image bytes = image_load(payload), im = matter_image(&bytes, settings);
    image_save(&im, to);
    image_free(&im);
    image_free(&bytes);
}

void demo_app(const char *to, const char *version)
{
    struct image im = image_load("fixtures/br/demo_br.bin");
    esp_text(&im, AT_VERSION, version, 32);
    image_save(&im, to);
    image_free(&im);
}

void demo_matter(const char *to, const char *settings)
{
    if (access("app.bin", R_OK) != 0) {
        demo_app("app.bin", "2.0");
    }
    matter_make(to, "app.bin", settings);
}
