// SPDX-License-Identifier: Apache-2.0
#include "node_json.h"

#include "judge.h"
#include "need.h"

json_t *field_value(const struct field *f)
{
    switch (f->kind) {
    case FIELD_BOOL:
        return json_boolean(f->number != 0);
    case FIELD_STRING:
    case FIELD_BYTES:
        return json_string(f->text);
    case FIELD_UINT:
    case FIELD_HEX:
    case FIELD_ENUM:
    case FIELD_REVISION:
        break;
    }
    // What is beyond jansson's integers is said exactly in "text".
    return f->number > INT64_MAX ? json_real((double)f->number) : json_number(f->number);
}

static json_t *field_json(const struct field *f)
{
    json_t *object = json_must(json_object());
    json_put(object, "value", field_value(f));
    if (f->kind == FIELD_HEX || f->kind == FIELD_ENUM || f->kind == FIELD_REVISION ||
        f->number > INT64_MAX) {
        json_put(object, "text", json_string(f->text));
    }
    if (f->has_span) {
        json_put(object, "offset", json_number(f->at));
        json_put(object, "size", json_number(f->size));
    }
    return object;
}

json_t *who_json(const struct check *check)
{
    json_t *who = json_must(json_array());
    for (unsigned i = 0; i < CHECK_WHO_COUNT; i++) {
        if ((check->who >> i & 1) != 0) {
            json_add(who, json_string(check_actors[i].name));
        }
    }
    return who;
}

static json_t *finding_json(const struct finding *f)
{
    const struct check *check = &checks[f->check];
    json_t *object = json_must(json_object());
    json_put(object, "id", json_string(check->id));
    json_put(object, "severity", json_string(check_severity_name(check->severity)));
    json_put(object, "who", who_json(check));
    json_put_text(object, "when", check_conditions[check->when].text);
    json_put(object, "verdict", json_string(verdict_name(f->verdict)));
    json_put(object, "message", json_string(f->message));
    if (f->verdict != VERDICT_PASS) {
        json_put(object, "remedy", json_string(check->remedy));
    }
    return object;
}

// Parts with an index are elements of an array under their common name.
static json_t *parts_json(const struct node *n)
{
    json_t *object = json_must(json_object());
    for (const struct node *part = n->parts; part != NULL; part = part->next) {
        if (part->index < 0) {
            json_put(object, part->name, node_json(part));
            continue;
        }
        json_t *array = json_object_get(object, part->name);
        if (array == NULL) {
            array = json_must(json_array());
            json_put(object, part->name, array);
        }
        json_add(array, node_json(part));
    }
    return object;
}

static json_t *needs_json(unsigned bits)
{
    json_t *needs = json_must(json_array());
    for (unsigned i = 0; i < NEED_BITS; i++) {
        if ((bits >> i & 1) != 0) {
            json_add(needs, json_string(need_option(1U << i)));
        }
    }
    return needs;
}

static json_t *unmade_json(const struct node *n)
{
    json_t *array = json_must(json_array());
    for (const struct unmade *u = n->unmade; u != NULL; u = u->next) {
        if (!need_is_told(u->needs)) {
            continue;
        }
        json_t *object = json_must(json_object());
        json_put(object, "id", json_string(checks[u->check].id));
        json_put(object, "needs", needs_json(u->needs));
        json_add(array, object);
    }
    return array;
}

json_t *node_json(const struct node *n)
{
    json_t *object = json_must(json_object());
    json_t *fields = json_must(json_object());
    json_t *findings = json_must(json_array());
    json_put(object, "format", json_string(n->format));
    json_put(object, "offset", json_number(n->src.base));
    json_put(object, "size", json_number(n->src.size));
    if (n->unpacked) {
        json_put(object, "unpacked", json_true());
    }
    if (n->overlay) {
        json_put(object, "overlay", json_true());
    }
    if (n->needs != 0) {
        json_put(object, "needs", needs_json(n->needs));
    }
    json_put_text(object, "summary", n->summary);
    json_put_text(object, "error", n->error);
    for (const struct field *f = n->fields; f != NULL; f = f->next) {
        json_put(fields, f->name, field_json(f));
    }
    for (const struct finding *f = n->findings; f != NULL; f = f->next) {
        json_add(findings, finding_json(f));
    }
    json_put(object, "fields", fields);
    json_put(object, "checks", findings);
    json_t *unmade = unmade_json(n);
    if (json_array_size(unmade) > 0) {
        json_put(object, "not_checked", unmade);
    } else {
        json_decref(unmade);
    }
    json_put(object, "parts", parts_json(n));
    return object;
}
