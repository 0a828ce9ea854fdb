// SPDX-License-Identifier: Apache-2.0
//
// Updates that were damaged on their way: a byte is another one, or the end is missing. The stream
// says what the parsers of whole files say; and where `otapack inspect` fails a file, the stream
// refuses it too, but for checks that need more than the file or more than one pass over it. These
// are listed, with their reasons, and a reason that no file needs any more fails the test.
#include "stream_files.h"

#include "read.h"

enum { SMALL = 700, STREAM_TRIES = 500, TREE_TRIES = 100, DENSE = 320 };

static struct exempt {
    enum check_id check;
    const char *why;
    const char *algorithm; // only of such a signature; NULL: always
    unsigned used;
} exempt[] = {
    // What the device's firmware sees in IMAGE, and compares with what it is.
    {CHECK_ESP_REVISION, "in IMAGE: the chip's revision is the caller's to compare", NULL, 0},
    {CHECK_APP_SECURE_VERSION, "in IMAGE: the eFuse is the caller's to compare", NULL, 0},
    {CHECK_MATTER_VERSION_MATCH, "in FIELD and IMAGE, which the caller may compare", NULL, 0},
    {CHECK_SLOT_CONTENT, "in IMAGE: an app for a bootloader or the RCP's for the host", NULL, 0},
    // Texts that a device does not print.
    {CHECK_MATTER_VERSION_STRING, "UTF-8 and control characters: the bytes are told", NULL, 0},
    {CHECK_MATTER_RELEASE_NOTES, "UTF-8 and control characters: the bytes are told", NULL, 0},
    // What needs a table of chips.
    {CHECK_ESP_PAGE_ALIGN, "where flash is mapped differs from chip to chip", NULL, 0},
    {CHECK_RCP_BOOTLOADER_ADDRESS, "where the ROM looks differs from chip to chip", NULL, 0},
    // What compares parts that are not there at the same time.
    {CHECK_RCP_VERSION_MATCH, "the version would be looked for in all of the firmware", NULL, 0},
    {CHECK_RCP_TABLE_ADDRESS, "flash_args and partition table in one", NULL, 0},
    {CHECK_RCP_FIRMWARE_ADDRESS, "flash_args and partition table in one", NULL, 0},
    {CHECK_RCP_FIRMWARE_SIZE, "flash_args and partition table in one", NULL, 0},
    {CHECK_RCP_FLASH_SIZE, "flash_args and the bootloader's header in one", NULL, 0},
    {CHECK_PT_FLASH_SIZE, "partition table and the bootloader's header in one", NULL, 0},
    {CHECK_IDF_ORDER, "the descriptions of two images in one", NULL, 0},
    // Signatures: the bootloader verifies them, before it boots what was written.
    {CHECK_SIG_KEY, "arithmetic of signatures is the bootloader's", NULL, 0},
    {CHECK_SIG_SIGNATURE, "arithmetic of signatures is the bootloader's", NULL, 0},
    {CHECK_SIG_P192, "what belongs to the key is the bootloader's", NULL, 0},
    {CHECK_SIG_MIXED, "which scheme a device knows is the bootloader's", NULL, 0},
    {CHECK_SIG_PLACE, "a device looks only where signatures belong: to it there is none", NULL, 0},
    {CHECK_SIG_DIGEST, "a SHA-384, which a stream has no hash for", "ecdsa-p384", 0},
};

static const uint8_t flips[] = {0x01, 0x80, 0xFF};
static unsigned streams, trees;

static struct exempt *exempt_for(const struct node *n, enum check_id check)
{
    for (size_t i = 0; i < COUNT(exempt); i++) {
        const char *only = exempt[i].algorithm;
        if (exempt[i].check == check &&
            (only == NULL || strcmp(node_text(n, "algorithm"), only) == 0)) {
            return &exempt[i];
        }
    }
    return NULL;
}

// The first check that fails and is not exempt, in a tree whose file the stream takes.
static const struct finding *unexcused(const struct node *n)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        struct exempt *e = exempt_for(n, f->check);
        if (f->verdict == VERDICT_FAIL && e == NULL) {
            return f;
        }
        if (f->verdict == VERDICT_FAIL) {
            e->used++;
        }
    }
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        const struct finding *f = unexcused(p);
        if (f != NULL) {
            return f;
        }
    }
    return NULL;
}

// What the stream takes, the tool fails for no other reason than those listed.
static void assert_tree_agrees(const char *what, const uint8_t *bytes, size_t n)
{
    static const struct read_options plain;
    struct arena a = ARENA_EMPTY;
    const struct finding *f = unexcused(read_tree(&a, &plain, otapack_memory(bytes, n)));
    if (f != NULL) {
        fail_msg("%s: the stream takes it, but %s: %s", what, checks[f->check].id, f->message);
    }
    trees++;
    arena_free(&a);
}

// Announced and not, in pieces of a size that changes from one try to the next. Returns whether the
// file is taken where its size is announced, as the tool sees all of it, too.
static bool try_stream(const char *what, const uint8_t *bytes, size_t n)
{
    static const size_t chunks[] = {0, 1, 7, 64, 288, 1024};
    static struct oracle o;
    bool taken = false;
    for (int announced = 0; announced < 2; announced++) {
        struct how how = {.chunk = chunks[streams % COUNT(chunks)],
                          .announced = announced != 0 ? (uint32_t)n : OTAPACK_SIZE_UNKNOWN,
                          .hashes = ALL_HASHES};
        run_oracle(&o, bytes, n, announced != 0, ALL_HASHES);
        assert_like_oracle(what, bytes, n, &how, &o);
        taken = o.outcome.code == OTAPACK_OK;
        streams++;
    }
    return taken;
}

// Of a large file every so many bytes are tried: an odd number, so that it does not only meet the
// first bytes of words.
static size_t step_for(size_t n, size_t tries)
{
    return n <= SMALL ? 1 : n / tries | 1;
}

// Every byte where headers are: at the start, and around those of signature blocks.
static bool is_dense(size_t at, size_t n)
{
    size_t sector = n % OTAPACK_SB_SECTOR_SIZE == 0 ? n - OTAPACK_SB_SECTOR_SIZE : n;
    size_t in_block = at >= sector ? (at - sector) % OTAPACK_SB_BLOCK_SIZE : DENSE;
    return at < DENSE || in_block < OTAPACK_SB_HEAD_SIZE || in_block >= OTAPACK_SB_CRC_AT - 2;
}

static void flip_each(const char *name, uint8_t *bytes, size_t n)
{
    char what[NAME_ROOM + 64];
    size_t step = step_for(n, STREAM_TRIES), tree_step = step_for(n, TREE_TRIES);
    for (size_t at = 0, tried = 0; at < n; at++) {
        for (size_t k = 0; k < COUNT(flips) && (at % step == 0 || is_dense(at, n)); k++, tried++) {
            (void)snprintf(what, sizeof(what), "%s, byte %zu ^ 0x%02x", name, at, flips[k]);
            bytes[at] ^= flips[k];
            bool taken = try_stream(what, bytes, n);
            if (taken && tried % (tree_step / step) == 0) {
                assert_tree_agrees(what, bytes, n);
            }
            bytes[at] ^= flips[k];
        }
    }
}

static void cut_each(const char *name, const uint8_t *bytes, size_t n)
{
    char what[NAME_ROOM + 64];
    static struct run r;
    size_t step = step_for(n, STREAM_TRIES), tree_step = step_for(n, TREE_TRIES);
    for (size_t cut = 0, tried = 0; cut < n; cut += step, tried++) {
        (void)snprintf(what, sizeof(what), "%s, %zu bytes of it", name, cut);
        bool taken = try_stream(what, bytes, cut);
        if (taken && tried % (tree_step / step) == 0) {
            assert_tree_agrees(what, bytes, cut);
        }
        // The whole size was announced: nothing but the end is missing.
        struct how how = {.announced = (uint32_t)n, .chunk = 100, .hashes = ALL_HASHES};
        run_stream(&r, bytes, cut, &how);
        assert_null(r.broken);
        assert_int_equal(r.outcome.code, OTAPACK_TRUNCATED);
    }
}

static bool is_good_update(const char *name)
{
    const char *base = strrchr(name, '/') + 1;
    return strncmp(base, "good-", 5) == 0 && strncmp(base, "good-bootloader", 15) != 0;
}

static void try_flips(const char *name, const uint8_t *bytes, size_t n)
{
    if (is_good_update(name)) {
        uint8_t *copy = (uint8_t *)malloc(n);
        assert_non_null(copy);
        memcpy(copy, bytes, n);
        flip_each(name, copy, n);
        assert_memory_equal(copy, bytes, n);
        free(copy);
    }
}

static void try_cuts(const char *name, const uint8_t *bytes, size_t n)
{
    if (is_good_update(name)) {
        cut_each(name, bytes, n);
    }
}

static void try_folder(const char *folder)
{
    char name[NAME_ROOM];
    streams = trees = 0;
    (void)snprintf(name, sizeof(name), "%s/%s", FIXTURES, folder);
    (void)each_file(name, try_flips);
    printf("%s: %u streams over changed files; %u that are taken are shown to the tool\n", folder,
           streams, trees);
    streams = trees = 0;
    (void)each_file(name, try_cuts);
    printf("%s: %u streams over cut files; %u that are taken are shown to the tool\n", folder,
           streams, trees);
    assert_true(streams > 0);
}

TEST(images)
{
    try_folder("esp_image");
}

TEST(combined_images)
{
    try_folder("rcp_image");
}

TEST(matter_images)
{
    try_folder("matter");
}

TEST(signed_images)
{
    try_folder("secure_boot");
}

// Each fixture that fails one check: the stream refuses it, or the check is listed.
static void try_bad(const char *name, const uint8_t *bytes, size_t n)
{
    if (try_stream(name, bytes, n)) {
        assert_tree_agrees(name, bytes, n);
    }
}

TEST(files_with_one_fault)
{
    static const char *const folders[] = {"esp_image", "rcp_image", "matter", "secure_boot"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        char name[NAME_ROOM];
        (void)snprintf(name, sizeof(name), "%s/%s", FIXTURES, folders[i]);
        (void)each_file(name, try_bad);
    }
}

// Comes last.
TEST(every_reason_is_needed)
{
    unsigned unused = 0;
    for (size_t i = 0; i < COUNT(exempt); i++) {
        printf("%s: %u times: %s\n", checks[exempt[i].check].id, exempt[i].used, exempt[i].why);
        unused += exempt[i].used == 0;
    }
    assert_int_equal(unused, 0);
}

UNIT(stream_flips)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images),
        cmocka_unit_test(combined_images),
        cmocka_unit_test(matter_images),
        cmocka_unit_test(signed_images),
        cmocka_unit_test(files_with_one_fault),
        cmocka_unit_test(every_reason_is_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
