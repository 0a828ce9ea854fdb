// SPDX-License-Identifier: Apache-2.0
#include "show_verified.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "judge.h"
#include "text.h"

struct show_verified {
    json_t *files;
};

struct show_verified *show_verified_new(struct arena *a)
{
    struct show_verified *json = ARENA_NEW(a, struct show_verified);
    json->files = json_must(json_array());
    return json;
}

static void append(json_t *array, json_t *value)
{
    json_must_do(json_array_append_new(array, value));
}

static void put_text(json_t *object, struct arena *a, const char *key, const char *text)
{
    json_put(object, key, json_string(text_utf8(a, text, strlen(text))));
}

// ---- What is signed -----------------------------------------------------------------------------

static json_t *signature_json(struct arena *a, const struct trust_signature *s)
{
    json_t *object = json_must(json_object());
    const char *algorithm = node_text(s->node, "algorithm");
    const char *digest = node_text(s->node, "key_digest");
    json_put(object, "offset", json_number(s->node->src.base));
    json_put(object, "size", json_number(s->node->src.size));
    if (*algorithm != '\0') {
        put_text(object, a, "algorithm", algorithm);
    }
    if (*digest != '\0') {
        put_text(object, a, "key_digest", digest);
    }
    if (s->by != NULL) {
        put_text(object, a, "by", s->by);
    }
    json_put(object, "counts", json_boolean(s->counts));
    return object;
}

static json_t *span_json(struct arena *a, const struct coverage_span *s)
{
    json_t *object = json_must(json_object());
    json_put(object, "offset", json_number(s->at));
    json_put(object, "size", json_number(s->size));
    put_text(object, a, "part", s->part);
    if (s->kind != COVERAGE_SIGNED) {
        put_text(object, a, "what", s->what);
    }
    if (s->check != CHECK_COUNT) {
        put_text(object, a, "check", checks[s->check].id);
    }
    return object;
}

static json_t *signed_json(struct arena *a, const struct trust_answer *answer)
{
    static const char *const names[] = {
        [COVERAGE_SIGNED] = "covered", [COVERAGE_FIXED] = "fixed", [COVERAGE_NONE] = "uncovered"};
    json_t *object = json_must(json_object());
    json_t *signatures = json_must(json_array());
    put_text(object, a, "part", node_path(a, answer->part));
    json_put(object, "holds", json_boolean(answer->holds));
    for (size_t i = 0; i < answer->count; i++) {
        append(signatures, signature_json(a, &answer->signatures[i]));
    }
    json_put(object, "signatures", signatures);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        json_put(object, names[i], json_must(json_array()));
    }
    for (const struct coverage_span *s = answer->spans; s != NULL; s = s->next) {
        append(json_object_get(object, names[s->kind]), span_json(a, s));
    }
    return object;
}

// ---- A file -------------------------------------------------------------------------------------

static const char *verdict_of(const struct node *root, enum status status)
{
    size_t counts[VERDICT_COUNT] = {0};
    if (status == STATUS_OK && tree_verdict(root, counts) == VERDICT_WARN) {
        return "warn";
    }
    return status == STATUS_OK ? "pass" : status == STATUS_NO ? "fail" : "error";
}

void show_verified_add(struct show_verified *json, struct arena *a, const char *file,
                       const struct node *root, enum status status,
                       const struct trust_answer *answer, const struct err *e)
{
    if (json == NULL) {
        return;
    }
    json_t *object = json_must(json_object());
    put_text(object, a, "file", file);
    if (root != NULL) {
        json_put(object, "size", json_number(root->src.size));
    }
    json_put(object, "verdict", json_string(verdict_of(root, status)));
    if (e->text[0] != '\0') {
        put_text(object, a, "error", e->text);
    }
    if (answer != NULL && answer->part != NULL) {
        json_put(object, "signed", signed_json(a, answer));
    }
    append(json->files, object);
}

// What standard output does not take is main's to say.
void show_verified_print(struct show_verified *json)
{
    if (json == NULL) {
        return;
    }
    json_t *object = json_must(json_object());
    json_put(object, "otapack", json_integer(1));
    json_put(object, "files", json->files);
    (void)json_dumpf(object, stdout, JSON_INDENT(2));
    json_decref(object);
    (void)putchar('\n');
}
