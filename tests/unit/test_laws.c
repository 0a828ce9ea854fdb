// SPDX-License-Identifier: Apache-2.0
//
// parse(write(x)) = x, for everything that the headers can write: thousands of x each from a seed,
// and the borders of every number.
#include "unit.h"

#include <otapack/matter.h>
#include <otapack/rcp_image.h>
#include <otapack/secure_boot.h>

enum { TRIES = 20000, BLOCK_TRIES = 400, RSA_TRIES = 3, MATTER_ROOM = 2048, TEXT_ROOM = 1100 };

static const uint64_t borders[] = {
    0,
    1,
    2,
    0x7F,
    0x80,
    0xFE,
    0xFF,
    0x100,
    0x101,
    0x7FFF,
    0x8000,
    0xFFFE,
    0xFFFF,
    0x10000,
    0x10001,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0xFFFFFFFF,
    0x1BEEF11E,
    UINT64_C(0x100000000),
    UINT64_C(0x7FFFFFFFFFFFFFFF),
    UINT64_C(0x8000000000000000),
    UINT64_MAX - 1,
    UINT64_MAX,
};

// A border, or a random number of any length in bits.
static uint64_t any(uint64_t *x)
{
    if (random_below(x, 4) == 0) {
        return borders[random_below(x, COUNT(borders))];
    }
    return random_next(x) >> random_below(x, 64);
}

static uint32_t any32(uint64_t *x)
{
    return (uint32_t)any(x);
}

TEST(numbers)
{
    uint64_t x = random_seed("numbers");
    for (size_t i = 0; i < TRIES; i++) {
        uint8_t raw[6] = {0xA5, 0, 0, 0, 0, 0x5A};
        uint32_t v = i < COUNT(borders) ? (uint32_t)borders[i] : any32(&x);
        otapack_put_le32(raw + 1, v);
        assert_int_equal(otapack_le32(raw + 1), v);
        assert_int_equal(otapack_le16(raw + 1) | (uint32_t)otapack_le16(raw + 3) << 16, v);
        assert_true(raw[0] == 0xA5 && raw[5] == 0x5A);
    }
    for (size_t i = 0; i < TRIES; i++) {
        uint8_t raw[8];
        uint64_t v = i < COUNT(borders) ? borders[i] : any(&x);
        otapack_put_le32(raw, (uint32_t)v);
        otapack_put_le32(raw + 4, (uint32_t)(v >> 32));
        assert_true(otapack_le64(raw) == v);
    }
}

TEST(rcp_entries)
{
    uint64_t x = random_seed("rcp_entries");
    for (size_t i = 0; i < TRIES; i++) {
        uint8_t raw[OTAPACK_RCP_ENTRY_SIZE];
        struct otapack_rcp_entry e = {any32(&x), any32(&x), any32(&x)}, back;
        otapack_rcp_entry_write(&e, raw);
        back = otapack_rcp_entry_decode(raw);
        assert_true(back.tag == e.tag && back.size == e.size && back.offset == e.offset);
    }
}

// A whole table, as many entries as there may be.
TEST(rcp_tables)
{
    uint64_t x = random_seed("rcp_tables");
    for (size_t i = 0; i < TRIES; i++) {
        uint8_t raw[OTAPACK_RCP_MAX_TABLE];
        struct otapack_rcp_image image;
        uint32_t count = 2 + (uint32_t)(i % 6), size = count * OTAPACK_RCP_ENTRY_SIZE;
        struct otapack_rcp_entry entries[OTAPACK_RCP_MAX_ENTRIES] = {{OTAPACK_RCP_TABLE, size, 0}};
        for (uint32_t k = 0; k < count; k++) {
            if (k > 0) {
                entries[k] = (struct otapack_rcp_entry){any32(&x), any32(&x), any32(&x)};
            }
            otapack_rcp_entry_write(&entries[k], raw + (size_t)k * OTAPACK_RCP_ENTRY_SIZE);
        }
        struct otapack_source src = otapack_memory(raw, size);
        assert_good(otapack_rcp_image_open(&src, &image));
        assert_int_equal(image.count, count);
        assert_int_equal(image.table_size, size);
        assert_memory_equal(image.entries, entries, count * sizeof(entries[0]));
    }
}

TEST(rcp_records)
{
    uint64_t x = random_seed("rcp_records");
    for (size_t i = 0; i < TRIES; i++) {
        uint8_t raw[3 * OTAPACK_RCP_RECORD_SIZE];
        struct otapack_rcp_record records[3], back;
        struct otapack_source src = otapack_memory(raw, sizeof(raw));
        for (uint32_t k = 0; k < 3; k++) {
            records[k] = (struct otapack_rcp_record){any32(&x), any32(&x)};
            otapack_rcp_record_write(&records[k], raw + (size_t)k * OTAPACK_RCP_RECORD_SIZE);
        }
        for (uint32_t k = 0; k < 3; k++) {
            assert_good(otapack_rcp_record_read(&src, k, &back));
            assert_true(back.tag == records[k].tag && back.address == records[k].address);
        }
    }
}

// ---- TLV ----------------------------------------------------------------------------------------

static void try_number(uint8_t tag, uint64_t value)
{
    uint8_t raw[OTAPACK_TLV_MAX_HEAD];
    struct otapack_tlv_element e = {.at = 0};
    size_t n = otapack_tlv_write_head(raw, OTAPACK_TLV_UINT8, tag, value);
    struct otapack_source src = otapack_memory(raw, n);
    assert_in_range(n, 3, 10);
    assert_good(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "x", &e));
    assert_true(e.value == value && e.tag == tag && e.size == 0 && e.at == 0);
    assert_true(otapack_tlv_is_uint(e.type));
    assert_int_equal(otapack_tlv_end(&e), n);
    // No narrower element holds it.
    assert_true(n == 3 || value >> (8 * ((n - 2) / 2)) != 0);
}

TEST(tlv_numbers)
{
    uint64_t x = random_seed("tlv_numbers");
    for (size_t i = 0; i < TRIES; i++) {
        try_number((uint8_t)i, i < COUNT(borders) ? borders[i] : any(&x));
    }
}

static void try_data(uint8_t type, uint8_t tag, uint32_t size)
{
    struct reading r = {.fill = 0x33};
    uint8_t raw[OTAPACK_TLV_MAX_HEAD];
    struct otapack_tlv_element e = {.at = 0};
    size_t n = otapack_tlv_write_head(raw, type, tag, size);
    r.bytes = raw;
    r.stored = n;
    r.size = n + (uint64_t)size;
    struct otapack_source src = reading_source(&r);
    if (r.size > UINT32_MAX) {
        return; // an encoding ends below 4 GiB
    }
    assert_good(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "x", &e));
    assert_true(e.size == size && e.tag == tag && e.data_at == n && e.value == 0);
    assert_int_equal(e.type & ~3U, type);
    assert_int_equal(otapack_tlv_end(&e), r.size);
    src.size--;
    assert_int_equal(otapack_tlv_read(&src, 0, OTAPACK_TLV_STRUCTURE, "x", &e).code,
                     OTAPACK_TRUNCATED);
}

TEST(tlv_texts_and_bytes)
{
    uint64_t x = random_seed("tlv_texts_and_bytes");
    for (size_t i = 0; i < TRIES; i++) {
        uint32_t size = i < COUNT(borders) ? (uint32_t)borders[i] : any32(&x);
        try_data(i % 2 == 0 ? OTAPACK_TLV_UTF8 : OTAPACK_TLV_BYTES, (uint8_t)(i >> 1), size);
    }
}

// ---- Matter headers -----------------------------------------------------------------------------

struct texts {
    uint8_t version[TEXT_ROOM], url[TEXT_ROOM], digest[TEXT_ROOM];
};

// Without a separator, which would end it.
static void any_text(uint64_t *x, uint8_t *to, size_t n)
{
    random_bytes(x, to, n);
    for (size_t i = 0; i < n; i++) {
        to[i] = to[i] == OTAPACK_MATTER_SEPARATOR ? ' ' : to[i];
    }
}

static uint32_t any_size(uint64_t *x, uint32_t most)
{
    switch (random_below(x, 4)) {
    case 0:
        return most;
    case 1:
        return (uint32_t)random_below(x, 2);
    default:
        return (uint32_t)random_below(x, most + UINT64_C(1));
    }
}

static struct otapack_matter any_header(uint64_t *x, struct texts *t)
{
    struct otapack_matter m = {0};
    m.vendor_id = (uint16_t)any(x);
    m.product_id = (uint16_t)any(x);
    m.software_version = any32(x);
    m.payload_size = any(x);
    m.image_digest_type = (uint8_t)any(x);
    m.has_min_applicable_software_version = random_below(x, 2) != 0;
    m.has_max_applicable_software_version = random_below(x, 2) != 0;
    m.has_release_notes_url = random_below(x, 2) != 0;
    m.min_applicable_software_version = m.has_min_applicable_software_version ? any32(x) : 0;
    m.max_applicable_software_version = m.has_max_applicable_software_version ? any32(x) : 0;
    m.software_version_string.size = any_size(x, OTAPACK_MATTER_MAX_VERSION_STRING);
    m.release_notes_url.size = m.has_release_notes_url ? any_size(x, OTAPACK_MATTER_MAX_URL) : 0;
    m.image_digest.size = any_size(x, random_below(x, 8) == 0 ? 900 : OTAPACK_MATTER_MAX_DIGEST);
    any_text(x, t->version, m.software_version_string.size);
    any_text(x, t->url, m.release_notes_url.size);
    random_bytes(x, t->digest, m.image_digest.size);
    return m;
}

static void assert_same_text(const uint8_t *raw, struct otapack_matter_text text,
                             const uint8_t *bytes)
{
    assert_true(text.size == 0 || memcmp(raw + text.at, bytes, text.size) == 0);
}

TEST(matter_headers)
{
    uint64_t x = random_seed("matter_headers");
    unsigned written = 0;
    static struct texts t;
    for (size_t i = 0; i < TRIES; i++) {
        uint8_t raw[MATTER_ROOM];
        struct otapack_matter m = any_header(&x, &t), back;
        const struct otapack_matter_texts texts = {t.version, t.url, t.digest};
        size_t n = otapack_matter_write(&m, &texts, raw, sizeof(raw));
        struct otapack_source src = otapack_memory(raw, n);
        if (n == 0) { // over 1024 bytes of TLV, or a total_size over 64 bits
            assert_true(m.payload_size > UINT64_MAX - MATTER_ROOM || m.image_digest.size > 600);
            continue;
        }
        assert_good(otapack_matter_open(&src, &back));
        // `m` has now where the texts are: it is what reading gives, up to the padding behind
        // read_to.
        assert_memory_equal(&back, &m, offsetof(struct otapack_matter, read_to) + sizeof(uint32_t));
        assert_int_equal(otapack_matter_payload_at(&back), n);
        assert_true(back.total_size == n + back.payload_size);
        assert_same_text(raw, back.software_version_string, t.version);
        assert_same_text(raw, back.release_notes_url, t.url);
        assert_same_text(raw, back.image_digest, t.digest);
        written++;
    }
    assert_true(written > TRIES / 2);
}

// ---- Signatures ---------------------------------------------------------------------------------

struct numbers {
    uint8_t digest[OTAPACK_SB_MAX_DIGEST], key[OTAPACK_SB_RSA_SIZE], signature[OTAPACK_SB_RSA_SIZE];
};

// The block's number of n bytes is this one, the other way round.
static void assert_reversed(const uint8_t *in_block, const uint8_t *number, uint32_t n)
{
    uint8_t back[OTAPACK_SB_RSA_SIZE];
    otapack_sb_reverse(back, in_block, n);
    assert_memory_equal(back, number, n);
}

static void check_block(const struct otapack_sb_block *b, const struct otapack_sb_parts *p,
                        const struct numbers *numbers)
{
    uint32_t size = otapack_sb_number_size(p->scheme);
    bool rsa = p->scheme == OTAPACK_SB_RSA3072;
    uint32_t key_at = rsa ? 0 : 1; // behind the curve
    assert_memory_equal(b->digest, numbers->digest, b->digest_size);
    assert_reversed(b->key + key_at, numbers->key, size);
    assert_reversed(b->signature, numbers->signature, size);
    if (rsa) {
        assert_int_equal(otapack_le32(b->key + OTAPACK_SB_RSA_SIZE), p->exponent);
        assert_int_equal(otapack_le32(b->key) * otapack_le32(b->key + 772), UINT32_MAX); // M'
    } else {
        assert_reversed(b->key + key_at + size, numbers->key + size, size);
        assert_reversed(b->signature + size, numbers->signature + size, size);
    }
}

static void try_block(enum otapack_sb_scheme scheme, uint64_t *x, size_t i)
{
    struct numbers numbers;
    uint8_t raw[OTAPACK_SB_BLOCK_SIZE], copy[OTAPACK_SB_BLOCK_SIZE];
    const struct otapack_sb_parts parts = {scheme, numbers.digest, numbers.key, any32(x),
                                           numbers.signature};
    struct otapack_sb_block b;
    random_bytes(x, (uint8_t *)&numbers, sizeof(numbers));
    if (i < 2) {
        memset(&numbers, i == 0 ? 0 : 0xFF, sizeof(numbers));
    }
    numbers.key[0] |= scheme == OTAPACK_SB_RSA3072 ? 0x80 : 0; // 3072 bits, and odd
    numbers.key[OTAPACK_SB_RSA_SIZE - 1] |= 1;
    otapack_sb_block_write(&parts, raw);
    struct otapack_source src = otapack_memory(raw, sizeof(raw));
    assert_good(otapack_sb_block_read(&src, 0, copy, &b));
    assert_memory_equal(raw, copy, sizeof(raw));
    assert_int_equal(b.scheme, scheme);
    assert_int_equal(b.version, scheme == OTAPACK_SB_RSA3072 ? 2 : 3);
    assert_int_equal(b.digest_size, scheme == OTAPACK_SB_P384 ? 48 : 32);
    assert_int_equal(b.crc, otapack_sb_crc(raw));
    assert_true(otapack_sb_unused_are_zero(copy, &b) && otapack_sb_p192_rest_is_zero(&b));
    check_block(&b, &parts, &numbers);
}

TEST(signature_blocks)
{
    uint64_t x = random_seed("signature_blocks");
    for (size_t i = 0; i < BLOCK_TRIES; i++) {
        try_block(OTAPACK_SB_P192, &x, i);
        try_block(OTAPACK_SB_P256, &x, i);
        try_block(OTAPACK_SB_P384, &x, i);
    }
    for (size_t i = 0; i < RSA_TRIES; i++) { // its R takes long
        try_block(OTAPACK_SB_RSA3072, &x, i);
    }
}

TEST(signatures_of_v1)
{
    uint64_t x = random_seed("signatures_of_v1");
    for (size_t i = 0; i < TRIES; i++) {
        uint8_t raw[OTAPACK_SB_V1_SIZE];
        struct otapack_sb_v1 v1 = {.version = i % 8 == 0 ? any32(&x) : 0}, back;
        struct otapack_source src = otapack_memory(raw, sizeof(raw));
        random_bytes(&x, v1.signature, sizeof(v1.signature));
        otapack_sb_v1_write(&v1, raw);
        struct otapack_status s = otapack_sb_v1_read(&src, 0, &back);
        assert_int_equal(s.code, v1.version == 0 ? OTAPACK_OK : OTAPACK_FORBIDDEN);
        assert_int_equal(back.version, v1.version);
        assert_memory_equal(back.signature, v1.signature, sizeof(v1.signature));
    }
}

// Twice the other way round is as it was, for every length that a number has and others.
TEST(reversing)
{
    uint64_t x = random_seed("reversing");
    for (uint32_t n = 0; n <= OTAPACK_SB_RSA_SIZE; n++) {
        uint8_t a[OTAPACK_SB_RSA_SIZE + 1], b[sizeof(a)], c[sizeof(a)];
        random_bytes(&x, a, sizeof(a));
        memcpy(b, a, sizeof(a));
        memcpy(c, a, sizeof(a));
        otapack_sb_reverse(b, a, n);
        otapack_sb_reverse(c, b, n);
        assert_memory_equal(a, c, sizeof(a));
        assert_true(b[n] == a[n] && (n == 0 || b[0] == a[n - 1]));
    }
}

UNIT(laws)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),          cmocka_unit_test(rcp_entries),
        cmocka_unit_test(rcp_tables),       cmocka_unit_test(rcp_records),
        cmocka_unit_test(tlv_numbers),      cmocka_unit_test(tlv_texts_and_bytes),
        cmocka_unit_test(matter_headers),   cmocka_unit_test(signature_blocks),
        cmocka_unit_test(signatures_of_v1), cmocka_unit_test(reversing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
