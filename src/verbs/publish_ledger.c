// SPDX-License-Identifier: Apache-2.0
//
// The ledger's service writes large numbers as text, and what was never given as "" or 0.
#include "publish_ledger.h"

#include <string.h>

#include "input.h"
#include "text.h"

enum { ENTRY_MOST = 1 << 20 }; // bytes

static const struct {
    const char *key;
    enum { WHICH, FIXED, FIXED_ONCE_GIVEN } how; // it names the version; it cannot be changed
} fields[] = {{"vid", WHICH},
              {"pid", WHICH},
              {"softwareVersion", WHICH},
              {"softwareVersionString", FIXED},
              {"cdVersionNumber", FIXED},
              {"firmwareInformation", FIXED},
              {"otaUrl", FIXED_ONCE_GIVEN},
              {"otaFileSize", FIXED_ONCE_GIVEN},
              {"otaChecksum", FIXED_ONCE_GIVEN},
              {"otaChecksumType", FIXED_ONCE_GIVEN}};

// As a person writes it. "": it is not there, or was not given.
static const char *value_of(struct arena *a, const json_t *entry, const char *key)
{
    const json_t *value = json_object_get(entry, key);
    const char *text = json_is_string(value) ? json_string_value(value)
                       : json_is_integer(value)
                           ? arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value))
                           : "";
    return strcmp(text, "0") == 0 ? "" : text_printable(a, text);
}

// All that is in the file, and the entry in it; NULL with `e` set.
static json_t *read_entry(const char *ledger, struct arena *a, const json_t **entry, struct err *e)
{
    const char *text = input_text(ledger, ENTRY_MOST, a, e);
    json_t *root = text == NULL ? NULL : json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const json_t *inner = json_object_get(root, "modelVersion");
    *entry = inner == NULL ? root : inner;
    if (text != NULL && json_object_get(*entry, "softwareVersion") == NULL) {
        json_decref(root);
        root = NULL;
        err_set(e, STATUS_CANNOT,
                "%s: is no entry of a software version; save what dcld query model "
                "model-version prints",
                ledger);
    }
    return root;
}

static bool fits(size_t i, const char *has, const char *wants, const char *ledger,
                 const struct published *f, struct err *e)
{
    const char *key = fields[i].key;
    if (strcmp(has, wants) == 0 || (fields[i].how == FIXED_ONCE_GIVEN && *has == '\0')) {
        return true;
    }
    has = *has == '\0' ? "none" : has;
    return fields[i].how == WHICH
               ? err_set(e, STATUS_CANNOT,
                         "%s: is the entry of %s %s, and %s has %s; give that of "
                         "the same version",
                         ledger, key, has, f->file, wants)
               : err_set(e, STATUS_NO,
                         "%s: not published: its %s would be %s, and the ledger has %s and does "
                         "not change it; give what it has, or publish a new version",
                         f->file, key, wants, has);
}

bool publish_ledger_update(json_t *entry, const char *ledger, const struct published *f,
                           struct err *e)
{
    const json_t *had;
    json_t *root = read_entry(ledger, f->arena, &had, e);
    bool good = root != NULL;
    for (size_t i = 0; good && i < sizeof(fields) / sizeof(fields[0]); i++) {
        const char *key = fields[i].key, *has = value_of(f->arena, had, key);
        bool told = json_object_get(entry, key) != NULL;
        good = !told || fits(i, has, value_of(f->arena, entry, key), ledger, f, e);
        if (good &&
            (fields[i].how == FIXED || (fields[i].how == FIXED_ONCE_GIVEN && *has != '\0'))) {
            (void)json_object_del(entry, key);
        }
    }
    // An update tells this in any case, and who has taken a version back does not want it valid.
    if (good && json_is_false(json_object_get(had, "softwareVersionValid"))) {
        json_put(entry, "softwareVersionValid", json_false());
    }
    json_decref(root);
    return good;
}
