// SPDX-License-Identifier: Apache-2.0
//
// JSON stays JSON whatever texts get into it: labels that are no UTF-8, a partition called like a
// part that otapack names itself, long names of missing files. (document() takes nothing but JSON
// in UTF-8 in which no object has a name twice.) What reaches a terminal is escaped.
#include "run.h"

#include "image.h"

#define COMBINED "fixtures/rcp_image/good-with-host.bin"
enum { PARTS_MOST = 64 };

static const json_t *valid(void)
{
    const json_t *doc = document();
    want(number_at(doc, "otapack") == 1, "the JSON is not of otapack");
    return doc;
}

// ---- Labels -------------------------------------------------------------------------------------

// In the host's partition table, where labels are in messages; and in a merged image, where they
// become names.
static void any_label(const char *label)
{
    struct image table;
    pt_begin(&table);
    pt_entry(&table, 0, 0x10, 0x10000, 0x1000, label);
    pt_entry(&table, 1, 0x82, 0x420000, 0xa0000, "rcp_fw");
    pt_finish(&table);
    image_save(&table, "table.bin");
    image_free(&table);
    (void)expect(1, "inspect --json " COMBINED " --partition-table table.bin");
    want(has_failed(at(valid(), "files[0].root"), "host-slot"), "host-slot did not fail");
    (void)run("inspect --json table.bin");
    (void)valid();

    pt_begin(&table);
    pt_entry(&table, 1, 2, 0x9000, 0x6000, label);
    pt_entry(&table, 0, 0, 0x10000, 0x100000, label);
    pt_finish(&table);
    merged_save(&table, "flash.bin");
    image_free(&table);
    (void)expect(0, "inspect --json flash.bin");
    (void)valid();
}

TEST(labels)
{
    static const char *const labels[] = {
        "ota\377\376",      "\303",        "a\200\200\200",      "\355\240\200",
        "\364\220\200\200", "q\"\\\b\033", "fifteen_letters\303"};
    for (size_t i = 0; i < COUNT(labels); i++) {
        any_label(labels[i]);
    }
}

// ---- Partitions called like parts of a merged image, and like each other ------------------------

struct place {
    json_int_t from, to;
};

static int by_place(const void *a, const void *b)
{
    const struct place *p = a, *q = b;
    return p->from < q->from ? -1 : p->from > q->from;
}

// Every part has its own place, and all are there.
static bool parts_tile(const json_t *root)
{
    struct place places[PARTS_MOST] = {{0, 0}};
    size_t n = 0;
    const char *name;
    json_t *part;
    json_object_foreach(json_object_get(root, "parts"), name, part)
    {
        for (size_t i = 0; i < (json_is_array(part) ? json_array_size(part) : 1); i++) {
            const json_t *one = json_is_array(part) ? json_array_get(part, i) : part;
            json_int_t from = number_at(one, "offset");
            assert_true(n < PARTS_MOST);
            places[n++] = (struct place){from, from + number_at(one, "size")};
        }
    }
    qsort(places, n, sizeof(places[0]), by_place);
    bool tile = n > 1;
    for (size_t i = 1; i < n; i++) {
        tile = tile && places[i].from == places[i - 1].to;
    }
    return tile;
}

static void count_images(void *ctx, const char *path, const json_t *node)
{
    (void)path;
    *(size_t *)ctx += strcmp(text_at(node, "format"), "esp_image") == 0;
}

static void name_of_a_part(const char *label, uint32_t place)
{
    struct image table;
    size_t images = 0;
    pt_begin(&table);
    pt_entry(&table, 1, 2, place, 0x1000, label);
    pt_entry(&table, 1, 1, 0xd000, 0x1000, label);
    pt_entry(&table, 0, 0, 0x10000, 0x100000, label);
    pt_finish(&table);
    merged_save(&table, "flash.bin");
    image_free(&table);
    (void)expect(0, "inspect --json flash.bin");
    const json_t *root = at(valid(), "files[0].root");
    want(parts_tile(root), "%s: the parts do not tile", label);
    each_node(root, count_images, &images);
    want(images == 2, "%s: bootloader or app are missing", label);
}

TEST(names_of_parts)
{
    static const char *const labels[] = {"unused",   "bootloader", "partition_table",
                                         "unused_2", "unused[0]",  "entries"};
    for (size_t i = 0; i < COUNT(labels); i++) {
        name_of_a_part(labels[i], 0x9000); // right behind the table's sector
        name_of_a_part(labels[i], 0xa000); // with unused flash between
    }
}

// ---- Names of files -----------------------------------------------------------------------------

// Missing files with long names: cut somewhere, but not amid a character.
static void long_name(const char *lead, const char *character, size_t count)
{
    char name[8000];
    size_t n = (size_t)snprintf(name, sizeof(name), "%s", lead);
    for (; count > 0; count--) {
        n += (size_t)snprintf(name + n, sizeof(name) - n, "%s", character);
    }
    (void)expect(2, "inspect --json %s", name);
    (void)valid();
    (void)expect(2, "inspect --json %s " COMBINED, name);
    (void)valid();
}

TEST(long_names)
{
    static const char *const characters[] = {"\303\251", "\342\202\254", "\360\237\223\246"};
    static const char *const leads[] = {"", "a", "ab", "abc"};
    static const size_t counts[] = {60, 250, 500, 1500};
    for (size_t i = 0; i < COUNT(characters) * COUNT(leads) * COUNT(counts); i++) {
        long_name(leads[i / 4 % 4], characters[i / 16], counts[i % 4]);
    }
}

TEST(a_name_that_is_no_utf8)
{
    struct image im = image_load(COMBINED);
    image_save(&im, "no\377name");
    image_free(&im);
    (void)expect(0, "inspect --json no\377name");
    (void)valid();
    (void)expect(2, "inspect --json no\377name.none");
    (void)valid();
}

// ---- Texts of images ----------------------------------------------------------------------------

static void save_version(const char *version)
{
    struct image im = image_load(COMBINED), app = rcp_part(&im, 5);
    esp_text(&app, AT_VERSION, version, 32);
    image_save(&app, "app.bin");
    image_free(&app);
    image_free(&im);
}

TEST(a_version_is_escaped)
{
    static const char version[] = "files[0].root.parts.desc.fields.version.value";
    save_version("a\033[31mb\tc\\\302\205");
    want(strpbrk(expect(0, "inspect app.bin")->out, "\033\205") == NULL,
         "an escape character came through");
    want(strpbrk(expect(0, "inspect app.bin --get desc.version")->out, "\033") == NULL,
         "an escape character came through --get");
    (void)expect(0, "inspect --json app.bin");
    want(*text_at(valid(), version) != '\0', "the JSON has no version");
    save_version("\377\376\200"); // no UTF-8
    (void)expect(0, "inspect --json app.bin");
    want(*text_at(valid(), version) != '\0', "the JSON has no version");
}

UNIT(texts)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels),
        cmocka_unit_test(names_of_parts),
        cmocka_unit_test(long_names),
        cmocka_unit_test(a_name_that_is_no_utf8),
        cmocka_unit_test(a_version_is_escaped),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
