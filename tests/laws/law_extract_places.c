// SPDX-License-Identifier: Apache-2.0
//
// Where extract writes: what an unset variable of a script leaves is no name, what is called like
// standard output no folder, and what a partitions.csv was read with is said in its recipe.
#include "product.h"

#include <string.h>

#define RCP "fixtures/rcp_image/good-with-host.bin"

static void refused(const char *const *words, const char *line)
{
    want(run_words(words)->status == 2, "exit status %d", last_run()->status);
    want_err(line);
    want_one_line();
    want_no_out();
}

TEST(no_name_is_empty)
{
    static const char *const rows[][7] = {
        {"^otapack: extract is given an empty word; ", "extract", ""},
        {"^otapack: extract is given an empty word; ", "extract", RCP, ""},
        {"^otapack: --recipe is empty; give it a value$", "extract", RCP, "--recipe", ""},
        {"^otapack: --recipe is empty; give it a value$", "extract", RCP, "--recipe="},
        {"^otapack: --output is empty; give it a value$", "extract", RCP, "-o", ""},
        {"^otapack: --output is empty; give it a value$", "extract", RCP, "host", "-o", ""},
        {"^otapack: build is given an empty word; ", "build", ""},
        {"^otapack: verify is given an empty word; ", "verify", RCP, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        refused(&rows[i][1], rows[i][0]);
    }
}

TEST(no_folder_is_standard_output)
{
    static const char *const rows[][5] = {{"extract", RCP, "-o", "-"},
                                          {"extract", RCP, "--recipe", "-"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        refused(
            rows[i],
            "^otapack: --(output|recipe) - is standard output, and all parts go into a folder; ");
        want_no_file("-");
    }
    struct image im = image_load(RCP);
    run_pipe(im.p, im.n, 0);
    (void)expect(0, "extract -");
    want_folder("image.parts", 6);
    remove_all("image.parts");
    image_free(&im);
}

TEST(a_slash_behind_is_no_name)
{
    (void)expect(0, "extract " RCP " --recipe parts/");
    want_out("^parts/recipe\\.yaml$");
    (void)expect(0, "build parts/recipe.yaml");
    want_same(RCP, "parts/rebuilt.bin");
    remove_all("parts");
}

// Read by itself, this file is refused: words for subtypes are the project's own.
TEST(what_a_csv_is_read_with)
{
    text_file("own.csv", "nvs, data, nvs, , 0x4000\nmine, app, mine, 0x20000, 1M\n"
                         "conf, data, conf, , 4K\n");
    (void)expect(1, "extract own.csv --recipe parts");
    want_not_err("recipe");
    remove_all("parts");
    (void)expect(0, "extract own.csv --recipe parts --csv offset=0x10000 "
                    "--csv extra-partition-subtypes=app,mine,0x40 "
                    "--csv extra-partition-subtypes=data,conf,0x55 "
                    "--csv primary-bootloader-offset=0x2000");
    struct image recipe = image_load("parts/recipe.yaml");
    image_append(&recipe, "", 1);
    want(strstr((const char *)recipe.p, "partition_csv:\n  offset: 0x10000\n"
                                        "  primary_bootloader_offset: 0x2000\n"
                                        "  extra_partition_subtypes:\n    - 'app,mine,0x40'\n"
                                        "    - 'data,conf,0x55'\nimage: ") != NULL,
         "%s", (const char *)recipe.p);
    image_free(&recipe);
    (void)expect(0, "build parts/recipe.yaml");
    want_same("own.csv", "parts/rebuilt.bin");
    remove_all("parts");
}

UNIT(extract_places)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_name_is_empty),
        cmocka_unit_test(no_folder_is_standard_output),
        cmocka_unit_test(a_slash_behind_is_no_name),
        cmocka_unit_test(what_a_csv_is_read_with),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
