// SPDX-License-Identifier: Apache-2.0
//
// otapack/matter.h, reading: how long texts may be and where a 0x1F cuts them, what may follow the
// digest and the structure, header_size and the file cut at every byte, reads that fail.
#include "matter_header.h"

// A header whose text in `place` has n bytes, all 'a', with a 0x1F at `cut` if that is inside.
static struct header header_with_text(enum place place, size_t n, size_t cut)
{
    uint8_t bytes[ELEMENT_ROOM];
    uint8_t tag = golden_elements[place].bytes[1];
    uint8_t type = place == DIGEST ? OTAPACK_TLV_BYTES : OTAPACK_TLV_UTF8;
    size_t head = otapack_tlv_write_head(bytes, type, tag, n);
    assert_true(head + n <= sizeof(bytes));
    memset(bytes + head, 'a', n);
    if (cut < n) {
        bytes[head + cut] = OTAPACK_MATTER_SEPARATOR;
    }
    return header_with(place, bytes, head + n);
}

static struct otapack_matter_text text_in(const struct otapack_matter *m, enum place place)
{
    return place == VERSION_STRING ? m->software_version_string
           : place == URL          ? m->release_notes_url
                                   : m->image_digest;
}

TEST(lengths_of_texts)
{
    static const struct {
        enum place place;
        size_t n, cut; // cut SIZE_MAX: nowhere
        size_t read;   // how much of it is taken; over `limit`: refused
        size_t limit;
    } rows[] = {
        {VERSION_STRING, 0, SIZE_MAX, 0, 64},
        {VERSION_STRING, 1, SIZE_MAX, 1, 64},
        {VERSION_STRING, 64, SIZE_MAX, 64, 64},
        {VERSION_STRING, 65, SIZE_MAX, 65, 64},
        {VERSION_STRING, 280, SIZE_MAX, 280, 64},
        {VERSION_STRING, 1, 0, 0, 64},
        {VERSION_STRING, 5, 4, 4, 64},
        {VERSION_STRING, 64, 63, 63, 64},
        {VERSION_STRING, 65, 64, 64, 64}, // stored longer than taken
        {VERSION_STRING, 280, 64, 64, 64},
        {VERSION_STRING, 280, 0, 0, 64},
        {VERSION_STRING, 66, 65, 65, 64},
        {VERSION_STRING, 280, 279, 279, 64},
        {URL, 0, SIZE_MAX, 0, 256},
        {URL, 1, SIZE_MAX, 1, 256},
        {URL, 256, SIZE_MAX, 256, 256},
        {URL, 257, SIZE_MAX, 257, 256},
        {URL, 257, 256, 256, 256},
        {URL, 280, 257, 257, 256},
        {URL, 280, 8, 8, 256},
        {DIGEST, 0, SIZE_MAX, 0, 1024},
        {DIGEST, 1, 0, 1, 1024}, // never cut
        {DIGEST, 65, 3, 65, 1024},
        {DIGEST, 280, SIZE_MAX, 280, 1024},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct header h = header_with_text(rows[i].place, rows[i].n, rows[i].cut);
        struct otapack_matter m;
        struct otapack_status s = open_header(&h, &m);
        if (rows[i].read > rows[i].limit) {
            assert_status(s, OTAPACK_FORBIDDEN, golden_elements[rows[i].place].field,
                          h.at[rows[i].place]);
            assert_int_equal(s.value, rows[i].read);
            assert_int_equal(s.limit, rows[i].limit);
            continue;
        }
        struct otapack_matter_text text = text_in(&m, rows[i].place);
        assert_good(s);
        assert_int_equal(text.at, h.at[rows[i].place] + (rows[i].n > 255 ? 4 : 3));
        assert_int_equal(text.size, rows[i].read);
        assert_int_equal(m.read_to, h.n);
    }
}

// A digest may be stored as a text, and is taken whole all the same.
TEST(a_digest_that_is_a_text)
{
    static const uint8_t text[] = {0x2E, 9, 5, 0, 0, 0, 'a', 0x1F, 'b', 0x1F, 'c'};
    struct header h = header_with(DIGEST, text, sizeof(text));
    struct otapack_matter m;
    assert_good(open_header(&h, &m));
    assert_int_equal(m.image_digest.at, h.at[DIGEST] + 6);
    assert_int_equal(m.image_digest.size, 5);
}

// What stands between the digest and the end; `at` counts from the digest's end.
TEST(behind_the_digest)
{
    static const struct {
        size_t n;
        uint8_t bytes[20];
        enum otapack_code code;
        size_t at;
        uint64_t value;
    } rows[] = {
        {3, {0x24, 10, 1}, OTAPACK_OK, 0, 0},
        {3, {0x24, 0, 1}, OTAPACK_OK, 0, 0},                // any tag, also one that was there
        {4, {0x44, 1, 0, 1}, OTAPACK_OK, 0, 0},             // a common profile's
        {8, {0xC4, 1, 2, 3, 4, 5, 6, 1}, OTAPACK_OK, 0, 0}, // a vendor's
        {2, {0x34, 10}, OTAPACK_OK, 0, 0},                  // null
        {2, {0x29, 10}, OTAPACK_OK, 0, 0},                  // true
        {3, {0x2C, 10, 0}, OTAPACK_OK, 0, 0},               // texts may end with the element
        {5, {0x30, 10, 2, 0x18, 0x19}, OTAPACK_OK, 0, 0},   // bytes are not elements
        {3, {0x35, 10, 0x18}, OTAPACK_OK, 0, 0},            // containers, empty
        {3, {0x36, 10, 0x18}, OTAPACK_OK, 0, 0},
        {3, {0x37, 10, 0x18}, OTAPACK_OK, 0, 0},
        {6, {0x35, 10, 0x24, 0, 1, 0x18}, OTAPACK_OK, 0, 0},
        {5, {0x36, 10, 0x04, 1, 0x18}, OTAPACK_OK, 0, 0},             // arrays: without tags
        {8, {0x37, 10, 0x04, 1, 0x24, 0, 1, 0x18}, OTAPACK_OK, 0, 0}, // lists: as they like
        {9, {0x36, 10, 0x15, 0x37, 0, 0x16, 0x18, 0x18, 0x18}, OTAPACK_TRUNCATED, 10, 0},
        {10, {0x36, 10, 0x15, 0x37, 0, 0x16, 0x18, 0x18, 0x18, 0x18}, OTAPACK_OK, 0, 0},
        // Behind a container in a container nobody knows which one it is in.
        {7, {0x36, 10, 0x15, 0x18, 0x28, 0, 0x18}, OTAPACK_OK, 0, 0},
        {7, {0x35, 10, 0x36, 0, 0x18, 0x08, 0x18}, OTAPACK_OK, 0, 0},
        // Behind a container in the structure it is the structure.
        {4, {0x36, 10, 0x18, 0x08}, OTAPACK_UNEXPECTED, 3, OTAPACK_TLV_ANONYMOUS},
        {1, {0x08}, OTAPACK_UNEXPECTED, 0, OTAPACK_TLV_ANONYMOUS},
        {3, {0x88, 1, 0}, OTAPACK_UNEXPECTED, 0, OTAPACK_TLV_UNKNOWN_TAG},
        {5, {0xA8, 1, 0, 0, 0}, OTAPACK_UNEXPECTED, 0, OTAPACK_TLV_UNKNOWN_TAG},
        {2, {0x38, 7}, OTAPACK_UNEXPECTED, 0, 7}, // an end with a tag
        {6, {0x36, 10, 0x24, 3, 1, 0x18}, OTAPACK_UNEXPECTED, 2, 3},
        {4, {0x35, 10, 0x08, 0x18}, OTAPACK_UNEXPECTED, 2, OTAPACK_TLV_ANONYMOUS},
        {6, {0x37, 10, 0x88, 1, 0, 0x18}, OTAPACK_UNEXPECTED, 2, OTAPACK_TLV_UNKNOWN_TAG},
        {4, {0x37, 10, 0x38, 7}, OTAPACK_UNEXPECTED, 2, 7},
        {2, {0x37, 10}, OTAPACK_TRUNCATED, 3, 0}, // unclosed
        {2, {0x39, 10}, OTAPACK_WRONG_TYPE, 0, 0x19},
        {1, {0xFF}, OTAPACK_WRONG_TYPE, 0, 0x1F},
        {4, {0x37, 10, 0x19, 0x18}, OTAPACK_WRONG_TYPE, 2, 0x19},
        {3, {0x2C, 10, 2}, OTAPACK_TRUNCATED, 0, 0}, // one byte over the end
        {10, {0x2F, 10, 0, 0, 0, 0, 1}, OTAPACK_FORBIDDEN, 0, UINT64_C(0x100000000)},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct element elements[ELEMENTS + 1];
        memcpy(elements, golden_elements, sizeof(golden_elements));
        elements[END + 1] = golden_elements[END];
        elements[END] = (struct element){.field = "end", .n = rows[i].n};
        memcpy(elements[END].bytes, rows[i].bytes, rows[i].n);
        struct header h = header_of(elements, ELEMENTS + 1);
        struct otapack_matter m;
        struct otapack_status s = open_header(&h, &m);
        if (rows[i].code == OTAPACK_OK) {
            assert_good(s);
            assert_int_equal(m.read_to, h.n);
            continue;
        }
        assert_status(s, rows[i].code, "end", h.at[END] + rows[i].at);
        assert_int_equal(m.read_to, s.at);
        if (s.code == OTAPACK_TRUNCATED) {
            assert_true(s.value == h.n + 1 && s.limit == h.n);
        } else {
            assert_int_equal(s.value, rows[i].value);
        }
    }
}

TEST(hundreds_of_containers)
{
    enum { DEPTH = 475 };
    struct header h = header_of(golden_elements, END);
    struct otapack_matter m;
    uint8_t *p = h.bytes + h.n;
    memset(p, 0x16, DEPTH);
    memset(p + DEPTH, 0x18, DEPTH + 1);
    p[0] = 0x57; // a list with a tag, and arrays in it
    memmove(p + 3, p + 1, (size_t)2 * DEPTH);
    p[1] = p[2] = 0;
    h.n += (size_t)2 * DEPTH + 3;
    header_size_is(&h, h.n - 16);
    assert_in_range(h.n - 16, 1000, OTAPACK_MATTER_MAX_TLV);
    assert_good(open_header(&h, &m));
    assert_int_equal(m.read_to, h.n);
    h.bytes[h.n - 1] = 0x14; // the structure's end is none
    assert_refused(&h, OTAPACK_UNEXPECTED, "end", h.n - 1, OTAPACK_TLV_ANONYMOUS);
}

// What is behind the structure's end is passed over, whatever it is, up to 1024 bytes of TLV.
TEST(behind_the_structure)
{
    struct header h = golden_header();
    struct otapack_matter m;
    size_t end = h.n;
    memset(h.bytes + end, 0xFF, sizeof(h.bytes) - end);
    for (h.n = end; h.n <= 16 + OTAPACK_MATTER_MAX_TLV; h.n++) {
        header_size_is(&h, h.n - 16);
        assert_good(open_header(&h, &m));
        assert_int_equal(m.read_to, end);
        assert_int_equal(otapack_matter_payload_at(&m), h.n);
    }
}

TEST(header_size_over_its_limit)
{
    static const uint32_t sizes[] = {1025, 1026, 0x10000, 0x80000000, UINT32_MAX};
    struct header h = golden_header();
    h.n = sizeof(h.bytes);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct otapack_matter m;
        otapack_put_le32(h.bytes + 12, sizes[i]);
        struct otapack_status s = open_header(&h, &m);
        assert_status(s, OTAPACK_FORBIDDEN, "header_size", 12);
        assert_int_equal(s.value, sizes[i]);
        assert_int_equal(s.limit, 1024);
    }
}

// The TLV ends early, although there are bytes: what ended before is known, the rest is 0.
TEST(every_header_size)
{
    struct header h = golden_header();
    struct otapack_matter m;
    for (size_t n = 0; n < h.n - 16; n++) {
        size_t to = 16 + n;
        header_size_is(&h, n);
        struct otapack_status s = open_header(&h, &m);
        size_t i = 0;
        while (h.at[i + 1] != 0 && h.at[i + 1] <= to) {
            i++;
        }
        bool optional = i == MIN_VERSION || i == MAX_VERSION || i == URL;
        assert_status(s, OTAPACK_TRUNCATED, golden_elements[optional ? DIGEST_TYPE : i].field,
                      h.at[i]);
        assert_true(s.limit == to && s.value > to && s.value <= h.n);
        assert_int_equal(m.header_size, n);
        assert_int_equal(m.read_to, h.at[i]);
        assert_int_equal(m.vendor_id, i > VENDOR_ID ? 0xFFF1 : 0);
        assert_int_equal(m.software_version, i > SOFTWARE_VERSION ? 300 : 0);
        assert_int_equal(m.software_version_string.size, i > VERSION_STRING ? 5 : 0);
        assert_int_equal(m.payload_size, i > PAYLOAD_SIZE ? 1696928 : 0);
        assert_int_equal(m.has_min_applicable_software_version, i > MIN_VERSION);
        assert_int_equal(m.has_max_applicable_software_version, i > MAX_VERSION);
        assert_int_equal(m.has_release_notes_url, i > URL);
        assert_int_equal(m.image_digest_type, i > DIGEST_TYPE ? 6 : 0);
        assert_int_equal(m.image_digest.size, i > DIGEST ? 4 : 0);
    }
}

TEST(every_prefix_is_truncated)
{
    struct header h = golden_header();
    size_t all = h.n;
    struct otapack_matter m;
    for (h.n = 0; h.n < all; h.n++) {
        struct otapack_status s = open_header(&h, &m);
        assert_status(s, OTAPACK_TRUNCATED, h.n < 16 ? "header" : "header_size", h.n < 16 ? 0 : 12);
        assert_int_equal(s.value, h.n < 16 ? 16 : all);
        assert_int_equal(s.limit, h.n);
    }
    assert_good(open_header(&h, &m));
}

TEST(every_bit_of_the_magic)
{
    for (unsigned bit = 0; bit < 32; bit++) {
        struct header h = golden_header();
        h.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_refused(&h, OTAPACK_NOT_THIS, "magic", 0, OTAPACK_MATTER_MAGIC ^ (uint32_t)1 << bit);
    }
}

TEST(every_read_may_fail)
{
    struct header h = golden_header();
    struct reading r = reading_of(h.bytes, h.n);
    struct otapack_source src = reading_source(&r);
    struct otapack_matter m;
    assert_good(otapack_matter_open(&src, &m));
    unsigned all = r.reads;
    assert_in_range(all, ELEMENTS, 200);
    for (r.fail_at = 1; r.fail_at <= all; r.fail_at++) {
        src = reading_source(&r);
        struct otapack_status s = otapack_matter_open(&src, &m);
        assert_int_equal(s.code, OTAPACK_READ_FAILED);
        assert_in_range(s.at, m.read_to, r.last_at); // where the element begins
        assert_int_equal(r.reads, r.fail_at);
        assert_true(m.read_to <= h.n && s.field[0] != '\0');
    }
}

UNIT(matter_ends)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_of_texts),       cmocka_unit_test(a_digest_that_is_a_text),
        cmocka_unit_test(behind_the_digest),      cmocka_unit_test(hundreds_of_containers),
        cmocka_unit_test(behind_the_structure),   cmocka_unit_test(header_size_over_its_limit),
        cmocka_unit_test(every_header_size),      cmocka_unit_test(every_prefix_is_truncated),
        cmocka_unit_test(every_bit_of_the_magic), cmocka_unit_test(every_read_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
