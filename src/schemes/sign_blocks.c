// SPDX-License-Identifier: Apache-2.0
#include "sign_blocks.h"

#include <string.h>
#include <strings.h>

#include "text.h"

enum { DIGEST_PREFIX = 8 }; // digits of a key digest that name a block, at least

static bool read_block(const struct sign_blocks *b, unsigned i, uint8_t raw[OTAPACK_SB_BLOCK_SIZE],
                       struct otapack_sb_block *block)
{
    struct otapack_source src = otapack_memory(b->raw[i], OTAPACK_SB_BLOCK_SIZE);
    return otapack_sb_block_read(&src, 0, raw, block).code == OTAPACK_OK;
}

static bool has_key_digest(const struct sign_blocks *b, unsigned i, const char *digits)
{
    uint8_t raw[OTAPACK_SB_BLOCK_SIZE];
    struct otapack_sb_block block;
    uint8_t digest[KEY_DIGEST_SIZE];
    if (strlen(digits) < DIGEST_PREFIX || !read_block(b, i, raw, &block)) {
        return false;
    }
    secure_boot_block_key_digest(&block, digest);
    return strncasecmp(text_hex(b->arena, digest, sizeof(digest)), digits, strlen(digits)) == 0;
}

int sign_blocks_find(const struct sign_blocks *b, const char *which, struct err *e)
{
    for (unsigned i = 0; i < b->count; i++) {
        bool index = which[0] == (char)('0' + i) && which[1] == '\0';
        if (index || has_key_digest(b, i, which)) {
            return (int)i;
        }
    }
    err_set(
        e, STATUS_NO,
        "has no signature block '%s'; give its index, from 0, or %d or more digits of the digest "
        "of its key, as inspect shows them",
        which, DIGEST_PREFIX);
    return -1;
}

bool sign_blocks_remove(struct sign_blocks *b, const char **list, struct err *e)
{
    bool gone[OTAPACK_SB_MAX_BLOCKS] = {false};
    unsigned kept = 0;
    for (const char **which = list; which != NULL && *which != NULL; which++) {
        int at = sign_blocks_find(b, *which, e);
        if (at < 0) {
            return false;
        }
        gone[at] = true;
    }
    for (unsigned i = 0; i < b->count; i++) {
        if (!gone[i]) {
            memmove(b->raw[kept++], b->raw[i], sizeof(b->raw[i]));
        }
    }
    b->count = kept;
    return true;
}

bool sign_blocks_order(struct sign_blocks *b, const char *order, struct err *e)
{
    uint8_t sorted[OTAPACK_SB_MAX_BLOCKS][OTAPACK_SB_BLOCK_SIZE];
    bool used[OTAPACK_SB_MAX_BLOCKS] = {false};
    unsigned n = 0;
    for (const char *p = order; p != NULL && *p != '\0'; n++) {
        size_t size = strcspn(p, ",");
        int at = sign_blocks_find(b, arena_copy(b->arena, p, size), e);
        if (at < 0) {
            return false;
        }
        if (used[at]) {
            return err_set(e, STATUS_CANNOT, "--order names block %d twice; name each once", at);
        }
        used[at] = true;
        memcpy(sorted[n], b->raw[at], sizeof(sorted[n]));
        p += size + (p[size] == ',');
    }
    if (order == NULL) {
        return true;
    }
    if (n != b->count) {
        return err_set(e, STATUS_CANNOT, "--order names %u of %u blocks; name each once", n,
                       b->count);
    }
    memcpy(b->raw, sorted, sizeof(sorted));
    return true;
}

bool sign_blocks_are_by(const struct sign_blocks *b, const struct pk_public *key, unsigned but)
{
    for (unsigned i = 0; i < b->count; i++) {
        uint8_t raw[OTAPACK_SB_BLOCK_SIZE];
        struct otapack_sb_block block;
        if (i != but && read_block(b, i, raw, &block)) {
            struct pk_public there = secure_boot_key(&block);
            if (pk_same(&there, key)) {
                return true;
            }
        }
    }
    return false;
}
