// SPDX-License-Identifier: Apache-2.0
#include "recipe_schema.h"

#include <string.h>

#include "layer_matter_bundle.h"
#include "opt.h"

static json_t *texts(const char *const *list, size_t n)
{
    json_t *array = json_must(json_array());
    for (size_t i = 0; i < n; i++) {
        json_add(array, json_string(list[i]));
    }
    return array;
}

// How the kinds of values are written, each as types of JSON, which YAML has too. A number may be a
// text, for ${NAME} is one.
static const struct {
    const char *kind;
    const char *types[3];
} kinds[] = {
    {"number", {"integer", "string"}},
    {"size", {"integer", "string"}},
    {"text", {"string", "number"}},
    {"digest", {"string", "integer"}},
    {"file", {"string"}},
    {"folder", {"string"}},
    {"bool", {"boolean", "string"}},
    {"list", {"array"}},
    {"file or list", {"string", "array"}},
    {"choice", {"string"}},
    {"amount", {"integer", "string"}},
};

void schema_put_types(json_t *schema, const char *kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            const char *const *types = kinds[i].types;
            json_put(schema, "type", texts(types, types[1] == NULL ? 1 : 2));
        }
    }
}

// One of these words, or ${NAME}.
json_t *schema_choice(const struct opt_type *type)
{
    json_t *any = json_must(json_array());
    json_t *words = json_must(json_array());
    json_t *one = json_must(json_object());
    json_t *named = json_must(json_object());
    for (unsigned i = 0; opt_choice(type, i) != NULL; i++) {
        json_add(words, json_string(opt_choice(type, i)));
    }
    json_put(one, "enum", words);
    json_put(named, "pattern", json_string("\\$\\{"));
    json_add(any, one);
    json_add(any, named);
    return any;
}

static json_t *keys_schema(const struct recipe_key *keys);

json_t *schema_key(const struct recipe_key *key)
{
    json_t *schema = json_must(json_object());
    const char *kind = key->kind->name;
    json_put(schema, "description", json_string(key->help));
    schema_put_types(schema, kind);
    if (strcmp(kind, "map") == 0) {
        json_put(schema, "type", json_string("object"));
        json_put(schema, "additionalProperties", json_boolean(key->of == NULL));
        json_put(schema, "properties",
                 key->of == NULL ? json_must(json_object()) : keys_schema(key->of));
    } else if (strcmp(kind, "part") == 0) {
        json_put(schema, "$ref", json_string("#/definitions/part"));
    } else if (key->kind == &key_choice) {
        json_put(schema, "anyOf", schema_choice(key->of));
    } else if (key->kind == &key_bundle) {
        json_t *items = json_must(json_object());
        json_put(items, "$ref", json_string("#/definitions/image"));
        json_put(schema, "items", items);
    }
    return schema;
}

static json_t *keys_schema(const struct recipe_key *keys)
{
    json_t *properties = json_must(json_object());
    for (; keys->name != NULL; keys++) {
        json_put(properties, keys->name, schema_key(keys));
    }
    return properties;
}

static void put_layers(json_t *properties)
{
    for (size_t i = 0; i < layer_type_count; i++) {
        const struct recipe_key *key = &layer_types[i]->key;
        json_put(properties, key->name, schema_key(key));
    }
}

// A file, or layers in its place.
static json_t *part_schema(void)
{
    json_t *part = json_must(json_object());
    json_t *properties = json_must(json_object());
    static const char *const types[] = {"string", "object"};
    put_layers(properties);
    json_put(part, "type", texts(types, 2));
    json_put(part, "additionalProperties", json_false());
    json_put(part, "properties", properties);
    return part;
}

// Of a bundle: its file, or layers in its place.
static json_t *image_schema(void)
{
    json_t *image = json_must(json_object());
    json_t *properties = keys_schema(bundle_image_keys);
    static const char *const required[] = {"id"};
    put_layers(properties);
    json_put(image, "type", json_string("object"));
    json_put(image, "additionalProperties", json_false());
    json_put(image, "required", texts(required, 1));
    json_put(image, "properties", properties);
    return image;
}

json_t *schema_document(const char *name, const char *about, json_t *properties)
{
    struct arena a = ARENA_EMPTY;
    json_t *schema = json_must(json_object());
    static const char *const required[] = {"otapack"};
    json_put(schema, "$schema", json_string("http://json-schema.org/draft-07/schema#"));
    json_put(schema, "$id", json_string(arena_printf(&a, "urn:otapack:%s:1", name)));
    json_put(schema, "title", json_string(arena_printf(&a, "otapack %s", name)));
    json_put(schema, "description", json_string(about));
    json_put(schema, "type", json_string("object"));
    json_put(schema, "additionalProperties", json_false());
    json_put(schema, "required", texts(required, 1));
    json_put(schema, "properties", properties);
    arena_free(&a);
    return schema;
}

json_t *recipe_schema(void)
{
    json_t *definitions = json_must(json_object());
    json_t *properties = keys_schema(recipe_keys);
    put_layers(properties);
    json_t *schema =
        schema_document("recipe", "What otapack build takes; otapack-recipe(5)", properties);
    json_put(definitions, "part", part_schema());
    json_put(definitions, "image", image_schema());
    json_put(schema, "definitions", definitions);
    return schema;
}
