// SPDX-License-Identifier: Apache-2.0
#include "open_tree.h"

#include <string.h>

// What something in it could not be read for, where the file is not at fault; NULL: nothing.
static const char *cannot(const struct node *n)
{
    const char *text = n->cannot;
    for (const struct node *part = n->parts; part != NULL && text == NULL; part = part->next) {
        text = cannot(part);
    }
    return text;
}

// What could not be read is the tree's fault only if the input is good, and all that reads it.
static bool is_good(const struct opened *image, struct err *e)
{
    const char *text = cannot(image->root);
    return input_good(image->input, e) && beside_good(image->beside, e) &&
           (text == NULL || err_set(e, STATUS_CANNOT, "%s: %s", input_name(image->input), text));
}

static bool is_read(struct opened *image, struct err *e)
{
    if (image->input != NULL && !is_good(image, e)) {
        open_tree_close(image);
    }
    return image->input != NULL;
}

// The options, with the folder in which the file lies.
static const struct read_options *look_beside(struct opened *image, const char *name,
                                              const struct read_options *options, struct arena *a)
{
    struct read_options *with = ARENA_NEW(a, struct read_options);
    *with = *options;
    image->beside = strcmp(name, "-") == 0 ? NULL : beside_new(a, name);
    with->beside = image->beside;
    return with;
}

static bool open_it(struct opened *image, const char *name, const struct read_options *options,
                    struct arena *a, struct err *e)
{
    image->input = input_open(name, e);
    image->root = image->input == NULL ? NULL : read_tree(a, options, input_source(image->input));
    return is_read(image, e);
}

bool open_tree(struct opened *image, const char *name, const struct read_options *options,
               struct arena *a, struct err *e)
{
    return open_it(image, name, look_beside(image, name, options, a), a, e);
}

bool open_tree_judged(struct opened *image, const char *name, const struct read_options *options,
                      struct arena *a, struct err *e)
{
    return open_tree_looked_at(image, name, options, NULL, a, e);
}

bool open_tree_looked_at(struct opened *image, const char *name, const struct read_options *options,
                         const struct tree_look *by, struct arena *a, struct err *e)
{
    options = look_beside(image, name, options, a);
    bool good = open_it(image, name, options, a, e);
    if (good && by != NULL) {
        by->look(by->context, a, image->root);
    }
    if (good) {
        judge_tree(a, options, image->root);
    }
    return good && is_read(image, e);
}

void open_tree_close(struct opened *image)
{
    beside_close(image->beside);
    image->beside = NULL;
    input_close(image->input);
    image->input = NULL;
}
