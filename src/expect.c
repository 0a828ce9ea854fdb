// SPDX-License-Identifier: Apache-2.0
#include "expect.h"

#include <ctype.h>
#include <string.h>

#include "path.h"
#include "text.h"

enum { PART_MOST = 512 };

enum op { OP_EXISTS, OP_EQ, OP_NE, OP_LE, OP_GE, OP_LT, OP_GT, OP_CONTAINS };

static const struct {
    const char *text;
    enum op op;
} ops[] = {
    // Two characters before one, so that <= is not read as <.
    {"!=", OP_NE}, {"<=", OP_LE}, {">=", OP_GE}, {"==", OP_EQ},
    {"=", OP_EQ},  {"<", OP_LT},  {">", OP_GT},  {"~", OP_CONTAINS},
};

struct expression {
    char path[PART_MOST];
    enum op op;
    char value[PART_MOST];
};

static bool copy_trimmed(char *to, const char *from, size_t n)
{
    while (n > 0 && isspace((unsigned char)from[0])) {
        from++;
        n--;
    }
    while (n > 0 && isspace((unsigned char)from[n - 1])) {
        n--;
    }
    if (n >= PART_MOST) {
        return false;
    }
    memcpy(to, from, n);
    to[n] = '\0';
    return true;
}

// Takes one pair of quotes off; they keep blanks and what looks like an operator. False for a value
// that is empty, begins with an operator, or opens quotes that it does not close.
static bool unquote(char *value)
{
    size_t n = strlen(value);
    if (value[0] != '"' && value[0] != '\'') {
        return n > 0 && strchr("=!<>~", value[0]) == NULL;
    }
    if (n < 2 || value[n - 1] != value[0]) {
        return false;
    }
    memmove(value, value + 1, n - 2);
    value[n - 2] = '\0';
    return true;
}

static bool parse(const char *text, struct expression *x, struct err *e)
{
    size_t at = strcspn(text, "=!<>~");
    size_t length = 0;
    x->op = OP_EXISTS;
    x->value[0] = '\0';
    for (size_t i = 0; text[at] != '\0' && length == 0 && i < sizeof(ops) / sizeof(ops[0]); i++) {
        if (strncmp(text + at, ops[i].text, strlen(ops[i].text)) == 0) {
            x->op = ops[i].op;
            length = strlen(ops[i].text);
        }
    }
    bool good = copy_trimmed(x->path, text, at) && x->path[0] != '\0' &&
                (text[at] == '\0' || length > 0) &&
                copy_trimmed(x->value, text + at + length, strlen(text + at + length)) &&
                (x->op == OP_EXISTS || unquote(x->value));
    if (!good) {
        return err_set(e, STATUS_CANNOT,
                       "'%s' is no expectation; write PATH OP VALUE, with OP one of = != < <= > >= "
                       "~, as in 'firmware.chip = esp32h2'",
                       text);
    }
    return path_parse(x->path, e);
}

bool expect_parse(const char *expression, struct err *e)
{
    struct expression x;
    return parse(expression, &x, e);
}

static bool is_number(const struct field *f)
{
    return f->kind != FIELD_STRING && f->kind != FIELD_BYTES && f->kind != FIELD_BOOL;
}

// How a field stands to the value: -1, 0, 1. Numbers as numbers, the rest as versions.
static int order(const struct field *f, const char *value)
{
    uint64_t number;
    if (is_number(f) && text_number(value, &number)) {
        return f->number < number ? -1 : f->number > number;
    }
    return text_compare_versions(f->text, value);
}

// = on text means the same text, though versions such as v1.2 and 1.2 rank as equal.
static bool equal(const struct field *f, const char *value)
{
    uint64_t number;
    return is_number(f) && text_number(value, &number) ? f->number == number
                                                       : strcmp(f->text, value) == 0;
}

// Numbers have an order among numbers, texts and revisions among what begins like a version.
static bool has_order(const struct field *f, const char *value)
{
    uint64_t number;
    bool version = isdigit((unsigned char)value[*value == 'v' || *value == 'V']);
    return f->kind == FIELD_STRING || f->kind == FIELD_REVISION
               ? version
               : is_number(f) && text_number(value, &number);
}

static bool holds(const struct field *f, const struct expression *x)
{
    switch (x->op) {
    case OP_EXISTS:
        return true;
    case OP_EQ:
        return equal(f, x->value);
    case OP_NE:
        return !equal(f, x->value);
    case OP_LE:
        return order(f, x->value) <= 0;
    case OP_GE:
        return order(f, x->value) >= 0;
    case OP_LT:
        return order(f, x->value) < 0;
    case OP_GT:
        return order(f, x->value) > 0;
    case OP_CONTAINS:
        return strstr(f->text, x->value) != NULL;
    }
    return false;
}

bool expect_holds(struct node *root, const char *expression, struct err *e)
{
    struct expression x;
    struct place_in_tree place;
    struct err lost = ERR_NONE;
    if (!parse(expression, &x, e)) {
        return false;
    }
    if (!path_find(root, x.path, &place, &lost)) {
        return err_set(e, STATUS_NO, "expected %s: %s", expression, lost.text);
    }
    if (x.op == OP_EXISTS) {
        return true;
    }
    if (place.field == NULL) {
        return err_set(e, STATUS_CANNOT,
                       "expected %s: %s is a part, not a value; name one of its fields", expression,
                       x.path);
    }
    bool orders = x.op == OP_LT || x.op == OP_LE || x.op == OP_GT || x.op == OP_GE;
    if (orders && !has_order(place.field, x.value)) {
        return err_set(e, STATUS_CANNOT,
                       "expected %s: %s has no order beside '%s'; use = or != or ~", expression,
                       x.path, x.value);
    }
    if (!holds(place.field, &x)) {
        struct arena a = ARENA_EMPTY;
        err_set(e, STATUS_NO, "expected %s, but it is %s; correct the image or the expectation",
                expression, text_printable(&a, place.field->text));
        arena_free(&a);
        return false;
    }
    return true;
}
