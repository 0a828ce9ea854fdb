// SPDX-License-Identifier: Apache-2.0
//
// The checks: one table behind `otapack help checks`, the manual, the JSON and --allow.
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>

#include "arena.h"
#include "err.h"

enum check_severity { SEVERITY_BRICK, SEVERITY_REJECT, SEVERITY_WARN, SEVERITY_NOTE };

// What is in these three files, the formats bring: CMake puts together what lies beside them.
//
// checks.def, of *.checks: CHECK(symbol, id, who, when, severity, allow, condition, follows,
// remedy)
//   Who: the code on a device that looks; NOBODY where only a tool does. When: what the device must
//   have for that. Severity: BRICK (it stops working, or reboots or reflashes for ever), REJECT (it
//   refuses the update), WARN (it takes it, and something is lost), NOTE (nothing). What nobody
//   looks at is BRICK or REJECT only where the device breaks all the same, and the row says what
//   follows. FIXED checks cannot be allowed: where they fail, there is nothing that could be read
//   or written; all others are ALLOWABLE.
//   CHECKS_OF is what those of a file are about.
// actors.def, of *.actors: ACTOR(symbol, name in the JSON, what a person says)
// conditions.def, of *.conditions: CONDITION(symbol, "looked at only ...", worth elsewhere)
enum check_id {
#define CHECK(symbol, id, who, when, severity, allow, condition, follows, remedy) CHECK_##symbol,
#include "checks.def"
#undef CHECK
    CHECK_COUNT,
};

enum check_actor_id {
#define ACTOR(symbol, name, title) ACTOR_##symbol,
#include "actors.def"
#undef ACTOR
    CHECK_WHO_COUNT, // at most 31
};

enum check_who { // a bit each
    WHO_NOBODY = 0,
#define ACTOR(symbol, name, title) WHO_##symbol = 1 << ACTOR_##symbol,
#include "actors.def"
#undef ACTOR
};

enum check_when {
    WHEN_ALWAYS,
#define CONDITION(symbol, text, otherwise) WHEN_##symbol,
#include "conditions.def"
#undef CONDITION
    CHECK_WHEN_COUNT
};

struct check {
    const char *id;
    const char *of; // what it is about: a heading
    unsigned who;   // of enum check_who
    enum check_when when;
    enum check_severity severity; // what happens on such a device where the condition does not hold
    bool allowable;
    const char *condition;
    const char *follows; // where nobody looks and it breaks all the same; "" otherwise
    const char *remedy;
};

// A condition on the device: "looked at only TEXT", and what the check is worth elsewhere.
struct check_condition {
    const char *text; // NULL: always
    enum check_severity otherwise;
};

struct check_actor {
    const char *name;  // as the JSON says it
    const char *title; // as a person says it
};

extern const struct check checks[CHECK_COUNT];
extern const struct check_condition check_conditions[CHECK_WHEN_COUNT];
extern const struct check_actor check_actors[CHECK_WHO_COUNT]; // by the number of their bit

const char *check_severity_name(enum check_severity severity);

// Who looks on a device, and when: "the bootloader, eboot, only on ...".
const char *check_who_text(struct arena *a, const struct check *check);

// The answer no, for which this check stands: "MESSAGE; REMEDY [ID]". False.
bool check_refuse(struct err *e, enum check_id check, const char *message, ...)
    __attribute__((format(printf, 3, 4)));

// The check with this ID, or CHECK_COUNT. *near, where not NULL, is what was probably meant.
enum check_id check_by_id(const char *id, const char **near);

#endif
