// SPDX-License-Identifier: Apache-2.0
#include "open_tree.h"

#include "arrival.h"

// What could not be read is the tree's fault only if the input is good.
static bool is_read(struct opened *image, struct err *e)
{
    if (image->input != NULL && !input_good(image->input, e)) {
        open_tree_close(image);
    }
    return image->input != NULL;
}

bool open_tree(struct opened *image, const char *name, const struct read_options *options,
               struct arena *a, struct err *e)
{
    image->input = input_open(name, e);
    image->root = image->input == NULL ? NULL : read_tree(a, options, input_source(image->input));
    return is_read(image, e);
}

bool open_tree_judged(struct opened *image, const char *name, const struct read_options *options,
                      struct arena *a, struct err *e)
{
    struct read_options with_arrival = *options;
    struct arrival *arrival = NULL;
    struct input_tee tee = {arrival_push, &arrival};
    image->root = NULL;
    image->input = input_open_tee(name, &tee, e);
    if (image->input != NULL) {
        with_arrival.arrival = arrival;
        image->root = read_and_judge(a, &with_arrival, input_source(image->input));
    }
    arrival_free(arrival);
    return is_read(image, e);
}

void open_tree_close(struct opened *image)
{
    input_close(image->input);
    image->input = NULL;
}
