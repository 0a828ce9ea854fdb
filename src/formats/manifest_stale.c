// SPDX-License-Identifier: Apache-2.0
//
// What lies beside a list of files, looks as if it belonged to them, and is in no list.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file_path.h"
#include "manifest.h"
#include "os.h"
#include "text.h"

enum { NAMES_MOST = 10000, SAID = 4, LISTS_MOST = 64, LIST_BYTES = 256 * 1024 };

struct names {
    struct arena *arena;
    const char **list;
    size_t count, room;
};

static void add_name(struct names *names, const char *name)
{
    if (names->count == names->room) {
        names->room = names->room == 0 ? 64 : 2 * names->room;
        names->list = arena_resize(names->arena, names->list, names->room * sizeof(const char *));
    }
    names->list[names->count++] = name;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_name(const struct names *names, const char *name)
{
    return names->count > 0 &&
           bsearch(&name, names->list, names->count, sizeof(name), by_name) != NULL;
}

static bool ends_with(const char *name, const char *const *ends)
{
    for (size_t n = strlen(name); *ends != NULL; ends++) {
        size_t m = strlen(*ends);
        if (n > m && strcasecmp(name + n - m, *ends) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_firmware(const char *name)
{
    static const char *const ends[] = {".bin", ".ota", ".zigbee", ".img", ".uf2", ".bin.gz", NULL};
    // What a build signs is left beside what it signed.
    static const char *const others[] = {"-unsigned.bin", NULL};
    return *name != '.' && ends_with(name, ends) && !ends_with(name, others);
}

static bool is_list(const char *name)
{
    static const char *const ends[] = {".json", "SUMS", "sums.txt", "sums", "flash_args", NULL};
    return ends_with(name, ends) || strcmp(name, "flash_args") == 0 || strstr(name, "SUMS") == name;
}

struct folder {
    struct names firmware, lists;
    size_t seen;
};

static bool take_name(void *ctx, const char *name)
{
    struct folder *folder = ctx;
    if (is_firmware(name)) {
        add_name(&folder->firmware, arena_string(folder->firmware.arena, name));
    } else if (is_list(name) && folder->lists.count < LISTS_MOST) {
        add_name(&folder->lists, arena_string(folder->lists.arena, name));
    }
    return ++folder->seen < NAMES_MOST;
}

// The other lists beside it, as they are: what stands in one is not stale.
static struct names read_lists(struct arena *a, struct beside *beside, const struct folder *folder)
{
    struct names texts = {.arena = a};
    for (size_t i = 0; i < folder->lists.count; i++) {
        struct err ignored = ERR_NONE;
        const char *path, *name = folder->lists.list[i];
        if (strcmp(name, beside_file(beside)) != 0 &&
            beside_find(beside, name, &path) == BESIDE_IS_THERE) {
            const char *text = input_text(path, LIST_BYTES, a, &ignored);
            if (text != NULL) {
                add_name(&texts, text);
            }
        }
    }
    return texts;
}

static bool is_mentioned(const struct names *texts, const char *name)
{
    bool is = false;
    for (size_t i = 0; i < texts->count && !is; i++) {
        is = strstr(texts->list[i], name) != NULL;
    }
    return is;
}

static void add_build(struct names *names, const struct manifest_build *b)
{
    for (const struct manifest_file *f = b->files; f != NULL; f = f->next) {
        add_name(names, strncmp(f->path, "./", 2) == 0 ? f->path + 2 : f->path);
    }
}

static void sort(struct names *names)
{
    if (names->count > 0) {
        qsort(names->list, names->count, sizeof(const char *), by_name);
    }
}

static struct names named(struct arena *a, const struct manifest *m)
{
    struct names names = {.arena = a};
    for (const struct manifest_build *b = m->builds; b != NULL; b = b->next) {
        add_build(&names, b);
    }
    sort(&names);
    return names;
}

const char *manifest_twice(struct arena *a, const struct manifest_build *b)
{
    struct names names = {.arena = a};
    add_build(&names, b);
    sort(&names);
    for (size_t i = 1; i < names.count; i++) {
        if (strcmp(names.list[i - 1], names.list[i]) == 0) {
            return text_printable(a, names.list[i]);
        }
    }
    return NULL;
}

const char *manifest_stale(struct arena *a, struct beside *beside, const struct manifest *m)
{
    struct folder folder = {.firmware = {.arena = a}, .lists = {.arena = a}};
    struct names names = named(a, m), stale = {.arena = a};
    if (!os_each_name(beside_path(beside, "."), take_name, &folder) || folder.firmware.count == 0) {
        return NULL;
    }
    struct names texts = read_lists(a, beside, &folder);
    sort(&folder.firmware);
    for (size_t i = 0; i < folder.firmware.count && stale.count <= SAID; i++) {
        const char *name = folder.firmware.list[i];
        if (!has_name(&names, name) && !is_mentioned(&texts, name) &&
            strcmp(name, beside_file(beside)) != 0) {
            add_name(&stale, text_printable(a, name));
        }
    }
    size_t said = stale.count < SAID ? stale.count : SAID;
    return said == 0 ? NULL
                     : arena_printf(a, "%s%s", text_list(a, stale.list, said),
                                    stale.count > said ? ", ..." : "");
}
