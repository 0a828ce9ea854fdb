/* SPDX-License-Identifier: Apache-2.0
 *
 * otapack/rcp_seal.h: other processors' firmware under the signature of their host. The host's app
 * carries a SHA-256 of it: signing the app vouches for that firmware, too.
 *
 *     combined image  0                                    size
 *                     | table | version | ... | firmware   | host app                            |
 *                     '------------- SHA-256 -------------'    |
 *                                                              v
 *     host app        0        24          32                288
 *                     | header | segment 0 | app description | custom description: ... seal ...  |
 *
 *     seal       0 magic "OTAPSEAL"   8 version 1    9 kind   10 digest_type   11 reserved 0
 *               12 size              16 digest[32]  48 reserved[16]
 *
 * The seal is 64 bytes, on a multiple of 4, whole within the first 256 bytes behind the app's
 * description, and within segment 0: what checksum, hash and signature of the app cover. A firmware
 * says where it has room for one, with two lines in one of its files:
 *
 *     #include "otapack/rcp_seal.h"
 *     OTAPACK_RCP_SEAL();
 *
 * or has it among fields of its own, in what ESP-IDF calls the custom description:
 *
 *     struct my_description {
 *         uint32_t board;
 *         struct otapack_rcp_seal_place seal;
 *     };
 *     extern const struct my_description my_description;
 *     const struct my_description my_description
 *         __attribute__((used, section(".rodata_custom_desc"))) = {7, OTAPACK_RCP_SEAL_EMPTY};
 *
 * There it is empty: all zero behind the version. otapack fills it when it puts the file together,
 * before the app is signed. A linker leaves out what nobody asks for, such as a file of a library,
 * as every component of ESP-IDF is one: put the lines into a file that is linked anyway, or have
 * the linker called with -u otapack_rcp_seal_place, or -u my_description.
 *
 * What the digest is of, says the kind.
 *
 *     kind 1   a combined image: all that a border router stores as its radio's image, from 0 to
 *              where the host begins, as above
 *     kind 2   a Matter bundle: its table, which has the SHA-256 of every image, up to that of the
 *              application, its end (otapack/bundle_seal.h)
 *     kind 3   an ESP-Hosted pair: the co-processor's firmware, all of it, with its signature
 *
 * There is one seal in an app, of one kind. A host can judge what it has stored at any time:
 *
 *     struct otapack_rcp_seal seal;
 *     if (otapack_rcp_seal_find(&running_app, &seal).code == OTAPACK_OK &&
 *         otapack_rcp_seal_check(&seal, &stored, &sha256, buffer,
 *                                sizeof(buffer)).code == OTAPACK_OK)
 *         flash_the_radio();
 *
 * Its firmware reads the seal from its own partition, as above, and not from the variable, of which
 * a compiler knows what is in it: nothing.
 *
 * Source of the facts: this project. Of the place of the custom description: ESP-IDF,
 * esp_app_format's documentation and the linker scripts' .flash.appdesc.
 */
#ifndef OTAPACK_RCP_SEAL_H
#define OTAPACK_RCP_SEAL_H

#include "app_desc.h"
#include "rcp_image.h"

#define OTAPACK_SEAL_SIZE 64u
#define OTAPACK_SEAL_MAGIC_SIZE 8u
#define OTAPACK_SEAL_FIRST 0x5041544Fu  /* "OTAP": the magic, as two little-endian words */
#define OTAPACK_SEAL_SECOND 0x4C414553u /* "SEAL" */
#define OTAPACK_SEAL_VERSION 1u
#define OTAPACK_SEAL_FROM (OTAPACK_APP_DESC_AT + OTAPACK_APP_DESC_SIZE) /* in the app */
#define OTAPACK_SEAL_ROOM 256u /* it ends within so many bytes from there on */
#define OTAPACK_SEAL_TO (OTAPACK_SEAL_FROM + OTAPACK_SEAL_ROOM)
#define OTAPACK_SEAL_SHA256 1u /* digest_type */
#define OTAPACK_SEAL_DIGEST_SIZE 32u

enum otapack_seal_kind {
    OTAPACK_SEAL_EMPTY = 0, /* a place, which nobody has filled */
    OTAPACK_SEAL_RCP = 1,   /* of a combined image: `size` bytes, from 0 to where the host begins */
    OTAPACK_SEAL_BUNDLE = 2, /* of a Matter bundle: `size` bytes, its table but the last SHA-256 */
    OTAPACK_SEAL_HOSTED = 3, /* of a co-processor's firmware, which has `size` bytes */
};

struct otapack_rcp_seal {
    uint32_t at; /* offset in the app */
    uint8_t version;
    uint8_t kind; /* enum otapack_seal_kind, or whatever the file says */
    uint8_t digest_type;
    uint8_t reserved0;
    uint32_t size; /* of what the digest is of */
    uint8_t digest[OTAPACK_SEAL_DIGEST_SIZE];
    uint8_t reserved[16];
};

/* ---- In a firmware -------------------------------------------------------------------------- */

struct otapack_rcp_seal_place {
    uint8_t bytes[OTAPACK_SEAL_SIZE];
}
#if defined(__GNUC__)
__attribute__((aligned(4)))
#endif
;

#define OTAPACK_RCP_SEAL_EMPTY                                                                     \
    {                                                                                              \
        {                                                                                          \
            'O', 'T', 'A', 'P', 'S', 'E', 'A', 'L', OTAPACK_SEAL_VERSION                           \
        }                                                                                          \
    }

#define OTAPACK_SEAL_KEPT_ used
#ifdef __has_attribute
#if __has_attribute(retain)
#undef OTAPACK_SEAL_KEPT_
#define OTAPACK_SEAL_KEPT_ used, retain
#endif
#endif

/* The place of a seal as the whole custom description; once in a firmware, outside of functions. */
#define OTAPACK_RCP_SEAL()                                                                         \
    extern const struct otapack_rcp_seal_place otapack_rcp_seal_place;                             \
    const struct otapack_rcp_seal_place otapack_rcp_seal_place                                     \
        __attribute__((OTAPACK_SEAL_KEPT_, section(".rodata_custom_desc"))) =                      \
            OTAPACK_RCP_SEAL_EMPTY

/* ---- In an app ------------------------------------------------------------------------------ */

/* The 64 bytes of a seal, as they stand; nothing is judged. `at` is for the caller to set. */
static inline void otapack_rcp_seal_decode(const uint8_t *p, struct otapack_rcp_seal *seal)
{
    seal->version = p[8];
    seal->kind = p[9];
    seal->digest_type = p[10];
    seal->reserved0 = p[11];
    seal->size = otapack_le32(p + 12);
    memcpy(seal->digest, p + 16, sizeof(seal->digest));
    memcpy(seal->reserved, p + 48, sizeof(seal->reserved));
}

/* Writes a seal as 64 bytes. */
static inline void otapack_rcp_seal_write(const struct otapack_rcp_seal *seal,
                                          uint8_t to[OTAPACK_SEAL_SIZE])
{
    otapack_put_le32(to, OTAPACK_SEAL_FIRST);
    otapack_put_le32(to + 4, OTAPACK_SEAL_SECOND);
    to[8] = seal->version;
    to[9] = seal->kind;
    to[10] = seal->digest_type;
    to[11] = seal->reserved0;
    otapack_put_le32(to + 12, seal->size);
    memcpy(to + 16, seal->digest, sizeof(seal->digest));
    memcpy(to + 48, seal->reserved, sizeof(seal->reserved));
}

/* Is everything behind the version zero? */
static inline bool otapack_rcp_seal_is_empty(const struct otapack_rcp_seal *seal)
{
    uint32_t any = seal->kind | (uint32_t)seal->digest_type | seal->reserved0 | seal->size;
    for (uint32_t i = 0; i < sizeof(seal->digest); i++) {
        any |= seal->digest[i];
    }
    for (uint32_t i = 0; i < sizeof(seal->reserved); i++) {
        any |= seal->reserved[i];
    }
    return any == 0;
}

/* Where in a seal the first field is that says what cannot be checked; 0: none does. */
static inline uint32_t otapack_rcp_seal_bad_at_(const struct otapack_rcp_seal *seal)
{
    if (seal->version != OTAPACK_SEAL_VERSION) {
        return 8;
    }
    if (seal->kind == OTAPACK_SEAL_EMPTY || seal->kind > OTAPACK_SEAL_HOSTED) {
        return 9;
    }
    if (seal->digest_type != OTAPACK_SEAL_SHA256) {
        return 10;
    }
    if (seal->reserved0 != 0) {
        return 11;
    }
    for (uint32_t i = 0; i < sizeof(seal->reserved); i++) {
        if (seal->reserved[i] != 0) {
            return 48u + i;
        }
    }
    return 0;
}

/*
 * Does it say what can be checked: this version, a kind that there is, SHA-256, nothing in what is
 * reserved? An empty one does not. OTAPACK_OK or OTAPACK_FORBIDDEN, with the field.
 */
static inline struct otapack_status otapack_rcp_seal_judge(const struct otapack_rcp_seal *seal)
{
    uint32_t at = otapack_rcp_seal_bad_at_(seal);
    const char *field = at == 8    ? OTAPACK_NAME("version")
                        : at == 9  ? OTAPACK_NAME("kind")
                        : at == 10 ? OTAPACK_NAME("digest_type")
                                   : OTAPACK_NAME("reserved");
    uint32_t value = at == 8    ? seal->version
                     : at == 9  ? seal->kind
                     : at == 10 ? seal->digest_type
                     : at == 11 ? seal->reserved0
                                : seal->reserved[at & 15u];
    return at == 0 ? otapack_good()
                   : otapack_status_make(OTAPACK_FORBIDDEN, field, (uint64_t)seal->at + at, value,
                                         at < 11 ? 1 : 0);
}

/*
 * Where the first segment of an app ends, but not behind the room for a seal: no part of it is read
 * beyond. OTAPACK_OK, OTAPACK_NOT_THIS (there is no description), OTAPACK_TRUNCATED or
 * OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_rcp_seal_end_(const struct otapack_source *app,
                                                          uint32_t *end)
{
    uint8_t raw[8]; /* the length of segment 0, and what its data begin with */
    struct otapack_status s =
        otapack_read(app, OTAPACK_APP_DESC_AT - 4, raw, sizeof(raw), OTAPACK_NAME("data_len"));
    if (s.code == OTAPACK_OK) {
        uint32_t data_len = otapack_le32(raw);
        *end = data_len < OTAPACK_SEAL_TO - OTAPACK_APP_DESC_AT ? OTAPACK_APP_DESC_AT + data_len
                                                                : OTAPACK_SEAL_TO;
        if (otapack_le32(raw + 4) != OTAPACK_APP_DESC_MAGIC) {
            s = otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("magic_word"),
                                    OTAPACK_APP_DESC_AT, otapack_le32(raw + 4),
                                    OTAPACK_APP_DESC_MAGIC);
        }
    }
    return s;
}

/*
 * Looks for the magic of a seal in an app of the ESP32 family: its source, from its first byte on.
 * The first one counts. *at is where it begins. Returns OTAPACK_OK, OTAPACK_NOT_THIS (there is
 * none, or no description before it), OTAPACK_TRUNCATED or OTAPACK_READ_FAILED.
 */
static inline struct otapack_status otapack_rcp_seal_place_find(const struct otapack_source *app,
                                                                uint32_t *at)
{
    uint32_t end, before = 0;
    uint8_t raw[4];
    struct otapack_status s = otapack_rcp_seal_end_(app, &end);
    if (s.code != OTAPACK_OK) {
        return s;
    }
    for (uint32_t from = OTAPACK_SEAL_FROM; from + OTAPACK_SEAL_SIZE - 4 <= end; from += 4) {
        s = otapack_read(app, from, raw, sizeof(raw), OTAPACK_NAME("seal"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        if (before == OTAPACK_SEAL_FIRST && otapack_le32(raw) == OTAPACK_SEAL_SECOND) {
            *at = from - 4;
            return s;
        }
        before = otapack_le32(raw);
    }
    return otapack_status_make(OTAPACK_NOT_THIS, OTAPACK_NAME("seal"), OTAPACK_SEAL_FROM, 0, end);
}

/*
 * Reads the seal of an app, filled or empty, as it stands. Returns OTAPACK_OK, and else what
 * otapack_rcp_seal_place_find returns; `seal` is filled only with OTAPACK_OK.
 */
static inline struct otapack_status otapack_rcp_seal_find(const struct otapack_source *app,
                                                          struct otapack_rcp_seal *seal)
{
    uint8_t raw[OTAPACK_SEAL_SIZE];
    uint32_t at = 0;
    struct otapack_status s = otapack_rcp_seal_place_find(app, &at);
    if (s.code == OTAPACK_OK) {
        s = otapack_read(app, at, raw, sizeof(raw), OTAPACK_NAME("seal"));
    }
    if (s.code == OTAPACK_OK) {
        seal->at = at;
        otapack_rcp_seal_decode(raw, seal);
    }
    return s;
}

/* ---- Against what is sealed ----------------------------------------------------------------- */

/* As otapack_rcp_seal_judge: a seal that can be checked, and of this kind. */
static inline struct otapack_status otapack_rcp_seal_is_(const struct otapack_rcp_seal *seal,
                                                         enum otapack_seal_kind kind)
{
    struct otapack_status s = otapack_rcp_seal_judge(seal);
    return s.code == OTAPACK_OK && seal->kind != (uint8_t)kind
               ? otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("kind"),
                                     (uint64_t)seal->at + 9, seal->kind, (uint64_t)kind)
               : s;
}

/* Feeds a hash with `size` bytes of a source, through a buffer of n bytes, at least one. */
static inline struct otapack_status otapack_rcp_seal_feed_(const struct otapack_source *src,
                                                           uint32_t size,
                                                           const struct otapack_hash *hash,
                                                           uint8_t *buffer, size_t n)
{
    uint32_t at = 0;
    while (at < size) {
        size_t k = size - at < n ? (size_t)(size - at) : n;
        struct otapack_status s = otapack_read(src, at, buffer, k, OTAPACK_NAME("sealed"));
        if (s.code != OTAPACK_OK) {
            return s;
        }
        hash->update(hash->ctx, buffer, k);
        at += (uint32_t)k;
    }
    return otapack_good();
}

/*
 * Does the seal speak for all that a table says is the radio's: is it of the bytes up to the host,
 * and is no other part beyond? Else what is flashed could be others than those that were looked at.
 */
static inline struct otapack_status otapack_rcp_seal_covers_(const struct otapack_rcp_seal *seal,
                                                             const struct otapack_rcp_image *image)
{
    for (uint32_t i = 1; i < image->count; i++) {
        const struct otapack_rcp_entry *e = &image->entries[i];
        uint64_t end = e->tag == OTAPACK_RCP_HOST ? e->offset : otapack_rcp_entry_end(e);
        if (end > seal->size || (e->tag == OTAPACK_RCP_HOST && end != seal->size)) {
            return otapack_status_make(OTAPACK_FORBIDDEN, OTAPACK_NAME("size"),
                                       (uint64_t)seal->at + 12, seal->size, end);
        }
    }
    return otapack_good();
}

/* The first `size` bytes of a source, against the digest of a seal that can be checked. */
static inline struct otapack_status otapack_rcp_seal_compare_(const struct otapack_rcp_seal *seal,
                                                              const struct otapack_source *src,
                                                              const struct otapack_hash *sha256,
                                                              uint8_t *buffer, size_t n)
{
    uint8_t digest[OTAPACK_SEAL_DIGEST_SIZE];
    struct otapack_status s;
    if (!otapack_has(src, 0, seal->size)) {
        return otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("sealed"), 0, seal->size,
                                   src->size);
    }
    memset(digest, 0, sizeof(digest));
    sha256->start(sha256->ctx);
    s = otapack_rcp_seal_feed_(src, seal->size, sha256, buffer, n);
    sha256->finish(sha256->ctx, digest);
    if (s.code == OTAPACK_OK && memcmp(digest, seal->digest, sizeof(digest)) != 0) {
        s = otapack_status_make(OTAPACK_MISMATCH, OTAPACK_NAME("digest"), (uint64_t)seal->at + 16,
                                seal->digest[0], digest[0]);
    }
    return s;
}

/*
 * Are these the bytes that a seal is of: a combined image, or what a border router has stored of
 * one, from its first byte on? There may be more behind them. They are read by way of `buffer`, of
 * n bytes, at least one. `sha256` gives 32 bytes. Returns
 *
 *   OTAPACK_OK         yes
 *   OTAPACK_MISMATCH   no (digest)
 *   OTAPACK_TRUNCATED  no: there are fewer (sealed)
 *   OTAPACK_FORBIDDEN  the seal is empty, of another kind or of a version that is not known, or its
 *                      size is not where the table has the host
 *   OTAPACK_READ_FAILED, and what otapack_rcp_image_open returns of the table
 */
static inline struct otapack_status otapack_rcp_seal_check(const struct otapack_rcp_seal *seal,
                                                           const struct otapack_source *image,
                                                           const struct otapack_hash *sha256,
                                                           uint8_t *buffer, size_t n)
{
    struct otapack_rcp_image table;
    struct otapack_status s = otapack_rcp_seal_is_(seal, OTAPACK_SEAL_RCP);
    if (s.code == OTAPACK_OK && !otapack_has(image, 0, seal->size)) {
        s = otapack_status_make(OTAPACK_TRUNCATED, OTAPACK_NAME("sealed"), 0, seal->size,
                                image->size);
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_rcp_image_open(image, &table);
    }
    if (s.code == OTAPACK_OK) {
        s = otapack_rcp_seal_covers_(seal, &table);
    }
    return s.code == OTAPACK_OK ? otapack_rcp_seal_compare_(seal, image, sha256, buffer, n) : s;
}

/*
 * Is this the co-processor's firmware that a seal is of, from its first byte on? There may be more
 * behind it, as in a partition: the host sends seal->size bytes, and no others. Returns what
 * otapack_rcp_seal_check does of the digest, the size and the seal.
 */
static inline struct otapack_status otapack_hosted_seal_check(const struct otapack_rcp_seal *seal,
                                                              const struct otapack_source *firmware,
                                                              const struct otapack_hash *sha256,
                                                              uint8_t *buffer, size_t n)
{
    struct otapack_status s = otapack_rcp_seal_is_(seal, OTAPACK_SEAL_HOSTED);
    return s.code == OTAPACK_OK ? otapack_rcp_seal_compare_(seal, firmware, sha256, buffer, n) : s;
}

#endif
