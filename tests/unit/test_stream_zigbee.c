// SPDX-License-Identifier: Apache-2.0
//
// otapack/stream_zigbee.h: in pieces of any size, what is told of a Zigbee file is what the parser
// of whole files says, and of element 0 what a stream says of it alone; with the header and
// without.
#include "container_build.h"
#include "stream_files.h"

static const uint8_t sealed[600] = {0xCF, 0xB6, 0x88, 0x07, 9},
                     patch[90] = {0x10, 0xDE, 0xCD, 0xFC};
static const uint8_t three[3] = {1, 2, 3};
static struct log told, expected;

static void assert_like_parser(const char *name, const struct made *m)
{
    struct arrival how = {.kind = ZIGBEE};
    for (int turn = 0; turn < 4; turn++) {
        how.unannounced = (turn & 1) != 0;
        how.no_hashes = (turn & 2) != 0;
        expect_zigbee(&expected, m->bytes, m->n, &how);
        assert_told(name, m, &how, &expected);
    }
}

static void try_elements(const char *name, const struct content *elements, size_t count, bool good)
{
    for (uint32_t control = 0; control < 8; control += 7) {
        struct made m = make_zigbee(control, 0x1011, elements, count);
        arrive(&told, m.bytes, m.n, &(struct arrival){.kind = ZIGBEE});
        if ((told.code == OTAPACK_OK) != good) {
            log_print(name, &told);
            fail();
        }
        assert_like_parser(name, &m);
        free(m.bytes);
    }
}

static struct made rcp(void)
{
    struct kit k = kit_new();
    struct made m = make_combined(k.parts, 5);
    kit_free(&k);
    return m;
}

TEST(elements)
{
    struct made a = make_app(&(struct image_parts){.chip = H2}), r = rcp();
    const struct content image[] = {{0, a.bytes, a.n}};
    const struct content several[] = {
        {0xF000, three, 3}, {3, three, 0}, {0, a.bytes, a.n}, {7, patch, 90}, {1, NULL, 0}};
    const struct content gateway[] = {{0, r.bytes, r.n}, {4, three, 1}};
    const struct content delta[] = {{0, patch, sizeof(patch)}};
    const struct content encrypted[] = {{0, sealed, sizeof(sealed)}};
    const struct content twice[] = {{0, a.bytes, a.n}, {0, a.bytes, a.n}};
    const struct content none[] = {{4, three, 3}};
    const struct content tiny[] = {{0, three, 3}};
    const struct content cut[] = {{0, a.bytes, a.n - 1}, {4, three, 3}};
    const struct content text[] = {{0, (const uint8_t *)"Hello, world", 12}};
    struct made matter = make_bundle_file((const struct content[]){{1, a.bytes, a.n}}, 1);
    const struct content nested[] = {{0, matter.bytes, matter.n}};
    try_elements("an app", image, COUNT(image), true);
    try_elements("several", several, COUNT(several), true);
    try_elements("a gateway's", gateway, COUNT(gateway), true);
    try_elements("a patch", delta, COUNT(delta), true);
    try_elements("a pre-encrypted app", encrypted, COUNT(encrypted), true);
    try_elements("two images", twice, COUNT(twice), false);
    try_elements("no image", none, COUNT(none), false);
    try_elements("nothing", none, 0, false);
    try_elements("three bytes", tiny, COUNT(tiny), false);
    try_elements("an app that is cut", cut, COUNT(cut), false);
    try_elements("a text", text, COUNT(text), false);
    try_elements("a Matter image", nested, COUNT(nested), false);
    free(a.bytes);
    free(r.bytes);
    free(matter.bytes);
}

// What is no firmware is not looked into, by the image type.
TEST(image_types)
{
    static const struct {
        uint32_t type;
        bool good;
    } rows[] = {{0, false},     {0xFFBF, false}, {0xFFC0, true},
                {0xFFC3, true}, {0xFFFE, true},  {0xFFFF, false}};
    const struct content text[] = {{0, (const uint8_t *)"Hello, world", 12}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct made m = make_zigbee(0, rows[i].type, text, 1);
        arrive(&told, m.bytes, m.n, &(struct arrival){.kind = ZIGBEE});
        assert_int_equal(told.code, rows[i].good ? OTAPACK_OK : OTAPACK_NOT_THIS);
        assert_like_parser("a text", &m);
        struct arrival how = {.kind = ZIGBEE_ELEMENTS, .image_type = (uint16_t)rows[i].type};
        arrive(&told, m.bytes + 56, m.n - 56, &how);
        assert_int_equal(told.code, rows[i].good ? OTAPACK_OK : OTAPACK_NOT_THIS);
        free(m.bytes);
    }
}

// Every bit of the header and of the elements' heads.
TEST(every_bit)
{
    struct made a = make_app(&(struct image_parts){.chip = H2});
    const struct content all[] = {{0xF000, three, 3}, {0, a.bytes, a.n}};
    struct made m = make_zigbee(5, 0x1011, all, COUNT(all));
    for (size_t bit = 0; bit < (61 + 6 + 3 + 6) * 8; bit++) {
        struct arrival how = {.kind = ZIGBEE, .chunk = 9};
        m.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        arrive(&told, m.bytes, m.n, &how);
        assert_null(told.broken);
        if (bit < 32) { // bit 28 makes it Matter's
            assert_int_equal(told.code, bit == 28 ? OTAPACK_FORBIDDEN : OTAPACK_NOT_THIS);
        } else {
            expect_zigbee(&expected, m.bytes, m.n, &how);
            const char *wrong = log_differs(&told, &expected);
            if (wrong != NULL) {
                complain_log("a bit", wrong, &told, &expected);
            }
        }
        m.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    free(a.bytes);
    free(m.bytes);
}

// The application of a Zigbee client gets what stands behind the header.
TEST(behind_a_header_the_same_is_told)
{
    struct made a = make_app(&(struct image_parts){.chip = H2});
    const struct content all[] = {{0xF000, three, 3}, {0, a.bytes, a.n}};
    struct made m = make_zigbee(7, 0x1011, all, COUNT(all));
    struct made behind = {m.n - 69, m.bytes + 69, m.n - 69};
    struct arrival how = {.kind = ZIGBEE_ELEMENTS};
    arrive(&told, m.bytes, m.n, &(struct arrival){.kind = ZIGBEE});
    assert_int_equal(told.code, OTAPACK_OK);
    expected = told;
    expected.n = 0;
    for (size_t i = 0; i < told.n; i++) {
        struct logged l = told.logged[i];
        if (l.type != OTAPACK_EVENT_FIELD) {
            l.at -= l.at == 0 ? 0 : 69;
            l.size -= i == 0 ? 69 : 0;
            expected.logged[expected.n++] = l;
        }
    }
    assert_told("elements", &behind, &how, &expected);
    behind.n--;
    arrive(&told, behind.bytes, behind.n, &how);
    assert_int_equal(told.code, OTAPACK_TRUNCATED);
    free(a.bytes);
    free(m.bytes);
}

TEST(every_prefix_is_refused)
{
    struct made a = make_app(&(struct image_parts){.chip = H2});
    const struct content all[] = {{0, a.bytes, a.n}, {0xF000, three, 3}};
    struct made m = make_zigbee(7, 0x1011, all, COUNT(all));
    struct arrival how = {.kind = ZIGBEE, .chunk = 64, .unannounced = true};
    for (size_t n = 0; n < m.n; n++) {
        arrive(&told, m.bytes, n, &how);
        assert_null(told.broken);
        assert_int_equal(told.code, OTAPACK_TRUNCATED);
    }
    struct made longer = make_zigbee(7, 0x1011, all, COUNT(all));
    otapack_put_le32(longer.bytes + 52, (uint32_t)longer.n - 1);
    assert_refused("a byte more", &longer, &(struct arrival){.kind = ZIGBEE}, "total_size", 52);
    free(a.bytes);
    free(m.bytes);
    free(longer.bytes);
}

TEST(whatever_is_refused_ends_it_there)
{
    struct made r = rcp();
    const struct content all[] = {{0xF000, three, 3}, {0, r.bytes, r.n}};
    struct made m = make_zigbee(7, 0x1011, all, COUNT(all));
    struct arrival how = {.kind = ZIGBEE, .chunk = 50};
    for (how.refuse = 1; how.refuse < 200; how.refuse++) {
        arrive(&told, m.bytes, m.n, &how);
        assert_null(told.broken);
        if (told.code == OTAPACK_OK) {
            break;
        }
        assert_int_equal(told.code, OTAPACK_REFUSED);
    }
    assert_in_range(how.refuse, 30, 199);
    free(r.bytes);
    free(m.bytes);
}

static unsigned tried;

static void try_vector(const char *name, const uint8_t *bytes, size_t n)
{
    const char *end = strrchr(name, '.');
    struct made m = {n, (uint8_t *)(uintptr_t)bytes, n};
    if (end != NULL && strcmp(end, ".zigbee") == 0 && otapack_le32(bytes) == OTAPACK_ZIGBEE_MAGIC) {
        tried++;
        assert_like_parser(name, &m);
    }
}

TEST(what_the_real_tool_makes)
{
    char name[NAME_ROOM];
    const char *vectors = getenv("OTAPACK_VECTORS");
    if (vectors == NULL) {
        printf("skipped: no OTAPACK_VECTORS\n");
        return;
    }
    (void)snprintf(name, sizeof(name), "%s/zigbee", vectors);
    (void)each_file(name, try_vector);
    assert_true(tried > 10);
}

UNIT(stream_zigbee)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements),
        cmocka_unit_test(image_types),
        cmocka_unit_test(every_bit),
        cmocka_unit_test(behind_a_header_the_same_is_told),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(whatever_is_refused_ends_it_there),
        cmocka_unit_test(what_the_real_tool_makes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
