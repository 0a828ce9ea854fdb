// SPDX-License-Identifier: Apache-2.0
//
// By what a file is known to be as it was, without reading it again.
#ifndef FILE_MARK_H
#define FILE_MARK_H

#include "os.h"

struct file_mark {
    struct os_info info;
    // A file that was written to so short a time ago could be written to again, and have the same
    // time: it counts as another one.
    bool settled;
};

struct file_mark file_mark_of(const struct os_info *info);
bool file_mark_is(const struct file_mark *mark, const struct os_info *info);

#endif
