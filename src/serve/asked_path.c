// SPDX-License-Identifier: Apache-2.0
#include "asked_path.h"

#include <string.h>

#include "text.h"

// What stands behind the host; as it is where there is none. NULL: it is no address of a file.
static const char *behind_host(const char *target)
{
    const char *host = strstr(target, "://");
    if (*target == '/') {
        return target;
    }
    return host == NULL ? NULL : strchr(host + strlen("://"), '/');
}

// A character is none that a path on any system takes for something else, nor one of control.
static bool is_of_name(char c)
{
    return (unsigned char)c >= ' ' && c != 0x7F && c != '\\' && c != ':';
}

bool asked_path_is_name(const char *name)
{
    const char *c = name;
    while (*c != '\0' && is_of_name(*c)) {
        c++;
    }
    return *name != '.' && *name != '\0' && *c == '\0' && strlen(name) < ASKED_PATH_MOST;
}

// Undoes the escapes of the path, which ends at a query. NULL: it has one that is none.
static char *unescaped(struct arena *a, const char *text)
{
    size_t n = strcspn(text, "?#");
    char *out = arena_alloc(a, n + 1), *to = out;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%') {
            int byte = text_hex_byte(text + i + 1);
            if (byte < 0) {
                return NULL;
            }
            c = (char)byte;
            i += 2;
        }
        if (!is_of_name(c)) {
            return NULL;
        }
        *to++ = c;
    }
    return out;
}

const char *asked_path(struct arena *a, const char *target)
{
    const char *path = behind_host(target);
    char *text = path == NULL || strlen(path) > ASKED_PATH_MOST ? NULL : unescaped(a, path);
    if (text == NULL) {
        return NULL;
    }
    char *out = arena_alloc(a, strlen(text) + 1), *to = out;
    for (const char *name = text; *name != '\0';) {
        size_t n = strcspn(name, "/");
        if (*name == '.') { // this folder, the one above it, what is hidden
            return NULL;
        }
        if (n > 0) {
            to += to == out ? 0 : 1;
            memcpy(to, name, n);
            to += n;
            *to = '/';
        }
        name += n + (name[n] == '/');
    }
    *to = '\0'; // an address that ends in a slash names the same
    return to == out ? NULL : out;
}
