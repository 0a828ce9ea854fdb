// SPDX-License-Identifier: Apache-2.0
//
// Back from a flash image, or a file that says where its bytes go: the recipe that builds the same.
#include <inttypes.h>
#include <otapack/uf2.h>

#include "flash_file.h"
#include "flash_files.h"
#include "format_list.h"
#include "layer_flash.h"
#include "part_file.h"
#include "recipe_of_tree.h"
#include "text.h"

// What goes before the parts, and these, whose lines are put together once: there may be thousands.
// They lie where the file says it, or in a flash image whose first byte is at `offset`.
static const char *with_parts(struct arena *a, const struct node *n, const char *text,
                              uint64_t offset)
{
    bool flash = node_is(n, &format_flash);
    size_t count = 1;
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        count++;
    }
    const char **lines = arena_alloc(a, count * sizeof(*lines));
    const char *const *file = part_files(a, n);
    lines[0] = arena_printf(a, "%s  parts:\n", text);
    count = 1;
    for (const struct node *p = n->parts; p != NULL; p = p->next, file++) {
        if (flash ? recipe_takes(p) : flash_file_is_region(p)) {
            uint64_t at = flash ? p->src.base - n->src.base + offset : flash_file_address(p);
            lines[count++] = arena_printf(a, "    - 0x%" PRIx64 ": %s\n", at, *file);
        }
    }
    return text_joined(a, lines, count);
}

// Of a file that says where its bytes go.
static const char *say_form(struct arena *a, const struct node *n, struct err *e)
{
    bool uf2 = node_is(n, &format_uf2), md5 = (node_number(n, "flags") & OTAPACK_UF2_HAS_MD5) != 0;
    uint64_t payload = node_number(n, "payload"), runs = 0;
    const char *text = arena_printf(a, "flash:\n  format: %s\n", uf2 ? "uf2" : "hex");
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        runs += flash_file_is_region(p);
    }
    if (runs == 0) {
        err_set(e, STATUS_NO, "it cannot be read; no recipe can build the same");
        return NULL;
    }
    if (uf2) {
        bool all = payload == uf2_chunk_most(!md5) || node_number(n, "blocks") == runs;
        text = arena_printf(a, "%s  family: %s\n%s", text, node_text(n, "family"),
                            md5 ? "" : "  no_md5: true\n");
        text = all ? text : arena_printf(a, "%s  chunk_size: %" PRIu64 "\n", text, payload);
    }
    return with_parts(a, n, text, 0);
}

const char *recipe_say_flash(struct arena *a, const struct node *n, struct err *e)
{
    if (!node_is(n, &format_flash)) {
        return say_form(a, n, e);
    }
    uint64_t offset = node_number(n, "flash_offset");
    const char *text = arena_printf(a, "flash:\n  size: %" PRIu64 "\n", offset + n->src.size);
    if (offset > 0) {
        text = arena_printf(a, "%s  offset: 0x%" PRIx64 "\n", text, offset);
    }
    return with_parts(a, n, text, offset);
}
