// SPDX-License-Identifier: Apache-2.0
//
// otapack/matter.h, reading: a golden header whose elements are left out, moved, repeated, of every
// type, wider than need be, too large, and with tags in other spellings.
#include "matter_header.h"

static void assert_taken(const struct header *h)
{
    struct otapack_matter m;
    assert_good(open_header(h, &m));
    assert_int_equal(m.vendor_id, 0xFFF1);
    assert_int_equal(m.image_digest.size, 4);
}

TEST(golden_values)
{
    struct header h = golden_header();
    struct otapack_matter m;
    assert_good(open_header(&h, &m));
    assert_int_equal(m.total_size, UINT64_C(0x123456789ABCDEF0));
    assert_int_equal(m.header_size, h.n - 16);
    assert_int_equal(m.vendor_id, 0xFFF1);
    assert_int_equal(m.product_id, 0x8001);
    assert_int_equal(m.software_version, 300);
    assert_int_equal(m.software_version_string.at, h.at[VERSION_STRING] + 3);
    assert_int_equal(m.software_version_string.size, 5);
    assert_int_equal(m.payload_size, 1696928);
    assert_true(m.has_min_applicable_software_version);
    assert_int_equal(m.min_applicable_software_version, 1);
    assert_true(m.has_max_applicable_software_version);
    assert_int_equal(m.max_applicable_software_version, 299);
    assert_true(m.has_release_notes_url);
    assert_int_equal(m.release_notes_url.at, h.at[URL] + 3);
    assert_int_equal(m.release_notes_url.size, 8);
    assert_int_equal(m.image_digest_type, OTAPACK_MATTER_SHA256_32);
    assert_int_equal(m.image_digest.at, h.at[DIGEST] + 3);
    assert_int_equal(m.image_digest.size, 4);
    assert_int_equal(m.read_to, h.n);
    assert_int_equal(otapack_matter_payload_at(&m), h.n);
}

// Every choice of the three that may be there.
TEST(optional_elements)
{
    for (unsigned absent = 0; absent < 8; absent++) {
        struct header h = header_empty();
        struct otapack_matter m;
        for (unsigned i = 0; i < ELEMENTS; i++) {
            if (i < MIN_VERSION || i > URL || (absent >> (i - MIN_VERSION) & 1) == 0) {
                header_add(&h, golden_elements[i].bytes, golden_elements[i].n);
            }
        }
        assert_good(open_header(&h, &m));
        assert_int_equal(m.has_min_applicable_software_version, (absent & 1) == 0);
        assert_int_equal(m.min_applicable_software_version, (absent & 1) == 0 ? 1 : 0);
        assert_int_equal(m.has_max_applicable_software_version, (absent & 2) == 0);
        assert_int_equal(m.max_applicable_software_version, (absent & 2) == 0 ? 299 : 0);
        assert_int_equal(m.has_release_notes_url, (absent & 4) == 0);
        assert_int_equal(m.release_notes_url.size, (absent & 4) == 0 ? 8 : 0);
        assert_int_equal(m.image_digest_type, 6);
    }
}

// `value`: the tag of what stands there instead.
TEST(each_element_missing)
{
    static const uint64_t values[ELEMENTS] = {0, 1, 2, 3, 4, 5, 0, 0, 0, 9, OTAPACK_TLV_ANONYMOUS};
    for (unsigned i = 0; i < END; i++) {
        struct header h = header_empty();
        for (unsigned k = 0; k < ELEMENTS; k++) {
            if (k != i) {
                header_add(&h, golden_elements[k].bytes, golden_elements[k].n);
            }
        }
        if (i >= MIN_VERSION && i <= URL) {
            assert_taken(&h);
        } else {
            assert_refused(&h, OTAPACK_UNEXPECTED, golden_elements[i].field, h.at[i], values[i]);
        }
    }
    struct header h = header_of(golden_elements, END);
    assert_refused(&h, OTAPACK_TRUNCATED, "end", h.n, h.n + 1);
}

// Two neighbours change places: where that is noticed, for which field, and by which tag.
TEST(elements_out_of_order)
{
    static const struct {
        enum place first, at, field;
        uint64_t value;
    } rows[] = {
        {STRUCTURE, STRUCTURE, STRUCTURE, 0},
        {VENDOR_ID, VENDOR_ID, VENDOR_ID, 1},
        {PRODUCT_ID, PRODUCT_ID, PRODUCT_ID, 2},
        {SOFTWARE_VERSION, SOFTWARE_VERSION, SOFTWARE_VERSION, 3},
        {VERSION_STRING, VERSION_STRING, VERSION_STRING, 4},
        {PAYLOAD_SIZE, PAYLOAD_SIZE, PAYLOAD_SIZE, 5},
        {MIN_VERSION, MAX_VERSION, DIGEST_TYPE, 5},
        {MAX_VERSION, URL, DIGEST_TYPE, 6},
        {URL, DIGEST_TYPE, DIGEST, 7},
        {DIGEST_TYPE, DIGEST_TYPE, DIGEST_TYPE, 9},
        {DIGEST, DIGEST, DIGEST, OTAPACK_TLV_ANONYMOUS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct element elements[ELEMENTS];
        memcpy(elements, golden_elements, sizeof(elements));
        elements[rows[i].first] = golden_elements[rows[i].first + 1];
        elements[rows[i].first + 1] = golden_elements[rows[i].first];
        struct header h = header_of(elements, ELEMENTS);
        assert_refused(&h, OTAPACK_UNEXPECTED, golden_elements[rows[i].field].field,
                       h.at[rows[i].at], rows[i].value);
    }
}

// The second of two is noticed as what should follow the first.
TEST(elements_repeated)
{
    static const enum place fields[] = {VENDOR_ID,    PRODUCT_ID,  SOFTWARE_VERSION, VERSION_STRING,
                                        PAYLOAD_SIZE, DIGEST_TYPE, DIGEST_TYPE,      DIGEST_TYPE,
                                        DIGEST_TYPE,  DIGEST};
    for (unsigned i = 0; i < ELEMENTS; i++) {
        struct header h = header_empty();
        for (unsigned k = 0; k < ELEMENTS; k++) {
            header_add(&h, golden_elements[k].bytes, golden_elements[k].n);
            if (k == i) {
                header_add(&h, golden_elements[k].bytes, golden_elements[k].n);
            }
        }
        if (i >= DIGEST) {
            assert_taken(&h); // nobody looks at what follows
        } else {
            assert_refused(&h, OTAPACK_UNEXPECTED, golden_elements[fields[i]].field, h.at[i + 1],
                           i == STRUCTURE ? OTAPACK_TLV_ANONYMOUS : i - 1);
        }
    }
}

static bool type_fits(enum place place, uint8_t type)
{
    switch (place) {
    case VERSION_STRING:
    case URL:
        return type >= 12 && type <= 15;
    case DIGEST:
        return type >= 12 && type <= 19; // a text will do
    default:
        return type >= 4 && type <= 7;
    }
}

// Each element as each type there is, and as those that are none, all zeros.
TEST(elements_of_every_type)
{
    for (enum place place = VENDOR_ID; place <= DIGEST; place++) {
        for (uint8_t type = 0; type < 0x20; type++) {
            uint8_t bytes[10] = {(uint8_t)(0x20 | type), golden_elements[place].bytes[1]};
            size_t n = type > OTAPACK_TLV_END ? 2 : 2 + otapack_tlv_width(type);
            struct header h = header_with(place, bytes, n);
            struct otapack_matter m;
            struct otapack_status s = open_header(&h, &m);
            if (type_fits(place, type)) {
                assert_good(s);
                continue;
            }
            assert_int_equal(s.code,
                             type == OTAPACK_TLV_END ? OTAPACK_UNEXPECTED : OTAPACK_WRONG_TYPE);
            assert_int_equal(s.at, h.at[place]);
            assert_int_equal(s.value, type == OTAPACK_TLV_END ? bytes[1] : type);
            assert_int_equal(m.read_to, h.at[place]);
            // What cannot be read at all stands where the digest type must, if not before.
            bool optional = place == MIN_VERSION || place == MAX_VERSION || place == URL;
            bool lost = optional && type >= OTAPACK_TLV_END;
            assert_string_equal(s.field, golden_elements[lost ? DIGEST_TYPE : place].field);
        }
    }
}

TEST(only_a_structure_begins_it)
{
    for (unsigned control = 0; control < 256; control++) {
        uint8_t bytes[17] = {(uint8_t)control};
        unsigned type = control & 0x1F, tag = control >> 5;
        struct header h = header_with(STRUCTURE, bytes, 17);
        struct otapack_matter m;
        struct otapack_status s = open_header(&h, &m);
        assert_int_equal(s.at, control == 0x15 ? 17 : 16); // 0: no element has that tag
        assert_string_equal(s.field, control == 0x15 ? "vendor_id" : "structure");
        bool wrong = type > OTAPACK_TLV_END || (tag == 0 && type != 0x15 && type != 0x18);
        assert_int_equal(s.code, wrong ? OTAPACK_WRONG_TYPE : OTAPACK_UNEXPECTED);
    }
}

// One element as a number of 1 << w bytes.
static void assert_number(enum place place, uint64_t value, unsigned w, uint64_t most)
{
    const struct element *e = &golden_elements[place];
    uint8_t bytes[10] = {(uint8_t)(0x24 + w), e->bytes[1]};
    for (unsigned i = 0; i < 8; i++) {
        bytes[2 + i] = (uint8_t)(value >> 8 * i);
    }
    struct header h = header_with(place, bytes, 2 + ((size_t)1 << w));
    struct otapack_matter m;
    struct otapack_status s = open_header(&h, &m);
    if (value <= most) {
        assert_good(s);
        return;
    }
    assert_status(s, OTAPACK_FORBIDDEN, e->field, h.at[place]);
    assert_int_equal(s.value, value);
    assert_int_equal(s.limit, most);
}

// Wider than need be is taken, as long as the value fits.
TEST(numbers_wide_and_large)
{
    static const struct {
        enum place place;
        uint64_t most;
    } rows[] = {{VENDOR_ID, UINT16_MAX},        {PRODUCT_ID, UINT16_MAX},
                {SOFTWARE_VERSION, UINT32_MAX}, {PAYLOAD_SIZE, UINT64_MAX},
                {MIN_VERSION, UINT32_MAX},      {MAX_VERSION, UINT32_MAX},
                {DIGEST_TYPE, UINT8_MAX}};
    static const uint64_t values[] = {
        0, 1, 0xFF, 0x100, 0xFFFF, 0x10000, UINT32_MAX, UINT64_C(0x100000000), UINT64_MAX};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t k = 0; k < COUNT(values); k++) {
            for (unsigned w = otapack_tlv_log_width(values[k]); w < 4; w++) {
                assert_number(rows[i].place, values[k], w, rows[i].most);
            }
        }
    }
}

// A tag may be spelled out with the SDK's own profile.
TEST(tags_spelled_out)
{
    for (enum place place = VENDOR_ID; place <= DIGEST; place++) {
        const struct element *e = &golden_elements[place];
        uint8_t bytes[ELEMENT_ROOM] = {
            (uint8_t)(e->bytes[0] + 0xA0), 0xFF, 0xFF, 0xFF, 0xFF, e->bytes[1]};
        memcpy(bytes + 7, e->bytes + 2, e->n - 2);
        struct header h = header_with(place, bytes, e->n + 5);
        assert_taken(&h);
        bytes[3] = 0xFE; // somebody else's profile
        h = header_with(place, bytes, e->n + 5);
        struct otapack_matter m;
        assert_int_equal(open_header(&h, &m).code, OTAPACK_UNEXPECTED);
    }
}

UNIT(matter)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_values),
        cmocka_unit_test(optional_elements),
        cmocka_unit_test(each_element_missing),
        cmocka_unit_test(elements_out_of_order),
        cmocka_unit_test(elements_repeated),
        cmocka_unit_test(elements_of_every_type),
        cmocka_unit_test(only_a_structure_begins_it),
        cmocka_unit_test(numbers_wide_and_large),
        cmocka_unit_test(tags_spelled_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
