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

// "v3.1": a revision, major * 100 + minor.
static bool is_revision(const char *text, uint64_t *out)
{
    const char *plain = text + (*text == 'v' || *text == 'V');
    const char *dot = strchr(plain, '.');
    char major[8];
    uint64_t n, k;
    if (dot == NULL || (size_t)(dot - plain) >= sizeof(major)) {
        return false;
    }
    memcpy(major, plain, (size_t)(dot - plain));
    major[dot - plain] = '\0';
    *out = 0;
    if (!text_number(major, &n) || !text_number(dot + 1, &k) || n > UINT16_MAX || k > UINT16_MAX) {
        return false;
    }
    *out = n * 100 + k;
    return true;
}

// What a field holds where the value says bytes with a unit, "8MB": a size by its name, or a number
// of bytes.
static bool in_bytes(const struct field *f, uint64_t *out)
{
    char name[16];
    size_t n = strcspn(f->text, "-"); // the ESP8266's 2MB-c1
    if (f->kind != FIELD_ENUM) {
        *out = f->number;
        return is_number(f);
    }
    if (n >= sizeof(name)) {
        return false;
    }
    memcpy(name, f->text, n);
    name[n] = '\0';
    return text_bytes(name, out);
}

// A lowest revision that is not set is below all others.
static uint64_t revision_of(const struct field *f)
{
    bool unset = strcmp(f->text, "any") == 0 && strncmp(f->name, "min", 3) == 0;
    return unset ? 0 : f->number;
}

// Field and value as two numbers: plain ones, revisions, sizes. False where they are none.
static bool as_numbers(const struct field *f, const char *value, uint64_t *is, uint64_t *wanted)
{
    if (is_number(f) && text_number(value, wanted)) {
        *is = f->number;
        return true;
    }
    if (f->kind == FIELD_REVISION) {
        *is = revision_of(f);
        return is_revision(value, wanted);
    }
    return text_bytes(value, wanted) && in_bytes(f, is);
}

// How a field stands to the value: -1, 0, 1. Numbers as numbers, the rest as versions.
static int order(const struct field *f, const char *value)
{
    uint64_t is, wanted;
    if (as_numbers(f, value, &is, &wanted)) {
        return is < wanted ? -1 : is > wanted;
    }
    return text_compare_versions(f->text, value);
}

// = on text means the same text, though versions such as v1.2 and 1.2 rank as equal.
static bool equal(const struct field *f, const char *value)
{
    uint64_t is, wanted;
    return as_numbers(f, value, &is, &wanted) ? is == wanted : strcmp(f->text, value) == 0;
}

// Numbers have an order among numbers, sizes among sizes, texts among what begins like a version.
static bool has_order(const struct field *f, const char *value)
{
    uint64_t is, wanted;
    bool version = isdigit((unsigned char)value[*value == 'v' || *value == 'V']);
    return f->kind == FIELD_STRING ? version : as_numbers(f, value, &is, &wanted);
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

static bool holds_in(struct arena *a, struct node *root, const char *expression, struct err *e)
{
    struct expression x;
    struct place_in_tree place;
    struct err lost = ERR_NONE;
    if (!parse(expression, &x, e)) {
        return false;
    }
    if (!path_find(a, root, x.path, &place, &lost)) {
        bool unread = place.node->needs != 0;
        return err_set(e, unread ? STATUS_CANNOT : STATUS_NO, "expected %s: %s", expression,
                       lost.text);
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
        return err_set(e, STATUS_NO,
                       "expected %s, but it is %s; correct the image or the expectation",
                       expression, text_printable(a, place.field->text));
    }
    return true;
}

bool expect_holds(struct node *root, const char *expression, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    bool holds = holds_in(&a, root, expression, e);
    arena_free(&a);
    return holds;
}
