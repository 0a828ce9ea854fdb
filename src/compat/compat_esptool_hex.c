// SPDX-License-Identifier: Apache-2.0
//
// An Intel HEX file among the files of merge_bin. It says itself where its data go, and as esptool
// from 4.9 on does, the address before its name is passed over. (Before that all was one part, from
// that address on, with 0xFF where nothing is.)
#include <stdlib.h>
#include <string.h>

#include "compat_esptool.h"
#include "flash_file.h"
#include "format_list.h"
#include "layer.h"
#include "open_tree.h"
#include "source.h"

struct run {
    uint64_t address, end;
    const uint8_t *bytes;
};

// What was unpacked of a file, as a layer.
struct part {
    const char *file;
    uint8_t *bytes;
    size_t n;
};

bool esptool_hex_is(const char *file, bool *is, struct err *e)
{
    *is = false;
    if (strcmp(file, "-") == 0) {
        return true; // which can be read once
    }
    struct input *in = input_open(file, e);
    if (in == NULL) {
        return false;
    }
    struct otapack_source src = input_source(in);
    *is = format_intel_hex.probe(&src);
    bool good = input_good(in, e);
    input_close(in);
    return good;
}

static bool compose_part_of(const struct layer *layer, const struct recipe *recipe,
                            struct pieces *l, struct err *e)
{
    const struct part *part = layer->is;
    (void)recipe;
    (void)e;
    pieces_note(l, part->file);
    pieces_add_bytes(l, layer->where, part->bytes, part->n);
    return true;
}

// Runs that touch are one part.
static void add_part(const char *file, const struct run *runs, size_t count, struct arena *a,
                     struct recipe_entry ***end)
{
    static const struct layer_type type = {.compose = compose_part_of};
    struct recipe_entry *entry = ARENA_NEW(a, struct recipe_entry);
    struct layer *layer = ARENA_NEW(a, struct layer);
    struct part *part = ARENA_NEW(a, struct part);
    part->file = file;
    part->n = (size_t)(runs[count - 1].end - runs[0].address);
    part->bytes = arena_alloc(a, part->n);
    for (size_t i = 0; i < count; i++) {
        memcpy(part->bytes + (runs[i].address - runs[0].address), runs[i].bytes,
               (size_t)(runs[i].end - runs[i].address));
    }
    *layer = (struct layer){.type = &type, .where = file, .is = part};
    entry->where = file;
    entry->address = (uint32_t)runs[0].address;
    entry->part.where = file;
    entry->part.content = layer;
    **end = entry;
    *end = &entry->next;
}

// What esptool could not read, or would take half of.
static bool is_sound(const char *file, const struct node *root, struct err *e)
{
    static const enum check_id concerns[] = {CHECK_HEX_CHECKSUM, CHECK_HEX_END, CHECK_HEX_OVERLAP};
    if (root->error != NULL) {
        return check_refuse(e, CHECK_HEX_RECORD, "%s: %s", file, root->error);
    }
    for (size_t i = 0; i < sizeof(concerns) / sizeof(concerns[0]); i++) {
        const struct finding *f = finding_against(root, concerns[i]);
        if (f != NULL) {
            return check_refuse(e, f->check, "%s: %s", file, f->message);
        }
    }
    return true;
}

static int by_address(const void *one, const void *other)
{
    const struct run *a = one, *b = other;
    return a->address < b->address ? -1 : a->address > b->address;
}

// By their addresses. None lies over another one: that is a fault of the file.
static struct run *runs_of(const struct node *root, struct arena *a, size_t *count)
{
    size_t n = 0;
    for (const struct node *p = root->parts; p != NULL; p = p->next) {
        n += flash_file_is_region(p);
    }
    struct run *runs = arena_alloc(a, (n + 1) * sizeof(*runs));
    *count = n;
    n = 0;
    for (const struct node *p = root->parts; p != NULL; p = p->next) {
        if (flash_file_is_region(p)) {
            uint64_t address = flash_file_address(p);
            runs[n++] = (struct run){address, address + p->src.size,
                                     source_bytes(a, &p->src, 0, (size_t)p->src.size)};
        }
    }
    qsort(runs, n, sizeof(*runs), by_address);
    return runs;
}

bool esptool_hex_take(const char *file, struct arena *a, struct recipe_entry ***end, struct err *e)
{
    static const struct read_options options;
    struct opened image = {.input = NULL};
    bool good = open_tree_judged(&image, file, &options, a, e) && is_sound(file, image.root, e);
    if (good) {
        size_t count, n;
        const struct run *runs = runs_of(image.root, a, &count);
        good = input_good(image.input, e);
        for (size_t i = 0; good && i < count; i += n) {
            n = 1;
            while (i + n < count && runs[i + n].address == runs[i + n - 1].end) {
                n++;
            }
            add_part(file, runs + i, n, a, end);
        }
    }
    open_tree_close(&image);
    return good;
}
