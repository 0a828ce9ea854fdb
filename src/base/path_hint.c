// SPDX-License-Identifier: Apache-2.0
#include "path_hint.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "os.h"

// What a path has in it that only others read: a browser, a shell, another system.
static const struct {
    const char *word;
    bool begins; // is it only there at the beginning?
    const char *hint;
} hints[] = {
    {"http://", true, "this is a URL; download it first, and name the file"},
    {"https://", true, "this is a URL; download it first, and name the file"},
    {"file://", true, "this is a URL; write the path without file://"},
    {"~", true, "only a shell knows ~; write the whole path"},
    {"$", false, "$ stands for itself; only a recipe has variables, as ${NAME}"},
    {"\\", false, "write / between folders, not a backslash"},
};

const char *path_hint(const char *path)
{
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
        const char *at = strstr(path, hints[i].word);
        if (at != NULL && (at == path || !hints[i].begins) &&
            !(*at == '\\' && os_is_separator(*at))) {
            return hints[i].hint;
        }
    }
    return NULL;
}
