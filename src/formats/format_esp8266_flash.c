// SPDX-License-Identifier: Apache-2.0
//
// A flash image of the ESP8266 from address 0 on: what its ROM loads, and behind that, at sectors,
// what that starts. It has no header. There are four kinds: code that runs from flash as it is
// (the NONOS SDK without updates: NodeMCU, MicroPython); images of version 2 behind Espressif's
// bootloader; ROMs behind rBoot; a partition table and apps behind that of ESP8266_RTOS_SDK.
#include <inttypes.h>
#include <otapack/partition_table.h>
#include <otapack/rboot.h>

#include "esp8266_flash.h"
#include "esp8266_tree.h"
#include "format_list.h"
#include "source.h"

enum {
    MD5_SIZE = 16,
    PROGRAMS_MOST = 16, // that are opened
    UNUSED_AT = 6,      // of rBoot's configuration
};

// The image while it is opened, sector by sector.
struct flash {
    struct reader *r;
    struct node *n;
    uint64_t at; // where what has been added ends
    int unused, data, roms, tables;
    uint64_t code_at, code_end;              // 0: none
    uint64_t length;                         // as MicroPython says it, or 0
    const struct node *first, *config, *app; // what the boot part may start
    bool has_table, has_slot[2];             // user1, user2
    int programs;                            // that were opened
};

static bool flash_probe(const struct otapack_source *src)
{
    return esp8266_boot_end(src) != 0;
}

static void add_unused(struct flash *f, uint64_t next)
{
    if (next > f->at) {
        read_rest(f->r, f->n, "unused", f->unused++, f->at, next - f->at);
        f->at = next;
    }
}

// ---- What begins at a sector --------------------------------------------------------------------

static uint64_t extent_of(const struct flash *f, const struct format *format)
{
    struct otapack_source part = otapack_part(&f->n->src, f->at, f->n->src.size);
    return format->extent == NULL ? part.size : format->extent(&part);
}

static struct node *add(struct flash *f, const char *name, int index, uint64_t size,
                        const struct format *format)
{
    struct node *part = read_part(f->r, f->n, name, index, f->at, size, format);
    f->at += size;
    return part;
}

static void add_roms(struct arena *a, struct node *part, const struct otapack_rboot_config *c)
{
    uint32_t there = (OTAPACK_RBOOT_CONFIG_SIZE - c->roms_at) / 4;
    for (uint32_t i = 0; i < there; i++) {
        struct place place = {c->roms_at + 4 * (int64_t)i, 4, i < c->count};
        node_hex(a, part, arena_printf(a, "rom_%" PRIu32, i), c->roms[i], place);
    }
}

static void show_config(struct arena *a, struct node *part, const struct otapack_rboot_config *c)
{
    node_hex(a, part, "magic", c->magic, QUIET(0, 1));
    node_uint(a, part, "version", c->version, QUIET(1, 1));
    node_uint(a, part, "mode", c->mode, SHOWN(2, 1));
    node_uint(a, part, "current_rom", c->current_rom, SHOWN(3, 1));
    node_uint(a, part, "gpio_rom", c->gpio_rom, SHOWN(4, 1));
    node_uint(a, part, "count", c->count, SHOWN(5, 1));
    // What Mongoose OS has in front of the addresses belongs to these bytes.
    size_t unused = (size_t)c->roms_at - UNUSED_AT;
    node_bytes(a, part, "unused", source_bytes(a, &part->src, UNUSED_AT, unused), unused,
               QUIET(UNUSED_AT, unused));
    add_roms(a, part, c);
    part->summary = arena_printf(a, "rBoot's configuration, starts the ROM at 0x%" PRIx32,
                                 c->roms[otapack_rboot_first(c)]);
}

static void add_config(struct flash *f)
{
    struct otapack_rboot_config c;
    struct arena *a = f->r->arena;
    struct node *part = node_part(a, f->n, "config", -1, f->at, OTAPACK_RBOOT_CONFIG_SIZE);
    // It was found by this, but a read that was good once can fail.
    struct otapack_status s = otapack_rboot_config_read(&f->n->src, f->at, &c);
    part->format = "rboot_config";
    if (s.code == OTAPACK_OK) {
        show_config(a, part, &c);
    } else {
        part->error = status_text(a, part, s);
    }
    f->config = part;
    f->at += part->src.size;
}

static void add_v2(struct flash *f)
{
    struct otapack_source part = otapack_part(&f->n->src, f->at, f->n->src.size);
    struct otapack_esp8266_v2 v2;
    uint64_t size = extent_of(f, &format_esp8266_v2);
    uint8_t slot =
        otapack_esp8266_v2_open(&part, &v2).code == OTAPACK_OK ? otapack_esp8266_v2_slot(&v2) : 0;
    const char *name = slot == 1 ? "user1" : "user2";
    bool rom = slot == 0 || f->has_slot[slot - 1];
    if (!rom) {
        f->has_slot[slot - 1] = true;
    }
    struct node *n = add(f, rom ? "roms" : name, rom ? f->roms++ : -1, size, &format_esp8266_v2);
    f->first = f->first == NULL ? n : f->first;
}

static void add_table(struct flash *f)
{
    (void)add(f, f->has_table ? "tables" : "partition_table", f->has_table ? f->tables++ : -1,
              OTAPACK_PARTITION_TABLE_SIZE, &format_partition_table);
    f->has_table = true;
}

static void add_image(struct flash *f)
{
    uint64_t size = extent_of(f, &format_esp8266_image);
    struct node *n =
        add(f, f->config != NULL ? "roms" : "apps", f->roms++, size, &format_esp8266_image);
    f->first = f->first == NULL ? n : f->first;
    f->app = f->app == NULL && node_field(n, "flash_offset") != NULL ? n : f->app;
}

// The first thing behind the boot part that has no header runs from where it is, if it is mapped.
static bool is_code(const struct flash *f)
{
    return f->first == NULL && f->code_at == 0 && f->at < ESP8266_MAPPED_SIZE;
}

static void add_code(struct flash *f, uint64_t size)
{
    uint64_t left = f->n->src.size - f->at, length = f->length - f->at;
    if (f->length != 0) {
        size = length < left ? length : left;
    }
    f->code_at = f->at;
    f->code_end = f->at + size;
    add(f, "irom", -1, size, &format_raw)->summary = "code that runs from flash";
    if (f->length != 0 && left - size >= MD5_SIZE) {
        add(f, "firmware_md5", -1, MD5_SIZE, &format_raw)->summary = "MD5 of the firmware";
    }
}

static bool is_program(enum esp8266_piece piece)
{
    return piece == PIECE_TABLE || piece == PIECE_V2 || piece == PIECE_IMAGE;
}

// What begins at this sector. Behind more programs and tables than any bootloader knows of, there
// are only data: each sector could have another one, which is shown in more bytes than it has.
static enum esp8266_piece piece_at(const struct flash *f, uint64_t at)
{
    enum esp8266_piece piece = esp8266_piece_at(&f->n->src, at);
    return is_program(piece) && f->programs == PROGRAMS_MOST ? PIECE_RAW : piece;
}

// Up to the next sector in which something else begins.
static void add_raw(struct flash *f)
{
    const struct otapack_source *src = &f->n->src;
    uint64_t next = esp8266_sectors(f->at + 1);
    while (next < src->size && piece_at(f, next) == PIECE_RAW) {
        next += OTAPACK_ESP8266_SECTOR;
    }
    uint64_t size = (next < src->size ? next : src->size) - f->at;
    if (is_code(f)) {
        add_code(f, size);
    } else {
        bool closed = is_program(esp8266_piece_at(src, f->at));
        struct node *part = add(f, "data", f->data++, size, &format_raw);
        part->summary = closed ? "not opened, behind 16 programs and tables" : part->summary;
    }
}

static void add_piece(struct flash *f)
{
    enum esp8266_piece piece = piece_at(f, f->at);
    f->programs += is_program(piece);
    switch (piece) {
    case PIECE_NOTHING:
        break;
    case PIECE_CONFIG:
        add_config(f);
        break;
    case PIECE_TABLE:
        add_table(f);
        break;
    case PIECE_V2:
        add_v2(f);
        break;
    case PIECE_IMAGE:
        add_image(f);
        break;
    case PIECE_RAW:
        add_raw(f);
        break;
    }
}

// In front of code that begins at `at`, MicroPython has the length of the firmware.
static void take_length(struct flash *f, uint64_t at)
{
    const uint64_t size = 4;
    if (at < f->n->src.size && is_code(f) && esp8266_piece_at(&f->n->src, at) == PIECE_RAW &&
        at - f->at >= size && esp8266_micropython(&f->n->src, at, &f->length)) {
        add_unused(f, at - size);
        node_uint(f->r->arena, f->n, "firmware_length", f->length, SHOWN((int64_t)f->at, size));
        f->at = at;
    }
}

// What follows begins at a sector.
static void add_parts(struct flash *f)
{
    const struct otapack_source *src = &f->n->src;
    for (uint64_t at = esp8266_sectors(f->at); at < src->size; at = esp8266_sectors(f->at)) {
        while (at < src->size && esp8266_piece_at(src, at) == PIECE_NOTHING) {
            at += OTAPACK_ESP8266_SECTOR;
        }
        take_length(f, at);
        add_unused(f, at < src->size ? at : src->size);
        if (f->at < src->size) {
            add_piece(f);
        }
    }
    add_unused(f, src->size);
}

// ---- The whole ----------------------------------------------------------------------------------

uint64_t esp8266_flash_base(const struct node *flash)
{
    enum { TABLE_AT = 0x8000 };
    const struct node *table = node_find(flash, "partition_table", -1);
    uint64_t at = table == NULL ? 0 : table->src.base - flash->src.base;
    return at == TABLE_AT - OTAPACK_ESP8266_SECTOR ? OTAPACK_ESP8266_SECTOR : 0;
}

static const char *title_of(const struct flash *f)
{
    struct arena *a = f->r->arena;
    const char *name = f->code_at != 0 ? esp8266_firmware_name(a, &f->n->src, f->code_end) : NULL;
    if (name != NULL) {
        node_string(a, f->n, "firmware", name, SIZE_MAX, DERIVED);
    }
    return f->code_at != 0
               ? arena_printf(a, "ESP8266 flash image%s%s, code from 0x%" PRIx64 " on",
                              name == NULL ? "" : ": ", name == NULL ? "" : name, f->code_at)
           : f->config != NULL ? "ESP8266 flash image: rBoot and its ROMs"
           : f->app != NULL    ? arena_printf(a, "ESP8266 flash image%s: %s",
                                           esp8266_flash_base(f->n) == 0 ? "" : " for flash 0x1000",
                                              f->app->summary)
           : f->first != NULL
               ? arena_printf(a, "ESP8266 flash image: bootloader and %s", f->first->name)
               : "ESP8266 flash image";
}

static void esp8266_flash_open(struct reader *r, struct node *n)
{
    struct flash f = {.r = r, .n = n};
    uint64_t boot = esp8266_boot_end(&n->src);
    (void)read_part(r, n, "boot", -1, 0, boot, &format_esp8266_image);
    f.at = boot;
    add_parts(&f);
    n->summary = title_of(&f);
    esp8266_add_digests(r, n);
    struct esp8266_flash parsed = {f.code_at, f.code_end, f.length, f.app != NULL};
    NODE_KEEP(r->arena, n, parsed);
}

const struct format format_esp8266_flash = {.name = "esp8266_flash",
                                            .title = "ESP8266 flash image",
                                            .probe = flash_probe,
                                            .open = esp8266_flash_open,
                                            .rules = {rules_esp8266_flash},
                                            .container = CONTAINER_FLASH};
