// SPDX-License-Identifier: Apache-2.0
//
// Updates that were damaged on their way: a byte is another one, or the end is missing. The stream
// says what the parsers of whole files say; and where `otapack inspect` fails a file, the stream
// refuses it too, but for checks that need more than the file or more than one pass over it. These
// are listed, with their reasons, and a reason that no file needs any more fails the test. In the
// ordinary run bytes are changed, and files cut, where a stream has something to tell; elsewhere
// seldom.
#include "stream_files.h"

#include "judge.h"

enum { SMALL = 700, STREAM_TRIES = 500, TREE_TRIES = 100, DENSE = 320 };
enum { BEFORE = 34, BEHIND = 36, SELDOM = 60 }; // bytes around what is told; tries between

static struct exempt {
    enum check_id check;
    const char *why;
    const char *algorithm; // only of such a signature; NULL: always
    unsigned used;
} exempt[] = {
    // What the device's firmware sees in IMAGE, and compares with what it is.
    {CHECK_ESP_REVISION, "in IMAGE: the chip's revision is the caller's to compare", NULL, 0},
    {CHECK_RCP_FIRMWARE_FLASHED, "flash_args in the whole", NULL, 0},
    {CHECK_MATTER_HOST, "in BEGIN: that there is no host is seen, or at the END", NULL, 0},
    {CHECK_MATTER_VERSION_MATCH, "in FIELD and IMAGE, which the caller may compare", NULL, 0},
    {CHECK_SLOT_CONTENT, "in IMAGE: an app for a bootloader or the RCP's for the host", NULL, 0},
    // Texts that a device does not print.
    {CHECK_MATTER_VERSION_STRING, "UTF-8 and control characters: the bytes are told", NULL, 0},
    {CHECK_MATTER_RELEASE_NOTES, "UTF-8 and control characters: the bytes are told", NULL, 0},
    // What needs a table of chips.
    {CHECK_ESP_PAGE_ALIGN, "where flash is mapped differs from chip to chip", NULL, 0},
    {CHECK_ESP_LOAD, "which memory there is differs from chip to chip", NULL, 0},
    {CHECK_ESP_MAPPED, "whether code and data share addresses differs from chip to chip", NULL, 0},
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

// A digest that this build cannot compute is not compared.
static bool is_left_out(const struct finding *f)
{
    return f->check == CHECK_MATTER_DIGEST &&
           strstr(f->message, "this otapack was built without") != NULL;
}

// The first check that fails and is not exempt, in a tree whose file the stream takes.
static const struct finding *unexcused(const struct node *n)
{
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        struct exempt *e = exempt_for(n, f->check);
        bool fails = f->verdict == VERDICT_FAIL && !is_left_out(f);
        if (fails && e == NULL) {
            return f;
        }
        if (fails) {
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
    const struct finding *f = unexcused(read_and_judge(&a, &plain, otapack_memory(bytes, n)));
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
                          .announced = n,
                          .unannounced = announced == 0,
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

// ---- Where --------------------------------------------------------------------------------------

// Of every place in a file of n bytes, how often to change it, and whether to cut there.
enum often { NOT, ONE_WAY, EACH_WAY };

struct places {
    size_t n;
    uint8_t *change, *cut;
};

static void mark(uint8_t *often, size_t n, size_t from, size_t to, size_t step, enum often how)
{
    for (size_t i = from; i < to && i < n; i += step) {
        often[i] = often[i] < how ? (uint8_t)how : often[i];
    }
}

// Every byte where headers are: at the start, and around those of signature blocks.
static void mark_all(struct places *p)
{
    size_t step = step_for(p->n, STREAM_TRIES);
    mark(p->change, p->n, 0, p->n, step, EACH_WAY);
    mark(p->change, p->n, 0, DENSE, 1, EACH_WAY);
    mark(p->cut, p->n, 0, p->n, step, EACH_WAY);
}

// What the parsers tell of the file: fields of a Matter header; of an image and each part where it
// begins, with a header behind it, and where it ends, with sums before it. A file is cut at each of
// these places, and a byte before and behind it.
static void mark_told(struct places *p, const uint8_t *bytes)
{
    static struct oracle o;
    run_oracle(&o, bytes, p->n, true, ALL_HASHES);
    for (size_t i = 0; i < o.list.n; i++) {
        size_t at = o.list.told[i].at;
        mark(p->change, p->n, at < BEFORE ? 0 : at - BEFORE, at, 1, ONE_WAY);
        mark(p->change, p->n, at, at + BEHIND, 1, EACH_WAY);
        mark(p->cut, p->n, at == 0 ? 0 : at - 1, at + 2, 1, ONE_WAY);
    }
    mark(p->change, p->n, 0, p->n, p->n / SELDOM | 1, ONE_WAY);
    mark(p->cut, p->n, 0, p->n, p->n / SELDOM | 1, ONE_WAY);
}

// The head of a signature block in the last sector, and its CRC.
static void mark_blocks(struct places *p, enum often how)
{
    size_t sector = p->n - OTAPACK_SB_SECTOR_SIZE, block = OTAPACK_SB_BLOCK_SIZE;
    for (size_t at = sector; p->n % OTAPACK_SB_SECTOR_SIZE == 0 && at < p->n; at += block) {
        mark(p->change, p->n, at, at + 4, 1, EACH_WAY);
        mark(p->change, p->n, at, at + OTAPACK_SB_HEAD_SIZE, 1, how);
        mark(p->change, p->n, at + OTAPACK_SB_CRC_AT - 2, at + block, 1, how);
    }
}

static struct places places_new(const uint8_t *bytes, size_t n)
{
    struct places p = {n, (uint8_t *)calloc(n, 1), (uint8_t *)calloc(n, 1)};
    assert_true(p.change != NULL && p.cut != NULL);
    if (is_long()) {
        mark_all(&p);
    }
    mark_told(&p, bytes);
    mark_blocks(&p, is_long() ? EACH_WAY : ONE_WAY);
    return p;
}

static void places_free(struct places *p)
{
    free(p->change);
    free(p->cut);
}

// ---- How ----------------------------------------------------------------------------------------

// Of so many changes whose file is taken, the tool sees one.
static size_t trees_one_in(size_t n)
{
    return step_for(n, TREE_TRIES) / step_for(n, STREAM_TRIES) * (is_long() ? 1 : 3);
}

// Whether to change a byte in the k-th way: one way goes round.
static bool is_wanted(const struct places *p, size_t at, size_t k)
{
    return p->change[at] == EACH_WAY || (p->change[at] == ONE_WAY && at % COUNT(flips) == k);
}

static void flip_each(const char *name, uint8_t *bytes, const struct places *places)
{
    char what[NAME_ROOM + 64];
    size_t n = places->n, one_in = trees_one_in(n);
    for (size_t at = 0, tried = 0; at < n; at++) {
        for (size_t k = 0; k < COUNT(flips); k++) {
            if (!is_wanted(places, at, k)) {
                continue;
            }
            (void)snprintf(what, sizeof(what), "%s, byte %zu ^ 0x%02x", name, at, flips[k]);
            bytes[at] ^= flips[k];
            bool taken = try_stream(what, bytes, n);
            if (taken && tried++ % one_in == 0) {
                assert_tree_agrees(what, bytes, n);
            }
            bytes[at] ^= flips[k];
        }
    }
}

static void cut_each(const char *name, const uint8_t *bytes, const struct places *places)
{
    char what[NAME_ROOM + 64];
    static struct run r;
    size_t n = places->n, one_in = trees_one_in(n);
    for (size_t cut = 0, tried = 0; cut < n; cut++) {
        if (places->cut[cut] == NOT) {
            continue;
        }
        (void)snprintf(what, sizeof(what), "%s, %zu bytes of it", name, cut);
        bool taken = try_stream(what, bytes, cut);
        if (taken && tried++ % one_in == 0) {
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
        struct places places = places_new(bytes, n);
        flip_each(name, copy, &places);
        places_free(&places);
        assert_memory_equal(copy, bytes, n);
        free(copy);
    }
}

static void try_cuts(const char *name, const uint8_t *bytes, size_t n)
{
    if (is_good_update(name)) {
        struct places places = places_new(bytes, n);
        cut_each(name, bytes, &places);
        places_free(&places);
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
