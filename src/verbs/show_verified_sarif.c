// SPDX-License-Identifier: Apache-2.0
#include "show_verified.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "text.h"

struct sarif {
    json_t *rules, *artifacts, *results;
    enum status worst;
    struct arena *arena; // of the file that is added
    const char *uri;     // its
};

static json_t *message(const char *text)
{
    json_t *object = json_must(json_object());
    json_put(object, "text", json_string(text));
    return object;
}

// A file's name as a reference of RFC 3986.
static const char *uri_of(struct arena *a, const char *file)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~/";
    char *uri = arena_alloc(a, 3 * strlen(file) + 1);
    char *to = uri;
    for (; *file != '\0'; file++) {
        if (strchr(plain, *file) != NULL) {
            *to++ = *file;
        } else {
            to += snprintf(to, 4, "%%%02X", (unsigned char)*file);
        }
    }
    return uri;
}

// ---- Rules: the checks of which a result speaks -------------------------------------------------

static const char *rule_level(const struct check *check)
{
    return check == NULL || check->severity <= SEVERITY_REJECT ? "error"
           : check->severity == SEVERITY_WARN                  ? "warning"
                                                               : "note";
}

static json_t *rule_json(const struct verified_item *item)
{
    json_t *rule = json_must(json_object());
    json_t *configuration = json_must(json_object());
    json_put(rule, "id", json_string(item->id));
    json_put(rule, "shortDescription", message(item->condition));
    if (item->remedy != NULL) {
        json_put(rule, "help", message(item->remedy));
    }
    json_put(configuration, "level", json_string(rule_level(item->check)));
    json_put(rule, "defaultConfiguration", configuration);
    return rule;
}

static size_t rule_index(json_t *rules, const struct verified_item *item)
{
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule)
    {
        if (strcmp(json_string_value(json_object_get(rule, "id")), item->id) == 0) {
            return i;
        }
    }
    json_add(rules, rule_json(item));
    return i;
}

// ---- Results: what did not pass -----------------------------------------------------------------

// Offsets in what is unpacked are none of the file's.
static bool is_in_file(const struct node *n)
{
    for (; n != NULL; n = n->parent) {
        if (n->unpacked) {
            return false;
        }
    }
    return true;
}

static json_t *location_json(const struct sarif *s, const struct node *n)
{
    json_t *location = json_must(json_object());
    json_t *physical = json_must(json_object());
    json_t *artifact = json_must(json_object());
    json_put(artifact, "uri", json_string(s->uri));
    json_put(artifact, "index", json_number(json_array_size(s->artifacts) - 1));
    json_put(physical, "artifactLocation", artifact);
    if (n != NULL && is_in_file(n)) {
        json_t *region = json_must(json_object());
        json_put(region, "byteOffset", json_number(n->src.base));
        json_put(region, "byteLength", json_number(n->src.size));
        json_put(physical, "region", region);
    }
    json_put(location, "physicalLocation", physical);
    if (n != NULL && *node_path(s->arena, n) != '\0') {
        json_t *logical = json_must(json_object());
        json_t *all = json_must(json_array());
        json_put(logical, "fullyQualifiedName", json_string(node_path(s->arena, n)));
        json_add(all, logical);
        json_put(location, "logicalLocations", all);
    }
    return location;
}

static void add_result(void *ctx, const struct verified_item *item)
{
    static const char *const levels[OUTCOME_COUNT] = {[OUTCOME_NOTE] = "note",
                                                      [OUTCOME_WARN] = "warning",
                                                      [OUTCOME_FAIL] = "error",
                                                      [OUTCOME_ERROR] = "error"};
    struct sarif *s = ctx;
    if (levels[item->outcome] == NULL) {
        return;
    }
    json_t *result = json_must(json_object());
    json_t *locations = json_must(json_array());
    json_put(result, "ruleId", json_string(item->id));
    json_put(result, "ruleIndex", json_number(rule_index(s->rules, item)));
    json_put(result, "level", json_string(levels[item->outcome]));
    json_put(result, "message", message(text_utf8(s->arena, item->text, strlen(item->text))));
    json_add(locations, location_json(s, item->node));
    json_put(result, "locations", locations);
    json_add(s->results, result);
}

// ---- The log ------------------------------------------------------------------------------------

static void begin(struct arena *a, void **state)
{
    struct sarif *s = ARENA_NEW(a, struct sarif);
    s->rules = json_must(json_array());
    s->artifacts = json_must(json_array());
    s->results = json_must(json_array());
    *state = s;
}

static void add_file(struct arena *a, void *state, const struct verified *v)
{
    struct sarif *s = state;
    json_t *artifact = json_must(json_object());
    json_t *location = json_must(json_object());
    s->arena = a;
    s->uri = uri_of(a, v->file);
    json_put(location, "uri", json_string(s->uri));
    json_put(artifact, "location", location);
    if (v->root != NULL) {
        json_put(artifact, "length", json_number(v->root->src.size));
    }
    json_add(s->artifacts, artifact);
    s->worst = v->status > s->worst ? v->status : s->worst;
    verified_each(v, a, add_result, s);
}

static json_t *tool_json(json_t *rules)
{
    json_t *tool = json_must(json_object());
    json_t *driver = json_must(json_object());
    json_put(driver, "name", json_string("otapack"));
    json_put(driver, "version", json_string(OTAPACK_VERSION));
    json_put(driver, "semanticVersion", json_string(OTAPACK_VERSION));
    json_put(driver, "rules", rules);
    json_put(tool, "driver", driver);
    return tool;
}

static json_t *run_json(const struct sarif *s)
{
    json_t *run = json_must(json_object());
    json_t *invocations = json_must(json_array());
    json_t *invocation = json_must(json_object());
    json_put(run, "tool", tool_json(s->rules));
    json_put(invocation, "executionSuccessful", json_boolean(s->worst != STATUS_CANNOT));
    json_put(invocation, "exitCode", json_integer(s->worst));
    json_add(invocations, invocation);
    json_put(run, "invocations", invocations);
    json_put(run, "artifacts", s->artifacts);
    json_put(run, "results", s->results);
    return run;
}

static void end(struct arena *a, void *state)
{
    json_t *log = json_must(json_object());
    json_t *runs = json_must(json_array());
    (void)a;
    json_add(runs, run_json(state));
    json_put(log, "$schema",
             json_string("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                         "sarif-schema-2.1.0.json"));
    json_put(log, "version", json_string("2.1.0"));
    json_put(log, "runs", runs);
    json_print(log);
}

const struct show_verified show_verified_sarif = {"sarif", begin, add_file, end};
