// SPDX-License-Identifier: Apache-2.0
//
// A main for the harnesses where there is no libFuzzer: each file given is one input.
#include "fuzz.h"

// A harness may have one, as libFuzzer asks.
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return 0;
}

static int replay(const char *name)
{
    FILE *f = fopen(name, "rb");
    long size = -1;
    if (f != NULL && fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0) {
        rewind(f);
    }
    // Just as many bytes as there are, so that a sanitizer sees a read behind them.
    uint8_t *data = size < 0 ? NULL : malloc(size == 0 ? 1 : (size_t)size);
    bool good = data != NULL && fread(data, 1, (size_t)size, f) == (size_t)size;
    if (good) {
        (void)LLVMFuzzerTestOneInput(data, (size_t)size);
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
    (void)LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        failed |= replay(argv[i]);
    }
    fprintf(stderr, "%d file%s read\n", argc - 1, argc == 2 ? "" : "s");
    return failed;
}
