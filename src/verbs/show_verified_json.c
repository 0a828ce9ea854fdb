// SPDX-License-Identifier: Apache-2.0
#include "show_verified.h"

#include <stdio.h>

#include "json.h"
#include "node_json.h"

// ---- What is signed -----------------------------------------------------------------------------

static json_t *signature_json(const struct trust_signature *s)
{
    json_t *object = json_must(json_object());
    const char *algorithm = node_text(s->node, "algorithm");
    const char *digest = node_text(s->node, "key_digest");
    json_put(object, "offset", json_number(s->node->src.base));
    json_put(object, "size", json_number(s->node->src.size));
    if (*algorithm != '\0') {
        json_put_text(object, "algorithm", algorithm);
    }
    if (*digest != '\0') {
        json_put_text(object, "key_digest", digest);
    }
    json_put_text(object, "by", s->by);
    json_put(object, "counts", json_boolean(s->counts));
    return object;
}

static json_t *span_json(const struct coverage_span *s)
{
    json_t *object = json_must(json_object());
    json_put(object, "offset", json_number(s->at));
    json_put(object, "size", json_number(s->size));
    json_put_text(object, "part", s->part);
    if (s->kind != COVERAGE_SIGNED) {
        json_put_text(object, "what", s->what);
    }
    if (s->check != CHECK_COUNT) {
        json_put_text(object, "check", checks[s->check].id);
    }
    return object;
}

static json_t *signed_json(struct arena *a, const struct trust_answer *answer)
{
    static const char *const names[] = {[COVERAGE_SIGNED] = "covered",
                                        [COVERAGE_SEALED] = "sealed",
                                        [COVERAGE_FIXED] = "fixed",
                                        [COVERAGE_NONE] = "uncovered"};
    json_t *object = json_must(json_object());
    json_t *signatures = json_must(json_array());
    json_put_text(object, "part", node_path(a, answer->part));
    json_put(object, "holds", json_boolean(answer->holds));
    for (size_t i = 0; i < answer->count; i++) {
        json_add(signatures, signature_json(&answer->signatures[i]));
    }
    json_put(object, "signatures", signatures);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        json_put(object, names[i], json_must(json_array()));
    }
    for (const struct coverage_span *s = answer->spans; s != NULL; s = s->next) {
        json_add(json_object_get(object, names[s->kind]), span_json(s));
    }
    return object;
}

// ---- A file -------------------------------------------------------------------------------------

static json_t *expectations_json(const struct verified_expectation *x)
{
    json_t *array = json_must(json_array());
    for (; x != NULL; x = x->next) {
        json_t *object = json_must(json_object());
        json_put_text(object, "expect", x->text);
        json_put(object, "holds", json_boolean(x->wrong == NULL));
        json_put_text(object, "message", x->wrong);
        json_add(array, object);
    }
    return array;
}

static json_t *policy_json(const struct policy_answer *p)
{
    static const char *const outcomes[] = {[POLICY_HOLDS] = "pass",
                                           [POLICY_SAYS_NO] = "fail",
                                           [POLICY_NOT_CHECKED] = "skipped",
                                           [POLICY_NOT_READ] = "error"};
    json_t *array = json_must(json_array());
    for (; p != NULL; p = p->next) {
        json_t *object = json_must(json_object());
        json_put_text(object, "rule", p->rule->id);
        json_put_text(object, "outcome", outcomes[p->outcome]);
        json_put_text(object, p->outcome >= POLICY_NOT_CHECKED ? "needs" : "message", p->text);
        json_add(array, object);
    }
    return array;
}

static json_t *file_json(struct arena *a, const struct verified *v)
{
    json_t *object = json_must(json_object());
    json_put_text(object, "file", v->file);
    if (v->root != NULL) {
        json_put(object, "size", json_number(v->root->src.size));
    }
    json_put(object, "verdict", json_string(verified_verdict(v)));
    if (*v->error != '\0') {
        json_put_text(object, "error", v->error);
    }
    if (v->expectations != NULL) {
        json_put(object, "expectations", expectations_json(v->expectations));
    }
    if (v->policy != NULL) {
        json_put(object, "policy", policy_json(v->policy));
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
