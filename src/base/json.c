// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "text.h"

json_t *json_must(json_t *value)
{
    if (value == NULL) {
        say("out of memory");
        exit(STATUS_CANNOT);
    }
    return value;
}

void json_must_do(int result)
{
    if (result != 0) {
        json_must(NULL);
    }
}

void json_put(json_t *object, const char *key, json_t *value)
{
    json_must_do(json_object_set_new(object, key, json_must(value)));
}

void json_add(json_t *array, json_t *value)
{
    json_must_do(json_array_append_new(array, json_must(value)));
}

// What standard output does not take is main's to say.
void json_print(json_t *value)
{
    (void)json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
    json_decref(value);
    putchar('\n');
}

void json_print_line(json_t *value)
{
    (void)json_dumpf(value, stdout, JSON_COMPACT);
    json_decref(value);
    putchar('\n');
}

char *json_text(json_t *value)
{
    char *dumped = json_dumps(value, JSON_INDENT(2));
    size_t n = dumped == NULL ? 0 : strlen(dumped);
    char *text = dumped == NULL ? NULL : realloc(dumped, n + 2);
    if (text != NULL) {
        memcpy(text + n, "\n", 2);
    }
    json_must_do(text == NULL ? -1 : 0);
    json_decref(value);
    return text;
}

// What is not UTF-8 becomes \xNN.
void json_put_text(json_t *object, const char *key, const char *text)
{
    struct arena a = ARENA_EMPTY;
    if (text != NULL) {
        json_put(object, key, json_string(text_utf8(&a, text, strlen(text))));
    }
    arena_free(&a);
}

json_t *json_number(uint64_t n)
{
    return json_integer((json_int_t)n);
}
