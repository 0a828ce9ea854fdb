// SPDX-License-Identifier: Apache-2.0
//
// What esp8266.h declares. RSA is done by hand, so that signatures of any form can be made of any
// bytes.
#include "esp8266.h"

#include "../unit/unit.h"

#include <mbedtls/bignum.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>
#include <mbedtls/version.h>
#include <sys/stat.h>
#define ZLIB_CONST
#include <zlib.h>

uint32_t esp8266_crc_of(const struct image *im)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < im->n; i++) {
        crc ^= (uint32_t)im->p[i] << 24;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc << 1 ^ ((crc & UINT32_C(0x80000000)) != 0 ? 0x04C11DB7 : 0);
        }
    }
    return crc;
}

enum { RSA_MOST = 512, HASH = 32, SALT = 32, LENGTH = 4 };

static struct image empty(void)
{
    return image_fill(0, 0);
}

// ---- RSA ----------------------------------------------------------------------------------------

static void must(int result)
{
    assert_int_equal(result, 0);
}

#if MBEDTLS_VERSION_MAJOR >= 3
// Only ever hides the key.
static int no_random(void *state, unsigned char *out, size_t n)
{
    (void)state;
    memset(out, 0x5A, n);
    return 0;
}
#define KEY_RANDOM , no_random, NULL
#else
#define KEY_RANDOM
#endif

// 0x00 0x01, 0xFF..., 0x00, and the digest, which `info` introduces.
static void pad_pkcs1(uint8_t *to, size_t size, const void *info, size_t info_n,
                      const uint8_t *digest, size_t digest_n)
{
    memset(to, 0xFF, size);
    to[0] = 0;
    to[1] = 1;
    to[size - digest_n - info_n - 1] = 0;
    memcpy(to + size - digest_n - info_n, info, info_n);
    memcpy(to + size - digest_n, digest, digest_n);
}

static void mask(uint8_t *p, size_t n, const uint8_t hash[HASH])
{
    uint8_t seed[HASH + 4] = {0}, block[HASH];
    memcpy(seed, hash, HASH);
    for (size_t i = 0; i < n; i++) {
        if (i % HASH == 0) {
            seed[HASH + 3] = (uint8_t)(i / HASH);
            sha256_of(seed, sizeof(seed), block);
        }
        p[i] ^= block[i % HASH];
    }
}

static void pad_pss(uint8_t *to, size_t size, const uint8_t digest[HASH])
{
    uint8_t salted[8 + HASH + SALT] = {0};
    size_t db = size - HASH - 1; // zeros, 1, the salt (zeros here)
    memcpy(salted + 8, digest, HASH);
    memset(to, 0, size);
    sha256_of(salted, sizeof(salted), to + db);
    to[db - SALT - 1] = 1;
    mask(to, db, to + db);
    to[0] &= 0x7F;
    to[size - 1] = 0xBC;
}

static void pad(uint8_t *to, size_t size, enum rsa_form form, const struct image *bytes)
{
    static const uint8_t info256[] = {0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    static const uint8_t info512[] = {0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40};
    uint8_t digest[64];
    sha256_of(bytes->p, bytes->n, digest);
    if (form == RSA_PSS) {
        pad_pss(to, size, digest);
    } else if (form == RSA_SHA512) {
        sha512_of(bytes->p, bytes->n, digest);
        pad_pkcs1(to, size, info512, sizeof(info512), digest, 64);
    } else {
        pad_pkcs1(to, size, info256, form == RSA_BARE ? 0 : sizeof(info256), digest, HASH);
    }
}

// x^d or x^e mod n, in place.
static void power(uint8_t *x, mbedtls_pk_context *pk, bool secret)
{
    mbedtls_mpi n, d, e, number;
    size_t size = (mbedtls_pk_get_bitlen(pk) + 7) / 8;
    mbedtls_mpi_init(&n);
    mbedtls_mpi_init(&d);
    mbedtls_mpi_init(&e);
    mbedtls_mpi_init(&number);
    must(mbedtls_rsa_export(mbedtls_pk_rsa(*pk), &n, NULL, NULL, secret ? &d : NULL, &e));
    must(mbedtls_mpi_read_binary(&number, x, size));
    must(mbedtls_mpi_exp_mod(&number, &number, secret ? &d : &e, &n, NULL));
    must(mbedtls_mpi_write_binary(&number, x, size));
    mbedtls_mpi_free(&n);
    mbedtls_mpi_free(&d);
    mbedtls_mpi_free(&e);
    mbedtls_mpi_free(&number);
}

static size_t open_key(mbedtls_pk_context *pk, const char *file, bool secret)
{
    struct image text = image_load(file);
    image_append(&text, "", 1);
    mbedtls_pk_init(pk);
    must(secret ? mbedtls_pk_parse_key(pk, text.p, text.n, NULL, 0 KEY_RANDOM)
                : mbedtls_pk_parse_public_key(pk, text.p, text.n));
    image_free(&text);
    size_t size = (mbedtls_pk_get_bitlen(pk) + 7) / 8;
    assert_true(size <= RSA_MOST);
    return size;
}

struct image rsa_signature(const char *key_file, enum rsa_form form, const struct image *bytes)
{
    mbedtls_pk_context pk;
    struct image signature = image_fill(0, open_key(&pk, key_file, true));
    pad(signature.p, signature.n, form, bytes);
    power(signature.p, &pk, true);
    mbedtls_pk_free(&pk);
    return signature;
}

void rsa_must_fit(const char *key_file, const struct image *bytes, const struct image *signature)
{
    mbedtls_pk_context pk;
    size_t size = open_key(&pk, key_file, false);
    uint8_t padded[RSA_MOST], opened[RSA_MOST];
    assert_int_equal(signature->n, size);
    memcpy(opened, signature->p, size);
    power(opened, &pk, false);
    pad(padded, size, RSA_SHA256, bytes);
    assert_memory_equal(padded, opened, size);
    mbedtls_pk_free(&pk);
}

// Of the two largest primes that have half the bits and go with this exponent.
static void primes(mbedtls_mpi *p, mbedtls_mpi *q, mbedtls_mpi *e, unsigned bits)
{
    assert_true(bits == 1024 || bits == 4096);
    must(mbedtls_mpi_lset(e, 65537));
    must(mbedtls_mpi_set_bit(p, bits / 2, 1));
    must(mbedtls_mpi_set_bit(q, bits / 2, 1));
    must(mbedtls_mpi_sub_int(p, p, bits == 1024 ? 569 : 1557));
    must(mbedtls_mpi_sub_int(q, q, bits == 1024 ? 629 : 2543));
}

static void save_text(unsigned char *text, const char *name, const char *end)
{
    char file[100];
    (void)snprintf(file, sizeof(file), "%s%s", name, end);
    image_save(&(struct image){text, strlen((const char *)text)}, file);
    assert_int_equal(chmod(file, 0600), 0);
}

void rsa_make_key(unsigned bits, const char *name)
{
    unsigned char text[8000];
    mbedtls_pk_context pk;
    mbedtls_mpi p, q, e;
    mbedtls_pk_init(&pk);
    mbedtls_mpi_init(&p);
    mbedtls_mpi_init(&q);
    mbedtls_mpi_init(&e);
    primes(&p, &q, &e, bits);
    must(mbedtls_pk_setup(&pk, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA)));
    must(mbedtls_rsa_import(mbedtls_pk_rsa(pk), NULL, &p, &q, NULL, &e));
    must(mbedtls_rsa_complete(mbedtls_pk_rsa(pk)));
    must(mbedtls_pk_write_key_pem(&pk, text, sizeof(text)));
    save_text(text, name, ".pem");
    must(mbedtls_pk_write_pubkey_pem(&pk, text, sizeof(text)));
    save_text(text, name, ".pub.pem");
    mbedtls_mpi_free(&p);
    mbedtls_mpi_free(&q);
    mbedtls_mpi_free(&e);
    mbedtls_pk_free(&pk);
}

// ---- Updates ------------------------------------------------------------------------------------

struct image update_signed(const struct image *bytes, const char *key_file, enum rsa_form form)
{
    struct image im = image_copy(bytes), signature = rsa_signature(key_file, form, bytes);
    uint8_t length[LENGTH] = {0};
    image_append(&im, signature.p, signature.n);
    image_append(&im, length, sizeof(length));
    poke32(&im, im.n - LENGTH, (uint32_t)signature.n);
    image_free(&signature);
    return im;
}

static size_t covered_size(const struct image *im, size_t signature_size)
{
    assert_true(im->n > signature_size + LENGTH);
    assert_int_equal(u32_at(im, im->n - LENGTH), signature_size);
    return im->n - LENGTH - signature_size;
}

struct image update_covered(const struct image *im, size_t signature_size)
{
    struct image part = {im->p, covered_size(im, signature_size)};
    return image_copy(&part);
}

struct image update_signature(const struct image *im, size_t signature_size)
{
    struct image part = {im->p + covered_size(im, signature_size), signature_size};
    return image_copy(&part);
}

// ---- gzip ---------------------------------------------------------------------------------------

// `bits` as zlib has them: 15 + 16 for gzip's header and end, -15 for neither.
static struct image deflated(const void *bytes, size_t n, int level, int bits, int flush,
                             gz_header *header)
{
    z_stream z = {.next_in = bytes, .avail_in = (uInt)n};
    assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, bits, 9, Z_DEFAULT_STRATEGY), Z_OK);
    if (header != NULL) {
        assert_int_equal(deflateSetHeader(&z, header), Z_OK);
    }
    struct image out = image_fill(0, deflateBound(&z, (uLong)n) + 256);
    z.next_out = out.p;
    z.avail_out = (uInt)out.n;
    assert_int_equal(deflate(&z, flush), flush == Z_FINISH ? Z_STREAM_END : Z_OK);
    out.n = z.total_out;
    (void)deflateEnd(&z);
    return out;
}

struct image gz_pack(const struct image *im, int level, const char *name)
{
    Bytef its_name[100] = "";
    gz_header header = {.time = 1700000000, .os = 3, .name = its_name};
    (void)snprintf((char *)its_name, sizeof(its_name), "%s", name == NULL ? "" : name);
    return deflated(im->p, im->n, level, 15 + 16, Z_FINISH, name == NULL ? NULL : &header);
}

struct image gz_unpack(const struct image *im)
{
    uint8_t block[8192];
    struct image out = empty();
    z_stream z = {.next_in = im->p, .avail_in = (uInt)im->n};
    int end = Z_OK;
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    while (end == Z_OK) {
        z.next_out = block;
        z.avail_out = sizeof(block);
        end = inflate(&z, Z_NO_FLUSH);
        image_append(&out, block, sizeof(block) - z.avail_out);
    }
    (void)inflateEnd(&z);
    assert_int_equal(end, Z_STREAM_END);
    return out;
}

// A MiB is packed once, to where nothing depends on what was before, and is there so often.
struct image gz_zeros(uint64_t n)
{
    static const uint8_t start[] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3};
    enum { PIECE = 1 << 20 };
    size_t rest = (size_t)(n % PIECE);
    struct image zeros = image_fill(0, PIECE), out = empty();
    struct image piece = deflated(zeros.p, PIECE, 9, -15, Z_FULL_FLUSH, NULL);
    struct image last = deflated(zeros.p, rest, 9, -15, Z_FINISH, NULL);
    uLong of_piece = crc32(0, zeros.p, PIECE), crc = crc32(0, NULL, 0);
    image_append(&out, start, sizeof(start));
    for (uint64_t i = 0; i < n / PIECE; i++) {
        image_append(&out, piece.p, piece.n);
        crc = crc32_combine(crc, of_piece, PIECE);
    }
    image_append(&out, last.p, last.n);
    crc = crc32_combine(crc, crc32(0, zeros.p, (uInt)rest), (z_off_t)rest);
    image_append(&out, zeros.p, 8);
    poke32(&out, out.n - 8, (uint32_t)crc);
    poke32(&out, out.n - 4, (uint32_t)n);
    image_free(&zeros);
    image_free(&piece);
    image_free(&last);
    return out;
}
