// SPDX-License-Identifier: Apache-2.0
#include "app_desc.h"

// What follows the texts, byte for byte as it stands.
enum { REST = 176, REST_SIZE = OTAPACK_APP_DESC_SIZE - REST };

static void add_rest(struct arena *a, struct node *part, const struct otapack_app_desc *d)
{
    node_revision(a, part, "min_efuse_blk_rev_full", d->min_efuse_blk_rev_full, SHOWN(REST, 2));
    node_revision(a, part, "max_efuse_blk_rev_full", d->max_efuse_blk_rev_full, SHOWN(178, 2));
    node_uint(a, part, "mmu_page_size", d->mmu_page_size, QUIET(180, 1));
    node_uint(a, part, "spi_flash_mode", d->spi_flash_mode, QUIET(181, 1));
    node_bytes(a, part, "reserv1", d->reserv1, sizeof(d->reserv1), QUIET(8, 8));
    node_bytes(a, part, "reserv3", d->reserv3, sizeof(d->reserv3), QUIET(182, 2));
    node_bytes(a, part, "reserv2", d->reserv2, sizeof(d->reserv2), QUIET(184, 72));
}

static void add_reserved(struct arena *a, struct node *part, const struct otapack_app_desc *d)
{
    uint8_t rest[REST_SIZE] = {0};
    (void)otapack_read(&part->src, REST, rest, sizeof(rest), "");
    node_bytes(a, part, "reserv1", d->reserv1, sizeof(d->reserv1), QUIET(8, 8));
    node_bytes(a, part, "reserv2", rest, sizeof(rest), QUIET(REST, REST_SIZE));
}

void app_desc_add(struct arena *a, struct node *n, uint64_t at, const struct otapack_app_desc *d,
                  bool plain)
{
    struct node *part = node_part(a, n, "desc", -1, at, OTAPACK_APP_DESC_SIZE);
    part->format = "app_desc";
    part->overlay = true;
    part->summary = "app description";
    node_hex(a, part, "magic_word", d->magic_word, QUIET(0, 4));
    node_string(a, part, "project_name", d->project_name, sizeof(d->project_name), SHOWN(48, 32));
    node_string(a, part, "version", d->version, sizeof(d->version), SHOWN(16, 32));
    node_string(a, part, "idf_ver", d->idf_ver, sizeof(d->idf_ver), SHOWN(112, 32));
    node_string(a, part, "date", d->date, sizeof(d->date), SHOWN(96, 16));
    node_string(a, part, "time", d->time, sizeof(d->time), SHOWN(80, 16));
    node_uint(a, part, "secure_version", d->secure_version, SHOWN(4, 4));
    node_bytes(a, part, "app_elf_sha256", d->app_elf_sha256, sizeof(d->app_elf_sha256),
               SHOWN(144, 32));
    (plain ? add_reserved : add_rest)(a, part, d);
}

const char *app_desc_name(struct arena *a, const struct node *desc)
{
    const char *name = node_text(desc, "project_name"), *version = node_text(desc, "version");
    return arena_printf(a, "%s%s%s%s", *name == '\0' ? "" : " ", name, *version == '\0' ? "" : " ",
                        version);
}
