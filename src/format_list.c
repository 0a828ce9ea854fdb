// SPDX-License-Identifier: Apache-2.0
#include "format_list.h"

#include "rule.h"
#include "when.h"

static const struct format *const list[] = {
#define X(name) &format_##name,
    FORMAT_LIST(X)
#undef X
};

const struct format_set formats = {list, sizeof(list) / sizeof(list[0]), rules_file, when_applies};
