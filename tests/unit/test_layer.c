// SPDX-License-Identifier: Apache-2.0
//
// layer.h: what every type of layer has, and what one may do with what is inside it: take its
// place, or stand before it, wherever it lies.
#include "unit.h"

#include "layer_image.h"
#include "matter_field.h"

#define APP FIXTURES "/esp_image/good-app-esp32.bin"

TEST(every_type_is_whole)
{
    for (size_t i = 0; i < layer_type_count; i++) {
        const struct layer_type *type = layer_types[i];
        assert_non_null(type->key.name);
        assert_true(type->key.help[0] != '\0' && type->key.kind->name[0] != '\0');
        assert_true(type->size > 0 && type->place < PLACE_COUNT);
        assert_non_null(type->compose);
        assert_int_equal(type->key.kind == &key_map, type->key.of != NULL);
        const struct recipe_key *key = type->key.of;
        for (; key != NULL && key->name != NULL; key++) {
            assert_true(key->help[0] != '\0' && key->kind->name[0] != '\0' && key->at < type->size);
        }
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(layer_types[k]->key.name, type->key.name);
        }
    }
}

// The header's fields are listed where they are judged, and where they are written.
TEST(matter_has_the_fields_of_its_header)
{
    const struct recipe_key *key = layer_matter.key.of;
    for (const char *const *name = matter_field_names; *name != NULL; name++, key++) {
        assert_string_equal(key->name, *name);
    }
    assert_string_equal(key->name, layer_matter.own); // what is inside, where it is a bundle
    assert_null(key[1].name);
}

// All bytes the other way round, and one before them: a layer that is in no list.
static bool compose_turned(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                           struct err *e)
{
    uint64_t from = l->size;
    if (!compose_layer(layer->inner, recipe, l, e)) {
        return false;
    }
    size_t n = (size_t)(l->size - from);
    struct otapack_source src = pieces_source(l);
    uint8_t *bytes = arena_alloc(l->arena, n);
    uint8_t *turned = arena_alloc(l->arena, n);
    assert_int_equal(otapack_read(&src, from, bytes, n, "").code, OTAPACK_OK);
    for (size_t i = 0; i < n; i++) {
        turned[i] = bytes[n - 1 - i];
    }
    pieces_cut(l, from);
    pieces_add_bytes(l, NULL, turned, n);
    pieces_insert(l, from, (const uint8_t *)"<", 1);
    return true;
}

static const struct layer_type layer_turned = {.place = PLACE_ENCRYPT, .compose = compose_turned};

static const char *text_of(struct pieces *l, uint64_t from)
{
    struct otapack_source src = pieces_source(l);
    char *text = arena_alloc(l->arena, (size_t)(src.size - from) + 1);
    assert_int_equal(otapack_read(&src, from, (uint8_t *)text, (size_t)(src.size - from), "").code,
                     OTAPACK_OK);
    return text;
}

TEST(a_layer_takes_the_place_of_what_is_inside)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct pieces l = PIECES_EMPTY(&a);
    struct recipe inside = {0}, recipe = {0};
    struct recipe_image file = {.part.file = FIXTURES "/rcp_build/rcp_version"}, image = {0};
    recipe_add(&inside, &a, (struct layer){.type = &layer_image, .is = &file});
    recipe_add(&inside, &a, (struct layer){.type = &layer_turned});
    assert_true(compose(&inside, &l, &e));
    const char *once = text_of(&l, 0);
    assert_int_equal(once[0], '<');

    // In its turn the content of a part, with its like around, and behind what others laid out.
    image.part.content = inside.layers;
    recipe_add(&recipe, &a, (struct layer){.type = &layer_image, .is = &image});
    recipe_add(&recipe, &a, (struct layer){.type = &layer_turned});
    struct pieces behind = PIECES_EMPTY(&a);
    pieces_add_bytes(&behind, NULL, (const uint8_t *)"before", 6);
    assert_true(compose(&recipe, &behind, &e));
    size_t n = strlen(once);
    const char *twice = text_of(&behind, 0);
    assert_memory_equal(twice, "before<", 7);
    assert_int_equal(strlen(twice), 7 + n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(twice[7 + i], once[n - 1 - i]);
    }
    pieces_close(&l);
    pieces_close(&behind);
    arena_free(&a);
}

// A Matter header stands before its own payload, whose digest it has.
TEST(a_header_behind_other_bytes)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct matter_values values = {0};
    static const char *const fields[][2] = {{"vendor_id", "1"},
                                            {"product_id", "2"},
                                            {"software_version", "3"},
                                            {"software_version_string", "3"},
                                            {"image_digest_type", "sha256"}};
    for (size_t i = 0; i < COUNT(fields); i++) {
        assert_true(matter_set(&values, fields[i][0], fields[i][1], "", &e));
    }
    struct recipe recipe = {0};
    struct recipe_image image = {.part.file = APP};
    recipe_add(&recipe, &a, (struct layer){.type = &layer_image, .is = &image});
    recipe_add(&recipe, &a, (struct layer){.type = &layer_matter, .is = &values});
    struct pieces alone = PIECES_EMPTY(&a), behind = PIECES_EMPTY(&a);
    pieces_add_bytes(&behind, NULL, (const uint8_t *)"before", 6);
    assert_true(compose(&recipe, &alone, &e) && compose(&recipe, &behind, &e));
    assert_int_equal(behind.size, 6 + alone.size);
    assert_memory_equal(text_of(&behind, 6), text_of(&alone, 0), (size_t)alone.size);
    pieces_close(&alone);
    pieces_close(&behind);
    arena_free(&a);
}

UNIT(layer)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_is_whole),
        cmocka_unit_test(matter_has_the_fields_of_its_header),
        cmocka_unit_test(a_layer_takes_the_place_of_what_is_inside),
        cmocka_unit_test(a_header_behind_other_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
