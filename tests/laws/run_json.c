// SPDX-License-Identifier: Apache-2.0
//
// What run.h declares for inspect --json: the document, paths in it, and what its checks say.
#include "run.h"

enum { PATH_MOST = 1024 };

static json_t *parsed; // what the last document() was

const json_t *document(void)
{
    const struct run *r = last_run();
    json_error_t error;
    json_decref(parsed);
    parsed = json_loadb(r->out, r->out_size, JSON_REJECT_DUPLICATES, &error);
    want(parsed != NULL, "this is no JSON: %s at line %d, column %d", error.text, error.line,
         error.column);
    return parsed;
}

void document_end(void)
{
    json_decref(parsed);
    parsed = NULL;
}

const json_t *tree(const char *format, ...)
{
    char line[16 * 1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof(line));
    const struct run *r = run("inspect --json %s", line);
    want(r->status <= 1, "exit status %d", r->status);
    const json_t *root = at(document(), "files[0].root");
    want(root != NULL, "there is no tree");
    return root;
}

const json_t *at(const json_t *node, const char *format, ...)
{
    char path[PATH_MOST], *rest = path;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(path, sizeof(path), format, args);
    va_end(args);
    for (char *name; node != NULL && (name = strsep(&rest, ".[")) != NULL;) {
        node = json_is_array(node) ? json_array_get(node, strtoul(name, NULL, 10))
                                   : json_object_get(node, name);
    }
    return node;
}

const char *text_at(const json_t *node, const char *path)
{
    const char *text = json_string_value(at(node, "%s", path));
    return text == NULL ? "" : text;
}

bool text_is(const json_t *node, const char *path, const char *text)
{
    return strcmp(text_at(node, path), text) == 0;
}

json_int_t number_at(const json_t *node, const char *path)
{
    const json_t *number = at(node, "%s", path);
    return json_is_integer(number) ? json_integer_value(number) : -1;
}

json_int_t field(const json_t *node, const char *name)
{
    const json_t *value = at(node, "fields.%s.value", name);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

const char *field_text(const json_t *node, const char *name)
{
    const char *text = json_string_value(at(node, "fields.%s.value", name));
    return text == NULL ? "" : text;
}

static void walk(const char *path, const json_t *node, node_fn *fn, void *ctx)
{
    const char *name;
    const json_t *part;
    fn(ctx, path, node);
    json_object_foreach((json_t *)(uintptr_t)json_object_get(node, "parts"), name, part)
    {
        char below[PATH_MOST];
        const char *dot = *path == '\0' ? "" : ".";
        size_t count = json_is_array(part) ? json_array_size(part) : 1;
        for (size_t i = 0; i < count; i++) {
            bool one = !json_is_array(part);
            (void)snprintf(below, sizeof(below), one ? "%s%s%s" : "%s%s%s[%zu]", path, dot, name,
                           i);
            walk(below, one ? part : json_array_get(part, i), fn, ctx);
        }
    }
}

void each_node(const json_t *root, node_fn *fn, void *ctx)
{
    walk("", root, fn, ctx);
}

struct checks_found {
    const char *id; // the one that is looked for, or NULL: all that have not passed
    const char *ids[256];
    size_t count;
    const char *verdict;
};

static int rank(const char *verdict)
{
    static const char *const ranks[] = {"", "pass", "note", "warn", "fail"};
    int r = COUNT(ranks) - 1;
    while (r > 0 && strcmp(verdict, ranks[r]) != 0) {
        r--;
    }
    return r;
}

static void note_checks(void *ctx, const char *path, const json_t *node)
{
    struct checks_found *f = ctx;
    (void)path;
    size_t i;
    const json_t *check;
    json_array_foreach(json_object_get(node, "checks"), i, check)
    {
        const char *id = text_at(check, "id"), *verdict = text_at(check, "verdict");
        bool known = false;
        if (f->id != NULL) {
            f->verdict =
                strcmp(id, f->id) == 0 && rank(verdict) > rank(f->verdict) ? verdict : f->verdict;
            continue;
        }
        for (size_t k = 0; k < f->count; k++) {
            known = known || strcmp(f->ids[k], id) == 0;
        }
        if (rank(verdict) > 1 && !known && f->count < COUNT(f->ids)) {
            f->ids[f->count++] = id;
        }
    }
}

static int by_alphabet(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *failing(const json_t *root)
{
    static char text[8192];
    struct checks_found f = {.verdict = ""};
    size_t said = 0;
    each_node(root, note_checks, &f);
    qsort(f.ids, f.count, sizeof(f.ids[0]), by_alphabet);
    text[0] = '\0';
    for (size_t i = 0; i < f.count; i++) {
        said +=
            (size_t)snprintf(text + said, sizeof(text) - said, "%s%s", i == 0 ? "" : " ", f.ids[i]);
    }
    return text;
}

const char *verdict_of(const json_t *root, const char *id)
{
    struct checks_found f = {.id = id, .verdict = ""};
    each_node(root, note_checks, &f);
    return f.verdict;
}

bool has_failed(const json_t *root, const char *id)
{
    return strcmp(verdict_of(root, id), "fail") == 0;
}

bool has_check(const json_t *root, const char *id)
{
    return *verdict_of(root, id) != '\0';
}
