// SPDX-License-Identifier: Apache-2.0
#ifdef OTAPACK_LOADS_LIBRARIES
#include "library.h"

#include <dlfcn.h>
#include <string.h>

enum library_answer library_load(const char *const *names, const struct library_symbol *symbols,
                                 size_t count, void *to, const char **missing)
{
    void *library = NULL;
    for (size_t i = 0; library == NULL && names[i] != NULL; i++) {
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    }
    for (size_t i = 0; library != NULL && i < count; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (address == NULL) {
            *missing = symbols[i].name;
            return LIBRARY_TOO_OLD;
        }
        memcpy((char *)to + symbols[i].at, &address, sizeof(address));
    }
    return library == NULL ? LIBRARY_NOT_THERE : LIBRARY_LOADED;
}

#endif
