// SPDX-License-Identifier: Apache-2.0
//
// What a build flashes, as one flash: the files where they go, erased flash between them.
#include <inttypes.h>
#include <stdlib.h>

#include "flash_find.h"
#include "format_list.h"
#include "manifest.h"
#include "text.h"

static int by_address(const void *a, const void *b)
{
    const struct manifest_file *f = *(struct manifest_file *const *)a;
    const struct manifest_file *g = *(struct manifest_file *const *)b;
    return f->address < g->address ? -1 : f->address > g->address;
}

// Those that are there, in their order in flash. NULL: not all are.
static struct manifest_file **in_order(struct arena *a, const struct manifest_build *b,
                                       size_t *count)
{
    struct manifest_file **list = arena_alloc(a, (b->count + 1) * sizeof(struct manifest_file *));
    *count = 0;
    for (struct manifest_file *f = b->files; f != NULL; f = f->next) {
        if (f->flashed && (f->input == NULL || f->address > MANIFEST_FLASH_MOST ||
                           input_source(f->input).size > MANIFEST_FLASH_MOST - f->address)) {
            return NULL;
        }
        if (f->flashed) {
            list[(*count)++] = f;
        }
    }
    qsort(list, *count, sizeof(struct manifest_file *), by_address);
    return list;
}

// What reaches into the next one is cut off there, as the next one is written over it.
static void lay_out(struct arena *a, struct manifest_build *b, struct pieces *l,
                    struct manifest_file **files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct manifest_file *f = files[i];
        bool last = i + 1 == count;
        uint64_t size = input_source(f->input).size;
        pieces_add_fill(l, f->address - l->size);
        if (!last && f->address + size > files[i + 1]->address) {
            b->overlap = arena_printf(a, "%s ends at 0x%" PRIx64 ", and %s begins at 0x%" PRIx64,
                                      text_printable(a, f->path), f->address + size,
                                      text_printable(a, files[i + 1]->path), files[i + 1]->address);
            size = files[i + 1]->address - f->address;
        }
        pieces_add_part(l, f->input, 0, size);
    }
}

// Which flash it is; NULL: none, but an update of some parts of one. A build with Secure Boot
// leaves its bootloader to be flashed by hand, and does not name it.
static const struct format *flash_format(struct reader *r, const struct manifest *m,
                                         const struct otapack_source *src, uint64_t first)
{
    struct flash_layout l;
    if (flash_find(src, r->options, &l)) {
        bool by_hand = m->kind != MANIFEST_WEB && !l.has_bootloader && first >= l.table_at;
        return by_hand ? NULL : &format_flash;
    }
    const struct format *f = format_of_part(r, src);
    return f == &format_esp8266_flash || f == &format_esp8266_arduino ? f : NULL;
}

// A flash is laid out from its first byte on, wherever files are.
static const struct read_options *options_of(struct reader *r)
{
    struct read_options *options = ARENA_NEW(r->arena, struct read_options);
    *options = *r->options;
    options->is_flash = true;
    options->flash_offset_given = true;
    options->flash_offset = 0;
    return options;
}

bool manifest_add_flash(struct reader *r, const struct manifest *m, struct manifest_build *b)
{
    size_t count = 0;
    struct manifest_file **files = in_order(r->arena, b, &count);
    if (files == NULL || count == 0) {
        return false;
    }
    struct pieces *l = beside_pieces(r->options->beside);
    lay_out(r->arena, b, l, files, count);
    struct otapack_source src = pieces_source(l);
    const struct read_options *options = options_of(r);
    struct reader as_flash = *r;
    as_flash.options = options;
    const struct format *format = flash_format(&as_flash, m, &src, files[0]->address);
    if (format != NULL) {
        (void)read_named(r, b->node, "flash", src, format, options);
    }
    return format != NULL;
}
