// SPDX-License-Identifier: Apache-2.0
//
// What the signatures behind an image show by themselves: that they are whole and consistent. Whose
// they are is for a key to say; see trust.h.
#include <inttypes.h>
#include <string.h>

#include "format_list.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"
#include "source.h"
#include "text.h"

// ---- One block ----------------------------------------------------------------------------------

static void check_key(struct judge *j, struct node *n, const struct otapack_sb_block *b,
                      const struct pk_public *key)
{
    bool sound = pk_is_sound(key);
    found(j, n, CHECK_SIG_KEY, sound && secure_boot_constants_fit(b), "%s",
          !sound && b->scheme == OTAPACK_SB_RSA3072
              ? "the modulus or the exponent is none of RSA-3072"
          : !sound ? "the public key is no point on its curve"
                   : "R or M' does not belong to the modulus");
}

static void check_signature(struct judge *j, struct node *n, const struct otapack_sb_block *b)
{
    struct pk_public key = secure_boot_key(b);
    uint8_t signature[PK_MAX_NUMBERS];
    if (j->signatures_left-- <= 0) {
        found(j, n, CHECK_SIG_SIGNATURE, false,
              "it is behind the %d signatures of a file that are verified", SIGNATURES_MOST);
        j->signatures_left = 0;
        return;
    }
    secure_boot_signature(b, signature);
    check_key(j, n, b, &key);
    found(j, n, CHECK_SIG_SIGNATURE,
          pk_verify(&key, PK_STANDARD, pk_types[b->scheme].digest, b->digest, signature),
          "the signature does not fit the block's own key and digest");
}

void rule_signature_block(struct judge *j, struct node *n, const uint8_t *raw,
                          const struct otapack_sb_block *b)
{
    uint32_t crc = otapack_sb_crc(raw);
    found(j, n, CHECK_SIG_CRC, b->crc == crc,
          "the CRC-32 is 0x%" PRIx32 ", the block gives 0x%" PRIx32, b->crc, crc);
    found(j, n, CHECK_SIG_ZEROS, otapack_sb_unused_are_zero(raw, b),
          "bytes that the block does not use are not zero");
    if (b->scheme == OTAPACK_SB_P192) {
        found(j, n, CHECK_SIG_P192, otapack_sb_p192_rest_is_zero(b),
              "key or signature has bytes behind the 48 that P-192 uses");
    }
    if (!is_partial(n)) {
        check_signature(j, n, b);
    }
}

// ---- All blocks of an image ---------------------------------------------------------------------

bool signature_type(const struct node *block, enum pk_type *out)
{
    for (int i = 0; i < PK_SECURE_BOOT_COUNT; i++) {
        if (strcmp(node_text(block, "algorithm"), pk_types[i].name) == 0) {
            *out = (enum pk_type)i;
            return true;
        }
    }
    return false;
}

static void check_digests(struct judge *j, struct node *n)
{
    struct otapack_source covered = signature_signed(n);
    for (struct node *block = n->parts; block != NULL; block = block->next) {
        enum pk_type type;
        uint8_t digest[OTAPACK_SB_MAX_DIGEST];
        if (!node_is(block, &format_secure_boot) || !signature_type(block, &type)) {
            continue;
        }
        if (!secure_boot_digest(type, &covered, digest)) {
            return; // the input notes it
        }
        const char *said = node_text(block, "image_digest");
        const char *given = text_hex(j->arena, digest, pk_types[type].digest_size);
        found(j, block, CHECK_SIG_DIGEST, strcmp(said, given) == 0,
              "the digest in the block is %s, the image gives %s",
              text_beside(j->arena, said, given), text_beside(j->arena, given, said));
        block->summary = arena_printf(j->arena, "%s, %s", block->summary,
                                      passes_all(block) ? "consistent" : "not consistent");
    }
}

static void check_mixed(struct judge *j, struct node *n)
{
    const char *first = "";
    for (unsigned i = 0; i < signature_count(n); i++) {
        const char *algorithm = node_text(signature_at(n, i), "algorithm");
        if (*first != '\0' && *algorithm != '\0' && strcmp(first, algorithm) != 0) {
            found(j, n, CHECK_SIG_MIXED, false, "the sector has signatures of %s and of %s", first,
                  algorithm);
            return;
        }
        first = *first == '\0' ? algorithm : first;
    }
    passed(j, n, CHECK_SIG_MIXED);
}

static bool is_erased(const struct node *part)
{
    return part == NULL || source_is_filled(&part->src, 0, part->src.size, 0xFF);
}

static void check_fill(struct judge *j, struct node *n)
{
    bool before = is_erased(node_find(n, "signature_padding", -1));
    bool behind = is_erased(node_find(n, "signature_rest", -1));
    found(j, n, CHECK_SIG_FILL, before && behind, "%s there are other bytes than 0xFF",
          before ? "behind the last signature block" : "between the image and its signatures");
}

// ---- Signatures where no device looks -----------------------------------------------------------

// A block in what follows the image: at a multiple of 4096, or where the last 4096 bytes of the
// file begin, where tools look. UINT64_MAX: none.
static uint64_t find_elsewhere(const struct node *n)
{
    const uint64_t size = OTAPACK_SB_SECTOR_SIZE;
    const struct node *trailing = node_find(n, "trailing", -1);
    if (trailing == NULL) {
        return UINT64_MAX;
    }
    uint64_t from = trailing->src.base - n->src.base;
    for (uint64_t at = otapack_sb_sector_at(from); otapack_has(&n->src, at, size); at += size) {
        if (secure_boot_is_block(&n->src, at)) {
            return at;
        }
    }
    return n->src.size >= from + size && secure_boot_is_block(&n->src, n->src.size - size)
               ? n->src.size - size
               : UINT64_MAX;
}

const char *signature_elsewhere(struct arena *a, const struct node *image, uint64_t length)
{
    uint64_t elsewhere = find_elsewhere(image), base = image->src.base;
    return elsewhere == UINT64_MAX
               ? NULL
               : arena_printf(a,
                              "there is a signature at 0x%" PRIx64
                              ", but devices look only at 0x%" PRIx64 ", where the image at "
                              "0x%" PRIx64 " ends, rounded up to 4096",
                              base + elsewhere, base + otapack_sb_sector_at(length), base);
}

bool rule_signatures(struct judge *j, struct node *n, uint64_t image_length)
{
    const char *elsewhere = signature_elsewhere(j->arena, n, image_length);
    unsigned count = signature_count(n);
    if (count > 0 || elsewhere != NULL) {
        found(j, n, CHECK_SIG_PLACE, elsewhere == NULL, "%s", elsewhere);
    }
    if (count == 0) {
        return elsewhere != NULL;
    }
    if (!signature_is_v1(signature_at(n, 0))) {
        check_fill(j, n);
        check_mixed(j, n);
        if (!is_partial(n)) {
            check_digests(j, n);
        }
    }
    rule_signatures_chip(j, n);
    return elsewhere != NULL;
}
