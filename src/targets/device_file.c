// SPDX-License-Identifier: Apache-2.0
#include "device_file.h"

#include <string.h>

#include "input.h"
#include "text.h"
#include "yaml_tree.h"

enum { FILE_MOST = 64 * 1024 };

// The options of a device of the ESP32 family, and those of an ESP8266; both have flash.
static const char *const keys[] = {"otapack",    "chip",        "chip_revision",  "flash_size",
                                   "flash_mode", "idf",         "secure_boot",    "free_space",
                                   "layout",     "sketch_size", "partition_table"};
enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static bool is_key(const char *key)
{
    size_t i = 0;
    while (i < KEYS && strcmp(keys[i], key) != 0) {
        i++;
    }
    return i < KEYS;
}

static char *option_name(struct arena *a, const char *key)
{
    char *name = arena_string(a, key);
    for (char *c = name; *c != '\0'; c++) {
        *c = *c == '_' ? '-' : *c;
    }
    return name;
}

// Beside the file, as a recipe's paths are.
static const char *beside(struct arena *a, const char *file, const char *path)
{
    const char *slash = strrchr(file, '/');
    return path[0] == '/' || slash == NULL
               ? path
               : arena_printf(a, "%.*s/%s", (int)(slash - file), file, path);
}

// What both kinds of device have is asked of both; that the value is good for one is enough.
static bool take_fact(struct device_file *out, const struct value *v, struct arena *a,
                      struct err *e)
{
    const char *name = option_name(a, v->key), *where = arena_printf(a, "%s: %s", v->where, v->key);
    struct err ignored = ERR_NONE;
    if (esp8266_device_set(out->esp8266, name, v->text, where, &ignored)) {
        (void)target_set(out->target, name, v->text, where, &ignored);
        return true;
    }
    if (target_set(out->target, name, v->text, where, e)) {
        return true;
    }
    if (e->text[0] == '\0') {
        *e = ignored;
    }
    return false;
}

static bool take(struct device_file *out, const char *file, const struct value *v, struct arena *a,
                 struct err *e)
{
    if (!is_key(v->key)) {
        const char *near = text_nearest(v->key, keys, KEYS);
        return err_set(e, STATUS_CANNOT, "%s: there is no key '%s' here; %s%s%s", v->key_where,
                       text_printable(a, v->key), near == NULL ? "the keys are " : "did you mean '",
                       near == NULL ? text_list(a, keys, KEYS) : near, near == NULL ? "" : "'?");
    }
    if (v->kind != VALUE_TEXT) {
        return err_set(e, STATUS_CANNOT, "%s: %s is a list or a map; write one value", v->where,
                       v->key);
    }
    if (strcmp(v->key, "partition_table") == 0) {
        out->partition_table = beside(a, file, v->text);
        return true;
    }
    return strcmp(v->key, "otapack") == 0 || take_fact(out, v, a, e);
}

bool device_file_read(const char *file, struct device_file *out, struct arena *a, struct err *e)
{
    char *text = input_text(file, FILE_MOST, a, e);
    struct value *top = text == NULL ? NULL : yaml_read(file, text, a, e);
    if (top == NULL) {
        return false;
    }
    const struct value *version = top->kind == VALUE_MAP ? value_find(top, "otapack") : NULL;
    if (version == NULL || version->kind != VALUE_TEXT || strcmp(version->text, "1") != 0) {
        return err_set(e, STATUS_CANNOT, "%s: is no device file; begin it with: otapack: 1", file);
    }
    for (const struct value *v = top->items; v != NULL; v = v->next) {
        if (!take(out, file, v, a, e)) {
            return false;
        }
    }
    return true;
}
