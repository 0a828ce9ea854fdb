// SPDX-License-Identifier: Apache-2.0
#include "device_file.h"

#include <string.h>

#include "file_path.h"
#include "input.h"
#include "text.h"
#include "yaml_tree.h"

enum { FILE_MOST = 64 * 1024 };

enum { KEYS_MOST = 32 };

// The names of the options of every family, each once, and two more. Returns how many.
static size_t list_keys(const char *keys[KEYS_MOST], struct arena *a)
{
    size_t count = 0;
    keys[count++] = "otapack";
    for (const struct opt *const *row = opt_rows(target_families, a); *row != NULL; row++) {
        keys[count++] = opt_key(a, (*row)->name);
    }
    keys[count++] = "partition_table";
    return count;
}

// The layout, or what says nothing without one.
static void note_layout(struct device_file *out, const struct value *v, struct arena *a)
{
    bool is_layout = strcmp(v->key, "layout") == 0;
    if (is_layout || (strcmp(v->key, "sketch_size") == 0 && out->layout_where == NULL)) {
        out->layout_where = arena_printf(a, "%s: layout", is_layout ? v->where : v->key_where);
    }
}

static bool take(struct device_file *out, const char *file, const struct value *v, struct arena *a,
                 struct err *e)
{
    const char *keys[KEYS_MOST];
    size_t count = list_keys(keys, a);
    if (text_place(v->key, keys, count) == count) {
        return value_no_key(v, keys, count, a, e);
    }
    if (v->kind != VALUE_TEXT) {
        return err_set(e, STATUS_CANNOT, "%s: %s is a list or a map; write one value", v->where,
                       v->key);
    }
    if (strcmp(v->key, "partition_table") == 0) {
        out->partition_table = file_path_beside(a, file, v->text);
        out->table_where = arena_printf(a, "%s: %s", v->where, v->key);
        return *v->text != '\0' ||
               err_set(e, STATUS_CANNOT, "%s is empty; name a file, or leave it out",
                       out->table_where);
    }
    note_layout(out, v, a);
    return strcmp(v->key, "otapack") == 0 ||
           target_say(target_families, &out->said, opt_of_key(a, v->key), v->text,
                      arena_printf(a, "%s: %s", v->where, v->key), e);
}

bool device_file_read(const char *file, struct device_file *out, struct arena *a, struct err *e)
{
    char *text = input_text(file, FILE_MOST, a, e);
    struct value *top = text == NULL ? NULL : yaml_read(file, text, a, e);
    if (top == NULL) {
        return false;
    }
    if (!yaml_is_otapack_1(top)) {
        return err_set(e, STATUS_CANNOT, "%s: is no device file; begin it with: otapack: 1", file);
    }
    for (const struct value *v = top->items; v != NULL; v = v->next) {
        if (!take(out, file, v, a, e)) {
            return false;
        }
    }
    return true;
}
