// SPDX-License-Identifier: Apache-2.0
//
// The only file that knows libyaml.
#include "yaml_tree.h"

#include <string.h>
#include <yaml.h>

#include "text.h"

enum { DEPTH_MOST = 40, DIRECTIVES_MOST = 16 };

struct yaml_reading {
    const char *name;
    const char *where; // fixed, for --set; NULL: from the marks
    const char *text;  // all of it
    yaml_parser_t parser;
    yaml_event_t event; // the current one
    size_t keys_most;   // of a map
    size_t values;      // so far
    struct arena *arena;
    struct err *e;
};

static const char *mark_text(struct yaml_reading *y, yaml_mark_t mark)
{
    return y->where != NULL
               ? y->where
               : arena_printf(y->arena, "%s:%zu:%zu", y->name, mark.line + 1, mark.column + 1);
}

// What libyaml finds wrong, and what that mostly comes from.
static const struct {
    const char *problem, *remedy;
} remedies[] = {
    {"could not find expected ':'",
     "write a colon and a blank behind a key, a - and a blank before "
     "what is in a list"},
    {"mapping values are not allowed in this context",
     "begin all keys of a map in one column, and quote a value that has a colon and a blank in it"},
    {"did not find expected key",
     "begin all keys of a map in one column, and write nothing behind a closing quote"},
    {"found character that cannot start any token", "quote the value"},
    {"found unexpected end of stream", "close the quotes"},
    {"found unknown escape character", "write / between folders, or single quotes"},
    {"did not find expected ',' or ']'", "close the list"},
    {"did not find expected ',' or '}'", "close the map"},
};

static const char *remedy(const char *problem)
{
    for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++) {
        if (strcmp(problem, remedies[i].problem) == 0) {
            return remedies[i].remedy;
        }
    }
    return "correct the line";
}

static bool next_event(struct yaml_reading *y)
{
    yaml_event_delete(&y->event);
    if (yaml_parser_parse(&y->parser, &y->event)) {
        return true;
    }
    memset(&y->event, 0, sizeof(y->event));
    yaml_mark_t mark = y->parser.problem_mark;
    // libyaml says of a tab only that no token begins with it.
    bool tab = mark.index < strlen(y->text) && y->text[mark.index] == '\t';
    return err_set(
        y->e, STATUS_CANNOT, "%s: is no YAML: %s", mark_text(y, mark),
        tab ? "there is a tab where the line begins; write blanks"
            : arena_printf(y->arena, "%s; %s", y->parser.problem, remedy(y->parser.problem)));
}

// The event that is `count` further on.
static bool skip_events(struct yaml_reading *y, int count)
{
    bool good = true;
    for (int i = 0; good && i < count; i++) {
        good = next_event(y);
    }
    return good;
}

static struct value *value_new(struct yaml_reading *y, enum value_kind kind)
{
    struct value *v = ARENA_NEW(y->arena, struct value);
    v->kind = kind;
    v->where = mark_text(y, y->event.start_mark);
    v->items_end = &v->items;
    return v;
}

// NULL with the error set for a text with a NUL in it, which C would cut off there.
static const char *scalar_text(struct yaml_reading *y)
{
    const char *text =
        arena_copy(y->arena, (const char *)y->event.data.scalar.value, y->event.data.scalar.length);
    if (strlen(text) != y->event.data.scalar.length) {
        err_set(y->e, STATUS_CANNOT, "%s: has a NUL in it; remove it",
                mark_text(y, y->event.start_mark));
        return NULL;
    }
    return text;
}

static bool has_room(const struct value *map, size_t most, const char *key_where, struct err *e)
{
    return map->count < most ||
           err_set(e, STATUS_CANNOT, "%s: a map has at most %zu keys; leave some out", key_where,
                   most);
}

static struct value *read_value(struct yaml_reading *y, int depth);

static bool read_list(struct yaml_reading *y, struct value *list, int depth)
{
    while (next_event(y)) {
        if (y->event.type == YAML_SEQUENCE_END_EVENT) {
            return true;
        }
        struct value *item = read_value(y, depth);
        if (item == NULL) {
            return false;
        }
        value_append(list, item);
    }
    return false;
}

static bool read_map(struct yaml_reading *y, struct value *map, int depth)
{
    while (next_event(y)) {
        if (y->event.type == YAML_MAPPING_END_EVENT) {
            return true;
        }
        const char *key_where = mark_text(y, y->event.start_mark);
        if (y->event.type != YAML_SCALAR_EVENT) {
            return err_set(y->e, STATUS_CANNOT, "%s: a key must be a word; correct the line",
                           key_where);
        }
        const char *key = has_room(map, y->keys_most, key_where, y->e) ? scalar_text(y) : NULL;
        if (key == NULL) {
            return false;
        }
        if (value_find(map, key) != NULL) {
            return err_set(y->e, STATUS_CANNOT, "%s: %s is given twice; give it once", key_where,
                           text_printable(y->arena, key));
        }
        struct value *item = next_event(y) ? read_value(y, depth) : NULL;
        if (item == NULL) {
            return false;
        }
        item->key = key;
        item->key_where = key_where;
        value_append(map, item);
    }
    return false;
}

static bool is_too_much(struct yaml_reading *y, int depth)
{
    if (depth >= DEPTH_MOST) {
        return !err_set(y->e, STATUS_CANNOT, "%s: is nested too deeply; no recipe goes so far",
                        mark_text(y, y->event.start_mark));
    }
    return ++y->values > VALUES_MOST &&
           !err_set(y->e, STATUS_CANNOT,
                    "%s: there are more than %d values, which no recipe has; leave some out",
                    mark_text(y, y->event.start_mark), VALUES_MOST);
}

// The value that the current event begins.
static struct value *read_value(struct yaml_reading *y, int depth)
{
    struct value *v;
    if (is_too_much(y, depth)) {
        return NULL;
    }
    switch (y->event.type) {
    case YAML_SCALAR_EVENT:
        v = value_new(y, VALUE_TEXT);
        v->text = scalar_text(y);
        return v->text == NULL ? NULL : v;
    case YAML_SEQUENCE_START_EVENT:
        v = value_new(y, VALUE_LIST);
        return read_list(y, v, depth + 1) ? v : NULL;
    case YAML_MAPPING_START_EVENT:
        v = value_new(y, VALUE_MAP);
        return read_map(y, v, depth + 1) ? v : NULL;
    default:
        err_set(y->e, STATUS_CANNOT, "%s: recipes have no aliases; write the value out",
                mark_text(y, y->event.start_mark));
        return NULL;
    }
}

// Stream start, document start, the value, and nothing behind it.
static struct value *read_document(struct yaml_reading *y)
{
    if (!skip_events(y, 2)) {
        return NULL;
    }
    if (y->event.type == YAML_STREAM_END_EVENT) {
        err_set(y->e, STATUS_CANNOT, "%s: is empty; begin it with: otapack: 1",
                y->where != NULL ? y->where : y->name);
        return NULL;
    }
    struct value *v = next_event(y) ? read_value(y, 0) : NULL;
    if (v == NULL || !skip_events(y, 2)) {
        return NULL;
    }
    if (y->event.type != YAML_STREAM_END_EVENT) {
        err_set(y->e, STATUS_CANNOT, "%s: a second document; leave one",
                mark_text(y, y->event.start_mark));
        return NULL;
    }
    return v;
}

// Lines that begin as a directive does: libyaml compares each %TAG with all that came before it.
// NEL, LS and PS end a line for it, too; these are their last bytes.
static bool directives_fit(struct yaml_reading *y, const char *text)
{
    unsigned count = *text == '%';
    for (const char *p = strchr(text, '%'); p != NULL; p = strchr(p + 1, '%')) {
        count += p > text && strchr("\n\r\x85\xA8\xA9", p[-1]) != NULL;
    }
    return count <= DIRECTIVES_MOST ||
           err_set(y->e, STATUS_CANNOT,
                   "%s: more than %d lines begin with %%, and no recipe needs one; leave them out",
                   y->name, DIRECTIVES_MOST);
}

static struct value *read_text(struct yaml_reading *y, const char *text)
{
    if (!directives_fit(y, text)) {
        return NULL;
    }
    if (!yaml_parser_initialize(&y->parser)) {
        err_set(y->e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    y->text = text;
    yaml_parser_set_input_string(&y->parser, (const unsigned char *)text, strlen(text));
    struct value *v = read_document(y);
    yaml_event_delete(&y->event);
    yaml_parser_delete(&y->parser);
    return v;
}

struct value *yaml_read(const char *name, const char *text, struct arena *a, struct err *e)
{
    return yaml_read_wide(name, text, MAP_KEYS_MOST, a, e);
}

struct value *yaml_read_wide(const char *name, const char *text, size_t keys_most, struct arena *a,
                             struct err *e)
{
    struct yaml_reading y = {.name = name, .keys_most = keys_most, .arena = a, .e = e};
    return read_text(&y, text);
}

bool yaml_is_otapack_1(const struct value *top)
{
    const struct value *version = top->kind == VALUE_MAP ? value_find(top, "otapack") : NULL;
    return version != NULL && version->kind == VALUE_TEXT && strcmp(version->text, "1") == 0;
}

struct value *yaml_read_value(const char *where, const char *text, struct arena *a, struct err *e)
{
    struct yaml_reading y = {
        .name = where, .where = where, .keys_most = MAP_KEYS_MOST, .arena = a, .e = e};
    return read_text(&y, text);
}

struct value *value_find(const struct value *map, const char *key)
{
    for (struct value *v = map->items; v != NULL; v = v->next) {
        if (v->key != NULL && strcmp(v->key, key) == 0) {
            return v;
        }
    }
    return NULL;
}

bool value_no_key(const struct value *v, const char *const *keys, size_t n, struct arena *a,
                  struct err *e)
{
    return err_unknown(e, text_nearest(v->key, keys, n),
                       arena_printf(a, "the keys are %s", text_list(a, keys, n)),
                       "%s: there is no key '%s' here", v->key_where, text_printable(a, v->key));
}

void value_append(struct value *to, struct value *item)
{
    *to->items_end = item;
    to->items_end = &item->next;
    to->count++;
}

bool value_has_room(const struct value *map, const char *key_where, struct err *e)
{
    return has_room(map, MAP_KEYS_MOST, key_where, e);
}
