// SPDX-License-Identifier: Apache-2.0
#include "file_path.h"

#include "os.h"

const char *file_path_name(const char *path)
{
    const char *name = path + os_root(path);
    for (const char *p = name; *p != '\0'; p++) {
        name = os_is_separator(*p) ? p + 1 : name;
    }
    return name;
}

bool file_path_is_absolute(const char *path)
{
    return os_root(path) > 0;
}

bool file_path_is_name(const char *text)
{
    return *file_path_name(text) != '\0' ? file_path_name(text) == text : *text == '\0';
}

const char *file_path_beside(struct arena *a, const char *file, const char *path)
{
    int folder = (int)(file_path_name(file) - file);
    return folder == 0 || file_path_is_absolute(path)
               ? path
               : arena_printf(a, "%.*s%s", folder, file, path);
}
