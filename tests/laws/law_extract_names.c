// SPDX-License-Identifier: Apache-2.0
//
// extract never writes two parts to one name, whatever the labels of partitions are: each part's
// bytes are in a file of their own, also where capital and small letters are the same; the recipe
// names these files, and builds the same image beside them.
#include "product.h"

#include "flash.h"

#include <dirent.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { LABELS_MOST = 4, FIRST = 0x10000, STEP = 0x2000, SIZE = 0x1000, FILES_MOST = 64 };

static const char *const rows[][LABELS_MOST] = {
    {"unused-0", "unused-1", "unused-2", "unused-3"}, // what is between partitions
    {"unused-1-2", "unused-1", "UNUSED-1"},
    {"unused", "misplaced", "misplaced-0"},
    {"abc", "ABC", "Abc", "abc-2"},
    {"abc", "abc", "abc_2"},
    {"rebuilt", "REBUILT", "rebuilt-2"}, // what the recipe makes
    {"recipe", "recipe.yaml", "image", "flash_args"},
    {"con", "NUL", "com1", "lpt9"}, // devices, to some systems
    {"a/b", "a_b", "A/B", "a\\b"},
    {"..", ".", "/", "../../x"},
    {"\x01\x02", "\x7F\x80", "\t", "\n"},
    {"bootloader", "partition_table", "Bootloader"},
    {"-o", "--", "", "-"},
};

// A partition with these labels each, with bytes of its own, and gaps between them.
static void save(const char *const *labels)
{
    struct flash f = flash_new(0, 0xFF);
    struct image table;
    pt_begin(&table);
    flash_put_file(&f, 0, H2_BOOTLOADER);
    for (unsigned i = 0; i < LABELS_MOST && labels[i] != NULL; i++) {
        struct image part = image_fill((uint8_t)(i + 1), SIZE);
        pt_entry(&table, 1, 0x40 + i, FIRST + i * STEP, SIZE, labels[i]);
        flash_put(&f, FIRST + i * STEP, &part);
        image_free(&part);
        part = image_fill((uint8_t)(0x80 + i), SIZE);
        flash_put(&f, FIRST + i * STEP + SIZE, &part);
        image_free(&part);
    }
    pt_finish(&table);
    flash_put(&f, 0x8000, &table);
    flash_save(&f, "flash.bin");
    image_free(&table);
}

// How many lines of the last run name a file that no other names.
static unsigned names_said(void)
{
    static char said[8192];
    char *names[FILES_MOST], *rest = said;
    unsigned count = 0;
    (void)snprintf(said, sizeof(said), "%s", last_run()->out);
    for (char *name; (name = strsep(&rest, "\n")) != NULL && *name != '\0';) {
        for (unsigned i = 0; i < count; i++) {
            want(strcasecmp(names[i], name) != 0, "%s is written twice", name);
        }
        assert_true(count < FILES_MOST);
        names[count++] = name;
    }
    return count;
}

// Is there a file that is filled with this byte, and only one?
static void want_one_of(const char *folder, uint8_t value)
{
    DIR *d = opendir(folder);
    unsigned count = 0;
    assert_non_null(d);
    for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
        char path[600];
        (void)snprintf(path, sizeof(path), "%s/%.255s", folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            struct image im = image_load(path);
            count += im.n == SIZE && u8_at(&im, 0) == value && u8_at(&im, SIZE - 1) == value;
            image_free(&im);
        }
    }
    (void)closedir(d);
    want(count == 1, "%u files have the bytes of part 0x%02x", count, value);
}

TEST(whatever_the_labels_are)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        save(rows[i]);
        remove_all("parts");
        const struct run *r = run("extract flash.bin -o parts");
        want(r->status <= 1, "row %zu: exit status %d", i, r->status);
        want_folder("parts", names_said());
        for (unsigned k = 0; k < LABELS_MOST && rows[i][k] != NULL; k++) {
            want_one_of("parts", (uint8_t)(k + 1));
            want_one_of("parts", (uint8_t)(0x80 + k));
        }
    }
}

// `build` of the recipe, with the checks that the image fails allowed.
static const struct run *build_again(void)
{
    static char ids[2048], words[4096];
    char *rest = ids;
    (void)snprintf(ids, sizeof(ids), "%s", failing(tree("flash.bin")));
    int n = snprintf(words, sizeof(words), "build -q parts/recipe.yaml");
    for (char *id; (id = strsep(&rest, " ")) != NULL && *id != '\0';) {
        n += snprintf(words + n, sizeof(words) - (size_t)n, " --allow %s", id);
    }
    return run("%s", words);
}

TEST(the_recipe_names_them_too)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        save(rows[i]);
        remove_all("parts");
        const struct run *r = run("extract flash.bin --recipe parts");
        want(r->status <= 1, "row %zu: exit status %d", i, r->status);
        want_folder("parts", names_said());
        want_not_err("no recipe makes");
        r = build_again();
        want(r->status == 0, "row %zu: what was extracted is not built again", i);
        want_same("flash.bin", "parts/rebuilt.bin");
    }
}

// Without -o, one part has the name that it has among all.
TEST(one_part_has_the_name_that_it_has_among_all)
{
    save(rows[0]);
    remove_all("parts");
    (void)run("extract flash.bin -o parts");
    (void)expect(0, "extract flash.bin unused[1]");
    char file[64];
    (void)snprintf(file, sizeof(file), "%s", last_run()->out);
    file[strcspn(file, "\n")] = '\0';
    char path[80];
    (void)snprintf(path, sizeof(path), "parts/%s", file);
    want_same(file, path);
    remove_all(file);
}

// Nor by way of a link from one to the other.
TEST(a_link_to_another_part)
{
    save(rows[0]);
    fresh_folder("parts");
    text_file("parts/bootloader.bin", "old");
    assert_int_equal(symlink("bootloader.bin", "parts/partition_table.bin"), 0);
    (void)expect(2, "extract flash.bin -o parts");
    want_err("^otapack: parts/partition_table.bin: is a link to parts/bootloader.bin, which is ");
    want_folder("parts", 2);
    want_bytes("parts/bootloader.bin", "old", 3);
    remove_all("parts");
}

UNIT(extract_names)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_labels_are),
        cmocka_unit_test(the_recipe_names_them_too),
        cmocka_unit_test(one_part_has_the_name_that_it_has_among_all),
        cmocka_unit_test(a_link_to_another_part),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
