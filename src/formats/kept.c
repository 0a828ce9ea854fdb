// SPDX-License-Identifier: Apache-2.0
#include "kept.h"

#include "input.h"
#include "read.h"
#include "source.h"

bool kept_source(const struct otapack_source *src, const char *shown, struct arena *a,
                 struct otapack_source *kept, struct err *e)
{
    if (src->size > UNPACKED_MOST) {
        return err_set(e, STATUS_NO,
                       "%s: more than 16 MiB, the most that an ESP32 maps; give the app alone",
                       shown);
    }
    *kept = otapack_memory(source_bytes(a, src, 0, (size_t)src->size), (size_t)src->size);
    return true;
}

const struct otapack_source *kept_file(const char *file, const char *shown, struct arena *a,
                                       struct err *e)
{
    struct input *input = input_open(file, e);
    if (input == NULL) {
        return NULL;
    }
    struct otapack_source *kept = ARENA_NEW(a, struct otapack_source);
    struct otapack_source src = input_source(input);
    bool good = kept_source(&src, shown, a, kept, e) && input_good(input, e);
    input_close(input);
    e->status = good ? e->status : STATUS_CANNOT;
    return good ? kept : NULL;
}
