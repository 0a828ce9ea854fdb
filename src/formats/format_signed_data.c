// SPDX-License-Identifier: Apache-2.0
//
// Signed data: what goes into a partition that holds no image, with a signature sector of its own.
// There is no magic: it is known by the sector, which is the last whole one.
#include <otapack/secure_boot.h>

#include "format_list.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"
#include "text.h"

static bool signed_data_probe(const struct otapack_source *src)
{
    uint64_t at = otapack_sb_data_sector_at(src->size);
    bool any = false;
    for (uint64_t i = 0; at != UINT64_MAX && i < OTAPACK_SB_MAX_BLOCKS; i++) {
        any = any || secure_boot_is_block(src, at + i * OTAPACK_SB_BLOCK_SIZE);
    }
    return any;
}

// What the data are is no matter to whoever verifies them; only a compressed image is looked into,
// which a bootloader unpacks once it has verified it.
static const struct format *format_of_data(const struct otapack_source *src, uint64_t size)
{
    struct otapack_source data = otapack_part(src, 0, size);
    return format_compressed_image.probe(&data) ? &format_compressed_image : &format_raw;
}

static void signed_data_open(struct reader *r, struct node *n)
{
    uint64_t size = otapack_sb_data_sector_at(n->src.size);
    read_part(r, n, "data", -1, 0, size, format_of_data(&n->src, size));
    signature_open(r, n, size);
    unsigned count = signature_count(n);
    n->summary = arena_printf(r->arena, "signed data, %s, %u signature%s",
                              text_size(r->arena, size), count, count == 1 ? "" : "s");
}

static void signed_data_judge(struct judge *j, struct node *n)
{
    rule_signed_data(j, n, node_find(n, "data", -1)->src.size);
}

static const struct rule rules[] = {{.run = signed_data_judge, .unread = true}, {.run = NULL}};

// What looks like a sector of signatures is a part of the data, where those have none yet.
static const struct format *signed_data_said(const struct read_options *options,
                                             const struct otapack_source *src,
                                             const struct format *looks)
{
    (void)src;
    return options->is_unpadded && looks == &format_signed_data ? &format_raw : looks;
}

const struct format format_signed_data = {.name = "signed_data",
                                          .title = "data with signatures of their own",
                                          .probe = signed_data_probe,
                                          .said = signed_data_said,
                                          .open = signed_data_open,
                                          .rules = {rules}};
