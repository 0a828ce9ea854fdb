// SPDX-License-Identifier: Apache-2.0
//
// matter_field.h: the values of a header that is there already, for editing.
#include "unit.h"

#include "matter_field.h"

static void assert_number(const struct matter_values *v, int tag, uint64_t number)
{
    assert_true(v->of[tag].given);
    assert_int_equal(v->of[tag].number, number);
}

static void assert_text(const struct matter_values *v, int tag, const char *text, size_t n)
{
    assert_true(v->of[tag].given);
    assert_int_equal(v->of[tag].size, n);
    assert_memory_equal(v->of[tag].text, text, n + 1); // with the NUL behind it
}

// Writes a header with these texts and the fields of `m`, and takes its values.
static struct matter_values values_of(struct arena *a, struct otapack_matter m, const char *version,
                                      size_t n, const char *url)
{
    enum { ROOM = 16 + 1024 };
    static const uint8_t digest[4] = {0xDE, 0xAD, 0xBE, 0xEF};
    struct otapack_matter_texts texts = {(const uint8_t *)version, (const uint8_t *)url, digest};
    uint8_t *bytes = arena_alloc(a, ROOM);
    m.software_version_string.size = (uint32_t)n;
    m.release_notes_url.size = (uint32_t)strlen(url);
    m.image_digest.size = sizeof(digest);
    struct reading r = reading_of(bytes, otapack_matter_write(&m, &texts, bytes, ROOM));
    struct otapack_source src = reading_source(&r);
    assert_good(otapack_matter_open(&src, &m));
    return matter_values_of(&src, a);
}

static const struct otapack_matter everything = {
    .vendor_id = 0xFFF1,
    .product_id = 0x8001,
    .software_version = 0xFFFFFFFF,
    .payload_size = 99,
    .has_min_applicable_software_version = true,
    .min_applicable_software_version = 1,
    .has_max_applicable_software_version = true,
    .max_applicable_software_version = 0xFFFFFFFE,
    .has_release_notes_url = true,
    .image_digest_type = OTAPACK_MATTER_SHA256_32,
};

TEST(values_of_a_header_with_everything)
{
    struct arena a = ARENA_EMPTY;
    struct matter_values v = values_of(&a, everything, "3.0.0", 5, "https://x");
    assert_number(&v, OTAPACK_MATTER_VENDOR_ID, 0xFFF1);
    assert_number(&v, OTAPACK_MATTER_PRODUCT_ID, 0x8001);
    assert_number(&v, OTAPACK_MATTER_SOFTWARE_VERSION, 0xFFFFFFFF);
    assert_text(&v, OTAPACK_MATTER_SOFTWARE_VERSION_STRING, "3.0.0", 5);
    assert_number(&v, OTAPACK_MATTER_MIN_VERSION, 1);
    assert_number(&v, OTAPACK_MATTER_MAX_VERSION, 0xFFFFFFFE);
    assert_text(&v, OTAPACK_MATTER_RELEASE_NOTES_URL, "https://x", 9);
    assert_number(&v, OTAPACK_MATTER_IMAGE_DIGEST_TYPE, OTAPACK_MATTER_SHA256_32);
    assert_false(v.of[OTAPACK_MATTER_PAYLOAD_SIZE].given); // these follow from the new payload
    assert_false(v.of[OTAPACK_MATTER_IMAGE_DIGEST].given);
    assert_null(matter_missing(&v));
    arena_free(&a);
}

TEST(values_of_a_header_without_optional_fields)
{
    for (unsigned there = 0; there < 8; there++) { // a bit for each
        struct arena a = ARENA_EMPTY;
        struct otapack_matter m = everything;
        m.has_min_applicable_software_version = (there & 1) != 0;
        m.has_max_applicable_software_version = (there & 2) != 0;
        m.has_release_notes_url = (there & 4) != 0;
        struct matter_values v = values_of(&a, m, "1", 1, "https://x");
        assert_int_equal(v.of[OTAPACK_MATTER_MIN_VERSION].given, (there & 1) != 0);
        assert_int_equal(v.of[OTAPACK_MATTER_MAX_VERSION].given, (there & 2) != 0);
        assert_int_equal(v.of[OTAPACK_MATTER_RELEASE_NOTES_URL].given, (there & 4) != 0);
        assert_number(&v, OTAPACK_MATTER_IMAGE_DIGEST_TYPE, OTAPACK_MATTER_SHA256_32);
        assert_null(matter_missing(&v));
        arena_free(&a);
    }
}

TEST(values_of_odd_texts)
{
    struct arena a = ARENA_EMPTY;
    struct matter_values v = values_of(&a, everything, "1.2\037x", 5, ""); // as a device reads it
    assert_text(&v, OTAPACK_MATTER_SOFTWARE_VERSION_STRING, "1.2", 3);
    assert_text(&v, OTAPACK_MATTER_RELEASE_NOTES_URL, "", 0);
    v = values_of(&a, everything, "1\0\xFF\n", 4, "https://x");
    assert_text(&v, OTAPACK_MATTER_SOFTWARE_VERSION_STRING, "1\0\xFF\n", 4);
    v = values_of(&a, everything, "", 0, "https://x");
    assert_text(&v, OTAPACK_MATTER_SOFTWARE_VERSION_STRING, "", 0);
    arena_free(&a);
}

UNIT(matter_values)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_a_header_with_everything),
        cmocka_unit_test(values_of_a_header_without_optional_fields),
        cmocka_unit_test(values_of_odd_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
