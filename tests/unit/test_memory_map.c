// SPDX-License-Identifier: Apache-2.0
//
// memory_map.h: the regions of each kind of program in the fixtures, typed here; segments that fit
// nowhere, reach over a region's end, or lie one over the other.
#include "unit.h"

#include "memory_map.h"
#include "read.h"

enum { FILE_MOST = 8192, LOAD_ADDR = 24 };

static const struct read_options plain;

static size_t load(const char *name, uint8_t bytes[FILE_MOST])
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s", FIXTURES, name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t n = fread(bytes, 1, FILE_MOST, in);
    (void)fclose(in);
    return n;
}

// "NAMES FROM-TO BYTES+BYTES [mapped]" of each region, in a line each; "nowhere FROM BYTES".
static void describe(const struct memory_map *map, char *to, size_t room)
{
    size_t n = (size_t)snprintf(to, room, "%s\n", map->chip);
    for (const struct memory_region *r = map->regions; r != NULL; r = r->next) {
        uint64_t bytes = 0;
        n +=
            (size_t)snprintf(to + n, room - n, "%s %" PRIx64 "-%" PRIx64, r->names, r->from, r->to);
        for (const struct loaded *l = r->loaded; l != NULL; l = l->next) {
            n += (size_t)snprintf(to + n, room - n, " %" PRIx64 "+%" PRIu64, l->from, l->size);
            bytes += l->size;
        }
        assert_int_equal(bytes, r->bytes);
        n += (size_t)snprintf(to + n, room - n, "%s\n", r->mapped ? " mapped" : "");
    }
    for (const struct loaded *l = map->nowhere; l != NULL; l = l->next) {
        n += (size_t)snprintf(to + n, room - n, "nowhere %" PRIx64 "+%" PRIu64 "\n", l->from,
                              l->size);
    }
}

// Of the part of this name; "": the file. NULL: it has no map.
static void want_map(const uint8_t *bytes, size_t size, const char *part, const char *wanted)
{
    struct arena a = ARENA_EMPTY;
    char text[2048];
    const struct node *n = read_tree(&a, &plain, otapack_memory(bytes, size));
    n = *part == '\0' ? n : node_find(n, part, -1);
    assert_non_null(n);
    const struct memory_map *map = memory_map_of(&a, n);
    assert_int_equal(map == NULL, wanted == NULL);
    if (map != NULL) {
        describe(map, text, sizeof(text));
        assert_string_equal(text, wanted);
    }
    arena_free(&a);
}

TEST(programs)
{
    static const struct {
        const char *file, *part, *map;
    } rows[] = {
        {"esp_image/good-app-esp32.bin", "",
         "ESP32\n"
         "DROM 3f400000-3f800000 3f400020+272 mapped\n"
         "DRAM 3ffae000-40000000 3ffb0000+32\n"
         "IRAM 40080000-400a0000 40080000+48\n"
         "IROM 400d0000-40400000 400d0160+64 mapped\n"},
        {"esp_image/good-bootloader-esp32.bin", "",
         "ESP32\n"
         "DIRAM_DRAM 3ffe0000-3ffffffc 3fff0030+120\n"
         "CACHE_APP 40078000-40080000 40078000+56\n"
         "IRAM 40080000-400a0000 40080400+72\n"},
        {"esp_image/good-app-esp32c6.bin", "",
         "ESP32-C6\n"
         "DRAM, BYTE_ACCESSIBLE, IRAM 40800000-40880000 40800000+48 40813f20+32\n"
         "DROM, IROM 42000000-43000000 42000160+64 42010020+272 mapped\n"},
        {"esp8266/good-arduino.bin", "sketch",
         "ESP8266\n"
         "DRAM 3ffe8000-40000000 3ffe8000+24\n"
         "IRAM 40100000-40110000 40100000+100\n"
         "IROM 40200000-40300000 40201010+112 mapped\n"},
        {"esp8266/good-arduino.bin", "", NULL},
        {"partition_table/good-host.bin", "", NULL},
        {"esp_image/bad-esp-chip-id.bin", "", NULL},
        {"esp_image/bad-esp-header.bin", "", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[FILE_MOST];
        size_t size = load(rows[i].file, bytes);
        want_map(bytes, size, rows[i].part, rows[i].map);
    }
}

// The first segment goes somewhere else.
TEST(odd_places)
{
    static const struct {
        uint32_t at;
        const char *map;
    } rows[] = {
        {0, "ESP32\nDRAM 3ffae000-40000000 3ffb0000+32\nIRAM 40080000-400a0000 40080000+48\n"
            "IROM 400d0000-40400000 400d0160+64 mapped\nnowhere 0+272\n"},
        {0x4009ff80, // over the end of IRAM
         "ESP32\nDRAM 3ffae000-40000000 3ffb0000+32\n"
         "IRAM 40080000-400a0000 40080000+48 4009ff80+272\n"
         "IROM 400d0000-40400000 400d0160+64 mapped\n"},
        {0x3ffffef0, // over the end of DIRAM_DRAM, up to that of DRAM
         "ESP32\nDRAM 3ffae000-40000000 3ffb0000+32 3ffffef0+272\nIRAM 40080000-400a0000 "
         "40080000+48\n"
         "IROM 400d0000-40400000 400d0160+64 mapped\n"},
        {0x40080000, // over another one
         "ESP32\nDRAM 3ffae000-40000000 3ffb0000+32\n"
         "IRAM 40080000-400a0000 40080000+272 40080000+48\n"
         "IROM 400d0000-40400000 400d0160+64 mapped\n"},
        {0xffffff00,
         "ESP32\nDRAM 3ffae000-40000000 3ffb0000+32\nIRAM 40080000-400a0000 40080000+48\n"
         "IROM 400d0000-40400000 400d0160+64 mapped\nnowhere ffffff00+272\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t bytes[FILE_MOST];
        size_t size = load("esp_image/good-app-esp32.bin", bytes);
        for (unsigned k = 0; k < 4; k++) {
            bytes[LOAD_ADDR + k] = (uint8_t)(rows[i].at >> (8 * k));
        }
        want_map(bytes, size, "", rows[i].map);
    }
}

UNIT(memory_map)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs),
        cmocka_unit_test(odd_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
