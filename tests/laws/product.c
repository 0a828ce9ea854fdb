// SPDX-License-Identifier: Apache-2.0
//
// What product.h declares, on top of run.h.
#include "product.h"

#include "../unit/scratch.h"

enum { REGEX_ROOM = 2048 };

// ---- What was said ------------------------------------------------------------------------------

void want_out(const char *regex)
{
    want(says(last_run()->out, regex), "stdout has no line like: %s", regex);
}

void want_err(const char *regex)
{
    want(says(last_run()->err, regex), "stderr has no line like: %s", regex);
}

void want_not_err(const char *regex)
{
    want(!says(last_run()->err, regex), "stderr has a line like: %s", regex);
}

void want_no_findings(void)
{
    want_not_err("warning:|\\[[a-z0-9]+(-[a-z0-9]+)+\\]$");
}

void want_no_out(void)
{
    want(last_run()->out_size == 0, "stdout should be empty");
}

void want_no_err(void)
{
    want(last_run()->err_size == 0, "stderr should be empty");
}

void want_out_is(const char *text)
{
    const struct run *r = last_run();
    size_t n = strlen(text);
    size_t newline = r->out_size > 0 && r->out[r->out_size - 1] == '\n';
    want(r->out_size - newline == n && memcmp(r->out, text, n) == 0, "stdout should be: %s", text);
}

void want_one_line(void)
{
    const char *err = last_run()->err, *end = strchr(err, '\n');
    want(end != NULL && end == err + last_run()->err_size - 1, "stderr should be exactly one line");
    want(strncmp(err, "otapack: ", 9) == 0 && end > err + 9, "it should begin with: otapack: ");
}

// Calls this with each line of standard error.
typedef void line_fn(void *ctx, const char *line);

static void each_line(line_fn *fn, void *ctx)
{
    char *copy = strdup(last_run()->err), *rest = copy;
    assert_non_null(copy);
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (*line != '\0') {
            fn(ctx, line);
        }
    }
    free(copy);
}

struct counted {
    const char *regex;
    unsigned count;
};

static void count_line(void *ctx, const char *line)
{
    struct counted *c = ctx;
    c->count += says(line, c->regex);
}

unsigned err_lines(const char *regex)
{
    struct counted c = {regex, 0};
    each_line(count_line, &c);
    return c.count;
}

void want_only_check(const char *id)
{
    char this[REGEX_ROOM];
    (void)snprintf(this, sizeof(this), "\\[%s\\]$", id);
    unsigned all = err_lines("\\[[a-z0-9]+(-[a-z0-9]+)+\\]$");
    unsigned warnings = err_lines("^otapack: .*: warning: .*\\[[a-z0-9]+(-[a-z0-9]+)+\\]$");
    unsigned these = err_lines(this);
    (void)snprintf(this, sizeof(this), "^otapack: .*: warning: .*\\[%s\\]$", id);
    these -= err_lines(this);
    want(these > 0 && all - warnings == these, "not [%s] alone failed", id);
}

void want_get(const char *file, const char *path, const char *text)
{
    expect(0, "inspect %s --get %s", file, path);
    want_out_is(text);
    want_no_err();
}

const char *keys_of(const json_t *object)
{
    static char text[REGEX_ROOM];
    const char *name;
    json_t *value, *copy = json_deep_copy(object); // one that may be walked
    size_t said = 0;
    text[0] = '\0';
    json_object_foreach(copy, name, value)
    {
        said +=
            (size_t)snprintf(text + said, sizeof(text) - said, "%s%s", said > 0 ? " " : "", name);
        assert_true(said < sizeof(text));
    }
    json_decref(copy);
    return text;
}

// ---- Files --------------------------------------------------------------------------------------

void text_file(const char *name, const char *format, ...)
{
    va_list args;
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    va_start(args, format);
    assert_true(vfprintf(f, format, args) >= 0);
    va_end(args);
    assert_int_equal(fclose(f), 0);
}

bool there_is(const char *name)
{
    struct stat st;
    return lstat(name, &st) == 0;
}

void want_no_file(const char *name)
{
    want(!there_is(name), "%s should not exist", name);
}

void want_bytes(const char *name, const void *bytes, size_t n)
{
    want(there_is(name), "%s is not there", name);
    struct image im = image_load(name);
    size_t at = 0;
    while (at < im.n && at < n && im.p[at] == ((const uint8_t *)bytes)[at]) {
        at++;
    }
    bool same = im.n == n && at == n;
    size_t size = im.n;
    image_free(&im);
    want(same, "%s (%zu bytes) is not what it should be (%zu), from %zu on", name, size, n, at);
}

void want_same(const char *a, const char *b)
{
    struct image im = image_load(a);
    want_bytes(b, im.p, im.n);
    image_free(&im);
}

void want_folder(const char *name, unsigned count)
{
    unsigned found = folder_count(name);
    want(found == count, "%s holds %u names instead of %u", name, found, count);
}

void copy_file(const char *from, const char *to, unsigned mode)
{
    struct image im = image_load(from);
    (void)unlink(to);
    image_save(&im, to);
    assert_int_equal(chmod(to, mode), 0);
    image_free(&im);
}

void copy_range(const char *from, size_t at, size_t n, const char *to)
{
    struct image im = image_load(from);
    assert_true(at <= im.n && n <= im.n - at);
    struct image part = {im.p + at, n == 0 ? im.n - at : n};
    image_save(&part, to);
    image_free(&im);
}

void take_key(const char *name)
{
    char from[ITEM_ROOM], to[ITEM_ROOM];
    (void)snprintf(from, sizeof(from), "fixtures/keys/%s.pem", name);
    (void)snprintf(to, sizeof(to), "%s.pem", name);
    copy_file(from, to, 0600);
}

void remove_all(const char *name)
{
    if (there_is(name)) {
        run_remove(name);
        want_no_file(name);
    }
}

void fresh_folder(const char *name)
{
    remove_all(name);
    assert_int_equal(mkdir(name, 0755), 0);
}

// ---- Building -----------------------------------------------------------------------------------

static const char earlier[] = "an earlier image\n";

void refuse(const char *id, const char *part, const char *words)
{
    char regex[REGEX_ROOM];
    fresh_folder("target");
    expect(1, "build %s --target-file target/ota.bin", words);
    want_no_out();
    (void)snprintf(regex, sizeof(regex), "^otapack: .*(%s).*\\[%s\\]$", part, id);
    if (*part != '\0') {
        want_err(regex);
    }
    (void)snprintf(regex, sizeof(regex), "^otapack: .+; .+ \\[%s\\]$", id);
    want_err(regex);
    want_folder("target", 0);
    text_file("target/ota.bin", "%s", earlier);
    expect(1, "build %s --target-file target/ota.bin", words);
    want_bytes("target/ota.bin", earlier, strlen(earlier));
    want_folder("target", 1);
}

void allow(const char *id, const char *expected, const char *words)
{
    char regex[REGEX_ROOM];
    fresh_folder("target");
    expect(0, "build %s --allow %s --target-file target/ota.bin", words, id);
    (void)snprintf(regex, sizeof(regex), "^otapack: .*warning: .*\\[%s\\]$", id);
    want_err(regex);
    want_same(expected, "target/ota.bin");
    want_folder("target", 1);
}

void recipe_refused(const char *place, const char *regex)
{
    char start[REGEX_ROOM];
    expect(2, "build recipe.yaml -o ota.bin");
    want_no_out();
    want_one_line();
    (void)snprintf(start, sizeof(start), "^otapack: recipe\\.yaml:%s%s",
                   place == NULL ? "([0-9]+:[0-9]+:)? ." : place, place == NULL ? "" : ": ");
    want_err(start);
    want_err(regex);
    want_no_file("ota.bin");
}

// ---- Lists --------------------------------------------------------------------------------------

bool next_item(const char **list, char item[ITEM_ROOM])
{
    if (*list == NULL) {
        return false;
    }
    size_t n = strcspn(*list, "|");
    assert_true(n < ITEM_ROOM);
    memcpy(item, *list, n);
    item[n] = '\0';
    *list = (*list)[n] == '|' ? *list + n + 1 : NULL;
    return true;
}
