// SPDX-License-Identifier: Apache-2.0
//
// matter_field.h: which fields there are, what each of them takes and what is said of the rest,
// what is missing.
#include "unit.h"

#include "matter_field.h"

static const char where[] = "r.yaml:3:4";

static const struct row {
    const char *name;
    enum field_kind kind;
    uint64_t most;
    bool needed, settable;
} rows[MATTER_FIELD_COUNT] = {
    {"vendor_id", FIELD_HEX, 0xFFFF, true, true},
    {"product_id", FIELD_HEX, 0xFFFF, true, true},
    {"software_version", FIELD_UINT, 0xFFFFFFFF, true, true},
    {"software_version_string", FIELD_STRING, 0, true, true},
    {"payload_size", FIELD_UINT, UINT64_MAX, true, false},
    {"min_applicable_software_version", FIELD_UINT, 0xFFFFFFFF, false, true},
    {"max_applicable_software_version", FIELD_UINT, 0xFFFFFFFF, false, true},
    {"release_notes_url", FIELD_STRING, 0, false, true},
    {"image_digest_type", FIELD_ENUM, 12, true, true},
    {"image_digest", FIELD_BYTES, 0, true, false},
};

static bool is_number(const struct row *r)
{
    return r->kind == FIELD_UINT || r->kind == FIELD_HEX;
}

static void set(struct matter_values *v, const char *name, const char *value)
{
    struct err e = ERR_NONE;
    if (!matter_set(v, name, value, where, &e)) {
        print_error("%s: %s: %s\n", name, value, e.text);
        fail();
    }
    assert_int_equal(e.status, STATUS_OK);
}

// What is said begins with "r.yaml:3:4: " and `says`; nothing is changed.
static void assert_not_set(const char *name, const char *value, const char *says)
{
    struct matter_values v, before;
    struct err e = ERR_NONE;
    memset(&v, 0, sizeof(v));
    set(&v, "vendor_id", "7");
    memcpy(&before, &v, sizeof(v));
    bool good = matter_set(&v, name, value, where, &e);
    if (good || strncmp(e.text, "r.yaml:3:4: ", 12) != 0 ||
        strncmp(e.text + 12, says, strlen(says)) != 0) {
        print_error("%s: %s: %s\n", name, value, e.text);
        fail();
    }
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_memory_equal(&v, &before, sizeof(v));
}

TEST(the_fields_by_their_tags)
{
    const char *const *name = matter_field_names;
    for (size_t tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        const struct matter_field *f = &matter_fields[tag];
        assert_string_equal(f->name, rows[tag].name);
        assert_int_equal(f->kind, rows[tag].kind);
        assert_int_equal(f->needed, rows[tag].needed);
        assert_int_equal(f->computed, !rows[tag].settable);
        if (is_number(&rows[tag])) {
            assert_int_equal(f->most, rows[tag].most);
        }
        assert_ptr_equal(matter_field_by_name(rows[tag].name), f);
        if (rows[tag].settable) {
            assert_string_equal(*name++, rows[tag].name);
        }
    }
    assert_null(*name);
    assert_null(matter_field_by_name("vendor"));
    assert_null(matter_field_by_name(""));
}

// ---- Setting ----

TEST(numbers_up_to_their_limits)
{
    for (size_t tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        const struct row *r = &rows[tag];
        const uint64_t numbers[] = {0, 1, r->most - 1, r->most};
        for (size_t i = 0; is_number(r) && r->settable && i < COUNT(numbers); i++) {
            struct arena a = ARENA_EMPTY;
            struct matter_values v = {0};
            set(&v, r->name, arena_printf(&a, "%" PRIu64, numbers[i]));
            assert_true(v.of[tag].given);
            assert_int_equal(v.of[tag].number, numbers[i]);
            set(&v, r->name, "5");
            assert_int_equal(v.of[tag].number, 5); // the last one holds
            set(&v, r->name, arena_printf(&a, "0x%" PRIX64, numbers[i]));
            assert_int_equal(v.of[tag].number, numbers[i]);
            arena_free(&a);
        }
    }
}

TEST(numbers_that_are_none)
{
    static const char *const values[] = {
        "",    "-1", "+1", "one",  " 1",    "1 ", "1e3",
        "1.5", "0x", "0b", "0x1G", "1_000", "1K", "18446744073709551616"};
    for (size_t i = 0; i < COUNT(values); i++) {
        struct arena a = ARENA_EMPTY;
        assert_not_set("vendor_id", values[i],
                       arena_printf(&a, "vendor_id: '%s' is no number; ", values[i]));
        arena_free(&a);
    }
}

TEST(numbers_beyond_their_limits)
{
    for (size_t tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        const struct row *r = &rows[tag];
        struct arena a = ARENA_EMPTY;
        const uint64_t numbers[] = {r->most + 1, r->most + 2, UINT64_MAX};
        for (size_t i = 0; is_number(r) && r->settable && i < COUNT(numbers); i++) {
            const char *value = arena_printf(&a, "%" PRIu64, numbers[i]);
            assert_not_set(
                r->name, value,
                arena_printf(&a, "%s: %s is above 0x%" PRIx64 "; ", r->name, value, r->most));
        }
        arena_free(&a);
    }
}

// The text of a version, where the number belongs.
TEST(a_version_that_is_no_number)
{
    struct matter_values v = {0};
    struct err e = ERR_NONE;
    assert_not_set("software_version", "1.4.2", "software_version: '1.4.2' is no number; ");
    assert_false(matter_set(&v, "software_version", "1.4.2", where, &e));
    assert_non_null(strstr(e.text, "software_version_string"));
    e = ERR_NONE;
    assert_false(matter_set(&v, "software_version", "one", where, &e));
    assert_non_null(strstr(e.text, "decimal"));
}

TEST(digest_types_by_name_and_number)
{
    static const struct {
        const char *value;
        uint64_t type;
    } good[] = {{"sha256", 1},     {"1", 1},      {"0x1", 1},    {"sha256_128", 2},
                {"sha256_120", 3}, {"6", 6},      {"sha384", 7}, {"sha512", 8},
                {"sha3_224", 9},   {"0x0c", 0xC}, {"12", 12},    {"sha3_512", 12}};
    for (size_t i = 0; i < COUNT(good); i++) {
        struct matter_values v = {0};
        set(&v, "image_digest_type", good[i].value);
        assert_true(v.of[OTAPACK_MATTER_IMAGE_DIGEST_TYPE].given);
        assert_int_equal(v.of[OTAPACK_MATTER_IMAGE_DIGEST_TYPE].number, good[i].type);
    }
}

TEST(digest_types_that_are_none)
{
    static const char *const values[] = {"", "0", "0x0", "13", "257", "-1", "1 ", "zebra"};
    for (size_t i = 0; i < COUNT(values); i++) {
        struct arena a = ARENA_EMPTY;
        assert_not_set("image_digest_type", values[i],
                       arena_printf(&a, "Matter has no digest '%s'; it has sha256", values[i]));
        arena_free(&a);
    }
    assert_not_set("image_digest_type", "sha-256",
                   "Matter has no digest 'sha-256'; did you mean 'sha256'?");
    assert_not_set("image_digest_type", "sha3-384",
                   "Matter has no digest 'sha3-384'; did you mean 'sha3_384'?");
}

TEST(texts_are_taken_as_they_are)
{
    static const char *const values[] = {"", "1.0", "0x10", "sha256", "a b\n", "\xFF", "-1"};
    static const int tags[] = {OTAPACK_MATTER_SOFTWARE_VERSION_STRING,
                               OTAPACK_MATTER_RELEASE_NOTES_URL};
    for (size_t i = 0; i < COUNT(values); i++) {
        for (size_t k = 0; k < COUNT(tags); k++) {
            struct matter_values v = {0};
            set(&v, rows[tags[k]].name, values[i]);
            assert_true(v.of[tags[k]].given);
            assert_ptr_equal(v.of[tags[k]].text, values[i]);
            assert_int_equal(v.of[tags[k]].size, strlen(values[i]));
        }
    }
}

TEST(only_one_field_is_set)
{
    for (size_t tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        struct matter_values v = {0};
        if (rows[tag].settable) {
            set(&v, rows[tag].name, "1");
        }
        for (size_t other = 0; other < MATTER_FIELD_COUNT; other++) {
            assert_int_equal(v.of[other].given, other == tag && rows[tag].settable);
        }
    }
}

// ---- Names ----

static void assert_no_field(const char *name, const char *says)
{
    struct arena a = ARENA_EMPTY;
    struct matter_values v = {0};
    struct err e = ERR_NONE;
    assert_not_set(name, "1", says);
    assert_false(matter_unset(&v, name, where, &e));
    assert_int_equal(e.status, STATUS_CANNOT);
    assert_memory_equal(e.text, arena_printf(&a, "%s: %s", where, says),
                        strlen(where) + 2 + strlen(says));
    arena_free(&a);
}

TEST(fields_that_follow_from_others)
{
    static const char *const names[] = {"magic", "total_size", "header_size", "payload_size",
                                        "image_digest"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct arena a = ARENA_EMPTY;
        assert_no_field(names[i], arena_printf(&a, "%s follows from the other fields", names[i]));
        arena_free(&a);
    }
}

TEST(fields_that_there_are_not)
{
    // What cannot be set is not proposed.
    static const char *const nears[][2] = {{"vendorid", "vendor_id"},
                                           {"vendor-id", "vendor_id"},
                                           {"Vendor_id", "vendor_id"},
                                           {"software_version_", "software_version"},
                                           {"release_note_url", "release_notes_url"},
                                           {"image_digest_typ", "image_digest_type"},
                                           {"payload_sized", NULL},
                                           {"zebra", NULL},
                                           {"", NULL},
                                           {"structure", NULL}};
    for (size_t i = 0; i < COUNT(nears); i++) {
        struct arena a = ARENA_EMPTY;
        const char *name = nears[i][0], *near = nears[i][1];
        const char *what =
            near == NULL ? "it has vendor_id, " : arena_printf(&a, "did you mean '%s'?", near);
        assert_no_field(name,
                        arena_printf(&a, "a Matter header has no field '%s'; %s", name, what));
        arena_free(&a);
    }
}

// ---- Taking out, and what is missing ----

static struct matter_values all_values(void)
{
    struct matter_values v = {0};
    for (const char *const *name = matter_field_names; *name != NULL; name++) {
        set(&v, *name, "1");
    }
    return v;
}

TEST(optional_fields_are_taken_out)
{
    for (size_t tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        struct matter_values v = all_values(), none = {0};
        struct err e = ERR_NONE;
        if (rows[tag].needed) {
            continue;
        }
        assert_true(matter_unset(&v, rows[tag].name, where, &e));
        assert_true(matter_unset(&none, rows[tag].name, where, &e)); // was not there
        assert_int_equal(e.status, STATUS_OK);
        assert_null(matter_missing(&v));
        for (size_t other = 0; other < MATTER_FIELD_COUNT; other++) {
            assert_int_equal(v.of[other].given, other != tag && rows[other].settable);
        }
        set(&v, rows[tag].name, "2");
        assert_true(v.of[tag].given);
    }
}

TEST(needed_fields_are_not_taken_out)
{
    for (size_t tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        struct arena a = ARENA_EMPTY;
        struct matter_values v = all_values();
        struct err e = ERR_NONE;
        if (rows[tag].needed && rows[tag].settable) {
            assert_false(matter_unset(&v, rows[tag].name, where, &e));
            assert_int_equal(e.status, STATUS_CANNOT);
            const char *says =
                arena_printf(&a, "%s: every Matter header has %s;", where, rows[tag].name);
            assert_memory_equal(e.text, says, strlen(says));
            assert_true(v.of[tag].given);
        }
        arena_free(&a);
    }
}

TEST(what_is_missing)
{
    struct matter_values v = {0};
    for (size_t tag = 0; tag < MATTER_FIELD_COUNT; tag++) {
        if (rows[tag].needed && rows[tag].settable) {
            struct matter_values others = all_values();
            others.of[tag].given = false;
            assert_string_equal(matter_missing(&others), rows[tag].name); // just this one
            assert_string_equal(matter_missing(&v), rows[tag].name);      // the first one
            set(&v, rows[tag].name, "1");
        }
    }
    assert_null(matter_missing(&v));
}

UNIT(matter_field)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fields_by_their_tags),
        cmocka_unit_test(numbers_up_to_their_limits),
        cmocka_unit_test(numbers_that_are_none),
        cmocka_unit_test(numbers_beyond_their_limits),
        cmocka_unit_test(a_version_that_is_no_number),
        cmocka_unit_test(digest_types_by_name_and_number),
        cmocka_unit_test(digest_types_that_are_none),
        cmocka_unit_test(texts_are_taken_as_they_are),
        cmocka_unit_test(only_one_field_is_set),
        cmocka_unit_test(fields_that_follow_from_others),
        cmocka_unit_test(fields_that_there_are_not),
        cmocka_unit_test(optional_fields_are_taken_out),
        cmocka_unit_test(needed_fields_are_not_taken_out),
        cmocka_unit_test(what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
