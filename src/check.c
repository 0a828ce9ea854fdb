// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <string.h>

#include "text.h"

enum { FIXED = 0, ALLOWABLE = 1 };

const struct check checks[CHECK_COUNT] = {
#define CHECK(symbol, id, severity, allow, condition, remedy)                                      \
    [CHECK_##symbol] = {id, SEVERITY_##severity, (allow) == ALLOWABLE, condition, remedy},
#include "checks.def"
#undef CHECK
};

const char *check_severity_name(enum check_severity severity)
{
    static const char *const names[] = {
        [SEVERITY_BRICK] = "brick", [SEVERITY_REJECT] = "reject", [SEVERITY_WARN] = "warn"};
    return names[severity];
}

enum check_id check_by_id(const char *id, const char **near)
{
    const char *ids[CHECK_COUNT];
    for (int i = 0; i < CHECK_COUNT; i++) {
        ids[i] = checks[i].id;
        if (strcmp(id, ids[i]) == 0) {
            return (enum check_id)i;
        }
    }
    if (near != NULL) {
        *near = text_nearest(id, ids, CHECK_COUNT);
    }
    return CHECK_COUNT;
}
