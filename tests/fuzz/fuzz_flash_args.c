// SPDX-License-Identifier: Apache-2.0
//
// The text of a flash_args file: what is taken are at most the three parts, each once; what is not,
// is refused with its place in the file and the check that failed.
#include "fuzz_file.h"

#include "flash_args.h"
#include "rcp_part.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_folder_make();
    return 0;
}

static void law_taken(const struct flash_args *args)
{
    LAW(args->count > 0 && args->count <= FLASH_ARGS_MOST);
    for (size_t i = 0; i < args->count; i++) {
        LAW(rcp_part_is_flashed(args->records[i].tag));
        for (size_t k = 0; k < i; k++) {
            LAW(args->records[i].tag != args->records[k].tag);
        }
    }
}

static void law_refused(const struct err *e)
{
    const char *file = fuzz_file(FUZZ_INPUT);
    LAW(e->status == STATUS_NO || e->status == STATUS_CANNOT);
    LAW(strncmp(e->text, file, strlen(file)) == 0 && strchr(e->text, '\n') == NULL);
    LAW((e->status == STATUS_NO) == (strstr(e->text, "[rcp-flash-args]") != NULL) ||
        strlen(e->text) > 900); // cut off
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = ARENA_EMPTY;
    struct err e = ERR_NONE;
    struct flash_args args;
    // As a build folder has them: the paths in the text are relative to it.
    struct recipe_rcp rcp = {.build_dir = fuzz_folder,
                             .flash_args = fuzz_file(FUZZ_INPUT),
                             .bootloader.file = fuzz_file(FUZZ_BOOTLOADER),
                             .partition_table.file = fuzz_file(FUZZ_TABLE),
                             .firmware.file = fuzz_file(FUZZ_FIRMWARE)};
    fuzz_file_write(FUZZ_INPUT, data, size);
    if (flash_args_read(&rcp, &a, &args, &e)) {
        law_taken(&args);
    } else {
        law_refused(&e);
    }
    arena_free(&a);
    return 0;
}
