// SPDX-License-Identifier: Apache-2.0
//
// What a recipe may have at most: the last that is taken, and the first that is refused with the
// limit in its words. Without limits, a few KiB of text would take minutes, or gigabytes.
#include "unit.h"

#include <unistd.h>

#include "layer.h"
#include "recipe_expand.h"
#include "recipe_set.h"

static const char *no_words[] = {NULL};

// "BEFORE" and then, `count` times, what `each` makes of a number.
static char *text_of(struct arena *a, const char *before, const char *each, unsigned count)
{
    size_t n = strlen(before), room = n + count * (strlen(each) + 8) + 8;
    char *text = arena_alloc(a, room);
    memcpy(text, before, n);
    for (unsigned i = 0; i < count; i++) {
        n += (size_t)snprintf(text + n, room - n, "%s%05u", each, i);
    }
    return text;
}

static void want_yaml(const char *before, const char *each, const char *after, unsigned count,
                      const char *refusal)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    const char *text = arena_printf(&a, "%s%s", text_of(&a, before, each, count), after);
    bool good = yaml_read("r.yaml", text, &a, &e) != NULL;
    assert_int_equal(good, refusal == NULL);
    if (refusal != NULL) {
        assert_non_null(strstr(e.text, refusal));
        assert_int_equal(e.status, STATUS_CANNOT);
    }
    arena_free(&a);
}

TEST(keys_of_a_map)
{
    want_yaml("{a: 1", ", k", "}", MAP_KEYS_MOST - 1, NULL);
    want_yaml("{a: 1", ", k", "}", MAP_KEYS_MOST, "a map has at most 64 keys");
    want_yaml("{a: 1", ", k", "}", 40000, "a map has at most 64 keys");
    want_yaml("a: {b: {c: 1", ", k", "}}", 40000, "a map has at most 64 keys");
}

TEST(values_of_a_recipe)
{
    want_yaml("[a", ", ", "]", VALUES_MOST - 2, NULL); // the list, and its first item
    want_yaml("[a", ", ", "]", VALUES_MOST - 1, "there are more than 4096 values");
    want_yaml("[[a]", ", ", "]", 60000, "there are more than 4096 values");
    want_yaml("[a", ", [[]], [], ", "]", 10000, "there are more than 4096 values");
}

TEST(directives)
{
    const char *most = "more than 16 lines begin with %";
    want_yaml("%TAG !t", "! x:\n%TAG !t", "! x:\n---\na", 15, NULL);
    want_yaml("%TAG !t", "! x:\n%TAG !t", "! x:\n---\na", 16, most);
    want_yaml("%TAG !t", "! x:\r%TAG !t", "! x:\r---\ra", 10000, most);
    want_yaml("%TAG !t", "! x:\xC2\x85%TAG !t", "! x:\n---\na", 10000, most);
    want_yaml("%TAG !t", "! x:\xE2\x80\xA8%TAG !t", "! x:\n---\na", 10000, most);
    want_yaml("a", "\n# 5 %", "", 10000, NULL);
}

TEST(keys_of_set)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct value *top = yaml_read("r.yaml", "{a: 1}", &a, &e);
    for (unsigned i = 1; i < MAP_KEYS_MOST; i++) {
        assert_true(recipe_set(top, arena_printf(&a, "k%u=1", i), &a, &e));
    }
    assert_true(recipe_set(top, "k1=again", &a, &e));
    assert_false(recipe_set(top, "more=1", &a, &e));
    assert_non_null(strstr(e.text, "--set more: a map has at most 64 keys"));
    e = ERR_NONE;
    assert_false(recipe_set(top, "other.more=1", &a, &e));
    assert_non_null(strstr(e.text, "--set other.more: a map has at most 64 keys"));
    arena_free(&a);
}

// How many of these go through, one recipe's uses in texts of 64 each.
static unsigned expand_all(const char *define, unsigned count, struct arena *a, struct err *e)
{
    const char *defines[] = {define, NULL};
    struct recipe recipe = {.file = "r.yaml"};
    struct schema s = {.recipe = &recipe, .defines = defines, .arena = a, .e = e};
    unsigned done = 0;
    while (done < count && recipe_expand(&s, "here", "x${A}y", EXPAND_TEXT) != NULL) {
        done++;
    }
    return done;
}

TEST(uses_of_a_recipe)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    assert_int_equal(expand_all("A=", 4096, &a, &e), 4096);
    assert_int_equal(expand_all("A=", 5000, &a, &e), 4096);
    assert_non_null(strstr(e.text, "here: a recipe has at most 4096 ${...}"));
    arena_free(&a);
}

TEST(bytes_that_uses_bring)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    char *define = arena_alloc(&a, 0x10000 + 3);
    memset(define, 'v', 0x10000 + 2);
    memcpy(define, "A=", 2);
    assert_int_equal(expand_all(define, 16, &a, &e), 16);
    assert_int_equal(expand_all(define, 17, &a, &e), 16);
    assert_non_null(strstr(e.text, "at most 1048576 bytes in all"));
    arena_free(&a);
}

// The text of many uses is not copied again for each of them: twice what it becomes, and the names.
TEST(a_text_grows_at_its_end)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    const char *defines[] = {"A=0123456789abcdef", NULL};
    struct recipe recipe = {.file = "r.yaml"};
    struct schema s = {.recipe = &recipe, .defines = defines, .arena = &a, .e = &e};
    char *text = arena_alloc(&a, 4096 * 4 + 1);
    for (size_t i = 0; i < 4096; i++) {
        memcpy(text + 4 * i, "${A}", 4);
    }
    const char *out = recipe_expand(&s, "here", text, EXPAND_TEXT);
    assert_non_null(out);
    assert_int_equal(strlen(out), 4096 * 16);
    assert_true(arena_size(&a) < 1 << 19);
    arena_free(&a);
}

// An input is read for the first of its values; for the others it need not even be there.
TEST(an_input_is_read_once)
{
    char name[] = "/tmp/otapack-recipe-limits.XXXXXX";
    int fd = mkstemp(name);
    FILE *from = fopen(FIXTURES "/esp_image/good-app-esp32.bin", "rb");
    uint8_t bytes[8192];
    assert_true(fd >= 0 && from != NULL);
    for (size_t n; (n = fread(bytes, 1, sizeof(bytes), from)) > 0;) {
        assert_int_equal(write(fd, bytes, n), n);
    }
    (void)fclose(from);
    (void)close(fd);
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct recipe_part app = {.file = name};
    struct recipe recipe = {.file = "r.yaml"};
    recipe_add(&recipe, &a, (struct layer){.type = &layer_app, .is = &app});
    struct schema s = {.recipe = &recipe, .defines = no_words, .arena = &a, .e = &e};
    assert_non_null(recipe_expand(&s, "here", "${app.chip}", EXPAND_TEXT));
    assert_int_equal(unlink(name), 0);
    const char *again = recipe_expand(&s, "here", "${app.chip} ${app.desc.version}", EXPAND_TEXT);
    assert_non_null(again);
    assert_memory_equal(again, "esp32 ", 6);
    arena_free(&a);
}

UNIT(recipe_limits)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_a_map),
        cmocka_unit_test(values_of_a_recipe),
        cmocka_unit_test(directives),
        cmocka_unit_test(keys_of_set),
        cmocka_unit_test(uses_of_a_recipe),
        cmocka_unit_test(bytes_that_uses_bring),
        cmocka_unit_test(a_text_grows_at_its_end),
        cmocka_unit_test(an_input_is_read_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
