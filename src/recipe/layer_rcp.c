// SPDX-License-Identifier: Apache-2.0
//
// A border router's combined image, laid out as create_ota_image.py does: the table, then the parts
// in the order of their tags, without padding, the host's firmware last.
#include "layer_rcp.h"

#include <stddef.h>

#include "flash_args.h"
#include "format_list.h"
#include "os.h"
#include "rcp_part.h"
#include "rcp_seal.h"
#include "recipe_csv.h"
#include "seal.h"
#include "source.h"
#include "text.h"

enum { TABLE_PLACE = 0x8000 }; // by default

// ---- From a recipe ------------------------------------------------------------------------------

// The records of flash_args name parts that can be flashed.
static bool check_records(struct schema *s, const struct recipe_entry *records)
{
    const char *const names[] = {rcp_part_name(OTAPACK_RCP_BOOTLOADER),
                                 rcp_part_name(OTAPACK_RCP_PARTITION_TABLE),
                                 rcp_part_name(OTAPACK_RCP_FIRMWARE)};
    for (const struct recipe_entry *r = records; r != NULL; r = r->next) {
        if (!rcp_part_is_flashed(rcp_part_tag(r->name))) {
            const char *near = text_nearest(r->name, names, sizeof(names) / sizeof(names[0]));
            return err_unknown(s->e, near, "they are bootloader, partition_table and firmware",
                               "%s: '%s' is no part that is flashed", r->where,
                               text_printable(s->arena, r->name));
        }
    }
    return true;
}

// A file, or the list of what would be in it.
static bool take_flash_args(struct schema *s, struct value *v, const struct recipe_key *key,
                            void *to)
{
    struct recipe_rcp *rcp = to;
    if (v->kind == VALUE_MAP) { // as a list without its dashes is
        return take_kind(s, v, VALUE_LIST);
    }
    if (v->kind != VALUE_LIST) {
        return key_input.take(s, v, key, &rcp->flash_args);
    }
    if (v->items == NULL) {
        return err_set(s->e, STATUS_CANNOT, "%s: flash_args is empty; list what to flash",
                       v->where);
    }
    return take_entries(s, v, false, &rcp->records) && check_records(s, rcp->records);
}

static const struct key_kind key_flash_args = {"file or list", take_flash_args};

static const struct recipe_key keys[] = {
    {"build_dir", &key_folder, offsetof(struct recipe_rcp, build_dir),
     "the build folder that has what is not named here", NULL},
    {"version", &key_part, offsetof(struct recipe_rcp, version), "the version as a text", NULL},
    {"flash_args", &key_flash_args, 0, "what goes to which address", NULL},
    {"bootloader", &key_image, offsetof(struct recipe_rcp, bootloader), "the bootloader", NULL},
    {"partition_table", &key_image, offsetof(struct recipe_rcp, partition_table),
     "the partition table", NULL},
    {"firmware", &key_image, offsetof(struct recipe_rcp, firmware), "the app", NULL},
    {"seal", &key_choice, offsetof(struct recipe_rcp, seal),
     "let the host's app vouch for all this; required: and be signed", SEAL_WORDS},
    {0},
};

// A build folder's parts where the recipe does not name them itself.
static void take_defaults(struct recipe_rcp *rcp, struct arena *a)
{
    struct {
        const char **file;
        uint32_t tag;
        bool given;
    } rows[] = {
        {&rcp->version.file, OTAPACK_RCP_VERSION, layer_part_given(&rcp->version)},
        {&rcp->bootloader.file, OTAPACK_RCP_BOOTLOADER, layer_part_given(&rcp->bootloader)},
        {&rcp->partition_table.file, OTAPACK_RCP_PARTITION_TABLE,
         layer_part_given(&rcp->partition_table)},
        {&rcp->firmware.file, OTAPACK_RCP_FIRMWARE, layer_part_given(&rcp->firmware)},
        {&rcp->flash_args, OTAPACK_RCP_FLASH_ARGS, rcp->flash_args != NULL || rcp->records != NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && rcp->build_dir != NULL; i++) {
        if (!rows[i].given) {
            *rows[i].file =
                arena_printf(a, "%s/%s", rcp->build_dir, rcp_part_build_path(rows[i].tag));
        }
    }
}

static bool has_parts(struct schema *s, struct layer *layer)
{
    struct recipe_rcp *rcp = layer->is;
    take_defaults(rcp, s->arena);
    const struct {
        const char *name;
        bool given;
    } rows[] = {{"version", layer_part_given(&rcp->version)},
                {"flash_args", rcp->flash_args != NULL || rcp->records != NULL},
                {"bootloader", layer_part_given(&rcp->bootloader)},
                {"partition_table", layer_part_given(&rcp->partition_table)},
                {"firmware", layer_part_given(&rcp->firmware)}};
    if (rcp->seal.number > SEAL_FALSE && layer->inner == NULL) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: a seal lies in the host's app, and there is none; add app:, or leave "
                       "seal out",
                       rcp->seal.where);
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!rows[i].given) {
            return err_set(s->e, STATUS_CANNOT,
                           "%s: rcp has no %s; give it, or the build_dir that has it", layer->where,
                           rows[i].name);
        }
    }
    return true;
}

void recipe_add_rcp_build(struct recipe *recipe, struct arena *a, const char *build_dir,
                          const char *app)
{
    struct recipe_rcp *rcp = ARENA_NEW(a, struct recipe_rcp);
    rcp->build_dir = build_dir;
    take_defaults(rcp, a);
    if (app != NULL) {
        struct recipe_part *part = ARENA_NEW(a, struct recipe_part);
        part->file = app;
        recipe_add(recipe, a, (struct layer){.type = &layer_app, .is = part});
    }
    recipe_add(recipe, a, (struct layer){.type = &layer_rcp, .is = rcp});
}

// ---- The image ----------------------------------------------------------------------------------

// The flash_args part: as many records as there are, which is what the table then says.
static void add_flash_args(const struct recipe_rcp *rcp, const struct flash_args *args,
                           struct pieces *l)
{
    size_t size = args->count * OTAPACK_RCP_RECORD_SIZE;
    uint8_t *bytes = arena_alloc(l->arena, size);
    for (size_t i = 0; i < args->count; i++) {
        otapack_rcp_record_write(&args->records[i], bytes + i * OTAPACK_RCP_RECORD_SIZE);
    }
    pieces_add_bytes(l, rcp->flash_args, bytes, size);
}

// Notes where a part lies, once it has been laid out from `from` on. False with `e` set where the
// table cannot say so.
static bool note_part(struct pieces *l, uint64_t table_at, uint64_t from, uint32_t tag,
                      uint8_t *entry, const char *file, struct err *e)
{
    if (l->size - table_at > UINT32_MAX) {
        return err_set(e, STATUS_NO,
                       "%s: the parts are larger than the 4 GiB that the table can say; make them "
                       "smaller",
                       file);
    }
    struct otapack_rcp_entry part = {tag, (uint32_t)(l->size - from), (uint32_t)(from - table_at)};
    otapack_rcp_entry_write(&part, entry);
    return true;
}

// The version is a text: another file in its place may begin with one by chance.
static bool is_version(const struct recipe *recipe, const struct recipe_part *part,
                       struct pieces *l, uint64_t from, struct err *e)
{
    struct read_options options = {.slot = NULL};
    const struct node *root = read_tree(l->arena, &options, pieces_from(l, from));
    recipe_allow(recipe, &options);
    return pieces_good(l, e) && (!node_is_known(root) || options.allow[CHECK_RCP_VERSION_TEXT] ||
                                 check_refuse(e, CHECK_RCP_VERSION_TEXT, "%s: version: %s",
                                              layer_part_name(part), root->summary));
}

// A missing part is said to be missing, not to be an unknown file of flash_args.
static bool parts_exist(const struct recipe_rcp *rcp, struct err *e)
{
    const char *const files[] = {rcp->version.file, rcp->bootloader.file, rcp->partition_table.file,
                                 rcp->firmware.file};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (files[i] != NULL && !os_may_read(files[i])) {
            return err_errno(e, files[i], "open");
        }
    }
    return true;
}

// Where a part is flashed to; -1: it is not.
static int64_t address_of(const struct flash_args *args, uint32_t tag)
{
    for (size_t i = 0; i < args->count; i++) {
        if (args->records[i].tag == tag) {
            return args->records[i].address;
        }
    }
    return -1;
}

static bool add_part(const struct layer *layer, const struct recipe *recipe, uint32_t tag,
                     const struct flash_args *args, struct pieces *l, struct err *e)
{
    const struct recipe_rcp *rcp = layer->is;
    const struct recipe_part *const parts[] = {[OTAPACK_RCP_VERSION] = &rcp->version,
                                               [OTAPACK_RCP_BOOTLOADER] = &rcp->bootloader,
                                               [OTAPACK_RCP_FIRMWARE] = &rcp->firmware};
    if (tag == OTAPACK_RCP_FLASH_ARGS) {
        add_flash_args(rcp, args, l);
        return true;
    }
    if (tag == OTAPACK_RCP_PARTITION_TABLE) {
        int64_t table_at = address_of(args, tag);
        return compose_table(&rcp->partition_table, recipe,
                             table_at < 0 ? TABLE_PLACE : (uint32_t)table_at,
                             address_of(args, OTAPACK_RCP_BOOTLOADER), l, e);
    }
    uint64_t from = l->size;
    return compose_part(parts[tag], recipe, l, e) &&
           (tag != OTAPACK_RCP_VERSION || is_version(recipe, parts[tag], l, from, e));
}

// A combined image as far as it is laid out, for the host in it.
struct combined {
    struct pieces *l;
    uint64_t at;    // where it begins
    uint8_t *entry; // of the host
    const char *name;
};

static bool note_host(void *container, uint64_t host_from, uint64_t size, struct err *e)
{
    struct combined *c = container;
    struct pieces end = {.size = host_from + size};
    return note_part(&end, c->at, host_from, OTAPACK_RCP_HOST, c->entry, c->name, e);
}

// The host is in the table before its seal is made, which is of all that comes before it.
static bool sealed_by(void *container, uint64_t host_from, uint64_t size, struct otapack_source *of,
                      struct err *e)
{
    const struct combined *c = container;
    struct otapack_source all = pieces_source(c->l);
    *of = otapack_part(&all, c->at, host_from - c->at);
    return note_host(container, host_from, size, e);
}

static bool add_sealed(struct combined *c, const struct layer *host, bool required,
                       const struct recipe *recipe, struct err *e)
{
    struct seal seal = {OTAPACK_SEAL_RCP, required, false, sealed_by, c};
    return compose_sealed(host, &seal, recipe, c->l, e);
}

static bool add_host(const struct layer *layer, const struct recipe *recipe, struct combined *c,
                     struct err *e)
{
    const struct recipe_rcp *rcp = layer->is;
    uint64_t from = c->l->size;
    if (rcp->seal.number > SEAL_FALSE) {
        return add_sealed(c, layer->inner, rcp->seal.number == SEAL_REQUIRED, recipe, e);
    }
    return compose_layer(layer->inner, recipe, c->l, e) && note_host(c, from, c->l->size - from, e);
}

static bool compose_rcp(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                        struct err *e)
{
    const struct recipe_rcp *rcp = layer->is;
    const bool host = layer->inner != NULL;
    uint32_t parts = host ? OTAPACK_RCP_HOST + 1 : OTAPACK_RCP_HOST;
    size_t size = (size_t)(parts + 1) * OTAPACK_RCP_ENTRY_SIZE;
    uint8_t *table = arena_alloc(l->arena, size);
    struct combined c = {.l = l, .at = l->size};
    struct flash_args args;
    if (!parts_exist(rcp, e) || !flash_args_read(rcp, l->arena, &args, e)) {
        return false;
    }
    pieces_note(l, rcp->flash_args);
    pieces_add_bytes(l, NULL, table, size);
    bool good = note_part(l, c.at, c.at, OTAPACK_RCP_TABLE, table, "", e);
    for (uint32_t tag = OTAPACK_RCP_VERSION; good && tag < OTAPACK_RCP_HOST; tag++) {
        uint64_t from = l->size;
        good = add_part(layer, recipe, tag, &args, l, e) &&
               note_part(l, c.at, from, tag, table + (size_t)(tag + 1) * OTAPACK_RCP_ENTRY_SIZE,
                         layer_part_name(&rcp->firmware), e);
    }
    if (good && host) {
        c.entry = table + (size_t)(OTAPACK_RCP_HOST + 1) * OTAPACK_RCP_ENTRY_SIZE;
        c.name = layer_name(layer->inner);
        good = add_host(layer, recipe, &c, e);
    }
    return good;
}

// With the border router's app, what is updated is the combined image, and no app.
static void tell(const struct layer *layer, struct read_options *options)
{
    (void)layer;
    options->slot = NULL;
}

// ---- The same image around a part that changes --------------------------------------------------

// Where the table has the entry of the part at this offset; 0: it has none.
static size_t entry_of(const uint8_t *table, size_t size, uint64_t offset)
{
    size_t at = OTAPACK_RCP_ENTRY_SIZE;
    while (at < size && otapack_le32(table + at + 8) != offset) {
        at += OTAPACK_RCP_ENTRY_SIZE;
    }
    return at < size ? at : 0;
}

// A new table would hide that a combined image is cut off, or that its parts lie over each other,
// and a new seal that they are others than those that were sealed.
static bool is_sound(const struct node *n, const char *name, struct err *e)
{
    static const enum check_id concerns[] = {CHECK_RCP_TABLE,      CHECK_RCP_BOUNDS,
                                             CHECK_RCP_TAGS,       CHECK_RCP_DUPLICATE,
                                             CHECK_RCP_CONTIGUOUS, CHECK_RCP_SEAL};
    for (size_t i = 0; i < sizeof(concerns) / sizeof(concerns[0]); i++) {
        const struct finding *f = finding_against(n, concerns[i]);
        if (f != NULL) {
            return check_refuse(e, f->check, "%s: not signed: %s", name, f->message);
        }
    }
    return true;
}

// A part as it was, or as it is changed; the host with a seal where it had one that held.
static bool add_again(const struct layer *layer, const struct node *part,
                      const struct recipe *recipe, struct combined *c, struct err *e)
{
    const struct layer_again *at = layer->is;
    struct layer_again same = {at->input, part, NULL};
    struct layer node = layer_of_node(&same);
    const struct layer *content = part == at->changed ? layer->inner : &node;
    bool host = c->entry != NULL && otapack_le32(c->entry) == OTAPACK_RCP_HOST;
    uint64_t from = c->l->size;
    if (host && rcp_seal_holds(at->node)) {
        return add_sealed(c, content, false, recipe, e);
    }
    return compose_layer(content, recipe, c->l, e) &&
           (c->entry == NULL ||
            note_part(c->l, c->at, from, otapack_le32(c->entry), c->entry, part->name, e));
}

static bool compose_again(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct err *e)
{
    const struct layer_again *at = layer->is;
    const struct node *image = at->node;
    size_t size = (size_t)node_number(image, "table_size");
    const uint8_t *was = source_bytes(l->arena, &image->src, 0, size);
    uint8_t *table = source_bytes(l->arena, &image->src, 0, size);
    struct combined c = {.l = l, .at = l->size};
    bool good = is_sound(image, layer->where, e);
    pieces_add_bytes(l, NULL, table, size);
    for (const struct node *part = image->parts; good && part != NULL; part = part->next) {
        size_t entry = entry_of(was, size, part->src.base - image->src.base);
        c.entry = entry == 0 ? NULL : table + entry;
        c.name = part->name;
        good = part->record || add_again(layer, part, recipe, &c, e);
    }
    return good;
}

static struct layer again(struct arena *a, const struct layer_again *at)
{
    static const struct layer_type type = {.compose = compose_again};
    struct layer_again *is = ARENA_NEW(a, struct layer_again);
    *is = *at;
    return (struct layer){&type, NULL, NULL, input_name(at->input), is};
}

const struct layer_type layer_rcp = {
    .key = {"rcp", &key_map, 0, "the firmware of a border router's co-processor", keys},
    .size = sizeof(struct recipe_rcp),
    .place = PLACE_COMBINED,
    .around = &layer_app,
    .taken = has_parts,
    .compose = compose_rcp,
    .tell = tell,
    .format = &format_rcp_image,
    .of_parts = true,
    .say = recipe_say_rcp,
    .again = again,
};
