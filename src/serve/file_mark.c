// SPDX-License-Identifier: Apache-2.0
#include "file_mark.h"

enum { SETTLED_NANOSECONDS = 1000000000 };

struct file_mark file_mark_of(const struct os_info *info)
{
    return (struct file_mark){*info, os_now() - info->modified > SETTLED_NANOSECONDS};
}

bool file_mark_is(const struct file_mark *mark, const struct os_info *info)
{
    const struct os_info *was = &mark->info;
    return mark->settled && was->volume == info->volume && was->number == info->number &&
           was->size == info->size && was->modified == info->modified;
}
