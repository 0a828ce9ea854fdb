// SPDX-License-Identifier: Apache-2.0
//
// yaml_tree.h, recipe.h and recipe_expand.h: positions of values and of errors, keys given twice,
// aliases, depth, the schema, --set, -D and ${...}.
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "layer_image.h"
#include "layer_rcp.h"
#include "recipe_expand.h"
#include "yaml_tree.h"

static char folder[] = "/tmp/otapack-unit.XXXXXX";

static const char *in_folder(struct arena *a, const char *name)
{
    return arena_printf(a, "%s/%s", folder, name);
}

static void write_file(const char *name, const void *bytes, size_t n)
{
    struct arena a = ARENA_EMPTY;
    FILE *f = fopen(in_folder(&a, name), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    arena_free(&a);
}

static int set_up(void **state __attribute__((unused)))
{
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static void remove_folder(void)
{
    static const char *const names[] = {"r.yaml", "app.bin", "b.bin", "t.bin",
                                        "f.bin",  "v",       "args"};
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(names); i++) {
        (void)unlink(in_folder(&a, names[i]));
    }
    (void)rmdir(in_folder(&a, "build"));
    (void)rmdir(folder);
    arena_free(&a);
}

// ---- YAML ----

static struct value *yaml(struct arena *a, const char *text, struct err *e)
{
    *e = ERR_NONE;
    return yaml_read("r.yaml", text, a, e);
}

TEST(values_know_where_they_stand)
{
    struct arena a = ARENA_EMPTY;
    struct err e;
    struct value *top = yaml(&a, "# first\nkey: value\nlist:\n  - one\n  -   {a: b}\n", &e);
    assert_non_null(top);
    assert_int_equal(top->kind, VALUE_MAP);
    const struct value *v = value_find(top, "key");
    assert_string_equal(v->where, "r.yaml:2:6");
    assert_string_equal(v->key_where, "r.yaml:2:1");
    assert_string_equal(v->text, "value");
    v = value_find(top, "list");
    assert_int_equal(v->kind, VALUE_LIST);
    assert_string_equal(v->items->where, "r.yaml:4:5");
    assert_null(v->items->key);
    const struct value *map = v->items->next;
    assert_int_equal(map->kind, VALUE_MAP);
    assert_string_equal(map->where, "r.yaml:5:7");
    assert_string_equal(map->items->where, "r.yaml:5:11");
    assert_string_equal(map->items->key, "a");
    assert_null(map->next);
    assert_null(value_find(top, "zebra"));
    arena_free(&a);
}

TEST(all_scalars_are_text)
{
    static const char *const rows[][2] = {
        {"a: 1", "1"},
        {"a: true", "true"},
        {"a: 0x10", "0x10"},
        {"a: ~", "~"},
        {"a: 'it''s'", "it's"},
        {"a: \"\\n\"", "\n"},
        {"a:", ""},
        {"a: ''", ""},
        {"a: |\n  two\n  lines\n", "two\nlines\n"},
        {"a: >-\n  two\n  lines\n", "two lines"},
        {"a: \xC3\xA4", "\xC3\xA4"},
        {"\xEF\xBB\xBF"
         "a: b",
         "b"},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e;
        const struct value *top = yaml(&a, rows[i][0], &e);
        assert_non_null(top);
        assert_int_equal(value_find(top, "a")->kind, VALUE_TEXT);
        assert_string_equal(value_find(top, "a")->text, rows[i][1]);
    }
    arena_free(&a);
}

TEST(what_recipes_refuse_of_yaml)
{
    static const char *const rows[][2] = {
        {"", "r.yaml: "},
        {"# only a comment\n", "r.yaml: "},
        {"a: 1\nb: 2\na: 3\n", "r.yaml:3:1: a is given twice"},
        {"a: {b: 1, b: 2}\n", "r.yaml:1:11: b is given twice"},
        {"a: &x 1\nb: *x\n", "r.yaml:2:4: "},
        {"a: &x {b: 1}\nc:\n  <<: *x\n", "r.yaml:3:7: "},
        {"? [a]\n: b\n", "r.yaml:1:3: a key must be a word"},
        {"? {a: b}\n: c\n", "r.yaml:1:3: a key must be a word"},
        {"a: 1\n---\nb: 2\n", "r.yaml:2:1: a second document"},
        {"a: [1\n", "r.yaml:"},
        {"a: 'b\n", "r.yaml:"},
        {"a: b: c\n", "r.yaml:1:5: "},
        {"\ta: b\n", "r.yaml:1:1: "},
        {"a: \"\\0\"\n", "r.yaml:1:4: has a NUL"},
        {"a: \x01\n", "r.yaml:"},
        {"a: \xFF\n", "r.yaml:"},
        {"a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
         "r.yaml:1:43: is nested too deeply"},
    };
    struct arena a = ARENA_EMPTY;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct err e;
        if (yaml(&a, rows[i][0], &e) != NULL ||
            strncmp(e.text, rows[i][1], strlen(rows[i][1])) != 0) {
            print_error("%s gives: %s\n", rows[i][0], e.text);
            fail();
        }
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_null(strchr(e.text, '\n'));
    }
    arena_free(&a);
}

// A NUL in a key must not make it look like another key.
TEST(a_nul_in_a_key)
{
    struct arena a = ARENA_EMPTY;
    struct err e;
    assert_null(yaml(&a, "\"otapack\\0x\": 1\n", &e));
    assert_non_null(strstr(e.text, "NUL"));
    arena_free(&a);
}

TEST(depth_is_bounded)
{
    struct arena a = ARENA_EMPTY;
    for (size_t depth = 1; depth < 2000; depth = depth * 3 / 2 + 1) {
        struct err e;
        char *text = arena_alloc(&a, 2 * depth + 1);
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        const struct value *v = yaml(&a, text, &e);
        assert_int_equal(v != NULL, depth <= 40);
    }
    arena_free(&a);
}

TEST(values_of_set_stand_where_it_says)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    const struct value *v = yaml_read_value("--set a", "[x, {b: y}]", &a, &e);
    assert_non_null(v);
    assert_string_equal(v->where, "--set a");
    assert_string_equal(v->items->next->items->where, "--set a");
    assert_null(yaml_read_value("--set a", "[x", &a, &e));
    assert_memory_equal(e.text, "--set a: ", 9);
    arena_free(&a);
}

// ---- The schema ----

static const char *no_words[] = {NULL};

static bool read_recipe(struct arena *a, const char *text, const char **defines, const char **sets,
                        struct recipe *out, struct err *e)
{
    struct recipe_words words = {defines, sets};
    *e = ERR_NONE;
    write_file("r.yaml", text, strlen(text));
    bool good = recipe_read("r.yaml", &words, a, out, e);
    assert_int_equal(good, e->status == STATUS_OK);
    return good;
}

static void make_inputs(void)
{
    static const char *const names[] = {"app.bin", "b.bin", "t.bin", "f.bin", "v", "args"};
    for (size_t i = 0; i < COUNT(names); i++) {
        write_file(names[i], names[i], strlen(names[i]));
    }
    (void)mkdir("build", 0777);
}

TEST(good_recipes)
{
    static const char *const rows[] = {
        "otapack: 1\napp: app.bin\n",
        "otapack: 1\nimage: app.bin\noutput: out.bin\n",
        "otapack: 1\napp: app.bin\nrcp: {build_dir: build}\n",
        "otapack: 1\nrcp: {build_dir: build, version: v}\n",
        ("otapack: 1\nrcp: {version: v, flash_args: args, bootloader: b.bin,\n"
         "  partition_table: t.bin, firmware: f.bin}\n"),
        ("otapack: 1\nrcp:\n  version: v\n  bootloader: b.bin\n  partition_table: t.bin\n"
         "  firmware: f.bin\n  flash_args:\n  - firmware: 0x10000\n  - bootloader: 0\n"),
        "otapack: 1\nflash: {parts: [{0x0: b.bin}, {0x8000: t.bin}]}\n",
        "otapack: 1\nflash: {size: 0x400000, parts: [0x0: b.bin]}\n",
        "otapack: 1\nimage: app.bin\nallow: [esp-no-hash]\nexpect: ['a.b = c']\n",
        "otapack: 1\nimage: app.bin\nallow: []\nexpect: []\n",
        "otapack: 1\nimage: app.bin\npartition_table: t.bin\n",
        "otapack: \"1\"\nimage: 'app.bin'\n",
    };
    make_inputs();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = ARENA_EMPTY;
        struct recipe recipe;
        struct err e;
        if (!read_recipe(&a, rows[i], no_words, no_words, &recipe, &e)) {
            print_error("%s: %s\n", rows[i], e.text);
            fail();
        }
        arena_free(&a);
    }
}

TEST(bad_recipes)
{
    static const char *const rows[][2] = {
        {"image: app.bin\n", "r.yaml: the key otapack is missing"},
        {"otapack: 2\nimage: app.bin\n", "r.yaml:1:10: recipe version '2'"},
        {"otapack: 1.0\nimage: app.bin\n", "r.yaml:1:10: "},
        {"otapack: [1]\nimage: app.bin\n", "r.yaml:1:10: otapack must be a value"},
        {"- a\n", "r.yaml:1:1: a recipe is a map"},
        {"text\n", "r.yaml:1:1: a recipe is a map"},
        {"otapack: 1\n", "r.yaml"},
        {"otapack: 1\nimgae: app.bin\n", "r.yaml:2:1: there is no key 'imgae' here; did you mean "
                                         "'image'?"},
        {"otapack: 1\nimage: app.bin\napp: app.bin\n", "r.yaml"},
        {"otapack: 1\nimage: zebra.bin\n", "r.yaml:2:8: image: zebra.bin: cannot open"},
        {"otapack: 1\nimage: build\n", "r.yaml:2:8: image: build: is a folder"},
        {"otapack: 1\nimage: ''\n", "r.yaml:2:8: image is empty"},
        {"otapack: 1\nimage:\n", "r.yaml:2:"},
        {"otapack: 1\nimage: {a: b}\n", "r.yaml:2:8: image must be a value, but is a map"},
        {"otapack: 1\nrcp: build\n", "r.yaml:2:6: rcp must be a map of keys, but is a value"},
        {"otapack: 1\nrcp: {build_dir: app.bin}\n",
         "r.yaml:2:18: build_dir: app.bin: is no folder"},
        {"otapack: 1\nrcp: {version: v}\n", "r.yaml:2:6: rcp has no flash_args"},
        {"otapack: 1\nrcp: {build_dir: build, firmwar: x}\n",
         "r.yaml:2:25: there is no key 'firmwar' here; did you mean 'firmware'?"},
        {"otapack: 1\nrcp: {build_dir: build, flash_args: []}\n",
         "r.yaml:2:37: flash_args is empty"},
        {"otapack: 1\nrcp: {build_dir: build, flash_args: [{host: 0}]}\n",
         "r.yaml:2:39: 'host' is no part that is flashed"},
        {"otapack: 1\nrcp: {build_dir: build, flash_args: [{firmware: x}]}\n", "r.yaml:2:49: 'x'"},
        {"otapack: 1\nrcp: {build_dir: build, flash_args: [{firmware: 4294967296}]}\n",
         "r.yaml:2:49: 4294967296 is above 0xffffffff; give a lower number"},
        {"otapack: 1\nrcp: {build_dir: build, flash_args: [firmware]}\n", "r.yaml:2:38: write one"},
        {"otapack: 1\nrcp: {build_dir: build, flash_args: [{firmware: 0, bootloader: 1}]}\n",
         "r.yaml:2:38: write one pair"},
        {"otapack: 1\nflash: {size: 1}\n", "r.yaml:2:8: flash has no parts"},
        {"otapack: 1\nflash: {parts: []}\n", "r.yaml:2:8: flash has no parts"},
        {"otapack: 1\nflash: {size: -1, parts: [{0: b.bin}]}\n", "r.yaml:2:15: '-1'"},
        {"otapack: 1\nflash: {parts: [{0x: b.bin}]}\n", "r.yaml:2:18: '0x'"},
        {"otapack: 1\nflash: {parts: [{0: zebra}]}\n", "r.yaml:2:"},
        {"otapack: 1\nimage: app.bin\nallow: esp-no-hash\n", "r.yaml:3:8: allow must be a list"},
        {"otapack: 1\nimage: app.bin\nexpect: ['a ==']\n", "r.yaml:3:10: 'a =='"},
        {"otapack: 1\nimage: app.bin\nexpect: [{a: b}]\n", "r.yaml:3:10: "},
        {"otapack: 1\nimage: ${ZEBRA_NOT_SET}\n", "r.yaml:2:8: ${ZEBRA_NOT_SET} is not defined"},
        {"otapack: 1\nimage: ${\n", "r.yaml:2:8: ${ without a name"},
        {"otapack: 1\nimage: ${}\n", "r.yaml:2:8: ${ without a name"},
        {"otapack: 1\noutput: ${app.desc.version}\nimage: app.bin\n", "r.yaml:2:9: "},
    };
    make_inputs();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = ARENA_EMPTY;
        struct recipe recipe;
        struct err e;
        bool good = read_recipe(&a, rows[i][0], no_words, no_words, &recipe, &e);
        if (good || e.status != STATUS_CANNOT ||
            strncmp(e.text, rows[i][1], strlen(rows[i][1])) != 0) {
            print_error("%sgives %d: %s\n", rows[i][0], good, e.text);
            fail();
        }
        arena_free(&a);
    }
}

TEST(what_set_changes)
{
    const char *sets[] = {"rcp.build_dir=build",
                          "output=a=b",
                          "rcp.flash_args=[{firmware: 0x20000}]",
                          "app=app.bin",
                          "expect=[a = b]",
                          "output=last.bin",
                          NULL};
    struct arena a = ARENA_EMPTY;
    struct recipe recipe;
    struct err e;
    make_inputs();
    assert_true(read_recipe(&a, "otapack: 1\noutput: x\nrcp:\n  version: v\n", no_words, sets,
                            &recipe, &e));
    assert_string_equal(recipe.output, "last.bin");
    assert_ptr_equal(recipe.layers->type, &layer_rcp);
    const struct recipe_rcp *rcp = recipe.layers->is;
    assert_string_equal(layer_part_name(recipe.layers->inner->is), "app.bin");
    assert_string_equal(rcp->build_dir, "build");
    assert_string_equal(rcp->version.file, "v");
    assert_null(rcp->flash_args);
    assert_int_equal(rcp->records->address, 0x20000);
    assert_string_equal(rcp->firmware.file, "build/esp_ot_rcp.bin");
    assert_string_equal(recipe.expect->text, "a = b");
    arena_free(&a);
}

TEST(set_in_the_middle_and_at_the_end)
{
    static const char text[] = "otapack: 1\nimage: b.bin\noutput: o\nallow: []\n";
    static const char *const sets[] = {"image=app.bin", "output=app.bin", "otapack=1", "allow=[]",
                                       "expect=[]"};
    make_inputs();
    for (size_t i = 0; i < COUNT(sets); i++) {
        for (size_t k = 0; k < COUNT(sets); k++) {
            const char *both[] = {sets[i], sets[k], NULL};
            struct arena a = ARENA_EMPTY;
            struct recipe recipe;
            struct err e;
            assert_true(read_recipe(&a, text, no_words, both, &recipe, &e));
            assert_string_equal(layer_name(recipe.layers), i == 0 || k == 0 ? "app.bin" : "b.bin");
            assert_string_equal(recipe.output, i == 1 || k == 1 ? "app.bin" : "o");
            arena_free(&a);
        }
    }
}

TEST(what_set_cannot_change)
{
    static const char *const rows[][2] = {
        {"x", "--set x: write KEY=VALUE"},
        {"=x", "--set =x: write KEY=VALUE"},
        {"image=", "--set image"},
        {"zebra=1", "--set zebra: there is no key 'zebra'"},
        {"image.x=1", "--set image.x: "},
        {"imag=app.bin", "--set imag: there is no key 'imag' here; did you mean 'image'?"},
        {"image=[a", "--set image: is no YAML"},
        {"image={a: b}", "--set image: image must be a value"},
        {"image=zebra.bin", "--set image: image: zebra.bin: cannot open"},
        {".image=x", "--set .image: "},
        {"rcp.=x", "--set rcp.: "},
        {"image=&a x", NULL},
    };
    make_inputs();
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *sets[] = {rows[i][0], NULL};
        struct arena a = ARENA_EMPTY;
        struct recipe recipe;
        struct err e;
        assert_false(read_recipe(&a, "otapack: 1\nimage: app.bin\n", no_words, sets, &recipe, &e));
        if (rows[i][1] != NULL && strncmp(e.text, rows[i][1], strlen(rows[i][1])) != 0) {
            print_error("--set %s: %s\n", rows[i][0], e.text);
            fail();
        }
        assert_int_equal(e.status, STATUS_CANNOT);
        arena_free(&a);
    }
}

static const char *expanded(struct recipe *recipe, const char **defines, const char *text,
                            struct arena *a, struct err *e)
{
    struct schema s = {.recipe = recipe, .defines = defines, .arena = a, .e = e};
    return recipe_expand(&s, "here", text, EXPAND_PATH);
}

TEST(words_are_expanded)
{
    static const struct {
        const char *text, *out;
    } rows[] = {
        {"plain", "plain"},
        {"", ""},
        {"${A}", "one"},
        {"x${A}y${B}z", "xoneytwoz"},
        {"${A}${A}", "oneone"},
        {"${EMPTY}", ""},
        {"$A", "$A"},
        {"$", "$"},
        {"a}b", "a}b"},
        {"$${A}", "${A}"},
        {"$${A}${A}", "${A}one"},
        {"${TWICE}", "second"},
        {"${EQ}", "a=b"},
        {"${NESTED}", "${A}"}, // what comes out is not looked at again
        {"${UNIT_FROM_ENV}", "env"},
        {"$x${A}", "$xone"},
    };
    const char *defines[] = {"A=one",  "B=two",       "EMPTY=", "TWICE=first", "TWICE=second",
                             "EQ=a=b", "NESTED=${A}", "AA=no",  NULL};
    struct recipe recipe = {.file = "r.yaml"};
    assert_int_equal(setenv("UNIT_FROM_ENV", "env", 1), 0);
    assert_int_equal(setenv("A", "from the environment", 1), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = ARENA_EMPTY;
        struct err e = ERR_NONE;
        const char *out = expanded(&recipe, defines, rows[i].text, &a, &e);
        assert_non_null(out);
        assert_string_equal(out, rows[i].out);
        arena_free(&a);
    }
}

TEST(words_that_cannot_be_expanded)
{
    static const char *const rows[] = {
        "${",        "${}",         "${A",          "x${NOT_SET_AT_ALL}",
        "${ A }",    "${app.chip}", "${host.chip}", "${rcp.firmware}",
        "${image.}", "${.}",        "${A B}"};
    struct recipe recipe = {.file = "r.yaml"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = ARENA_EMPTY;
        struct err e = ERR_NONE;
        assert_null(expanded(&recipe, no_words, rows[i], &a, &e));
        assert_int_equal(e.status, STATUS_CANNOT);
        assert_memory_equal(e.text, "here: ", 6);
        arena_free(&a);
    }
}

TEST(values_out_of_inputs)
{
    struct recipe_part app = {.file = FIXTURES "/esp_image/good-app-esp32.bin"};
    struct recipe_rcp rcp = {.firmware.file = FIXTURES "/esp_image/good-app-esp32h2.bin"};
    struct recipe recipe = {.file = "r.yaml"};
    struct arena a = ARENA_EMPTY;
    recipe_add(&recipe, &a, (struct layer){.type = &layer_app, .is = &app});
    recipe_add(&recipe, &a, (struct layer){.type = &layer_rcp, .is = &rcp});
    struct err e = ERR_NONE;
    assert_string_equal(expanded(&recipe, no_words, "${app.chip}-${rcp.firmware.chip}", &a, &e),
                        "esp32-esp32h2");
    assert_null(expanded(&recipe, no_words, "${app.desc}", &a, &e));
    assert_non_null(strstr(e.text, "a part, not a value"));
    assert_null(expanded(&recipe, no_words, "${app.desc.versoin}", &a, &e));
    assert_non_null(strstr(e.text, "did you mean 'version'"));
    assert_null(expanded(&recipe, no_words, "${image.chip}", &a, &e));
    assert_null(expanded(&recipe, no_words, "${rcp.bootloader.chip}", &a, &e));
    arena_free(&a);
}

UNIT(recipe)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_know_where_they_stand),
        cmocka_unit_test(all_scalars_are_text),
        cmocka_unit_test(what_recipes_refuse_of_yaml),
        cmocka_unit_test(a_nul_in_a_key),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(values_of_set_stand_where_it_says),
        cmocka_unit_test(good_recipes),
        cmocka_unit_test(bad_recipes),
        cmocka_unit_test(what_set_changes),
        cmocka_unit_test(set_in_the_middle_and_at_the_end),
        cmocka_unit_test(what_set_cannot_change),
        cmocka_unit_test(words_are_expanded),
        cmocka_unit_test(words_that_cannot_be_expanded),
        cmocka_unit_test(values_out_of_inputs),
    };
    (void)atexit(remove_folder);
    return cmocka_run_group_tests(tests, set_up, NULL);
}
