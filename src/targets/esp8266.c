// SPDX-License-Identifier: Apache-2.0
#include "esp8266.h"

#include <otapack/esp8266_image.h>
#include <string.h>
#include <strings.h>

#include "chip_memory.h"
#include "crc.h"
#include "source.h"
#include "text.h"

const struct esp8266_setting esp8266_modes[] = {
    {0, "qio", NULL, 0}, {1, "qout", NULL, 0}, {2, "dio", NULL, 0}, {3, "dout", NULL, 0}, {0}};

const struct esp8266_setting esp8266_frequencies[] = {
    {0, "40m", "40", 0}, {1, "26m", "26", 0}, {2, "20m", "20", 0}, {15, "80m", "80", 0}, {0}};

#define KB (UINT64_C(1) << 10)
#define MB (UINT64_C(1) << 20)
const struct esp8266_setting esp8266_sizes[] = {
    {0, "512KB", "512K", 512 * KB}, {1, "256KB", "256K", 256 * KB},
    {2, "1MB", "1M", MB},           {3, "2MB", "2M", 2 * MB},
    {4, "4MB", "4M", 4 * MB},       {5, "2MB-c1", NULL, 2 * MB},
    {6, "4MB-c1", NULL, 4 * MB},    {8, "8MB", "8M", 8 * MB},
    {9, "16MB", "16M", 16 * MB},    {0}};

const struct esp8266_setting *esp8266_setting(const struct esp8266_setting *rows, uint8_t value)
{
    while (rows->name != NULL && rows->value != value) {
        rows++;
    }
    return rows->name == NULL ? NULL : rows;
}

const struct esp8266_setting *esp8266_setting_named(const struct esp8266_setting *rows,
                                                    const char *name)
{
    while (rows->name != NULL && strcasecmp(name, rows->name) != 0 &&
           (rows->other == NULL || strcasecmp(name, rows->other) != 0)) {
        rows++;
    }
    return rows->name == NULL ? NULL : rows;
}

const char *esp8266_setting_names(const struct esp8266_setting *rows, struct arena *a)
{
    const char *list = "";
    for (; rows->name != NULL; rows++) {
        list = arena_printf(a, "%s%s%s", list, *list == '\0' ? "" : ", ", rows->name);
    }
    return list;
}

const struct chip_memory esp8266_memory[] = {
    {0x3FF00000, 0x3FF00010, "DPORT"},
    {0x3FFE8000, 0x40000000, "DRAM"},
    {0x40100000, 0x40110000, "IRAM"},
    {OTAPACK_ESP8266_MAPPED_AT, OTAPACK_ESP8266_MAPPED_AT + ESP8266_MAPPED_SIZE, "IROM"},
    {0, 0, NULL}};

const char *esp8266_memory_name(uint32_t address)
{
    for (const struct chip_memory *m = esp8266_memory; m->name != NULL; m++) {
        if (address >= m->from && address < m->to) {
            return m->name;
        }
    }
    return "";
}

bool esp8266_is_mapped(uint32_t address)
{
    return strcmp(esp8266_memory_name(address), "IROM") == 0;
}

uint64_t esp8266_sectors(uint64_t size)
{
    const uint64_t sector = OTAPACK_ESP8266_SECTOR;
    return (size + sector - 1) & ~(sector - 1);
}

struct otapack_status esp8266_count_v2_crc(const struct otapack_source *src, uint64_t end,
                                           uint32_t *out)
{
    uint8_t block[64 * 1024];
    struct otapack_status s = otapack_good();
    uint32_t crc = 0;
    for (uint64_t at = 0; s.code == OTAPACK_OK && at < end; at += sizeof(block)) {
        size_t n = end - at < sizeof(block) ? (size_t)(end - at) : sizeof(block);
        s = otapack_read(src, at, block, n, "image");
        crc = s.code == OTAPACK_OK ? crc_32(crc, block, n) : crc;
    }
    *out = otapack_esp8266_v2_crc(crc);
    return s;
}

bool is_esp8266(const struct otapack_source *src)
{
    uint8_t head[12];
    if (otapack_read(src, 0, head, sizeof(head), "").code != OTAPACK_OK ||
        head[0] != OTAPACK_ESP8266_MAGIC) {
        return false;
    }
    uint32_t address = otapack_le32(head + 8);
    bool dram = address >= 0x3FFE8000 && address < 0x40000000;
    return dram || (address >= 0x40100000 && address < 0x40300000);
}

// Does what begins here run from where it lies, as a sketch does?
static bool is_sketch(const struct otapack_source *src)
{
    const uint64_t at = OTAPACK_ESP8266_SKETCH_AT + OTAPACK_ESP8266_HEADER_SIZE;
    struct otapack_esp_segment first = {.data_len = 0};
    (void)otapack_esp8266_segment_read(src, at, &first);
    return first.load_addr == OTAPACK_ESP8266_MAPPED_AT + at + OTAPACK_ESP8266_SEGMENT_HEADER_SIZE;
}

// The core's tools put 0xAA behind eboot. Behind a bootloader of others there is erased flash.
bool is_esp8266_arduino(const struct otapack_source *src)
{
    const uint64_t at = OTAPACK_ESP8266_SKETCH_AT;
    struct otapack_esp8266_image eboot;
    struct otapack_esp8266_header header;
    return is_esp8266(src) && otapack_esp8266_image_open(src, 0, &eboot).code == OTAPACK_OK &&
           eboot.end <= at &&
           otapack_esp8266_header_read(src, at, OTAPACK_ESP8266_MAGIC, &header).code ==
               OTAPACK_OK &&
           (eboot.end == at || !source_is_filled(src, eboot.end, at, 0xFF) || is_sketch(src));
}

// ---- The device ---------------------------------------------------------------------------------

// The layouts of the Arduino core: where its linker scripts put the file system. Without one, that
// is where the settings of the SDK begin.
static const struct {
    const char *name;
    uint64_t flash_size;
    uint32_t fs_at; // as it is mapped
} layouts[] = {
    {"512k", 512 * KB, 0x4027B000},   {"512k32", 512 * KB, 0x40273000},
    {"512k64", 512 * KB, 0x4026B000}, {"512k128", 512 * KB, 0x4025B000},
    {"1m", MB, 0x402FB000},           {"1m64", MB, 0x402EB000},
    {"1m128", MB, 0x402DB000},        {"1m144", MB, 0x402D7000},
    {"1m160", MB, 0x402D3000},        {"1m192", MB, 0x402CB000},
    {"1m256", MB, 0x402BB000},        {"1m512", MB, 0x4027B000},
    {"2m", 2 * MB, 0x403FB000},       {"2m64", 2 * MB, 0x403F0000},
    {"2m128", 2 * MB, 0x403E0000},    {"2m256", 2 * MB, 0x403C0000},
    {"2m512", 2 * MB, 0x40380000},    {"2m1m", 2 * MB, 0x40300000},
    {"4m", 4 * MB, 0x405FB000},       {"4m1m", 4 * MB, 0x40500000},
    {"4m2m", 4 * MB, 0x40400000},     {"4m3m", 4 * MB, 0x40300000},
    {"8m6m", 8 * MB, 0x40400000},     {"8m7m", 8 * MB, 0x40300000},
    {"16m14m", 16 * MB, 0x40400000},  {"16m15m", 16 * MB, 0x40300000},
};
enum { LAYOUTS = sizeof(layouts) / sizeof(layouts[0]) };

// "eagle.flash.4m2m.ld" and "4m2m" are the same.
static bool named_layout(const char *name, size_t i)
{
    static const char before[] = "eagle.flash.", after[] = ".ld";
    size_t n = strlen(layouts[i].name);
    name += strncmp(name, before, strlen(before)) == 0 ? strlen(before) : 0;
    return strncasecmp(name, layouts[i].name, n) == 0 &&
           (name[n] == '\0' || strcmp(name + n, after) == 0);
}

// How large the core makes the file system: in front of five sectors of settings, in blocks that go
// by its size.
static void take_fs(struct esp8266_device *device, uint64_t flash_size, uint64_t fs_start)
{
    const uint64_t settings = UINT64_C(5) * OTAPACK_ESP8266_SECTOR;
    uint64_t left = flash_size - fs_start, end = left - (left < settings ? left : settings);
    uint64_t named = flash_size > MB ? left : end; // "2m" counts the settings of a large flash
    device->fs_start = fs_start;
    device->fs_block = named < 512 * KB ? 4 * KB : 8 * KB;
    device->fs_size = end / device->fs_block * device->fs_block;
}

static struct esp8266_device *device_of(void *said)
{
    return ((struct device_said *)said)->esp8266;
}

static bool take_layout(void *to, const char *value)
{
    struct esp8266_device *device = device_of(to);
    char size[32] = "";
    const char *colon = strchr(value, ':');
    uint64_t flash_size, fs_start;
    for (size_t i = 0; i < LAYOUTS; i++) {
        if (named_layout(value, i)) {
            flash_size = layouts[i].flash_size;
            fs_start = layouts[i].fs_at - OTAPACK_ESP8266_MAPPED_AT;
            device->flash_size = device->flash_size == 0 ? flash_size : device->flash_size;
            take_fs(device, flash_size, fs_start);
            return true;
        }
    }
    if (colon == NULL || (size_t)(colon - value) >= sizeof(size)) {
        return false;
    }
    memcpy(size, value, (size_t)(colon - value));
    if (!text_bytes(size, &flash_size) || !text_bytes(colon + 1, &fs_start)) {
        return false;
    }
    fs_start -= fs_start >= OTAPACK_ESP8266_MAPPED_AT ? OTAPACK_ESP8266_MAPPED_AT : 0;
    device->flash_size = device->flash_size == 0 ? flash_size : device->flash_size;
    take_fs(device, flash_size, fs_start);
    return flash_size <= ESP8266_FLASH_MOST && fs_start > 0 && fs_start <= flash_size &&
           fs_start % OTAPACK_ESP8266_SECTOR == 0;
}

static bool take_size(uint64_t *out, const char *value, uint64_t least)
{
    uint64_t size;
    bool good = text_bytes(value, &size) && size >= least && size <= ESP8266_FLASH_MOST;
    *out = good ? size : *out;
    return good;
}

static bool take_flash_size(void *to, const char *value)
{
    struct esp8266_device *device = device_of(to);
    const struct esp8266_setting *size = esp8266_setting_named(esp8266_sizes, value);
    if (size != NULL) {
        device->flash_size = size->bytes;
    }
    return size != NULL || take_size(&device->flash_size, value, esp8266_sizes[1].bytes);
}

static bool take_flash_mode(void *to, const char *value)
{
    struct esp8266_device *device = device_of(to);
    device->flash_mode = esp8266_setting_named(esp8266_modes, value);
    return device->flash_mode != NULL;
}

static bool take_free_space(void *to, const char *value)
{
    struct esp8266_device *device = device_of(to);
    bool good = text_bytes(value, &device->free_space);
    // A device whose sketch reaches into the file system says a little less than 4 GiB.
    if (device->free_space > ESP8266_FLASH_MOST) {
        device->free_space = 0;
    }
    device->has_free_space = good;
    return good;
}

static bool take_sketch_size(void *to, const char *value)
{
    struct esp8266_device *device = device_of(to);
    return take_size(&device->sketch_size, value, 1);
}

static const char *layout_name(unsigned i)
{
    return i < LAYOUTS ? layouts[i].name : NULL;
}

static const char *mode_name(unsigned i)
{
    return esp8266_modes[i].name;
}

static const char *size_name(unsigned i)
{
    return esp8266_sizes[i].name;
}

const struct opt esp8266_rows[] = {
    {0, "flash-size",
     OPT_FACT("SIZE", "size", size_name, NEED_ESP8266_SIZE, take_flash_size,
              "is no flash size; write 256KB to 16MB"),
     "ESP8266: of the device's flash, such as 4MB", false},
    {0, "flash-mode",
     OPT_FACT("MODE", "choice", mode_name, NEED_ESP8266_MODE, take_flash_mode,
              "is no flash mode; write qio, qout, dio or dout"),
     "ESP8266: of the device: qio, qout, dio or dout", false},
    {0, "free-space",
     OPT_FACT("BYTES", "size", NULL, NEED_ROOM, take_free_space,
              "is no number of bytes; write it as the device says it"),
     "ESP8266: what the device says is free for it", false},
    {0, "layout",
     OPT_FACT(
         "LAYOUT", "layout", layout_name, NEED_ROOM | NEED_LAYOUT | NEED_ESP8266_SIZE, take_layout,
         "is no layout; write one of the core, such as 4m2m or 1m64, or FLASH-SIZE:FS-START in "
         "whole sectors, such as 4MB:0x200000"),
     "ESP8266: flash and file system: 4m2m, as the core\nnames them, or SIZE:FS-START, such "
     "as 4MB:0x200000",
     false},
    {0, "sketch-size",
     OPT_FACT("BYTES", "size", NULL, NEED_ROOM, take_sketch_size,
              "is no number of bytes from 1 to 16 MiB; write it as one"),
     "ESP8266: of the sketch that is running", false},
    OPT_END,
};

bool esp8266_device_set(struct esp8266_device *device, const char *name, const char *value,
                        const char *where, struct err *e)
{
    static const struct opt *const rows[] = {esp8266_rows, NULL};
    struct device_said said = {.esp8266 = device};
    return target_say(rows, &said, name, value, where, e);
}

bool esp8266_device_check(const struct esp8266_device *device, const char *where, struct err *e)
{
    if (device->sketch_size != 0 && device->fs_start == 0) {
        return err_set(
            e, STATUS_CANNOT,
            "%s is missing: only with it does the size of the running sketch say what is "
            "free; add it",
            where);
    }
    return device->flash_size == 0 || device->fs_start <= device->flash_size ||
           err_set(
               e, STATUS_CANNOT,
               "%s has its file system behind the end of the flash; correct it or the flash size",
               where);
}
