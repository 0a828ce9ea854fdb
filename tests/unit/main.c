// SPDX-License-Identifier: Apache-2.0
//
// All unit tests in one program, so that the library is linked once:
//
//   unit               the names there are, one for each test_NAME.c
//   unit NAME [WORD]   runs that file's tests; words are the file's own
//
// units.h is written by CMake: a line UNIT_NAMED(NAME) for each file.
#include <stdio.h>
#include <string.h>

typedef int unit_fn(int argc, char **argv);

#define UNIT_NAMED(name) unit_fn unit_##name;
#include "units.h"
#undef UNIT_NAMED

static const struct {
    const char *name;
    unit_fn *run;
} units[] = {
#define UNIT_NAMED(name) {#name, unit_##name},
#include "units.h"
#undef UNIT_NAMED
};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (argc < 2) {
            puts(units[i].name);
        } else if (strcmp(argv[1], units[i].name) == 0) {
            return units[i].run(argc - 1, argv + 1);
        }
    }
    if (argc > 1) {
        fprintf(stderr, "unit: there are no tests %s; without a name they are listed\n", argv[1]);
    }
    return argc < 2 ? 0 : 2;
}
