// SPDX-License-Identifier: Apache-2.0
//
// For harnesses of what reads its text from a file: a folder of its own, gone at the end. The
// working folder stays, because libFuzzer's own paths may be relative to it.
#ifndef FUZZ_FILE_H
#define FUZZ_FILE_H

#include "fuzz.h"

#include <unistd.h>

static char fuzz_folder[] = "/tmp/otapack-fuzz.XXXXXX";

enum { FUZZ_INPUT, FUZZ_BOOTLOADER, FUZZ_TABLE, FUZZ_FIRMWARE, FUZZ_FILES };

// The path of one of the files in the folder.
static inline const char *fuzz_file(int which)
{
    static const char *const names[] = {"input", "bootloader.bin", "table.bin", "firmware.bin"};
    static char paths[FUZZ_FILES][64];
    (void)snprintf(paths[which], sizeof(paths[which]), "%s/%s", fuzz_folder, names[which]);
    return paths[which];
}

static inline void fuzz_folder_remove(void)
{
    for (int i = 0; i < FUZZ_FILES; i++) {
        (void)unlink(fuzz_file(i));
    }
    (void)rmdir(fuzz_folder);
}

static inline void fuzz_file_write(int which, const void *bytes, size_t n)
{
    FILE *f = fopen(fuzz_file(which), "wb");
    LAW(f != NULL && fwrite(bytes, 1, n, f) == n && fclose(f) == 0);
}

// Nothing is read from standard input from here on, whatever a path says.
static inline void fuzz_folder_make(void)
{
    LAW(mkdtemp(fuzz_folder) != NULL && freopen("/dev/null", "r", stdin) != NULL);
    for (int i = 0; i < FUZZ_FILES; i++) {
        fuzz_file_write(i, "", 0);
    }
    (void)atexit(fuzz_folder_remove);
}

#endif
