// SPDX-License-Identifier: Apache-2.0
//
// Back from a combined image: the recipe that builds the same.
#include "layer_rcp.h"
#include "part_file.h"
#include "rcp_part.h"
#include "rcp_seal.h"

#define NO_RECIPE "; no recipe can build the same"

// What a recipe lays out, beside flash_args and the host.
static const char *const names[] = {"version", "bootloader", "partition_table", "firmware"};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static bool has_parts(const struct node *n, struct err *e)
{
    bool good = true;
    for (size_t i = 0; good && i <= NAMES; i++) {
        const char *name = i == NAMES ? "flash_args" : names[i];
        good =
            node_find(n, name, -1) != NULL ||
            err_set(e, STATUS_NO, "there is no %s, which an RCP image must have" NO_RECIPE, name);
    }
    return good;
}

static bool records_are_known(const struct node *args, struct err *e)
{
    bool good = true;
    for (const struct node *p = args->parts; good && p != NULL; p = p->next) {
        good = rcp_part_is_flashed((uint32_t)node_number(p, "tag")) ||
               err_set(e, STATUS_NO, "flash_args has a record of what is not flashed" NO_RECIPE);
    }
    return good;
}

// In another order the host would have another seal, which its signature is made of as well.
static bool order_is_sealed(const struct node *n, struct err *e)
{
    uint64_t at = 0;
    for (uint32_t tag = OTAPACK_RCP_VERSION; tag <= OTAPACK_RCP_HOST; tag++) {
        const struct node *part = node_find(n, rcp_part_name(tag), -1);
        if (part != NULL && part->src.base < at) {
            return err_set(
                e, STATUS_NO,
                "its %s lies where no recipe puts it, which the seal is made of" NO_RECIPE,
                rcp_part_name(tag));
        }
        at = part == NULL ? at : part->src.base;
    }
    return true;
}

const char *recipe_say_rcp(struct arena *a, const struct node *n, struct err *e)
{
    const struct node *host = node_find(n, "host", -1);
    bool sealed = rcp_seal_holds(n);
    if (!has_parts(n, e) || !records_are_known(node_find(n, "flash_args", -1), e) ||
        (sealed && !order_is_sealed(n, e))) {
        return NULL;
    }
    const char *text = host == NULL ? "" : arena_printf(a, "app: %s\n", part_file(a, host));
    text = arena_printf(a, "%srcp:\n", text);
    for (size_t i = 0; i < NAMES; i++) {
        const char *file = part_file(a, node_find(n, names[i], -1));
        text = arena_printf(a, "%s  %s: %s\n", text, names[i], file);
    }
    text = arena_printf(a, "%s%s  flash_args:\n", text, sealed ? "  seal: true\n" : "");
    for (const struct node *p = node_find(n, "flash_args", -1)->parts; p != NULL; p = p->next) {
        text =
            arena_printf(a, "%s    - %s: %s\n", text, node_text(p, "tag"), node_text(p, "address"));
    }
    return text;
}
