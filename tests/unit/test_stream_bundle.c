// SPDX-License-Identifier: Apache-2.0
//
// otapack/stream_bundle.h: in pieces of any size, what is told of a bundle is what the parsers of
// whole files say, and of each image what a stream says of it alone; whatever is wrong with the
// table is said before an image begins; what is not wanted is not told.
#include "container_build.h"
#include "stream_files.h"

static const uint8_t sealed[600] = {0xCF, 0xB6, 0x88, 0x07, 9},
                     patch[90] = {0x10, 0xDE, 0xCD, 0xFC};
static const uint8_t one[1] = {'1'}, three[3] = {1, 2, 3};
static struct log told, expected;

static struct made app(bool is_signed)
{
    struct made m = make_app(&(struct image_parts){.chip = H2});
    if (is_signed) {
        put_sector(&m, OTAPACK_SB_P256, 1);
    }
    return m;
}

static struct made rcp(size_t parts)
{
    struct kit k = kit_new();
    struct made m = make_combined(k.parts, parts);
    kit_free(&k);
    return m;
}

static void assert_like_parsers(const char *name, const struct made *m, struct arrival how)
{
    how.kind = BUNDLE;
    for (int turn = 0; turn < 4; turn++) {
        how.unannounced = (turn & 1) != 0;
        how.no_hashes = (turn & 2) != 0;
        expect_bundle(&expected, m->bytes, m->n, &how);
        assert_told(name, m, &how, &expected);
    }
}

static void try_images(const char *name, const struct content *images, size_t count, bool good)
{
    struct made m = make_bundle_file(images, count);
    struct arrival how = {.kind = BUNDLE};
    arrive(&told, m.bytes, m.n, &how);
    if ((told.code == OTAPACK_OK) != good) {
        log_print(name, &told);
        fail();
    }
    assert_like_parsers(name, &m, how);
    how.unwanted = images[0].id;
    assert_like_parsers(name, &m, how);
    free(m.bytes);
}

TEST(images_are_what_they_are_alone)
{
    struct made a = app(false), s = app(true), r = rcp(5);
    const struct content only[] = {{1, a.bytes, a.n}};
    const struct content more[] = {{0x100, one, 1}, {3, three, 3}, {1, s.bytes, s.n}};
    const struct content border[] = {{2, r.bytes, r.n}, {0x100, patch, 90}, {1, a.bytes, a.n}};
    const struct content encrypted[] = {{0xFFFFFFFF, a.bytes, a.n}, {1, sealed, sizeof(sealed)}};
    const struct content delta[] = {{0x100, one, 1}, {0x100, three, 3}, {1, patch, sizeof(patch)}};
    const struct content twice[] = {{2, r.bytes, r.n}, {2, r.bytes, r.n}, {1, a.bytes, a.n}};
    try_images("an app", only, COUNT(only), true);
    try_images("parts and a signed app", more, COUNT(more), true);
    try_images("an RCP", border, COUNT(border), true);
    try_images("a pre-encrypted app", encrypted, COUNT(encrypted), true);
    try_images("a patch", delta, COUNT(delta), true);
    try_images("an RCP, twice", twice, COUNT(twice), true);
    free(a.bytes);
    free(s.bytes);
    free(r.bytes);
}

TEST(images_that_are_not_what_they_must_be)
{
    struct made a = app(false), r = rcp(5), host = rcp(6);
    const struct content table[] = {{1, r.bytes, r.n}};
    const struct content no_table[] = {{2, a.bytes, a.n}, {1, a.bytes, a.n}};
    const struct content with_host[] = {{2, host.bytes, host.n}, {1, a.bytes, a.n}};
    const struct content cut[] = {{1, a.bytes, a.n - 1}};
    const struct content tiny[] = {{2, three, 3}, {1, a.bytes, a.n}};
    const struct content text[] = {{0x100, one, 1}, {1, (const uint8_t *)"Hello, world", 12}};
    struct made matter = make_bundle_file(table, 1);
    const struct content nested[] = {{1, matter.bytes, matter.n}};
    try_images("a table as application", table, COUNT(table), false);
    try_images("an app as RCP", no_table, COUNT(no_table), false);
    try_images("a host", with_host, COUNT(with_host), false);
    try_images("an app that is cut", cut, COUNT(cut), false);
    try_images("three bytes", tiny, COUNT(tiny), false);
    try_images("a text", text, COUNT(text), false);
    try_images("a Matter image", nested, COUNT(nested), false);
    free(a.bytes);
    free(r.bytes);
    free(host.bytes);
    free(matter.bytes);
}

// Every bit of head and table: refused, or a version; a SHA-256 is refused when its image is over.
TEST(every_bit_of_the_table)
{
    struct made a = app(false);
    const struct content images[] = {{0x100, three, 3}, {1, a.bytes, a.n}};
    struct made m = make_bundle_file(images, COUNT(images));
    size_t begin = payload_of(&m);
    struct arrival how = {.kind = BUNDLE, .chunk = 5};
    how.no_hashes = true; // the payload's digest would find them all
    unsigned taken = 0;
    for (size_t bit = 0; bit < (8 + 2 * 48) * 8; bit++) {
        m.bytes[begin + bit / 8] ^= (uint8_t)(1U << bit % 8);
        expect_bundle(&expected, m.bytes, m.n, &how);
        arrive(&told, m.bytes, m.n, &how);
        const char *wrong = log_differs(&told, &expected);
        if (wrong != NULL) {
            complain_log("a bit of the table", wrong, &told, &expected);
        }
        taken += told.code == OTAPACK_OK;
        m.bytes[begin + bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    // The versions, the SHA-256 without hashes, and the ID of another but where it is then the
    // application's or the RCP's: bit 8 of 0x100 makes 0.
    assert_int_equal(taken, 2 * (32 + 256) + 31);
    free(a.bytes);
    free(m.bytes);
}

TEST(a_wrong_sha256_ends_it_before_the_end_of_its_image)
{
    struct made a = app(true), r = rcp(5);
    const struct content images[] = {{2, r.bytes, r.n}, {0x100, three, 3}, {1, a.bytes, a.n}};
    for (size_t i = 0; i < COUNT(images); i++) {
        struct made bundle = make_bundle(images, COUNT(images));
        struct header_parts h = header_parts();
        bundle.bytes[8 + 48 * i + 16 + 31] ^= 1;
        struct made m = make_matter(&h, bundle.bytes, bundle.n);
        struct arrival how = {.kind = BUNDLE};
        expect_bundle(&expected, m.bytes, m.n, &how);
        assert_told("a wrong SHA-256", &m, &how, &expected);
        assert_int_equal(expected.code, OTAPACK_MISMATCH);
        assert_string_equal(expected.field, "sha256");
        how.unwanted = images[i].id; // which a device would not look at
        expect_bundle(&expected, m.bytes, m.n, &how);
        assert_int_equal(expected.code, OTAPACK_OK);
        assert_told("a wrong SHA-256 of what is not wanted", &m, &how, &expected);
        free(bundle.bytes);
        free(m.bytes);
    }
    free(a.bytes);
    free(r.bytes);
}

TEST(a_wrong_digest_of_the_payload)
{
    struct made a = app(false);
    const struct content images[] = {{1, a.bytes, a.n}};
    struct header_parts h = header_parts();
    uint8_t digest[32] = {1};
    h.texts.image_digest = digest;
    struct made bundle = make_bundle(images, 1), m = make_matter(&h, bundle.bytes, bundle.n);
    assert_refused("digest", &m, &(struct arrival){.kind = BUNDLE}, "image_digest", m.n);
    free(a.bytes);
    free(bundle.bytes);
    free(m.bytes);
}

TEST(room_for_as_many_as_the_buffer_has)
{
    struct content images[255];
    struct made a = app(false);
    for (uint32_t i = 0; i < 255; i++) {
        images[i] = (struct content){0x1000 + i, one, 1};
    }
    images[254] = (struct content){1, a.bytes, a.n};
    for (uint32_t count = 253; count <= 255; count++) {
        struct made m = make_bundle_file(images + 255 - count, count);
        struct arrival how = {.kind = BUNDLE, .chunk = 1000, .most = 254};
        arrive(&told, m.bytes, m.n, &how);
        assert_int_equal(told.code, count <= 254 ? OTAPACK_OK : OTAPACK_FORBIDDEN);
        if (count == 255) {
            assert_string_equal(told.field, "count");
            assert_int_equal(told.at, payload_of(&m) + 4);
        }
        how.most = 255;
        assert_like_parsers("many images", &m, how);
        free(m.bytes);
    }
    free(a.bytes);
}

TEST(every_prefix_is_refused)
{
    struct made a = app(false), r = rcp(5);
    const struct content images[] = {{2, r.bytes, r.n}, {0x100, three, 3}, {1, a.bytes, a.n}};
    struct made m = make_bundle_file(images, COUNT(images));
    static struct log whole;
    struct arrival how = {.kind = BUNDLE, .chunk = 64, .unannounced = true};
    arrive(&whole, m.bytes, m.n, &how);
    assert_int_equal(whole.code, OTAPACK_OK);
    for (size_t n = 0; n < m.n; n += n < 300 || is_long() ? 1 : 37) {
        arrive(&told, m.bytes, n, &how);
        assert_null(told.broken);
        assert_int_equal(told.code, OTAPACK_TRUNCATED);
        size_t same = log_common(&told, &whole); // the last DATA may be shorter
        assert_true(same + 1 >= told.n);
    }
    how.unannounced = false;
    put_fill(&m, 0, m.room > m.n ? 1 : 0);
    arrive(&told, m.bytes, m.n, &how);
    assert_int_equal(told.code, OTAPACK_FORBIDDEN); // one byte more than the header says
    how.unannounced = true;
    arrive(&told, m.bytes, m.n, &how);
    assert_string_equal(told.field, "trailing");
    free(a.bytes);
    free(r.bytes);
    free(m.bytes);
}

TEST(whatever_is_refused_ends_it_there)
{
    struct made a = app(true), r = rcp(5);
    const struct content images[] = {{2, r.bytes, r.n}, {0x100, three, 3}, {1, a.bytes, a.n}};
    struct made m = make_bundle_file(images, COUNT(images));
    struct arrival how = {.kind = BUNDLE, .chunk = 50};
    for (how.refuse = 1; how.refuse < 400; how.refuse++) {
        arrive(&told, m.bytes, m.n, &how);
        assert_null(told.broken);
        if (told.code == OTAPACK_OK) {
            break;
        }
        assert_int_equal(told.code, OTAPACK_REFUSED);
    }
    assert_in_range(how.refuse, 100, 399);
    free(a.bytes);
    free(r.bytes);
    free(m.bytes);
}

// What is no bundle is what a stream says it is.
static void like_a_stream(const char *name, const uint8_t *bytes, size_t n)
{
    struct made m = {n, (uint8_t *)(uintptr_t)bytes, n};
    struct arrival plain = {.kind = PLAIN}, how = {.kind = BUNDLE};
    arrive(&expected, bytes, n, &plain);
    assert_told(name, &m, &how, &expected);
    how.kind = ZIGBEE;
    if (n < 4 || otapack_le32(bytes) != OTAPACK_ZIGBEE_MAGIC) {
        assert_told(name, &m, &how, &expected);
    }
}

TEST(other_files_are_what_a_stream_takes)
{
    static const char *const folders[] = {"esp_image", "rcp_image", "raw"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        char name[NAME_ROOM];
        (void)snprintf(name, sizeof(name), "%s/%s", FIXTURES, folders[i]);
        assert_true(each_file(name, like_a_stream) > 5);
    }
}

static unsigned tried;

static void try_vector(const char *name, const uint8_t *bytes, size_t n)
{
    const char *end = strrchr(name, '.');
    const char *base = strrchr(name, '/') + 1;
    struct made m = {n, (uint8_t *)(uintptr_t)bytes, n};
    struct arrival how = {.kind = BUNDLE};
    if (end == NULL || strcmp(end, ".ota") != 0 || strcmp(base, "bad-cut.ota") == 0) {
        return;
    }
    tried++;
    arrive(&told, bytes, n, &how);
    if (strncmp(base, "bad-", 4) == 0) {
        assert_int_not_equal(told.code, OTAPACK_OK);
    }
    assert_like_parsers(name, &m, how);
}

TEST(what_the_real_tool_makes)
{
    char name[NAME_ROOM];
    const char *vectors = getenv("OTAPACK_VECTORS");
    if (vectors == NULL) {
        printf("skipped: no OTAPACK_VECTORS\n");
        return;
    }
    (void)snprintf(name, sizeof(name), "%s/miot", vectors);
    (void)each_file(name, try_vector);
    assert_true(tried > 10);
}

UNIT(stream_bundle)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_are_what_they_are_alone),
        cmocka_unit_test(images_that_are_not_what_they_must_be),
        cmocka_unit_test(every_bit_of_the_table),
        cmocka_unit_test(a_wrong_sha256_ends_it_before_the_end_of_its_image),
        cmocka_unit_test(a_wrong_digest_of_the_payload),
        cmocka_unit_test(room_for_as_many_as_the_buffer_has),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(whatever_is_refused_ends_it_there),
        cmocka_unit_test(other_files_are_what_a_stream_takes),
        cmocka_unit_test(what_the_real_tool_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
