// SPDX-License-Identifier: Apache-2.0
#ifdef OTAPACK_HAVE_P11KIT
#include "pkcs11_object.h"

#include <string.h>

enum { TEMPLATE_MOST = 8 }; // attributes of a search

bool object_search(struct token *t, CK_ATTRIBUTE *attributes, CK_ULONG n, struct objects *out,
                   struct err *e)
{
    attributes[n] = ATTRIBUTE(CKA_CLASS, out->class);
    out->count = 0;
    CK_RV rv = t->module->C_FindObjectsInit(t->session, attributes, n + 1);
    if (rv == CKR_OK) {
        rv = t->module->C_FindObjects(t->session, out->all, OBJECTS_MOST, &out->count);
        (void)t->module->C_FindObjectsFinal(t->session);
    }
    if (rv != CKR_OK) {
        return token_fail(t, rv, "look for the key", e);
    }
    return out->count > 0 || token_is_there(t, "look for the key", e);
}

bool object_search_uri(struct token *t, CK_OBJECT_CLASS class, struct objects *out, struct err *e)
{
    CK_ATTRIBUTE attributes[TEMPLATE_MOST];
    CK_ULONG count = 0, n = 0;
    const CK_ATTRIBUTE *of_uri = t->kit->uri_get_attributes(t->uri, &count);
    for (CK_ULONG i = 0; i < count && n < TEMPLATE_MOST - 1; i++) {
        if (of_uri[i].type != CKA_CLASS) {
            attributes[n++] = of_uri[i];
        }
    }
    out->class = class;
    return object_search(t, attributes, n, out, e);
}

static bool is_absence(CK_RV rv)
{
    return rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE ||
           rv == CKR_BUFFER_TOO_SMALL || rv == CKR_ATTRIBUTE_VALUE_INVALID;
}

bool object_get(struct token *t, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct value *out,
                struct err *e)
{
    CK_ATTRIBUTE a = ATTRIBUTE(type, out->bytes);
    CK_RV rv = t->module->C_GetAttributeValue(t->session, object, &a, 1);
    out->size = rv != CKR_OK || a.ulValueLen > sizeof(out->bytes) ? 0 : a.ulValueLen;
    return rv == CKR_OK || is_absence(rv) || token_fail(t, rv, "read the key's attributes", e);
}

static const char *object_text(struct token *t, CK_OBJECT_HANDLE object)
{
    static const CK_ATTRIBUTE_TYPE types[] = {CKA_LABEL, CKA_ID};
    struct value value;
    struct err unused;
    P11KitUri *uri = t->kit->uri_new();
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (object_get(t, object, types[i], &value, &unused) && value.size > 0) {
            CK_ATTRIBUTE a = {types[i], value.bytes, value.size};
            (void)t->kit->uri_set_attribute(uri, &a);
        }
    }
    const char *text = token_uri_text(t, uri, P11_KIT_URI_FOR_OBJECT);
    t->kit->uri_free(uri);
    return *text == '\0' ? "one without a name" : text;
}

static const char *objects_text(struct token *t, const struct objects *objects)
{
    const char *list = "";
    for (CK_ULONG i = 0; i < objects->count; i++) {
        const char *item = i < TOKEN_LIST_MOST ? object_text(t, objects->all[i]) : "";
        list = token_list_add(t, list, i, objects->count, item);
    }
    return list;
}

static const char *class_name(CK_OBJECT_CLASS class)
{
    return class == CKO_PRIVATE_KEY ? "private" : "public";
}

static bool fail_none(struct token *t, CK_OBJECT_CLASS class, struct err *e)
{
    CK_ATTRIBUTE attributes[1];
    struct objects there = {.class = class};
    if (!object_search(t, attributes, 0, &there, e)) {
        return false;
    }
    return there.count == 0
               ? err_set(
                     e, STATUS_CANNOT,
                     "%s: the token '%s' has no %s key that this login may use; make one there, "
                     "or name another token",
                     t->name, t->label, class_name(class))
               : err_set(e, STATUS_CANNOT,
                         "%s: the token '%s' has no such %s key; these are there: %s", t->name,
                         t->label, class_name(class), objects_text(t, &there));
}

bool object_is_only_one(struct token *t, const struct objects *found, struct err *e)
{
    return found->count == 1 ||
           err_set(e, STATUS_CANNOT, "%s: %lu %s keys of the token '%s' fit; name one of them: %s",
                   t->name, found->count, class_name(found->class), t->label,
                   objects_text(t, found));
}

bool object_type_fits(struct token *t, bool public_is_fine, struct err *e)
{
    const CK_ATTRIBUTE *type = t->kit->uri_get_attribute(t->uri, CKA_CLASS);
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    if (type != NULL && type->ulValueLen == sizeof(class)) {
        memcpy(&class, type->pValue, sizeof(class));
    }
    return class == CKO_PRIVATE_KEY || (public_is_fine && class == CKO_PUBLIC_KEY) ||
           err_set(e, STATUS_CANNOT, "%s: its type= is not that of a %s key; leave it out", t->name,
                   public_is_fine ? "public or private" : "private");
}

bool object_find_private(struct token *t, CK_OBJECT_HANDLE *key, struct err *e)
{
    struct objects found;
    if (!object_search_uri(t, CKO_PRIVATE_KEY, &found, e)) {
        return false;
    }
    if (found.count == 0) {
        return fail_none(t, CKO_PRIVATE_KEY, e);
    }
    *key = found.all[0];
    return object_is_only_one(t, &found, e);
}

#endif
