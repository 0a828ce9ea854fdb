// SPDX-License-Identifier: Apache-2.0
#include "extract.h"

#include <stdio.h>
#include <string.h>

#include "fd.h"
#include "os.h"
#include "part_file.h"

// Is it none of the files that are read?
bool extract_is_no_input(struct extract *x, const char *file)
{
    static const char *const inputs[] = {"decrypt-key", "passphrase-file"};
    bool used = false;
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        for (const char **input = args_values(x->args, inputs[i]); *input != NULL; input++) {
            used = used || fd_same_file(file, *input);
        }
    }
    return !input_is_named(x->image.input, file, x->e) &&
           (!used ||
            err_set(x->e, STATUS_CANNOT, "%s: is also an input; name another file to write", file));
}

// A file that was not named is not written over.
bool extract_is_new(struct extract *x, const char *file)
{
    struct os_info info;
    return !os_info(file, &info) ||
           err_set(x->e, STATUS_CANNOT, "%s: is there already" EXTRACT_NOT_OVER, file);
}

struct extract_parts extract_parts_of(struct extract *x, const struct node *parent,
                                      extract_takes_fn *takes, const char *folder)
{
    const char **files = part_files(&x->arena, parent);
    size_t count = 0;
    while (files[count] != NULL) {
        count++;
    }
    // Room for a recipe as well.
    struct extract_parts parts = {folder, arena_alloc(&x->arena, (count + 1) * sizeof(*parts.list)),
                                  0};
    for (const struct node *p = parent->parts; p != NULL; p = p->next, files++) {
        if (takes(p)) {
            parts.list[parts.count++] = (struct extract_part){*files, p->src};
        }
    }
    return parts;
}

static const char *path_in(struct extract *x, const struct extract_parts *parts, size_t i)
{
    return arena_printf(&x->arena, "%s/%s", parts->folder, parts->list[i].name);
}

// None of the files is the one that is read, nor, with `new_too`, there at all.
bool extract_are_free(struct extract *x, const struct extract_parts *parts, bool new_too)
{
    for (size_t i = 0; i < parts->count; i++) {
        const char *file = path_in(x, parts, i);
        if ((new_too && !extract_is_new(x, file)) || !extract_is_no_input(x, file)) {
            return false;
        }
    }
    return true;
}

bool extract_add(struct extract *x, struct output_folder *f, const struct extract_parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (!output_folder_add(f, parts->list[i].name, &parts->list[i].src, x->e)) {
            (void)input_good(x->image.input, x->e); // names the input where that is at fault
            return false;
        }
    }
    return true;
}

bool extract_commit(struct extract *x, struct output_folder *f, const struct extract_parts *parts)
{
    if (!output_folder_commit(f, x->e)) {
        return false;
    }
    for (size_t i = 0; i < parts->count; i++) {
        printf("%s\n", path_in(x, parts, i));
    }
    return true;
}

const char *extract_folder(struct arena *a, const char *name)
{
    size_t n = strlen(name);
    while (n > 1 && os_is_separator(name[n - 1])) {
        n--;
    }
    return arena_copy(a, name, n);
}
