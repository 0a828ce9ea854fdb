// SPDX-License-Identifier: Apache-2.0
#include "flash_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "format_list.h"
#include "text.h"

bool flash_file_begin(struct reader *r, struct flash_file *f, struct flash_run run)
{
    if (f->run_count == FLASH_FILE_RUNS_MOST) {
        return false;
    }
    if (f->run_count == f->run_room) {
        f->run_room = f->run_room == 0 ? 8 : 2 * f->run_room;
        f->runs = arena_resize(r->arena, f->runs, f->run_room * sizeof(*f->runs));
    }
    f->runs[f->run_count++] = run;
    return true;
}

// An ELF file as Intel HEX has the addresses at which a program finds itself.
const char *flash_file_outside(struct arena *a, uint64_t address, uint32_t size)
{
    return address + size <= FLASH_MOST
               ? NULL
               : arena_printf(a,
                              "its %" PRIu32 " bytes go to 0x%" PRIx64 ", and no flash has more "
                              "than 128 MiB; where those are a program's own addresses, make an "
                              "image of its ELF file with esptool elf2image",
                              size, address);
}

void flash_file_add(struct reader *r, struct flash_file *f, struct flash_piece piece)
{
    if (f->count == f->room) {
        f->room = f->room == 0 ? 64 : 2 * f->room;
        f->pieces = arena_resize(r->arena, f->pieces, f->room * sizeof(*f->pieces));
    }
    uint64_t end = piece.address + piece.size;
    f->lowest = f->count == 0 || piece.address < f->lowest ? piece.address : f->lowest;
    f->end = end > f->end ? end : f->end;
    f->pieces[f->count++] = piece;
}

static int by_address(const void *one, const void *other)
{
    const struct flash_piece *a = one, *b = other;
    return a->address < b->address ? -1 : a->address > b->address;
}

// Pieces keep their order: what is written last is what stays.
static void find_overlap(struct reader *r, struct flash_file *f)
{
    uint64_t end = 0;
    struct flash_piece *sorted = arena_alloc(r->arena, f->count * sizeof(*sorted));
    memcpy(sorted, f->pieces, f->count * sizeof(*sorted));
    qsort(sorted, f->count, sizeof(*sorted), by_address);
    for (size_t i = 0; i < f->count && !f->overlaps; i++) {
        f->overlaps = sorted[i].address < end;
        f->overlap_at = sorted[i].address;
        end = sorted[i].address + sorted[i].size;
    }
}

static int run_by_address(const void *one, const void *other)
{
    const struct flash_run *a = one, *b = other;
    return a->address < b->address ? -1 : a->address > b->address;
}

void flash_file_unmix(struct reader *r, struct flash_file *f, bool mixed)
{
    if (f->run_count < 2 || f->overlaps) {
        return;
    }
    struct flash_run *sorted = arena_alloc(r->arena, f->run_count * sizeof(*sorted));
    memcpy(sorted, f->runs, f->run_count * sizeof(*sorted));
    qsort(sorted, f->run_count, sizeof(*sorted), run_by_address);
    uint64_t end = 0;
    for (size_t i = 0; i < f->run_count; i++) {
        mixed = mixed || sorted[i].address < end;
        end =
            sorted[i].address + sorted[i].length > end ? sorted[i].address + sorted[i].length : end;
    }
    if (mixed) {
        const struct flash_run *last = &f->runs[f->run_count - 1];
        uint64_t size = last->at + last->size - f->runs[0].at;
        f->runs[0] = (struct flash_run){f->runs[0].at, size, f->lowest, f->end - f->lowest};
        f->run_count = 1;
    }
}

static const char *limit(struct node *n, const char *why)
{
    n->cannot = why;
    return why;
}

const char *flash_file_many(struct reader *r, struct node *n, const char *what)
{
    return limit(n,
                 arena_printf(r->arena,
                              "it has more than %d runs of %s, which otapack does not read; give "
                              "it in parts",
                              FLASH_FILE_RUNS_MOST, what));
}

const char *flash_file_finish(struct reader *r, struct node *n, struct flash_file *f)
{
    uint64_t size = f->end - f->lowest;
    if (f->count == 0) {
        return "nothing goes to any address";
    }
    if (size > r->left->flash) {
        return limit(n, arena_printf(r->arena,
                                     "it reaches from 0x%" PRIx64 " to 0x%" PRIx64
                                     ", more than the 128 MiB of flash that otapack reads of one "
                                     "file; give it in parts",
                                     f->lowest, f->end));
    }
    r->left->flash -= size;
    find_overlap(r, f);
    f->image = flash_pages_new(r->arena, size);
    return NULL;
}

void flash_file_put(struct flash_file *f, const struct flash_piece *piece, const uint8_t *bytes)
{
    flash_pages_put(f->image, piece->address - f->lowest, bytes, piece->size);
}

// ---- In the tree --------------------------------------------------------------------------------

static void add_runs(struct arena *a, struct node *n, const struct flash_file *f,
                     const char *format)
{
    for (size_t i = 0; i < f->run_count; i++) {
        const struct flash_run *run = &f->runs[i];
        struct node *part = node_part(a, n, "runs", (int)i, run->at, run->size);
        part->format = format;
        part->record = true;
        node_hex(a, part, "address", run->address, QUIET(0, run->size));
        node_uint(a, part, "length", run->length, QUIET(0, run->size));
        part->summary =
            arena_printf(a, "%s to 0x%" PRIx64, text_size(a, run->length), run->address);
    }
}

static struct otapack_source region(const struct flash_file *f, const struct flash_run *run)
{
    return flash_pages_part(f->image, run->address - f->lowest, run->length);
}

static void add_regions(struct reader *r, struct node *n, const struct flash_file *f, bool open)
{
    for (size_t i = 0; i < f->run_count; i++) {
        struct otapack_source src = region(f, &f->runs[i]);
        struct node *part = open ? read_unpacked(r, n, "regions", src, NULL)
                                 : node_unpacked(r->arena, n, "regions", src);
        part->index = (int)i;
        if (!open) {
            part->format = format_last()->name;
            node_string(r->arena, part, "kind", "region", SIZE_MAX, QUIET(0, src.size));
            part->summary = arena_printf(r->arena, "what goes to 0x%" PRIx64, f->runs[i].address);
        }
    }
}

// Its first byte has the flash address that the file says.
static struct node *add_content(struct reader *r, struct node *n, const struct flash_file *f,
                                struct otapack_source src)
{
    const struct read_options *given = r->options;
    struct read_options *options = ARENA_NEW(r->arena, struct read_options);
    *options = *given;
    options->flash_offset_given = true;
    options->flash_offset = f->lowest;
    r->options = options;
    struct node *content = read_unpacked(r, n, "content", src, NULL);
    r->options = given;
    return content;
}

// Do all runs together make something, or each of them?
static bool is_one(struct reader *r, const struct flash_file *f, const struct otapack_source *all)
{
    const struct format *format = format_of_part(r, all);
    return f->run_count == 1 || format == &format_flash || format == &format_esp8266_flash;
}

void flash_file_show(struct reader *r, struct node *n, const struct flash_file *f,
                     const char *run_format)
{
    struct otapack_source all = flash_pages_part(f->image, 0, f->end - f->lowest);
    bool one = is_one(r, f, &all);
    const char *what = "parts of a flash image";
    add_runs(r->arena, n, f, run_format);
    if (one) {
        what = add_content(r, n, f, all)->summary;
    }
    if (f->run_count > 1) {
        add_regions(r, n, f, !one);
    }
    n->summary = arena_printf(r->arena, "%s of %s from 0x%" PRIx64 ": %s", n->opened->title,
                              text_size(r->arena, f->end - f->lowest), f->lowest, what);
}

void flash_file_failed(struct reader *r, struct node *n, const char *error)
{
    n->error = error;
    n->summary = arena_printf(r->arena, "%s that cannot be read", n->opened->title);
    read_rest(r, n, "unread", -1, 0, n->src.size);
}

// ---- Of one that was read -----------------------------------------------------------------------

bool flash_file_is_region(const struct node *part)
{
    bool file = part->unpacked && part->parent != NULL &&
                (node_is(part->parent, &format_uf2) || node_is(part->parent, &format_intel_hex));
    return file &&
           (strcmp(part->name, "regions") == 0 || node_find(part->parent, "regions", -1) == NULL);
}

uint64_t flash_file_address(const struct node *region)
{
    const struct node *run =
        node_find(region->parent, "runs", region->index < 0 ? 0 : region->index);
    return node_number(run, "address");
}

const char *flash_file_unknown(const struct node *n)
{
    for (const struct node *p = n->parts; p != NULL; p = p->next) {
        if (p->unpacked && (node_is_known(p) || strcmp(node_text(p, "kind"), "region") == 0)) {
            return NULL;
        }
    }
    return n->summary;
}
