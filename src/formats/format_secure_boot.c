// SPDX-License-Identifier: Apache-2.0
//
// The signatures behind an image: a node each. Secure Boot v2 has up to three blocks in a sector,
// v1 has 68 bytes.
#include <otapack/secure_boot.h>

#include "format_list.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"

// Of a block of v2 that can be read.
struct parsed {
    const uint8_t *raw;
    struct otapack_sb_block block;
};

static void add_v2_head(struct arena *a, struct node *n, const uint8_t *raw,
                        const struct otapack_sb_block *b)
{
    uint8_t key_digest[KEY_DIGEST_SIZE];
    const struct pk_type_facts *type = &pk_types[b->scheme];
    secure_boot_block_key_digest(b, key_digest);
    node_string(a, n, "scheme", "secure-boot-v2", SIZE_MAX, DERIVED_QUIET);
    node_string(a, n, "algorithm", type->name, SIZE_MAX, DERIVED);
    node_hex(a, n, "crc", b->crc, SHOWN(OTAPACK_SB_CRC_AT, 4));
    node_bytes(a, n, "key_digest", key_digest, sizeof(key_digest), DERIVED);
    node_hex(a, n, "magic", raw[0], QUIET(0, 1));
    node_uint(a, n, "version", raw[1], QUIET(1, 1));
    if (b->version == 2) {
        node_bytes(a, n, "reserved", raw + 2, 2, QUIET(2, 2));
    } else {
        node_uint(a, n, "sha_type", raw[2], QUIET(2, 1));
        node_bytes(a, n, "reserved", raw + 3, 1, QUIET(3, 1));
    }
    node_bytes(a, n, "image_digest", b->digest, b->digest_size,
               SHOWN(OTAPACK_SB_DIGEST_AT, b->digest_size));
}

static void add_v2_key(struct arena *a, struct node *n, const uint8_t *raw,
                       const struct otapack_sb_block *b)
{
    const uint32_t size = OTAPACK_SB_RSA_SIZE, r_at = OTAPACK_SB_RSA_R_AT;
    int64_t at = b->key - raw;
    if (b->version == 2) {
        node_bytes(a, n, "modulus", b->key, size, QUIET(at, size));
        node_uint(a, n, "exponent", otapack_le32(b->key + size), QUIET(at + size, 4));
        node_bytes(a, n, "r", raw + r_at, size, QUIET(r_at, size));
        node_hex(a, n, "m_prime", otapack_le32(raw + OTAPACK_SB_RSA_M_AT),
                 QUIET(OTAPACK_SB_RSA_M_AT, 4));
    } else {
        node_uint(a, n, "curve_id", b->key[0], QUIET(at, 1));
        node_bytes(a, n, "public_key", b->key + 1, b->key_size - 1, QUIET(at + 1, b->key_size - 1));
    }
}

static void add_v2_tail(struct arena *a, struct node *n, const uint8_t *raw,
                        const struct otapack_sb_block *b)
{
    int64_t at = b->signature - raw, end = at + b->signature_size;
    size_t unused = OTAPACK_SB_CRC_AT - (size_t)end;
    size_t padding = OTAPACK_SB_BLOCK_SIZE - OTAPACK_SB_END_AT;
    node_bytes(a, n, "signature", b->signature, b->signature_size, QUIET(at, b->signature_size));
    if (unused > 0) {
        node_bytes(a, n, "unused", raw + end, unused, QUIET(end, unused));
    }
    node_bytes(a, n, "padding", raw + OTAPACK_SB_END_AT, padding,
               QUIET(OTAPACK_SB_END_AT, padding));
}

static void open_v2(struct reader *r, struct node *n)
{
    uint8_t *raw = arena_alloc(r->arena, OTAPACK_SB_BLOCK_SIZE); // the block points into it
    struct otapack_sb_block b;
    struct otapack_status s = otapack_sb_block_read(&n->src, 0, raw, &b);
    if (s.code != OTAPACK_OK) {
        n->summary = "signature block that cannot be read";
        n->error = status_text(r->arena, n, s);
        read_rest(r, n, "unread", -1, 0, n->src.size);
        return;
    }
    n->summary = arena_printf(r->arena, "%s signature", pk_types[b.scheme].title);
    add_v2_head(r->arena, n, raw, &b);
    add_v2_key(r->arena, n, raw, &b);
    add_v2_tail(r->arena, n, raw, &b);
    struct parsed parsed = {raw, b};
    NODE_KEEP(r->arena, n, parsed);
}

static void open_v1(struct reader *r, struct node *n)
{
    struct otapack_sb_v1 v1 = {.version = 0};
    (void)otapack_sb_v1_read(&n->src, 0, &v1); // has_v1 has seen that it can be read
    node_string(r->arena, n, "scheme", "secure-boot-v1", SIZE_MAX, DERIVED_QUIET);
    node_string(r->arena, n, "algorithm", "ecdsa-p256", SIZE_MAX, DERIVED);
    node_uint(r->arena, n, "version", v1.version, QUIET(0, 4));
    node_bytes(r->arena, n, "signature", v1.signature, sizeof(v1.signature),
               QUIET(4, sizeof(v1.signature)));
    n->summary = "ECDSA P-256 signature of Secure Boot v1, which holds no key";
}

bool signature_is_v1(const struct node *signature)
{
    return signature->src.size == OTAPACK_SB_V1_SIZE;
}

static void secure_boot_open(struct reader *r, struct node *n)
{
    if (signature_is_v1(n)) {
        open_v1(r, n);
    } else {
        open_v2(r, n);
    }
}

static void secure_boot_judge(struct judge *j, struct node *n)
{
    const struct parsed *parsed = n->parsed;
    if (signature_is_v1(n)) {
        return; // only its key can say anything
    }
    found(j, n, CHECK_SIG_BLOCK, n->error == NULL, "%s", n->error);
    if (parsed != NULL) {
        rule_signature_block(j, n, parsed->raw, &parsed->block);
    }
}

static const struct rule rules[] = {{.run = secure_boot_judge, .unread = true}, {.run = NULL}};

const struct format format_secure_boot = {.name = "secure_boot",
                                          .title = "Secure Boot signature",
                                          .open = secure_boot_open,
                                          .rules = {rules}};

// ---- Behind an image ----------------------------------------------------------------------------

static bool looks_like_block(const struct otapack_source *src, uint64_t at)
{
    uint8_t head[2];
    return otapack_read(src, at, head, sizeof(head), "").code == OTAPACK_OK &&
           otapack_sb_is_block(head);
}

// Is there a sector where a device looks for it, with a block in any of its places?
static bool has_sector(const struct otapack_source *src, uint64_t at)
{
    bool any = false;
    for (uint64_t i = 0; i < OTAPACK_SB_MAX_BLOCKS; i++) {
        any = any || looks_like_block(src, at + i * OTAPACK_SB_BLOCK_SIZE);
    }
    return any && otapack_has(src, at, OTAPACK_SB_SECTOR_SIZE);
}

static bool knows_v1(const struct chip *chip)
{
    const struct chip_secure_boot *can = chip == NULL ? NULL : chip_secure_boot(chip);
    return can != NULL && can->v1;
}

// A chip that knows v1 looks right behind the image, whatever follows. For others it is one only if
// the file ends with it: somebody signed it, and should hear that nobody will look.
static bool has_v1(const struct otapack_source *src, uint64_t at, const struct chip *chip)
{
    struct otapack_sb_v1 v1;
    bool at_end = src->size > at && src->size - at == OTAPACK_SB_V1_SIZE;
    return (at_end || knows_v1(chip)) && otapack_sb_v1_read(src, at, &v1).code == OTAPACK_OK &&
           secure_boot_v1_is_likely(&v1);
}

uint64_t signature_extent(const struct otapack_source *src, uint64_t image_length,
                          const struct chip *chip)
{
    uint64_t sector = otapack_sb_sector_at(image_length);
    return has_sector(src, sector)           ? sector + OTAPACK_SB_SECTOR_SIZE
           : has_v1(src, image_length, chip) ? image_length + OTAPACK_SB_V1_SIZE
                                             : image_length;
}

// The blocks of a sector: up to the last place that does not begin as erased flash does, so that a
// broken one, and a gap before a good one, are among them. Returns where they end.
static uint64_t add_blocks(struct reader *r, struct node *n, uint64_t sector)
{
    const uint64_t size = OTAPACK_SB_BLOCK_SIZE;
    uint64_t count = OTAPACK_SB_MAX_BLOCKS;
    uint8_t first = 0xFF;
    while (count > 0 && first == 0xFF) {
        count--;
        (void)otapack_read(&n->src, sector + count * size, &first, 1, "");
    }
    count++; // has_sector has seen one
    for (uint64_t i = 0; i < count; i++) {
        read_part(r, n, "signatures", (int)i, sector + i * size, size, &format_secure_boot);
    }
    return sector + count * size;
}

// Returns where the sector ends.
static uint64_t add_sector(struct reader *r, struct node *n, uint64_t sector)
{
    uint64_t blocks_end = add_blocks(r, n, sector), end = sector + OTAPACK_SB_SECTOR_SIZE;
    read_rest(r, n, "signature_rest", -1, blocks_end, end - blocks_end);
    return end;
}

void signature_open_last(struct reader *r, struct node *n)
{
    uint64_t size = n->src.size, sector = size - OTAPACK_SB_SECTOR_SIZE;
    if (size > OTAPACK_SB_SECTOR_SIZE && has_sector(&n->src, sector)) {
        (void)add_sector(r, n, sector);
    }
}

void signature_open(struct reader *r, struct node *n, uint64_t image_length)
{
    uint64_t sector = otapack_sb_sector_at(image_length), end = image_length;
    if (has_sector(&n->src, sector)) {
        read_rest(r, n, "signature_padding", -1, end, sector - end);
        end = add_sector(r, n, sector);
    } else if (has_v1(&n->src, end, image_chip(n))) {
        read_part(r, n, "signatures", 0, end, OTAPACK_SB_V1_SIZE, &format_secure_boot);
        end += OTAPACK_SB_V1_SIZE;
    }
    read_rest(r, n, "trailing", -1, end, n->src.size - end);
}

const struct node *signature_at(const struct node *image, unsigned i)
{
    return node_find(image, "signatures", (int)i);
}

unsigned signature_count(const struct node *image)
{
    unsigned count = 0;
    while (signature_at(image, count) != NULL) {
        count++;
    }
    return count;
}

uint64_t signature_unpadded(const struct node *part)
{
    const struct node *own =
        node_is(part, &format_signed_data) ? node_find(part, "data", -1) : part;
    return node_is(part, &format_esp_image) ? node_number(part, "image_length") : own->src.size;
}

struct otapack_source signature_signed(const struct node *image)
{
    const struct node *first = signature_at(image, 0);
    return otapack_part(&image->src, 0, first->src.base - image->src.base);
}

bool signature_v1_digest(const struct node *image, uint8_t digest[OTAPACK_SB_MAX_DIGEST])
{
    struct otapack_source covered = signature_signed(image);
    return signature_is_v1(signature_at(image, 0)) && secure_boot_digest(PK_P256, &covered, digest);
}

bool signature_v1_fits_digest(const struct node *image, const struct pk_public *key,
                              const uint8_t digest[OTAPACK_SB_MAX_DIGEST])
{
    struct otapack_sb_v1 v1;
    return key->type == PK_P256 &&
           otapack_sb_v1_read(&signature_at(image, 0)->src, 0, &v1).code == OTAPACK_OK &&
           pk_verify(key, PK_STANDARD, DIGEST_SHA256, digest, v1.signature);
}

bool signature_v1_fits(const struct node *image, const struct pk_public *key)
{
    uint8_t digest[OTAPACK_SB_MAX_DIGEST];
    return signature_v1_digest(image, digest) && signature_v1_fits_digest(image, key, digest);
}
