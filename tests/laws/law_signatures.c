// SPDX-License-Identifier: Apache-2.0
//
// inspect of signed images: a part for each block with algorithm, key digest, CRC and the digest of
// the image; consistent or not, never valid, for there is no key to tell.
#include "run.h"

#include "image.h"

#define SIGNED "fixtures/secure_boot/"
enum { SECTOR = 4096, BLOCK = 1216, BLOCK_MAGIC = 0xE7, AT_BLOCK_CRC = 1196 };

// What the block's key is: its bytes are hashed for the eFuses.
static const struct scheme {
    const char *name;
    size_t key_at, key_size;
    bool wide; // SHA-384
} schemes[] = {{"rsa3072", 36, 776, false},
               {"ecdsa-p192", 36, 65, false},
               {"ecdsa-p256", 36, 65, false},
               {"ecdsa-p384", 52, 97, true}};

static const char *sum(const uint8_t *bytes, size_t n, bool wide)
{
    uint8_t digest[DIGEST_MOST];
    if (wide) {
        sha384_of(bytes, n, digest);
    } else {
        sha256_of(bytes, n, digest);
    }
    return hex_of(digest, wide ? 48 : 32);
}

static size_t sector_of(const struct image *im)
{
    return (esp_walk(im).end + SECTOR - 1) / SECTOR * SECTOR;
}

// A line of the text of image.bin matches.
__attribute__((format(printf, 1, 2))) static void text_has(const char *format, ...)
{
    char line[300];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    want(says(expect(0, "inspect image.bin")->out, line), "stdout has no line like: %s", line);
}

static void no_word_of_trust(const char *text, const char *regex)
{
    want(!says(text, regex), "a signature is called valid");
}

#define TRUST                                                                                      \
    "[Vv][Aa][Ll][Ii][Dd]|[Gg][Ee][Nn][Uu][Ii][Nn][Ee]|[Aa][Uu][Tt][Hh][Ee][Nn][Tt][Ii][Cc]"       \
    "|[Tt][Rr][Uu][Ss][Tt][Ee][Dd]"

static void text_of(const struct image *im, const struct scheme *s)
{
    size_t place = sector_of(im);
    text_has("signatures\\[0\\].*1,216.*consistent");
    text_has("algorithm=%s", s->name);
    text_has("key_digest=%s", sum(im->p + place + s->key_at, s->key_size, false));
    text_has("image_digest=%s", sum(im->p, place, s->wide));
    text_has("crc=0x%" PRIx32, u32_at(im, place + AT_BLOCK_CRC));
    no_word_of_trust(expect(0, "inspect image.bin")->out, TRUST);
}

static void json_of(const struct image *im, const struct scheme *s)
{
    size_t place = sector_of(im), i;
    const json_t *root = tree("image.bin"), *list = at(root, "parts.signatures"), *check;
    const json_t *block = json_array_get(list, 0);
    want(json_array_size(list) == 1 && number_at(block, "offset") == (json_int_t)place &&
             number_at(block, "size") == BLOCK,
         "the block is somewhere else");
    want(strcmp(field_text(block, "algorithm"), s->name) == 0, "another algorithm");
    want(strcmp(field_text(block, "scheme"), "secure-boot-v2") == 0, "another scheme");
    want(strcmp(field_text(block, "key_digest"),
                sum(im->p + place + s->key_at, s->key_size, false)) == 0,
         "another key digest");
    json_array_foreach(json_object_get(block, "checks"), i, check)
    {
        want(strcmp(text_at(check, "verdict"), "pass") == 0, "%s", text_at(check, "id"));
    }
}

TEST(each_scheme)
{
    for (size_t i = 0; i < COUNT(schemes); i++) {
        const struct scheme *s = &schemes[i];
        char line[60];
        (void)snprintf(line, sizeof(line), SIGNED "good-%s.bin", s->name);
        struct image im = image_load(line);
        image_save(&im, "image.bin");
        text_of(&im, s);
        json_of(&im, s);
        no_word_of_trust(expect(0, "inspect --json image.bin")->out, "\"(valid|trusted)\"");
        (void)snprintf(line, sizeof(line), "%s\n", s->name);
        want(strcmp(expect(0, "inspect image.bin --get signatures[0].algorithm")->out, line) == 0,
             "--get finds no algorithm");
        image_free(&im);
    }
}

TEST(three_blocks)
{
    struct image im = image_load(SIGNED "good-rsa3072-x3.bin");
    image_save(&im, "image.bin");
    const json_t *list = at(tree("image.bin"), "parts.signatures");
    want(json_array_size(list) == 3, "not three blocks");
    for (size_t i = 0; i < 3; i++) {
        want(number_at(json_array_get(list, i), "offset") == (json_int_t)(SECTOR + i * BLOCK),
             "block %zu is somewhere else", i);
    }
    for (size_t i = 0; i < 3; i++) {
        size_t place = SECTOR + i * BLOCK;
        text_has("signatures\\[%zu\\]", i);
        text_has("key_digest=%s",
                 sum(im.p + place + schemes[0].key_at, schemes[0].key_size, false));
    }
    image_free(&im);
}

// v1 holds no key, and nothing can be said without one.
TEST(version_1)
{
    const struct run *r = expect(0, "inspect " SIGNED "good-v1.bin");
    want(says(r->out, "signatures\\[0\\].* 68 .*Secure Boot v1"), "no signature of v1");
    want(!says(r->out, "key_digest|consistent"), "there is no key to tell");
    const json_t *block = at(tree(SIGNED "good-v1.bin"), "parts.signatures[0]");
    want(strcmp(field_text(block, "scheme"), "secure-boot-v1") == 0, "the JSON does not say v1");
}

// Inside other images, with offsets in the file.
static void find_block(void *ctx, const char *path, const json_t *node)
{
    json_int_t *place = ctx;
    (void)path;
    if (*place < 0 && strcmp(text_at(node, "format"), "secure_boot") == 0) {
        *place = number_at(node, "offset");
    }
}

TEST(inside_other_images)
{
    static const char *const names[] = {"fixtures/rcp_image/good-with-signed-host.bin",
                                        "fixtures/matter/good-signed.bin"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct image im = image_load(names[i]);
        json_int_t place = -1;
        (void)expect(0, "inspect --json %s", names[i]);
        each_node(at(document(), "files[0].root"), find_block, &place);
        want(place >= 0 && u8_at(&im, (size_t)place) == BLOCK_MAGIC, "there is no block");
        image_free(&im);
    }
}

// A digest that does not fit, a signature that does not: not consistent.
TEST(what_does_not_fit)
{
    static const char *const names[] = {"bad-sig-digest", "bad-sig-signature", "bad-sig-crc"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const struct run *r = expect(1, "inspect " SIGNED "%s.bin", names[i]);
        want(says(r->out, "signatures\\[0\\].*not$|signatures\\[0\\].*not consistent"),
             "it is not said not to be consistent");
    }
}

// Every part is there once: what the parts of a signed image have is all of the file.
TEST(padding_and_rest)
{
    const json_t *parts = at(tree(SIGNED "good-ecdsa-p256-x2.bin"), "parts");
    want(number_at(parts, "signature_padding.offset") +
                     number_at(parts, "signature_padding.size") ==
                 SECTOR &&
             number_at(parts, "signature_rest.offset") + number_at(parts, "signature_rest.size") ==
                 (json_int_t)2 * SECTOR,
         "padding and rest are somewhere else");
}

// As espsecure has it, a block whose CRC is wrong is none; that it would hold does not matter.
TEST(espsecure_passes_over_a_block_with_a_wrong_crc)
{
    static const char file[] = "fixtures/secure_boot/bad-sig-crc.bin";
    const struct run *r = run("compat espsecure signature_info_v2 %s", file);
    want(r->status == 1 && says(r->out, "^Signature block 0 absent/invalid"), "signature_info_v2");
    r = run("compat espsecure verify_signature --version 2 --keyfile "
            "fixtures/keys/rsa3072-a.pub.pem %s",
            file);
    want(r->status == 1 && says(r->out, "^Signature block 0 invalid[.] Skipping[.]$"), "verify");
}

UNIT(signatures)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(espsecure_passes_over_a_block_with_a_wrong_crc),
        cmocka_unit_test(each_scheme),
        cmocka_unit_test(three_blocks),
        cmocka_unit_test(version_1),
        cmocka_unit_test(inside_other_images),
        cmocka_unit_test(what_does_not_fit),
        cmocka_unit_test(padding_and_rest),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
