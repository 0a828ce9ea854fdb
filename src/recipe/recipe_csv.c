// SPDX-License-Identifier: Apache-2.0
#include "recipe_csv.h"

#include "partition_file.h"

static const char *const csv_keys[] = {"offset", "primary_bootloader_offset",
                                       "recovery_bootloader_offset", "extra_partition_subtypes",
                                       NULL};

// Each key as the tool's option; the words for subtypes are a list.
static bool take_one(struct schema *s, struct value *map, const char *key,
                     struct partition_csv_options *csv)
{
    const char *text;
    if (!take_text(s, map, key, &text)) {
        return false;
    }
    return text == NULL ||
           partition_file_tell(csv, value_find(map, key)->where, key, text, s->arena, s->e);
}

bool recipe_take_csv(struct schema *s, struct value *top)
{
    struct value *map;
    struct recipe_text *subtypes = NULL;
    if (!take_value(s, top, "partition_csv", VALUE_MAP, &map)) {
        return false;
    }
    if (map == NULL) {
        return true;
    }
    struct partition_csv_options *csv = ARENA_NEW(s->arena, struct partition_csv_options);
    *csv = partition_file_options();
    bool good = take_one(s, map, csv_keys[0], csv) && take_one(s, map, csv_keys[1], csv) &&
                take_one(s, map, csv_keys[2], csv) && take_texts(s, map, csv_keys[3], &subtypes);
    for (const struct recipe_text *t = subtypes; good && t != NULL; t = t->next) {
        good = partition_file_tell(csv, t->where, csv_keys[3], t->text, s->arena, s->e);
    }
    s->recipe->csv = csv;
    return good && taken_all(s, map, csv_keys);
}
