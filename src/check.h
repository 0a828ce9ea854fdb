// SPDX-License-Identifier: Apache-2.0
//
// The rows of checks.def, and how a format says what it found.
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stddef.h>

enum check_severity { SEVERITY_BRICK, SEVERITY_REJECT, SEVERITY_WARN };

enum check_id {
#define CHECK(symbol, id, severity, allow, condition, remedy) CHECK_##symbol,
#include "checks.def"
#undef CHECK
    CHECK_COUNT,
};

struct check {
    const char *id;
    enum check_severity severity;
    bool allowable;
    const char *condition, *remedy;
};

extern const struct check checks[CHECK_COUNT];

const char *check_severity_name(enum check_severity severity);

// The check with this ID, or CHECK_COUNT. *near, where not NULL, is what was probably meant.
enum check_id check_by_id(const char *id, const char **near);

#endif
