// SPDX-License-Identifier: Apache-2.0
//
// Other ways to write, carry or sign a firmware: for other bootloaders, for other tools that flash,
// for other chips.
#include <inttypes.h>

#include "foreign_row.h"
#include "uf2_family.h"

#define GIVE_BIN "give the .bin file that it was made from"

// ---- MCUboot ------------------------------------------------------------------------------------

// A header, or what its slot ends in while an update is under way. Source: mcuboot, image.h and
// bootutil_misc.c.
static bool is_mcuboot(const struct foreign_view *v)
{
    static const uint8_t header[] = {0x3D, 0xB8, 0xF3, 0x96}, first[] = {0x3C, 0xB8, 0xF3, 0x96};
    return (foreign_has(v, 0, header, sizeof(header)) || foreign_has(v, 0, first, sizeof(first))) &&
           foreign_le16(v, 8) >= 32; // how long the header is
}

static bool is_mcuboot_trailer(const struct foreign_view *v)
{
    static const uint8_t trailer[] = {0x77, 0xC2, 0x95, 0xF3, 0x60, 0xD2, 0xEF, 0x7F,
                                      0x35, 0x52, 0x50, 0x0F, 0x2C, 0xB6, 0x79, 0x80};
    static const uint8_t aligned[] = {0x2D, 0xE1, 0x5D, 0x29, 0x41, 0x0B, 0x8D,
                                      0x77, 0x67, 0x9C, 0x11, 0x0F, 0x1F, 0x8A};
    uint8_t end[16];
    return v->src->size >= sizeof(end) &&
           otapack_read(v->src, v->src->size - sizeof(end), end, sizeof(end), "").code ==
               OTAPACK_OK &&
           (memcmp(end, trailer, sizeof(trailer)) == 0 ||
            memcmp(end + 2, aligned, sizeof(aligned)) == 0);
}

// ---- USB DFU ------------------------------------------------------------------------------------

// ESP-IDF's idf.py dfu writes a cpio archive that begins with a list.
static bool is_cpio_of_dfu(const struct foreign_view *v)
{
    enum { NAME_AT = 110 };
    return foreign_has(v, 0, "070701", 6) && foreign_has(v, NAME_AT, "dfuinfo0.dat", 12);
}

static bool is_cpio(const struct foreign_view *v)
{
    return foreign_has(v, 0, "070701", 6) || foreign_has(v, 0, "070702", 6) ||
           foreign_has(v, 0, "070707", 6);
}

// The suffix that dfu-util looks for: version of DFU, "UFD", its length; what CRC it has is its own
// matter.
static bool is_dfu(const struct foreign_view *v)
{
    enum { SUFFIX = 16 };
    uint8_t end[SUFFIX];
    if (v->src->size < SUFFIX ||
        otapack_read(v->src, v->src->size - SUFFIX, end, SUFFIX, "").code != OTAPACK_OK) {
        return false;
    }
    uint16_t version = otapack_le16(end + 6);
    return memcmp(end + 8, "UFD", 3) == 0 && end[11] == SUFFIX &&
           (version == 0x0100 || version == 0x011A);
}

// ---- UF2 ----------------------------------------------------------------------------------------

enum { UF2_HAS_FAMILY = 0x2000 };

static bool is_uf2(const struct foreign_view *v)
{
    return foreign_has(v, 0, "UF2\n", 4) && foreign_le32(v, 4) == UINT32_C(0x9E5D5157);
}

static const char *tell_uf2(const struct foreign_view *v)
{
    uint32_t family = foreign_le32(v, 28);
    if ((foreign_le32(v, 8) & UF2_HAS_FAMILY) == 0) {
        return "its blocks say no family, so that nobody knows for which chip it is: " GIVE_BIN;
    }
    const char *chip = uf2_family_title(family);
    return chip != NULL ? arena_printf(v->arena, "for the %s: " GIVE_BIN, chip)
                        : arena_printf(v->arena,
                                       "for another maker's chip, family 0x%08" PRIx32
                                       ": no device of Espressif takes it",
                                       family);
}

// ---- Arduino ------------------------------------------------------------------------------------

// What Arduino's cloud sends: length and CRC-32 of what follows, the board, a version of 8 bytes,
// and the app, packed with LZSS. Source: arduino-cloud-cli, internal/ota.
static bool is_arduino_ota(const struct foreign_view *v)
{
    enum { BEFORE = 8, HEADER = 20 };
    uint32_t board = foreign_le32(v, 8);
    bool known = board == UINT32_C(0x45535033) || board >> 16 == 0x2341;
    return known && v->n > HEADER && foreign_le32(v, 0) > HEADER - BEFORE &&
           foreign_le32(v, 0) >= v->src->size - BEFORE && foreign_le32(v, 0) < UINT32_C(1) << 26;
}

static const char *tell_arduino_ota(const struct foreign_view *v)
{
    uint32_t board = foreign_le32(v, 8);
    const char *whose = board == UINT32_C(0x45535033)   ? "for an ESP32"
                        : board == UINT32_C(0x23410070) ? "for an Arduino Nano ESP32"
                                                        : "for another board of Arduino's";
    bool cut = foreign_le32(v, 0) != v->src->size - 8;
    return arena_printf(v->arena, "%s%s: give the .bin file that it was made from", whose,
                        cut ? ", and cut off" : "");
}

// ---- Others -------------------------------------------------------------------------------------

// "ESP", a version and a compression; bootloader_support_plus unpacks it.
static bool is_compressed_esp(const struct foreign_view *v)
{
    return foreign_has(v, 0, "ESP\0", 4) && v->n >= 40 && v->head[4] >= 1 && v->head[4] <= 8 &&
           v->head[5] <= 8;
}

static bool is_bzip2(const struct foreign_view *v)
{
    return foreign_has(v, 0, "BZh", 3) && foreign_has(v, 4, "1AY&SY", 6);
}

// A dictionary's size, a length that is unknown or below 256 MiB, and the range coder's first byte.
static bool is_lzma(const struct foreign_view *v)
{
    uint32_t dictionary = foreign_le32(v, 1), low = foreign_le32(v, 5), high = foreign_le32(v, 9);
    bool power = (dictionary & (dictionary - 1)) == 0 && dictionary >= 4096;
    bool length = (low == UINT32_MAX && high == UINT32_MAX) || (high == 0 && low < 1u << 28);
    return v->n > 13 && v->head[0] == 0x5D && power && length && v->head[13] == 0;
}

static bool is_squashfs(const struct foreign_view *v)
{
    return foreign_has(v, 0, "hsqs", 4) && foreign_le16(v, 28) == 4;
}

static bool is_pe(const struct foreign_view *v)
{
    uint32_t at = foreign_le32(v, 0x3C);
    return foreign_has(v, 0, "MZ", 2) && at < FOREIGN_HEAD_MOST && foreign_has(v, at, "PE\0\0", 4);
}

// Java classes and Mach-O files for several processors begin alike: a version, or how many.
static bool is_java(const struct foreign_view *v)
{
    return foreign_has(v, 0, "\xCA\xFE\xBA\xBE\0", 5) && v->n >= 8 && v->head[6] == 0 &&
           v->head[7] >= 45;
}

static bool is_mach_o(const struct foreign_view *v)
{
    return foreign_has(v, 0, "\xCA\xFE\xBA\xBE\0\0\0", 7) && v->n >= 8 && v->head[7] < 20;
}

// Where an Arm Cortex-M finds its stack and its code: odd addresses in one memory, and words
// between them that no processor uses.
static bool is_cortex_m(const struct foreign_view *v)
{
    static const uint8_t code[] = {1, 2, 3, 11, 14, 15}, unused[] = {8, 9, 10, 13};
    uint32_t stack = foreign_le32(v, 0), reset = foreign_le32(v, 4);
    bool good = v->n >= 64 && stack >> 24 == 0x20 && stack % 4 == 0 && reset >> 28 == 0;
    for (size_t i = 0; i < sizeof(code) && good; i++) {
        uint32_t word = foreign_le32(v, (size_t)code[i] * 4);
        good = word % 2 == 1 && word >> 22 == reset >> 22;
    }
    for (size_t i = 0; i < sizeof(unused) && good; i++) {
        good = foreign_le32(v, (size_t)unused[i] * 4) == 0;
    }
    return good;
}

const struct foreign_row foreign_updates[] = {
    {"MCUboot image", "it is for a device whose bootloader is MCUboot: imgtool verify looks at it",
     is_mcuboot, NULL},
    {"MCUboot slot",
     "it is for a device whose bootloader is MCUboot: imgtool verify looks at images",
     is_mcuboot_trailer, NULL},
    {"DFU file", "dfu-util writes it over USB: " GIVE_BIN, is_cpio_of_dfu, NULL},
    {"cpio", "unpack it, and give the image that is inside", is_cpio, NULL},
    {"DFU file", "dfu-util writes it over USB: " GIVE_BIN, is_dfu, NULL},
    {"UF2", NULL, is_uf2, tell_uf2},
    {"Arduino OTA file", NULL, is_arduino_ota, tell_arduino_ota},
    {"compressed ESP image",
     "bootloader_support_plus unpacks it: give the app that it was made from", is_compressed_esp,
     NULL},
    {"bzip2", "unpack it with bunzip2", is_bzip2, NULL},
    {"LZMA", "unpack it with unlzma", is_lzma, NULL},
    {"squashfs", "it is a file system of Linux: no device of Espressif takes it", is_squashfs,
     NULL},
    {"Windows program", "it runs on a computer: give the image that it flashes", is_pe, NULL},
    {"Java class", "it runs on a computer: give the image that the build wrote", is_java, NULL},
    {"Mach-O program", "it runs on a computer: give the image that it flashes", is_mach_o, NULL},
    {"Arm Cortex-M firmware",
     "it is for an STM32, an nRF or the like: no device of Espressif runs it", is_cortex_m, NULL},
    {NULL, NULL, NULL, NULL},
};
