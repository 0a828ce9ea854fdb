// SPDX-License-Identifier: Apache-2.0
#include "need.h"

#include "text.h"

static unsigned when(bool known, unsigned need)
{
    return known ? need : 0;
}

unsigned need_of_reading(const struct read_options *options)
{
    return when(options->decrypt != NULL, NEED_DECRYPT_KEY) |
           when(options->base != NULL, NEED_BASE);
}

unsigned need_said(const struct read_options *o)
{
    return o->esp8266.known | when(o->host_table != NULL, TARGET_TABLE) | need_of_reading(o) |
           when(o->flash_offset_given, TARGET_FLASH_OFFSET) |
           when(o->table_csv != NULL, TARGET_CSV) | when(o->made != NULL, TARGET_MADE) |
           when(o->coprocessor != NULL, NEED_COPROCESSOR);
}

bool need_is_told(unsigned needs)
{
    return (needs & TARGET_FINAL) == 0;
}

const char *need_option(unsigned need)
{
    static const char *const rows[NEED_BITS] = {
        "chip",        "chip-revision",   "flash-size", "flash-mode",  "idf",
        "secure-boot", "partition-table", "running",    "free-space",  "layout",
        "flash-size",  "flash-mode",      "key",        "decrypt-key", "final",
        "base",        "coprocessor",
    };
    unsigned bit = 0;
    while (bit + 1 < NEED_BITS && need >> bit != 1) {
        bit++;
    }
    return rows[bit];
}

const char *need_text(struct arena *a, unsigned needs)
{
    const char *options[NEED_BITS];
    size_t count = 0;
    for (unsigned i = 0; i < NEED_BITS; i++) {
        const char *option = need_option(1U << i); // two of them may have one
        if ((needs >> i & 1) != 0 && text_place(option, options, count) == count) {
            options[count++] = option;
        }
    }
    const char *list = "";
    for (size_t i = 0; i < count; i++) {
        list = arena_printf(a, "%s%s--%s", list,
                            i == 0           ? ""
                            : i + 1 == count ? " and "
                                             : ", ",
                            options[i]);
    }
    return list;
}
