// SPDX-License-Identifier: Apache-2.0
//
// The main function of `unit` and of `laws`, which each hold a folder's files, so that the library
// is linked once:
//
//   unit               the names there are, one for each test_NAME.c
//   unit NAME [WORD]   runs that file's tests; words are the file's own
//
// groups.h is written by CMake: a line GROUP(NAME) for each file.
#include <stdio.h>
#include <string.h>

typedef int group_fn(int argc, char **argv);

#define GROUP(name) group_fn unit_##name;
#include "groups.h"
#undef GROUP

static const struct {
    const char *name;
    group_fn *run;
} groups[] = {
#define GROUP(name) {#name, unit_##name},
#include "groups.h"
#undef GROUP
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (argc < 2) {
            puts(groups[i].name);
        } else if (strcmp(argv[1], groups[i].name) == 0) {
            return groups[i].run(argc - 1, argv + 1);
        }
    }
    if (argc > 1) {
        fprintf(stderr, "there are no tests %s; without a name they are listed\n", argv[1]);
    }
    return argc < 2 ? 0 : 2;
}
