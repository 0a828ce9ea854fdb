// SPDX-License-Identifier: Apache-2.0
#include "foreign_json.h"

#include <jansson.h>
#include <strings.h>

#include "text.h"

enum { JSON_MOST = 1024 * 1024, NAMES_MOST = 4, DEPTH_MOST = 16 };

// A brace or bracket, and what may follow it.
static bool begins_json(const char *p)
{
    const char *next = *p == '\0' ? p : p + 1 + strspn(p + 1, " \t\r\n");
    return (*p == '{' && (*next == '"' || *next == '}')) ||
           (*p == '[' && (*next == '{' || *next == '"' || *next == ']' || *next == '['));
}

// All of it, where it can be read; NULL where not, and what is wrong with it, if that was looked
// at.
static json_t *load_or(const struct foreign_view *v, const char *from, json_error_t *fault)
{
    *fault = (json_error_t){.line = 0};
    if (!begins_json(from) || v->src->size > JSON_MOST) {
        return NULL;
    }
    size_t skipped = (size_t)(from - (const char *)v->head);
    size_t n = (size_t)v->src->size - skipped;
    const char *text = (const char *)source_bytes(v->arena, v->src, skipped, n);
    return json_loadb(text, n, 0, fault);
}

static json_t *load(const struct foreign_view *v, const char *from)
{
    json_error_t ignored;
    return load_or(v, from, &ignored);
}

// What is cut off is JSON still, as long as all that is there is text.
bool foreign_is_json(const struct foreign_view *v, const char *from)
{
    return begins_json(from) && memchr(v->head, '\0', v->n) == NULL;
}

const char *foreign_json_fault(const struct foreign_view *v, const char *from)
{
    json_error_t fault;
    json_t *root = load_or(v, from, &fault);
    bool whole = root != NULL || fault.line < 1;
    json_decref(root);
    if (whole) {
        return NULL;
    }
    for (const char *p = (const char *)v->head; p < from; p++) {
        fault.line += *p == '\n';
    }
    return arena_printf(v->arena, "%s in line %d, column %d",
                        json_error_code(&fault) == json_error_premature_end_of_input
                            ? "it is cut off"
                            : "it is damaged",
                        fault.line, fault.column);
}

// Files as they are named in all kinds of lists, and as a browser asks for them.
static bool is_file_name(const char *text)
{
    static const char *const ends[] = {".bin", ".ota", ".zigbee", ".gz",  ".img",
                                       ".hex", ".uf2", ".elf",    ".zip", ".patch"};
    size_t n = strcspn(text, "?#");
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        size_t m = strlen(ends[i]);
        if (n > m && n < 512 && strncasecmp(text + n - m, ends[i], m) == 0) {
            return true;
        }
    }
    return false;
}

struct names {
    struct arena *arena;
    const char *list[NAMES_MOST];
    size_t count, more;
};

static void add_name(struct names *names, const char *text)
{
    if (text_place(text, names->list, names->count) < names->count) {
        return;
    }
    if (names->count < NAMES_MOST) {
        names->list[names->count++] = text_printable(names->arena, text);
    } else {
        names->more++;
    }
}

static void collect(struct names *names, json_t *value, int depth)
{
    const char *key;
    json_t *item;
    size_t i;
    if (depth > DEPTH_MOST) {
        return;
    }
    if (json_is_string(value) && is_file_name(json_string_value(value))) {
        add_name(names, json_string_value(value));
    }
    json_object_foreach(value, key, item)
    {
        collect(names, item, depth + 1);
    }
    json_array_foreach(value, i, item)
    {
        collect(names, item, depth + 1);
    }
}

// An answer that says what went wrong may name the file that was asked for; a list of files has
// neither of these.
static bool is_error(const json_t *root)
{
    static const char *const words[] = {"error", "errors", "message", "detail"};
    static const char *const numbers[] = {"status", "statusCode", "code"};
    bool any = false;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        any = any || json_object_get(root, words[i]) != NULL;
    }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        any = any || json_integer_value(json_object_get(root, numbers[i])) >= 400;
    }
    return any;
}

const char *foreign_json_files(const struct foreign_view *v, const char *from)
{
    struct names names = {.arena = v->arena};
    json_t *root = load(v, from);
    if (root == NULL) {
        return NULL;
    }
    if (!is_error(root)) {
        collect(&names, root, 0);
    }
    json_decref(root);
    return names.count == 0
               ? NULL
               : arena_printf(v->arena, "%s%s", text_list(v->arena, names.list, names.count),
                              names.more > 0 ? ", ..." : "");
}

// What servers call it.
const char *foreign_json_message(const struct foreign_view *v, const char *from)
{
    static const char *const keys[] = {"message", "error", "detail", "error_description",
                                       "msg",     "title", "reason"};
    enum { SHOWN = 100 };
    const char *text = NULL;
    json_t *root = load(v, from);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && text == NULL; i++) {
        const json_t *value = json_object_get(root, keys[i]);
        value = json_is_object(value) ? json_object_get(value, "message") : value;
        text = json_is_string(value) && *json_string_value(value) != '\0'
                   ? text_printable(v->arena, json_string_value(value))
                   : NULL;
    }
    json_decref(root);
    return text == NULL || strlen(text) <= SHOWN
               ? text
               : arena_printf(v->arena, "%s...", text_utf8(v->arena, text, SHOWN));
}
