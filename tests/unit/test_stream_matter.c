// SPDX-License-Identifier: Apache-2.0
//
// The limits of a Matter header, from both sides: what is refused is refused by the field that is
// wrong, and the parsers of whole files agree.
#include "stream_build.h"
#include "stream_files.h"

#include "matter_header.h"

static const char text[300] = "https://example.com/notes/of/a/release/that/has/a/rather/long/name";

// A stream over `m`, whole and byte by byte, announced and not; where it is refused, the field.
static void expect(const struct made *m, enum otapack_code code, const char *field)
{
    static struct oracle o;
    for (unsigned i = 0; i < 4; i++) {
        struct how how = {
            .chunk = i / 2, .announced = m->n, .unannounced = i % 2 == 0, .hashes = ALL_HASHES};
        run_oracle(&o, m->bytes, m->n, i % 2 != 0, ALL_HASHES);
        assert_like_oracle(field, m->bytes, m->n, &how, &o);
        assert_int_equal(o.outcome.code, code);
        if (code != OTAPACK_OK) {
            assert_string_equal(o.outcome.field, field);
        }
    }
}

static struct made image(void)
{
    return make_app(&(struct image_parts){.chip = H2});
}

static void expect_header(const struct header_parts *h, enum otapack_code code, const char *field)
{
    struct made app = image(), m = make_matter(h, app.bytes, app.n);
    expect(&m, code, field);
    free(m.bytes);
    free(app.bytes);
}

// ---- Texts --------------------------------------------------------------------------------------

// A text of n bytes with a separator at `cut`: the first `cut` bytes count.
static void try_text(bool url, uint32_t n, uint32_t cut, enum otapack_code code)
{
    struct header_parts h = header_parts();
    uint8_t bytes[sizeof(text)];
    memset(bytes, 'x', sizeof(bytes));
    memcpy(bytes, text, strlen(text));
    if (cut < n) {
        bytes[cut] = OTAPACK_MATTER_SEPARATOR;
    }
    if (url) {
        h.m.has_release_notes_url = true;
        h.m.release_notes_url.size = n;
        h.texts.release_notes_url = bytes;
    } else {
        h.m.software_version_string.size = n;
        h.texts.software_version_string = bytes;
    }
    expect_header(&h, code, url ? "release_notes_url" : "software_version_string");
}

TEST(how_long_a_text_may_be)
{
    for (int url = 0; url < 2; url++) {
        uint32_t most = url ? OTAPACK_MATTER_MAX_URL : OTAPACK_MATTER_MAX_VERSION_STRING;
        for (uint32_t n = 0; n <= most + 3; n += n == 1 ? most - 3 : 1) {
            bool fits = n >= 1 && n <= most;
            try_text(url, n, n, fits ? OTAPACK_OK : OTAPACK_FORBIDDEN);
        }
    }
}

TEST(a_separator_ends_a_text)
{
    for (int url = 0; url < 2; url++) {
        uint32_t most = url ? OTAPACK_MATTER_MAX_URL : OTAPACK_MATTER_MAX_VERSION_STRING;
        try_text(url, 10, 0, OTAPACK_FORBIDDEN); // nothing is before it
        try_text(url, 10, 1, OTAPACK_OK);
        try_text(url, 10, 9, OTAPACK_OK);
        try_text(url, most + 1, most, OTAPACK_OK);
        try_text(url, 299, most, OTAPACK_OK);
        try_text(url, 299, most + 1, OTAPACK_FORBIDDEN);
        try_text(url, 299, 1, OTAPACK_OK);
    }
}

// ---- Numbers ------------------------------------------------------------------------------------

static const struct {
    enum place place;
    uint64_t most; // that is good
} numbers[] = {
    {VENDOR_ID, UINT16_MAX}, {PRODUCT_ID, UINT16_MAX}, {SOFTWARE_VERSION, UINT32_MAX},
    {PAYLOAD_SIZE, 0},       {MIN_VERSION, 299},       {MAX_VERSION, 299},
    {DIGEST_TYPE, 1},
};

// A header with a number of `width` bytes in one place, around an app; total_size adds up.
static struct made with_number(size_t row, uint64_t value, uint8_t log_width)
{
    struct made app = image(), m = made_new(MADE_ROOM);
    struct element elements[ELEMENTS];
    enum place place = numbers[row].place;
    struct otapack_source src = otapack_memory(app.bytes, app.n);
    memcpy(elements, golden_elements, sizeof(elements));
    elements[PAYLOAD_SIZE] = (struct element){"payload_size", 6, {0x26, 4}};
    otapack_put_le32(elements[PAYLOAD_SIZE].bytes + 2, (uint32_t)app.n);
    elements[DIGEST_TYPE].bytes[2] = OTAPACK_MATTER_SHA256;
    elements[DIGEST] = (struct element){"image_digest", 3 + 32, {0x30, 9, 32}};
    sha256(&src, app.n, elements[DIGEST].bytes + 3);
    elements[place].bytes[0] = (uint8_t)(0x24 + log_width);
    elements[place].n = 2 + ((size_t)1 << log_width);
    otapack_put_le32(elements[place].bytes + 2, (uint32_t)value);
    otapack_put_le32(elements[place].bytes + 6, (uint32_t)(value >> 32));
    struct header h = header_of(elements, ELEMENTS);
    otapack_put_le32(h.bytes + 4, (uint32_t)(h.n + app.n));
    otapack_put_le32(h.bytes + 8, 0);
    put(&m, h.bytes, h.n);
    put(&m, app.bytes, app.n);
    free(app.bytes);
    return m;
}

static void try_number(size_t row, uint64_t value, uint8_t log_width, bool good)
{
    struct made m = with_number(row, value, log_width);
    expect(&m, good ? OTAPACK_OK : OTAPACK_FORBIDDEN, golden_elements[numbers[row].place].field);
    free(m.bytes);
}

TEST(numbers_of_every_width)
{
    struct made app = image();
    for (size_t i = 0; i < COUNT(numbers); i++) {
        uint64_t most = numbers[i].place == PAYLOAD_SIZE ? app.n : numbers[i].most;
        for (uint8_t log_width = 0; log_width < 4; log_width++) {
            uint64_t fits = log_width == 3 ? UINT64_MAX : (UINT64_C(1) << (8U << log_width)) - 1;
            if (most <= fits) {
                try_number(i, most, log_width, true);
            }
            if (most < fits && (numbers[i].place != DIGEST_TYPE || log_width > 0)) {
                try_number(i, most + 1 + (numbers[i].place == DIGEST_TYPE ? 255 : 0), log_width,
                           false);
            }
        }
        // What 32 bits do not hold is not cut down to them.
        try_number(i, most + (UINT64_C(1) << 32), 3, false);
        try_number(i, most + (UINT64_C(1) << 63), 3, false);
    }
    free(app.bytes);
}

TEST(what_may_not_be_zero)
{
    struct header_parts h = header_parts();
    h.m.vendor_id = 0;
    expect_header(&h, OTAPACK_FORBIDDEN, "vendor_id");
    h = header_parts();
    h.m.product_id = 0;
    expect_header(&h, OTAPACK_FORBIDDEN, "product_id");
    h = header_parts();
    h.m.software_version = 0; // a first version, without limits
    expect_header(&h, OTAPACK_OK, "");
}

TEST(versions_to_update_from)
{
    const struct {
        uint32_t version, min, max;
        const char *field; // that is wrong; NULL: none
    } rows[] = {
        {2, 1, 1, NULL},
        {2, 0, 1, NULL},
        {UINT32_MAX, UINT32_MAX - 1, UINT32_MAX - 1, NULL},
        {2, 2, 2, "min_applicable_software_version"},
        {2, 1, 2, "max_applicable_software_version"},
        {2, 1, 0, "max_applicable_software_version"},
        {0, 0, 0, "min_applicable_software_version"},
        {9, 3, UINT32_MAX, "max_applicable_software_version"},
        {9, UINT32_MAX, 3, "min_applicable_software_version"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct header_parts h = header_parts();
        h.m.software_version = rows[i].version;
        h.m.min_applicable_software_version = rows[i].min;
        h.m.max_applicable_software_version = rows[i].max;
        h.m.has_min_applicable_software_version = true;
        h.m.has_max_applicable_software_version = true;
        expect_header(&h, rows[i].field == NULL ? OTAPACK_OK : OTAPACK_FORBIDDEN, rows[i].field);
    }
    // Each limit may be there alone; 0 as a limit holds for a version that is above.
    struct header_parts h = header_parts();
    h.m.has_max_applicable_software_version = true;
    expect_header(&h, OTAPACK_OK, "");
    h = header_parts();
    h.m.has_min_applicable_software_version = true;
    expect_header(&h, OTAPACK_OK, "");
}

// ---- Digests ------------------------------------------------------------------------------------

TEST(a_digest_has_the_length_of_its_type)
{
    for (uint8_t type = 0; type < 20; type++) {
        size_t right = otapack_matter_digest_size(type);
        for (uint32_t n = 0; n < 70; n++) {
            struct header_parts h = header_parts();
            static const uint8_t zeros[70];
            if (n == right && lacks_digest(type)) {
                continue;
            }
            h.m.image_digest_type = type;
            h.m.image_digest.size = n;
            h.texts.image_digest = n == right ? NULL : zeros;
            expect_header(&h, n == right && right > 0 ? OTAPACK_OK : OTAPACK_FORBIDDEN,
                          right == 0 ? "image_digest_type" : "image_digest");
        }
    }
}

// ---- Sizes --------------------------------------------------------------------------------------

static void patch_total(uint32_t low, uint32_t high, enum otapack_code code, const char *field)
{
    struct header_parts h = header_parts();
    struct made app = image(), m = make_matter(&h, app.bytes, app.n);
    struct how how = {.unannounced = true, .hashes = ALL_HASHES};
    static struct oracle o;
    otapack_put_le32(m.bytes + 4, low);
    otapack_put_le32(m.bytes + 8, high);
    run_oracle(&o, m.bytes, m.n, false, ALL_HASHES);
    assert_like_oracle(field, m.bytes, m.n, &how, &o);
    assert_int_equal(o.outcome.code, code);
    assert_string_equal(o.outcome.field, field);
    free(m.bytes);
    free(app.bytes);
}

TEST(total_size)
{
    struct header_parts h = header_parts();
    struct made app = image(), m = make_matter(&h, app.bytes, app.n);
    uint32_t n = (uint32_t)m.n;
    patch_total(UINT32_MAX, 0, OTAPACK_FORBIDDEN, "payload_size");
    patch_total(n, 1, OTAPACK_FORBIDDEN, "total_size");
    patch_total(n, 0x80000000, OTAPACK_FORBIDDEN, "total_size");
    patch_total(0, 1, OTAPACK_FORBIDDEN, "total_size");
    patch_total(n + 1, 0, OTAPACK_FORBIDDEN, "payload_size");
    patch_total(n - 1, 0, OTAPACK_FORBIDDEN, "payload_size");
    patch_total(UINT32_MAX - 1, 0, OTAPACK_FORBIDDEN, "payload_size");
    free(m.bytes);
    free(app.bytes);
}

// A header that says 50 bytes altogether, fewer than it has itself, and of its payload what is then
// missing to 4 GiB. The sizes do not add up: refused before anything of a payload is told.
TEST(a_total_size_below_the_header)
{
    static struct run r;
    struct made m = with_number(3, 0, 2);
    uint32_t header = OTAPACK_MATTER_FIXED_SIZE + otapack_le32(m.bytes + 12);
    struct how how = {.unannounced = true, .hashes = ALL_HASHES, .chunk = 64};
    const size_t size_at = 16 + 1 + 4 + 4 + 4 + 8 + 2; // behind the elements before payload_size
    otapack_put_le32(m.bytes + 4, 50);
    otapack_put_le32(m.bytes + size_at, 50 - header);
    for (unsigned i = 0; i < 2; i++) {
        how.unannounced = i == 0;
        how.announced = 50;
        run_stream(&r, m.bytes, m.n, &how);
        assert_null(r.broken);
        assert_int_equal(r.outcome.code, OTAPACK_FORBIDDEN);
        assert_true(r.outcome.at < header);
    }
    free(m.bytes);
}

// The largest there can be: it is not refused for its size, only cut off here.
TEST(almost_4_gib)
{
    static struct run r;
    struct made m = with_number(3, 0, 2);
    uint32_t header = OTAPACK_MATTER_FIXED_SIZE + otapack_le32(m.bytes + 12);
    struct how how = {.unannounced = true, .hashes = ALL_HASHES, .chunk = 64};
    const size_t size_at = 16 + 1 + 4 + 4 + 4 + 8 + 2;
    otapack_put_le32(m.bytes + 4, UINT32_MAX - 1);
    otapack_put_le32(m.bytes + size_at, UINT32_MAX - 1 - header);
    run_stream(&r, m.bytes, m.n, &how);
    assert_null(r.broken);
    assert_int_equal(r.outcome.code, OTAPACK_TRUNCATED);
    assert_int_equal(r.list.told[r.list.n - 1].type, OTAPACK_EVENT_IMAGE);
    how.unannounced = false;
    how.announced = UINT32_MAX - 1;
    run_stream(&r, m.bytes, m.n, &how);
    assert_int_equal(r.outcome.code, OTAPACK_TRUNCATED);
    free(m.bytes);
}

UNIT(stream_matter)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_long_a_text_may_be),
        cmocka_unit_test(a_separator_ends_a_text),
        cmocka_unit_test(numbers_of_every_width),
        cmocka_unit_test(what_may_not_be_zero),
        cmocka_unit_test(versions_to_update_from),
        cmocka_unit_test(a_digest_has_the_length_of_its_type),
        cmocka_unit_test(total_size),
        cmocka_unit_test(a_total_size_below_the_header),
        cmocka_unit_test(almost_4_gib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
