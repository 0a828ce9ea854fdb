// SPDX-License-Identifier: Apache-2.0
//
// Whole files through a stream, in pieces of many sizes: what is told is the same for each, and
// what the parsers of whole files give. Files that are refused are refused by both, for the same
// reason. A large file comes in some of these ways, one after the other, unless OTAPACK_LONG=1.
#include "stream_build.h"
#include "stream_files.h"

enum { SMALL = 128 * 1024, LARGE_STEP = 5 };

// Which pieces.
static const struct {
    size_t chunk;
    bool random;
} ways[] = {
    {0, false},   {1, false},    {2, false}, {3, false},  {7, false},
    {288, false}, {1024, false}, {9, true},  {600, true}, {5000, true},
};

static struct how way(size_t i, const struct oracle *o, uint32_t hashes)
{
    uint32_t n = (uint32_t)o->file.size;
    return (struct how){.chunk = ways[i].chunk,
                        .seed = ways[i].random ? UINT64_C(20250101) + n + i : 0,
                        .announced = n,
                        .unannounced = !o->announced,
                        .hashes = hashes};
}

static void try_ways(const char *name, const uint8_t *bytes, size_t n, bool announced)
{
    static struct oracle o;
    static size_t turn;
    size_t step = n <= SMALL || is_long() ? 1 : LARGE_STEP;
    run_oracle(&o, bytes, n, announced, ALL_HASHES);
    for (size_t i = turn++ % step; i < COUNT(ways); i += step) {
        struct how how = way(i, &o, ALL_HASHES);
        assert_like_oracle(name, bytes, n, &how, &o);
    }
}

// Without one of the hashes, and without any of them.
static void try_without(const char *name, const uint8_t *bytes, size_t n, bool announced)
{
    static struct oracle o;
    for (uint32_t use = 0; use <= OTAPACK_HASH_COUNT; use++) {
        uint32_t hashes = use == OTAPACK_HASH_COUNT ? 0 : ALL_HASHES & ~HASH_BIT(use);
        run_oracle(&o, bytes, n, announced, hashes);
        struct how how = way((n + use) % COUNT(ways), &o, hashes);
        assert_like_oracle(name, bytes, n, &how, &o);
    }
}

static void try_file(const char *name, const uint8_t *bytes, size_t n)
{
    for (int announced = 0; announced < 2; announced++) {
        try_ways(name, bytes, n, announced != 0);
        if (n <= SMALL) {
            try_without(name, bytes, n, announced != 0);
        }
    }
}

static void try_folder(const char *folder, unsigned least)
{
    char name[NAME_ROOM];
    (void)snprintf(name, sizeof(name), "%s/%s", FIXTURES, folder);
    unsigned count = each_file(name, try_file);
    printf("%s: %u files\n", folder, count);
    assert_true(count >= least);
}

TEST(images)
{
    try_folder("esp_image", 30);
}

TEST(combined_images)
{
    try_folder("rcp_image", 30);
}

TEST(matter_images)
{
    try_folder("matter", 100);
}

TEST(signed_images)
{
    try_folder("secure_boot", 30);
}

TEST(what_is_no_update)
{
    try_folder("flash", 5);
    try_folder("partition_table", 10);
    try_folder("ota_data", 5);
    try_folder("raw", 8);
}

// ---- What must be taken -------------------------------------------------------------------------

static unsigned taken;

static bool starts_with_good(const char *name)
{
    const char *slash = strrchr(name, '/');
    return strncmp(slash == NULL ? name : slash + 1, "good-", 5) == 0;
}

// A good fixture that is an update is taken: both could be wrong alike.
static void count_taken(const char *name, const uint8_t *bytes, size_t n)
{
    static struct run r;
    struct how how = {.announced = (uint32_t)n, .hashes = ALL_HASHES};
    bool bootloader = strstr(name, "good-bootloader") != NULL;
    run_stream(&r, bytes, n, &how);
    if (starts_with_good(name) && !bootloader && r.outcome.code != OTAPACK_OK) {
        fail_msg("%s is not taken: %s at %" PRIu32, name, r.outcome.field, r.outcome.at);
    }
    taken += r.outcome.code == OTAPACK_OK;
}

TEST(good_fixtures_are_taken)
{
    static const char *const folders[] = {"esp_image", "rcp_image", "matter", "secure_boot"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        char name[NAME_ROOM];
        (void)snprintf(name, sizeof(name), "%s/%s", FIXTURES, folders[i]);
        (void)each_file(name, count_taken);
    }
    printf("%u files are taken\n", taken);
    assert_true(taken >= 40);
}

// ---- Built ones ---------------------------------------------------------------------------------

static void try_built(const char *name, const struct made *m)
{
    static struct run r;
    struct how how = {.announced = (uint32_t)m->n, .hashes = ALL_HASHES};
    run_stream(&r, m->bytes, m->n, &how);
    if (r.outcome.code != OTAPACK_OK) {
        fail_msg("%s is not taken: %s at %" PRIu32, name, r.outcome.field, r.outcome.at);
    }
    try_file(name, m->bytes, m->n);
}

// A combined image, and a Matter image of each kind of digest around it.
static void try_combined(const char *name, const struct combined_part *parts, size_t count,
                         uint8_t types)
{
    struct made combined = make_combined(parts, count);
    try_built(name, &combined);
    for (uint8_t type = 1; type <= types; type++) {
        struct header_parts h = header_parts();
        if (lacks_digest(type)) {
            continue;
        }
        h.m.image_digest_type = type;
        h.m.image_digest.size = (uint32_t)otapack_matter_digest_size(type);
        h.m.has_release_notes_url = type % 2 != 0;
        struct made matter = make_matter(&h, combined.bytes, combined.n);
        try_built(matter_digest_name(type), &matter);
        free(matter.bytes);
    }
    free(combined.bytes);
}

TEST(small_built_ones)
{
    struct kit k = kit_new();
    try_combined("with host", k.parts, PARTS, 12);
    try_combined("without host", k.parts, PARTS - 1, 1);
    put_sector(&k.host, OTAPACK_SB_P256, 2);
    k.parts[5].n = k.host.n;
    try_combined("signed host", k.parts, PARTS, 1);
    put_sector(&k.firmware, OTAPACK_SB_P384, 1);
    k.parts[4].n = k.firmware.n;
    try_combined("signed firmware", k.parts, PARTS, 1);
    kit_free(&k);
}

static struct bytes load_vector(const char *name)
{
    char path[NAME_ROOM];
    (void)snprintf(path, sizeof(path), "%s/%s", getenv("OTAPACK_VECTORS"), name);
    return load_file(path);
}

TEST(real_ones)
{
    if (getenv("OTAPACK_VECTORS") == NULL) {
        printf("skipped: no real firmware: OTAPACK_VECTORS is not set\n");
        skip();
    }
    unsigned count = each_file(getenv("OTAPACK_VECTORS"), try_file);
    printf("%u files\n", count);
    assert_true(count > 10);
}

TEST(built_of_real_ones)
{
    static const char *const names[] = {"thread-br/rcp_build/rcp_version",
                                        NULL,
                                        "thread-br/rcp_build/bootloader/bootloader.bin",
                                        "thread-br/rcp_build/partition_table/partition-table.bin",
                                        "thread-br/rcp_build/esp_ot_rcp.bin",
                                        "thread-br/br/esp_ot_br.bin"};
    struct kit k = kit_new();
    struct bytes loaded[PARTS] = {{0}};
    if (getenv("OTAPACK_VECTORS") == NULL) {
        printf("skipped: no real firmware: OTAPACK_VECTORS is not set\n");
        kit_free(&k);
        skip();
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (names[i] != NULL) {
            loaded[i] = load_vector(names[i]);
            k.parts[i].bytes = loaded[i].at;
            k.parts[i].n = loaded[i].n;
        }
    }
    try_combined("real parts", k.parts, PARTS, 1);
    for (size_t i = 0; i < PARTS; i++) {
        free(loaded[i].at);
    }
    kit_free(&k);
}

UNIT(stream)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images),
        cmocka_unit_test(combined_images),
        cmocka_unit_test(matter_images),
        cmocka_unit_test(signed_images),
        cmocka_unit_test(what_is_no_update),
        cmocka_unit_test(good_fixtures_are_taken),
        cmocka_unit_test(small_built_ones),
        cmocka_unit_test(real_ones),
        cmocka_unit_test(built_of_real_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
