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
    return f->address != g->address ? (f->address < g->address ? -1 : 1)
                                    : f->node->index - g->node->index;
}

static uint64_t size_of(const struct manifest_file *f)
{
    return f->input == NULL ? 0 : input_source(f->input).size;
}

bool manifest_is_beyond(const struct manifest_file *f)
{
    return f->address > MANIFEST_FLASH_MOST || size_of(f) > MANIFEST_FLASH_MOST - f->address;
}

// What is flashed, in its order in flash.
static struct manifest_file **in_order(struct arena *a, const struct manifest_build *b,
                                       size_t *count)
{
    struct manifest_file **list = arena_alloc(a, (b->count + 1) * sizeof(struct manifest_file *));
    *count = 0;
    for (struct manifest_file *f = b->files; f != NULL; f = f->next) {
        if (f->flashed) {
            list[(*count)++] = f;
        }
    }
    qsort(list, *count, sizeof(struct manifest_file *), by_address);
    return list;
}

// Where two lie over each other; of what is not open, all that is known is where it begins.
static void find_overlap(struct arena *a, struct manifest_build *b, struct manifest_file **files,
                         size_t count)
{
    for (size_t i = 0; i + 1 < count; i++) {
        const struct manifest_file *f = files[i], *next = files[i + 1];
        uint64_t between = next->address - f->address;
        if (between == 0 || size_of(f) > between) {
            const char *ends = f->input == NULL
                                   ? "begins there, too"
                                   : arena_printf(a, "ends at 0x%" PRIx64, f->address + size_of(f));
            b->overlap =
                arena_printf(a, "%s %s, and %s begins at 0x%" PRIx64, text_printable(a, f->path),
                             ends, text_printable(a, next->path), next->address);
        }
    }
}

// Those that a flash can have. 0: one of them is not open, and what it would be is not known.
static size_t keep_possible(struct manifest_file **files, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (files[i]->input == NULL) {
            return 0;
        }
        if (!manifest_is_beyond(files[i])) {
            files[kept++] = files[i];
        }
    }
    return kept;
}

// What reaches into the next one is cut off there, as the next one is written over it.
static void lay_out(struct pieces *l, struct manifest_file **files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct manifest_file *f = files[i];
        uint64_t size = size_of(f);
        pieces_add_fill(l, f->address - l->size);
        if (i + 1 < count && f->address + size > files[i + 1]->address) {
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

void manifest_add_flash(struct reader *r, const struct manifest *m, struct manifest_build *b)
{
    size_t count = 0;
    struct manifest_file **files = in_order(r->arena, b, &count);
    find_overlap(r->arena, b, files, count);
    count = keep_possible(files, count);
    if (count == 0) {
        return;
    }
    struct pieces *l = beside_pieces(r->options->beside);
    lay_out(l, files, count);
    struct otapack_source src = pieces_source(l);
    const struct read_options *options = options_of(r);
    struct reader as_flash = *r;
    as_flash.options = options;
    const struct format *format = flash_format(&as_flash, m, &src, files[0]->address);
    for (size_t i = 0; i < count; i++) {
        files[i]->laid_out = format != NULL;
    }
    if (format != NULL) {
        (void)read_named(r, b->node, "flash", src, format, options);
    }
}
