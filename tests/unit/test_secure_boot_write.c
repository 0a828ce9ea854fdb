// SPDX-License-Identifier: Apache-2.0
//
// otapack/secure_boot.h, writing: R and M' of fixed moduli and by a slow method; blocks byte for
// byte; what is written reads as it was; files that espsecure signed.
#include "unit.h"

#include <otapack/esp_image.h>
#include <otapack/secure_boot.h>

#include "crc.h"
#include "digest_span.h"

enum { BLOCK = 1216, RSA = 384 };

// Python: pow(2, 6144, n) and -pow(n, -1, 2**32) % 2**32. Big-endian.
static const struct {
    const char *n, *r;
    uint32_t m;
} moduli[] = {
    {// a real key's
     "B940DF21BC230C24EABDAF3757B963E4B774ED0566E51B43B5AB313E4AF9FB481B1D3A2042CF2127432D"
     "64F0C4D56FDA63EB595D78DC63262628405638638E0F62F30AF6A8CD153BB5DCB21977569DF1B549EB92"
     "FF5C7944BEA6BA550D447F9BCB37D610A79BEC9E1704F6B03BE10C0C4E192A7C9CAC39B964185FFB558A"
     "BA2F87ED1EF41A57843861059E838A61160D1AE7D9A9DB8373F8614D89E9E10E37C98717A55FE97FA375"
     "A00D24149DED010713E819FB4156AC179F746413982BEA02F182B422BC34AE083D77AB218BFAC251D508"
     "1223983ABA75BC8D2C5AF64A8875487D299051CD3CD65537BAD9822BB89DBB617F010703389B63AF12EB"
     "9743C6A369BFDD70F6E313DF962F98A3E044AB030D97962B3BAA6CD89793C938DAAE646891FEFEC6A5DC"
     "7EC5D2EE6FEEC00CAC0E865398407598A5B4BE43CD825DDC4D997584790BA5BB05CF1985259CEBD30042"
     "1890B3ECBA085DCE47697B6FED43EAFF5FC12E7827CB9C7B7DAADBD8F8435030E720B9CE6FDC5D178A64"
     "DC12A52CF0EF",
     "26D8EBA71E51FDC0740360ED2C68C5B96FC7D4053C2EF03E1D4D6FDD14B43EF379476D12E00D8D673AB1"
     "9AE4DA6F6375480E85CAC894C7E2F4C642EC626D2816382E4C0578F6B1C0838C90CC2D1D5907B6576577"
     "FB87AB0B7EF6A34EA1F9B1DC3E7E7857C5CC19C98CD6530B91DA7B691DDCA59687BB9E103FE4478EF6E8"
     "68B8952A0DDA4AF69FD24EC38CB710855CF83D9BAD975011AF95179EEC338833216D5A527C161096CF84"
     "A63FD2B61F139710CD10CC520D6377ABB05F5D1F59478562F325B94A0AB1A3BA5E6B97F149E7A14F913A"
     "147E6C1E35E499B3208710AE22FCE42CAC2D062656D28E5E93819B67911DB56C76BCBE4856F57C2FCF0D"
     "847B7E71BD388280D9320A8389A4E90F01BBA586D83AED5AF7E73FCCD9AA5975509372840F839FC048DA"
     "7F338502699DEF7391C294C9E7DB6FB27F26398231E6E79B72239CE59E2022E38FCC436A9005F715E0F2"
     "93315B620D05BEC1C7EFE47092B0828FB22CFAA99911CFD6C0EC2B3EAA093B1BA092CBEF24D1BA9D43CA"
     "F62A23B7FD1C",
     UINT32_C(0x77C3C1F1)},
    {// any number
     "9F72ADCA243A8CE965EAF14E796BCDB52D33D6EEB4CE576BD5DE81621E4F9AAE9D1A4B61098FFA221385"
     "749EB1B994F259C8E9D49893A7A833453B25ACD9B052B1470CA1A10C2B266E444803D222BDC6DF02F787"
     "BAAF1383B4F23849CE5D212D03A1DDAC350CE507BD51F11452C9DA023723B3EF034D886E578424C6136D"
     "96D0C84CC5B3B78C37B0C40E2473431011B7E15C3872A5B06D72D77AE7E5F618A56D7F0EC0CFEA12251E"
     "B705BC887F5563BB7E8F25A628C7343062E14F8CA0534A70A6F24A112DFF1E0C613BFA230A9B071F813C"
     "99EACA675B8904E8D8A21F3A26BCD27940CED4060B9BE93A4595729E5DB92668E05EED3D4E0401EBA87C"
     "B6BACC9E7F40F73C46B3E38A62376F7BBEEFDF2E70C213756224E1A8D06909C5EC951DFAEA46EAC0B5EB"
     "3DF2CEB8332C333769A10E656D668FAAA13D500E272CF0C081B67C2895E57E87D50A73ADA1DA21A2D117"
     "17D002AC224CEDF9078D41BF94E135DA90DF6B639F535FC77F24062C19A422ED60734F32696E90E6D8D8"
     "16B7E417D6E9",
     "3A74F96643C13E1C6897257D8A0B35B2BB81C216F9A58E7BA8938FDB1DEBAC733FC185A43019D82CEE06"
     "8EA30A26428723A8E5B2563CDE78A25623599B5DE20EA4246A074B8664A34EB7EE94337E5FBE43D30F9E"
     "90FD94D324CE4C77EE5FD264D8B20682B98ED30D66984E2D0F7C36BB57B8ABD507BBCFC57BB1BDC2E5B2"
     "5DDC10B1D481255D7CB25BF07F82FF07320383E24AEB5F2146C1D73DB6D91C9E7A1A180784F5CE70CAEC"
     "BF6A856A6242B520B151FFD745B3085267862451840A5B26C7DDC47050308B9543E2A4A73CC459977373"
     "F94BB24662D78847AD9A906D0CCDABFC7A249F9C1D5F1C8C59842D5C3D52DC56612DBE807B92DF86A134"
     "1727E5F863B68DF220342FFF7E9734FAFC5E3389A3D64646B564F34B3F64D98FD39388DFE72410354ACA"
     "EC5FC2DECE3A9DA3E245F2DE635134D1EAECA32D260674CEABF62710E46374E4B7CE756C237D3B30FB15"
     "E1FA09ABD8A6B81CCEB7FE50974235687C4BCEBE15C779DAA5AD4DA4BCFBCB7E5F33D9E615DD6F38C19D"
     "18BB0430DF60",
     UINT32_C(0x2BF79EA7)},
    {// many zeros below the first bit
     "800000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000943D15CDFDAA66BA37C034C11E6ABE7AA43C6BF2FCD81"
     "5576055B7D61A47DFE0033D87FC3E31527DA6F0D73687D1A99770F581350302CD7C2C7842160FF8BB82E"
     "CE6C1169473350693CE4B7403207AE1806A9C2C8E7DB7AA44F207993C6C372D524218C91A2D4C248CC3B"
     "0C9FEFBA9468C6F6337F5E2A25B054009FC4634D2713DE561544435AF582C58232B16951AC6EE5940995"
     "E55D5B30F19338185BD964391689B1558E2C65DB778F03CD7315AAE30134C50C3441044DC992062B1A02"
     "0F77CBF03629",
     "4889CFB1B3DB4B3A8D9C509A9EBC02D585EAD6E4C4EE2329432F0C984180ACB9A5D6892CAD00A73ACB11"
     "310A1FF980E3C94B6C82D9FA4776D415DC434E2E6454D4F674862ED9B1A0CE5DD23D9BD45EB7BF64AC0A"
     "685F9E9074E46E57C446B0F368DCC5821673F442068FFCCD5EF81A02B3F5B82FC3C657BA865EFB9E5D25"
     "C3AFD4E2E83E502EB5A74AB919E1C7F42F074FE132856E9B1B522CC950734FEA520998DD01D826CAB437"
     "6BCCCB3A8D443B5BD4FCA4CEAB07E03D383508F15A69639A4423308147B08A5795917FF15FB84A1B1312"
     "66D5A749BF7C17AE4DD2EE10D10B6BC7CA8CB1A4082027818493B47477CF8EF9ACB8B75AFF4E54624442"
     "887CF26009A5416B285BFEAB894110C99480294B3C2B6C26852CB456FAF69851579CF09E86EEE3F54A29"
     "1A8989D5718C232E95B5B23D5E1256F554E54CF350FBCA454B037303E3CDC29A9F716D09DAAE05881A71"
     "49E4C6DCF1A1DCE0BF435FB79F341091BD27A902DD717AF02AC262A9D4A5A4E45ABE95E6AF289CC9F253"
     "9BF627BE7432",
     UINT32_C(0x72B039E7)},
};

static void unhex(const char *hex, uint8_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char two[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        to[i] = (uint8_t)strtoul(two, NULL, 16);
    }
}

static void backwards(uint8_t *to, const uint8_t *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[n - 1 - i] = from[i];
    }
}

// x = 2 * x + bit, reduced: 385 bytes, big-endian, the first of which is only for the carry.
static void slow_step(uint8_t x[RSA + 1], const uint8_t n[RSA + 1])
{
    unsigned carry = 0;
    int borrow = 0;
    for (size_t i = RSA + 1; i-- > 0;) {
        carry += 2u * x[i];
        x[i] = (uint8_t)carry;
        carry >>= 8;
    }
    if (memcmp(x, n, RSA + 1) >= 0) {
        for (size_t i = RSA + 1; i-- > 0;) {
            int d = x[i] - n[i] - borrow;
            borrow = d < 0;
            x[i] = (uint8_t)d;
        }
    }
}

// 1, doubled 6144 times; little-endian in and out.
static void slow_r(const uint8_t n[RSA], uint8_t r[RSA])
{
    uint8_t x[RSA + 1] = {0}, modulus[RSA + 1] = {0};
    backwards(modulus + 1, n, RSA);
    x[RSA] = 1;
    for (int i = 0; i < 6144; i++) {
        slow_step(x, modulus);
    }
    backwards(r, x + 1, RSA);
}

// Odd, of 3072 bits, big-endian.
static void random_modulus(uint64_t *x, uint8_t n[RSA])
{
    random_bytes(x, n, RSA);
    n[0] |= 0x80;
    n[RSA - 1] |= 1;
}

TEST(fixed_moduli)
{
    for (size_t i = 0; i < COUNT(moduli); i++) {
        uint8_t n[RSA], r[RSA], computed[RSA], big[RSA];
        assert_int_equal(strlen(moduli[i].n), 2 * RSA);
        assert_int_equal(strlen(moduli[i].r), 2 * RSA);
        unhex(moduli[i].n, big, RSA);
        backwards(n, big, RSA);
        unhex(moduli[i].r, big, RSA);
        backwards(r, big, RSA);
        otapack_sb_rsa_r(n, computed);
        assert_memory_equal(computed, r, RSA);
        assert_int_equal(otapack_sb_rsa_m(n), moduli[i].m);
        slow_r(n, computed);
        assert_memory_equal(computed, r, RSA); // the slow method is right, too
    }
}

// Moduli at the borders, of which R can be told: 2^3072 is 1, -2, 5 and so on.
TEST(moduli_at_the_borders)
{
    static const struct {
        uint8_t low[8], middle, high;
        uint8_t r[9];
        uint32_t m;
    } rows[] = {
        {{1}, 0, 0x80, {4}, 0xFFFFFFFF},  // 2^3071 + 1
        {{3}, 0, 0x80, {36}, 0x55555555}, // 2^3071 + 3
        {{255, 255, 255, 255}, 0, 0x80, {4, 0, 0, 0, 0xF8, 255, 255, 255, 3}, 1},
        {{255, 255, 255, 255, 255, 255, 255, 255}, 255, 255, {1}, 1},           // 2^3072 - 1
        {{251, 255, 255, 255, 255, 255, 255, 255}, 255, 255, {25}, 0xCCCCCCCD}, // 2^3072 - 5
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint8_t n[RSA], r[RSA], expected[RSA] = {0};
        memset(n, rows[i].middle, RSA);
        memcpy(n, rows[i].low, sizeof(rows[i].low));
        n[RSA - 1] = rows[i].high;
        memcpy(expected, rows[i].r, sizeof(rows[i].r));
        otapack_sb_rsa_r(n, r);
        assert_memory_equal(r, expected, RSA);
        assert_int_equal(otapack_sb_rsa_m(n), rows[i].m);
    }
}

TEST(r_by_a_slow_method)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 12; i++) {
        uint8_t n[RSA], big[RSA], r[RSA], slow[RSA];
        random_modulus(&x, big);
        memset(big + 1, i % 3 == 0 ? 0 : i % 3 == 1 ? 255 : 0x5A, (size_t)i * 30); // long runs
        backwards(n, big, RSA);
        otapack_sb_rsa_r(n, r);
        slow_r(n, slow);
        assert_memory_equal(r, slow, RSA);
    }
}

// 2^3071 + 2^3039 + 1, for which a double comes up that is below n and has n's highest word.
TEST(a_double_that_is_just_below_the_modulus)
{
    uint8_t n[RSA] = {0}, r[RSA], slow[RSA];
    n[383] = 0x80;
    n[379] = 0x80;
    n[0] = 1;
    otapack_sb_rsa_r(n, r);
    slow_r(n, slow);
    assert_memory_equal(r, slow, RSA);
}

TEST(m_is_minus_the_inverse)
{
    uint64_t x = random_seed(__func__);
    uint8_t n[RSA] = {0};
    for (int i = 0; i < 200000; i++) {
        uint32_t low = i < 65536 ? (uint32_t)i : (uint32_t)random_next(&x);
        otapack_put_le32(n, low | 1);
        assert_int_equal((uint32_t)((low | 1) * otapack_sb_rsa_m(n)), 0xFFFFFFFF);
    }
}

// Where a scheme's numbers are: offsets by hand.
struct place {
    enum otapack_sb_scheme scheme;
    uint8_t head[4];
    uint8_t curve_id;
    uint32_t digest_size, key_at, signature_at, number;
};

static const struct place places[] = {
    {OTAPACK_SB_RSA3072, {0xE7, 2, 0, 0}, 0, 32, 36, 812, 384},
    {OTAPACK_SB_P192, {0xE7, 3, 0, 0}, 1, 32, 37, 101, 24},
    {OTAPACK_SB_P256, {0xE7, 3, 0, 0}, 2, 32, 37, 101, 32},
    {OTAPACK_SB_P384, {0xE7, 3, 1, 0}, 3, 48, 53, 149, 48},
};

// The bytes of a random block's parts, as keys and signatures come: big-endian.
struct sample {
    uint8_t digest[48], key[RSA], signature[RSA];
    uint32_t exponent;
};

static struct otapack_sb_parts parts_of(const struct sample *s, enum otapack_sb_scheme scheme)
{
    struct otapack_sb_parts parts = {.scheme = scheme,
                                     .digest = s->digest,
                                     .public_key = s->key,
                                     .exponent = s->exponent,
                                     .signature = s->signature};
    return parts;
}

static struct sample random_sample(uint64_t *x)
{
    struct sample s;
    random_bytes(x, s.digest, sizeof(s.digest));
    random_modulus(x, s.key);
    random_bytes(x, s.signature, sizeof(s.signature));
    s.exponent = (uint32_t)random_next(x);
    return s;
}

// A block as it must be, but for an RSA block's R, M' and exponent.
static void assemble(const struct place *p, const struct sample *s, bool with_signature,
                     uint8_t raw[BLOCK])
{
    unsigned numbers = p->curve_id == 0 ? 1 : 2;
    memset(raw, 0, BLOCK);
    memcpy(raw, p->head, sizeof(p->head));
    memcpy(raw + 4, s->digest, p->digest_size);
    if (p->curve_id != 0) {
        raw[p->key_at - 1] = p->curve_id;
    }
    for (unsigned i = 0; i < numbers; i++) {
        backwards(raw + p->key_at + i * p->number, s->key + i * p->number, p->number);
        if (with_signature) {
            backwards(raw + p->signature_at + i * p->number, s->signature + i * p->number,
                      p->number);
        }
    }
}

static void seal(uint8_t raw[BLOCK])
{
    uint32_t crc = crc_32(0, raw, 1196);
    for (unsigned i = 0; i < 4; i++) {
        raw[1196 + i] = (uint8_t)(crc >> 8 * i);
    }
}

static void assert_writes(const struct sample *s, enum otapack_sb_scheme scheme,
                          bool with_signature, const uint8_t expected[BLOCK])
{
    uint8_t raw[BLOCK + 1];
    struct otapack_sb_parts parts = parts_of(s, scheme);
    memset(raw, 0xA5, sizeof(raw));
    parts.signature = with_signature ? s->signature : NULL;
    otapack_sb_block_write(&parts, raw);
    assert_memory_equal(raw, expected, BLOCK);
    assert_int_equal(raw[BLOCK], 0xA5);
}

TEST(every_byte_of_ecdsa)
{
    uint64_t x = random_seed(__func__);
    for (size_t i = 1; i < COUNT(places); i++) {
        for (unsigned with_signature = 0; with_signature < 2; with_signature++) {
            struct sample s = random_sample(&x);
            uint8_t expected[BLOCK];
            assemble(&places[i], &s, with_signature, expected);
            seal(expected);
            assert_writes(&s, places[i].scheme, with_signature, expected);
        }
    }
}

TEST(every_byte_of_rsa)
{
    static const uint8_t e[4] = {0x01, 0x00, 0x01, 0x00};
    uint64_t x = random_seed(__func__);
    for (size_t i = 0; i < COUNT(moduli); i++) {
        for (unsigned with_signature = 0; with_signature < 2; with_signature++) {
            struct sample s = random_sample(&x);
            uint8_t expected[BLOCK], r[RSA];
            unhex(moduli[i].n, s.key, RSA);
            unhex(moduli[i].r, r, RSA);
            s.exponent = 65537;
            assemble(&places[0], &s, with_signature, expected);
            memcpy(expected + 420, e, sizeof(e));
            backwards(expected + 424, r, RSA);
            for (unsigned k = 0; k < 4; k++) {
                expected[808 + k] = (uint8_t)(moduli[i].m >> 8 * k);
            }
            seal(expected);
            assert_writes(&s, OTAPACK_SB_RSA3072, with_signature, expected);
        }
    }
}

static void assert_reversed(const uint8_t *little, const uint8_t *big, uint32_t n)
{
    uint8_t back[RSA];
    otapack_sb_reverse(back, little, n);
    assert_memory_equal(back, big, n);
}

static void assert_reads_back(const struct place *p, const struct sample *s,
                              const struct otapack_sb_block *b)
{
    assert_int_equal(b->scheme, p->scheme);
    assert_int_equal(b->digest_size, p->digest_size);
    assert_memory_equal(b->digest, s->digest, p->digest_size);
    if (p->curve_id == 0) {
        assert_reversed(b->key, s->key, RSA);
        assert_int_equal(otapack_le32(b->key + RSA), s->exponent);
        assert_int_equal((uint32_t)(otapack_le32(b->key) * otapack_le32(b->key + 772)), 0xFFFFFFFF);
        assert_reversed(b->signature, s->signature, RSA);
        return;
    }
    uint32_t n = otapack_sb_number_size(b->scheme);
    assert_int_equal(b->key[0], p->curve_id);
    assert_reversed(b->key + 1, s->key, n);
    assert_reversed(b->key + 1 + n, s->key + n, n);
    assert_reversed(b->signature, s->signature, n);
    assert_reversed(b->signature + n, s->signature + n, n);
}

TEST(what_is_written_reads_as_it_was)
{
    uint64_t x = random_seed(__func__);
    for (int i = 0; i < 4000; i++) {
        size_t which = i % 40 == 0 ? 0 : 1 + random_below(&x, 3); // R takes its time
        struct sample s = random_sample(&x);
        struct otapack_sb_parts parts = parts_of(&s, places[which].scheme);
        struct otapack_sb_block b = {.version = 0};
        uint8_t bytes[BLOCK], raw[BLOCK];
        otapack_sb_block_write(&parts, bytes);
        struct otapack_source src = otapack_memory(bytes, BLOCK);
        assert_good(otapack_sb_block_read(&src, 0, raw, &b));
        assert_reads_back(&places[which], &s, &b);
        assert_int_equal(b.crc, crc_32(0, bytes, 1196));
        assert_true(otapack_sb_unused_are_zero(raw, &b));
        assert_true(otapack_sb_p192_rest_is_zero(&b));
    }
}

// ---- Files that espsecure signed ----------------------------------------------------------------

static struct otapack_source load(const char *name)
{
    const char *vectors = getenv("OTAPACK_VECTORS");
    char path[4096];
    static uint8_t bytes[1 << 20];
    if (vectors == NULL) {
        skip();
    }
    (void)snprintf(path, sizeof(path), "%s/secure-boot/%s", vectors, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fail_msg("%s cannot be opened", path);
    }
    size_t n = fread(bytes, 1, sizeof(bytes), f);
    (void)fclose(f);
    return otapack_memory(bytes, n);
}

static void assert_digest(const uint8_t *bytes, size_t n, const uint8_t *expected, uint32_t size)
{
    uint8_t digest[DIGEST_MAX_SIZE];
    struct otapack_source src = otapack_memory(bytes, n);
    assert_true(digest_of(size == 32 ? DIGEST_SHA256 : DIGEST_SHA384, &src, digest));
    assert_memory_equal(digest, expected, size);
}

// Reads one block, and writes it anew from its numbers.
static void assert_same_anew(const struct otapack_source *src, uint64_t at)
{
    uint8_t raw[BLOCK], anew[BLOCK];
    struct otapack_sb_block b = {.version = 0};
    struct sample s;
    assert_good(otapack_sb_block_read(src, at, raw, &b));
    assert_int_equal(b.crc, otapack_sb_crc(raw));
    assert_true(otapack_sb_unused_are_zero(raw, &b) && otapack_sb_p192_rest_is_zero(&b));
    assert_digest(src->bytes, at / 4096 * 4096, b.digest, b.digest_size);
    uint32_t n = otapack_sb_number_size(b.scheme);
    bool rsa = b.scheme == OTAPACK_SB_RSA3072;
    memcpy(s.digest, b.digest, b.digest_size);
    s.exponent = rsa ? otapack_le32(b.key + RSA) : 0;
    for (uint32_t i = 0; i < (rsa ? 1 : 2); i++) {
        backwards(s.key + i * n, b.key + !rsa + i * n, n);
        backwards(s.signature + i * n, b.signature + i * n, n);
    }
    struct otapack_sb_parts parts = parts_of(&s, b.scheme);
    otapack_sb_block_write(&parts, anew);
    assert_memory_equal(anew, raw, BLOCK);
}

static uint64_t image_length(const struct otapack_source *src)
{
    struct otapack_esp_image image;
    assert_good(otapack_esp_image_open(src, &image));
    return image.length;
}

TEST(signed_files)
{
    static const struct {
        const char *name;
        unsigned blocks;
    } files[] = {
        {"signed_v2_rsa3072.bin", 1}, {"signed_v2_rsa3072_x2.bin", 2},
        {"signed_v2_ec_p192.bin", 1}, {"signed_v2_ec_p192_x2.bin", 2},
        {"signed_v2_ec_p256.bin", 1}, {"signed_v2_ec_p256_x2.bin", 2},
        {"signed_v2_ec_p384.bin", 1}, {"signed_v2_ec_p384_x2.bin", 2},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        struct otapack_source src = load(files[i].name);
        uint64_t at = otapack_sb_sector_at(image_length(&src));
        assert_int_equal(at + 4096, src.size);
        for (unsigned k = 0; k < 3; k++) {
            uint8_t raw[BLOCK];
            struct otapack_sb_block b = {.version = 0};
            if (k < files[i].blocks) {
                assert_same_anew(&src, at + k * 1216);
            } else {
                assert_status(otapack_sb_block_read(&src, at + k * 1216, raw, &b), OTAPACK_NOT_THIS,
                              "magic", at + k * 1216);
                assert_int_equal(raw[0], 0xFF);
            }
        }
    }
}

// What espsecure says of the keys, for the eFuses.
TEST(digests_of_keys)
{
    static const struct {
        const char *signed_file, *digest;
    } files[] = {
        {"signed_v2_rsa3072.bin", "digest_rsa3072.bin"},
        {"signed_v2_ec_p192.bin", "digest_ec_p192.bin"},
        {"signed_v2_ec_p256.bin", "digest_ec_p256.bin"},
        {"signed_v2_ec_p384.bin", "digest_ec_p384.bin"},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        uint8_t expected[32], raw[BLOCK];
        struct otapack_sb_block b = {.version = 0};
        struct otapack_source src = load(files[i].digest);
        assert_good(otapack_read(&src, 0, expected, sizeof(expected), "digest"));
        src = load(files[i].signed_file);
        assert_good(otapack_sb_block_read(&src, src.size - 4096, raw, &b));
        assert_digest(b.key, b.key_size, expected, sizeof(expected));
    }
}

TEST(signed_v1)
{
    struct otapack_source src = load("signed_v1_p256.bin");
    struct otapack_sb_v1 v1 = {.version = 0};
    uint8_t raw[68];
    uint64_t at = image_length(&src);
    assert_int_equal(at + 68, src.size);
    assert_good(otapack_sb_v1_read(&src, at, &v1));
    otapack_sb_v1_write(&v1, raw);
    assert_memory_equal(raw, src.bytes + at, sizeof(raw));
}

UNIT(secure_boot_write)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_moduli),
        cmocka_unit_test(moduli_at_the_borders),
        cmocka_unit_test(r_by_a_slow_method),
        cmocka_unit_test(a_double_that_is_just_below_the_modulus),
        cmocka_unit_test(m_is_minus_the_inverse),
        cmocka_unit_test(every_byte_of_ecdsa),
        cmocka_unit_test(every_byte_of_rsa),
        cmocka_unit_test(what_is_written_reads_as_it_was),
        cmocka_unit_test(signed_files),
        cmocka_unit_test(digests_of_keys),
        cmocka_unit_test(signed_v1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
