// SPDX-License-Identifier: Apache-2.0
//
// A border router's combined image, laid out as create_ota_image.py does: the table, then the parts
// in the order of their tags, without padding, the host's firmware last.
#include <unistd.h>

#include "compose.h"
#include "flash_args.h"
#include "source.h"

enum { TABLE_PLACE = 0x8000 }; // by default

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

// A missing part is said to be missing, not to be an unknown file of flash_args.
static bool parts_exist(const struct recipe_rcp *rcp, struct err *e)
{
    const char *const files[] = {rcp->version, rcp->bootloader, rcp->partition_table,
                                 rcp->firmware};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        if (access(files[i], R_OK) != 0) {
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

static bool add_part(const struct recipe *recipe, uint32_t tag, const struct flash_args *args,
                     struct pieces *l, struct err *e)
{
    const struct recipe_rcp *rcp = recipe->rcp;
    const char *const files[] = {[OTAPACK_RCP_VERSION] = rcp->version,
                                 [OTAPACK_RCP_BOOTLOADER] = rcp->bootloader,
                                 [OTAPACK_RCP_PARTITION_TABLE] = rcp->partition_table,
                                 [OTAPACK_RCP_FIRMWARE] = rcp->firmware};
    if (tag == OTAPACK_RCP_FLASH_ARGS) {
        add_flash_args(rcp, args, l);
        return true;
    }
    if (tag == OTAPACK_RCP_PARTITION_TABLE) {
        int64_t table_at = address_of(args, tag);
        return compose_table(recipe, files[tag], table_at < 0 ? TABLE_PLACE : (uint32_t)table_at,
                             address_of(args, OTAPACK_RCP_BOOTLOADER), l, e);
    }
    return tag == OTAPACK_RCP_HOST ? compose_app(recipe, l, e)
                                   : pieces_add_file(l, files[tag], e) != NULL;
}

bool compose_rcp_image(const struct recipe *recipe, struct pieces *l, struct err *e)
{
    uint32_t parts = recipe->app == NULL ? OTAPACK_RCP_HOST : OTAPACK_RCP_HOST + 1;
    size_t size = (size_t)(parts + 1) * OTAPACK_RCP_ENTRY_SIZE;
    uint8_t *table = arena_alloc(l->arena, size);
    struct flash_args args;
    if (!parts_exist(recipe->rcp, e) || !flash_args_read(recipe->rcp, l->arena, &args, e)) {
        return false;
    }
    pieces_add_bytes(l, NULL, table, size);
    bool good = note_part(l, 0, 0, OTAPACK_RCP_TABLE, table, "", e);
    for (uint32_t tag = OTAPACK_RCP_VERSION; good && tag < parts; tag++) {
        uint64_t from = l->size;
        const char *file = tag == OTAPACK_RCP_HOST ? recipe->app : recipe->rcp->firmware;
        good =
            add_part(recipe, tag, &args, l, e) &&
            note_part(l, 0, from, tag, table + (size_t)(tag + 1) * OTAPACK_RCP_ENTRY_SIZE, file, e);
    }
    return good;
}

// Where the table has the entry of the part at this offset; 0: it has none.
static size_t entry_of(const uint8_t *table, size_t size, uint64_t offset)
{
    size_t at = OTAPACK_RCP_ENTRY_SIZE;
    while (at < size && otapack_le32(table + at + 8) != offset) {
        at += OTAPACK_RCP_ENTRY_SIZE;
    }
    return at < size ? at : 0;
}

bool compose_rcp_again(const struct node *image, compose_part_fn *compose_part, const void *ctx,
                       struct pieces *l, struct err *e)
{
    size_t size = (size_t)node_number(image, "table_size");
    const uint8_t *was = source_bytes(l->arena, &image->src, 0, size);
    uint8_t *table = source_bytes(l->arena, &image->src, 0, size);
    uint64_t table_at = l->size;
    bool good = true;
    pieces_add_bytes(l, NULL, table, size);
    for (const struct node *part = image->parts; good && part != NULL; part = part->next) {
        uint64_t from = l->size;
        size_t entry = entry_of(was, size, part->src.base - image->src.base);
        if (!part->record) {
            good = compose_part(ctx, part, l, e) &&
                   (entry == 0 || note_part(l, table_at, from, otapack_le32(was + entry),
                                            table + entry, part->name, e));
        }
    }
    return good;
}
