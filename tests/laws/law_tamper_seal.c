// SPDX-License-Identifier: Apache-2.0
//
// A sealed and signed combined image, as attackers leave it, who have no key: with its signature
// asked for, every bit of every byte counts, whatever it belongs to; and no part of another sealed
// image, nor its seal, is taken in place of its own.
#include "tamper.h"

#include "run.h"

#define KEY "fixtures/keys/rsa3072-a"
#define ASKED "verify -q --key " KEY ".pub.pem "
enum {
    PARTS = 6,
    HOST = 5,
    ENTRY = 12,
    SEAL = 288,
    SEAL_SIZE = 64,
    STEP = 127,
    BLOCK = 1216,
    SECTOR = 4096
};

static int taken(const struct image *im, const char *more)
{
    image_save(im, "changed.bin");
    return run(ASKED "%s changed.bin", more)->status == 0;
}

// What is sealed, the host, and its signature: all but the rest of the sector, which is 0xFF
// anyway.
TEST(every_bit_counts)
{
    struct image im = image_load("fixtures/rcp_seal/good-sealed-signed.bin");
    unsigned tried = 0;
    assert_true(taken(&im, "") && taken(&im, "--require-seal"));
    for (size_t bit = 0; bit < 8 * (im.n - SECTOR + BLOCK); bit++) {
        if (tamper_turn(STEP)) {
            im.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
            if (taken(&im, "")) {
                complain("bit %zu of byte 0x%zx is nobody's", bit % 8, bit / 8);
            }
            im.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
            tried++;
        }
    }
    want(tried > 900, "%u bits were tried", tried);
    image_free(&im);
    complaints_end();
}

#define OTHER_VERSION "openthread-esp32/ffffffffff-5f60718293; esp32h2;  2025-01-01 12:00:00 UTC"
enum { VERSION_TEXT = 288, FLASH_ARGS = 24 };

static void save_text(const char *name, const char *text)
{
    FILE *f = fopen(name, "w");
    assert_non_null(f);
    (void)fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

// An image of which every part has other bytes than the fixture's, and as many of them.
static void make_other(const char *to)
{
    struct image rcp = image_load("fixtures/rcp_build/esp_ot_rcp.bin"),
                 boot = image_load("fixtures/rcp_build/bootloader/bootloader.bin"),
                 table = image_load("fixtures/rcp_build/partition_table/partition-table.bin");
    image_put(&rcp, VERSION_TEXT, OTHER_VERSION, strlen(OTHER_VERSION));
    esp_resum(&rcp);
    image_save(&rcp, "firmware.bin");
    poke8(&boot, AT_FIRST_SEGMENT + 8 + 4, 2); // the bootloader's own version
    esp_resum(&boot);
    image_save(&boot, "boot.bin");
    poke8(&table, table.n - 1, 0xFE); // behind the end of the table
    image_save(&table, "table.bin");
    image_free(&rcp);
    image_free(&boot);
    image_free(&table);
    save_text("version.txt", OTHER_VERSION);
    save_text("other.yaml",
              "otapack: 1\napp: fixtures/rcp_seal/host.bin\n"
              "rcp:\n  seal: required\n  version: version.txt\n  firmware: firmware.bin\n"
              "  bootloader: boot.bin\n  partition_table: table.bin\n"
              "  flash_args: [{firmware: 0x10000}, {bootloader: 0x0}, {partition_table: 0x8000}]\n"
              "sign: {keys: [" KEY ".pem]}\n");
    expect(0, "build -q other.yaml -o %s", to);
}

// Of two images with parts of the same sizes, one part of the other.
static struct image with_part(const struct image *im, const struct image *from, uint32_t tag)
{
    struct image mixed = image_copy(im), part = rcp_part(from, tag);
    image_put(&mixed, u32_at(im, rcp_entry(im, tag) + 8), part.p, part.n);
    image_free(&part);
    return mixed;
}

static bool differs(const struct image *a, const struct image *b)
{
    return a->n != b->n || memcmp(a->p, b->p, a->n) != 0;
}

static void try_mixed(const struct image *im, const struct image *from, uint32_t tag)
{
    struct image mixed = with_part(im, from, tag);
    want(differs(&mixed, im) && differs(&mixed, from), "part %u is the same in both",
         (unsigned)tag);
    if (taken(&mixed, "")) {
        complain("part %u of another image is taken", (unsigned)tag);
    }
    image_free(&mixed);
}

// The seal of the other one, in an app whose sums are right again: the signature alone is in the
// way.
static void try_seal(const struct image *im, const struct image *from)
{
    struct image mixed = image_copy(im), mine = rcp_part(im, HOST), other = rcp_part(from, HOST);
    image_put(&mine, SEAL, other.p + SEAL, SEAL_SIZE);
    esp_resum(&mine);
    image_put(&mixed, u32_at(im, rcp_entry(im, HOST) + 8), mine.p, mine.n);
    if (taken(&mixed, "") || taken(&mixed, "--allow rcp-seal")) {
        complain("the seal of another image is taken");
    }
    image_free(&mixed);
    image_free(&mine);
    image_free(&other);
}

TEST(nothing_of_another_sealed_image)
{
    make_other("other.bin");
    struct image im = image_load("fixtures/rcp_seal/good-sealed-signed.bin"),
                 other = image_load("other.bin");
    assert_true(taken(&other, "--require-seal"));
    assert_int_equal(im.n, other.n);
    for (uint32_t tag = 0; tag < PARTS; tag++) {
        try_mixed(&im, &other, tag);
        try_mixed(&other, &im, tag);
    }
    try_seal(&im, &other);
    try_seal(&other, &im);
    image_free(&im);
    image_free(&other);
    complaints_end();
}

// Who signs nothing can make a seal: a yes to --require-seal alone is no word of anybody's.
TEST(without_a_key_it_is_a_sum)
{
    struct image im = image_load("fixtures/rcp_seal/good-sealed.bin");
    assert_false(taken(&im, "--require-seal"));
    expect(0, "verify -q --require-seal fixtures/rcp_seal/good-sealed.bin");
    image_free(&im);
}

UNIT(tamper_seal)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bit_counts),
        cmocka_unit_test(nothing_of_another_sealed_image),
        cmocka_unit_test(without_a_key_it_is_a_sum),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
