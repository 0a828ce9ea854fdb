// SPDX-License-Identifier: Apache-2.0
//
// What is told of an update, in a form that can be compared: by a stream, however its bytes are cut
// into pieces, and by the parsers that have the whole file. Without cmocka: the fuzzer uses it too.
#ifndef STREAM_TOLD_H
#define STREAM_TOLD_H

#include <otapack/stream.h>

#include <stdio.h>
#include <stdlib.h>

enum { TOLD_MOST = 64 }; // a Matter image around a full combined image has 35

// An event. DATA is left out: END has in `size` how many bytes of the part came before it, and the
// recorder has compared each with the file. ERROR is the outcome.
struct told {
    enum otapack_event_type type;
    uint32_t part;
    uint8_t field;
    bool checked, open;
    uint32_t at, size, value;
};

struct told_list {
    size_t n;
    struct told told[TOLD_MOST];
};

struct outcome {
    enum otapack_code code;
    const char *field;
    uint32_t at;
};

static inline void told_add(struct told_list *list, struct told t)
{
    if (list->n == TOLD_MOST) {
        fprintf(stderr, "more than %d events\n", TOLD_MOST);
        abort();
    }
    list->told[list->n++] = t;
}

static inline bool told_same(const struct told *a, const struct told *b)
{
    return a->type == b->type && a->part == b->part && a->field == b->field &&
           a->checked == b->checked && a->open == b->open && a->at == b->at && a->size == b->size &&
           a->value == b->value;
}

// How many events of two lists are the same, from the first on.
static inline size_t told_common(const struct told_list *a, const struct told_list *b)
{
    size_t i = 0;
    while (i < a->n && i < b->n && told_same(&a->told[i], &b->told[i])) {
        i++;
    }
    return i;
}

static inline bool told_all_same(const struct told_list *a, const struct told_list *b)
{
    return a->n == b->n && told_common(a, b) == a->n;
}

static inline bool outcome_same(struct outcome a, struct outcome b)
{
    return a.code == b.code && strcmp(a.field, b.field) == 0 && a.at == b.at;
}

static inline void told_print(const char *whose, const struct told_list *list, struct outcome v)
{
    static const char *const types[] = {"BEGIN", "FIELD", "IMAGE", "DATA", "END", "FINISHED"};
    fprintf(stderr, "%s: code %d, field \"%s\", at %u\n", whose, (int)v.code, v.field, v.at);
    for (size_t i = 0; i < list->n; i++) {
        const struct told *t = &list->told[i];
        fprintf(stderr, "  %-8s part 0x%03x field %u checked %d open %d at %u size %u value %u\n",
                types[t->type], t->part, t->field, t->checked, t->open, t->at, t->size, t->value);
    }
}

#endif
