// SPDX-License-Identifier: Apache-2.0
#include "matter_image.h"

#include "../unit/unit.h"

#include <mbedtls/sha512.h>
#include <mbedtls/version.h>
#include <unistd.h>

#define MAGIC 0x1BEEF11Eu

// ---- Digests ------------------------------------------------------------------------------------

const char *const digest_types[DIGEST_TYPES] = {
    "sha256", "sha256_128", "sha256_120", "sha256_96", "sha256_64", "sha256_32",
    "sha384", "sha512",     "sha3_224",   "sha3_256",  "sha3_384",  "sha3_512",
};

static uint64_t rotate(uint64_t x, unsigned n)
{
    return n == 0 ? x : x << n | x >> (64 - n);
}

// Keccak-f[1600] as FIPS 202 has it; its constants are worked out.
static void keccak(uint64_t a[25])
{
    unsigned bits = 1;
    for (int round = 0; round < 24; round++) {
        uint64_t c[5], b[25];
        for (unsigned x = 0; x < 5; x++) {
            c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        }
        for (unsigned i = 0; i < 25; i++) {
            a[i] ^= c[(i + 4) % 5] ^ rotate(c[(i + 1) % 5], 1);
        }
        b[0] = a[0];
        for (unsigned t = 0, x = 1, y = 0; t < 24; t++) {
            unsigned next = (2 * x + 3 * y) % 5;
            b[y + 5 * next] = rotate(a[x + 5 * y], (t + 1) * (t + 2) / 2 % 64);
            x = y;
            y = next;
        }
        for (unsigned i = 0; i < 25; i++) {
            unsigned row = i / 5 * 5;
            a[i] = b[i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
        }
        for (unsigned j = 0; j < 7; j++) {
            a[0] ^= (uint64_t)(bits & 1) << ((1u << j) - 1);
            bits = (bits << 1 ^ (bits >> 7) * 0x71) & 0xFF;
        }
    }
}

static void sha3(const struct image *im, uint8_t *out, size_t n)
{
    uint64_t a[25] = {0};
    size_t rate = 200 - 2 * n, at = 0;
    for (size_t i = 0; i < im->n; i++) {
        a[at / 8] ^= (uint64_t)im->p[i] << at % 8 * 8;
        at = (at + 1) % rate;
        if (at == 0) {
            keccak(a);
        }
    }
    a[at / 8] ^= (uint64_t)6 << at % 8 * 8;
    a[(rate - 1) / 8] ^= (uint64_t)0x80 << (rate - 1) % 8 * 8;
    keccak(a);
    for (size_t i = 0; i < n; i++) {
        out[i] = (uint8_t)(a[i / 8] >> i % 8 * 8);
    }
}

#if MBEDTLS_VERSION_MAJOR >= 3
#define mbedtls_sha512_ret mbedtls_sha512
#endif

size_t digest_by_type(unsigned type, const struct image *bytes, uint8_t out[DIGEST_MOST])
{
    static const uint8_t sizes[DIGEST_TYPES] = {32, 16, 15, 12, 8, 4, 48, 64, 28, 32, 48, 64};
    assert_true(type >= 1 && type <= DIGEST_TYPES);
    if (type <= 6) {
        sha256_of(bytes->p, bytes->n, out); // the short ones are the beginning of it
    } else if (type <= 8) {
        assert_int_equal(mbedtls_sha512_ret(bytes->p, bytes->n, out, type == 7), 0);
    } else {
        sha3(bytes, out, sizes[type - 1]);
    }
    return sizes[type - 1];
}

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
        bytes.n = digest_by_type(type_of(settings), payload, bytes.p);
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

// ---- Combined images ----------------------------------------------------------------------------

// Tag and address of each file that flash_args names, from its second line on.
static struct image flash_args(const char *file)
{
    char line[256];
    struct image records = image_fill(0, 0);
    FILE *f = fopen(file, "rb");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof(line), f));
    while (fgets(line, sizeof(line), f) != NULL) {
        unsigned tag = strstr(line, "bootloader") != NULL        ? 2
                       : strstr(line, "partition_table") != NULL ? 3
                                                                 : 4;
        put_number(&records, tag, 4);
        put_number(&records, strtoul(line, NULL, 0), 4);
    }
    (void)fclose(f);
    return records;
}

void combined_of(const char *to, const char *folder, const char *host)
{
    static const char *const names[] = {"rcp_version", "flash_args", "bootloader/bootloader.bin",
                                        "partition_table/partition-table.bin", "esp_ot_rcp.bin"};
    struct image parts[6];
    for (size_t i = 0; i < COUNT(names); i++) {
        char name[512];
        (void)snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
        parts[i] = i == 1 ? flash_args(name) : image_load(name);
    }
    parts[5] = host != NULL ? image_load(host) : image_fill(0, 0);
    size_t count = host != NULL ? 6 : 5, at = 12 * (count + 1);
    struct image im = image_fill(0, 0);
    put_number(&im, 255, 4);
    put_number(&im, at, 4);
    put_number(&im, 0, 4);
    for (size_t i = 0; i < count; i++) {
        put_number(&im, i, 4);
        put_number(&im, parts[i].n, 4);
        put_number(&im, at, 4);
        at += parts[i].n;
    }
    for (size_t i = 0; i < COUNT(parts); i++) {
        image_append(&im, parts[i].p, parts[i].n);
        image_free(&parts[i]);
    }
    image_save(&im, to);
    image_free(&im);
}

void combined_make(const char *to, const char *host)
{
    combined_of(to, "fixtures/rcp_build", host);
}
