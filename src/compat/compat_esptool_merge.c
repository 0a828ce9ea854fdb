// SPDX-License-Identifier: Apache-2.0
//
// merge_bin of esptool 4 and merge-bin of esptool 5: from their options to a recipe of a flash
// image.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "argparse.h"
#include "build.h"
#include "chip.h"
#include "compat_esptool.h"
#include "flash_files.h"
#include "layer_flash.h"
#include "os.h"
#include "text.h"
#include "uf2_family.h"

// From the options to what a recipe would say.
struct merge {
    const struct args *args;
    struct arena *arena;
    struct recipe_flash flash;
    uint64_t target_offset;
    bool is_new; // merge-bin, as esptool 5 has it
    struct err *e;
};

static bool take_number_of(struct merge *m, const char *option, uint64_t most, uint64_t *out)
{
    const char *text = args_value(m->args, option);
    return text == NULL || (argparse_number(text, m->arena, out) && *out <= most) ||
           err_set(m->e, STATUS_CANNOT, "--%s: '%s' is no number up to 0x%" PRIx64 "; correct it",
                   option, text_printable(m->arena, text), most);
}

// What goes to one address, or the runs of an Intel HEX file.
static bool take_file(struct merge *m, uint32_t address, const char *file,
                      struct recipe_entry ***end)
{
    bool is_hex;
    if (!esptool_hex_is(file, &is_hex, m->e)) {
        return false;
    }
    if (is_hex) {
        return esptool_hex_take(file, m->arena, end, m->e);
    }
    struct recipe_entry *entry = ARENA_NEW(m->arena, struct recipe_entry);
    entry->where = file;
    entry->address = address;
    entry->part.where = file;
    entry->part.file = file;
    **end = entry;
    *end = &entry->next;
    return true;
}

static bool take_pairs(struct merge *m)
{
    struct recipe_entry **end = &m->flash.parts;
    char **words = args_words(m->args, m->arena);
    size_t count = m->args->operand_count;
    if (count % 2 != 0) {
        return err_set(m->e, STATUS_CANNOT,
                       "merge_bin takes pairs of ADDRESS FILE, and the last one is not whole; name "
                       "its file");
    }
    for (size_t i = 0; i < count; i += 2) {
        uint64_t address;
        if (!argparse_number(words[i], m->arena, &address) || address > UINT32_MAX) {
            return err_set(m->e, STATUS_CANNOT, "'%s' is no flash address; write it as in 0x10000",
                           text_printable(m->arena, words[i]));
        }
        if (!take_file(m, (uint32_t)address, words[i + 1], &end)) {
            return false;
        }
    }
    return true;
}

static bool take_parts_of(struct merge *m)
{
    if (!take_pairs(m)) {
        return false;
    }
    for (const struct recipe_entry *i = m->flash.parts; i != NULL; i = i->next) {
        if (i->address < m->target_offset) {
            return err_set(m->e, STATUS_CANNOT,
                           "%s goes to 0x%" PRIx32 ", before --target-offset 0x%" PRIx64
                           "; correct one of them",
                           i->where, i->address, m->target_offset);
        }
    }
    return true;
}

// As both have it, by either of its names; esptool passes over it for other files.
static bool take_padding(struct merge *m)
{
    static const char *const names[] = {"pad-to-size", "fill-flash-size"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *text = args_value(m->args, names[i]);
        if (text != NULL && !text_bytes(text, &m->flash.size)) {
            return err_set(m->e, STATUS_CANNOT, "--%s: '%s' is no flash size; write it as in 4MB",
                           names[i], text_printable(m->arena, text));
        }
    }
    if (flash_form(&m->flash) == FLASH_BIN) {
        m->flash.offset = m->target_offset;
    } else {
        m->flash.size = 0;
    }
    return true;
}

static bool take_chunk_of(struct merge *m)
{
    struct recipe_flash *flash = &m->flash;
    flash->no_md5 = args_value(m->args, "md5-disable") != NULL;
    return take_number_of(m, "chunk-size", UINT32_MAX, &flash->chunk) &&
           ((flash->chunk % 4 == 0 && flash->chunk <= uf2_chunk_most(flash->no_md5)) ||
            err_set(m->e, STATUS_CANNOT,
                    "--chunk-size: %" PRIu64 " is no multiple of 4 up to %u; correct it",
                    flash->chunk, (unsigned)uf2_chunk_most(flash->no_md5)));
}

static const char *unless_keep(const struct args *args, const char *option)
{
    const char *text = args_value(args, option);
    return text == NULL || strcmp(text, "keep") == 0 ? NULL : text;
}

// The chip, in whatever way it is written: "ESP32-S3" is esp32s3.
static bool take_chip(struct merge *m)
{
    const char *text = args_value(m->args, "chip");
    char *name = arena_string(m->arena, text == NULL ? "auto" : text), *to = name;
    uint32_t family;
    for (const char *c = name; *c != '\0'; c++) {
        if (*c != '-') {
            *to++ = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        }
    }
    *to = '\0';
    m->flash.family = name;
    return uf2_family_by_name(name, &family) ||
           err_set(m->e, STATUS_CANNOT,
                   "--chip: '%s' is no chip that is known; write --chip before %s, as in --chip "
                   "esp32s3",
                   text_printable(m->arena, name), m->args->cmd->name);
}

static bool take_merge(struct merge *m)
{
    static const char *const forms[] = {"raw", "uf2", "hex"};
    const char *form = args_value(m->args, "format");
    size_t count = sizeof(forms) / sizeof(forms[0]),
           at = text_place(form == NULL ? "raw" : form, forms, count);
    if (at == count) {
        return err_set(m->e, STATUS_CANNOT, "--format %s is not known; write raw, uf2 or hex",
                       text_printable(m->arena, form));
    }
    m->flash.form.number = (unsigned)at + 1;
    m->flash.settings = (struct flash_settings){unless_keep(m->args, "flash-mode"),
                                                unless_keep(m->args, "flash-freq"),
                                                unless_keep(m->args, "flash-size")};
    return take_chip(m) && take_number_of(m, "target-offset", UINT32_MAX, &m->target_offset) &&
           take_padding(m) && take_chunk_of(m) && take_parts_of(m);
}

static void tell(const struct merge *m, const char *output)
{
    struct os_info info;
    const char *quote = m->is_new ? "'" : "", *stop = m->is_new ? "." : "";
    if (strcmp(output, "-") == 0 || !os_info(output, &info)) {
        return;
    }
    printf("Wrote 0x%" PRIx64 " bytes to file %s%s%s, ready to ", info.size, quote, output, quote);
    if (flash_form(&m->flash) == FLASH_UF2) {
        printf("be flashed with any ESP USB Bridge%s\n", stop);
    } else {
        printf("flash to offset 0x%" PRIx64 "%s\n", m->target_offset, stop);
    }
}

// Parts without a bootloader, which esptool merges as well, draw only a warning.
enum status esptool_merge(const struct args *args, struct err *e)
{
    struct arena a = ARENA_EMPTY;
    struct merge m = {.args = args, .arena = &a, .e = e};
    m.is_new = strcmp(args->cmd->name, "merge-bin") == 0;
    const char *output = args_value(args, "output");
    struct recipe recipe = {.file = "merge_bin"};
    struct build b = {.recipe = &recipe, .target = output, .no_summary = true};
    enum status status = STATUS_CANNOT;
    b.options.read.allow[CHECK_FLASH_LAYOUT] = true;
    if (output == NULL) {
        err_set(e, STATUS_CANNOT, "merge_bin needs --output FILE; see its --help");
    } else if (!take_merge(&m)) {
        status = e->status;
    } else {
        b.options.read.target.chip = chip_by_name(m.flash.family);
        b.options.read.target.known = b.options.read.target.chip == NULL ? 0 : TARGET_CHIP;
        recipe_add(&recipe, &a,
                   (struct layer){.type = &layer_flash, .where = output, .is = &m.flash});
        status = build_run(&b, e);
    }
    if (status == STATUS_OK) {
        tell(&m, output);
    }
    arena_free(&a);
    return status;
}
