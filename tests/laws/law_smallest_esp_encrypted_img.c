// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of pre-encrypted images, and each region of one changed, with its key.
#include "run.h"

#include "smallest.h"

#define RSA "fixtures/esp_encrypted_img/good-rsa.bin"
#define ECIES "fixtures/esp_encrypted_img/good-ecies.bin"
#define SIGNED "fixtures/esp_encrypted_img/good-signed.bin"
#define UNSIGNED "fixtures/esp_encrypted_img/bad-encrypted-unsigned.bin"
#define RSA_KEY "--decrypt-key fixtures/keys/rsa3072-a.pem"
#define EC_KEY "--decrypt-key fixtures/keys/ecdsa-p256-a.pem"

enum { HEADER = 512, WRAPPED_AT = 4, IV_AT = 388, SIZE_AT = 404, TAG_AT = 408, RESERVED_AT = 424 };

static void resize(struct image *im, size_t n)
{
    struct image more = image_fill(0, n > im->n ? n - im->n : 0);
    image_append(im, more.p, more.n);
    image_free(&more);
    im->n = n;
}

// A file of so many bytes.
static struct image of_size(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file);
    resize(&im, bytes);
    return im;
}

// The same, with nothing inside that the header knows.
static struct image of_header(const struct border *b, uint32_t bytes)
{
    struct image im = of_size(b, HEADER);
    poke32(&im, SIZE_AT, 0);
    im.n = bytes;
    return im;
}

static struct image with_inside(const struct border *b, uint32_t bytes)
{
    struct image im = of_size(b, HEADER + bytes);
    poke32(&im, SIZE_AT, bytes);
    return im;
}

static struct image signed_or_not(const struct border *b, uint32_t without)
{
    return image_load(without != 0 ? UNSIGNED : b->file);
}

static const struct border rows[] = {
    {"encrypted-header", BORDER_FAIL, HEADER, HEADER - 1, of_header, .file = RSA,
     .also = "encrypted-first-read"},
    {"encrypted-data", BORDER_FAIL, HEADER + 300, HEADER + 299, of_size, .file = RSA},
    {"encrypted-trailing", BORDER_FAIL, HEADER + 300, HEADER + 301, of_size, .file = ECIES},
    {"encrypted-trailing", BORDER_FAIL, HEADER + 300, HEADER + 301, of_size, .words = EC_KEY,
     .file = ECIES},
    {"encrypted-point", BORDER_FAIL, 0, 1, border_flipped, .file = ECIES, .at = WRAPPED_AT + 63},
    {"encrypted-key", BORDER_FAIL, 0, 1, border_flipped, .words = RSA_KEY, .file = RSA,
     .at = WRAPPED_AT},
    {"encrypted-tag", BORDER_FAIL, 0, 1, border_flipped, .words = RSA_KEY, .file = RSA,
     .at = TAG_AT},
    {"encrypted-tag", BORDER_FAIL, 0, 1, border_flipped, .words = EC_KEY, .file = ECIES,
     .at = IV_AT + 15},
    {"encrypted-first-read", BORDER_WARN, 288, 287, with_inside, .file = ECIES},
    {"encrypted-unsigned", BORDER_WARN, 0, 1, signed_or_not, .words = EC_KEY, .file = SIGNED},
};

const struct border_table borders_of_esp_encrypted_img = {rows, COUNT(rows)};

TEST(esp_encrypted_img_borders)
{
    borders_hold(rows, COUNT(rows));
}

// What nobody reads may change; all else shows, with the key.
TEST(every_region_is_looked_at)
{
    static const struct {
        const char *file, *key;
    } with[] = {{RSA, RSA_KEY}, {ECIES, EC_KEY}};
    for (size_t i = 0; i < COUNT(with); i++) {
        struct image im = image_load(with[i].file);
        for (size_t at = WRAPPED_AT; at < im.n; at += at < HEADER ? 4 : 37) {
            im.p[at] ^= 1;
            image_save(&im, "changed.bin");
            im.p[at] ^= 1;
            bool reserved = at >= RESERVED_AT && at < HEADER;
            const struct run *r = run("verify changed.bin %s", with[i].key);
            want(r->status == (reserved ? 0 : 1), "%s: byte %zu", with[i].file, at);
        }
        image_free(&im);
    }
}

TEST(cut_anywhere)
{
    struct image im = image_load(RSA);
    size_t n = im.n;
    for (im.n = 4; im.n < n; im.n += im.n < HEADER ? 1 : 7) {
        image_save(&im, "cut.bin");
        const char *id = im.n < HEADER ? "encrypted-header" : "encrypted-data";
        want(strcmp(failing(tree("cut.bin")), id) == 0, "cut to %zu bytes", im.n);
        want(strcmp(failing(tree("cut.bin " RSA_KEY)), id) == 0, "cut to %zu, with its key", im.n);
    }
    im.n = n;
    image_free(&im);
}

UNIT(smallest_esp_encrypted_img)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(esp_encrypted_img_borders),
        cmocka_unit_test(every_region_is_looked_at),
        cmocka_unit_test(cut_anywhere),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
