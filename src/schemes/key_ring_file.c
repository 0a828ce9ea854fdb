// SPDX-License-Identifier: Apache-2.0
//
// A file, in YAML, as a ring of keys.
#include <string.h>

#include "file_path.h"
#include "input.h"
#include "key_ring_read.h"
#include "secure_boot.h"
#include "yaml_tree.h"

enum { FILE_MOST = 128 * 1024 };

static bool take_key(struct ring_reading *r, const char *file, const struct value *v)
{
    if (v->kind != VALUE_TEXT || *v->text == '\0') {
        return err_set(r->e, STATUS_CANNOT,
                       "%s: a key is one word: a PEM file, a digest or a pkcs11: URI; write that",
                       v->where);
    }
    bool elsewhere = pkcs11_is_uri(v->text) || secure_boot_is_key_digest(v->text);
    return key_ring_add(r, v->key, v->key_where,
                        elsewhere ? v->text : file_path_beside(r->arena, file, v->text));
}

static bool take_keys(struct ring_reading *r, const char *file, const struct value *keys)
{
    if (keys->kind != VALUE_MAP || keys->count == 0) {
        return err_set(r->e, STATUS_CANNOT, "%s: is no list of names; write NAME: KEY in each line",
                       keys->where);
    }
    for (const struct value *v = keys->items; v != NULL; v = v->next) {
        if (!take_key(r, file, v)) {
            return false;
        }
    }
    return true;
}

// One key instead of a ring is a mistake that is told by its first bytes.
static bool is_key(const char *text)
{
    return strncmp(text, "-----BEGIN ", 11) == 0;
}

bool key_ring_read_file(struct ring_reading *r, const char *file)
{
    static const char *const words[] = {"otapack", "keys"};
    char *text = input_text(file, FILE_MOST, r->arena, r->e);
    if (text != NULL && is_key(text)) {
        return err_set(r->e, STATUS_CANNOT,
                       "%s: is one key, and --keys takes a folder of them or a file that names "
                       "them; give --key",
                       file);
    }
    const struct value *top =
        text == NULL ? NULL : yaml_read_wide(file, text, RING_KEYS_MOST, r->arena, r->e);
    if (top == NULL) {
        return false;
    }
    if (!yaml_is_otapack_1(top)) {
        return err_set(r->e, STATUS_CANNOT, "%s: names no keys; begin it with: otapack: 1", file);
    }
    const struct value *keys = NULL;
    for (const struct value *v = top->items; v != NULL; v = v->next) {
        if (strcmp(v->key, "keys") == 0) {
            keys = v;
        } else if (strcmp(v->key, "otapack") != 0) {
            return value_no_key(v, words, 2, r->arena, r->e);
        }
    }
    return keys != NULL
               ? take_keys(r, file, keys)
               : err_set(r->e, STATUS_CANNOT,
                         "%s: names no keys; add keys: and below it NAME: KEY in each line", file);
}
