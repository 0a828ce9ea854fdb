// SPDX-License-Identifier: Apache-2.0
//
// What the signatures behind an image show by themselves: that they are whole and consistent. Whose
// they are is for a key to say; see trust.h.
#include <inttypes.h>
#include <string.h>

#include "format.h"
#include "rule.h"
#include "secure_boot.h"
#include "signature.h"
#include "source.h"
#include "text.h"

// ---- One block ----------------------------------------------------------------------------------

static void check_key(struct reader *r, struct node *n, const struct otapack_sb_block *b,
                      const struct pk_public *key)
{
    bool sound = pk_is_sound(key);
    found(r, n, CHECK_SIG_KEY, sound && secure_boot_constants_fit(b), "%s",
          !sound && b->scheme == OTAPACK_SB_RSA3072
              ? "the modulus or the exponent is none of RSA-3072"
          : !sound ? "the public key is no point on its curve"
                   : "R or M' does not belong to the modulus");
}

static void check_signature(struct reader *r, struct node *n, const struct otapack_sb_block *b)
{
    struct pk_public key = secure_boot_key(b);
    uint8_t signature[PK_MAX_NUMBERS];
    if (r->left->signatures-- <= 0) {
        found(r, n, CHECK_SIG_SIGNATURE, false,
              "it is behind the %d signatures of a file that are verified", SIGNATURES_MOST);
        r->left->signatures = 0;
        return;
    }
    secure_boot_signature(b, signature);
    check_key(r, n, b, &key);
    found(r, n, CHECK_SIG_SIGNATURE,
          pk_verify(&key, PK_STANDARD, pk_types[b->scheme].digest, b->digest, signature),
          "the signature does not fit the block's own key and digest");
}

void rule_signature_block(struct reader *r, struct node *n, const uint8_t *raw,
                          const struct otapack_sb_block *b)
{
    uint32_t crc = otapack_sb_crc(raw);
    found(r, n, CHECK_SIG_CRC, b->crc == crc,
          "the CRC-32 is 0x%" PRIx32 ", the block gives 0x%" PRIx32, b->crc, crc);
    found(r, n, CHECK_SIG_ZEROS, otapack_sb_unused_are_zero(raw, b),
          "bytes that the block does not use are not zero");
    if (b->scheme == OTAPACK_SB_P192) {
        found(r, n, CHECK_SIG_P192, otapack_sb_p192_rest_is_zero(b),
              "key or signature has bytes behind the 48 that P-192 uses");
    }
    if (!r->options->structure_only) {
        check_signature(r, n, b);
    }
    n->summary = arena_printf(r->arena, "%s signature", pk_types[b->scheme].title);
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

static bool passes_all(const struct node *n)
{
    const struct finding *f = n->findings;
    while (f != NULL && f->verdict == VERDICT_PASS) {
        f = f->next;
    }
    return f == NULL;
}

// Each digest of the image is computed once, however many blocks there are.
static void check_digests(struct reader *r, struct node *n)
{
    struct otapack_source covered = signature_signed(n);
    const char *digests[DIGEST_COUNT] = {NULL};
    for (struct node *block = n->parts; block != NULL; block = block->next) {
        enum pk_type type;
        uint8_t digest[OTAPACK_SB_MAX_DIGEST];
        if (!node_is(block, &format_secure_boot) || !signature_type(block, &type)) {
            continue;
        }
        const struct pk_type_facts *t = &pk_types[type];
        if (digests[t->digest] == NULL) {
            if (!secure_boot_digest(type, &covered, digest)) {
                return; // the input notes it
            }
            digests[t->digest] = text_hex(r->arena, digest, t->digest_size);
        }
        const char *said = node_text(block, "image_digest"), *given = digests[t->digest];
        found(r, block, CHECK_SIG_DIGEST, strcmp(said, given) == 0,
              "the digest in the block is %s, the image gives %s",
              text_beside(r->arena, said, given), text_beside(r->arena, given, said));
        block->summary = arena_printf(r->arena, "%s, %s", block->summary,
                                      passes_all(block) ? "consistent" : "not consistent");
    }
}

static void check_mixed(struct reader *r, struct node *n)
{
    const char *first = "";
    for (unsigned i = 0; i < signature_count(n); i++) {
        const char *algorithm = node_text(signature_at(n, i), "algorithm");
        if (*first != '\0' && *algorithm != '\0' && strcmp(first, algorithm) != 0) {
            found(r, n, CHECK_SIG_MIXED, false, "the sector has signatures of %s and of %s", first,
                  algorithm);
            return;
        }
        first = *first == '\0' ? algorithm : first;
    }
    passed(r, n, CHECK_SIG_MIXED);
}

static bool is_erased(const struct node *part)
{
    return part == NULL || source_is_filled(&part->src, 0, part->src.size, 0xFF);
}

static void check_fill(struct reader *r, struct node *n)
{
    bool before = is_erased(node_find(n, "signature_padding", -1));
    bool behind = is_erased(node_find(n, "signature_rest", -1));
    found(r, n, CHECK_SIG_FILL, before && behind, "%s there are other bytes than 0xFF",
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

bool rule_signatures(struct reader *r, struct node *n, uint64_t image_length)
{
    uint64_t elsewhere = find_elsewhere(n), base = n->src.base;
    unsigned count = signature_count(n);
    if (count > 0 || elsewhere != UINT64_MAX) {
        found(r, n, CHECK_SIG_PLACE, elsewhere == UINT64_MAX,
              "there is a signature at 0x%" PRIx64 ", but devices look only at 0x%" PRIx64
              ", where the image at 0x%" PRIx64 " ends, rounded up to 4096",
              base + elsewhere, base + otapack_sb_sector_at(image_length), base);
    }
    if (count == 0) {
        return elsewhere != UINT64_MAX;
    }
    if (!signature_is_v1(signature_at(n, 0))) {
        check_fill(r, n);
        check_mixed(r, n);
        if (!r->options->structure_only) {
            check_digests(r, n);
        }
    }
    rule_signatures_chip(r, n);
    return elsewhere != UINT64_MAX;
}
