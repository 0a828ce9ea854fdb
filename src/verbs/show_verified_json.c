// SPDX-License-Identifier: Apache-2.0
#include "show_verified.h"

#include <stdio.h>
#include <string.h>

#include "json.h"
#include "node_json.h"
#include "text.h"

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

static json_t *expectations_json(struct arena *a, const struct verified_expectation *x)
{
    json_t *array = json_must(json_array());
    for (; x != NULL; x = x->next) {
        json_t *object = json_must(json_object());
        put_text(object, a, "expect", x->text);
        json_put(object, "holds", json_boolean(x->wrong == NULL));
        if (x->wrong != NULL) {
            put_text(object, a, "message", x->wrong);
        }
        append(array, object);
    }
    return array;
}

static json_t *file_json(struct arena *a, const struct verified *v)
{
    json_t *object = json_must(json_object());
    put_text(object, a, "file", v->file);
    if (v->root != NULL) {
        json_put(object, "size", json_number(v->root->src.size));
    }
    json_put(object, "verdict", json_string(verified_verdict(v)));
    if (*v->error != '\0') {
        put_text(object, a, "error", v->error);
    }
    if (v->expectations != NULL) {
        json_put(object, "expectations", expectations_json(a, v->expectations));
    }
    if (v->answer != NULL && v->answer->part != NULL) {
        json_put(object, "signed", signed_json(a, v->answer));
    }
    if (v->root != NULL) {
        json_put(object, "root", node_json(v->root));
    }
    return object;
}

// ---- The document, file by file -----------------------------------------------------------------

// Prints what jansson gives, each line moved into the array.
static int put_indented(const char *text, size_t size, void *ctx)
{
    (void)ctx;
    for (size_t i = 0; i < size; i++) {
        (void)putchar(text[i]);
        if (text[i] == '\n') {
            (void)fputs("    ", stdout);
        }
    }
    return 0;
}

static void begin(struct arena *a, void **state)
{
    *state = ARENA_NEW(a, size_t); // how many files there are so far
    (void)fputs("{\n  \"otapack\": 1,\n  \"files\": [", stdout);
}

static void add_file(struct arena *a, void *state, const struct verified *v)
{
    size_t *files = state;
    json_t *object = file_json(a, v);
    (void)fputs((*files)++ == 0 ? "\n    " : ",\n    ", stdout);
    json_must_do(json_dump_callback(object, put_indented, NULL, JSON_INDENT(2)));
    json_decref(object);
}

static void end(struct arena *a, void *state)
{
    (void)a, (void)state;
    (void)fputs("\n  ]\n}\n", stdout);
}

const struct show_verified show_verified_json = {"json", begin, add_file, end};
