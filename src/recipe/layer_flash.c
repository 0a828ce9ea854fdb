// SPDX-License-Identifier: Apache-2.0
//
// A merged flash image: each part at its address, 0xFF between them; or the file in which each says
// where it goes.
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "flash_file.h"
#include "flash_files.h"
#include "flash_layout.h"
#include "format_list.h"
#include "input.h"
#include "layer_flash.h"
#include "opt.h"
#include "recipe_csv.h"
#include "text.h"
#include "uf2_family.h"

enum flash_form flash_form(const struct recipe_flash *flash)
{
    return flash->form.number == 0 ? FLASH_BIN : (enum flash_form)(flash->form.number - 1);
}

// ---- From a recipe ------------------------------------------------------------------------------

static bool take_size(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    uint64_t *size = to;
    const char *text = take_text(s, v);
    (void)key;
    return text != NULL &&
           ((text_bytes(text, size) && *size <= UINT32_MAX) ||
            err_set(s->e, STATUS_CANNOT, "%s: '%s' is no flash size; write 4MB, 512KB or bytes",
                    v->where, text_printable(s->arena, text)));
}

static bool take_offset(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    uint64_t *offset = to;
    const char *text = take_text(s, v);
    (void)key;
    return text != NULL && take_number(s, v->where, text, UINT32_MAX, offset) &&
           (*offset % FLASH_SECTOR == 0 ||
            err_set(s->e, STATUS_CANNOT,
                    "%s: '%s' is no multiple of 0x1000, the size of a flash sector; write the "
                    "address at which the image begins",
                    v->where, text_printable(s->arena, text)));
}

static bool take_parts(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    (void)key;
    return take_kind(s, v, VALUE_LIST) && take_entries(s, v, true, to);
}

static bool take_family(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    const char *text = take_text(s, v);
    uint32_t family;
    (void)key;
    *(const char **)to = text;
    if (text == NULL || uf2_family_by_name(text, &family)) {
        return text != NULL;
    }
    const char *all = text_list(s->arena, uf2_family_names, uf2_family_count);
    return err_unknown(s->e, text_nearest(text, uf2_family_names, uf2_family_count),
                       arena_printf(s->arena, "they are %s", all),
                       "%s: '%s' is no chip with a UF2 family", v->where,
                       text_printable(s->arena, text));
}

static bool take_chunk(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    uint64_t *chunk = to;
    const char *text = take_text(s, v);
    (void)key;
    return text != NULL && take_number(s, v->where, text, uf2_chunk_most(true), chunk) &&
           (*chunk > 0 ||
            err_set(s->e, STATUS_CANNOT,
                    "%s: a block without bytes cannot be; write up to %u, such as 256", v->where,
                    (unsigned)uf2_chunk_most(true)));
}

static bool take_args(struct schema *s, struct value *v, const struct recipe_key *key, void *to)
{
    struct recipe_flash *flash = to;
    flash->args_where = v->where;
    return key_path.take(s, v, key, &flash->args);
}

static const struct key_kind key_size = {"size", take_size}, key_offset = {"number", take_offset},
                             key_parts = {"list", take_parts}, key_family = {"text", take_family},
                             key_chunk = {"number", take_chunk}, key_args = {"file", take_args};

static const struct recipe_key keys[] = {
    {"format", &key_choice, offsetof(struct recipe_flash, form), "which file is made",
     OPT_WORDS("FORMAT", "bin", "uf2", "hex")},
    {"args", &key_args, 0, "a build's flasher_args.json or flash_args", NULL},
    {"size", &key_size, offsetof(struct recipe_flash, size), "of the flash: 0xFF up to there",
     NULL},
    {"offset", &key_offset, offsetof(struct recipe_flash, offset), "where the image begins", NULL},
    {"family", &key_family, offsetof(struct recipe_flash, family), "the chip, for UF2", NULL},
    {"chunk_size", &key_chunk, offsetof(struct recipe_flash, chunk), "bytes in a UF2 block", NULL},
    {"no_md5", &key_bool, offsetof(struct recipe_flash, no_md5), "UF2 blocks without MD5", NULL},
    {"parts", &key_parts, offsetof(struct recipe_flash, parts), "what goes to which address", NULL},
    {0},
};

// Keys that only one form has.
static bool are_together(struct schema *s, const struct layer *layer)
{
    const struct recipe_flash *flash = layer->is;
    enum flash_form form = flash_form(flash);
    bool padded = flash->size != 0 || flash->offset != 0;
    bool uf2 = flash->family != NULL || flash->chunk != 0 || flash->no_md5;
    if (padded && form != FLASH_BIN) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: size and offset are for format: bin; the other files say themselves "
                       "where their bytes go; leave them out",
                       layer->where);
    }
    if (uf2 && form != FLASH_UF2) {
        return err_set(s->e, STATUS_CANNOT,
                       "%s: family, chunk_size and no_md5 are for format: uf2; leave them out, or "
                       "write that",
                       layer->where);
    }
    return flash->chunk <= uf2_chunk_most(flash->no_md5) ||
           err_set(s->e, STATUS_CANNOT,
                   "%s: chunk_size %" PRIu64 " leaves no room for the MD5; write up to %u, or "
                   "no_md5: true",
                   layer->where, flash->chunk, (unsigned)uf2_chunk_most(false));
}

// The parts of a build come before those of the recipe.
static bool take_build(struct schema *s, const struct layer *layer)
{
    struct recipe_flash *flash = layer->is;
    struct err inner = ERR_NONE;
    if (flash->args == NULL) {
        return true;
    }
    if (!flash_args_take(flash, s->arena, &inner)) {
        return err_set(s->e, STATUS_CANNOT, "%s: args: %s", flash->args_where, inner.text);
    }
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next) {
        if (i->where == flash->args) {
            take_needed(s, flash->args_where, "args", i->part.file);
        }
    }
    return true;
}

static bool has_parts(struct schema *s, struct layer *layer)
{
    const struct recipe_flash *flash = layer->is;
    return are_together(s, layer) && take_build(s, layer) &&
           (flash->parts != NULL ||
            err_set(s->e, STATUS_CANNOT,
                    "%s: flash has no parts; list them as - ADDRESS: FILE, or name the build's "
                    "flasher_args.json as args",
                    layer->where));
}

// ---- The image ----------------------------------------------------------------------------------

// What lies lowest is the bootloader, to a table that lies behind it.
static int64_t lowest_before(const struct recipe_flash *flash, uint32_t address)
{
    int64_t lowest = -1;
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next) {
        bool lower = i->address < address && (lowest < 0 || i->address < (uint32_t)lowest);
        lowest = lower ? (int64_t)i->address : lowest;
    }
    return lowest;
}

// Entries need not be in order; a file must not reach into the next one.
static const struct recipe_entry *next_entry(const struct recipe_flash *flash,
                                             const struct recipe_entry *last)
{
    uint32_t done = last == NULL ? 0 : last->address;
    const struct recipe_entry *next = NULL;
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next) {
        if (i != last && i->address >= done && (next == NULL || i->address < next->address)) {
            next = i;
        }
    }
    return next;
}

// Is there a place for it behind what ends at the address `end`?
static bool has_place(const struct recipe_flash *flash, const struct recipe_entry *entry,
                      const struct recipe_entry *last, uint64_t end, struct err *e)
{
    if (entry != NULL && entry->address < flash->offset) {
        return err_set(e, STATUS_CANNOT,
                       "%s: 0x%" PRIx32 " lies before the offset 0x%" PRIx64 " at which the "
                       "image begins; correct one of them",
                       entry->where, entry->address, flash->offset);
    }
    if (entry == NULL || entry->address < end) {
        entry = entry == NULL ? last : entry; // which is there: a first part there always is
        return err_set(e, STATUS_CANNOT,
                       "%s: what goes to 0x%" PRIx32 " overlaps what lies before it; correct "
                       "the addresses",
                       // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
                       entry->where, entry->address);
    }
    return true;
}

// What a bootloader says of its flash, where the caller says it otherwise.
static bool set_settings(const struct recipe_flash *flash, const struct recipe_entry *entry,
                         struct pieces *l, uint64_t from, struct err *e)
{
    const struct flash_settings *set = &flash->settings;
    bool any = set->mode != NULL || set->frequency != NULL || set->size != NULL;
    if (!any || entry->address != flash_bootloader_at(flash->family)) {
        return true;
    }
    struct otapack_source src = pieces_from(l, from);
    size_t n = (size_t)src.size;
    uint8_t *image = arena_alloc(l->arena, n + 1);
    if (otapack_read(&src, 0, image, n, "").code != OTAPACK_OK) {
        return pieces_good(l, e) && false;
    }
    bool good = flash_settings_apply(set, flash->family, image, n, e);
    pieces_cut(l, from);
    pieces_add_bytes(l, layer_part_name(&entry->part), image, n);
    return good;
}

// Does what was laid out from `from` on end where an address can be?
static bool is_within(const struct recipe_entry *entry, const struct pieces *l, uint64_t from,
                      struct err *e)
{
    return entry->address + l->size - from <= INPUT_MOST ||
           err_set(e, STATUS_CANNOT,
                   "%s: what goes to 0x%" PRIx32 " reaches beyond 4 GiB; correct the address",
                   entry->where, entry->address);
}

// Lays out all parts, and notes in `list` what went where.
static bool compose_parts(const struct recipe_flash *flash, const struct recipe *recipe,
                          struct pieces *l, struct flash_part *list, struct err *e)
{
    const struct recipe_entry *last = NULL;
    const uint64_t from = l->size;
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next, list++) {
        const struct recipe_entry *entry = next_entry(flash, last);
        uint64_t end = flash->offset + l->size - from;
        if (!has_place(flash, entry, last, end, e)) {
            return false;
        }
        pieces_add_fill(l, entry->address - end);
        uint64_t at = l->size;
        if (!compose_table(&entry->part, recipe, entry->address,
                           lowest_before(flash, entry->address), l, e) ||
            !is_within(entry, l, at, e) || !set_settings(flash, entry, l, at, e)) {
            return false;
        }
        *list = (struct flash_part){entry->address, at - from, l->size - at};
        last = entry;
    }
    return true;
}

static bool pad(const struct recipe_flash *flash, const struct recipe *recipe, struct pieces *l,
                uint64_t from, struct err *e)
{
    uint64_t end = flash->offset + l->size - from;
    if (flash->size != 0 && end > flash->size) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the parts need %" PRIu64 " bytes of flash, size says %" PRIu64
                       "; correct one of them",
                       recipe->file, end, flash->size);
    }
    pieces_add_fill(l, flash->size == 0 ? 0 : flash->size - end);
    return true;
}

// The chip that the first image among the parts is for. False with `e` set: none says it.
static bool find_family(const struct layer *layer, const struct flash_parts *parts,
                        uint32_t *family, struct err *e)
{
    const struct recipe_flash *flash = layer->is;
    const char *name = flash->family;
    for (size_t i = 0; name == NULL && i < parts->count; i++) {
        const struct flash_part *part = &parts->list[i];
        struct otapack_source src = otapack_part(&parts->src, part->at, part->size);
        struct otapack_esp_image image;
        const struct chip *chip = otapack_esp_image_open(&src, &image).code == OTAPACK_OK
                                      ? chip_by_id(image.header.chip_id)
                                      : NULL;
        name = chip == NULL ? NULL : chip->name;
    }
    return (name != NULL && uf2_family_by_name(name, family)) ||
           err_set(e, STATUS_CANNOT,
                   "%s: no part says which chip it is for; write family, as in family: esp32s3",
                   layer->where);
}

// What is made is judged, and so is no more than can be read.
static bool is_readable(const struct flash_parts *parts, const char *where, struct err *e)
{
    const struct flash_part *first = &parts->list[0], *last = &parts->list[parts->count - 1];
    uint64_t end = last->address + last->size;
    if (end - first->address > FLASH_MOST) {
        return err_set(e, STATUS_CANNOT,
                       "%s: the parts reach from 0x%" PRIx32 " to 0x%" PRIx64
                       ", more than the 128 MiB of flash that a file is read of; make two of them",
                       where, first->address, end);
    }
    return parts->count <= FLASH_FILE_RUNS_MOST ||
           err_set(e, STATUS_CANNOT, "%s: there are more than %d parts; make two files of them",
                   where, FLASH_FILE_RUNS_MOST);
}

// The file takes the place of what it was made of.
static bool encode(const struct layer *layer, const struct flash_parts *parts, struct pieces *l,
                   uint64_t from, struct err *e)
{
    const struct recipe_flash *flash = layer->is;
    struct uf2_options uf2 = {.chunk = (uint32_t)flash->chunk, .no_md5 = flash->no_md5};
    struct flash_text file;
    bool good =
        is_readable(parts, layer->where, e) &&
        (flash_form(flash) == FLASH_HEX ? flash_files_hex(parts, l->arena, &file, e)
                                        : find_family(layer, parts, &uf2.family, e) &&
                                              flash_files_uf2(parts, &uf2, l->arena, &file, e));
    if (!pieces_good(l, e) || !good) { // the former names the input
        return false;
    }
    pieces_cut(l, from); // the inputs stay named
    pieces_add_bytes(l, layer->where, file.bytes, file.n);
    return true;
}

// A name that says another file than the recipe, which leaves it unsaid.
static bool is_named_so(const struct recipe_flash *flash, const struct recipe *recipe,
                        struct err *e)
{
    const char *dot = recipe->output == NULL ? NULL : strrchr(recipe->output, '.');
    bool other = dot != NULL && (strcmp(dot, ".uf2") == 0 || strcmp(dot, ".hex") == 0);
    return flash->form.number != 0 || !other ||
           err_set(e, STATUS_CANNOT, "%s: output ends in %s; write format: %s, or another name",
                   recipe->file, dot, dot + 1);
}

static bool compose_flash(const struct layer *layer, const struct recipe *recipe, struct pieces *l,
                          struct err *e)
{
    const struct recipe_flash *flash = layer->is;
    const uint64_t from = l->size;
    struct flash_parts parts = {.count = 0};
    for (const struct recipe_entry *i = flash->parts; i != NULL; i = i->next) {
        parts.count++;
    }
    struct flash_part *list = arena_alloc(l->arena, (parts.count + 1) * sizeof(*list));
    if (flash->args != NULL) {
        pieces_note(l, flash->args);
    }
    if (!is_named_so(flash, recipe, e) || !compose_parts(flash, recipe, l, list, e)) {
        return false;
    }
    if (flash_form(flash) == FLASH_BIN) {
        return pad(flash, recipe, l, from, e);
    }
    parts.src = pieces_from(l, from);
    parts.list = list;
    return encode(layer, &parts, l, from, e);
}

static void tell(const struct layer *layer, struct read_options *options)
{
    const struct recipe_flash *flash = layer->is;
    if (flash_form(flash) == FLASH_BIN) {
        options->is_flash = true;
        options->flash_offset_given = true;
        options->flash_offset = flash->offset;
    }
}

static const struct format *const more_formats[] = {&format_uf2, &format_intel_hex, NULL};

const struct layer_type layer_flash = {
    .key = {"flash", &key_map, 0, "a merged flash image", keys},
    .size = sizeof(struct recipe_flash),
    .place = PLACE_CONTENT,
    .taken = has_parts,
    .compose = compose_flash,
    .tell = tell,
    .format = &format_flash,
    .more_formats = more_formats,
    .of_parts = true,
    .say = recipe_say_flash,
};
