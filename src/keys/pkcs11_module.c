// SPDX-License-Identifier: Apache-2.0
#ifdef OTAPACK_HAVE_P11KIT
#include "pkcs11_module.h"

#include <stddef.h>

#include "library.h"

// As Linux and the BSDs call it, and as macOS does, which does not look where Homebrew puts it.
static const char *const libraries[] = {
    "libp11-kit.so.0",
    "libp11-kit.0.dylib",
    "/opt/homebrew/lib/libp11-kit.0.dylib",
    "/usr/local/lib/libp11-kit.0.dylib",
    NULL,
};

#define SYMBOL(name) {"p11_kit_" #name, offsetof(struct pkcs11_kit, name)},
static const struct library_symbol symbols[] = {PKCS11_KIT(SYMBOL)};
#undef SYMBOL

const struct pkcs11_kit *pkcs11_kit(const char *name, struct err *e)
{
    static struct pkcs11_kit kit;
    static bool loaded;
    if (loaded) {
        return &kit;
    }
    const char *missing = NULL;
    enum library_answer answer =
        library_load(libraries, symbols, sizeof(symbols) / sizeof(symbols[0]), &kit, &missing);
    if (answer == LIBRARY_NOT_THERE) {
        err_set(e, STATUS_CANNOT,
                "%s: keys in tokens need p11-kit, which is not installed; install libp11-kit0 "
                "(Homebrew: p11-kit)",
                name);
    } else if (answer == LIBRARY_TOO_OLD) {
        err_set(e, STATUS_CANNOT,
                "%s: the p11-kit installed here has no %s; install version 0.24 or later", name,
                missing);
    } else {
        kit.be_quiet(); // it would write to standard error in its own form
        loaded = true;
    }
    return loaded ? &kit : NULL;
}

static const char *last_message(const struct pkcs11_kit *kit)
{
    const char *message = kit->message();
    return message == NULL ? "no reason given" : message;
}

static bool open_path(const struct pkcs11_kit *kit, const char *path, const char *name,
                      struct pkcs11_modules *out, struct err *e)
{
    CK_FUNCTION_LIST *module = kit->module_load(path, 0);
    if (module == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "%s: cannot load the PKCS#11 module %s: %s; check module-path", name, path,
                       last_message(kit));
    }
    CK_RV rv = kit->module_initialize(module);
    if (rv != CKR_OK) {
        kit->module_release(module);
        return err_set(e, STATUS_CANNOT,
                       "%s: the PKCS#11 module %s does not start: %s (0x%lx); check how it is set "
                       "up",
                       name, path, kit->strerror(rv), rv);
    }
    out->only[0] = module;
    out->list = out->only;
    return true;
}

static bool open_registered(const struct pkcs11_kit *kit, const char *module, const char *name,
                            struct pkcs11_modules *out, struct err *e)
{
    out->list = out->registered = kit->modules_load_and_initialize(0);
    if (out->registered == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the registered PKCS#11 modules do not start: %s; name one with "
                       "module-path=",
                       name, last_message(kit));
    }
    if (module == NULL) {
        return true;
    }
    out->only[0] = kit->module_for_name(out->registered, module);
    out->list = out->only;
    return out->only[0] != NULL ||
           err_set(e, STATUS_CANNOT,
                   "%s: no PKCS#11 module '%s' is registered; see p11-kit list-modules, or name "
                   "its file with module-path=",
                   name, module);
}

bool pkcs11_modules_open(const struct pkcs11_kit *kit, P11KitUri *uri, const char *name,
                         struct pkcs11_modules *out, struct err *e)
{
    const char *path = kit->uri_get_module_path(uri);
    *out = (struct pkcs11_modules){0};
    return path != NULL ? open_path(kit, path, name, out, e)
                        : open_registered(kit, kit->uri_get_module_name(uri), name, out, e);
}

void pkcs11_modules_close(const struct pkcs11_kit *kit, struct pkcs11_modules *modules)
{
    if (modules->registered != NULL) {
        kit->modules_finalize_and_release(modules->registered);
    } else if (modules->only[0] != NULL) {
        (void)kit->module_finalize(modules->only[0]);
        kit->module_release(modules->only[0]);
    }
    *modules = (struct pkcs11_modules){0};
}

#endif
