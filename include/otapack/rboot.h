/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/rboot.h: the configuration of rBoot, a bootloader of the ESP8266: where its ROMs are, and
 * which of them starts.
 *
 * In the flash at 0x1000, 24 bytes; a build of rBoot may put a checksum and fields of its own
 * behind:
 *
 *     0 magic 0xE1 | 1 version 0x01 | 2 mode | 3 current_rom | 4 gpio_rom | 5 count | 6 unused[2] |
 *     8 roms[4] (u32 each): flash addresses, multiples of 4096
 *
 * The rBoot of Mongoose OS says the same of itself, but has 4 more bytes in front of roms, which
 * are at most two: see roms_at.
 *
 * rBoot starts ROM number current_rom, or 0 where that is no number below count: an image of
 * version 1 or 2 (see esp8266_image.h). Where its checksum does not fit, it tries the others. Where
 * the magic number or the version is another, it writes a configuration of its own.
 *
 *     struct otapack_rboot_config c;
 *     if (otapack_rboot_config_read(&flash, OTAPACK_RBOOT_CONFIG_AT, &c).code == OTAPACK_OK)
 *         start(c.roms[otapack_rboot_first(&c)]);
 *
 * Source of the facts: rBoot and Mongoose OS, rboot.h and rboot.c of each.
 */
#ifndef OTAPACK_RBOOT_H
#define OTAPACK_RBOOT_H

#include "base.h"

#define OTAPACK_RBOOT_MAGIC 0xE1u
#define OTAPACK_RBOOT_VERSION 0x01u
#define OTAPACK_RBOOT_CONFIG_AT 0x1000u
#define OTAPACK_RBOOT_CONFIG_SIZE 24u
#define OTAPACK_RBOOT_ROMS 4u /* as rBoot is built unless its MAX_ROMS says otherwise */
#define OTAPACK_RBOOT_ROMS_AT 8u
#define OTAPACK_RBOOT_MONGOOSE_ROMS 2u
#define OTAPACK_RBOOT_MONGOOSE_ROMS_AT 12u

struct otapack_rboot_config {
    uint8_t magic;
    uint8_t version;
    uint8_t mode;
    uint8_t current_rom;
    uint8_t gpio_rom;
    uint8_t count; /* of ROMs, 1 to 4 */
    uint8_t unused[2];
    uint8_t roms_at; /* in the configuration: 8, or 12 where it is Mongoose OS's */
    uint32_t roms[OTAPACK_RBOOT_ROMS]; /* as many as `count`; with roms_at 12 two are read */
};

/* Whether `count` addresses could be those of ROMs: sectors, and not that of rBoot itself. */
static inline bool otapack_rboot_are_roms_(const uint8_t *p, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t address = otapack_le32(p + (size_t)i * 4u);
        if (address == 0 || (address & 4095u) != 0) {
            return false;
        }
    }
    return true;
}

/* Nothing says which rBoot it is of but where the addresses of sectors are. */
static inline bool otapack_rboot_is_mongoose_(const uint8_t *p)
{
    const uint32_t count = p[5];
    return count != 0 && count <= OTAPACK_RBOOT_MONGOOSE_ROMS &&
           !otapack_rboot_are_roms_(p + OTAPACK_RBOOT_ROMS_AT, count) &&
           otapack_rboot_are_roms_(p + OTAPACK_RBOOT_MONGOOSE_ROMS_AT, count);
}

/* The 24 bytes of a configuration, as they stand; nothing is judged. */
static inline void otapack_rboot_config_decode(const uint8_t *p, struct otapack_rboot_config *c)
{
    const bool mongoose = otapack_rboot_is_mongoose_(p);
    const uint32_t there = mongoose ? OTAPACK_RBOOT_MONGOOSE_ROMS : OTAPACK_RBOOT_ROMS;
    c->magic = p[0];
    c->version = p[1];
    c->mode = p[2];
    c->current_rom = p[3];
    c->gpio_rom = p[4];
    c->count = p[5];
    c->unused[0] = p[6];
    c->unused[1] = p[7];
    c->roms_at = mongoose ? OTAPACK_RBOOT_MONGOOSE_ROMS_AT : OTAPACK_RBOOT_ROMS_AT;
    for (uint32_t i = 0; i < OTAPACK_RBOOT_ROMS; i++) {
        c->roms[i] = i < there ? otapack_le32(p + c->roms_at + (size_t)i * 4u) : 0u;
    }
}

/*
 * Reads the configuration at `at`. Returns OTAPACK_OK, OTAPACK_NOT_THIS (magic, version),
 * OTAPACK_FORBIDDEN (count), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED. `c` is filled unless the
 * bytes could not be read; then it is zero.
 */
static inline struct otapack_status otapack_rboot_config_read(const struct otapack_source *src,
                                                              uint64_t at,
                                                              struct otapack_rboot_config *c)
{
    uint8_t raw[OTAPACK_RBOOT_CONFIG_SIZE];
    struct otapack_status s = otapack_read(src, at, raw, sizeof(raw), OTAPACK_NAME("config"));
    memset(c, 0, sizeof(*c));
    if (s.code != OTAPACK_OK) {
        return s;
    }
    otapack_rboot_config_decode(raw, c);
    if (c->magic != OTAPACK_RBOOT_MAGIC) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic"), at, c->magic,
                                   OTAPACK_RBOOT_MAGIC);
    }
    if (c->version != OTAPACK_RBOOT_VERSION) {
        return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("version"), at + 1, c->version,
                                   OTAPACK_RBOOT_VERSION);
    }
    if (c->count == 0 || c->count > OTAPACK_RBOOT_ROMS) {
        return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("count"), at + 5, c->count,
                                   OTAPACK_RBOOT_ROMS);
    }
    return s;
}

/* The number of the ROM that rBoot tries first, in a configuration that was read. */
static inline uint32_t otapack_rboot_first(const struct otapack_rboot_config *c)
{
    return c->current_rom < c->count ? c->current_rom : 0u;
}

#endif
