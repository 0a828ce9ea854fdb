// SPDX-License-Identifier: Apache-2.0
//
// All harnesses in one program where there is no libFuzzer, to read files that are there already:
//
//   replay NAME PATH...   fuzz_NAME.c reads each file, and each in these folders, once
//
// fuzzers.h is written by CMake: a line FUZZER_NAMED(NAME) for each harness, whose two functions
// are called NAME_one and NAME_begin here.
#include "fuzz.h"

#include <ftw.h>
#include <string.h>

typedef int one_fn(const uint8_t *data, size_t size);
typedef int begin_fn(int *argc, char ***argv);

#define FUZZER_NAMED(name)                                                                         \
    one_fn name##_one;                                                                             \
    begin_fn name##_begin __attribute__((weak)); // a harness may have one, as libFuzzer asks
#include "fuzzers.h"
#undef FUZZER_NAMED

static const struct harness {
    const char *name;
    one_fn *one;
    begin_fn *begin;
} harnesses[] = {
#define FUZZER_NAMED(name) {#name, name##_one, name##_begin},
#include "fuzzers.h"
#undef FUZZER_NAMED
};

static one_fn *reads;
static unsigned count;

static int replay(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)ftw;
    if (type == FTW_D) {
        return 0;
    }
    FILE *f = type == FTW_F ? fopen(name, "rb") : NULL;
    // Just as many bytes as there are, so that a sanitizer sees a read behind them.
    size_t size = (size_t)st->st_size;
    uint8_t *data = malloc(size == 0 ? 1 : size);
    bool good = f != NULL && data != NULL && fread(data, 1, size, f) == size;
    if (good) {
        (void)reads(data, size);
        count++;
    } else {
        fprintf(stderr, "%s: cannot be read\n", name);
    }
    free(data);
    if (f != NULL) {
        (void)fclose(f);
    }
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    int failed = 0;
    for (size_t i = 0; i < sizeof(harnesses) / sizeof(harnesses[0]); i++) {
        if (argc > 1 && strcmp(argv[1], harnesses[i].name) == 0) {
            reads = harnesses[i].one;
            if (harnesses[i].begin != NULL) {
                (void)harnesses[i].begin(&argc, &argv);
            }
        }
    }
    for (int i = 2; reads != NULL && i < argc; i++) {
        failed |= nftw(argv[i], replay, 16, FTW_PHYS) != 0;
    }
    fprintf(stderr, "%u files read\n", count);
    return failed || count == 0;
}
