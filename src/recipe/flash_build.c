// SPDX-License-Identifier: Apache-2.0
//
// What goes to which address, as an ESP-IDF build says it: flasher_args.json, or flash_args.
#include "chip.h"
#include "file_path.h"
#include "layer_flash.h"
#include "manifest.h"
#include "text.h"

// The first build of a list that says where its files go; NULL with `e` set.
static const struct manifest_build *build_of(struct manifest *m, const char *file,
                                             const struct otapack_source *src, struct arena *a,
                                             struct err *e)
{
    bool idf =
        manifest_read(a, src, m) && (m->kind == MANIFEST_IDF || m->kind == MANIFEST_IDF_TEXT);
    if (!idf) {
        err_set(e, STATUS_CANNOT,
                "%s: says not what goes where; name flasher_args.json or flash_args of a build",
                file);
        return NULL;
    }
    if (m->fault_count > 0) {
        err_set(e, STATUS_CANNOT, "%s: %s; build the project again", file, m->faults[0]);
        return NULL;
    }
    return m->builds;
}

static bool add_file(struct recipe_entry ***end, const struct manifest_file *f, const char *args,
                     struct arena *a, struct err *e)
{
    if (f->address > UINT32_MAX) {
        return err_set(e, STATUS_CANNOT, "%s: %s goes behind 4 GiB of flash; correct its address",
                       args, text_printable(a, f->path));
    }
    struct recipe_entry *entry = ARENA_NEW(a, struct recipe_entry);
    entry->where = args;
    entry->address = (uint32_t)f->address;
    entry->part.where = args;
    entry->part.file = file_path_beside(a, args, f->path);
    entry->next = **end;
    **end = entry;
    *end = &entry->next;
    return true;
}

// As a recipe calls a chip: "esp32c3" of "ESP32-C3".
static const char *family_name(const char *title)
{
    const struct chip *chip = title == NULL ? NULL : chip_by_name(title);
    return chip != NULL ? chip->name : title == NULL ? NULL : "esp8266";
}

static bool take_files(struct recipe_flash *flash, const struct manifest_build *b, struct arena *a,
                       struct err *e)
{
    struct recipe_entry **end = &flash->parts;
    bool good = true;
    for (const struct manifest_file *f = b->files; good && f != NULL; f = f->next) {
        good = !f->flashed || add_file(&end, f, flash->args, a, e);
    }
    if (flash->family == NULL && flash_form(flash) == FLASH_UF2) {
        flash->family = family_name(b->family);
    }
    return good;
}

bool flash_args_take(struct recipe_flash *flash, struct arena *a, struct err *e)
{
    struct manifest m;
    struct input *in = input_open(flash->args, e);
    if (in == NULL) {
        return false;
    }
    struct otapack_source src = input_source(in);
    const struct manifest_build *b = build_of(&m, flash->args, &src, a, e);
    bool good = b != NULL && take_files(flash, b, a, e) && input_good(in, e);
    input_close(in);
    return good;
}
