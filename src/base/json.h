// SPDX-License-Identifier: Apache-2.0
//
// jansson, without its ways to fail: it does so only for want of memory, which ends the program
// with status 2, and for text that is not UTF-8, which is not given to it (see json_put_text).
#ifndef JSON_H
#define JSON_H

#include <jansson.h>
#include <stdint.h>

json_t *json_must(json_t *value); // the same, and not NULL
void json_must_do(int result);    // jansson's 0 for success

// Each takes the value over.
void json_put(json_t *object, const char *key, json_t *value);
void json_add(json_t *array, json_t *value);
void json_print(json_t *value);      // on standard output
void json_print_line(json_t *value); // the same in one line
char *json_text(json_t *value);      // as a file has it, to be freed

void json_put_text(json_t *object, const char *key, const char *text); // NULL: puts nothing
json_t *json_number(uint64_t n);                                       // below 2 to the power of 63

#endif
