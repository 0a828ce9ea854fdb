// SPDX-License-Identifier: Apache-2.0
//
// A border router's combined image, laid out as create_ota_image.py does: the table, then the parts
// in the order of their tags, without padding, the host's firmware last.
#include <unistd.h>

#include "emit.h"
#include "flash_args.h"

// The flash_args part: as many records as there are, which is what the table then says.
static void add_flash_args(const struct recipe_rcp *rcp, const struct flash_args *args,
                           struct layout *l)
{
    size_t size = args->count * OTAPACK_RCP_RECORD_SIZE;
    uint8_t *bytes = arena_alloc(l->arena, size);
    for (size_t i = 0; i < args->count; i++) {
        otapack_rcp_record_write(&args->records[i], bytes + i * OTAPACK_RCP_RECORD_SIZE);
    }
    layout_add_bytes(l, rcp->flash_args, bytes, size);
}

// The table can be written once the sizes of all parts are known.
static bool fill_table(const struct layout *l, uint8_t *table, struct err *e)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct piece *p = &l->pieces[i];
        if (p->at + p->size > UINT32_MAX) {
            return err_set(e, STATUS_NO,
                           "%s: the parts are larger than the 4 GiB that the table can "
                           "say; make them smaller",
                           p->file);
        }
        struct otapack_rcp_entry entry = {i == 0 ? OTAPACK_RCP_TABLE : (uint32_t)(i - 1),
                                          (uint32_t)p->size, (uint32_t)p->at};
        otapack_rcp_entry_write(&entry, table + i * OTAPACK_RCP_ENTRY_SIZE);
    }
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

bool emit_rcp_image(const struct recipe *recipe, struct layout *l, struct err *e)
{
    const struct recipe_rcp *rcp = recipe->rcp;
    size_t entries = OTAPACK_RCP_HOST + (recipe->app == NULL ? 1 : 2);
    uint8_t *table = arena_alloc(l->arena, entries * OTAPACK_RCP_ENTRY_SIZE);
    struct flash_args args;
    if (!parts_exist(rcp, e) || !flash_args_read(rcp, l->arena, &args, e)) {
        return false;
    }
    layout_add_bytes(l, NULL, table, entries * OTAPACK_RCP_ENTRY_SIZE);
    if (layout_add_file(l, rcp->version, e) == NULL) {
        return false;
    }
    add_flash_args(rcp, &args, l);
    return layout_add_file(l, rcp->bootloader, e) != NULL &&
           layout_add_file(l, rcp->partition_table, e) != NULL &&
           layout_add_file(l, rcp->firmware, e) != NULL &&
           (recipe->app == NULL || layout_add_file(l, recipe->app, e) != NULL) &&
           fill_table(l, table, e);
}
