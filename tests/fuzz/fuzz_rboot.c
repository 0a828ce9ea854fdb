// SPDX-License-Identifier: Apache-2.0
//
// otapack/rboot.h: what is taken of a configuration is what its bytes are, its ROMs are inside of
// it, and the first of them is one that it has; where it lies changes nothing.
#include "fuzz.h"

#include <otapack/rboot.h>

static bool is_sector(uint32_t address)
{
    return address != 0 && address % 4096 == 0;
}

static void law_same_config(const struct otapack_rboot_config *a,
                            const struct otapack_rboot_config *b)
{
    LAW(a->magic == b->magic && a->version == b->version && a->mode == b->mode);
    LAW(a->current_rom == b->current_rom && a->gpio_rom == b->gpio_rom && a->count == b->count);
    LAW(a->unused[0] == b->unused[0] && a->unused[1] == b->unused[1] && a->roms_at == b->roms_at);
    for (uint32_t i = 0; i < OTAPACK_RBOOT_ROMS; i++) {
        LAW(a->roms[i] == b->roms[i]);
    }
}

static void law_roms(const struct otapack_rboot_config *c, const uint8_t *data)
{
    uint32_t there = c->roms_at == OTAPACK_RBOOT_ROMS_AT ? OTAPACK_RBOOT_ROMS : 2;
    LAW(c->roms_at == OTAPACK_RBOOT_ROMS_AT ||
        (c->roms_at == OTAPACK_RBOOT_MONGOOSE_ROMS_AT && c->count >= 1 && c->count <= 2));
    for (uint32_t i = 0; i < OTAPACK_RBOOT_ROMS; i++) {
        LAW(c->roms[i] == (i < there ? otapack_le32(data + c->roms_at + i * 4) : 0));
        LAW(c->roms_at == OTAPACK_RBOOT_ROMS_AT || i >= c->count || is_sector(c->roms[i]));
    }
}

static void law_fields(const struct otapack_rboot_config *c, const uint8_t *data)
{
    const uint8_t fields[] = {c->magic,    c->version, c->mode,      c->current_rom,
                              c->gpio_rom, c->count,   c->unused[0], c->unused[1]};
    LAW(memcmp(fields, data, sizeof(fields)) == 0);
    law_roms(c, data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct otapack_source src = otapack_memory(data, size);
    struct hooked h = {data, size, 0, 0};
    struct otapack_source hook = hooked_source(&h);
    uint64_t at = size > 0 ? data[size - 1] % 32u : 1;
    struct otapack_rboot_config c, other;
    struct otapack_status s = otapack_rboot_config_read(&src, at, &c);
    LAW(s.code == OTAPACK_TRUNCATED ? s.at == at && s.limit == size && s.value > size
                                    : s.at <= size);
    LAW((s.code == OTAPACK_TRUNCATED) == (size < at + OTAPACK_RBOOT_CONFIG_SIZE));
    LAW(s.code != OTAPACK_READ_FAILED);
    law_same(s, otapack_rboot_config_read(&hook, at, &other));
    if (s.code != OTAPACK_TRUNCATED) {
        law_same_config(&c, &other);
        law_fields(&c, data + at);
    }
    if (s.code == OTAPACK_OK) {
        LAW(c.magic == 0xE1 && c.version == 1 && c.count >= 1 && c.count <= OTAPACK_RBOOT_ROMS);
        LAW(otapack_rboot_first(&c) < c.count);
    }
    if (h.reads > 0) {
        h.fail_at = h.reads + 1;
        LAW(otapack_rboot_config_read(&hook, at, &other).code == OTAPACK_READ_FAILED);
    }
    return 0;
}
