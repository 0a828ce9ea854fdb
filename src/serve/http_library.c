// SPDX-License-Identifier: Apache-2.0
#ifdef OTAPACK_HAVE_MICROHTTPD
#include "http_library.h"

#include "library.h"

// As Linux and the BSDs call it, and as macOS does, which does not look where Homebrew puts it.
static const char *const libraries[] = {
    "libmicrohttpd.so.12",
    "libmicrohttpd.12.dylib",
    "/opt/homebrew/lib/libmicrohttpd.12.dylib",
    "/usr/local/lib/libmicrohttpd.12.dylib",
    NULL,
};

#define SYMBOL(name, here) {#name, offsetof(struct http_library, here)},
static const struct library_symbol symbols[] = {HTTP_LIBRARY(SYMBOL)};
#undef SYMBOL

const struct http_library *http_library(struct err *e)
{
    static struct http_library library;
    static bool loaded;
    const char *missing = NULL;
    if (loaded) {
        return &library;
    }
    enum library_answer answer =
        library_load(libraries, symbols, sizeof(symbols) / sizeof(symbols[0]), &library, &missing);
    if (answer == LIBRARY_NOT_THERE) {
        err_set(e, STATUS_CANNOT,
                "serve needs libmicrohttpd, which is not installed; install libmicrohttpd12 "
                "(Homebrew: libmicrohttpd)");
    } else if (answer == LIBRARY_TOO_OLD) {
        err_set(e, STATUS_CANNOT,
                "the libmicrohttpd installed here has no %s; install version 0.9.75 or later",
                missing);
    }
    loaded = answer == LIBRARY_LOADED;
    return loaded ? &library : NULL;
}

#endif
