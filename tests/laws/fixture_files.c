// SPDX-License-Identifier: Apache-2.0
#include "fixture_files.h"

#include "run.h"

#include <ftw.h>
#include <sys/stat.h>

static struct fixture_files *filled; // nftw() has no context

static int collect(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    const char *dot = strrchr(name, '.');
    if (type == FTW_F && dot != NULL && strcmp(dot, ".bin") == 0 && !run_lacks(name)) {
        assert_true(filled->count < FIXTURE_FILES_MOST);
        filled->names[filled->count++] = strdup(name);
    }
    return 0;
}

int fixture_files_add(struct fixture_files *files, const char *folder)
{
    filled = files;
    return nftw(folder, collect, 16, 0);
}

void fixture_files_free(struct fixture_files *files)
{
    for (; files->count > 0; files->count--) {
        free(files->names[files->count - 1]);
    }
}
