// SPDX-License-Identifier: Apache-2.0
//
// The schema of a recipe. Keys are taken; one that nobody took is an error.
#include "recipe.h"

#include <string.h>

#include "expect.h"
#include "flash_layout.h"
#include "input.h"
#include "open_tree.h"
#include "rcp_part.h"
#include "recipe_csv.h"
#include "recipe_esp8266.h"
#include "recipe_expand.h"
#include "recipe_set.h"
#include "recipe_sign.h"
#include "recipe_take.h"
#include "text.h"

enum { RECIPE_MOST = 256 * 1024 };

// The keys of each map: what may be written, and what "did you mean" chooses from.
static const char *const top_keys[] = {
    "otapack", "output",          "app",           "image", "sign",   "rcp", "flash", "esp8266",
    "matter",  "partition_table", "partition_csv", "allow", "expect", NULL};
static const char *const rcp_keys[] = {"build_dir",       "version",  "flash_args", "bootloader",
                                       "partition_table", "firmware", NULL};
static const char *const flash_keys[] = {"size", "offset", "parts", NULL};

static bool number_at(struct schema *s, const char *where, const char *text, uint64_t most,
                      uint64_t *out)
{
    return (text_number(text, out) && *out <= most) ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: '%s' is no number up to 0x%llx; write it in decimal or as 0x hexadecimal",
                   where, text_printable(s->arena, text), (unsigned long long)most);
}

// A list of one-key maps, `- KEY: VALUE`: which side is the address is the caller's to say.
static bool take_entries(struct schema *s, struct value *list, bool address_first,
                         struct recipe_entry **out)
{
    for (struct value *v = list->items; v != NULL; v = v->next) {
        uint64_t address;
        struct value *pair = v->kind == VALUE_MAP ? v->items : NULL;
        if (pair == NULL || pair->next != NULL || pair->kind != VALUE_TEXT) {
            return err_set(s->e, STATUS_CANNOT, "%s: write one pair a line, as in - %s", v->where,
                           address_first ? "0x10000: app.bin" : "firmware: 0x10000");
        }
        const char *text = recipe_expand(s, pair->where, pair->text, EXPAND_PATH);
        if (text == NULL || !number_at(s, address_first ? pair->key_where : pair->where,
                                       address_first ? pair->key : text, UINT32_MAX, &address)) {
            return false;
        }
        struct recipe_entry *entry = ARENA_NEW(s->arena, struct recipe_entry);
        *entry = (struct recipe_entry){NULL, pair->key_where, (uint32_t)address,
                                       address_first ? take_relative(s, text) : pair->key};
        *out = entry;
        out = &entry->next;
    }
    return true;
}

void recipe_rcp_defaults(struct recipe_rcp *rcp, struct arena *a)
{
    struct {
        const char **path;
        uint32_t tag;
    } rows[] = {
        {&rcp->version, OTAPACK_RCP_VERSION},
        {&rcp->bootloader, OTAPACK_RCP_BOOTLOADER},
        {&rcp->partition_table, OTAPACK_RCP_PARTITION_TABLE},
        {&rcp->firmware, OTAPACK_RCP_FIRMWARE},
        {&rcp->flash_args, OTAPACK_RCP_FLASH_ARGS},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && rcp->build_dir != NULL; i++) {
        bool listed = rows[i].path == &rcp->flash_args && rcp->records != NULL;
        if (*rows[i].path == NULL && !listed) {
            *rows[i].path =
                arena_printf(a, "%s/%s", rcp->build_dir, rcp_part_build_path(rows[i].tag));
        }
    }
}

// The records of flash_args name parts that can be flashed.
static bool check_records(struct schema *s, const struct recipe_rcp *rcp)
{
    const char *const names[] = {rcp_part_name(OTAPACK_RCP_BOOTLOADER),
                                 rcp_part_name(OTAPACK_RCP_PARTITION_TABLE),
                                 rcp_part_name(OTAPACK_RCP_FIRMWARE)};
    for (const struct recipe_entry *r = rcp->records; r != NULL; r = r->next) {
        if (!rcp_part_is_flashed(rcp_part_tag(r->file))) {
            const char *near = text_nearest(r->file, names, sizeof(names) / sizeof(names[0]));
            return err_set(s->e, STATUS_CANNOT, "%s: '%s' is no part that is flashed; %s%s%s",
                           r->where, text_printable(s->arena, r->file),
                           near == NULL ? "they are bootloader, partition_table and firmware"
                                        : "did you mean '",
                           near == NULL ? "" : near, near == NULL ? "" : "'?");
        }
    }
    return true;
}

static bool take_flash_args(struct schema *s, struct value *map, struct recipe_rcp *rcp)
{
    struct value *v = value_find(map, "flash_args");
    if (v == NULL || v->kind != VALUE_LIST) {
        return take_input(s, map, "flash_args", &rcp->flash_args);
    }
    v->taken = true;
    if (v->items == NULL) {
        return err_set(s->e, STATUS_CANNOT, "%s: flash_args is empty; list what to flash",
                       v->where);
    }
    return take_entries(s, v, false, &rcp->records) && check_records(s, rcp);
}

static bool require_parts(struct schema *s, const struct value *map, const struct recipe_rcp *rcp)
{
    const struct {
        const char *name;
        bool given;
    } rows[] = {{"version", rcp->version != NULL},
                {"flash_args", rcp->flash_args != NULL || rcp->records != NULL},
                {"bootloader", rcp->bootloader != NULL},
                {"partition_table", rcp->partition_table != NULL},
                {"firmware", rcp->firmware != NULL}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!rows[i].given) {
            return err_set(s->e, STATUS_CANNOT,
                           "%s: rcp has no %s; give it, or the build_dir that has it", map->where,
                           rows[i].name);
        }
    }
    return true;
}

static bool take_rcp(struct schema *s, struct value *top)
{
    struct value *map;
    if (!take_value(s, top, "rcp", VALUE_MAP, &map)) {
        return false;
    }
    if (map == NULL) {
        return true;
    }
    struct recipe_rcp *rcp = ARENA_NEW(s->arena, struct recipe_rcp);
    bool good = take_input(s, map, "build_dir", &rcp->build_dir) &&
                take_input(s, map, "version", &rcp->version) && take_flash_args(s, map, rcp) &&
                take_input(s, map, "bootloader", &rcp->bootloader) &&
                take_input(s, map, "partition_table", &rcp->partition_table) &&
                take_input(s, map, "firmware", &rcp->firmware) && taken_all(s, map, rcp_keys);
    recipe_rcp_defaults(rcp, s->arena);
    s->recipe->rcp = rcp;
    return good && require_parts(s, map, rcp);
}

static bool take_flash_offset(struct schema *s, const char *where, const char *text)
{
    return number_at(s, where, text, UINT32_MAX, &s->recipe->flash_offset) &&
           (s->recipe->flash_offset % FLASH_SECTOR == 0 ||
            err_set(s->e, STATUS_CANNOT,
                    "%s: '%s' is no multiple of 0x1000, the size of a flash sector; write the "
                    "address at which the image begins",
                    where, text_printable(s->arena, text)));
}

static bool take_flash(struct schema *s, struct value *top)
{
    struct value *map, *parts;
    const char *size, *offset;
    if (!take_value(s, top, "flash", VALUE_MAP, &map)) {
        return false;
    }
    if (map == NULL) {
        return true;
    }
    if (!take_text(s, map, "size", &size) || !take_text(s, map, "offset", &offset) ||
        !take_value(s, map, "parts", VALUE_LIST, &parts) || !taken_all(s, map, flash_keys)) {
        return false;
    }
    if (size != NULL &&
        (!text_bytes(size, &s->recipe->flash_size) || s->recipe->flash_size > UINT32_MAX)) {
        return err_set(s->e, STATUS_CANNOT, "%s: '%s' is no flash size; write 4MB, 512KB or bytes",
                       value_find(map, "size")->where, text_printable(s->arena, size));
    }
    if (offset != NULL && !take_flash_offset(s, value_find(map, "offset")->where, offset)) {
        return false;
    }
    if (parts == NULL || parts->items == NULL) {
        return err_set(s->e, STATUS_CANNOT, "%s: flash has no parts; list them as - ADDRESS: FILE",
                       map->where);
    }
    if (!take_entries(s, parts, true, &s->recipe->flash)) {
        return false;
    }
    for (const struct recipe_entry *r = s->recipe->flash; r != NULL; r = r->next) {
        take_needed(s, r->where, "flash", r->file);
    }
    return true;
}

static bool take_matter(struct schema *s, struct value *top)
{
    struct value *map;
    if (!take_value(s, top, "matter", VALUE_MAP, &map)) {
        return false;
    }
    if (map == NULL) {
        return true;
    }
    struct matter_values *values = ARENA_NEW(s->arena, struct matter_values);
    s->recipe->matter = values;
    s->recipe->matter_where = map->where;
    for (const char *const *name = matter_field_names; *name != NULL; name++) {
        const char *text;
        if (!take_text(s, map, *name, &text) ||
            (text != NULL &&
             !matter_set(values, *name, text, value_find(map, *name)->where, s->e))) {
            return false;
        }
    }
    return taken_all(s, map, matter_field_names);
}

// The version of the app, for a header that is not told one.
static const char *app_version(struct schema *s, const struct value *top)
{
    const char *app = s->recipe->app;
    const struct node *root = recipe_look_into(s, app);
    if (root == NULL) {
        return NULL;
    }
    const struct node *desc = node_find(root, "desc", -1);
    const struct field *version = desc == NULL ? NULL : node_field(desc, "version");
    if (version == NULL || version->kind != FIELD_STRING) {
        err_set(s->e, STATUS_NO,
                "%s: app: %s: %s, which says no version of its own; name the app, or give matter a "
                "software_version_string",
                value_find(top, "app")->where, app, root->summary);
        return NULL;
    }
    return version->text;
}

// What a header has where the recipe does not say: a SHA-256, and the version of the app.
static bool complete_matter(struct schema *s, const struct value *top)
{
    const struct recipe *r = s->recipe;
    if (r->matter == NULL) {
        return true;
    }
    struct matter_value *type = &r->matter->of[OTAPACK_MATTER_IMAGE_DIGEST_TYPE];
    struct matter_value *version = &r->matter->of[OTAPACK_MATTER_SOFTWARE_VERSION_STRING];
    if (!type->given) {
        *type = (struct matter_value){.given = true, .number = OTAPACK_MATTER_SHA256};
    }
    if (!version->given && r->app != NULL) {
        version->text = app_version(s, top);
        if (version->text == NULL) {
            return false;
        }
        version->given = true;
        version->size = strlen(version->text);
    }
    const char *missing = matter_missing(r->matter);
    return missing == NULL || err_set(s->e, STATUS_CANNOT,
                                      "%s: matter has no %s, which every Matter header needs; "
                                      "give it",
                                      r->matter_where, missing);
}

static bool take_version(struct schema *s, struct value *top)
{
    const char *version;
    struct value *v;
    if (!take_value(s, top, "otapack", VALUE_TEXT, &v)) {
        return false;
    }
    version = v == NULL ? NULL : v->text;
    return (version != NULL && strcmp(version, "1") == 0) ||
           err_set(s->e, STATUS_CANNOT, "%s: %s; a recipe for this otapack says: otapack: 1",
                   v == NULL ? s->recipe->file : v->where,
                   v == NULL ? "the key otapack is missing"
                             : arena_printf(s->arena, "recipe version '%s' is not known",
                                            text_printable(s->arena, version)));
}

static bool check_expectations(struct schema *s)
{
    struct err inner = ERR_NONE;
    for (const struct recipe_text *t = s->recipe->expect; t != NULL; t = t->next) {
        if (!expect_parse(t->text, &inner)) {
            return err_set(s->e, STATUS_CANNOT, "%s: %s", t->where, inner.text);
        }
    }
    return true;
}

// One thing is built: an app, alone or with an RCP; an RCP image; any one image; a flash image; an
// ESP8266 update.
static bool check_content(struct schema *s, const struct value *top)
{
    static const char *const keys[] = {"rcp", "app", "image", "flash", "esp8266"};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct value *v = value_find(top, keys[i]);
        bool together = first != NULL && strcmp(first, "rcp") == 0 && strcmp(keys[i], "app") == 0;
        if (v == NULL || together) {
            continue;
        }
        if (first != NULL) {
            return err_set(s->e, STATUS_CANNOT,
                           "%s: %s cannot stand beside %s; a recipe builds one thing: app (with or "
                           "without rcp), rcp, image, flash or esp8266",
                           v->key_where, keys[i], first);
        }
        first = keys[i];
    }
    return first != NULL || err_set(s->e, STATUS_CANNOT,
                                    "%s: says nothing to build; give one of app (with or without "
                                    "rcp), rcp, image, flash, esp8266",
                                    s->recipe->file);
}

static bool take_all(struct schema *s, struct value *top)
{
    struct recipe *r = s->recipe;
    if (top->kind != VALUE_MAP) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: a recipe is a map of keys; it begins with: "
                       "otapack: 1",
                       top->where);
    }
    // Inputs first: what follows may use their values.
    return take_version(s, top) && take_input(s, top, "app", &r->app) &&
           take_input(s, top, "image", &r->image) && recipe_take_esp8266(s, top) &&
           recipe_take_sign(s, top) && take_rcp(s, top) && take_flash(s, top) &&
           take_matter(s, top) && take_input(s, top, "partition_table", &r->host_table) &&
           recipe_take_csv(s, top) && take_path(s, top, "output", &r->output) &&
           take_texts(s, top, "allow", &r->allow) && take_texts(s, top, "expect", &r->expect) &&
           check_expectations(s) && taken_all(s, top, top_keys) && check_content(s, top) &&
           taken_files(s) && complete_matter(s, top);
}

bool recipe_read(const char *file, const struct recipe_words *words, struct arena *a,
                 struct recipe *out, struct err *e)
{
    struct schema s = {.recipe = out, .defines = words->defines, .arena = a, .e = e};
    char *text = input_text(file, RECIPE_MOST, a, e);
    *out = (struct recipe){.file = arena_string(a, file)};
    s.needed_end = &s.needed;
    for (const char **d = words->defines; *d != NULL; d++) {
        if (strchr(*d, '=') == NULL) {
            return err_set(e, STATUS_CANNOT, "-D %s: write NAME=VALUE", *d);
        }
    }
    struct value *top = text == NULL ? NULL : yaml_read(file, text, a, e);
    if (top == NULL) {
        return false;
    }
    for (const char **set = words->sets; *set != NULL; set++) {
        if (!recipe_set(top, *set, a, e)) {
            return false;
        }
    }
    return take_all(&s, top);
}
