// SPDX-License-Identifier: Apache-2.0
//
// What is read of a file grows as the file does: a container opens none of its own kind, nothing in
// a container is unpacked, and what is unpacked of one file is at most 16 MiB, all of it together.
#include "unit.h"

#define ZLIB_CONST // its inputs are const
#include <otapack/rcp_image.h>
#include <zlib.h>

#include "format_list.h"

static const struct read_options plain;
static const size_t mib = 1 << 20;

struct blob {
    uint8_t *p;
    size_t n;
};

static struct blob blob_of(int value, size_t n)
{
    struct blob b = {malloc(n + 1), n};
    assert_non_null(b.p);
    memset(b.p, value, n);
    return b;
}

// The same in a gzip file, in its place. What zlib makes fastest will do.
static void pack(struct blob *b)
{
    z_stream z = {.next_in = b->p, .avail_in = (uInt)b->n};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    struct blob packed = blob_of(0, deflateBound(&z, (uLong)b->n));
    z.next_out = packed.p;
    z.avail_out = (uInt)packed.n;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    packed.n = z.total_out;
    (void)deflateEnd(&z);
    free(b->p);
    *b = packed;
}

// Behind it as many more of these bytes.
static void follow(struct blob *b, int value, size_t n)
{
    struct blob longer = blob_of(value, b->n + n);
    memcpy(longer.p, b->p, b->n);
    free(b->p);
    *b = longer;
}

static struct node *read_blob(struct arena *a, const struct blob *b)
{
    return read_and_judge(a, &plain, otapack_memory(b->p, b->n));
}

static const struct node *content_of(const struct node *n)
{
    const struct node *content = node_find(n, "content", -1);
    assert_non_null(content);
    return content;
}

// ---- Containers ---------------------------------------------------------------------------------

// From the innermost on: what lies in what. Those of one rank do not hold each other.
static const struct rank {
    const struct format *format;
    int rank;
} containers[] = {{&format_rcp_image, 1},
                  {&format_flash, 2},
                  {&format_esp8266_flash, 2},
                  {&format_delta, 3},
                  {&format_esp_encrypted_img, 4},
                  {&format_matter_bundle, 5},
                  {&format_matter, 6},
                  {&format_zigbee, 6},
                  {&format_uf2, 7},
                  {&format_intel_hex, 7}};

// What is only ever sent by itself.
static const struct format *const alone[] = {&format_gzip, &format_zlib, &format_esp8266_signed};

// Whatever a format asks for, and however it is called: what has no place in a container is closed.
TEST(what_a_container_leaves_closed)
{
    static uint8_t bytes[64];
    size_t closed = 0, expected = COUNT(alone) * COUNT(containers);
    for (size_t i = 0; i < formats.count * formats.count; i++) {
        const struct format *around = formats.list[i / formats.count],
                            *in = formats.list[i % formats.count];
        struct arena a = ARENA_EMPTY;
        struct reader r = {.arena = &a, .options = &plain, .container = around};
        struct node *root = node_root(&a, otapack_memory(bytes, sizeof(bytes)));
        if (around->container > 0 && (in->outermost || in->container >= around->container)) {
            struct node *n = read_part(&r, root, "part", -1, 0, sizeof(bytes), in);
            assert_string_equal(n->format, "raw");
            assert_non_null(strstr(n->summary, ", which "));
            closed++;
        }
        arena_free(&a);
    }
    for (size_t i = 0; i < COUNT(containers) * COUNT(containers); i++) {
        expected +=
            containers[i / COUNT(containers)].rank <= containers[i % COUNT(containers)].rank;
    }
    assert_int_equal(closed, expected);
}

TEST(which_formats_hold_others)
{
    size_t holding = 0, outermost = 0;
    for (size_t i = 0; i < formats.count; i++) {
        holding += formats.list[i]->container > 0;
        outermost += formats.list[i]->outermost;
    }
    assert_int_equal(holding, COUNT(containers));
    assert_int_equal(outermost, COUNT(alone));
    for (size_t i = 0; i < COUNT(alone); i++) {
        assert_true(alone[i]->outermost);
    }
    for (size_t i = 0; i < COUNT(containers) * COUNT(containers); i++) {
        const struct rank *a = &containers[i / COUNT(containers)],
                          *b = &containers[i % COUNT(containers)];
        assert_int_equal(a->format->container < b->format->container, a->rank < b->rank);
    }
}

static void put_entry(uint8_t *to, uint32_t tag, size_t size, size_t at)
{
    otapack_put_le32(to, tag);
    otapack_put_le32(to + 4, (uint32_t)size);
    otapack_put_le32(to + 8, (uint32_t)at);
}

// A combined image whose bootloader, firmware and host are these bytes.
static struct blob combine(const struct blob *part)
{
    static const uint32_t tags[] = {OTAPACK_RCP_BOOTLOADER, OTAPACK_RCP_FIRMWARE, OTAPACK_RCP_HOST};
    const size_t table = 12 * (1 + COUNT(tags));
    struct blob b = blob_of(0, table + COUNT(tags) * part->n);
    put_entry(b.p, OTAPACK_RCP_TABLE, table, 0);
    for (size_t i = 0; i < COUNT(tags); i++) {
        size_t at = table + i * part->n;
        put_entry(b.p + 12 * (i + 1), tags[i], part->n, at);
        memcpy(b.p + at, part->p, part->n);
    }
    return b;
}

static void assert_closed(const struct node *n, const char *kind, const char *why)
{
    char summary[200];
    (void)snprintf(summary, sizeof(summary), "%s, %s", kind, why);
    assert_non_null(n);
    assert_string_equal(n->format, "raw");
    assert_string_equal(node_text(n, "kind"), kind);
    assert_string_equal(n->summary, summary);
    assert_null(n->parts);
}

TEST(what_is_packed_in_a_combined_image)
{
    struct arena a = ARENA_EMPTY;
    struct blob packed = blob_of(0, mib);
    pack(&packed);
    struct blob b = combine(&packed);
    const struct node *root = read_blob(&a, &b);
    assert_closed(node_find(root, "bootloader", -1), "gzip",
                  "which nobody unpacks or verifies in here");
    assert_closed(node_find(root, "host", -1), "gzip", "which nobody unpacks or verifies in here");
    assert_non_null(finding_against(node_find(root, "host", -1), CHECK_SLOT_CONTENT));
    assert_true(arena_size(&a) < mib / 2);
    arena_free(&a);
    free(packed.p);
    free(b.p);
}

// Each level in all parts: ever more of them, and of their JSON, for the same bytes.
TEST(combined_images_in_combined_images)
{
    struct arena a = ARENA_EMPTY;
    struct blob b = blob_of('x', 8);
    for (int level = 0; level < 6; level++) {
        struct blob outer = combine(&b);
        free(b.p);
        b = outer;
    }
    const struct node *root = read_blob(&a, &b);
    const struct node *host = node_find(root, "host", -1);
    assert_closed(host, "RCP combined image", "which is not opened inside another one");
    assert_non_null(finding_against(host, CHECK_SLOT_CONTENT));
    assert_true(arena_size(&a) < mib / 8);
    arena_free(&a);
    free(b.p);
}

// A flash image is larger: in a combined image nobody looks into one.
TEST(flash_images_in_a_combined_image)
{
    struct arena a = ARENA_EMPTY;
    struct blob merged = blob_of(0, 66048);
    FILE *in = fopen(FIXTURES "/flash/good-merged-esp32.bin", "rb");
    assert_non_null(in);
    assert_int_equal(fread(merged.p, 1, merged.n, in), merged.n);
    (void)fclose(in);
    struct blob b = combine(&merged);
    const struct node *root = read_blob(&a, &b);
    const struct node *host = node_find(root, "host", -1);
    assert_closed(host, "merged flash image", "which is not opened inside another one");
    assert_non_null(finding_against(host, CHECK_SLOT_CONTENT));
    arena_free(&a);
    free(merged.p);
    free(b.p);
}

// Of an ESP8266's flash: a program in each sector.
TEST(programs_in_a_flash_image)
{
    enum { SECTOR = 4096, PROGRAM = 160, MOST = 16 };
    for (size_t count = MOST; count <= MOST + 1; count++) {
        struct arena a = ARENA_EMPTY;
        struct blob b = blob_of(0xFF, (count + 1) * SECTOR);
        FILE *in = fopen(FIXTURES "/esp8266/good-v1.bin", "rb");
        assert_non_null(in);
        assert_int_equal(fread(b.p, 1, PROGRAM, in), PROGRAM);
        (void)fclose(in);
        for (size_t i = 1; i <= count; i++) {
            memcpy(b.p + i * SECTOR, b.p, PROGRAM);
        }
        const struct node *root = read_blob(&a, &b);
        const struct node *data = node_find(root, "data", -1);
        assert_string_equal(root->format, "esp8266_flash");
        assert_non_null(node_find(root, "apps", MOST - 1));
        assert_null(node_find(root, "apps", MOST));
        assert_int_equal(data == NULL, count == MOST);
        assert_true(data == NULL || strstr(data->summary, "not opened, behind 16 ") != NULL);
        arena_free(&a);
        free(b.p);
    }
}

// ---- What is unpacked
// -----------------------------------------------------------------------------

// A gzip file in a gzip file: both count, and the second is refused where they are more together.
static void try_both(size_t outer, size_t inner, const char *fault)
{
    struct arena a = ARENA_EMPTY;
    struct blob b = blob_of(0, inner);
    pack(&b);
    follow(&b, 0, outer - b.n);
    pack(&b);
    const struct node *root = read_blob(&a, &b);
    assert_string_equal(root->format, "gzip");
    const struct node *content = content_of(root);
    assert_string_equal(content->format, "gzip");
    assert_int_equal(content->error == NULL, fault == NULL);
    if (fault != NULL) {
        assert_non_null(strstr(content->error, fault));
        assert_non_null(finding_against(content, CHECK_GZIP_DATA));
        assert_null(node_find(content, "content", -1));
    }
    assert_true(arena_size(&a) < UNPACKED_MOST + mib);
    arena_free(&a);
    free(b.p);
}

TEST(what_is_unpacked_of_one_file)
{
    try_both(8 * mib, 8 * mib, NULL);
    try_both(8 * mib, 8 * mib + 1, "all else that is unpacked of this file, are more than 16 MiB");
    try_both(UNPACKED_MOST, 1, "all else that is unpacked of this file, are more than 16 MiB");
}

// What cannot be unpacked to its end has cost as much as what can.
TEST(what_was_tried_counts)
{
    enum { COPIES = 8 };
    struct arena a = ARENA_EMPTY;
    struct blob b = blob_of(0, 4 * mib);
    pack(&b);
    const size_t cut = b.n - 64;
    struct blob all = blob_of(0, COPIES * cut);
    struct read_left left = {.unpacked = UNPACKED_MOST};
    struct reader r = {.arena = &a, .options = &plain, .left = &left};
    struct node *root = node_root(&a, otapack_memory(all.p, all.n));
    root->format = format_raw.name;
    for (int i = 0; i < COPIES; i++) {
        memcpy(all.p + (size_t)i * cut, b.p, cut);
        (void)read_part(&r, root, "part", i, (size_t)i * cut, cut, &format_gzip);
    }
    assert_true(left.unpacked < 4 * mib);
    assert_true(arena_size(&a) < mib);
    arena_free(&a);
    free(all.p);
    free(b.p);
}

static unsigned count_nodes(const struct node *n)
{
    unsigned count = 1;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count += count_nodes(part);
    }
    return count;
}

// Whole partition tables, one a sector behind an ESP8266's bootloader: few bytes when packed.
static struct blob many_tables(size_t count)
{
    struct blob b = blob_of(0xFF, 8192 + count * 4096);
    FILE *in = fopen(FIXTURES "/esp8266/good-rboot.bin", "rb");
    assert_non_null(in);
    assert_int_equal(fread(b.p, 1, 8192, in), 8192);
    (void)fclose(in);
    for (size_t i = 0; i < count; i++) {
        uint8_t *table = b.p + 8192 + i * 4096;
        for (size_t row = 0; row < 95; row++) {
            memset(table + row * 32, 0, 32);
            otapack_put_le32(table + row * 32, 0x020150AA);
            otapack_put_le32(table + row * 32 + 4, 0x9000 + (uint32_t)row * 4096);
            otapack_put_le32(table + row * 32 + 8, 4096);
            table[row * 32 + 12] = (uint8_t)('A' + row % 26);
        }
    }
    return b;
}

// What is unpacked has a limit of its own for how much there is to show, and says where it is: what
// nobody has looked at does not pass.
TEST(how_much_is_shown_of_what_is_unpacked)
{
    struct arena a = ARENA_EMPTY;
    struct blob b = many_tables(12);
    assert_true(count_nodes(read_blob(&a, &b)) > 12 * 95);
    pack(&b);
    const struct node *n = read_blob(&a, &b);
    assert_true(count_nodes(n) < 400);
    const struct node *closed = node_find(content_of(n), "tables", 9);
    assert_non_null(closed);
    assert_closed(closed, "partition table", "not opened, behind 128 parts of what is unpacked");
    assert_non_null(finding_against(n, CHECK_GZIP_CONTENT));
    arena_free(&a);
    free(b.p);
}

static unsigned count_verified(const struct node *n, unsigned *blocks)
{
    const struct finding *f = n->findings;
    while (f != NULL && f->check != CHECK_SIG_KEY) {
        f = f->next;
    }
    unsigned count = f != NULL;
    *blocks += node_is(n, &format_secure_boot);
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        count += count_verified(part, blocks);
    }
    return count;
}

static const struct node *last_signature(const struct node *n)
{
    const struct node *last = node_is(n, &format_secure_boot) ? n : NULL;
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        const struct node *inner = last_signature(part);
        last = inner == NULL ? last : inner;
    }
    return last;
}

// 6 KB for 5 ms each: a few MB of them would take seconds.
TEST(how_many_signatures_are_verified)
{
    enum { APP = 8192, APPS = 40, AT = 0x9000 };
    struct arena a = ARENA_EMPTY;
    struct blob b = blob_of(0xFF, AT + APPS * APP);
    FILE *in = fopen(FIXTURES "/esp_image/good-bootloader-esp32.bin", "rb");
    assert_non_null(in);
    assert_true(fread(b.p + 0x1000, 1, 0x7000, in) > 0);
    (void)fclose(in);
    in = fopen(FIXTURES "/secure_boot/good-rsa3072-x3.bin", "rb");
    assert_non_null(in);
    assert_int_equal(fread(b.p + AT, 1, APP, in), APP);
    (void)fclose(in);
    for (uint32_t i = 0; i < APPS; i++) {
        uint8_t *row = b.p + 0x8000 + i * 32;
        memset(row, 0, 32);
        otapack_put_le32(row, 0x100050AA);
        otapack_put_le32(row + 4, AT + i * APP);
        otapack_put_le32(row + 8, APP);
        row[12] = (uint8_t)('A' + i % 26);
        row[13] = (uint8_t)('0' + i / 26);
        memmove(b.p + AT + i * APP, b.p + AT, APP);
    }
    unsigned blocks = 0;
    const struct node *root = read_blob(&a, &b);
    assert_int_equal(count_verified(root, &blocks), SIGNATURES_MOST);
    assert_int_equal(blocks, 3 * APPS);
    const struct finding *f = finding_against(last_signature(root), CHECK_SIG_SIGNATURE);
    assert_non_null(f);
    assert_non_null(strstr(f->message, "behind the 64 signatures of a file that are verified"));
    assert_int_equal(f->verdict, VERDICT_FAIL);
    arena_free(&a);
    free(b.p);
}

TEST(how_deep_a_file_is_read)
{
    struct arena a = ARENA_EMPTY;
    struct blob b = blob_of('x', 100);
    for (int level = 0; level < 20; level++) {
        pack(&b);
    }
    const struct node *n = read_blob(&a, &b);
    int depth = 0;
    while (strcmp(n->format, "gzip") == 0) {
        n = content_of(n);
        depth++;
    }
    assert_int_equal(depth, 8);
    assert_closed(n, "gzip", "nested too deeply to be read");
    assert_non_null(finding_against(n->parent, CHECK_GZIP_CONTENT));
    arena_free(&a);
    free(b.p);
}

UNIT(nesting)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_container_leaves_closed),
        cmocka_unit_test(which_formats_hold_others),
        cmocka_unit_test(what_is_packed_in_a_combined_image),
        cmocka_unit_test(combined_images_in_combined_images),
        cmocka_unit_test(flash_images_in_a_combined_image),
        cmocka_unit_test(programs_in_a_flash_image),
        cmocka_unit_test(what_is_unpacked_of_one_file),
        cmocka_unit_test(what_was_tried_counts),
        cmocka_unit_test(how_much_is_shown_of_what_is_unpacked),
        cmocka_unit_test(how_many_signatures_are_verified),
        cmocka_unit_test(how_deep_a_file_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
