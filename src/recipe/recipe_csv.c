// SPDX-License-Identifier: Apache-2.0
#include "recipe_csv.h"

#include <inttypes.h>

#include "layer_image.h"
#include "partition_file.h"
#include "read.h"
#include "recipe_text.h"

enum { TABLE_LAST = 0x40000 }; // where a table may lie; behind that, a name alone says nothing

// Each key as the tool's option.
static bool take_option(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *text = take_text(s, v);
    return text != NULL && partition_file_tell(to, v->where, key->name, text, s->arena, s->e);
}

// Its words are a list.
static bool take_subtypes(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_text *list = NULL;
    bool good = key_texts.take(s, v, key, &list);
    for (; good && list != NULL; list = list->next) {
        good = partition_file_tell(to, list->where, key->name, list->text, s->arena, s->e);
    }
    return good;
}

static const struct key_kind key_option = {"number", take_option},
                             key_subtypes = {"list", take_subtypes};

const struct recipe_key csv_keys[] = {
    {"offset", &key_option, 0, "the address of the partition table", NULL},
    {"primary_bootloader_offset", &key_option, 0, "where the bootloader goes", NULL},
    {"recovery_bootloader_offset", &key_option, 0, "where the recovery bootloader goes", NULL},
    {"extra_partition_subtypes", &key_subtypes, 0, "subtypes of the project's own", NULL},
    {0},
};

static bool take_csv(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct partition_csv_options *csv = ARENA_NEW(s->arena, struct partition_csv_options);
    *csv = partition_file_options();
    *(const struct partition_csv_options **)to = csv;
    return key_map.take(s, v, key, csv);
}

const struct key_kind key_csv = {"map", take_csv};

bool compose_table(const struct recipe_part *part, const struct recipe *recipe, uint32_t table_at,
                   int64_t bootloader_at, struct pieces *l, struct err *e)
{
    const char *file = image_part_file(part);
    if (file == NULL) {
        return compose_part(part, recipe, l, e);
    }
    const struct piece *piece = pieces_add_file(l, file, e);
    if (piece == NULL) {
        return false;
    }
    struct otapack_source src = input_source(piece->input);
    if (!partition_file_is_csv(table_at > TABLE_LAST ? "" : file, &src)) {
        return true;
    }
    struct partition_csv_options options =
        recipe->csv == NULL ? partition_file_options() : *recipe->csv;
    options.table_at = table_at;
    options.bootloader_at = bootloader_at < 0 ? options.bootloader_at : bootloader_at;
    if (recipe->read != NULL) {
        (void)target_use(&recipe->read->target, TARGET_CSV);
    }
    uint8_t *bytes = arena_alloc(l->arena, OTAPACK_PARTITION_TABLE_SIZE);
    bool good = partition_file_convert(piece->file, &src, &options, bytes, e);
    good = input_good(piece->input, e) && good;
    pieces_replace_last(l, bytes, OTAPACK_PARTITION_TABLE_SIZE);
    return good;
}

// ---- Back from what was told --------------------------------------------------------------------

// A key with an address, where that is told.
static const char *say_address(struct arena *a, const char *text, size_t key, int64_t address)
{
    return address < 0 ? text
                       : arena_printf(a, "%s  %s: 0x%" PRIx64 "\n", text, csv_keys[key].name,
                                      (uint64_t)address);
}

const char *csv_say(struct arena *a, const struct partition_csv_options *csv)
{
    enum { OFFSET, PRIMARY, RECOVERY, SUBTYPES }; // as the keys stand
    const struct partition_csv_options usual = partition_file_options();
    const char *text = "";
    if (csv == NULL) {
        return text;
    }
    text =
        say_address(a, text, OFFSET, csv->table_at == usual.table_at ? -1 : (int64_t)csv->table_at);
    text = say_address(a, text, PRIMARY, csv->bootloader_at);
    text = say_address(a, text, RECOVERY, csv->recovery_at);
    if (csv->subtypes != NULL) {
        text = arena_printf(a, "%s  %s:\n", text, csv_keys[SUBTYPES].name);
    }
    for (const char *const *word = csv->subtypes; word != NULL && *word != NULL; word++) {
        text = arena_printf(a, "%s    - %s\n", text, recipe_quoted(a, *word));
    }
    return *text == '\0' ? "" : arena_printf(a, "partition_csv:\n%s", text);
}
