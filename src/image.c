// SPDX-License-Identifier: Apache-2.0
#include "image.h"

#include "arrival.h"
#include "esp8266_key.h"
#include "flash_layout.h"
#include "format.h"
#include "text.h"

bool image_open(struct image *image, const char *name, const struct read_options *options,
                struct arena *a, struct err *e)
{
    struct read_options with_arrival = *options;
    struct arrival *arrival = NULL;
    struct input_tee tee = {arrival_push, &arrival};
    image->root = NULL;
    image->input = input_open_tee(name, &tee, e);
    if (image->input != NULL) {
        with_arrival.arrival = arrival;
        image->root = read_tree(a, &with_arrival, input_source(image->input));
        if (!input_good(image->input, e)) {
            image_close(image);
        }
    }
    arrival_free(arrival);
    return image->input != NULL;
}

void image_close(struct image *image)
{
    input_close(image->input);
    image->input = NULL;
}

bool options_allow(struct options *o, const char *id, struct err *e)
{
    const char *near;
    enum check_id check = check_by_id(id, &near);
    if (check == CHECK_COUNT) {
        return err_set(e, STATUS_CANNOT, "there is no check '%s'; %s%s%s", id,
                       near == NULL ? "otapack help checks lists them" : "did you mean '",
                       near == NULL ? "" : near, near == NULL ? "" : "'?");
    }
    if (!checks[check].allowable) {
        return err_set(e, STATUS_CANNOT,
                       "%s cannot be allowed: where it fails, nothing can be read or written; %s",
                       id, checks[check].remedy);
    }
    o->read.allow[check] = true;
    return true;
}

// A bootloader reads the table to its end, and compares its MD5; all else is for the checks to say.
static bool is_read_by_devices(const struct node *table)
{
    static const enum check_id asked[] = {CHECK_PT_ENTRIES, CHECK_PT_MD5};
    bool good = node_is(table, &format_partition_table);
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
        const struct finding *f = finding_against(table, asked[i]);
        good = good && (f == NULL || f->verdict != VERDICT_FAIL);
    }
    return good;
}

bool options_host_table(struct options *o, const char *file, struct err *e)
{
    o->table_path = file;
    o->table_input = input_open(file, e);
    if (o->table_input == NULL) {
        return false;
    }
    o->table = input_source(o->table_input);
    const struct node *table = read_tree(&o->table_arena, &o->read, o->table);
    o->read.host_table = &o->table;
    o->read.host_table_tree = table;
    return input_good(o->table_input, e) &&
           (is_read_by_devices(table) ||
            err_set(e, STATUS_CANNOT,
                    "%s: is no sound partition table; give the partition-table.bin of the host's "
                    "build (otapack inspect says what is wrong)",
                    input_name(o->table_input)));
}

// The address at which a merged flash image is written.
static bool take_flash_offset(struct options *o, const char *text, struct err *e)
{
    if (text == NULL) {
        return true;
    }
    o->read.flash_offset_given = true;
    return (text_number(text, &o->read.flash_offset) && o->read.flash_offset <= UINT32_MAX &&
            o->read.flash_offset % FLASH_SECTOR == 0) ||
           err_set(e, STATUS_CANNOT,
                   "--flash-offset %s: write a flash address, a multiple of 0x1000 such as 0x1000",
                   text);
}

bool options_take(struct options *o, const struct args *args, struct err *e)
{
    const char *table = args_value(args, "partition-table");
    for (const char **id = args_values(args, "allow"); *id != NULL; id++) {
        if (!options_allow(o, *id, e)) {
            return false;
        }
    }
    return target_take(&o->read.target, args, e) &&
           esp8266_device_take(&o->read.esp8266, args, e) &&
           (table == NULL || options_host_table(o, table, e)) &&
           take_flash_offset(o, args_value(args, "flash-offset"), e);
}

bool options_keys(struct options *o, const char **names, const struct key_options *how,
                  struct arena *a, struct err *e)
{
    struct esp8266_key *keys;
    bool good = esp8266_keys_open(names, how, a, &keys, e);
    o->read.esp8266_keys = good ? keys : NULL;
    return good;
}

void options_close(struct options *o)
{
    input_close(o->table_input);
    arena_free(&o->table_arena);
}
