// SPDX-License-Identifier: Apache-2.0
//
// What schema.h declares: a function for each kind of keyword, and the table of them.
#include "schema.h"

#include "../unit/unit.h"

#include <math.h>
#include <regex.h>

enum { PATTERNS_MOST = 64, FAULT_MOST = 1000, PATH_MOST = 600 };

struct pattern {
    const char *text;
    regex_t regex;
};

struct schema {
    json_t *root;
    struct pattern patterns[PATTERNS_MOST];
    size_t pattern_count;
    unsigned quiet; // inside a condition, where a fault is no news
    char fault[FAULT_MOST];
};

struct schema *schema_load(const char *file)
{
    struct schema *s = calloc(1, sizeof(*s));
    json_error_t error;
    assert_non_null(s);
    s->root = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
    if (s->root == NULL) {
        fail_msg("%s: %s at line %d", file, error.text, error.line);
    }
    return s;
}

void schema_free(struct schema *s)
{
    for (size_t i = 0; i < s->pattern_count; i++) {
        regfree(&s->patterns[i].regex);
    }
    json_decref(s->root);
    free(s);
}

// A value, where it is in the document, and what the keyword next to it may want to know.
struct at {
    struct schema *s;
    const json_t *schema; // that the keyword stands in
    const json_t *value;
    const char *path;
};

static bool holds(struct schema *s, const json_t *schema, const json_t *value, const char *path);

static bool fault(const struct at *at, const char *keyword, const char *what)
{
    if (at->s->quiet == 0 && at->s->fault[0] == '\0') {
        (void)snprintf(at->s->fault, FAULT_MOST, "%s: %s: %s", at->path, keyword, what);
    }
    return false;
}

static bool quietly(const struct at *at, const json_t *schema)
{
    at->s->quiet++;
    bool good = holds(at->s, schema, at->value, at->path);
    at->s->quiet--;
    return good;
}

static bool inside(const struct at *at, const json_t *schema, const char *name, const json_t *value)
{
    char path[PATH_MOST];
    (void)snprintf(path, sizeof(path), "%s/%s", at->path, name);
    return holds(at->s, schema, value, path);
}

// ---- Keywords -----------------------------------------------------------------------------------

static bool on_ref(const struct at *at, const json_t *arg)
{
    static const char defs[] = "#/$defs/";
    const char *ref = json_string_value(arg);
    assert_true(strncmp(ref, defs, sizeof(defs) - 1) == 0);
    const json_t *def =
        json_object_get(json_object_get(at->s->root, "$defs"), ref + sizeof(defs) - 1);
    assert_non_null(def);
    return holds(at->s, def, at->value, at->path);
}

// Beyond 63 bits jansson has a number without a fraction as a real one, too.
static bool is_integer(const json_t *value)
{
    return json_is_integer(value) ||
           (json_is_real(value) && json_real_value(value) == floor(json_real_value(value)));
}

static bool is_type(const json_t *value, const char *type)
{
    static const struct {
        const char *name;
        json_type type;
    } types[] = {{"object", JSON_OBJECT},
                 {"array", JSON_ARRAY},
                 {"string", JSON_STRING},
                 {"null", JSON_NULL}};
    if (strcmp(type, "boolean") == 0) {
        return json_is_boolean(value);
    }
    if (strcmp(type, "integer") == 0) {
        return is_integer(value);
    }
    for (size_t i = 0; i < COUNT(types); i++) {
        if (strcmp(type, types[i].name) == 0) {
            return json_typeof(value) == types[i].type;
        }
    }
    fail_msg("the schema has a type %s", type);
    return false;
}

static bool on_type(const struct at *at, const json_t *arg)
{
    bool good = json_is_string(arg) && is_type(at->value, json_string_value(arg));
    for (size_t i = 0; i < json_array_size(arg); i++) {
        good = good || is_type(at->value, json_string_value(json_array_get(arg, i)));
    }
    return good || fault(at, "type", "another one");
}

static bool on_const(const struct at *at, const json_t *arg)
{
    return json_equal(arg, at->value) || fault(at, "const", "another value");
}

static bool on_enum(const struct at *at, const json_t *arg)
{
    for (size_t i = 0; i < json_array_size(arg); i++) {
        if (json_equal(json_array_get(arg, i), at->value)) {
            return true;
        }
    }
    const char *text = json_string_value(at->value);
    return fault(at, "enum", text == NULL ? "not one of these" : text);
}

static bool on_properties(const struct at *at, const json_t *arg)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)at->value, name, value)
    {
        const json_t *schema = json_object_get(arg, name);
        if (schema != NULL && !inside(at, schema, name, value)) {
            return false;
        }
    }
    return true;
}

static bool on_additional(const struct at *at, const json_t *arg)
{
    const json_t *listed = json_object_get(at->schema, "properties");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)at->value, name, value)
    {
        if (json_object_get(listed, name) != NULL) {
            continue;
        }
        if (json_is_false(arg)) {
            return fault(at, "additionalProperties", name);
        }
        if (json_is_object(arg) && !inside(at, arg, name, value)) {
            return false;
        }
    }
    return true;
}

static bool has_all(const struct at *at, const json_t *names, const char *keyword)
{
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (json_is_object(at->value) && json_object_get(at->value, name) == NULL) {
            return fault(at, keyword, name);
        }
    }
    return true;
}

static bool on_required(const struct at *at, const json_t *arg)
{
    return has_all(at, arg, "required");
}

static bool on_dependent(const struct at *at, const json_t *arg)
{
    const char *name;
    json_t *names;
    json_object_foreach((json_t *)(uintptr_t)arg, name, names)
    {
        if (json_object_get(at->value, name) != NULL && !has_all(at, names, "dependentRequired")) {
            return false;
        }
    }
    return true;
}

static bool on_items(const struct at *at, const json_t *arg)
{
    for (size_t i = 0; i < json_array_size(at->value); i++) {
        char name[24];
        (void)snprintf(name, sizeof(name), "%zu", i);
        if (!inside(at, arg, name, json_array_get(at->value, i))) {
            return false;
        }
    }
    return true;
}

static bool on_min_items(const struct at *at, const json_t *arg)
{
    return !json_is_array(at->value) ||
           (json_int_t)json_array_size(at->value) >= json_integer_value(arg) ||
           fault(at, "minItems", "too few");
}

static bool on_max_properties(const struct at *at, const json_t *arg)
{
    return !json_is_object(at->value) ||
           (json_int_t)json_object_size(at->value) <= json_integer_value(arg) ||
           fault(at, "maxProperties", "too many");
}

static bool on_minimum(const struct at *at, const json_t *arg)
{
    return !json_is_number(at->value) || json_number_value(at->value) >= json_number_value(arg) ||
           fault(at, "minimum", "too small");
}

static bool on_min_length(const struct at *at, const json_t *arg)
{
    return !json_is_string(at->value) ||
           (json_int_t)json_string_length(at->value) >= json_integer_value(arg) ||
           fault(at, "minLength", "too short");
}

static const regex_t *compiled(struct schema *s, const char *text)
{
    for (size_t i = 0; i < s->pattern_count; i++) {
        if (s->patterns[i].text == text) {
            return &s->patterns[i].regex;
        }
    }
    assert_true(s->pattern_count < PATTERNS_MOST);
    struct pattern *p = &s->patterns[s->pattern_count++];
    p->text = text;
    assert_int_equal(regcomp(&p->regex, text, REG_EXTENDED | REG_NOSUB), 0);
    return &p->regex;
}

static bool on_pattern(const struct at *at, const json_t *arg)
{
    const char *text = json_string_value(at->value);
    return text == NULL ||
           regexec(compiled(at->s, json_string_value(arg)), text, 0, NULL, 0) == 0 ||
           fault(at, "pattern", text);
}

static bool on_all_of(const struct at *at, const json_t *arg)
{
    for (size_t i = 0; i < json_array_size(arg); i++) {
        if (!holds(at->s, json_array_get(arg, i), at->value, at->path)) {
            return false;
        }
    }
    return true;
}

static size_t how_many(const struct at *at, const json_t *schemas)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(schemas); i++) {
        count += quietly(at, json_array_get(schemas, i));
    }
    return count;
}

static bool on_any_of(const struct at *at, const json_t *arg)
{
    return how_many(at, arg) > 0 || fault(at, "anyOf", "none of them");
}

static bool on_one_of(const struct at *at, const json_t *arg)
{
    return how_many(at, arg) == 1 || fault(at, "oneOf", "not just one of them");
}

static bool on_not(const struct at *at, const json_t *arg)
{
    return !quietly(at, arg) || fault(at, "not", "it is");
}

static bool on_if(const struct at *at, const json_t *arg)
{
    const json_t *then = json_object_get(at->schema, quietly(at, arg) ? "then" : "else");
    return then == NULL || holds(at->s, then, at->value, at->path);
}

static const struct keyword {
    const char *name;
    bool (*holds)(const struct at *at,
                  const json_t *arg); // NULL: says nothing of a value by itself
} keywords[] = {{"$ref", on_ref},
                {"type", on_type},
                {"const", on_const},
                {"enum", on_enum},
                {"properties", on_properties},
                {"additionalProperties", on_additional},
                {"required", on_required},
                {"dependentRequired", on_dependent},
                {"items", on_items},
                {"minItems", on_min_items},
                {"maxProperties", on_max_properties},
                {"minimum", on_minimum},
                {"minLength", on_min_length},
                {"pattern", on_pattern},
                {"allOf", on_all_of},
                {"anyOf", on_any_of},
                {"oneOf", on_one_of},
                {"not", on_not},
                {"if", on_if},
                {"then", NULL},
                {"else", NULL},
                {"$defs", NULL},
                {"$id", NULL},
                {"$schema", NULL},
                {"$comment", NULL},
                {"title", NULL},
                {"description", NULL}};

static const struct keyword *keyword(const char *name)
{
    for (size_t i = 0; i < COUNT(keywords); i++) {
        if (strcmp(keywords[i].name, name) == 0) {
            return &keywords[i];
        }
    }
    fail_msg("the schema has a keyword that is not known here: %s", name);
    return NULL;
}

static bool holds(struct schema *s, const json_t *schema, const json_t *value, const char *path)
{
    const struct at at = {s, schema, value, path};
    const char *name;
    json_t *arg;
    if (json_is_boolean(schema)) {
        return json_is_true(schema) || fault(&at, "false", "nothing may be here");
    }
    json_object_foreach((json_t *)(uintptr_t)schema, name, arg)
    {
        const struct keyword *k = keyword(name);
        if (k->holds != NULL && !k->holds(&at, arg)) {
            return false;
        }
    }
    return true;
}

const char *schema_fault(struct schema *s, const json_t *document)
{
    s->fault[0] = '\0';
    return holds(s, s->root, document, "") ? NULL : s->fault;
}
