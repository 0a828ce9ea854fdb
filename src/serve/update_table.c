// SPDX-License-Identifier: Apache-2.0
#include "update_table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file_mark.h"
#include "file_path.h"
#include "input.h"
#include "os.h"
#include "seen.h"
#include "text.h"
#include "yaml_tree.h"

enum { FILE_MOST = 256 * 1024 };

// What a row asks for; NULL: whatever it is.
struct row {
    struct row *next;
    const struct value *mac, *from; // one pattern or several
    const char *product, *mode;
    struct update update;
};

struct update_table {
    const char *file;
    struct file_mark mark; // of what was read, or was wrong
    struct arena arena;
    struct row *rows;
};

// ---- Patterns -----------------------------------------------------------------------------------

// Where a * has to take in more, all behind it is tried anew, so that the work is bounded by the
// product of both lengths.
bool update_table_fits(const char *pattern, const char *text)
{
    const char *star = NULL, *from = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            from = text;
        } else if (strncasecmp(pattern, text, 1) == 0) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++from;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

static bool fits_one(const struct value *patterns, const char *text)
{
    if (patterns == NULL || patterns->kind == VALUE_TEXT) {
        return patterns == NULL || (text != NULL && update_table_fits(patterns->text, text));
    }
    for (const struct value *v = patterns->items; v != NULL; v = v->next) {
        if (text != NULL && update_table_fits(v->text, text)) {
            return true;
        }
    }
    return false;
}

// ---- Reading ------------------------------------------------------------------------------------

static bool is_text(const struct value *v, struct err *e)
{
    return v->kind == VALUE_TEXT || err_set(e, STATUS_CANNOT, "%s: write one text", v->where);
}

static bool is_mode(const struct value *v, struct err *e)
{
    bool text = v->kind == VALUE_TEXT;
    return (text && (strcmp(v->text, "sketch") == 0 || strcmp(v->text, "spiffs") == 0)) ||
           err_set(e, STATUS_CANNOT, "%s: write sketch or spiffs, as devices say it", v->where);
}

// What is known of an ESP8266.
static bool is_fact(const struct value *v, const char *option, struct err *e)
{
    struct esp8266_device device = {.flash_size = 0};
    return is_text(v, e) && esp8266_device_set(&device, option, v->text, v->where, e);
}

// A text, or a list of texts.
static bool is_texts(const struct value *v, struct err *e)
{
    bool good = v->kind != VALUE_MAP;
    for (const struct value *i = v->items; good && v->kind == VALUE_LIST && i != NULL;
         i = i->next) {
        good = i->kind == VALUE_TEXT;
    }
    return good || err_set(e, STATUS_CANNOT, "%s: write one text or a list of them", v->where);
}

static bool take_key(struct row *row, const char *file, const struct value *v, struct arena *a,
                     struct err *e)
{
    static const char *const keys[] = {"file", "version", "product",    "mac",
                                       "from", "mode",    "flash_mode", "layout"};
    enum { FILE_KEY, VERSION, PRODUCT, MAC, FROM, MODE, FLASH_MODE, LAYOUT, COUNT };
    switch (text_place(v->key, keys, COUNT)) {
    case FILE_KEY:
        row->update.file = v->kind == VALUE_TEXT ? file_path_beside(a, file, v->text) : NULL;
        return is_text(v, e);
    case VERSION:
        row->update.version = v->text;
        return is_text(v, e);
    case PRODUCT:
        row->product = v->text;
        return is_text(v, e);
    case MAC:
        row->mac = v;
        return is_texts(v, e);
    case FROM:
        row->from = v;
        return is_texts(v, e);
    case MODE:
        row->mode = v->text;
        return is_mode(v, e);
    case FLASH_MODE:
        row->update.flash_mode = v->text;
        return is_fact(v, "flash-mode", e);
    case LAYOUT:
        row->update.layout = v->text;
        return is_fact(v, "layout", e);
    default:
        return value_no_key(v, keys, COUNT, a, e);
    }
}

static struct row *take_row(const char *file, const struct value *v, struct arena *a, struct err *e)
{
    struct row *row = ARENA_NEW(a, struct row);
    if (v->kind != VALUE_MAP) {
        err_set(e, STATUS_CANNOT, "%s: is no row; write a map with a file in it", v->where);
        return NULL;
    }
    for (const struct value *key = v->items; key != NULL; key = key->next) {
        if (!take_key(row, file, key, a, e)) {
            return NULL;
        }
    }
    if (row->update.file == NULL) {
        err_set(e, STATUS_CANNOT, "%s: has no file; name the one that is sent", v->where);
        return NULL;
    }
    return row;
}

static bool take_rows(const char *file, const struct value *list, struct row **rows,
                      struct arena *a, struct err *e)
{
    for (const struct value *v = list->items; v != NULL; v = v->next) {
        *rows = take_row(file, v, a, e);
        if (*rows == NULL) {
            return false;
        }
        rows = &(*rows)->next;
    }
    return true;
}

static bool read_rows(const char *file, struct row **rows, struct arena *a, struct err *e)
{
    static const char *const keys[] = {"otapack", "updates"};
    enum { KEYS = sizeof(keys) / sizeof(keys[0]) };
    char *text = input_text(file, FILE_MOST, a, e);
    struct value *top = text == NULL ? NULL : yaml_read(file, text, a, e);
    if (top == NULL) {
        return false;
    }
    if (!yaml_is_otapack_1(top)) {
        return err_set(e, STATUS_CANNOT, "%s: is no table of updates; begin it with: otapack: 1",
                       file);
    }
    for (const struct value *v = top->items; v != NULL; v = v->next) {
        if (text_place(v->key, keys, KEYS) == KEYS) {
            return value_no_key(v, keys, KEYS, a, e);
        }
    }
    const struct value *list = value_find(top, "updates");
    if (list == NULL || list->kind != VALUE_LIST) {
        return err_set(e, STATUS_CANNOT, "%s: has no list of updates; write one: updates:", file);
    }
    return take_rows(file, list, rows, a, e);
}

static bool read_table(struct update_table *t, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct row *rows = NULL;
    seen_begin();
    bool good = read_rows(t->file, &rows, &a, e);
    seen_end();
    if (good) {
        arena_free(&t->arena);
        t->arena = a;
        t->rows = rows;
    } else {
        arena_free(&a);
    }
    return good;
}

bool update_take_device(const struct update *u, struct esp8266_device *device, struct err *e)
{
    return (u->flash_mode == NULL ||
            esp8266_device_set(device, "flash-mode", u->flash_mode, "flash_mode", e)) &&
           (u->layout == NULL || esp8266_device_set(device, "layout", u->layout, "layout", e));
}

bool update_table_has(const struct update_table *t, const char *path)
{
    for (const struct row *row = t->rows; row != NULL; row = row->next) {
        if (row->product != NULL && update_table_fits(row->product, path)) {
            return true;
        }
    }
    return false;
}

bool update_table_refresh(struct update_table *t, struct err *e)
{
    struct os_info info;
    bool there = os_info(t->file, &info);
    if (there && file_mark_is(&t->mark, &info)) {
        return true;
    }
    if (there) {
        t->mark = file_mark_of(&info);
    }
    return read_table(t, e);
}

struct update_table *update_table_open(const char *file, struct err *e)
{
    struct update_table *t = calloc(1, sizeof(*t));
    if (t == NULL) {
        err_set(e, STATUS_CANNOT, "out of memory");
        return NULL;
    }
    t->file = file;
    if (!update_table_refresh(t, e)) {
        free(t);
        return NULL;
    }
    return t;
}

void update_table_close(struct update_table *t)
{
    if (t != NULL) {
        arena_free(&t->arena);
        free(t);
    }
}

// ---- Looking up ---------------------------------------------------------------------------------

static bool fits(const struct row *row, const char *path, const struct updater *u)
{
    bool mode = row->mode == NULL || (strcmp(row->mode, "spiffs") == 0) == u->wants_file_system;
    return mode && (row->product == NULL || update_table_fits(row->product, path)) &&
           fits_one(row->mac, u->mac) && fits_one(row->from, u->version);
}

const struct update *update_table_find(const struct update_table *t, const char *path,
                                       const struct updater *u)
{
    for (const struct row *row = t->rows; row != NULL; row = row->next) {
        if (fits(row, path, u)) {
            return &row->update;
        }
    }
    return NULL;
}
