// SPDX-License-Identifier: Apache-2.0
#include "help_json.h"

#include <string.h>

#include "check.h"
#include "chip.h"
#include "device_log.h"
#include "format.h"
#include "json.h"
#include "layer.h"
#include "node_json.h"
#include "policy.h"
#include "scheme.h"
#include "verb_list.h"

// ---- Command lines ------------------------------------------------------------------------------

static json_t *choices_json(const struct opt_type *type)
{
    json_t *array = json_must(json_array());
    const char *choice;
    for (unsigned i = 0; (choice = opt_choice(type, i)) != NULL; i++) {
        json_add(array, json_string(choice));
    }
    return array;
}

// The help's lines are broken for --help.
static json_t *help_json(const char *help)
{
    struct arena a = ARENA_EMPTY;
    char *text = arena_string(&a, help);
    for (char *c = text; *c != '\0'; c++) {
        *c = *c == '\n' ? ' ' : *c;
    }
    json_t *value = json_must(json_string(text));
    arena_free(&a);
    return value;
}

static json_t *option_json(const struct opt *o)
{
    json_t *object = json_must(json_object());
    char letter[] = {o->letter, '\0'};
    json_put_text(object, "letter", o->letter == 0 ? NULL : letter);
    json_put(object, "name", json_string(o->name));
    json_put(object, "type", json_string(o->type == NULL ? "flag" : o->type->kind));
    if (o->type != NULL) {
        json_put(object, "value", json_string(o->type->arg));
        if (opt_choice(o->type, 0) != NULL) {
            json_put(object, "choices", choices_json(o->type));
        }
    }
    json_put(object, "repeats", json_boolean(o->repeats));
    json_put(object, "help", help_json(o->help));
    return object;
}

static json_t *options_json(const struct cmd *cmd)
{
    struct arena a = ARENA_EMPTY;
    json_t *array = json_must(json_array());
    for (const struct opt *const *row = opt_rows(cmd->opts, &a); *row != NULL; row++) {
        json_add(array, option_json(*row));
    }
    arena_free(&a);
    return array;
}

// Its command line in each of its forms, without its name.
static json_t *forms_json(const char *forms)
{
    json_t *array = json_must(json_array());
    while (*forms != '\0') {
        size_t n = strcspn(forms, "\n");
        json_add(array, json_stringn(forms, n));
        forms += n + (forms[n] == '\n');
    }
    return array;
}

static json_t *command_json(const struct cmd *cmd)
{
    json_t *object = json_must(json_object());
    json_put(object, "name", json_string(cmd->name));
    json_put_text(object, "summary", cmd->summary);
    json_put(object, "operands", forms_json(cmd->operands));
    json_put(object, "options", options_json(cmd));
    return object;
}

// Commands with those in them, as deep as their tables are.
static void put_commands(json_t *to, const char *key, const struct cmd *const *list);

static void add_command(json_t *array, const struct cmd *cmd)
{
    json_t *object = command_json(cmd);
    if (cmd->inner != NULL) {
        put_commands(object, "commands", cmd->inner);
    }
    json_add(array, object);
}

static void put_commands(json_t *to, const char *key, const struct cmd *const *list)
{
    json_t *array = json_must(json_array());
    for (; *list != NULL; list++) {
        add_command(array, *list);
    }
    json_put(to, key, array);
}

// ---- What there is ------------------------------------------------------------------------------

static json_t *named(const char *name, const char *title)
{
    json_t *object = json_must(json_object());
    json_put(object, "name", json_string(name));
    json_put_text(object, "title", title);
    return object;
}

static json_t *formats_json(void)
{
    json_t *array = json_must(json_array());
    for (size_t i = 0; i < formats.count; i++) {
        json_add(array, named(formats.list[i]->name, formats.list[i]->title));
    }
    return array;
}

static json_t *actors_json(void)
{
    json_t *array = json_must(json_array());
    for (unsigned i = 0; i < CHECK_WHO_COUNT; i++) {
        json_add(array, named(check_actors[i].name, check_actors[i].title));
    }
    return array;
}

static json_t *logs_json(const struct check *check)
{
    json_t *array = json_must(json_array());
    for (size_t i = 0; i < device_log_count; i++) {
        if (&checks[device_logs[i].check] == check) {
            json_t *object = json_must(json_object());
            json_put(object, "who", json_string(device_logs[i].who));
            json_put(object, "words", json_string(device_logs[i].words));
            json_add(array, object);
        }
    }
    return array;
}

static json_t *check_json(const struct check *check)
{
    const struct check_condition *when = &check_conditions[check->when];
    json_t *object = json_must(json_object());
    json_put(object, "id", json_string(check->id));
    json_put(object, "of", json_string(check->of));
    json_put(object, "who", who_json(check));
    json_put_text(object, "only", when->text);
    json_put_text(object, "elsewhere",
                  when->text == NULL ? NULL : check_severity_name(when->otherwise));
    json_put(object, "severity", json_string(check_severity_name(check->severity)));
    json_put(object, "allowable", json_boolean(check->allowable));
    json_put(object, "condition", json_string(check->condition));
    json_put_text(object, "follows", check->follows[0] == '\0' ? NULL : check->follows);
    json_put(object, "remedy", json_string(check->remedy));
    json_put(object, "logs", logs_json(check));
    return object;
}

static json_t *checks_json(void)
{
    json_t *array = json_must(json_array());
    for (int i = 0; i < CHECK_COUNT; i++) {
        json_add(array, check_json(&checks[i]));
    }
    return array;
}

static json_t *schemes_json(void)
{
    json_t *array = json_must(json_array());
    for (unsigned i = 0; scheme_choice(i) != NULL; i++) {
        json_add(array, json_string(scheme_choice(i)));
    }
    return array;
}

static json_t *chips_json(void)
{
    json_t *array = json_must(json_array());
    for (size_t i = 0; i < chip_count; i++) {
        json_add(array, named(chips[i].name, chips[i].title));
    }
    return array;
}

// ---- Recipes ------------------------------------------------------------------------------------

static json_t *keys_json(const struct recipe_key *keys);

static json_t *key_json(const struct recipe_key *key)
{
    json_t *object = json_must(json_object()), *choices = json_must(json_array());
    json_put(object, "name", json_string(key->name));
    json_put(object, "type", json_string(key->kind->name));
    json_put(object, "help", json_string(key->help));
    for (unsigned i = 0; key->kind == &key_choice && opt_choice(key->of, i) != NULL; i++) {
        json_add(choices, json_string(opt_choice(key->of, i)));
    }
    if (json_array_size(choices) > 0) {
        json_put(object, "choices", json_incref(choices));
    }
    json_decref(choices);
    if (key->of != NULL && strcmp(key->kind->name, "map") == 0) {
        json_put(object, "keys", keys_json(key->of));
    }
    return object;
}

static json_t *keys_json(const struct recipe_key *keys)
{
    json_t *array = json_must(json_array());
    for (; keys->name != NULL; keys++) {
        json_add(array, key_json(keys));
    }
    return array;
}

// The layers stand among the other keys of a recipe, and in place of a part's file.
static json_t *recipe_json(void)
{
    json_t *object = json_must(json_object()), *layers = json_must(json_array());
    for (size_t i = 0; i < layer_type_count; i++) {
        json_add(layers, key_json(&layer_types[i]->key));
    }
    json_put(object, "keys", keys_json(recipe_keys));
    json_put(object, "layers", layers);
    return object;
}

// Beside these, a policy has verify's options.
static json_t *policy_json(void)
{
    json_t *object = json_must(json_object()), *rules = json_must(json_array());
    for (const struct policy_rule *rule = policy_rules; rule->key.name != NULL; rule++) {
        json_t *one = key_json(&rule->key);
        json_put_text(one, "id", rule->id);
        json_add(rules, one);
    }
    json_put(object, "keys", keys_json(policy_keys));
    json_put(object, "rules", rules);
    return object;
}

void help_json_print(void)
{
    static const struct {
        const char *name;
        json_t *(*make)(void);
    } lists[] = {
        {"formats", formats_json}, {"checks", checks_json}, {"actors", actors_json},
        {"schemes", schemes_json}, {"chips", chips_json},   {"recipe", recipe_json},
        {"policy", policy_json},
    };
    json_t *object = json_must(json_object());
    json_put(object, "otapack", json_integer(1));
    json_put(object, "version", json_string(OTAPACK_VERSION));
    put_commands(object, "verbs", verbs);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        json_put(object, lists[i].name, lists[i].make());
    }
    json_print(object);
}
