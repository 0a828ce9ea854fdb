/* SPDX-License-Identifier: Apache-2.0 */
#include "update_version.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define VERSION_SIZE 32

/* What is left of a version; no character is looked at behind its end. */
struct rest {
    const char *at, *end;
};

static bool has_digit(const struct rest *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static struct rest rest_of(const char *version)
{
    const char *nul = memchr(version, '\0', VERSION_SIZE);
    struct rest r = {version, nul != NULL ? nul : version + VERSION_SIZE};
    r.at += r.at < r.end && (*r.at == 'v' || *r.at == 'V');
    return r;
}

/* Takes a number: its digits, however many, without the zeros in front. None is 0. */
static size_t take_number(struct rest *r, const char **digits)
{
    while (has_digit(r) && *r->at == '0') {
        r->at++;
    }
    *digits = r->at;
    while (has_digit(r)) {
        r->at++;
    }
    return (size_t)(r->at - *digits);
}

/* Goes behind a dot that a number follows; what else comes is the end. */
static void take_dot(struct rest *r)
{
    struct rest behind = {r->at + 1, r->end};
    *r = r->at < r->end && *r->at == '.' && has_digit(&behind) ? behind
                                                               : (struct rest){r->end, r->end};
}

enum update_order update_version_order(const char version[32], const char other[32])
{
    struct rest a = rest_of(version), b = rest_of(other);
    if (!has_digit(&a) || !has_digit(&b)) {
        return ORDER_NONE;
    }
    while (has_digit(&a) || has_digit(&b)) {
        const char *digits_a, *digits_b;
        size_t na = take_number(&a, &digits_a), nb = take_number(&b, &digits_b);
        int order = na != nb ? (na < nb ? -1 : 1) : memcmp(digits_a, digits_b, na);
        if (order != 0) {
            return order < 0 ? ORDER_OLDER : ORDER_NEWER;
        }
        take_dot(&a);
        take_dot(&b);
    }
    return ORDER_SAME;
}
