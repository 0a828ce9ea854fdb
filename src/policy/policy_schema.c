// SPDX-License-Identifier: Apache-2.0
#include "policy_schema.h"

#include <string.h>

#include "policy.h"
#include "recipe_schema.h"

static json_t *rules_schema(const struct recipe_key *key)
{
    json_t *schema = json_must(json_object());
    json_t *properties = json_must(json_object());
    for (const struct policy_rule *rule = policy_rules; rule->key.name != NULL; rule++) {
        json_put(properties, rule->key.name, schema_key(&rule->key));
    }
    json_put(schema, "description", json_string(key->help));
    json_put(schema, "type", json_string("object"));
    json_put(schema, "additionalProperties", json_false());
    json_put(schema, "properties", properties);
    return schema;
}

// A word of those that there are; what the type only suggests may be another.
static void put_values(json_t *schema, const struct opt_type *type)
{
    bool number = strcmp(type->kind, "number") == 0;
    if (strcmp(type->kind, "choice") == 0 && type->take == NULL) {
        schema_put_types(schema, "choice");
        json_put(schema, "anyOf", schema_choice(type));
    } else {
        schema_put_types(schema, number ? "number" : "text");
    }
}

// One, or a list of them.
static json_t *repeated_schema(json_t *one)
{
    json_t *schema = json_must(json_object());
    json_t *any = json_must(json_array());
    json_t *list = json_must(json_object());
    json_put(list, "type", json_string("array"));
    json_put(list, "items", json_incref(one));
    json_add(any, one);
    json_add(any, list);
    json_put(schema, "anyOf", any);
    return schema;
}

static json_t *option_schema(const struct opt *row)
{
    struct arena a = ARENA_EMPTY;
    json_t *schema = json_must(json_object());
    char *help = arena_string(&a, row->help);
    for (char *c = help; (c = strchr(c, '\n')) != NULL;) {
        *c = ' ';
    }
    if (row->type == NULL) {
        schema_put_types(schema, "bool");
    } else {
        put_values(schema, row->type);
    }
    schema = row->repeats ? repeated_schema(schema) : schema;
    json_put(schema, "description", json_string(help));
    arena_free(&a);
    return schema;
}

json_t *policy_schema(const struct opt *const *groups)
{
    struct arena a = ARENA_EMPTY;
    json_t *properties = json_must(json_object());
    for (const struct recipe_key *key = policy_keys; key->name != NULL; key++) {
        bool rules = strcmp(key->kind->name, "rules") == 0;
        json_put(properties, key->name, rules ? rules_schema(key) : schema_key(key));
    }
    for (const struct opt *const *row = opt_rows(groups, &a); *row != NULL; row++) {
        if (policy_has_option(*row)) {
            json_put(properties, opt_key(&a, (*row)->name), option_schema(*row));
        }
    }
    json_t *schema = schema_document(
        "policy", "What otapack verify --policy takes; otapack-policy(5)", properties);
    arena_free(&a);
    return schema;
}
