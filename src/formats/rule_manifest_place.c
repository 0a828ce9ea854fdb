// SPDX-License-Identifier: Apache-2.0
//
// Where the files of a list go in flash: over no other one, in flash that there is, and where each
// is of use. Of what is laid out as one flash, that flash is judged; of all else, each file by
// itself, and with the partition table where that is among them.
#include <inttypes.h>

#include "device.h"
#include "flash_layout.h"
#include "format_list.h"
#include "partition_name.h"
#include "rule.h"
#include "rule_manifest.h"
#include "text.h"

enum { APP_ALIGNMENT = 0x10000 }; // of the partitions that apps are in

static const struct node *content_of(const struct manifest_file *f)
{
    return node_find(f->node, "content", -1);
}

// The table that the files of a build bring. False: none of them is one.
static bool find_table(const struct manifest_build *b, struct device *d)
{
    for (const struct manifest_file *f = b->files; f != NULL; f = f->next) {
        const struct node *n = content_of(f);
        if (f->flashed && node_is(n, &format_partition_table) && n->parsed != NULL &&
            device_open(d, &n->src)) {
            return true;
        }
    }
    return false;
}

// A second bootloader goes where the eFuses say.
static const char *why_no_bootloader(struct arena *a, const struct node *n, uint64_t at)
{
    const struct chip *chip = image_chip(n);
    bool second = chip != NULL && chip->recovery && at >= FLASH_TABLE_USUAL;
    return chip == NULL || second || at == chip->bootloader_at
               ? NULL
               : arena_printf(a, "the %s looks for its bootloader at 0x%" PRIx32, chip->title,
                              chip->bootloader_at);
}

static const char *why_no_app(struct arena *a, const struct node *n, uint64_t at,
                              const struct device *d)
{
    if (d == NULL) {
        return at > 0 && at % APP_ALIGNMENT == 0
                   ? NULL
                   : "it is an app, and apps begin at a multiple of 0x10000 behind the bootloader";
    }
    const struct otapack_partition *p = device_app_at(d, at);
    return device_data_at(d, at) ? NULL // the app that runs knows what it is for
           : p == NULL           ? "there no app partition of the list's partition table begins"
           : n->src.size > p->size
               ? arena_printf(a, "the app has %s bytes, and partition %s has %s",
                              text_count(a, n->src.size), partition_label(a, p),
                              text_count(a, p->size))
               : NULL;
}

// Why the file is of no use there; NULL: it may be.
static const char *why_not_there(struct arena *a, const struct manifest_file *f,
                                 const struct device *d)
{
    const struct node *n = content_of(f);
    if (manifest_is_beyond(f)) {
        return "no flash goes so far: the largest has 128 MiB";
    }
    if (node_is(n, &format_flash) && n->parsed != NULL) {
        uint64_t begins = node_number(n, "flash_offset");
        return begins == f->address
                   ? NULL
                   : arena_printf(a, "it is a merged flash image, which begins at 0x%" PRIx64,
                                  begins);
    }
    return is_image(n, "bootloader") ? why_no_bootloader(a, n, f->address)
           : is_image(n, "app")      ? why_no_app(a, n, f->address, d)
                                     : NULL;
}

static void check_build(struct judge *j, const struct manifest_build *b)
{
    struct device table, *d = find_table(b, &table) ? &table : NULL;
    for (const struct manifest_file *f = b->files; f != NULL; f = f->next) {
        const char *why = f->flashed && !f->laid_out ? why_not_there(j->arena, f, d) : NULL;
        if (why != NULL) {
            found(j, f->node, CHECK_MANIFEST_PLACE, false, "%s goes to 0x%" PRIx64 ", and %s",
                  text_printable(j->arena, f->path), f->address, why);
        }
    }
}

void rule_manifest_places(struct judge *j, const struct manifest *m)
{
    for (const struct manifest_build *b = m->builds; b != NULL; b = b->next) {
        bool any = false;
        for (const struct manifest_file *f = b->files; f != NULL; f = f->next) {
            any = any || f->flashed;
        }
        if (any) {
            found(j, b->node, CHECK_MANIFEST_PLACE, b->overlap == NULL, "%s", b->overlap);
            check_build(j, b);
        }
    }
}
