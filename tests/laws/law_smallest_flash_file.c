// SPDX-License-Identifier: Apache-2.0
//
// The borders of the checks of UF2 and Intel HEX files.
#include "run.h"

#include "smallest.h"

#define UF2_APP "fixtures/uf2/good-app.bin"
#define UF2_NOISE "fixtures/uf2/bad-uf2-content.bin"
#define UF2_TWO "fixtures/uf2/bad-uf2-overlap.bin"
#define HEX_APP "fixtures/intel_hex/good-app.bin"
#define HEX_NOISE "fixtures/intel_hex/bad-hex-content.bin"

enum { BLOCK = 512, FLAGS = 8, ADDRESS = 12, SIZE = 16, TOTAL = 24, FAMILY = 28, PAYLOAD = 32 };
enum { FIRST_LINE = 16, SUM_AT = FIRST_LINE + 41, END_LINE = 12 };

// So many bytes are missing at the end.
static struct image cut(const struct border *b, uint32_t bytes)
{
    struct image im = image_load(b->file);
    im.n -= bytes;
    return im;
}

// Two blocks without MD5, of which the second goes to this address.
static struct image second_at(const struct border *b, uint32_t address)
{
    struct image im = image_load(b->file);
    poke32(&im, FLAGS, 0x2000);
    poke32(&im, BLOCK + FLAGS, 0x2000);
    poke32(&im, BLOCK + ADDRESS, address);
    return im;
}

// Two runs of two blocks: the second run begins at this address. Its MD5s say so, too.
static struct image run_at(const struct border *b, uint32_t address)
{
    struct image im = image_load(b->file);
    for (size_t at = 2 * (size_t)BLOCK; at < im.n; at += BLOCK) {
        uint32_t size = im.p[at + SIZE] | (uint32_t)im.p[at + SIZE + 1] << 8;
        poke32(&im, at + ADDRESS, address);
        poke32(&im, at + PAYLOAD + size, address);
        address += size;
    }
    return im;
}

static struct image flipped(const struct border *b, uint32_t bits)
{
    struct image im = image_load(b->file);
    im.p[PAYLOAD + 7] ^= (uint8_t)bits;
    return im;
}

static struct image of_family(const struct border *b, uint32_t family)
{
    struct image im = image_load(b->file);
    for (size_t at = 0; at < im.n; at += BLOCK) {
        poke32(&im, at + FAMILY, family);
    }
    return im;
}

static struct image app_or_noise(const struct border *b, uint32_t noise)
{
    return image_load(noise != 0 ? b->file : strcmp(b->file, UF2_NOISE) == 0 ? UF2_APP : HEX_APP);
}

// Another digit in the checksum of the first record of data.
static struct image other_sum(const struct border *b, uint32_t other)
{
    struct image im = image_load(b->file);
    if (other != 0) {
        im.p[SUM_AT] = im.p[SUM_AT] == '0' ? '1' : '0';
    }
    return im;
}

static struct image without_end(const struct border *b, uint32_t without)
{
    return cut(b, without != 0 ? END_LINE : 0);
}

static void add_zeros(struct image *im, uint32_t address)
{
    char line[64];
    uint32_t sum = 16 + (address >> 8) + (address & 0xFF);
    int n = snprintf(line, sizeof(line), ":10%04X00%032d%02X\n", (unsigned)address, 0,
                     (unsigned)(0 - sum) & 0xFF);
    image_append(im, (const uint8_t *)line, (size_t)n);
}

// Two records of 16 bytes, of which the second goes to this address.
static struct image records_at(const struct border *b, uint32_t address)
{
    static const char end[] = ":00000001FF\n";
    struct image im = image_fill(0, 0);
    (void)b;
    add_zeros(&im, 0x9000);
    add_zeros(&im, address);
    image_append(&im, (const uint8_t *)end, sizeof(end) - 1);
    return im;
}

static const struct border rows[] = {
    {"uf2-block", BORDER_FAIL, 0, 1, cut, .file = UF2_APP},
    {"uf2-total", BORDER_FAIL, 2, 3, border_poked, .file = UF2_APP, .at = TOTAL, .width = 4},
    {"uf2-order", BORDER_WARN, 1, 2, border_poked, .file = UF2_APP, .at = BLOCK + 20, .width = 4},
    {"uf2-stride", BORDER_WARN, 0x9000 + 476, 0x9000 + 477, second_at, .file = UF2_NOISE,
     .also = "uf2-content"},
    {"uf2-overlap", BORDER_FAIL, 0x8000 + 600, 0x8000 + 599, run_at, .file = UF2_TWO},
    {"uf2-md5", BORDER_FAIL, 0, 1, flipped, .file = UF2_NOISE, .also = "uf2-content"},
    {"uf2-family", BORDER_FAIL, 0x332726F6, 0x540DDF62, of_family, .file = UF2_APP},
    {"uf2-content", BORDER_WARN, 0, 1, app_or_noise, .file = UF2_NOISE},
    {"hex-record", BORDER_FAIL, 1, 2, cut, .file = HEX_APP},
    {"hex-checksum", BORDER_FAIL, 0, 1, other_sum, .file = HEX_APP},
    {"hex-end", BORDER_FAIL, 0, 1, without_end, .file = HEX_APP},
    {"hex-overlap", BORDER_FAIL, 0x9010, 0x900F, records_at, .also = "hex-content"},
    {"hex-content", BORDER_WARN, 0, 1, app_or_noise, .file = HEX_NOISE},
};

const struct border_table borders_of_flash_file = {rows, COUNT(rows)};

TEST(flash_file_borders)
{
    borders_hold(rows, COUNT(rows));
}

// The recipe of each builds the same bytes.
TEST(recipes_of_flash_files)
{
    static const char *const files[] = {"uf2/good-merged",    "uf2/good-app",
                                        "uf2/good-no-md5",    "uf2/bad-uf2-content",
                                        "intel_hex/good-app", "intel_hex/good-merged"};
    for (size_t i = 0; i < COUNT(files); i++) {
        (void)expect(0, "extract fixtures/%s.bin --recipe of%zu", files[i], i);
        (void)expect(0, "build of%zu/recipe.yaml -o again", i);
        char name[100];
        (void)snprintf(name, sizeof(name), "fixtures/%s.bin", files[i]);
        struct image one = image_load(name), other = image_load("again");
        want(one.n == other.n && memcmp(one.p, other.p, one.n) == 0, "%s: not the same", name);
        image_free(&one);
        image_free(&other);
        char folder[20];
        (void)snprintf(folder, sizeof(folder), "of%zu", i);
        run_remove(folder);
    }
}

// Wherever a file is cut, it is not taken for a whole one.
TEST(cut_flash_files)
{
    struct image im = image_load(UF2_APP);
    size_t n = im.n;
    for (im.n = 36; im.n < n; im.n += 37) {
        image_save(&im, "cut.bin");
        (void)expect(1, "verify cut.bin");
    }
    image_free(&im);
    im = image_load(HEX_APP);
    n = im.n;
    for (im.n = 60; im.n + 1 < n; im.n += 7) {
        image_save(&im, "cut.bin");
        (void)expect(1, "verify cut.bin");
    }
    image_free(&im);
}

static void is_limit(const struct image *im, const char *why)
{
    image_save(im, "large.bin");
    const struct run *r = expect(2, "verify large.bin");
    want(says(r->err, why) && !says(r->err, "download"), "%s: %s", why, r->err);
}

// What is not read for a limit of ours is not called damaged.
TEST(limits_of_flash_files)
{
    struct image block = image_load(UF2_NOISE), im = image_fill(0, 0);
    block.n = BLOCK;
    poke32(&block, FLAGS, 0x2000);
    poke32(&block, TOTAL, 1);
    for (uint32_t i = 0; i <= 2048; i++) {
        poke32(&block, ADDRESS, 0x10000 + i * 0x1000);
        image_append(&im, block.p, BLOCK);
    }
    is_limit(&im, "more than 2048 runs of blocks");
    im.n = 0;
    for (uint32_t i = 0; i <= 2048; i++) {
        add_zeros(&im, i * 24);
    }
    is_limit(&im, "more than 2048 runs of data");
    image_free(&block);
    image_free(&im);
}

// Data up to the end of the largest flash is taken, and a byte more is not, nor what goes on at 0
// behind 4 GiB, nor where a program is in memory: the message names the line.
TEST(data_that_no_flash_has)
{
    static const struct {
        const char *upper;
        uint32_t address;
        const char *why;
    } lines[] = {
        {":0200000407FFF4\r\n", 0xFFF0, NULL},
        {":0200000407FFF4\r\n", 0xFFF1, "line 3: its 16 bytes go to 0x7fffff1, and no flash"},
        {":02000004FFFFFC\r\n", 0xFFF1, "line 2: its 16 bytes go to 0xffffffe0, and no flash"},
        {":020000043C0CB2\r\n", 0xFFF0, "line 2: its 16 bytes go to 0x3c0cffe0, and no flash"},
    };
    static const char end[] = ":00000001FF\n";
    struct image im = image_fill(0, 0);
    for (size_t i = 0; i < COUNT(lines); i++) {
        im.n = 0;
        image_append(&im, (const uint8_t *)lines[i].upper, strlen(lines[i].upper));
        add_zeros(&im, 0xFFE0);
        add_zeros(&im, lines[i].address);
        image_append(&im, (const uint8_t *)end, sizeof(end) - 1);
        image_save(&im, "high.bin");
        const struct run *r = expect(lines[i].why == NULL ? 0 : 1, "verify high.bin");
        want(lines[i].why == NULL || says(r->err, lines[i].why), "%s", r->err);
    }
    image_free(&im);
}

// Also where that is the first record, it is an Intel HEX file with a fault.
TEST(first_checksum)
{
    struct image im = image_load(HEX_APP);
    im.p[FIRST_LINE - 2] = im.p[FIRST_LINE - 2] == '0' ? '1' : '0';
    image_save(&im, "first.bin");
    want(says(expect(1, "verify first.bin")->err, "hex-checksum"), "it is no Intel HEX");
    image_free(&im);
}

// What is nearly one of them is told what is missing.
TEST(hints_of_flash_files)
{
    struct image im = image_load(UF2_APP), blank = image_fill('\n', 1);
    poke32(&im, FLAGS, 0);
    image_save(&im, "near.bin");
    want(says(expect(1, "verify near.bin")->err, "blocks say no family"), "no family");
    image_free(&im);
    im = image_load(HEX_APP);
    image_append(&blank, im.p, im.n);
    image_save(&blank, "near.bin");
    want(says(expect(1, "verify near.bin")->err, "blank line"), "a blank line in front");
    image_free(&im);
    image_free(&blank);
}

UNIT(smallest_flash_file)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flash_file_borders),     cmocka_unit_test(recipes_of_flash_files),
        cmocka_unit_test(cut_flash_files),        cmocka_unit_test(limits_of_flash_files),
        cmocka_unit_test(data_that_no_flash_has), cmocka_unit_test(first_checksum),
        cmocka_unit_test(hints_of_flash_files),
    };
    return cmocka_run_group_tests(tests, run_begin, run_end);
}
