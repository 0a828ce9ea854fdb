// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <stdlib.h>

#include "err.h"

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

json_t *json_number(uint64_t n)
{
    return json_integer((json_int_t)n);
}
