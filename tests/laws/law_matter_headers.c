// SPDX-License-Identifier: Apache-2.0
//
// inspect reads exactly the headers that a device reads: elements left out, repeated, out of order,
// of other types, with lengths past the end, nested, in all forms of tags. What it refuses it
// names, with the element and where it is; none of this is more than a failed check. What a device
// reads is worked out in matter_device.c.
#include "matter_image.h"
#include "product.h"

// ---- Odd headers --------------------------------------------------------------------------------

enum { TAGS = 10, REGEX = 200, NAME = 100 };

static uint8_t payload_text[] = "a payload of thirty-six bytes, plain";
static const struct image payload = {payload_text, sizeof(payload_text) - 1};
static const char order[] = "0123489"; // the elements that must be there
static struct image elements[TAGS];
static unsigned odd_count, odd_refused;

static const char *const names[TAGS] = {
    "vendor_id",
    "product_id",
    "software_version",
    "software_version_string",
    "payload_size",
    NULL,
    NULL,
    NULL,
    "image_digest_type",
    "image_digest",
};

// What is said of the header: messages of the check, and what the node says that could not be read.
struct messages {
    char text[4000];
    size_t n;
};

static void note_messages(void *ctx, const char *path, const json_t *node)
{
    struct messages *m = ctx;
    const json_t *check;
    size_t i;
    json_array_foreach(json_object_get(node, "checks"), i, check)
    {
        if (strcmp(text_at(check, "id"), "matter-header") == 0 && m->n < sizeof(m->text)) {
            m->n += (size_t)snprintf(m->text + m->n, sizeof(m->text) - m->n, "%s ",
                                     text_at(check, "message"));
        }
    }
    if (*path == '\0' && m->n < sizeof(m->text)) {
        m->n +=
            (size_t)snprintf(m->text + m->n, sizeof(m->text) - m->n, "%s", text_at(node, "error"));
    }
}

// A header, and what must be said where it is refused (a regular expression).
static void odd(const char *name, const char *regex, const struct image *im)
{
    struct messages m = {"", 0};
    bool good = matter_accepts(im);
    odd_count++;
    image_save(im, "odd.bin");
    const json_t *root = tree("odd.bin");
    each_node(root, note_messages, &m);
    if (strcmp(text_at(root, "format"), "matter") != 0 ||
        has_failed(root, "matter-header") == good) {
        complain("%s: a device %s it", name, good ? "reads" : "refuses");
    }
    if (good) {
        return;
    }
    odd_refused++;
    if (!says(m.text, regex)) {
        complain("%s: the message does not say %s: %s", name, regex, m.text);
    }
    // What is refused has the remedy, and the rest of the file as a part.
    const struct run *r = run("inspect odd.bin");
    if (r->status != 1 || !says(r->out, "matter-header") || !says(r->out, "unread")) {
        complain("%s: inspect does not show what is wrong", name);
    }
}

// The same of a structure with these elements: a digit for each, x for `raw`.
static void elements_of(const char *name, const char *regex, const char *tags, const char *raw,
                        size_t raw_n, bool closed)
{
    struct image tlv = image_fill(0x15, 1);
    for (; *tags != '\0'; tags++) {
        if (*tags == 'x') {
            image_append(&tlv, raw, raw_n);
        } else {
            const struct image *e = &elements[*tags - '0'];
            image_append(&tlv, e->p, e->n);
        }
    }
    if (closed) {
        image_append(&tlv, "\x18", 1);
    }
    struct image im = matter_around(&tlv, &payload, "");
    odd(name, regex, &im);
    image_free(&im);
    image_free(&tlv);
}

static void ordered(const char *name, const char *regex, const char *tags)
{
    elements_of(name, regex, tags, NULL, 0, true);
}

#define WITH(name, regex, tags, bytes)                                                             \
    elements_of(name, regex, tags, bytes, sizeof(bytes) - 1, true)

static void one(const char *name, const char *regex, const char *settings)
{
    struct image im = matter_image(&payload, settings);
    odd(name, regex, &im);
    image_free(&im);
}

// Where the element at this place of the order begins; as a message has it, behind a name.
static size_t offset(size_t position)
{
    size_t at = MATTER_FIXED + 1;
    for (size_t i = 0; i < position; i++) {
        at += elements[order[i] - '0'].n;
    }
    return at;
}

static const char *place_of(const char *name, size_t at)
{
    static char text[REGEX];
    (void)snprintf(text, sizeof(text), "%s.*(%zu|0x%zx)", name, at, at);
    return text;
}

static const char *place(size_t position)
{
    return place_of(names[order[position] - '0'], offset(position));
}

// With another text in the place of the element at this position.
static const char *with(size_t position, const char *instead)
{
    static char text[64];
    (void)snprintf(text, sizeof(text), "%.*s%s%s", (int)position, order, instead,
                   order + position + 1);
    return text;
}

// Left out, repeated, out of order: the element that stands where another belongs, and where.
TEST(order_of_elements)
{
    char name[NAME], regex[REGEX];
    ordered("good", "", order);
    for (size_t i = 0; order[i] != '\0'; i++) {
        const char twice[] = {order[i], order[i], '\0'};
        (void)snprintf(name, sizeof(name), "without %c", order[i]);
        ordered(name, place(i), with(i, ""));
        if (order[i + 1] == '\0') {
            continue;
        }
        (void)snprintf(name, sizeof(name), "%c twice", order[i]);
        ordered(name, place(i + 1), with(i, twice));
        char swapped[sizeof(order)];
        memcpy(swapped, order, sizeof(order));
        swapped[i] = order[i + 1];
        swapped[i + 1] = order[i];
        (void)snprintf(name, sizeof(name), "%c and %c", order[i + 1], order[i]);
        ordered(name, place(i), swapped);
    }
    ordered("9 twice", "", "01234899"); // a device passes over what follows the digest
    (void)snprintf(regex, sizeof(regex), "%s", place_of("", MATTER_FIXED + 1));
    ordered("reversed", regex, "9843210");
    ordered("none", regex, "");
    complaints_end();
}

TEST(optional_elements)
{
    size_t five = offset(5);
    ordered("all", "", "0123456789");
    ordered("5", "", "01234589");
    ordered("6", "", "01234689");
    ordered("7", "", "01234789");
    ordered("6, 5", place_of("", five + elements[6].n), "012346589");
    ordered("7, 5", place_of("", five + elements[7].n), "012347589");
    ordered("5, 5", place_of("", five + elements[5].n), "012345589");
    ordered("early", place_of("", offset(4)), "01235489");
    ordered("late", "", "01234895");
    complaints_end();
}

// Of another type.
TEST(types)
{
    static const struct {
        const char *name;
        uint8_t control;
        const char *rest;
        size_t n;
    } kinds[] = {
        {"signed", 0x20, "\x01", 1}, {"signed of 8", 0x23, "\0\0\0\0\0\0\0", 7},
        {"true", 0x29, "", 0},       {"float", 0x2A, "\0\0\0\0", 4},
        {"null", 0x34, "", 0},       {"structure", 0x35, "\x18", 1},
        {"array", 0x36, "\x18", 1},  {"list", 0x37, "\x18", 1},
        {"reserved", 0x39, "", 0},   {"end", 0x38, "", 0},
    };
    char name[NAME];
    for (size_t i = 0; order[i] != '\0'; i++) {
        unsigned tag = (unsigned)(order[i] - '0');
        for (size_t k = 0; k < COUNT(kinds); k++) {
            char raw[10] = {(char)kinds[k].control, (char)tag};
            memcpy(raw + 2, kinds[k].rest, kinds[k].n);
            (void)snprintf(name, sizeof(name), "%c as %s", order[i], kinds[k].name);
            elements_of(name, place_of("", offset(i)), with(i, "x"), raw, 2 + kinds[k].n, true);
        }
        struct image other = image_fill(0, 0);
        if (tag == 3 || tag == 9) {
            matter_integer(&other, tag, 1, 0);
        } else {
            matter_string(&other, MATTER_TEXT, tag, "1", 1, 0);
        }
        (void)snprintf(name, sizeof(name), "%c as the other", order[i]);
        elements_of(name, place(i), with(i, "x"), (const char *)other.p, other.n, true);
        image_free(&other);
    }
    WITH("text as bytes", place(3), "012x489",
         "\x30\x03\x03"
         "2.0");
    static const char digest[] = "\x2C\x09\x20\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
                                 "\1\1\1\1\1\1";
    WITH("digest as text", "", "012348x", digest);
    complaints_end();
}

// Wide numbers and lengths; values beyond the limit.
static const char *letters(const char *start, char letter, size_t n)
{
    static char text[600];
    size_t at = strlen(start);
    assert_true(at + n < sizeof(text));
    memcpy(text, start, at);
    memset(text + at, letter, n);
    text[at + n] = '\0';
    return text;
}

TEST(values)
{
    one("2 bytes wide", "", "wide=2");
    one("4 bytes wide", "", "wide=4");
    one("8 bytes wide", "", "wide=8");
    one("vendor too large", place_of("vendor_id", 17), "vendor_id=0x10000");
    one("product too large", place_of("product_id", 21), "product_id=0x10000");
    one("vendor of 64 bits", place_of("vendor_id", 17), "vendor_id=0x8000000000000000");
    one("version too large", place_of("software_version", 25), "software_version=0x100000000");
    one("largest version", "", "software_version=0xffffffff");
    one("type too large", "image_digest_type", "8=25080001");
    one("min too large", "min_applicable_software_version", "min=0x100000000");
    one("max too large", "max_applicable_software_version", "max=0x10000000000");
    one("text of 64", "", letters("software_version_string=", 'v', 64));
    one("text of 65", place_of("software_version_string", 28),
        letters("software_version_string=", 'v', 65));
    one("no text", "", "text=");
    one("text with separator", "",
        "text="
        "7676767676767676767676767676767676767676767676767676767676767676767676767676767676767676"
        "767676767676767676767676767676761f"
        "7777777777777777777777777777777777777777777777777777777777777777777777777777777777777777"
        "77777777777777777777777777777777");
    one("no UTF-8", "", "text=ff2e30");
    one("URL of 256", "", letters("url=https://", 'u', 248));
    one("URL of 257", "release_notes_url", letters("url=https://", 'u', 249));
    complaints_end();
}

// A URL of more than 256 bytes is cut where a device cuts it.
TEST(long_separated_url)
{
    struct image url = image_fill('w', 311), tlv = image_fill(0, 0);
    memcpy(url.p, "https://a/\x1f", 11);
    matter_string(&tlv, MATTER_TEXT, 7, url.p, url.n, 0);
    elements_of("long URL with separator", "", "01234x89", (const char *)tlv.p, tlv.n, true);
    image_free(&url);
    image_free(&tlv);
    complaints_end();
}

TEST(lengths_past_the_end)
{
    const char *there = place(3);
    char regex[REGEX];
    (void)snprintf(regex, sizeof(regex), "%s", there);
    WITH("1 byte", regex, "012x", "\x2C\x03\xFF");
    WITH("2 bytes", regex, "012x", "\x2D\x03\xFF\xFF");
    WITH("4 bytes", regex, "012x", "\x2E\x03\xFF\xFF\xFF\xFF");
    WITH("8 bytes", regex, "012x", "\x2F\x03\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
    WITH("8 bytes, little below", regex, "012x", "\x2F\x03\x03\0\0\0\1\0\0\0");
    WITH("8 bytes, of which 4 would fit", regex, "012x489",
         "\x2F\x03\x03\0\0\0\1\0\0\0"
         "2.0");
    WITH("8 bytes, sign", regex, "012x", "\x2F\x03\0\0\0\0\0\0\0\x80");
    struct image digest = image_fill(0, 35);
    memcpy(digest.p, "\x30\x09\x40", 3);
    elements_of("digest", place(6), "012348x", (const char *)digest.p, digest.n, true);
    digest.p[2] = 34; // 32 bytes, the end of the structure, and one more
    elements_of("one byte", place(6), "012348x", (const char *)digest.p, digest.n, true);
    image_free(&digest);
    complaints_end();
}

// No end; an end too soon; a structure that is none.
TEST(the_structure)
{
    static const struct {
        const char *name;
        uint8_t byte;
    } outer[] = {{"array", 0x16}, {"list", 0x17}, {"tagged", 0x35}, {"null", 0x14}, {"end", 0x18}};
    elements_of("no end", "", order, NULL, 0, false);
    elements_of("end with a tag", "", "0123489x", "\x38\0", 2, false);
    for (size_t i = 0; i < COUNT(outer); i++) {
        struct image im = matter_image(&payload, "");
        im.p[MATTER_FIXED] = outer[i].byte;
        odd(outer[i].name, place_of("", MATTER_FIXED), &im);
        image_free(&im);
    }
    one("empty", "", "tlv=");
    one("one byte", "", "tlv=15");
    complaints_end();
}

// Tags of other forms.
TEST(tags)
{
    char first[REGEX];
    (void)snprintf(first, sizeof(first), "%s", place_of("", MATTER_FIXED + 1));
    WITH("common", first, "x123489", "\x45\0\0\xF1\xFF");
    WITH("implicit", first, "x123489", "\x85\0\0\xF1\xFF");
    WITH("anonymous", first, "x123489", "\x05\xF1\xFF");
    WITH("qualified", first, "x123489", "\xC5\1\0\2\0\0\0\xF1\xFF");
    WITH("qualified, special", "", "x123489", "\xC5\xFF\xFF\xFF\xFF\0\0\xF1\xFF");
    WITH("qualified, special, 8", "", "x123489", "\xE5\xFF\xFF\xFF\xFF\0\0\0\0\xF1\xFF");
    WITH("qualified, anonymous", first, "x123489", "\xC5\xFF\xFF\xFF\xFF\0\1\xF1\xFF");
    complaints_end();
}

// Behind the digest: known by nobody, nested, and wrong.
TEST(behind_the_digest)
{
    char hex[ITEM_ROOM], settings[ITEM_ROOM + 8];
    EACH_ITEM(hex,
              "240a01|24ff01|c5f1ff00000100aa55|350a24000118|"
              "350a3500350035003500350035003500350035003500350035003500350035003500350035003500"
              "3500181818181818181818181818181818181818181818|360a0401040218|370a040124020318|"
              "2c0a03616263|300a00|270a0102030405060708|"
              "0401|84010001|3f0a|390a|3a0a|270a01|2c0aff|350a|350a350018|360a24000118|350a040118|"
              "350a3800")
    {
        (void)snprintf(settings, sizeof(settings), "extra=%s", hex);
        one(settings, "", settings);
    }
    EACH_ITEM(hex, "00|5555555555555555555555555555555555555555|18")
    {
        (void)snprintf(settings, sizeof(settings), "behind=%s", hex);
        one(settings, "", settings);
    }
    complaints_end();
}

// Behind the structure, to a header of this size; or within it.
static void header_of(size_t size, const char *regex)
{
    struct image im = matter_image(&payload, ""), tlv = image_fill(0, 0);
    image_append(&tlv, im.p + MATTER_FIXED, u32_at(&im, 12));
    image_free(&im);
    struct image zeros = image_fill(0, size - tlv.n);
    image_append(&tlv, zeros.p, zeros.n);
    im = matter_around(&tlv, &payload, "");
    odd("a large header", regex, &im);
    image_free(&im);
    image_free(&tlv);
    image_free(&zeros);
}

TEST(header_sizes)
{
    char settings[100];
    struct image im = matter_image(&payload, ""), extra = image_fill(0, 1004);
    size_t size = u32_at(&im, 12);
    image_free(&im);
    header_of(1024, "");
    header_of(1025, "1,?024");
    memcpy(extra.p, "\x31\x0A\xE8\x03", 4);
    elements_of("more than 1024 within", "1,?024", "0123489x", (const char *)extra.p, extra.n,
                true);
    image_free(&extra);
    const size_t sizes[] = {0, size - 1, size + payload.n, 900};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        (void)snprintf(settings, sizeof(settings), "header_size=%zu", sizes[i]);
        one(settings, "", settings);
    }
    one("header_size=4 GiB", "1,?024", "header_size=0xffffffff");
    complaints_end();
}

TEST(other_sizes)
{
    char total[ITEM_ROOM];
    EACH_ITEM(total, "0|0x100000000|0x100000024|0xffffffffffffffff|0x8000000000000000")
    {
        char settings[ITEM_ROOM + 80];
        (void)snprintf(settings, sizeof(settings), "total_size=%s", total);
        one(settings, "", settings);
        uint64_t size = strtoull(total, NULL, 0);
        if (size > 0) {
            (void)snprintf(settings, sizeof(settings), "payload_size=%s|total_size=%" PRIu64, total,
                           size > UINT64_MAX - 90 ? UINT64_MAX : size + 90);
            one(settings, "", settings);
        }
    }
    one("payload wraps", "", "payload_size=0xffffffffffffffba|total_size=20");
    complaints_end();
}

// Enough of them were there, of both kinds.
TEST(all_of_them)
{
    want(odd_count >= 190 && odd_refused >= 140 && odd_refused < odd_count,
         "%u headers, %u refused", odd_count, odd_refused);
}

static int begin(void **group)
{
    static const char url[] = "https://example.com/";
    uint8_t digest[DIGEST_MOST];
    if (run_begin(group) != 0) {
        return -1;
    }
    for (unsigned tag = 0; tag < TAGS; tag++) {
        elements[tag] = image_fill(0, 0);
    }
    matter_integer(&elements[0], 0, 0xFFF1, 0);
    matter_integer(&elements[1], 1, 0x8000, 0);
    matter_integer(&elements[2], 2, 2, 0);
    matter_string(&elements[3], MATTER_TEXT, 3, "2.0", 3, 0);
    matter_integer(&elements[4], 4, payload.n, 0);
    matter_integer(&elements[5], 5, 0, 0);
    matter_integer(&elements[6], 6, 1, 0);
    matter_string(&elements[7], MATTER_TEXT, 7, url, strlen(url), 0);
    matter_integer(&elements[8], 8, 1, 0);
    matter_string(&elements[9], MATTER_BYTES, 9, digest,
                  digest_by_type(1, payload.p, payload.n, digest), 0);
    return 0;
}

static int end(void **group)
{
    for (unsigned tag = 0; tag < TAGS; tag++) {
        image_free(&elements[tag]);
    }
    return run_end(group);
}

UNIT(matter_headers)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_of_elements),
        cmocka_unit_test(optional_elements),
        cmocka_unit_test(types),
        cmocka_unit_test(values),
        cmocka_unit_test(long_separated_url),
        cmocka_unit_test(lengths_past_the_end),
        cmocka_unit_test(the_structure),
        cmocka_unit_test(tags),
        cmocka_unit_test(behind_the_digest),
        cmocka_unit_test(header_sizes),
        cmocka_unit_test(other_sizes),
        cmocka_unit_test(all_of_them),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
