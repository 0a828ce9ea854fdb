// SPDX-License-Identifier: Apache-2.0
//
// What lies beside a list of files, or beside one that it names, looks as if it belonged to them,
// and is in no list.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file_path.h"
#include "manifest.h"
#include "os.h"
#include "text.h"

enum {
    NAMES_MOST = 10000, // in all folders
    FOLDERS_MOST = 64,
    LISTS_MOST = 64, // likewise
    LIST_BYTES = 256 * 1024,
    SAID = 4
};

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
    // What a build signs is left beside what it signed; keys of Secure Boot v1, beside the
    // bootloader.
    static const char *const others[] = {"-unsigned.bin", "-reflash-digest.bin", "-key-192.bin",
                                         "-key-256.bin", NULL};
    return *name != '.' && ends_with(name, ends) && !ends_with(name, others);
}

static bool is_list(const char *name)
{
    static const char *const ends[] = {".json", "SUMS", "sums.txt", "sums", "flash_args", NULL};
    return ends_with(name, ends) || strcmp(name, "flash_args") == 0 || strstr(name, "SUMS") == name;
}

// Names in folders, each with its folder before it: "", or "esp32/".
struct found {
    struct names firmware, lists;
    const char *folder; // that is read now
    size_t seen;
};

static void take_in_folder(struct names *names, const struct found *found, const char *name)
{
    add_name(names, arena_printf(names->arena, "%s%s", found->folder, name));
}

static bool take_name(void *ctx, const char *name)
{
    struct found *found = ctx;
    if (is_firmware(name)) {
        take_in_folder(&found->firmware, found, name);
    } else if (is_list(name) && found->lists.count < LISTS_MOST) {
        take_in_folder(&found->lists, found, name);
    }
    return ++found->seen < NAMES_MOST;
}

// Another list, and how long the name of its folder is.
struct other_list {
    struct other_list *next;
    const char *name, *text;
    size_t folder;
};

// The other lists, as they are: what stands in one is not stale.
static struct other_list *read_lists(struct arena *a, struct beside *beside,
                                     const struct found *found)
{
    struct other_list *first = NULL;
    for (size_t i = 0; i < found->lists.count; i++) {
        struct err ignored = ERR_NONE;
        const char *path, *name = found->lists.list[i];
        const char *text = strcmp(name, beside_file(beside)) != 0 &&
                                   beside_find(beside, name, &path) == BESIDE_IS_THERE
                               ? input_text(path, LIST_BYTES, a, &ignored)
                               : NULL;
        if (text != NULL) {
            struct other_list *list = ARENA_NEW(a, struct other_list);
            *list = (struct other_list){first, name, text, (size_t)(file_path_name(name) - name)};
            first = list;
        }
    }
    return first;
}

// A list names what is in its own folder and below.
static bool is_mentioned(const struct other_list *lists, const char *name)
{
    bool is = false;
    for (; lists != NULL && !is; lists = lists->next) {
        is = strncmp(lists->name, name, lists->folder) == 0 &&
             strstr(lists->text, name + lists->folder) != NULL;
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

// "./a//b" is a/b.
static const char *plain_path(struct arena *a, const char *path)
{
    char *plain = arena_string(a, path);
    size_t to = 0;
    for (size_t n = 0; *path != '\0'; path += n + (path[n] != '\0')) {
        for (n = 0; path[n] != '\0' && !os_is_separator(path[n]); n++) {
        }
        bool counts = n > 0 && !(n == 1 && *path == '.');
        if (counts && to > 0) {
            plain[to++] = '/';
        }
        for (size_t i = 0; i < n && counts; i++) {
            plain[to++] = path[i];
        }
    }
    plain[to] = '\0';
    return plain;
}

static struct names named(struct arena *a, const struct manifest *m)
{
    struct names names = {.arena = a};
    for (const struct manifest_build *b = m->builds; b != NULL; b = b->next) {
        for (const struct manifest_file *f = b->files; f != NULL; f = f->next) {
            add_name(&names, plain_path(a, f->path));
        }
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

// ---- Folders ------------------------------------------------------------------------------------

// Those that the list's files are in, below its own; each once.
static struct names folders_of(struct arena *a, const struct names *names)
{
    struct names all = {.arena = a}, folders = {.arena = a};
    for (size_t i = 0; i < names->count; i++) {
        size_t n = (size_t)(file_path_name(names->list[i]) - names->list[i]);
        if (n > 0) {
            add_name(&all, arena_copy(a, names->list[i], n));
        }
    }
    sort(&all);
    for (size_t i = 0; i < all.count && folders.count < FOLDERS_MOST; i++) {
        if (i == 0 || strcmp(all.list[i - 1], all.list[i]) != 0) {
            add_name(&folders, all.list[i]);
        }
    }
    return folders;
}

// What is in a folder that cannot be read, nobody can say.
static void look_into(struct beside *beside, struct found *found, const struct names *folders)
{
    const char *path;
    found->folder = "";
    (void)os_each_name(beside_path(beside, "."), take_name, found);
    for (size_t i = 0; i < folders->count && found->seen < NAMES_MOST; i++) {
        found->folder = folders->list[i];
        // A folder is no file; one that a link leads to is outside.
        if (beside_find(beside, found->folder, &path) == BESIDE_IS_NO_FILE) {
            (void)os_each_name(path, take_name, found);
        }
    }
}

const char *manifest_stale(struct arena *a, struct beside *beside, const struct manifest *m)
{
    struct found found = {.firmware = {.arena = a}, .lists = {.arena = a}};
    struct names names = named(a, m), folders = folders_of(a, &names), stale = {.arena = a};
    look_into(beside, &found, &folders);
    struct other_list *lists = read_lists(a, beside, &found);
    sort(&found.firmware);
    for (size_t i = 0; i < found.firmware.count && stale.count <= SAID; i++) {
        const char *name = found.firmware.list[i];
        if (!has_name(&names, name) && !is_mentioned(lists, name) &&
            strcmp(name, beside_file(beside)) != 0) {
            add_name(&stale, text_printable(a, name));
        }
    }
    size_t said = stale.count < SAID ? stale.count : SAID;
    return said == 0 ? NULL
                     : arena_printf(a, "%s%s", text_list(a, stale.list, said),
                                    stale.count > said ? ", ..." : "");
}
