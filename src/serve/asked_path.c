// SPDX-License-Identifier: Apache-2.0
#include "asked_path.h"

#include <stdbool.h>
#include <string.h>

static int hex_value(char c)
{
    static const char figures[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(figures, c >= 'A' && c <= 'F' ? c + 'a' - 'A' : c);
    return at == NULL ? -1 : (int)(at - figures);
}

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

// Undoes the escapes of the path, which ends at a query. NULL: it has one that is none.
static char *unescaped(struct arena *a, const char *text)
{
    size_t n = strcspn(text, "?#");
    char *out = arena_alloc(a, n + 1), *to = out;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < n ? hex_value(text[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_value(text[i + 2]);
            if (low < 0) {
                return NULL;
            }
            c = (char)(high << 4 | low);
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
