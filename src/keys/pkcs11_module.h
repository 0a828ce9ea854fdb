// SPDX-License-Identifier: Apache-2.0
//
// p11-kit, loaded when it is needed, and by it the modules (drivers of tokens) that a URI asks for.
#ifndef PKCS11_MODULE_H
#define PKCS11_MODULE_H

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include "err.h"

// What is used of p11-kit, without the prefix "p11_kit_".
#define PKCS11_KIT(FUNCTION)                                                                       \
    FUNCTION(be_quiet)                                                                             \
    FUNCTION(message)                                                                              \
    FUNCTION(strerror)                                                                             \
    FUNCTION(module_for_name)                                                                      \
    FUNCTION(module_load)                                                                          \
    FUNCTION(module_initialize)                                                                    \
    FUNCTION(module_finalize)                                                                      \
    FUNCTION(module_release)                                                                       \
    FUNCTION(modules_load_and_initialize)                                                          \
    FUNCTION(modules_finalize_and_release)                                                         \
    FUNCTION(uri_new)                                                                              \
    FUNCTION(uri_free)                                                                             \
    FUNCTION(uri_parse)                                                                            \
    FUNCTION(uri_format)                                                                           \
    FUNCTION(uri_message)                                                                          \
    FUNCTION(uri_any_unrecognized)                                                                 \
    FUNCTION(uri_get_attribute)                                                                    \
    FUNCTION(uri_get_attributes)                                                                   \
    FUNCTION(uri_set_attribute)                                                                    \
    FUNCTION(uri_get_token_info)                                                                   \
    FUNCTION(uri_get_slot_id)                                                                      \
    FUNCTION(uri_get_module_name)                                                                  \
    FUNCTION(uri_get_module_path)                                                                  \
    FUNCTION(uri_get_pin_source)                                                                   \
    FUNCTION(uri_get_pin_value)                                                                    \
    FUNCTION(uri_match_module_info)                                                                \
    FUNCTION(uri_match_slot_info)                                                                  \
    FUNCTION(uri_match_token_info)

struct pkcs11_kit {
#define PKCS11_MEMBER(name) __typeof__(p11_kit_##name) *(name);
    PKCS11_KIT(PKCS11_MEMBER)
#undef PKCS11_MEMBER
};

// NULL with `e` set where p11-kit is not installed.
const struct pkcs11_kit *pkcs11_kit(const char *name, struct err *e);

struct pkcs11_modules {
    CK_FUNCTION_LIST **list;       // to look into, ends in NULL
    CK_FUNCTION_LIST *only[2];     // what `list` is where the URI names one module
    CK_FUNCTION_LIST **registered; // all that p11-kit knows, where they were loaded
};

// `name` is the URI as messages have it. After a failure too, they are to be closed.
bool pkcs11_modules_open(const struct pkcs11_kit *kit, P11KitUri *uri, const char *name,
                         struct pkcs11_modules *out, struct err *e);
void pkcs11_modules_close(const struct pkcs11_kit *kit, struct pkcs11_modules *modules);

#endif
