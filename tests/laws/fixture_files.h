// SPDX-License-Identifier: Apache-2.0
//
// The .bin files of the fixtures, for laws that go through them: but for those that this build
// lacks a library for.
#ifndef FIXTURE_FILES_H
#define FIXTURE_FILES_H

#include <stddef.h>

enum { FIXTURE_FILES_MOST = 2000 };

struct fixture_files {
    char *names[FIXTURE_FILES_MOST];
    size_t count;
};

// Adds those of a folder, with all that is in it. Returns 0, as nftw() does.
int fixture_files_add(struct fixture_files *files, const char *folder);
void fixture_files_free(struct fixture_files *files);

#endif
