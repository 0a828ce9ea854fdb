// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <stdarg.h>
#include <string.h>

#include "text.h"

// The words of a row.
enum { FIXED = 0, ALLOWABLE = 1 };
enum {
    NOBODY = 0,
#define ACTOR(symbol, name, title) symbol = WHO_##symbol,
#include "actors.def"
#undef ACTOR
};

const struct check checks[CHECK_COUNT] = {
#define CHECK(symbol, id, who, when, severity, allow, condition, follows, remedy)                  \
    [CHECK_##symbol] = {                                                                           \
        id,        CHECKS_OF, (who), WHEN_##when, SEVERITY_##severity, (allow) == ALLOWABLE,       \
        condition, follows,   remedy},
#include "checks.def"
#undef CHECK
};

const struct check_actor check_actors[CHECK_WHO_COUNT] = {
#define ACTOR(symbol, name, title) [ACTOR_##symbol] = {name, title},
#include "actors.def"
#undef ACTOR
};

const struct check_condition check_conditions[CHECK_WHEN_COUNT] = {
    [WHEN_ALWAYS] = {NULL, SEVERITY_WARN},
#define CONDITION(symbol, text, otherwise) [WHEN_##symbol] = {text, SEVERITY_##otherwise},
#include "conditions.def"
#undef CONDITION
};

const char *check_severity_name(enum check_severity severity)
{
    static const char *const names[] = {[SEVERITY_BRICK] = "brick",
                                        [SEVERITY_REJECT] = "reject",
                                        [SEVERITY_WARN] = "warn",
                                        [SEVERITY_NOTE] = "note"};
    return names[severity];
}

const char *check_who_text(struct arena *a, const struct check *check)
{
    const char *names[CHECK_WHO_COUNT];
    size_t n = 0;
    for (unsigned i = 0; i < CHECK_WHO_COUNT; i++) {
        if ((check->who >> i & 1) != 0) {
            names[n++] = check_actors[i].title;
        }
    }
    const char *who = n == 0 ? "nobody but a tool" : text_list(a, names, n);
    const char *follows = check->follows;
    if (check->when != WHEN_ALWAYS) {
        const struct check_condition *when = &check_conditions[check->when];
        who = arena_printf(a, "%s, only %s (elsewhere: %s)", who, when->text,
                           check_severity_name(when->otherwise));
    }
    return arena_printf(a, "%s%s%s", who, *follows == '\0' ? "" : ": ", follows);
}

bool check_refuse(struct err *e, enum check_id check, const char *message, ...)
{
    struct arena a = ARENA_EMPTY;
    va_list args;
    va_start(args, message);
    const char *text = arena_vprintf(&a, message, args);
    va_end(args);
    err_set(e, STATUS_NO, "%s; %s [%s]", text, checks[check].remedy, checks[check].id);
    arena_free(&a);
    return false;
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
