// SPDX-License-Identifier: Apache-2.0
//
// read.h on every fixture: fields and parts tile each node of a good image, spans stay inside one
// another, names are unique, every node is found by its path, prefixes and failing reads do no
// harm. Then images made to be deep, wide or named badly.
#include "scratch.h"

#include <fcntl.h>
#include <otapack/partition_table.h>
#include <otapack/rcp_image.h>
#include <sys/wait.h>

#include "digest.h"
#include "format.h"
#include "judge.h"
#include "path.h"
#include "show.h"

enum { FILE_MOST = 256 * 1024, NODES_MOST = 5000 };

static const struct read_options plain;

struct file {
    char name[512];
    uint8_t *bytes;
    size_t size;
    bool good; // good-*.bin
};

static void load(struct file *f)
{
    FILE *in = fopen(f->name, "rb");
    assert_non_null(in);
    f->bytes = malloc(FILE_MOST);
    f->size = fread(f->bytes, 1, FILE_MOST, in);
    (void)fclose(in);
    // No byte more than there is, so that a sanitizer sees reads behind the end.
    f->bytes = realloc(f->bytes, f->size > 0 ? f->size : 1);
    assert_non_null(f->bytes);
}

// Without it, a build cannot say whether such a digest is right.
static bool has_sha3(void)
{
    struct digest *d = digest_new(DIGEST_SHA3_256, DIGEST_BEST);
    digest_free(d);
    return d != NULL;
}

// Calls `test` with every fixture. Returns how many there were.
static unsigned each_fixture(void (*test)(struct file *f))
{
    static const char *const folders[] = {"esp_image", "partition_table", "ota_data", "rcp_image",
                                          "flash",     "matter",          "esp8266",  "raw"};
    unsigned count = 0;
    for (size_t i = 0; i < COUNT(folders); i++) {
        char folder[400];
        (void)snprintf(folder, sizeof(folder), "%s/%s", FIXTURES, folders[i]);
        DIR *d = opendir(folder);
        assert_non_null(d);
        for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
            struct file f = {.good = strncmp(entry->d_name, "good-", 5) == 0 &&
                                     (has_sha3() || strstr(entry->d_name, "sha3") == NULL)};
            if (entry->d_name[0] != '.' && strstr(entry->d_name, ".bin") != NULL) {
                (void)snprintf(f.name, sizeof(f.name), "%s/%.100s", folder, entry->d_name);
                load(&f);
                test(&f);
                free(f.bytes);
                count++;
            }
        }
        (void)closedir(d);
    }
    return count;
}

// ---- The laws ----

static void broken(const char *file, struct arena *a, const struct node *n, const char *law)
{
    print_error("%s: '%s' (%s): %s\n", file, node_path(a, n), n->format, law);
    fail();
}

// Does a field or a part of n cover this byte?
static bool covered(const struct node *n, uint64_t at)
{
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        if (f->has_span && at >= f->at && at - f->at < f->size) {
            return true;
        }
    }
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        if (!p->overlay && at >= p->src.base && at - p->src.base < p->src.size) {
            return true;
        }
    }
    return false;
}

static bool overlap(const struct node *p, const struct node *q)
{
    return !p->overlay && !q->overlay && p->src.base < q->src.base + q->src.size &&
           q->src.base < p->src.base + p->src.size;
}

static void check_tiling(const char *file, struct arena *a, const struct node *n)
{
    for (uint64_t at = n->src.base; at < n->src.base + n->src.size; at++) {
        if (!covered(n, at)) {
            print_error("0x%" PRIx64 ": ", at);
            broken(file, a, n, "is not covered");
        }
    }
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        for (const struct node *q = p->next; q != NULL; q = q->next) {
            if (overlap(p, q)) {
                broken(file, a, q, "overlaps another part");
            }
        }
    }
}

static bool inside(uint64_t at, uint64_t size, const struct otapack_source *src)
{
    return at >= src->base && at - src->base <= src->size && size <= src->size - (at - src->base);
}

static void check_node(const char *file, struct arena *a, struct node *root, const struct node *n)
{
    struct place_in_tree place;
    struct err e = ERR_NONE;
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        if (f->has_span && !inside(f->at, f->size, &n->src)) {
            broken(file, a, n, f->name);
        }
        if (node_field(n, f->name) != f) {
            broken(file, a, n, "has two fields with one name");
        }
    }
    if (n->unpacked && (!n->overlay || n->src.base != 0)) {
        broken(file, a, n, "is in no space of its own");
    }
    if (n->parent != NULL && !n->unpacked && !inside(n->src.base, n->src.size, &n->parent->src)) {
        broken(file, a, n, "sticks out of its parent");
    }
    if (!path_find(NULL, root, node_path(a, n), &place, &e) || place.node != n) {
        broken(file, a, n, "is not what its path leads to");
    }
}

// Returns how many nodes there are.
static unsigned check_tree(const char *file, struct arena *a, struct node *root,
                           const struct node *n, bool tiles)
{
    unsigned count = 1;
    check_node(file, a, root, n);
    if (tiles) {
        check_tiling(file, a, n);
    }
    for (const struct node *p = n->parts; p != NULL && count < NODES_MOST; p = p->next) {
        count += check_tree(file, a, root, p, tiles);
    }
    return count;
}

static void check_fixture(struct file *f)
{
    struct arena a = ARENA_EMPTY;
    size_t counts[VERDICT_COUNT] = {0};
    struct node *root = read_and_judge(&a, &plain, otapack_memory(f->bytes, f->size));
    enum verdict verdict = tree_verdict(root, counts);
    assert_true(check_tree(f->name, &a, root, root, f->good) < NODES_MOST);
    if (f->good && verdict == VERDICT_FAIL) {
        broken(f->name, &a, root, "is good, but fails");
    }
    assert_int_equal(root->src.size, f->size);
    arena_free(&a);
}

TEST(the_laws_hold_for_every_fixture)
{
    assert_true(each_fixture(check_fixture) > 50);
}

// Where to cut next: byte for byte at first, then with a stride that stops where a sector of flash
// ends, as what follows one another does.
static size_t next_cut(const struct file *f, size_t n)
{
    size_t step = (f->size > 6000 ? 61U : 7U) * (is_long() ? 1U : 3U),
           sector = (n / 4096 + 1) * 4096;
    if (n < (is_long() ? 400U : 80U)) {
        return n + 1;
    }
    return n + step > sector ? sector : n + step;
}

// Cut off anywhere, the laws of spans, names and paths hold.
static void check_prefixes(struct file *f)
{
    for (size_t n = 0; f->good && n < f->size; n = next_cut(f, n)) {
        struct arena a = ARENA_EMPTY;
        uint8_t *copy = malloc(n > 0 ? n : 1);
        memcpy(copy, f->bytes, n);
        struct node *root = read_and_judge(&a, &plain, otapack_memory(copy, n));
        assert_true(check_tree(f->name, &a, root, root, false) < NODES_MOST);
        free(copy);
        arena_free(&a);
    }
}

TEST(prefixes_break_no_law)
{
    (void)each_fixture(check_prefixes);
}

// Whichever read fails, up to the last one, the reader comes to an end and the tree is whole.
static void check_failing(struct file *f)
{
    struct reading r = {.reads = 0};
    for (unsigned n = 1; f->good && n < 400 && r.reads >= r.fail_at; n += 3) {
        struct arena a = ARENA_EMPTY;
        r = reading_of(f->bytes, f->size);
        struct otapack_source src = reading_source(&r);
        r.fail_at = n;
        struct node *root = read_and_judge(&a, &plain, src);
        assert_true(check_tree(f->name, &a, root, root, false) < NODES_MOST);
        arena_free(&a);
    }
}

TEST(failing_reads_break_no_law)
{
    (void)each_fixture(check_failing);
}

// ---- What can be allowed ----

static void check_allowed(struct file *f)
{
    struct arena a = ARENA_EMPTY;
    struct read_options all = {.slot = NULL};
    size_t before[VERDICT_COUNT] = {0}, after[VERDICT_COUNT] = {0};
    for (int i = 0; i < CHECK_COUNT; i++) {
        all.allow[i] = true;
    }
    struct otapack_source src = otapack_memory(f->bytes, f->size);
    (void)tree_verdict(read_and_judge(&a, &plain, src), before);
    (void)tree_verdict(read_and_judge(&a, &all, src), after);
    assert_int_equal(after[VERDICT_FAIL], 0);
    assert_int_equal(after[VERDICT_PASS], before[VERDICT_PASS]);
    assert_int_equal(after[VERDICT_WARN], before[VERDICT_WARN] + before[VERDICT_FAIL]);
    arena_free(&a);
}

TEST(what_is_allowed_warns)
{
    (void)each_fixture(check_allowed);
}

// ---- Images made to hurt ----

// 84 bytes whose parts are all the whole file, which is an RCP image again: every level multiplies.
TEST(parts_that_are_the_whole_again)
{
    uint8_t bytes[84];
    struct arena a = ARENA_EMPTY;
    for (uint32_t i = 0; i < 7; i++) {
        struct otapack_rcp_entry e = {i == 0 ? OTAPACK_RCP_TABLE : i - 1, sizeof(bytes), 0};
        otapack_rcp_entry_write(&e, bytes + (size_t)i * 12);
    }
    struct node *root = read_and_judge(&a, &plain, otapack_memory(bytes, sizeof(bytes)));
    assert_true(check_tree("84 bytes", &a, root, root, false) < NODES_MOST);
    arena_free(&a);
}

static void put_entry(uint8_t *to, uint8_t type, uint8_t subtype, uint32_t offset, uint32_t size,
                      const char *label)
{
    memset(to, 0, OTAPACK_PARTITION_ENTRY_SIZE);
    to[0] = 0xAA;
    to[1] = 0x50;
    to[2] = type;
    to[3] = subtype;
    otapack_put_le32(to + 4, offset);
    otapack_put_le32(to + 8, size);
    memcpy(to + 12, label, strlen(label));
}

// The smallest bootloader there is, filled up to `size` bytes.
static void put_bootloader(uint8_t *to, uint32_t size)
{
    memset(to, 0, size);
    to[0] = 0xE9;
    to[1] = 1;
    to[12] = 16;
    otapack_put_le32(to + 28, size - 48);
    to[size - 1] = 0xEF;
}

// Runs what may crash or exit in a process of its own. Returns its status, as waitpid gives it.
static int run_apart(void (*what)(const void *ctx), const void *ctx)
{
    int status = -1;
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(60);
        if (freopen("/dev/null", "w", stdout) == NULL) {
            _exit(3);
        }
        what(ctx);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void read_whole(const void *ctx)
{
    struct arena a = ARENA_EMPTY;
    (void)read_and_judge(&a, &plain, *(const struct otapack_source *)ctx);
    arena_free(&a);
}

// Flash images inside one another: each level costs 12 KiB of a file, which may have 4 GiB.
struct nested {
    uint8_t first[0x3000];
    uint64_t size;
};

static bool nested_read(void *ctx, uint64_t at, uint8_t *to, size_t n)
{
    const struct nested *nest = ctx;
    for (size_t i = 0; i < n; i++) {
        uint64_t in = (at + i) % sizeof(nest->first);
        uint64_t level = (at + i) - in;
        uint8_t size[4];
        otapack_put_le32(size, (uint32_t)(nest->size - level - sizeof(nest->first)));
        to[i] = in >= 0x2008 && in < 0x200C ? size[in - 0x2008] : nest->first[in];
    }
    return true;
}

TEST(flash_images_in_flash_images)
{
    struct nested *nest = calloc(1, sizeof(*nest));
    nest->size = 20000 * (uint64_t)sizeof(nest->first);
    memset(nest->first, 0xFF, sizeof(nest->first));
    put_bootloader(nest->first, 48);
    put_entry(nest->first + 0x2000, 0, 0x10, 0x3000, 0, "ota_0");
    struct otapack_source src = {.read = nested_read, .ctx = nest, .size = nest->size};
    int status = run_apart(read_whole, &src);
    free(nest);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

// A name is one part's, or that of an array.
static void check_names(const char *file, struct arena *a, const struct node *n)
{
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        for (const struct node *q = p->next; q != NULL; q = q->next) {
            bool array = p->index >= 0 && q->index >= 0 && p->index != q->index;
            if (strcmp(p->name, q->name) == 0 && !array) {
                broken(file, a, q, "has a name twice");
            }
        }
    }
}

// A partition may be called like anything else in the tree.
TEST(labels_like_the_names_of_parts)
{
    static const char *const labels[] = {"unused", "bootloader", "partition_table", "partitions",
                                         "a.b[0]", "trailing",   "unused_2",        "x\xFFy"};
    for (size_t i = 0; i < COUNT(labels); i++) {
        struct arena a = ARENA_EMPTY;
        uint8_t *bytes = malloc(0x5000);
        memset(bytes, 0xFF, 0x5000);
        put_bootloader(bytes, 0x2000); // no gap before the table, none behind it
        put_entry(bytes + 0x2000, 1, 0x02, 0x2C00, 0x400, labels[i]);
        put_entry(bytes + 0x2020, 1, 0x02, 0x4000, 0x400, labels[i]);
        struct node *root = read_and_judge(&a, &plain, otapack_memory(bytes, 0x5000));
        assert_string_equal(root->format, "flash");
        check_names(labels[i], &a, root);
        assert_true(check_tree(labels[i], &a, root, root, false) < NODES_MOST);
        free(bytes);
        arena_free(&a);
    }
}

// ---- JSON of everything ----

struct json_case {
    const struct read_options *options;
    struct otapack_source src;
};

static void show_as_json(const void *ctx)
{
    const struct json_case *c = ctx;
    struct arena a = ARENA_EMPTY;
    struct node *root = read_and_judge(&a, c->options, c->src);
    void *json = show_document_json.begin(&a, 1);
    show_document_json.add(json, "file", root);
    show_document_json.print(json);
    show_text(&a, "file", root, true, SHOW_MUCH);
    arena_free(&a);
}

static void show_file(struct file *f)
{
    struct json_case c = {&plain, otapack_memory(f->bytes, f->size)};
    show_as_json(&c);
}

static void show_all(const void *ctx)
{
    (void)ctx;
    (void)each_fixture(show_file);
}

static void check_json(struct file *f)
{
    struct json_case c = {&plain, otapack_memory(f->bytes, f->size)};
    int status = run_apart(show_as_json, &c);
    if (status != 0) {
        fail_msg("%s: %d", f->name, status);
    }
}

// In one process; when that fails, each by itself to see which.
TEST(every_fixture_has_json)
{
    int status = run_apart(show_all, NULL);
    if (status != 0) {
        (void)each_fixture(check_json);
    }
    assert_int_equal(status, 0);
}

// The labels of the host's table come into messages, and need not be UTF-8.
TEST(a_host_table_with_odd_labels)
{
    uint8_t table[OTAPACK_PARTITION_TABLE_SIZE];
    struct file f = {.good = true};
    (void)snprintf(f.name, sizeof(f.name), "%s/rcp_image/good-with-host.bin", FIXTURES);
    load(&f);
    memset(table, 0xFF, sizeof(table));
    put_entry(table, 0, 0x10, 0x10000, 0x10, "\xFF\xFE\xC3");
    put_entry(table + 32, 1, 0x82, 0x200000, 0x10000, "rcp_fw");
    struct otapack_source host = otapack_memory(table, sizeof(table));
    struct read_options options = {.host_table = &host};
    struct json_case c = {&options, otapack_memory(f.bytes, f.size)};
    int status = run_apart(show_as_json, &c);
    free(f.bytes);
    assert_int_equal(status, 0);
}

UNIT(tree)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_laws_hold_for_every_fixture),
        cmocka_unit_test(prefixes_break_no_law),
        cmocka_unit_test(failing_reads_break_no_law),
        cmocka_unit_test(what_is_allowed_warns),
        cmocka_unit_test(parts_that_are_the_whole_again),
        cmocka_unit_test(flash_images_in_flash_images),
        cmocka_unit_test(labels_like_the_names_of_parts),
        cmocka_unit_test(every_fixture_has_json),
        cmocka_unit_test(a_host_table_with_odd_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
