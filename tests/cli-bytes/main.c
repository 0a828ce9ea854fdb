// SPDX-License-Identifier: Apache-2.0
//
// The bytes of the scripts in tests/: numbers out of a file, bytes into it, and what an image needs
// to be right again after a change. tests/cli-lib.sh has a function for each operation:
//
//   cli-bytes OPERATION ARGUMENT...
//
// It knows the byte formats a little, on purpose, and has nothing of otapack's own code: what a
// test expects must not come from the program under test. One call does what a script would need a
// dozen programs for. Exit status: 0; 1 where what is looked for is not there; 2 for anything else.
#include "data.h"
#include "operations.h"

#include <stdio.h>
#include <string.h>

static const struct operation {
    const char *name;
    int least, most; // arguments; -1: any number
    operation_fn *run;
} operations[] = {
#define OPERATION(name, least, most, run) {name, least, most, run},
#include "operations.def"
#undef OPERATION
};

int main(int argc, char **argv)
{
    if (argc < 2)
        die("OPERATION ARGUMENT...", "usage");
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        const struct operation *o = &operations[i];
        if (strcmp(argv[1], o->name) != 0)
            continue;
        if (argc - 2 < o->least || (o->most >= 0 && argc - 2 > o->most))
            die("has another number of arguments", o->name);
        int status = o->run(argv + 2);
        if (fflush(stdout) != 0)
            die_system("standard output");
        return status;
    }
    die("is no operation", argv[1]);
}
