// SPDX-License-Identifier: Apache-2.0
#include "page_contents.h"

#include "run.h"

enum { LINE = 8192 };

static void expect_node(void *ctx, const char *path, const json_t *node)
{
    struct words *lines = ctx;
    char line[LINE];
    const char *name;
    json_t *value;
    size_t i;
    (void)snprintf(line, sizeof(line), "part %s", path);
    words_add(lines, line);
    json_object_foreach(json_object_get(node, "fields"), name, value)
    {
        (void)snprintf(line, sizeof(line), "field %s", name);
        words_add(lines, line);
    }
    json_array_foreach(json_object_get(node, "checks"), i, value)
    {
        (void)snprintf(line, sizeof(line), "%s %s %s", text_at(value, "verdict"),
                       text_at(value, "id"), path);
        words_add(lines, line);
    }
}

static void expect_unmade(void *ctx, const char *path, const json_t *node)
{
    struct words *lines = ctx;
    json_t *value;
    size_t i;
    char line[LINE];
    (void)path;
    json_array_foreach(json_object_get(node, "not_checked"), i, value)
    {
        (void)snprintf(line, sizeof(line), "unmade %s", text_at(value, "id"));
        words_add(lines, line);
    }
}

// Each check not made stands once in a file, however many parts it is about.
static void add_unmade(struct words *lines, const json_t *root)
{
    struct words all = {0};
    each_node(root, expect_unmade, &all);
    words_sort(&all);
    for (size_t i = 0; i < all.count; i++) {
        if (i == 0 || strcmp(all.of[i - 1], all.of[i]) != 0) {
            words_add(lines, all.of[i]);
        }
    }
    words_free(&all);
}

// Without the numbers of an array: those of JSON are places in it, and where a part is none of the
// array's, the tree counts on.
static void drop_numbers(char *line)
{
    char *to = line;
    bool inside = false;
    for (const char *from = line; *from != '\0'; from++) {
        inside = inside ? *from != ']' : *from == '[';
        if (!inside || *from == '[') {
            *to++ = *from;
        }
    }
    *to = '\0';
}

static void compare(const char *name, struct words *page, struct words *json)
{
    struct words *const both[] = {page, json};
    for (size_t i = 0; i < COUNT(both); i++) {
        for (size_t k = 0; k < both[i]->count; k++) {
            drop_numbers(both[i]->of[k]);
        }
        words_sort(both[i]);
    }
    for (size_t i = 0, k = 0; i < page->count || k < json->count;) {
        int which = i == page->count ? 1 : k == json->count ? -1 : strcmp(page->of[i], json->of[k]);
        if (which != 0) {
            complain("%s: only the %s has: %s", name, which < 0 ? "page" : "JSON",
                     which < 0 ? page->of[i] : json->of[k]);
        }
        i += which <= 0;
        k += which >= 0;
    }
}

void page_compare(const char *name, struct words *shown, const json_t *document)
{
    struct words lines = {0};
    const json_t *file;
    size_t i;
    json_array_foreach(json_object_get(document, "files"), i, file)
    {
        const json_t *root = json_object_get(file, "root");
        if (root != NULL) {
            each_node(root, expect_node, &lines);
            add_unmade(&lines, root);
        }
    }
    compare(name, shown, &lines);
    words_free(&lines);
}
